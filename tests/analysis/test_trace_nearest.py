"""A step of a trace that several links lead to is told under the nearest: three presses must be enough."""

from __future__ import annotations

from support.strategies import Group

from cowork.analysis.trace import trace
from cowork.core.access.participant_view import ParticipantView
from cowork.store import memory_record


def test_what_an_ending_and_its_proposal_both_rest_on_is_opened_under_the_ending() -> None:
    group = Group(memory_record())
    said = group.write("ada", "Nobody asked my mother", kind="utterance")
    view = group.write("bo", "We do not ask", ("documents", said), kind="view")
    now = group.write("fay", "Asking is left out", ("builds-on", view), kind="understanding")
    rule = {"code": "talk"}
    proposal = group.add("fay", "proposal", {"text": "We ask", "rule": rule}, ("rests-on", now))
    body = {"text": "We ask", "outcome": "agreed"}
    agreed = group.add("fay", "outcome", body, ("closes", proposal), ("rests-on", now))
    start = trace(ParticipantView(group.state, ""), agreed)
    assert start is not None
    by_proposal, by_ending = start.steps
    assert (by_proposal.kind, by_ending.kind, by_ending.again) == ("proposal", "understanding", False)
    assert [step.again for step in by_proposal.steps] == [True]
    assert start.depth() == 3


def test_of_two_ways_the_shorter_one_leads_on() -> None:
    group = Group(memory_record())
    said = group.write("ada", "It rained", kind="utterance")
    view = group.write("bo", "Wet", ("documents", said), kind="view")
    reading = group.write("bo", "It is always wet", ("interprets", view), kind="interpretation")
    direct = group.write("fay", "Rain", ("interprets", said), kind="interpretation")
    for order in ((direct, reading), (reading, direct)):
        about = [("rests-on", root) for root in order]
        start = trace(ParticipantView(group.state, ""), group.write("fay", "Rain it is", *about, kind="understanding"))
        assert start is not None
        opened = {step.id: [below.again for below in step.steps] for step in start.walk()}
        assert (opened[direct], opened[view], opened[reading]) == ([False], [True], [False])


def test_a_gap_on_the_nearer_way_does_not_close_the_farther_one() -> None:
    """The words as first written are somebody's own still; as written anew they are for all, and lead on."""
    group = Group(memory_record())
    said = group.write("ada", "It rained", kind="utterance")
    first = group.write("bo", "Only for me", ("documents", said), kind="view", seen_by="only-me")
    anew = group.edit("bo", "For everyone", first)
    other = group.write("fay", "Between them", ("builds-on", anew), kind="interpretation")
    now = group.write("bo", "What we see", ("rests-on", first), ("rests-on", other), kind="understanding")
    start = trace(ParticipantView(group.state, group.ids["ada"]), now)
    assert start is not None
    near, far = start.steps
    assert near.gap == "kept" and not near.text
    assert [step.text for step in far.walk()] == ["Between them", "For everyone", "It rained"]
