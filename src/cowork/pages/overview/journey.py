"""Journey: three wheels that turn on each other, and the list beside them that says the same and more."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cowork.analysis.meetings import meetings
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import WHEELS, wheel_of
from cowork.core.proposals import is_outcome
from cowork.pages.kit.forms import page_head
from cowork.pages.kit.uses import trace_address
from cowork.pages.overview.closing_review import closing_review
from cowork.pages.overview.suggestions import suggestions
from cowork.pages.registry import page, pages
from cowork.text.labels import OUTCOME_COUNTS
from cowork.widgets import Component, Prose, Wheels
from cowork.widgets.types import Block, ElementRow, PageLink


@page("journey")
def journey(context: PageContext) -> list[Component]:
    """Show how much was written where, by how many, when last, and which parts have met; what came of it stands apart,
    and beneath it what became of what people brought. Nothing is ever done."""
    t = context.t
    head = Prose(blocks=page_head(context, "journey"))
    wheels = Wheels(
        nothing=t("journey.nothing"),
        truth=t("journey.truth"),
        caption=t("journey.wheels"),
        meetings_h=t("journey.met_h"),
    )

    ended = Prose()

    def render(view: ParticipantView) -> None:
        met = meetings(view)
        rows = [row(context, view, part, met) for pair in WHEELS.values() for part in pair]
        with wheels.hold_sync():
            wheels.context = [view.title()]
            wheels.wheels = [wheel(context, name, rows) for name in WHEELS]
            wheels.rows = rows
            wheels.meetings = met_lines(context, met)
            wheels.nudges = suggestions(context, view)
        ended.blocks = endings_blocks(context, view)

    context.follow(render)
    return [head, wheels, ended, closing_review(context), Prose(blocks=[{"hint": t("journey.seen")}])]


def of_part(view: ParticipantView, part: str) -> list[Contribution]:
    """What people wrote in one part, as far as this reader may see: what its page and the list of all pages count too.

    Talk that was brought in is not among it, nor an answer that was only chosen or a mark that people talked.
    """
    return [one for one in view.contributions() if one.element == part and one.is_written]


def row(context: PageContext, view: ParticipantView, part: str, meeting: Counter[tuple[str, str]]) -> ElementRow:
    """One row of the list: how much, by how many of how many, when last, and what it has met."""
    found = of_part(view, part)
    known = pages().get(part)
    last = max((contribution.entry.header.at_ms for contribution in found), default=0)
    # Voices of talk that was brought in are not people who take part here: they are not counted among us.
    ours = len({contribution.author for contribution in found if view.state.takes_part(contribution.author)})
    met = sorted({name for pair in meeting if part in pair for name in pair if name != part})
    return {
        "key": part,
        "part": context.t(f"{part}.link"),
        "plain": context.t(f"{part}.plain"),
        "wheel": wheel_of(part),
        "wrote": context.t("common.wrote", n=len(found)) if found else context.t("journey.nothing"),
        "written": bool(found),
        "by": context.t("journey.of", n=ours, N=view.participant_count()) if found else "",
        "last": context.when(last) if last else "",
        "met": ", ".join(context.t("dialogue.talked_short") if n == "talked" else context.t(f"{n}.link") for n in met),
        "href": f"?w={context.session.code}&page={part}" if known and not context.session.only else "",
    }


def wheel(context: PageContext, name: str, rows: list[ElementRow]) -> dict[str, Any]:
    """One wheel of the picture: no numbers, nothing counted as finished."""
    parts = [row for row in rows if row["wheel"] == name]
    made = [
        {
            "key": row["key"],
            "name": row["part"],
            "plain": row["plain"],
            "here": False,
            "written": row["written"],
            "href": row["href"],
        }
        for row in parts
    ]
    outcome = context.t(f"{WHEELS[name][0]}.outcome")
    return {"key": name, "name": outcome, "long": context.t(f"journey.wheel.{name}"), "parts": made}


def met_lines(context: PageContext, met: Counter[tuple[str, str]]) -> list[str]:
    """The same meetings as sentences."""
    lines = []
    for (first, b), count in sorted(met.items()):
        if b == "talked":
            lines.append(context.t("journey.met_talk", a=context.t(f"{first}.link"), n=count))
        else:
            lines.append(context.t("journey.met_row", a=context.t(f"{first}.link"), b=context.t(f"{b}.link"), n=count))
    return lines or [context.t("journey.met_none")]


def endings_blocks(context: PageContext, view: ParticipantView) -> list[Block]:
    """What came of it. Agreement is an outcome and no seventh part: it stands apart, and each ending counts alike."""
    t = context.t
    found = [
        contribution
        for contribution in view.of_kind("outcome")
        if contribution.is_active and is_outcome(view.state, contribution.id)
    ]
    counts = Counter(str(contribution.entry.data.get("outcome", "")) for contribution in found)
    lines = [t(key, n=counts[how]) for how, key in OUTCOME_COUNTS.items() if counts[how]]
    links: list[PageLink] = [
        {"href": href, "page": key, "text": t(f"{key}.link"), "note": t(f"{key}.plain"), "wheel": wheel}
        for key, wheel in (("agreement", "agreement"), ("trace", ""))
        if key in pages() and (href := trace_address(context, key, ""))
    ]
    return [
        {"h": t("journey.ended_h"), "level": 2},
        {"list": lines} if lines else {"p": t("journey.ended_none")},
        {"links": links, "ways": True},
    ]
