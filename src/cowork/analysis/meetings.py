"""Which elements have met: counted only where somebody made a link, by writing about a thing or by a mark."""

from __future__ import annotations

from collections import Counter

from cowork.core.access.participant_view import ParticipantView
from cowork.core.provenance import LINKS, SAID, edges

#: Ties that say nothing of two elements meeting.
_NO_MEETING = {"renders", "becomes", "reveals", "renews", "reopens", "sees-in"}


def meetings(view: ParticipantView) -> Counter[tuple[str, str]]:
    """(element, element) in alphabetical order -> how often they met; (element, "talked") for unwritten talk."""
    found: Counter[tuple[str, str]] = Counter()
    for c in view.contributions():
        if c.standing != "here":
            continue
        for edge in edges(view.state, c.id, *(LINKS - _NO_MEETING)):
            other = view.of_id(edge.target)
            # A kind that a page of somebody's own added belongs to no element.
            if other is None or other.standing != "here" or not other.element:
                continue
            if edge.relation == "checks" and (other.kind in SAID or other.author == c.author):
                continue  # somebody hears their own words again: nothing has met
            if c.kind == "talked":
                found[(other.element, "talked")] += 1
            elif c.element and other.element != c.element:
                a, b = sorted((other.element, c.element))
                found[(a, b)] += 1
    return found
