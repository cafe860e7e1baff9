"""Which elements have met: counted only where somebody made a link, by writing about a thing or by a mark."""

from __future__ import annotations

from collections import Counter

from cowork.core.access.participant_view import ParticipantView
from cowork.core.provenance import LINKS, FIRSTHAND_KINDS, edges

#: Ties that say nothing of two elements meeting.
_RELATIONS_WITHOUT_MEETING = {"renders", "becomes", "reveals", "renews", "reopens", "sees-in"}


def meetings(view: ParticipantView) -> Counter[tuple[str, str]]:
    """(element, element) in alphabetical order -> how often they met; (element, "talked") for unwritten talk."""
    found: Counter[tuple[str, str]] = Counter()
    for contribution in view.contributions():
        if not contribution.is_active:
            continue
        for edge in edges(view.state, contribution.id, *(LINKS - _RELATIONS_WITHOUT_MEETING)):
            other = view.of_id(edge.target)
            # A kind that a page of somebody's own added belongs to no element.
            if other is None or not other.is_active or not other.element:
                continue
            if edge.relation == "checks" and (other.kind in FIRSTHAND_KINDS or other.author == contribution.author):
                continue  # somebody hears their own words again: nothing has met
            if contribution.kind == "talked":
                found[(other.element, "talked")] += 1
            elif contribution.element and other.element != contribution.element:
                first, second = sorted((other.element, contribution.element))
                found[(first, second)] += 1
    return found
