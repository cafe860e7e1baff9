"""Meetings: counted where somebody made a link, and nowhere else."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from support.random_workshops import Weave, weaves
from support.strategies import Group, laws

from cowork.analysis.meetings import meetings
from cowork.core.access.participant_view import ParticipantView
from cowork.core.provenance import edges
from cowork.store import memory_record


@laws
@given(weaves())
def test_every_meeting_is_a_link_between_two_things_that_its_reader_may_see(weave: Weave) -> None:
    for seen in weave.eyes():
        here = {c.id: c for c in seen.contributions() if c.is_active}
        links = sum(len({(e.relation, e.version) for e in edges(seen.state, c)}) for c in here)
        found = meetings(seen)
        assert sum(found.values()) <= links
        for (a, b), n in found.items():
            assert n > 0 and a and b and (b == "talked" or a < b)
            assert any(c.element == a for c in here.values())
            assert b == "talked" or any(c.element == b for c in here.values())


@laws
@given(weaves())
def test_what_is_taken_away_meets_nothing_and_what_comes_back_meets_again(weave: Weave) -> None:
    group = weave.group
    before = meetings(ParticipantView(weave.state, ""))
    mine = [c for c in ParticipantView(weave.state, group.ids["ada"]).contributions() if c.is_mine and c.is_active]
    taken = [group.withdraw("ada", c.id) for c in mine]
    left = meetings(ParticipantView(weave.state, ""))
    assert all(left[pair] <= n for pair, n in before.items()) and set(left) <= set(before)
    for act in taken:
        group.restore("ada", act)
    assert meetings(ParticipantView(weave.state, "")) == before


def test_parts_meet_by_talk_about_a_thing_by_a_mark_and_by_a_link_made_later() -> None:
    group = Group(memory_record(), "fay ada")
    why = group.write("ada", "To be heard")
    van = group.write("ada", "My van", kind="asset")
    assert meetings(ParticipantView(group.state, "")) == Counter()
    group.write("fay", "How so?", ("talks-about", why), kind="utterance")
    group.add("fay", "talked", {}, ("talks-about", van))
    assert meetings(ParticipantView(group.state, "")) == {("dialogue", "intention"): 1, ("assets", "talked"): 1}
    end = group.add("fay", "outcome", {"text": "Who drives?", "outcome": "open-question"})
    group.add("fay", "link", {}, ("from", van), ("used-in", end))
    assert meetings(ParticipantView(group.state, ""))[("agreement", "assets")] == 1


def test_talk_about_something_of_a_kind_nobody_knows_is_no_meeting_of_parts() -> None:
    group = Group(memory_record(), "fay ada")
    thanks = group.write("ada", "For the tea", kind="gratitude")
    group.add("fay", "talked", {}, ("talks-about", thanks))
    assert meetings(ParticipantView(group.state, "")) == Counter()


def test_a_new_wording_meets_what_the_one_before_met_and_meets_it_once() -> None:
    group = Group(memory_record(), "fay ada")
    said = group.write("ada", "Nobody asked", kind="utterance")
    view = group.write("fay", "We do not ask", ("documents", said), kind="view")
    newer = group.edit("fay", "We never ask", view)
    assert meetings(ParticipantView(group.state, "")) == {("dialogue", "documentation"): 1}
    group.write("fay", "We hardly ask", ("replaces", newer), ("documents", said), kind="edit")
    assert meetings(ParticipantView(group.state, "")) == {("dialogue", "documentation"): 1}
