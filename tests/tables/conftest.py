"""A group with a workshop on disk, and that workshop opened as a researcher opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.strategies import Group

import cowork
from cowork.core.level_sets import LEVELS
from cowork.store import open_record
from cowork.tables import Workshop

PEOPLE = "fay ada bo cy di eli"


class Room(Group):
    """Everyone agreed to be named, but those a test says otherwise of."""

    def __init__(self, path: Path, names: str = PEOPLE) -> None:
        super().__init__(open_record(path), names)
        self.path = path
        for name in names.split():
            self.consent(name, "naming", "named")

    def opened(self) -> Workshop:
        return cowork.open(self.path)

    def propose(self, name: str = "fay", text: str = "The tray at ten", code: str = "answered", **body: Any) -> str:
        return self.add(name, "proposal", {"text": text, "rule": {"code": code}, "levels": "five", **body})

    def answer(self, name: str, version: str, level: str, text: str = "") -> str:
        assert level in LEVELS["five"].codes()
        body = {"level": level, **({"text": text} if text else {})}
        return self.add(name, "position", body, ("answers", version), seen_by="group-from-reveal")

    def reveal(self, version: str) -> None:
        self.add("fay", "setting", {}, ("reveals", version))

    def stance(self, name: str, view: str, answer: str, text: str = "", **more: Any) -> str:
        body = {"stance": answer, **({"text": text} if text else {})}
        return self.add(name, "stance", body, ("answers", view), **more)

    def check(self, name: str, about: str, result: str, of: str = "", text: str = "") -> str:
        body = {"result": result, **({"of": of} if of else {}), **({"text": text} if text else {})}
        return self.add(name, "check", body, ("checks", about))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "a.cowork")


def rows(table: Any, *names: str) -> list[Any]:
    """The rows of a table as tuples of these columns, or as values where one is asked for."""
    found = [tuple(row) for row in table[list(names)].itertuples(index=False)]
    return [row[0] for row in found] if len(names) == 1 else found
