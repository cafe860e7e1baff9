"""Journey: three wheels that turn on each other, and the list beside them that says the same and more."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cowork.analysis.meetings import meetings
from cowork.core.agreeing import is_ending
from cowork.core.elements import WHEELS, wheel_of
from cowork.core.seen import Contribution, Seen
from cowork.pages.closing import closing
from cowork.pages.fates import way
from cowork.pages.forms import page_head
from cowork.pages.nudging import nudges
from cowork.pages.registry import page, pages
from cowork.text.labels import OUTCOME_COUNTS
from cowork.widgets import Prose, Wheels
from cowork.workbook import Here


@page("journey")
def journey(here: Here) -> list[Any]:
    """Show how much was written where, by how many, when last, and which parts have met; what came of it stands apart,
    and beneath it what became of what people brought. Nothing is ever done."""
    say = here.say
    head = Prose(blocks=page_head(here, "journey"))
    wheels = Wheels(
        nothing=say("journey.nothing"),
        truth=say("journey.truth"),
        caption=say("journey.wheels"),
        meetings_h=say("journey.met_h"),
    )

    ended = Prose()

    def tell(seen: Seen) -> None:
        met = meetings(seen)
        rows = [row(here, seen, part, met) for pair in WHEELS.values() for part in pair]
        with wheels.hold_sync():
            wheels.context = [seen.title()]
            wheels.wheels = [wheel(here, name, rows) for name in WHEELS]
            wheels.rows = rows
            wheels.meetings = met_lines(here, met)
            wheels.nudges = nudges(here, seen)
        ended.blocks = endings_blocks(here, seen)

    here.follow(tell)
    return [head, wheels, ended, closing(here), Prose(blocks=[{"hint": say("journey.seen")}])]


def of_part(seen: Seen, part: str) -> list[Contribution]:
    """What stands written in one part, as far as this reader may see. A mark that people talked is no writing, nor is
    an answer that was only chosen."""
    return [c for c in seen.contributions() if c.element == part and c.standing == "here" and c.written]


def row(here: Here, seen: Seen, part: str, meeting: Counter[tuple[str, str]]) -> dict[str, Any]:
    """One row of the list: how much, by how many of how many, when last, and what it has met."""
    found = of_part(seen, part)
    known = pages().get(part)
    last = max((c.entry.header.at_ms for c in found), default=0)
    # Voices of talk that was brought in are not people who take part here: they are not counted among us.
    ours = len({c.author for c in found if seen.state.takes_part(c.author)})
    met = sorted({name for pair in meeting if part in pair for name in pair if name != part})
    return {
        "key": part,
        "part": here.say(f"{part}.link"),
        "plain": here.say(f"{part}.plain"),
        "wheel": wheel_of(part),
        "wrote": here.say("common.wrote", n=len(found)) if found else here.say("journey.nothing"),
        "written": bool(found),
        "by": here.say("journey.of", n=ours, N=seen.taking_part()) if found else "",
        "last": here.when(last) if last else "",
        "met": ", ".join(here.say("dialogue.talked_short") if n == "talked" else here.say(f"{n}.link") for n in met),
        "href": f"?w={here.visit.code}&page={part}" if known and not here.visit.only else "",
    }


def wheel(here: Here, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One wheel of the picture: no numbers, nothing counted as finished."""
    parts = [r for r in rows if r["wheel"] == name]
    made = [
        {
            "key": r["key"],
            "name": r["part"],
            "plain": r["plain"],
            "here": False,
            "written": r["written"],
            "href": r["href"],
        }
        for r in parts
    ]
    outcome = here.say(f"{WHEELS[name][0]}.outcome")
    return {"key": name, "name": outcome, "long": here.say(f"journey.wheel.{name}"), "parts": made}


def met_lines(here: Here, met: Counter[tuple[str, str]]) -> list[str]:
    """The same meetings as sentences."""
    lines = []
    for (a, b), count in sorted(met.items()):
        if b == "talked":
            lines.append(here.say("journey.met_talk", a=here.say(f"{a}.link"), n=count))
        else:
            lines.append(here.say("journey.met_row", a=here.say(f"{a}.link"), b=here.say(f"{b}.link"), n=count))
    return lines or [here.say("journey.met_none")]




def endings_blocks(here: Here, seen: Seen) -> list[dict[str, Any]]:
    """What came of it. Agreement is an outcome and no seventh part: it stands apart, and each ending counts alike."""
    say = here.say
    found = [c for c in seen.of_kind("outcome") if c.standing == "here" and is_ending(seen.state, c.id)]
    counts = Counter(str(c.entry.data.get("outcome", "")) for c in found)
    lines = [say(key, n=counts[how]) for how, key in OUTCOME_COUNTS.items() if counts[how]]
    links = [
        {"href": href, "page": key, "text": say(f"{key}.link"), "note": say(f"{key}.plain"), "wheel": wheel}
        for key, wheel in (("agreement", "agreement"), ("trace", ""))
        if key in pages() and (href := way(here, key, ""))
    ]
    return [
        {"h": say("journey.ended_h"), "level": 2},
        {"list": lines} if lines else {"p": say("journey.ended_none")},
        {"links": links, "ways": True},
    ]
