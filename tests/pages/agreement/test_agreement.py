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
from cowork.widgets import CardList, Form


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


def open_proposal() -> tuple[Threads, str]:
    group = Threads()
    rule = {"rule": {"code": "talk"}, "levels": "five", "round": 1}
    return group, group.add("fay", "proposal", {"text": "We ask each time", **rule})


def acts_of(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {act["name"]: act for act in card["acts"] if isinstance(act, dict)}


def test_what_made_me_change_is_asked_only_for_another_answer_than_before() -> None:
    group, proposal = open_proposal()
    group.ada.go("agreement")
    levels = [level["value"] for level in asked_by(group.ada, proposal)[0]["box"]["choices"][0]["options"]]
    answer(group.ada, proposal, levels[1])
    box = asked_by(group.ada, proposal)[0]["box"]
    why = next(field for field in box["fields"] if field["key"] == "text")
    assert why["when"] == {"level": [level for level in levels if level != levels[1]]}


def test_nobody_is_asked_to_answer_a_worry_of_their_own() -> None:
    group, proposal = open_proposal()
    about = ("talks-about", proposal)
    worry = group.add("bo", "reservation", {"text": "Nights are thin", "sort": "worry", "lang": "en"}, about)
    for guest, asked in ((group.ada, True), (group.bo, False)):
        guest.go("agreement")
        card = next(one for one in cards_of(guest)[proposal]["answers"] if one["id"] == worry)
        assert ("worry-answer" in acts_of(card)) is asked


def test_who_takes_the_question_with_them_is_asked_only_where_one_stays() -> None:
    group, proposal = open_proposal()
    group.fay.go("agreement")
    box = acts_of(cards_of(group.fay)[proposal])["end"]["box"]
    asked = {field["key"]: field.get("when") for field in box["fields"]}
    assert asked == {"text": None, "next": {"outcome": ["difference", "open-question"]}}


def test_what_comes_next_stands_beside_the_answer_of_who_leads_and_has_not_answered() -> None:
    group, proposal = open_proposal()

    def near(guest: Guest) -> list[str]:
        guest.go("agreement")
        return list(cards_of(guest)[proposal]["near"])

    assert (near(group.fay), near(group.bo)) == (["position", "reveal"], ["position", "worry"])
    group.add("fay", "setting", {}, ("reveals", proposal))
    assert (near(group.fay), near(group.bo)) == (["position", "end"], ["position", "worry"])


def test_those_who_decide_can_answer_that_they_will_or_are_looking_at_it() -> None:
    group = Threads()
    ended = group.add("fay", "outcome", {"text": "Ring on Saturdays", "outcome": "difference", "lang": "en"})
    group.fay.go("agreement")
    act, box = acts_of(cards_of(group.fay)[ended])["response"], f"act:{ended}:response"
    assert [option["value"] for option in act["box"]["choices"][0]["options"]] == ["will", "looking", "did", "did-not"]
    said = group.fay.send(group.fay.part(CardList), kind="response", box=box, about=act["about"],
                          choices={"did": "looking"}, fields={"text": "In May", "on_behalf_of": "Us"})  # fmt: skip
    assert said["done"] == "shared", said
    assert "We are looking at it" in json.dumps(cards_of(group.fay)[ended])


def test_the_forms_are_closed_and_an_open_proposal_comes_before_them() -> None:
    group, proposal = open_proposal()
    group.ada.go("agreement")
    parts = list(group.ada.session.shell.parts)
    by_box = {getattr(part, "box", ""): part for part in parts}
    put, keep = by_box["agreement"], by_box["agreement:ending"]
    assert isinstance(put, Form) and isinstance(keep, Form)
    assert put.opener == "Put a proposal" and keep.opener and not put.opened and put.quiet_button
    walls = [part for part in parts if isinstance(part, CardList)]
    assert proposal in {card["id"] for card in walls[0].items} and parts.index(walls[0]) < parts.index(put)
    words = group.add("bo", "utterance", {"text": "Nobody asked", "lang": "en"})
    group.ada.go("agreement", words)
    opened = group.ada.part(Form, "agreement")
    assert opened.opened and opened.picks[0]["opened"], "a link has led to words to propose from"
