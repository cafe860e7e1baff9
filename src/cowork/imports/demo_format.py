"""The file format of a demo case, which a person can write: one JSON object a line, and any empty lines.

The first line is the head: `format`, `version`, `invented`, `begins` (the hour on the wall at minute 0, "13:00") and
`people` (a key for each person). Each further line is one entry, in the order in which the entries are written:

- `t`: the minute, counted from the opening. `by`: the key of the person who says or does it.
- `kind`, `about` (pairs of a relation and a key), `how` ("self" if not given), `seen_by` ("group" if not given) and
  `body`: those of the model, listed in ARCHITECTURE.md. Where `how` is "scribe", the body names who `written_by`.
- `key`: the name by which later lines refer to this entry. An `episode` has a key, and its last minute as `end_t`.
- In a body the fields in `REFERENCE_FIELDS` hold keys, and each of `quotes` holds a `version` (a key) and its exact
  `words`.
- `told` in a body holds facts of the story that the model has no field for. A replay adds the minute and the key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from cowork.core.access.permissions import ACT_RELATIONS
from cowork.core.elements import ADMINISTRATIVE_KINDS, ELEMENT_OF, KINDS_WITHOUT_TEXT
from cowork.core.errors import InvalidImport
from cowork.core.provenance import LINKS

FORMAT, VERSION = "cowork-practice", 2
KINDS = ADMINISTRATIVE_KINDS | frozenset(ELEMENT_OF) | KINDS_WITHOUT_TEXT
RELATIONS = LINKS | ACT_RELATIONS | {"from"}
REFERENCE_FIELDS = frozenset({"answering", "away", "changes_ground_of", "holders", "owner", "prints", "written_by"})

_HEAD_FIELDS: Mapping[str, type] = {"format": str, "version": int, "invented": bool, "begins": str, "people": list}
_TEXT_FIELDS = dict.fromkeys(("by", "kind", "key", "how", "seen_by"), str)
_ENTRY_FIELDS: Mapping[str, type] = {**_TEXT_FIELDS, "t": int, "end_t": int, "about": list, "body": dict}

DemoRow = Mapping[str, Any]


@dataclass(frozen=True)
class DemoCase:
    """One case as its file holds it. Each of `entries` has the number of its `line` beside its own fields."""

    name: str
    begins: time
    people: tuple[str, ...]
    entries: tuple[DemoRow, ...]

    def of_kind(self, kind: str) -> list[DemoRow]:
        return [row for row in self.entries if row["kind"] == kind]

    def minutes(self) -> int:
        """The length of its story in minutes."""
        return max(int(row.get("end_t", row["t"])) for row in self.entries)

    def invalid(self, row: DemoRow, key: str, value: object) -> InvalidImport:
        """The error that says which line is wrong, and what would be right."""
        return _invalid(self.name, row, key, value)


def parse_case(name: str, text: str) -> DemoCase:
    """Raises InvalidImport where a line is not of the form; whether its entry may be added, a replay finds out."""
    head, *rows = [
        _parse_row(name, number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()
    ] or [{}]
    _check_fields(name, head, _HEAD_FIELDS, tuple(_HEAD_FIELDS))
    if (head["format"], head["version"]) != (FORMAT, VERSION):
        raise _invalid(name, head, "example.field", "version", _HEAD_FIELDS)
    for row in rows:
        _check_entry(name, row)
    try:
        begins = time.fromisoformat(head["begins"])
    except ValueError:
        raise _invalid(name, head, "example.field", "begins", _HEAD_FIELDS) from None
    return DemoCase(name, begins, tuple(map(str, head["people"])), tuple(rows))


def _parse_row(name: str, number: int, line: str) -> DemoRow:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _invalid(name, {"line": number}, "example.line", line.strip()[:40])
    return {**found, "line": number}


def _check_entry(name: str, row: DemoRow) -> None:
    needed = ("t", "by", "kind", "key", "end_t") if row.get("kind") == "episode" else ("t", "by", "kind")
    _check_fields(name, row, _ENTRY_FIELDS, needed)
    if row["kind"] not in KINDS:
        raise _invalid(name, row, "example.kind", row["kind"], KINDS)
    for link in row.get("about", ()):
        if not (isinstance(link, list) and len(link) == 2 and isinstance(link[0], str)):
            raise _invalid(name, row, "example.field", "about", _ENTRY_FIELDS)
        if link[0] not in RELATIONS:
            raise _invalid(name, row, "example.relation", link[0], RELATIONS)
    quotes = row.get("body", {}).get("quotes", [])
    fit = isinstance(quotes, list) and all(isinstance(quote, dict) for quote in quotes)
    if not fit or any(
        {field: type(value) for field, value in quote.items()} != {"version": str, "words": str} for quote in quotes
    ):
        raise _invalid(name, row, "example.field", "quotes", ("version", "words"))


def _check_fields(name: str, row: DemoRow, forms: Mapping[str, type], needed: Iterable[str]) -> None:
    unfit = [field for field, value in row.items() if type(value) is not {**forms, "line": int}.get(field)]
    for field in [*unfit, *(field for field in needed if field not in row)]:
        raise _invalid(name, row, "example.field", field, forms)


def _invalid(name: str, row: DemoRow, key: str, value: object, known: Iterable[str] = ()) -> InvalidImport:
    return InvalidImport(key, name=name, line=row.get("line", 1), value=value, names=", ".join(sorted(known)))
