"""The page Agreement is a door too: no ending and no proposal is read there without its worries."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.page_sessions import Guest, at_device_of
from support.provenance import Threads
from support.transcript_cases import BUS, DEMO_NAMES, words_inside

from cowork.analysis.proposals import outcomes, proposals
from cowork.core.access.participant_view import ParticipantView
from cowork.imports.demo import load_demo
from cowork.store import memory_record
from cowork.widgets import CardList


def cards_of(guest: Guest) -> dict[str, dict[str, Any]]:
    """Every card on the page that stands by itself, by its id, after a look at what is new."""
    guest.part(CardList)
    walls = [part for part in guest.session.shell.parts if isinstance(part, CardList)]
    return {card["id"]: card for wall in walls for card in wall.items}


@pytest.mark.parametrize("case", DEMO_NAMES)
def test_everybody_reads_each_worry_inside_what_it_is_about(case: str) -> None:
    record = memory_record()
    workshop, code = load_demo(record, case)
    state, read = record.state(workshop), 0
    for person in [one for one in state.participants() if state.takes_part(one)]:
        guest = at_device_of(record, workshop, person, code)
        guest.go("agreement")
        cards = cards_of(guest)
        seen = ParticipantView(state, person)
        found = [*outcomes(seen), *(one for one in proposals(seen) if one.contribution.id in cards)]
        for held, worries in [(one.contribution, one.worries) for one in found]:
            card = json.dumps(cards[held.id]["answers"], ensure_ascii=False)
            for words in words_inside(worries):
                assert json.dumps(words, ensure_ascii=False)[1:-1] in card, (case, held.text, words)
                read += 1
    assert read > 0 or case == BUS, "there are worries to be lost"


def test_a_proposal_that_is_open_is_read_with_its_worries_too() -> None:
    group = Threads()
    rule = {"rule": {"code": "talk"}, "levels": "five", "round": 1}
    proposal = group.add("fay", "proposal", {"text": "We ask each time", **rule})
    worry = {"sort": "worry", "lang": "en"}
    group.add("bo", "reservation", {"text": "Nights are thin", **worry}, ("talks-about", proposal))
    group.add("cy", "reservation", {"text": "Only with time", **worry}, ("talks-about", proposal))
    for guest in (group.fay, group.ada, group.bo):
        guest.go("agreement")
        answers = cards_of(guest)[proposal]["answers"]
        assert [answer["text"] for answer in answers] == ["Nights are thin", "Only with time"]


def asked_by(guest: Guest, root: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """How this guest is asked for their answer to a proposal: the act, and its fields by key."""
    act = next(one for one in cards_of(guest)[root]["acts"] if isinstance(one, dict) and one["name"] == "position")
    return act, {field["key"]: field["label"] for field in act["box"]["fields"]}


def answer(guest: Guest, root: str, level: str, **fields: str) -> None:
    about = asked_by(guest, root)[0]["about"]
    said = guest.send(guest.part(CardList), kind="position", box=f"act:{root}:position", about=about,
                      choices={"level": level}, fields=fields)  # fmt: skip
    assert said["done"] == "shared", said


def test_only_who_has_answered_a_proposal_is_asked_what_made_them_change() -> None:
    group = Threads()
    rule = {"rule": {"code": "talk"}, "levels": "five", "round": 1}
    proposal = group.add("fay", "proposal", {"text": "We ask each time", **rule})
    for guest in (group.ada, group.bo):
        guest.go("agreement")
        act, fields = asked_by(guest, proposal)
        assert list(fields) == ["worry"] and act["label"] == "Give my answer"
    one, two = (level["value"] for level in act["box"]["choices"][0]["options"][:2])
    answer(group.ada, proposal, two)
    act, fields = asked_by(group.ada, proposal)
    assert fields["text"] == "What made me change, if I like to say" and act["label"] != "Give my answer"
    assert "text" not in asked_by(group.bo, proposal)[1], "somebody else's answer is not mine"
    answer(group.ada, proposal, one, text="Bo told me about the nights")
    mine = next(point for point in cards_of(group.ada)[proposal]["points"] if point["label"] == "My answer")
    assert "Bo told me about the nights" in json.dumps(mine), "the answer holds why"


def test_who_answered_the_words_before_is_asked_what_made_them_change_by_the_new_ones() -> None:
    group = Threads()
    rule = {"rule": {"code": "talk"}, "levels": "five"}
    proposal = group.add("fay", "proposal", {"text": "We ask each time", "round": 1, **rule})
    group.ada.go("agreement")
    options = asked_by(group.ada, proposal)[0]["box"]["choices"][0]["options"]
    answer(group.ada, proposal, options[1]["value"])
    group.add("fay", "edit", {"text": "We ask each evening", "lang": "en", "round": 2, **rule}, ("replaces", proposal))
    for guest, fields in ((group.ada, ["worry", "text"]), (group.bo, ["worry"])):
        guest.go("agreement")
        act, found = asked_by(guest, proposal)
        assert act["label"] == "Give my answer" and list(found) == fields
    answer(group.ada, proposal, options[0]["value"], text="The evenings")
