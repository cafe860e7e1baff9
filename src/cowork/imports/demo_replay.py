"""The replay of a demo case: each entry is appended to a record in memory, so that `check_permission` checks it.

Ids, the code, and times by the clock on the wall are made anew at each replay.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cowork.core.entries import Actor, Draft
from cowork.core.errors import CoworkError
from cowork.imports.demo_format import REFERENCE_FIELDS, DemoCase, DemoRow
from cowork.store import memory_record
from cowork.text import translate


class DemoReplay:
    """One case in a `record` of its own, as `workshop`. Raises InvalidImport with the line that cannot be added."""

    def __init__(self, case: DemoCase, code: str, start_ms: int, chance: Callable[[int], bytes]) -> None:
        self.case = case
        self.code = code
        self.start_ms = self.now_ms = start_ms
        self.record = memory_record(now_ms=lambda: self.now_ms, random_bytes=chance)
        self.workshop = self.record.new_id()
        self.ids = {key: self.record.new_id() for key in case.people}  # people may be named before they join
        self.texts: dict[str, str] = {}
        self.episode = ""
        for row in case.entries:
            self._add(row)

    def _add(self, row: DemoRow) -> None:
        kind, key, body = row["kind"], row.get("key", ""), row.get("body", {})
        self.now_ms = self._at_ms(row["t"])  # an earlier minute counts as the present: a record's clock never goes back
        by, how = self._id(row, row["by"]), row.get("how", "self")
        entry_id = self._new_id(row, by)
        self.episode = entry_id if kind == "episode" else self.episode
        about = tuple((relation, self._id(row, target)) for relation, target in row.get("about", ()))
        draft = Draft(entry_id, kind, by, self._body(row), about, how, row.get("seen_by", "group"), self.episode)
        actor = Actor(self._id(row, body.get("written_by")) if how == "scribe" else by)
        try:
            if kind == "workshop":
                self.record.open_workshop(draft, actor)
            else:
                self.record.append(self.workshop, draft, actor)
        except CoworkError as error:
            raise self.case.invalid(row, "example.refused", translate(error.key, **error.values)) from error  # type: ignore[arg-type]
        if key:
            self.ids[key], self.texts[key] = entry_id, str(body.get("text", ""))

    def _new_id(self, row: DemoRow, by: str) -> str:
        if row.get("key") in self.ids:
            raise self.case.invalid(row, "example.key", row["key"])
        if row["kind"] == "workshop":
            return self.workshop
        first = row["kind"] == "participant" and by not in self.record.state(self.workshop).entries
        return by if first else self.record.new_id()  # a person is known by the id of the first entry about them

    def _body(self, row: DemoRow) -> dict[str, Any]:
        kind, body = row["kind"], dict(row.get("body", {}))
        if kind != "role":
            own = {"t": row["t"], "end_t": row.get("end_t"), "ref": row.get("key") if kind != "episode" else None}
            body["told"] = {name: value for name, value in own.items() if value is not None} | body.get("told", {})
        if kind == "workshop":
            body |= {"code": self.code, "example": self.case.name}
        if kind == "episode":
            body |= {"start": self._on_the_wall(row["t"]), "end": self._on_the_wall(row["end_t"])}
        for field in REFERENCE_FIELDS & body.keys():
            keys = body[field]
            body[field] = [self._id(row, key) for key in keys] if isinstance(keys, list) else self._id(row, keys)
        if "quotes" in body:
            body["quotes"] = [self._quote(row, **quote) for quote in body["quotes"]]
        return body

    def _id(self, row: DemoRow, key: object) -> str:
        if not isinstance(key, str) or key not in self.ids:
            raise self.case.invalid(row, "example.reference", key)
        return self.ids[key]

    def _quote(self, row: DemoRow, version: str, words: str) -> dict[str, Any]:
        """Source, version, and the place in code points; never the words."""
        source, text = self.record.state(self.workshop).root(self._id(row, version)), self.texts.get(version, "")
        if text.count(words) != 1:
            raise self.case.invalid(row, "example.quote", words)
        start = text.index(words)
        return {"source": source, "version": self.ids[version], "start": start, "end": start + len(words)}

    def _at_ms(self, minute: int) -> int:
        return self.start_ms + minute * 60_000

    def _on_the_wall(self, minute: int) -> str:
        """A minute as somebody would write it down, in figures that every language reads."""
        return f"{datetime.fromtimestamp(self._at_ms(minute) / 1000):%Y-%m-%d %H:%M}"
