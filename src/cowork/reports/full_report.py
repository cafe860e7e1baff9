"""The full report: one workshop as one HTML file that a group can hand over.

`report(state, lang)` gives the same bytes for the same state on every machine: it reads no clock, its time zone is
an input, and the order is that of the entries. What may leave the group is decided below (`core.disclosure`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from cowork.core.fold import State
from cowork.reports import caveats, interpretations, outcomes, sessions, uses, views
from cowork.reports.reader import Reader, Words
from cowork.reports.rendering import render_page

#: The sections of the report in order: key -> heading. The keys are the file's anchors: `#agreement`.
HEADINGS = {
    "words": "report.h.words",
    "why": "report.h.why",
    "change": "report.h.change",
    "who": "report.h.who",
    "not_here": "report.h.not_here",
    "ground": "report.h.ground",
    "agreement": "report.h.agreement",
    "kept": "report.h.kept",
    "differ": "report.h.differ",
    "documentation": "report.h.documentation",
    "open": "report.h.open",
    "left": "report.not_taken_up",
    "intention": "report.h.intention",
    "assets": "report.h.assets",
    "interpretation": "report.h.interpretation",
    "understanding": "report.h.understanding",
    "met": "report.h.met",
    "heard": "report.h.heard",
    "how_written": "report.h.how_written",
    "gaps": "report.h.gaps",
    "check": "report.h.check",
    "sources": "report.h.sources",
}

#: section -> the fields of the context that it shows.
CONTEXT_FIELDS = {
    "words": ("definition",),
    "why": ("why",),
    "change": ("decided", "can_change", "who_decides"),
    "not_here": ("not_here",),
    "ground": ("ground", "disagree"),
    "ask": ("turn_to",),
    "keeper": ("keeper",),
}


@dataclass(frozen=True)
class ContextField:
    """One field of the context: its question, and the words with the day they were written."""

    label: str
    rows: tuple[tuple[Words, str], ...]


def report(state: State, lang: str = "en", *, research: bool = False, zone: str = "") -> bytes:
    """The whole workshop as one HTML file. `research` True leaves only the words of those who said yes to research.
    Days and times are those of `zone` (a name such as Europe/Stockholm), which the file names; else of UTC."""
    reader = Reader(state, lang, research=research, zone=zone)
    parts = layout_report(reader)
    return render_page("report.html.j2", **shared_values(reader), headings=HEADINGS, **parts)


def shared_values(reader: Reader) -> dict[str, Any]:
    """The values that every template uses."""
    opened = reader.state.opening_entry()
    check = caveats.integrity_line(reader)
    title = reader.typed(reader.view.title())
    last = max((entry.header.at_ms for entry in reader.state.entries.values()), default=0)
    first = min((entry.header.at_ms for entry in reader.state.entries.values()), default=0)
    footer = reader.t("report.footer", workshop=title.text, date=reader.day(last), n=check.entries)
    return {
        "say": reader.t,
        "href": reader.href,
        "tag": reader.tag,
        "title": title,
        "practice": bool(opened and opened.data.get("practice")),
        "research": reader.research,
        "zone": reader.zone,
        "span": reader.t("report.span", first=reader.day(first), last=reader.day(last)),
        "footer": footer,
        "check": check,
        "Words": Words,
    }


def layout_report(reader: Reader) -> dict[str, Any]:
    """Every section of the report as plain data, in printed order; unused contributions are computed last."""
    gaps: Counter[str] = Counter()
    sessions_held = sessions.sessions(reader)
    parts: dict[str, Any] = {f"told_{part}": context_fields(reader, part) for part in CONTEXT_FIELDS}
    parts |= {
        "who": sessions.participation(reader),
        "agreements": outcomes.outcome_views(reader, "agreed", gaps),
        "differences": outcomes.outcome_views(reader, "difference", gaps),
        "ledger": views.differing_views(reader, gaps),
        "views": views.other_views(reader, gaps, built_on=True),
        "questions": outcomes.outcome_views(reader, "open-question", gaps),
        "proposals": outcomes.open_proposal_views(reader, gaps),
        "reopened": outcomes.reopened_outcomes(reader),
        "views_left": views.other_views(reader, gaps, built_on=False),
        "intentions": uses.intentions(reader),
        "assets": uses.assets(reader),
        "needs": uses.needs(reader),
        "readings": interpretations.interpretations(reader, gaps),
        "understood": interpretations.understandings(reader, gaps),
        "met": sessions_held,
        "cells": sessions.cells(reader, sessions_held),
        "spaces": sessions.spaces(reader),
        "heard": sessions.response_rows(reader),
        "ways_said": any(session.ways or session.small for session in sessions_held),
        "written": caveats.entry_origin(reader),
        "not_here": caveats.withheld_sentences(reader),
        "sources": caveats.SOURCES,
        "space_source": caveats.SPACE_SOURCE,
    }
    parts["left"], parts["unused_talk"] = uses.unused_contributions(reader)
    parts["views_elsewhere"] = views.views_elsewhere(reader, parts["views"], parts["ledger"], parts["views_left"])
    parts["gaps"] = caveats.gap_counts(reader, gaps)
    return parts


def context_fields(reader: Reader, part: str) -> tuple[ContextField, ...]:
    """What the organiser and the group wrote about why and how they meet."""
    found = []
    for field in CONTEXT_FIELDS[part]:
        rows = [
            (reader.words(entry), reader.t("report.dated", date=reader.day(entry.header.at_ms)))
            for entry in reader.view.context_entries(field)
        ]
        if rows:
            found.append(ContextField(reader.t(f"start.label.{field}"), tuple(rows)))
    return tuple(found)
