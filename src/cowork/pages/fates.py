"""What became of words, as lines to read and to follow: the same on the trace and in the closing look."""

from __future__ import annotations

from dataclasses import dataclass

from cowork.analysis.trace import Fate, fate
from cowork.core.elements import ELEMENT_OF, wheel_of
from cowork.core.seen import Contribution, Seen
from cowork.pages import typed
from cowork.pages.cards import talked_line
from cowork.pages.threads import page_of, place
from cowork.text.format import short
from cowork.workbook import Here

#: How much of the words a line shows.
MOST = 140

_KEYS = {"unused": "fate.unused", "need-met": "fate.meets"}


@dataclass(frozen=True)
class Line:
    """One thing that became of words: what it is, in whose words, and the way there."""

    key: str
    label: str
    text: typed.Line
    href: str
    wheel: str
    root: str


def fates(here: Here, seen: Seen, c: Contribution) -> list[Line]:
    """Everything that became of a contribution, nearest first; none means that nobody has taken it up as yet."""
    return [_line(here, c, told) for told in fate(seen, c.id)]


def _line(here: Here, c: Contribution, told: Fate) -> Line:
    there = told.contribution
    key = "assets.met_by" if told.key == "need-met" and c.kind == "need" else _KEYS.get(told.key, f"fate.{told.key}")
    text: typed.Line = typed.typed(here, there.entry, short(there.text, MOST))
    if there.kind == "talked":
        text = talked_line(here, there.entry)
    # Talk leads nowhere further by itself: it is read where it stands. All else has a way back and a way on.
    target = page_of(there.kind) if told.key == "talked" else "trace"
    wheel = wheel_of(ELEMENT_OF[there.kind]) if there.kind in ELEMENT_OF else ""
    return Line(told.key, here.say(key), text, way(here, target, there.id), wheel, there.id)


def way(here: Here, page: str, at: str) -> str:
    """The address of a place, or "" where this page stands alone in a notebook and there is nowhere else to go."""
    return "" if here.visit is None or here.visit.only else place(here, page, at)
