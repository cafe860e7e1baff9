"""What people wrote and said, one row a text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cowork.core.elements import ANSWERS, WORDLESS
from cowork.core.seen import Contribution
from cowork.tables.columns import BY, EPISODE, ID, PERSON, TEXT, TIME, Column, frame

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.tables.reading import Reading

COLUMNS = {
    "id": ID,
    "kind": Column(TEXT, "intention, asset, need, utterance, view … or a kind that a page of one's own added"),
    "element": Column(TEXT, "the part of the framework it belongs to; empty for a kind of one's own"),
    "text": Column(TEXT, "the words as they stand now; of talk that was only marked, the note"),
    "by": BY,
    "at": Column(TIME, "when it was first written, in UTC"),
    "episode": EPISODE,
    "fidelity": Column(TEXT, "how close to what was said: own-typing, exact-words, in-short, imported, translated"),
}


def contributions(reading: Reading, person: bool) -> DataFrame:
    rows = [row for found in in_order(texts(reading)) for row in _rows(reading, found)]
    return frame(rows, {**COLUMNS, "person": PERSON} if person else COLUMNS, reading.attrs())


def texts(reading: Reading) -> Iterable[Contribution]:
    """What may leave, each text once, renderings left out.

    An answer that was only chosen is no text. Answers to a proposal are shown to the group without names, so none of
    them stands here, where others of the same person have one.
    """
    for found in reading.outside.contributions():
        if reading.state.entries[found.id].targets("renders") or found.kind == "position":
            continue
        if found.written or found.kind not in ANSWERS:
            yield found


def in_order(found: Iterable[Contribution]) -> list[Contribution]:
    """By the time of writing. One import stands together, in the order of its source."""
    rows = [(c, (c.place[1], c.first.header.episode) if c.place[0] else None) for c in found]
    starts: dict[tuple[str, str], Any] = {}
    for c, brought in rows:
        if brought is not None:
            starts[brought] = min(starts.get(brought, c.first.header.order), c.first.header.order)

    def key(row: tuple[Contribution, tuple[str, str] | None]) -> tuple[Any, ...]:
        c, brought = row
        order = c.first.header.order
        return (order, 0, order) if brought is None else (starts[brought], c.place[2], order)

    return [c for c, _ in sorted(rows, key=key)]


def _rows(reading: Reading, found: Contribution) -> list[dict[str, Any]]:
    return [
        {
            "id": found.id,
            "kind": found.kind,
            "element": found.element,
            "text": str(version.data.get("note" if found.kind in WORDLESS else "text") or ""),
            "by": reading.by(found, version),
            "at": found.first.header.at_ms,
            "episode": reading.episode(found.first),
            "fidelity": str(version.data.get("fidelity") or ""),
            "person": reading.key(found, version),
        }
        for version in found.versions
    ]
