"""The tables of provenance: links, traces back from outcomes to the words, and uses of contributions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cowork.analysis import proposals
from cowork.analysis.trace import Step, trace
from cowork.analysis.uses import uses_of
from cowork.core.access.participant_view import Contribution
from cowork.core.elements import is_contribution
from cowork.core.errors import NotFound
from cowork.core.provenance import PROVENANCE, Edge, edges
from cowork.core.quotes import Quote, gap_in, quotes
from cowork.tables.columns import BOOL, DATA, EPISODE, ID, NUMBER, TEXT, TIME, Column, iso_time, make_table
from cowork.tables.texts import disclosed_contributions, sort_by_writing

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.tables.projection import TableProjection

_GAP_MEANING = "why no words may be shown there: taken, erased, hidden, kept (inside), gone; empty where they may"

LINK_COLUMNS = {
    "source": Column(TEXT, "id of what leads on"),
    "source_kind": Column(TEXT, "its kind"),
    "relation": Column(TEXT, "documents, rests-on, answers, talks-about …; quotes: words are quoted without a link"),
    "target": Column(TEXT, "id of what it leads to"),
    "target_kind": Column(TEXT, "its kind; empty where it is not in this record"),
    "target_version": Column(TEXT, "the version that was meant, as its reader saw it"),
    "start": Column(NUMBER, "first character of the quoted words, from 0, in code points; empty: no words, or all"),
    "end": Column(NUMBER, "the character after the last"),
    "gap": Column(TEXT, _GAP_MEANING),
    "stated_by_link": Column(BOOL, "made afterwards by a link of its own, not with the text"),
    "episode": EPISODE,
}

TRACE_COLUMNS = {
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


USE_COLUMNS = {
    "id": ID,
    "what": Column(TEXT, "talked, view, reading, understood, proposal, agreed, differ, open, worry, action, used …"),
    "became": Column(TEXT, "id of what was made of it"),
    "became_kind": Column(TEXT, "its kind"),
    "links": Column(NUMBER, "how many links away it is"),
}

TRACES_COLUMNS = {
    "ending": Column(TEXT, "id of the agreement, difference or open question that is traced back"),
    **TRACE_COLUMNS,
}


def link_table(projection: TableProjection) -> DataFrame:
    rows = [row for found in disclosed_contributions(projection) for row in _link_rows(projection, found)]
    return make_table(rows, LINK_COLUMNS, projection.attrs())


def _link_rows(projection: TableProjection, contribution: Contribution) -> Iterator[dict[str, Any]]:
    quoted: dict[str, list[Quote]] = {}
    for version in contribution.versions:
        for quote in quotes(projection.disclosed_view, version):
            quoted.setdefault(quote.source, []).append(quote)
    # A text quotes what it rests on, or else what it answers. A target with two links is quoted once.
    stated = sorted(edges(projection.state, contribution.id), key=lambda edge: edge.relation not in PROVENANCE)
    for edge in stated:
        quotes_of_target = quoted.pop(edge.target, [])
        for quote in quotes_of_target:
            yield _link_row(projection, contribution, edge.relation, quote, edge)
        if not quotes_of_target:
            whole = Quote(edge.target, edge.version, None, None, "", gap_in(projection.disclosed_view, edge.version))
            yield _link_row(projection, contribution, edge.relation, whole, edge)
    for quote in (quote for rest in quoted.values() for quote in rest):
        yield _link_row(projection, contribution, "quotes", quote, None)


def _link_row(
    projection: TableProjection, source: Contribution, relation: str, quote: Quote, edge: Edge | None
) -> dict[str, Any]:
    state = projection.state
    stating_entry = state.entries[edge.entry] if edge else source.entry
    return {
        "source": source.id,
        "source_kind": source.kind,
        "relation": relation,
        "target": quote.source,
        "target_kind": state.entries[quote.source].kind if quote.source in state.entries else "",
        "target_version": quote.version,
        "start": quote.start,
        "end": quote.end,
        "gap": quote.gap,
        "stated_by_link": stating_entry.kind == "link",
        "episode": projection.episode(stating_entry),
    }


class Trace(dict[str, Any]):
    """A nested dict (`json.dumps` takes it). `table()` gives the same steps as a table."""

    def table(self) -> DataFrame:
        """One row a step, in the order they are read."""
        return make_table(_step_rows(self, None, 0, []), TRACE_COLUMNS, {})


def trace_dict(projection: TableProjection, entry_id: str) -> Trace:
    step = trace(projection.disclosed_view, _contribution_id(projection, entry_id))
    assert step is not None  # there is something under this id, and a trace of it has at least itself
    return Trace(_step_dict(projection, step))


def traces_table(projection: TableProjection) -> DataFrame:
    traces = [(outcome.contribution.id, trace(projection.disclosed_view, outcome.contribution.id))
            for outcome in proposals.outcomes(projection.disclosed_view)]  # fmt: skip
    rows = [
        row | {"ending": id}
        for id, way in traces
        if way
        for row in _step_rows(_step_dict(projection, way), None, 0, [])
    ]
    return make_table(rows, TRACES_COLUMNS, projection.attrs())


def _contribution_id(projection: TableProjection, entry_id: str) -> str:
    found = projection.disclosed_view.of_id(entry_id)
    if found is None or not is_contribution(found.kind):
        raise NotFound("tables.no_id", id=entry_id)
    return found.id


def _step_dict(projection: TableProjection, step: Step) -> dict[str, Any]:
    state, found = projection.state, step.contribution
    version = state.entries.get(step.version)
    return {
        "id": step.id,
        "version": step.version,
        "kind": step.kind,
        "relation": step.relation,
        "text": step.text,
        "gap": step.gap,
        "quotes": [
            {"text": quote.text, "start": quote.start, "end": quote.end, "gap": quote.gap} for quote in step.quotes
        ],
        "by": projection.name_of_author(found, version) if found else "",
        "at": iso_time(version.header.at_ms) if found and version else "",
        "changed": [
            {"id": contribution.root, "what": contribution.what, "at": iso_time(contribution.at_ms)}
            for contribution in step.changed
        ],
        "again": step.again,
        "steps": [_step_dict(projection, next_step) for next_step in step.steps],
    }


def _step_rows(step: dict[str, Any], under: int | None, depth: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    number = len(rows)
    at = round(datetime.fromisoformat(step["at"]).timestamp() * 1000) if step["at"] else None
    quoted = [quote["text"] for quote in step["quotes"] if quote["text"]]
    rows.append(step | {"step": number, "under": under, "depth": depth, "quoted": quoted, "at": at})
    for next_step in step["steps"]:
        _step_rows(next_step, number, depth + 1, rows)
    return rows


def use_dicts(projection: TableProjection, entry_id: str) -> list[dict[str, Any]]:
    return [
        {
            "what": found.key,
            "id": found.contribution.id,
            "kind": found.contribution.kind,
            "text": found.contribution.text,
            "by": "" if found.contribution.kind == "position" else projection.name_of_author(found.contribution),
            "links": found.links,
        }
        for found in uses_of(projection.disclosed_view, _contribution_id(projection, entry_id))
    ]


def use_table(projection: TableProjection) -> DataFrame:
    rows = [
        {
            "id": found.id,
            "what": use.key,
            "became": use.contribution.id,
            "became_kind": use.contribution.kind,
            "links": use.links,
        }
        for found in sort_by_writing(disclosed_contributions(projection))
        for use in uses_of(projection.disclosed_view, found.id)
        if use.contribution.kind != "position"  # those stand in positions() alone
    ]
    return make_table(rows, USE_COLUMNS, projection.attrs())
