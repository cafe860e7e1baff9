"""The report: one workshop as one HTML file that a group can hand over.

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
from cowork.reports.rendering import page

#: The parts of the file in order: key, and its heading. Part of the file's addresses: `#agreement`.
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

#: What of the context stands under which heading.
CONTEXT = {
    "words": ("definition",),
    "why": ("why",),
    "change": ("decided", "can_change", "who_decides"),
    "not_here": ("not_here",),
    "ground": ("ground", "disagree"),
    "ask": ("turn_to",),
    "keeper": ("keeper",),
}


@dataclass(frozen=True)
class ReportContents:
    """One field of the context: its question, and the words with the day they were written."""

    label: str
    rows: tuple[tuple[Words, str], ...]


def report(state: State, lang: str = "en", *, research: bool = False, zone: str = "") -> bytes:
    """The whole workshop as one HTML file. `research` True leaves only the words of those who said yes to research.
    Days and times are those of `zone` (a name such as Europe/Stockholm), which the file names; else of UTC."""
    reader = Reader(state, lang, research=research, zone=zone)
    parts = laid_out(reader)
    return page("report.html.j2", **common(reader), headings=HEADINGS, **parts)


def common(reader: Reader) -> dict[str, Any]:
    """What every template asks for."""
    opened = reader.state.opened()
    check = caveats.how_to_check(reader)
    title = reader.typed(reader.seen.title())
    last = max((e.header.at_ms for e in reader.state.entries.values()), default=0)
    first = min((e.header.at_ms for e in reader.state.entries.values()), default=0)
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


def laid_out(reader: Reader) -> dict[str, Any]:
    """Every part of the report as plain data, in the order it is printed; what is left over is looked for last."""
    gaps: Counter[str] = Counter()
    met = sessions.sessions(reader)
    parts: dict[str, Any] = {f"told_{part}": context(reader, part) for part in CONTEXT}
    parts |= {
        "who": sessions.people(reader),
        "agreements": outcomes.outcomes_in(reader, "agreed", gaps),
        "differences": outcomes.outcomes_in(reader, "difference", gaps),
        "ledger": views.side_by_side(reader, gaps),
        "views": views.other_views(reader, gaps, built_on=True),
        "questions": outcomes.outcomes_in(reader, "open-question", gaps),
        "proposals": outcomes.open_proposals(reader, gaps),
        "reopened": outcomes.reopened_outcomes(reader),
        "views_left": views.other_views(reader, gaps, built_on=False),
        "intentions": uses.intentions(reader),
        "assets": uses.assets(reader),
        "needs": uses.needs(reader),
        "readings": interpretations.interpretations(reader, gaps),
        "understood": interpretations.understandings(reader, gaps),
        "met": met,
        "cells": sessions.cells(reader, met),
        "spaces": sessions.spaces(reader),
        "heard": sessions.response_rows(reader),
        "ways_said": any(g.ways or g.small for g in met),
        "written": caveats.how_written(reader),
        "not_here": caveats.not_here(reader),
        "sources": caveats.SOURCES,
        "space_source": caveats.SPACE_SOURCE,
    }
    parts["left"], parts["unused_talk"] = uses.left(reader)
    parts["views_elsewhere"] = views.elsewhere(reader, parts["views"], parts["ledger"], parts["views_left"])
    parts["gaps"] = caveats.gap_rows(reader, gaps)
    return parts


def context(reader: Reader, part: str) -> tuple[ReportContents, ...]:
    """What the organiser and the group wrote about why and how they meet."""
    found = []
    for field in CONTEXT[part]:
        rows = [
            (reader.words(e), reader.t("report.dated", date=reader.day(e.header.at_ms)))
            for e in reader.seen.context(field)
        ]
        if rows:
            found.append(ReportContents(reader.t(f"start.label.{field}"), tuple(rows)))
    return tuple(found)
