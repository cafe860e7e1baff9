"""The report: one workshop as one HTML file that a group can hand over.

`report(state, lang)` gives the same bytes for the same state on every machine: it reads no clock, its time zone is
an input, and the order is that of the entries. What may leave the group is decided below (`core.disclosure`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from cowork.core.fold import State
from cowork.reports import agreed, became, gatherings, limits, readings, views
from cowork.reports.paper import page
from cowork.reports.reader import Reader, Words

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
class Told:
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
    check = limits.how_to_check(reader)
    title = reader.typed(reader.seen.title())
    last = max((e.header.at_ms for e in reader.state.entries.values()), default=0)
    first = min((e.header.at_ms for e in reader.state.entries.values()), default=0)
    footer = reader.say("report.footer", workshop=title.text, date=reader.day(last), n=check.entries)
    return {
        "say": reader.say,
        "href": reader.href,
        "tag": reader.tag,
        "title": title,
        "practice": bool(opened and opened.data.get("practice")),
        "research": reader.research,
        "zone": reader.zone,
        "span": reader.say("report.span", first=reader.day(first), last=reader.day(last)),
        "footer": footer,
        "check": check,
        "Words": Words,
    }


def laid_out(reader: Reader) -> dict[str, Any]:
    """Every part of the report as plain data, in the order it is printed; what is left over is looked for last."""
    gaps: Counter[str] = Counter()
    met = gatherings.gatherings(reader)
    parts: dict[str, Any] = {f"told_{part}": context(reader, part) for part in CONTEXT}
    parts |= {
        "who": gatherings.people(reader),
        "agreements": agreed.ended(reader, "agreed", gaps),
        "differences": agreed.ended(reader, "difference", gaps),
        "ledger": views.side_by_side(reader, gaps),
        "views": views.other_views(reader, gaps, built_on=True),
        "questions": agreed.ended(reader, "open-question", gaps),
        "proposals": agreed.unended(reader, gaps),
        "reopened": agreed.reopened(reader),
        "views_left": views.other_views(reader, gaps, built_on=False),
        "intentions": became.intentions(reader),
        "assets": became.assets(reader),
        "needs": became.needs(reader),
        "readings": readings.readings(reader, gaps),
        "understood": readings.understood(reader, gaps),
        "met": met,
        "cells": gatherings.cells(reader, met),
        "spaces": gatherings.spaces(reader),
        "heard": gatherings.heard_rows(reader),
        "ways_said": any(g.ways or g.small for g in met),
        "written": limits.how_written(reader),
        "not_here": limits.not_here(reader),
        "sources": limits.SOURCES,
        "space_source": limits.SPACE_SOURCE,
    }
    parts["left"], parts["unused_talk"] = became.left(reader)
    parts["views_elsewhere"] = views.elsewhere(reader, parts["views"], parts["ledger"], parts["views_left"])
    parts["gaps"] = limits.gap_rows(reader, gaps)
    return parts


def context(reader: Reader, part: str) -> tuple[Told, ...]:
    """What the organiser and the group wrote about why and how they meet."""
    found = []
    for field in CONTEXT[part]:
        rows = [
            (reader.words(e), reader.say("report.dated", date=reader.day(e.header.at_ms)))
            for e in reader.seen.context(field)
        ]
        if rows:
            found.append(Told(reader.say(f"start.label.{field}"), tuple(rows)))
    return tuple(found)
