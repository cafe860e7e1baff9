"""Journey: three wheels that turn on each other, and the list beside them that says the same and more."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cowork.core.elements import WHEELS, wheel_of
from cowork.core.seen import Contribution, Seen
from cowork.pages.registry import page, pages
from cowork.widgets import Prose, Wheels
from cowork.workbook import Here


@page("journey")
def journey(here: Here) -> list[Any]:
    """Show how much was written where, by how many, when last, and which parts have met. Nothing is ever done."""
    say = here.say
    head = Prose(
        blocks=[
            {"eyebrow": say("journey.outcome"), "wheel": ""},
            {"h": say("journey.h"), "level": 1},
            {"hint": say("journey.hint")},
            {"summary": say("journey.mean.h"), "lines": [say(f"journey.mean.{n}") for n in range(1, 5)]},
        ]
    )
    wheels = Wheels(nothing=say("journey.nothing"), truth=say("journey.truth"), caption=say("journey.wheels"))

    def tell(seen: Seen) -> None:
        met = pairs(seen)
        rows = [row(here, seen, part, met) for pair in WHEELS.values() for part in pair]
        wheels.context = [seen.title()]
        wheels.wheels = [wheel(here, name, rows) for name in WHEELS]
        wheels.rows = rows
        wheels.meetings = meetings(here, met)

    here.follow(tell)
    return [head, wheels, Prose(blocks=[{"hint": say("journey.seen")}])]


def of_part(seen: Seen, part: str) -> list[Contribution]:
    """What stands written in one part, as far as this reader may see; a mark that people talked is not writing."""
    return [c for c in seen.contributions() if c.element == part and c.standing == "here" and c.kind != "talked"]


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


def pairs(seen: Seen) -> Counter[tuple[str, str]]:
    """Meetings of two parts: counted only where somebody made a link, by writing about a thing or by a mark."""
    found: Counter[tuple[str, str]] = Counter()
    for c in seen.contributions():
        if c.standing != "here":
            continue
        for relation, target in c.first.header.about:
            other = seen.of_id(target)
            if other is None or other.standing != "here" or relation in ("replaces", "withdraws"):
                continue
            if c.kind == "talked":
                found[(other.element, "talked")] += 1
            elif other.element and c.element and other.element != c.element:
                found[tuple(sorted((other.element, c.element)))] += 1  # type: ignore[index]
    return found


def meetings(here: Here, meeting: Counter[tuple[str, str]]) -> list[str]:
    """The same meetings as sentences."""
    lines = []
    for (a, b), count in sorted(meeting.items()):
        if b == "talked":
            lines.append(here.say("journey.met_talk", a=here.say(f"{a}.link"), n=count))
        else:
            lines.append(here.say("journey.met_row", a=here.say(f"{a}.link"), b=here.say(f"{b}.link"), n=count))
    return lines or [here.say("journey.met_none")]
