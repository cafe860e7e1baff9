"""The tables of contributions and of their wordings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cowork.core.access.participant_view import Contribution
from cowork.core.elements import ANSWER_FIELDS
from cowork.core.entries import Entry
from cowork.tables.columns import AT, BOOL, BY, EPISODE, ID, NUMBER, PERSON, TEXT, TIME, Column, make_table
from cowork.tables.projection import wording_text

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

WORDING_COLUMNS = {
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
_MAX_SPEECH_MS = 1000 * 3_600_000


def contribution_table(projection: TableProjection, person: bool) -> DataFrame:
    rows = [
        row
        for found in sort_by_writing(disclosed_contributions(projection))
        for row in _contribution_rows(projection, found)
    ]
    return make_table(rows, {**COLUMNS, "person": PERSON} if person else COLUMNS, projection.attrs())


def disclosed_contributions(projection: TableProjection) -> Iterable[Contribution]:
    """The contributions that may leave the group, each once, without renderings.

    An answer that was only chosen is no text. The group sees positions without names, so none of them is here, where
    other texts of the same person have one.
    """
    for found in projection.disclosed_view.contributions():
        if projection.state.entries[found.id].targets("renders") or found.kind == "position":
            continue
        if found.has_text or found.kind not in ANSWER_FIELDS:
            yield found


def sort_by_writing(found: Iterable[Contribution]) -> list[Contribution]:
    """Sort by time of writing; an import stays together, in the order of its source."""
    rows = [
        (
            contribution,
            (contribution.source_place[1], contribution.first_version.header.episode)
            if contribution.source_place[0]
            else None,
        )
        for contribution in found
    ]
    starts: dict[tuple[str, str], Any] = {}
    for contribution, brought in rows:
        if brought is not None:
            starts[brought] = min(
                starts.get(brought, contribution.first_version.header.order), contribution.first_version.header.order
            )

    def key(row: tuple[Contribution, tuple[str, str] | None]) -> tuple[Any, ...]:
        contribution, brought = row
        order = contribution.first_version.header.order
        return (order, 0, order) if brought is None else (starts[brought], contribution.source_place[2], order)

    return [contribution for contribution, _ in sorted(rows, key=key)]


def _contribution_rows(projection: TableProjection, found: Contribution) -> list[dict[str, Any]]:
    return [
        {
            "id": found.id,
            "kind": found.kind,
            "element": found.element,
            "text": wording_text(found, version),
            "by": projection.name_of_author(found, version),
            "at": found.first_version.header.at_ms,
            "episode": projection.episode(found.first_version),
            "fidelity": str(version.data.get("fidelity") or ""),
            "lang": str(version.data.get("lang") or ""),
            **_speech_times(projection, version),
            "person": projection.key_of_author(found, version),
        }
        for version in found.versions
    ]


def _speech_times(projection: TableProjection, version: Entry) -> dict[str, int | None]:
    """The times of words in a recording. A new version has the times of the version before."""
    stated_times = (
        active.data.get("said")
        for active in projection.state.lineage(version)
        if projection.disclosed_view.can_see_version(active)
    )
    speech: dict[str, Any] = next((times for times in stated_times if isinstance(times, dict)), {})
    return {"said_from_ms": _valid_ms(speech.get("from_ms")), "said_to_ms": _valid_ms(speech.get("to_ms"))}


def _valid_ms(answers: object) -> int | None:
    return answers if type(answers) is int and 0 <= answers <= _MAX_SPEECH_MS else None


def wording_table(projection: TableProjection) -> DataFrame:
    """Of a text that may leave, each wording that may: the writer of each one is asked, not the author alone."""
    rows = []
    for found in sort_by_writing(disclosed_contributions(projection)):
        present = {version.id for version in found.versions}
        every = projection.state.sorted((*found.earlier, *found.versions))
        for number, version in enumerate(every, 1):
            by, person = projection.writer_of_version(found, version)
            rows.append(
                {
                    "id": found.id,
                    "kind": found.kind,
                    "number": number,
                    "present": version.id in present,
                    "version": version.id,
                    "text": wording_text(found, version),
                    "lang": str(version.data.get("lang") or ""),
                    "fidelity": str(version.data.get("fidelity") or ""),
                    "by": by,
                    "person": person,
                    "at": version.header.at_ms,
                    "episode": projection.episode(version),
                }
            )
    return make_table(rows, WORDING_COLUMNS, projection.attrs())
