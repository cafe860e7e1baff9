"""What people wrote and said, one row a text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cowork.core.access.participant_view import Contribution
from cowork.core.elements import ANSWERS
from cowork.core.entries import Entry
from cowork.tables.columns import AT, BOOL, BY, EPISODE, ID, NUMBER, PERSON, TEXT, TIME, Column, frame
from cowork.tables.projection import words

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.tables.projection import TableProjection

FIDELITY = Column(TEXT, "how close to what was said: own-typing, exact-words, in-short, imported, translated")
LANG = Column(TEXT, "language of the words, en, sv …, as its writer or the file gave it; empty where nobody did")

COLUMNS = {
    "id": ID,
    "kind": Column(TEXT, "intention, asset, need, utterance, view … or a kind that a page of one's own added"),
    "element": Column(TEXT, "the part of the framework it belongs to; empty for a kind of one's own"),
    "text": Column(TEXT, "the words as they stand now; of talk that was only marked, the note"),
    "by": BY,
    "at": Column(TIME, "when it was first written, in UTC"),
    "episode": EPISODE,
    "fidelity": FIDELITY,
    "lang": LANG,
    "said_from_ms": Column(NUMBER, "of talk brought in: milliseconds from the beginning of its recording to the words"),
    "said_to_ms": Column(NUMBER, "to the end of the words; both are empty where the file does not say"),
}

WORDINGS = {
    "id": ID,
    "kind": Column(TEXT, "as in contributions()"),
    "number": Column(NUMBER, "which of the wordings that may leave, from 1"),
    "present": Column(BOOL, "stands now; of two that were written at once, both do"),
    "version": Column(TEXT, "id of this wording"),
    "text": Column(TEXT, "the words of it"),
    "lang": LANG,
    "fidelity": FIDELITY,
    "by": Column(TEXT, "who wrote this wording; told no more of than the present wording tells"),
    "person": PERSON,
    "at": AT,
    "episode": EPISODE,
}

#: The largest number of milliseconds that is a time of speech: a record may come from anywhere.
_LONGEST_MS = 1000 * 3_600_000


def contributions(reading: TableProjection, person: bool) -> DataFrame:
    rows = [row for found in in_order(texts(reading)) for row in _rows(reading, found)]
    return frame(rows, {**COLUMNS, "person": PERSON} if person else COLUMNS, reading.attrs())


def texts(reading: TableProjection) -> Iterable[Contribution]:
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


def _rows(reading: TableProjection, found: Contribution) -> list[dict[str, Any]]:
    return [
        {
            "id": found.id,
            "kind": found.kind,
            "element": found.element,
            "text": words(found, version),
            "by": reading.by(found, version),
            "at": found.first.header.at_ms,
            "episode": reading.episode(found.first),
            "fidelity": str(version.data.get("fidelity") or ""),
            "lang": str(version.data.get("lang") or ""),
            **_spoken(reading, version),
            "person": reading.key(found, version),
        }
        for version in found.versions
    ]


def _spoken(reading: TableProjection, version: Entry) -> dict[str, int | None]:
    """When words were said in a recording. A new wording of them was said at the same time."""
    told = (here.data.get("said") for here in reading.state.lineage(version) if reading.outside.sees_version(here))
    said: dict[str, Any] = next((one for one in told if isinstance(one, dict)), {})
    return {"said_from_ms": _ms(said.get("from_ms")), "said_to_ms": _ms(said.get("to_ms"))}


def _ms(given: object) -> int | None:
    return given if type(given) is int and 0 <= given <= _LONGEST_MS else None


def wordings(reading: TableProjection) -> DataFrame:
    """Of a text that may leave, each wording that may: the writer of each one is asked, not the author alone."""
    rows = []
    for found in in_order(texts(reading)):
        present = {version.id for version in found.versions}
        every = reading.state.sorted((*found.earlier, *found.versions))
        for number, version in enumerate(every, 1):
            by, person = reading.writer(found, version)
            rows.append(
                {
                    "id": found.id,
                    "kind": found.kind,
                    "number": number,
                    "present": version.id in present,
                    "version": version.id,
                    "text": words(found, version),
                    "lang": str(version.data.get("lang") or ""),
                    "fidelity": str(version.data.get("fidelity") or ""),
                    "by": by,
                    "person": person,
                    "at": version.header.at_ms,
                    "episode": reading.episode(version),
                }
            )
    return frame(rows, WORDINGS, reading.attrs())
