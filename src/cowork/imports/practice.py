"""The three practice workshops: invented people, a whole course of talk each, to read and to go on with.

They are told to a record in memory, entry by entry, so that `may` judges every one of them as it would in a room;
then the whole workshop is merged into the record in one write.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from cowork.core.errors import ImportError_
from cowork.imports.telling import Telling
from cowork.store import Record, memory_record
from cowork.store.doors import new_code

NAMES = ("ward-letter", "bus-stop", "youth-line")


def case(name: str) -> dict[str, Any]:
    """One practice workshop as data."""
    if name not in NAMES:
        raise ImportError_("example.unknown", name=name, names=", ".join(NAMES))
    found: dict[str, Any] = json.loads((files("cowork.imports") / "practice" / f"{name}.json").read_text("utf-8"))
    return found


def load(record: Record, name: str, code: str | None = None) -> tuple[str, str]:
    """Open one of the practice workshops in `record` as a new workshop. Returns its id and its code."""
    code = code or new_code(record)
    staged = memory_record(now_ms=record.now_ms, chance=record.chance)
    workshop = Telling(staged, case(name), name, code).tell()
    record.merge(staged, [workshop])
    return workshop, code
