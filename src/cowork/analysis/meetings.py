"""Meetings of elements: how often a contribution of one links to a contribution of another."""

from __future__ import annotations

from collections import Counter

from cowork.core.access.participant_view import ParticipantView
from cowork.core.provenance import FIRSTHAND_KINDS, LINKS, edges

#: Links that are no meeting of two elements.
_RELATIONS_WITHOUT_MEETING = {"renders", "becomes", "reveals", "renews", "reopens", "sees-in"}


def meetings(view: ParticipantView) -> Counter[tuple[str, str]]:
    """(element, element) in alphabetical order -> how often they met; (element, "talked") for unwritten talk."""
    found: Counter[tuple[str, str]] = Counter()
    for contribution in view.contributions():
        if not contribution.is_active:
            continue
        for edge in edges(view.state, contribution.id, *(LINKS - _RELATIONS_WITHOUT_MEETING)):
            other = view.of_id(edge.target)
            # A kind of a page outside this package belongs to no element.
            if other is None or not other.is_active or not other.element:
                continue
            if edge.relation == "checks" and (other.kind in FIRSTHAND_KINDS or other.author == contribution.author):
                continue  # somebody checks their own words: no meeting
            if contribution.kind == "talked":
                found[(other.element, "talked")] += 1
            elif contribution.element and other.element != contribution.element:
                first, second = sorted((other.element, contribution.element))
                found[(first, second)] += 1
    return found
