"""What became of words, as lines to read and to follow: the same on the trace and in the closing look."""

from __future__ import annotations

from dataclasses import dataclass

from cowork.analysis.uses import Use, uses_of
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import ELEMENT_OF, wheel_of
from cowork.pages.kit import typed_text
from cowork.pages.kit.cards import talked_line
from cowork.pages.kit.provenance import page_of, place_of
from cowork.text.format import shorten

#: How much of the words a line shows.
MAX_LINES = 140

_KEYS = {"unused": "fate.unused", "need-met": "fate.meets"}


@dataclass(frozen=True)
class UseLine:
    """One thing that became of words: what it is, in whose words, and the way source."""

    key: str
    label: str
    text: typed_text.TextLine
    href: str
    wheel: str
    root: str


def use_lines(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[UseLine]:
    """Everything that became of a contribution, nearest first; none means that nobody has taken it up as yet."""
    return [_line(context, contribution, use) for use in uses_of(view, contribution.id)]


def _line(context: PageContext, contribution: Contribution, use: Use) -> UseLine:
    source = use.contribution
    key = (
        "assets.met_by"
        if use.key == "need-met" and contribution.kind == "need"
        else _KEYS.get(use.key, f"fate.{use.key}")
    )
    text: typed_text.TextLine = typed_text.typed(context, source.entry, shorten(source.text, MAX_LINES))
    if source.kind == "talked":
        text = talked_line(context, source.entry)
    # Talk leads nowhere further by itself: it is read where it stands. All else has a way back and a way on.
    target = page_of(source.kind) if use.key == "talked" else "trace"
    wheel = wheel_of(ELEMENT_OF[source.kind]) if source.kind in ELEMENT_OF else ""
    return UseLine(use.key, context.t(key), text, trace_address(context, target, source.id), wheel, source.id)


def trace_address(context: PageContext, page: str, at: str) -> str:
    """The address of a place, or "" where this page stands alone in a notebook and there is nowhere else to go."""
    return "" if context.session.only else place_of(context, page, at)
