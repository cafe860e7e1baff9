"""The thread: every link, the way back from an agreement to the words, and what became of words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cowork.analysis import proposals
from cowork.analysis import trace as analysis
from cowork.core.access.participant_view import Contribution
from cowork.core.elements import is_contribution
from cowork.core.errors import Gone
from cowork.core.provenance import PROVENANCE, Edge, edges
from cowork.core.quotes import Quote, gap_in, quotes
from cowork.tables.columns import BOOL, DATA, EPISODE, ID, NUMBER, TEXT, TIME, Column, frame, moment
from cowork.tables.texts import in_order, texts

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.tables.projection import TableProjection

_GAP = "why no words may be shown there: taken, erased, hidden, kept (inside), gone; empty where they may"

LINKS = {
    "source": Column(TEXT, "id of what leads on"),
    "source_kind": Column(TEXT, "its kind"),
    "relation": Column(TEXT, "documents, rests-on, answers, talks-about …; quotes: words are quoted without a link"),
    "target": Column(TEXT, "id of what it leads to"),
    "target_kind": Column(TEXT, "its kind; empty where it is not in this record"),
    "target_version": Column(TEXT, "the version that was meant, as its reader saw it"),
    "start": Column(NUMBER, "first character of the quoted words, from 0, in code points; empty: no words, or all"),
    "end": Column(NUMBER, "the character after the last"),
    "gap": Column(TEXT, _GAP),
    "stated_by_link": Column(BOOL, "made afterwards by a link of its own, not with the text"),
    "episode": EPISODE,
}

TRACE = {
    "step": Column(NUMBER, "place in the reading order, from 0"),
    "under": Column(NUMBER, "the step that leads here; empty for the first"),
    "depth": Column(NUMBER, "how many links from the first"),
    "relation": Column(TEXT, "how the step above leads here"),
    "id": Column(TEXT, "first version of the contribution; empty where no words were written"),
    "version": Column(TEXT, "the version that was meant"),
    "kind": Column(TEXT, "its kind"),
    "text": Column(TEXT, "the words of that version"),
    "quoted": Column(DATA, "list of the exact words that the step above takes from here"),
    "gap": Column(TEXT, "why no words stand here: as in links(), and unwritten (talk), nothing (no link further back)"),
    "by": Column(TEXT, "as in contributions()"),
    "at": Column(TIME, "when that version was written, in UTC"),
    "again": Column(BOOL, "stands in this trace already; what it leads to is shown there"),
}


FATES = {
    "id": ID,
    "what": Column(TEXT, "talked, view, reading, understood, proposal, agreed, differ, open, worry, action, used …"),
    "became": Column(TEXT, "id of what was made of it"),
    "became_kind": Column(TEXT, "its kind"),
    "links": Column(NUMBER, "how many links away it is"),
}

TRACES = {"ending": Column(TEXT, "id of the agreement, difference or open question that is traced back"), **TRACE}


def links(reading: TableProjection) -> DataFrame:
    rows = [row for found in texts(reading) for row in _links(reading, found)]
    return frame(rows, LINKS, reading.attrs())


def _links(reading: TableProjection, found: Contribution) -> Iterator[dict[str, Any]]:
    quoted: dict[str, list[Quote]] = {}
    for version in found.versions:
        for quote in quotes(reading.outside, version):
            quoted.setdefault(quote.source, []).append(quote)
    # A text quotes what it stands on, or else what it answers. What it is tied to in two ways is quoted once.
    stated = sorted(edges(reading.state, found.id), key=lambda edge: edge.relation not in PROVENANCE)
    for edge in stated:
        taken = quoted.pop(edge.target, [])
        for quote in taken:
            yield _link(reading, found, edge.relation, quote, edge)
        if not taken:
            whole = Quote(edge.target, edge.version, None, None, "", gap_in(reading.outside, edge.version))
            yield _link(reading, found, edge.relation, whole, edge)
    for quote in (quote for rest in quoted.values() for quote in rest):
        yield _link(reading, found, "quotes", quote, None)


def _link(reading: TableProjection, found: Contribution, relation: str, to: Quote, edge: Edge | None) -> dict[str, Any]:
    state = reading.state
    stated = state.entries[edge.entry] if edge else found.entry
    return {
        "source": found.id,
        "source_kind": found.kind,
        "relation": relation,
        "target": to.source,
        "target_kind": state.entries[to.source].kind if to.source in state.entries else "",
        "target_version": to.version,
        "start": to.start,
        "end": to.end,
        "gap": to.gap,
        "stated_by_link": stated.kind == "link",
        "episode": reading.episode(stated),
    }


class Trace(dict[str, Any]):
    """A nested dict (`json.dumps` takes it). `table()` gives the same steps as a table."""

    def table(self) -> DataFrame:
        """One row a step, in the order they are read."""
        return frame(_flat(self, None, 0, []), TRACE, {})


def trace(reading: TableProjection, entry_id: str) -> Trace:
    step = analysis.trace(reading.outside, _here(reading, entry_id))
    assert step is not None  # there is something under this id, and a trace of it has at least itself
    return Trace(_step(reading, step))


def traces(reading: TableProjection) -> DataFrame:
    ways = [(ending.contribution.id, analysis.trace(reading.outside, ending.contribution.id))
            for ending in proposals.outcomes(reading.outside)]  # fmt: skip
    rows = [row | {"ending": id} for id, way in ways if way for row in _flat(_step(reading, way), None, 0, [])]
    return frame(rows, TRACES, reading.attrs())


def _here(reading: TableProjection, entry_id: str) -> str:
    found = reading.outside.of_id(entry_id)
    if found is None or not is_contribution(found.kind):
        raise Gone("tables.no_id", id=entry_id)
    return found.id


def _step(reading: TableProjection, step: analysis.Step) -> dict[str, Any]:
    state, found = reading.state, step.contribution
    version = state.entries.get(step.version)
    return {
        "id": step.id,
        "version": step.version,
        "kind": step.kind,
        "relation": step.relation,
        "text": step.text,
        "gap": step.gap,
        "quotes": [{"text": q.words, "start": q.start, "end": q.end, "gap": q.gap} for q in step.quotes],
        "by": reading.by(found, version) if found else "",
        "at": moment(version.header.at_ms) if found and version else "",
        "changed": [{"id": c.root, "what": c.what, "at": moment(c.at_ms)} for c in step.changed],
        "again": step.again,
        "steps": [_step(reading, below) for below in step.steps],
    }


def _flat(step: dict[str, Any], under: int | None, depth: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    here = len(rows)
    at = round(datetime.fromisoformat(step["at"]).timestamp() * 1000) if step["at"] else None
    quoted = [quote["text"] for quote in step["quotes"] if quote["text"]]
    rows.append(step | {"step": here, "under": under, "depth": depth, "quoted": quoted, "at": at})
    for below in step["steps"]:
        _flat(below, here, depth + 1, rows)
    return rows


def fate(reading: TableProjection, entry_id: str) -> list[dict[str, Any]]:
    return [
        {
            "what": found.key,
            "id": found.contribution.id,
            "kind": found.contribution.kind,
            "text": found.contribution.text,
            "by": "" if found.contribution.kind == "position" else reading.by(found.contribution),
            "links": found.links,
        }
        for found in analysis.uses_of(reading.outside, _here(reading, entry_id))
    ]


def fates(reading: TableProjection) -> DataFrame:
    rows = [
        {
            "id": found.id,
            "what": became.key,
            "became": became.contribution.id,
            "became_kind": became.contribution.kind,
            "links": became.links,
        }
        for found in in_order(texts(reading))
        for became in analysis.uses_of(reading.outside, found.id)
        if became.contribution.kind != "position"  # those stand in positions() alone
    ]
    return frame(rows, FATES, reading.attrs())
