"""Writing for someone: whose words they are, how close, whether read back; and what a scribe may never say for them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.analysis.meetings import meetings
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.core.fold import State
from cowork.text import translate
from cowork.widgets import CardList, Component, Dialog, Form, Prose


class Room:
    """Fay holds the workshop, Sol writes for others, Bo has a phone. Ann, Ben and Cay have none."""

    def __init__(self) -> None:
        self.fay = opened("Writing for others")
        self.sol, self.bo = self.fay.with_guest("Sol"), self.fay.with_guest("Bo")
        self.fay.go("people")
        assert self.act(self.fay, "Sol", "people-role", role="scribe")["done"] == "shared"
        self.sol.go("people")

    @property
    def state(self) -> State:
        return self.fay.record.state(self.fay.session.workshop)

    def add(self, name: str = "", part: str = "yes", **more: Any) -> dict[str, Any]:
        self.sol.go("people")
        fields = {"name": name, "own": more.pop("own", "")}
        return self.sol.send(self.sol.part(Form, "people"), fields=fields, choices={"part": part, **more})

    def card(self, guest: Guest, name: str) -> dict[str, Any]:
        return next(card for card in guest.part(CardList).items if card["text"] == name)

    def act(self, guest: Guest, name: str, act: str, fields: dict[str, str] | None = None, **chosen: Any) -> Any:
        """Press what stands on somebody's card, as its button does."""
        guest.session.go("people")
        card = self.card(guest, name)
        found = next(one for one in card["acts"] if one["name"] == act)
        choices = {**found["choices"], **chosen}
        box = f"act:{card['id']}:{act}"
        return guest.send(
            guest.part(CardList), box=box, kind=found["kind"], about=[], fields=fields or {}, choices=choices
        )

    def write_for(self, name: str, page: str = "intention", guest: Guest | None = None) -> None:
        guest = guest or self.sol
        assert self.act(guest, name, "people-write")["done"] == "shared"
        guest.go(page)

    def stop(self) -> None:
        """The way out of writing for somebody, as it stands in view on every page."""
        self.sol.session.shell.receive({"do": "stop-writing"})
        assert self.sol.session.writing_for == ""

    def id_of(self, name: str) -> str:
        return next(p for p in self.state.participants() if self.state.profile(p).get("name") == name)


@pytest.fixture
def room() -> Room:
    return Room()


def names(card: dict[str, Any]) -> list[str]:
    return [act if isinstance(act, str) else act["name"] for act in card["acts"]]


def main(guest: Guest, page: str) -> Form:
    """The page's own question, as the scribe stands before it: its box knows whose words they are."""
    guest.part(Component)
    whose = f"@{guest.session.writing_for}" if guest.session.writing_for else ""
    return guest.part(Form, f"{page}{whose}")


def wall(guest: Guest, text: str) -> dict[str, Any]:
    guest.part(Component)
    cards = [card for part in guest.session.shell.parts if isinstance(part, CardList) for card in part.items]
    return next(card for card in cards if card["text"] == text)


def press(guest: Guest, card: dict[str, Any], name: str) -> dict[str, Any]:
    act = next(one for one in card["acts"] if isinstance(one, dict) and one["name"] == name)
    return guest.send(guest.part(CardList), box=f"act:{card['id']}:{name}", kind=act["kind"], about=act["about"],
                      choices=act["choices"])  # fmt: skip


# ---- who may


def test_only_those_who_write_for_others_find_the_page(room: Room) -> None:
    room.bo.go("people")
    (only,) = room.bo.session.shell.parts
    assert isinstance(only, Prose)
    assert only.blocks[1]["p"] == translate("error.may_not", who="facilitator_scribe")
    assert "people" not in [link["key"] for link in room.bo.session.shell.more_nav]
    assert "people" in [link["key"] for link in room.sol.session.shell.more_nav]


def test_a_changed_browser_writes_for_nobody_gives_no_role_and_gets_no_code(room: Room) -> None:
    room.add("Ann")
    ann, before = room.id_of("Ann"), len(room.state.entries)
    room.bo.go("intention")
    answer = room.bo.share(main(room.bo, "intention"), "In Ann's mouth", choices={"for": ann})
    assert answer["done"] == "refused" and answer["message"] == translate("error.not_yours")
    acts = ("people-answers", "people-out", "people-in", "people-role", "people-write", "people-code")
    for name in acts:
        for part in (room.bo.part(CardList), room.bo.session.shell):
            room.bo.send(part, box=f"act:{ann}:{name}", kind="participant", fields={"name": "Anna"},
                         choices={"who": ann, "role": "facilitator", "for": ann, "part": "yes"})  # fmt: skip
    # A scribe is no facilitator either.
    for name in ("people-role", "people-code"):
        answer = room.sol.send(room.sol.part(CardList), box=f"act:{room.bo.session.me}:{name}", kind="participant",
                               choices={"who": room.bo.session.me, "role": "scribe"})  # fmt: skip
        assert answer["done"] == "refused"
    assert len(room.state.entries) == before
    assert room.bo.session.writing_for == ""


def test_a_scribe_answers_for_nobody_who_has_a_device_and_did_not_ask(room: Room) -> None:
    room.fay.go("intention")
    room.fay.share(main(room.fay, "intention"), "Why we are here")
    target = wall(room.fay, "Why we are here")["id"]
    proposal = room.fay.record.new_id()
    body = {"text": "We meet again", "rule": {"code": "consent"}, "levels": "five"}
    room.fay.record.append(room.state.workshop, Draft(proposal, "proposal", room.fay.session.me, body),
                           Actor(room.fay.session.me))  # fmt: skip
    answers: list[tuple[str, list[list[str]], dict[str, str]]] = [
        ("position", [["answers", proposal]], {"level": "want"}),
        ("stance", [["answers", target]], {"stance": "with"}),
    ]
    room.write_for("Bo")
    for kind, about, choices in answers:
        refused = room.sol.press(room.sol.part(CardList), kind, about, choices=choices)
        assert refused["done"] == "refused" and refused["message"] == translate("error.not_holder")
    room.bo.go("setting")
    room.bo.send(room.bo.part(Form, "setting:way"), choices={"way": "scribe"})
    for kind, about, choices in answers:
        assert room.sol.press(room.sol.part(CardList), kind, about, choices=choices)["done"] == "shared"
    assert {e.header.by for e in room.state.of_kind("position")} == {room.bo.session.me}


# ---- people without a device


def test_someone_without_a_device_is_entered_with_each_answer_apart_and_marked_so(room: Room) -> None:
    answer = room.add("Ann", own="a neighbour", **{"as": ["carer"]}, naming="named")
    assert answer["done"] == "shared" and answer["note"] == translate("people.added", name="Ann")
    ann, state = room.id_of("Ann"), room.state
    assert state.takes_part(ann)
    assert state.profile(ann)["perspectives"] == ["carer", "a neighbour"]
    assert state.consent(ann, "naming")["answer"] == "named"
    assert [e.data["way"] for e in state.of_person(ann, "attendance")] == ["room"]
    written = [state.entries[i] for i in state.by_person[ann]]
    assert len(written) == 5
    assert {(e.header.how, e.data["written_by"]) for e in written} == {("scribe", room.sol.session.me)}
    assert ParticipantView(state, "").participant_count() == 4


def test_without_a_yes_nothing_at_all_is_kept(room: Room) -> None:
    before = len(room.state.entries)
    assert room.add("Ann", part="no")["note"] == translate("join.part.no_after")
    for part in ("", "maybe"):
        assert room.add("Ann", part=part)["done"] == "refused"
    assert len(room.state.entries) == before


def test_a_name_that_somebody_here_has_and_a_name_too_long_are_answered_in_words(room: Room) -> None:
    assert room.add("bo")["message"] == translate("error.name_taken")
    assert room.add("N" * 81)["done"] == "refused"
    assert room.add("")["note"] == translate("people.added_unnamed")
    assert room.add("")["done"] == "shared"  # two may rather not be named


def test_sent_twice_somebody_is_entered_once(room: Room) -> None:
    item = room.fay.record.new_id()
    form = room.sol.part(Form, "people")
    for _ in range(2):
        answer = room.sol.send(form, id=item, fields={"name": "Ann", "own": ""}, choices={"part": "yes"})
        assert answer["done"] == "shared"
    assert [room.state.profile(p).get("name") for p in room.state.participants()].count("Ann") == 1


def test_the_list_begins_with_those_who_have_no_device_then_those_who_asked(room: Room) -> None:
    room.bo.go("setting")
    room.bo.send(room.bo.part(Form, "setting:way"), choices={"way": "scribe"})
    room.add("Ann")
    room.sol.go("people")
    cards = room.sol.part(CardList).items
    assert [card["text"] for card in cards] == [
        "Ann", "Bo", "Fay", translate("scribe.who.several"), translate("scribe.who.unknown")]  # fmt: skip
    assert translate("people.no_device") in cards[0]["note"] and translate("people.asked") in cards[1]["note"]
    assert cards[0]["acts"][0]["label"] == translate("people.write", name="Ann")
    assert "people-answers" not in names(cards[1])  # who has a device answers for themselves


def test_what_somebody_chose_can_be_changed_and_taking_part_ended_and_begun_again(room: Room) -> None:
    room.add("Ann", naming="named")
    ann = room.id_of("Ann")
    box = next(a["box"] for a in room.card(room.fay, "Ann")["acts"] if a["name"] == "people-answers")
    assert next(c for c in box["choices"] if c["key"] == "naming")["value"] == "named"
    room.act(room.sol, "Ann", "people-answers", {"name": "Anna", "own": ""}, naming="not", way="listen", **{"as": []})
    assert room.state.profile(ann)["name"] == "Anna" and room.state.consent(ann, "naming")["answer"] == "not"
    room.write_for("Anna")
    assert room.act(room.sol, "Anna", "people-out")["note"] == translate("people.out_done")
    assert not room.state.takes_part(ann) and room.sol.session.writing_for == ""
    assert names(room.card(room.sol, "Anna")) == ["people-in"]
    room.sol.go("intention")
    refused = room.sol.share(main(room.sol, "intention"), "After a no", choices={"for": ann})
    assert refused["done"] == "refused" and refused["message"] == translate("error.no_part")
    room.act(room.sol, "Anna", "people-in")
    assert room.state.takes_part(ann)


def test_several_together_and_nobody_known_are_made_once_and_never_counted(room: Room) -> None:
    before = ParticipantView(room.state, "").participant_count()
    for _ in range(2):
        room.write_for(translate("scribe.who.several"))
        several = room.sol.session.writing_for
        room.sol.share(main(room.sol, "intention"), "We all want the bus back")
        room.stop()
    room.write_for(translate("scribe.who.unknown"))
    room.sol.share(main(room.sol, "intention"), "Somebody said this")
    people = [room.state.profile(p).get("group") for p in room.state.participants()]
    assert people.count("several") == people.count("unknown") == 1
    assert ParticipantView(room.state, "").participant_count() == before
    room.bo.go("intention")
    card = wall(room.bo, "We all want the bus back")
    assert card["by"] == translate("scribe.who.several") and card["note"][0] == translate("scribe.entered_several")
    assert wall(room.bo, "Somebody said this")["note"][0] == translate("scribe.entered_unknown")
    # An id is no secret: whoever takes it for their own device does not become "several of us".
    eve = Guest(room.fay.record)
    eve.key["participant"] = several
    eve.join(room.fay.code, "Eve")
    assert eve.session.me != several


def test_a_return_code_lets_them_come_in_as_themselves_and_stands_in_no_trait(room: Room) -> None:
    room.add("Ann")
    room.fay.go("people")
    shown: list[dict[str, Any]] = []
    room.fay.part(Dialog).send = lambda message, *rest: shown.append(message)  # type: ignore[method-assign]
    card = room.card(room.fay, "Ann")
    assert press(room.fay, card, "people-code")["done"] == "shared"
    code, about = shown[-1]["show"]
    assert about == translate("people.code_hint")
    for part in (room.fay.session.shell, *room.fay.session.shell.parts):
        assert code not in json.dumps(part.get_state(), default=str)
    assert all(code not in str(e.body) for e in room.state.entries.values())
    assert "people-code" not in names(room.card(room.sol, "Ann"))
    phone = Guest(room.fay.record)
    phone.hello()
    form = next(p for p in phone.session.shell.parts if getattr(p, "box", "") == "door-return")
    phone.send(form, fields={"code": code})
    phone.hello(next(m["code"] for m in phone.said if m.get("do") == "entered"))
    assert phone.session.me == room.id_of("Ann")
    # From the first word of their own they speak for themselves, and their answers are theirs alone.
    phone.go("intention")
    phone.share(main(phone, "intention"), "Here I am")
    room.sol.go("people")
    assert names(room.card(room.sol, "Ann")) == ["people-write"]


# ---- writing for three people


def test_while_writing_for_someone_every_page_says_so_and_asks_how_close_the_words_are(room: Room) -> None:
    room.add("Ann")
    room.sol.go("dialogue")
    room.act(room.sol, "Ann", "people-write")
    assert room.sol.session.page == "dialogue"  # where the scribe came from
    for page in ("intention", "assets", "dialogue"):
        room.sol.go(page)
        assert room.sol.session.shell.writing_for == translate("scribing.now", name="Ann")
        assert [c["key"] for c in main(room.sol, page).choices if c["key"] in ("fidelity", "read_back", "seen")] == [
            "fidelity",
            "read_back",
        ]
    room.sol.go("people")
    assert room.card(room.sol, "Ann")["tag"] == translate("people.now")
    room.stop()
    assert room.sol.session.shell.writing_for == "" and room.sol.session.page == "people"


def test_one_scribe_enters_for_three_people_on_three_pages_in_their_own_names(room: Room) -> None:
    said = {"Ann": "I want the bus", "Ben": "I want to be asked", "Cay": "I listen, mostly"}
    for name, words in said.items():
        room.add(name)
        room.write_for(name)
        for page in ("intention", "assets", "dialogue"):
            room.sol.go(page)
            choices = {"fidelity": "exact-words", "read_back": "no"}
            assert room.sol.share(main(room.sol, page), f"{words} ({page})", choices=choices)["done"] == "shared"
    for page in ("intention", "assets", "dialogue"):
        room.bo.go(page)
        for name, words in said.items():
            card = wall(room.bo, f"{words} ({page})")
            assert card["by"] == name and not card["mine"]
            assert card["note"] == [
                translate("common.entered_for", name=name),
                translate("common.written_down_by", name="Sol"),
                translate("scribe.fidelity.exact"),
                translate("scribe.back.not_now"),
            ]
    seen = ParticipantView(room.state, "")
    assert len({c.author for c in seen.contributions()}) == 3
    # The scribe's own words are their own again.
    room.stop()
    room.sol.go("intention")
    room.sol.share(main(room.sol, "intention"), "My own")
    assert wall(room.sol, "My own")["mine"]


def test_what_was_entered_is_changed_and_taken_back_in_their_name_and_in_nobody_elses(room: Room) -> None:
    for name in ("Ann", "Ben"):
        room.add(name)
        room.write_for(name)
        room.sol.share(main(room.sol, "intention"), f"{name} said so", choices={"fidelity": "exact-words"})
    card = wall(room.sol, "Ann said so")
    assert not {"change", "take", "erase"} & set(names(card))  # now the scribe writes for Ben
    refused = room.sol.press(room.sol.part(CardList), "withdrawal", [["withdraws", card["id"]]])
    assert refused["done"] == "refused"
    room.write_for("Ann")
    card = wall(room.sol, "Ann said so")
    assert {"change", "take", "erase"} <= set(names(card))
    about = [["replaces", i] for i in card["current"]]
    assert room.sol.press(room.sol.part(CardList), "edit", about, text="Ann said it better")["done"] == "shared"
    card = wall(room.sol, "Ann said it better")
    assert {e.header.by for e in room.state.history(card["id"])} == {room.id_of("Ann")}
    assert room.sol.press(room.sol.part(CardList), "withdrawal", [["withdraws", card["id"]]])["done"] == "shared"
    room.bo.go("intention")
    assert [c["text"] for c in room.bo.part(CardList).items] == ["Ben said so"]


def test_a_press_that_comes_late_is_in_the_name_of_whom_it_was_made_for(room: Room) -> None:
    room.add("Ann")
    ann = room.id_of("Ann")
    room.write_for("Ann")
    room.sol.share(main(room.sol, "intention"), "I want the bus")
    card = wall(room.sol, "I want the bus")
    room.stop()
    room.sol.go("intention")
    about = [["withdraws", one] for one in card["current"]]
    answer = room.sol.press(room.sol.part(CardList), "withdrawal", about, choices={"for": ann})
    assert answer["done"] == "shared"
    (taken,) = (room.state.entries[one] for one in room.state.by_kind["withdrawal"])
    assert (taken.header.by, taken.data["written_by"]) == (ann, room.sol.session.me)


def test_words_typed_by_someone_themselves_are_not_a_scribes_to_change(room: Room) -> None:
    room.bo.go("intention")
    room.bo.share(main(room.bo, "intention"), "I typed this")
    room.write_for("Bo")
    card = wall(room.sol, "I typed this")
    assert not {"change", "take", "erase"} & set(names(card))
    for kind, relation in (("edit", "replaces"), ("withdrawal", "withdraws"), ("erasure", "erases")):
        answer = room.sol.press(room.sol.part(CardList), kind, [[relation, card["id"]]], text="Other words")
        assert answer["done"] == "refused"


def test_words_read_back_later_say_so_and_new_words_are_to_be_read_back_again(room: Room) -> None:
    room.add("Ann")
    room.write_for("Ann")
    room.sol.share(main(room.sol, "intention"), "I want the bus", choices={"read_back": "no"})
    room.stop()  # later, going round: without choosing a person first
    card = wall(room.sol, "I want the bus")
    assert translate("scribe.back.not_now") in card["note"] and "read-back" in names(card)
    room.bo.go("intention")
    assert "read-back" not in names(wall(room.bo, "I want the bus"))
    assert press(room.sol, card, "read-back")["done"] == "shared"
    (check,) = room.state.of_kind("check")
    assert (check.header.by, check.header.how) == (room.id_of("Ann"), "scribe")
    note = wall(room.bo, "I want the bus")["note"]
    assert translate("scribe.back.not_now") not in note and any(line.startswith("Read back") for line in note)
    assert "read-back" not in names(wall(room.sol, "I want the bus"))
    assert not meetings(ParticipantView(room.state, ""))  # to hear one's own words again is no meeting of elements
    room.write_for("Ann")
    about = [["replaces", card["id"]]]
    room.sol.press(room.sol.part(CardList), "edit", about, text="I want the early bus", choices={"read_back": "no"})
    assert translate("scribe.back.not_now") in wall(room.bo, "I want the early bus")["note"]


def test_only_they_and_their_scribe_can_say_that_those_are_their_words(room: Room) -> None:
    room.write_for("Bo")
    room.sol.share(main(room.sol, "intention"), "Bo said this aloud")
    room.stop()
    room.sol.go("intention")
    card = wall(room.sol, "Bo said this aloud")
    assert "read-back" not in names(card)  # Bo has a phone: it is Bo's to press
    check = {"kind": "check", "about": [["checks", card["id"]]], "choices": {"result": "yes"}}
    for guest in (room.sol, room.fay):
        guest.go("intention")
        for whose in ("", room.bo.session.me):
            choices = {"result": "yes", **({"for": whose} if whose else {})}
            answer = guest.send(guest.part(CardList), **{**check, "box": f"act:{card['id']}:x", "choices": choices})
            assert answer["done"] == "refused"
    room.bo.go("intention")
    assert press(room.bo, wall(room.bo, "Bo said this aloud"), "read-back")["done"] == "shared"
    assert any(line.startswith("Read back") for line in wall(room.fay, "Bo said this aloud")["note"])


def test_the_same_words_entered_twice_by_two_people_are_both_kept_and_said_to_be_alike(room: Room) -> None:
    room.add("Ann")
    room.write_for("Ann")
    room.sol.share(main(room.sol, "intention"), "I want the bus back.")
    room.write_for("Ann", guest=room.fay)
    room.fay.share(main(room.fay, "intention"), "i want the bus  back")
    room.bo.go("intention")
    assert [translate("scribe.same") in card["note"] for card in room.bo.part(CardList).items] == [True, True]
    room.sol.share(main(room.sol, "intention"), "Something else altogether")
    assert translate("scribe.same") not in wall(room.bo, "Something else altogether")["note"]


def test_the_same_words_by_one_scribe_for_two_people_are_two_peoples_words(room: Room) -> None:
    for name in ("Ann", "Ben"):
        room.add(name)
        room.write_for(name)
        room.sol.share(main(room.sol, "intention"), "I want the bus back")
    room.bo.go("intention")
    assert not any(translate("scribe.same") in card["note"] for card in room.bo.part(CardList).items)


def test_a_name_not_wanted_beside_the_words_is_not_told_by_the_mark_either(room: Room) -> None:
    room.add("Ann")
    room.write_for("Ann")
    room.sol.share(main(room.sol, "intention"), "I want the bus", choices={"shown": "none"})
    room.bo.go("intention")
    card = wall(room.bo, "I want the bus")
    assert card["note"][0] == translate("scribe.entered_unnamed") and "Ann" not in json.dumps(card)


def test_how_someone_without_a_device_takes_part_is_entered_on_the_page_how_we_meet(room: Room) -> None:
    room.add("Ann")
    room.write_for("Ann", "setting")
    form = room.sol.part(Form, f"setting:way@{room.id_of('Ann')}")
    assert form.question == translate("setting.way_h_for", name="Ann") and form.choices[0]["value"] == "room"
    assert room.sol.send(form, choices={"way": "later"})["done"] == "shared"
    assert [e.data["way"] for e in room.state.of_person(room.id_of("Ann"), "attendance")] == ["room", "later"]
    room.write_for("Bo", "setting")
    assert not [p for p in room.sol.session.shell.parts if getattr(p, "box", "").startswith("setting:way")]


# ---- roles


def test_a_facilitator_gives_one_role_and_ends_it_and_the_openers_stays(room: Room) -> None:
    bo = room.bo.session.me
    for role in ("observer", "scribe", "facilitator", "none"):
        assert room.act(room.fay, "Bo", "people-role", role=role)["done"] == "shared"
        assert room.state.roles(bo) == ({role} - {"none"})
        notes = room.card(room.fay, "Bo")["note"]
        assert notes == ([translate(f"people.role.{role}")] if role != "none" else [])
    room.act(room.fay, "Bo", "people-role", role="facilitator")
    room.bo.go("people")
    assert "people-role" not in names(room.card(room.bo, "Fay"))
    for choices in (
        {"who": room.fay.session.me, "role": "none"},
        {"who": bo, "role": "none"},
        {"who": bo, "role": "x"},
    ):
        answer = room.bo.send(room.bo.part(CardList), box=f"act:{bo}:people-role", kind="participant", choices=choices)
        assert answer["done"] == "refused"
    assert "facilitator" in room.state.roles(room.fay.session.me)


def test_a_scribe_whose_role_has_ended_writes_for_nobody_any_more(room: Room) -> None:
    room.add("Ann")
    room.write_for("Ann")
    ask = main(room.sol, "intention")
    room.act(room.fay, "Sol", "people-role", role="none")
    refused = room.sol.share(ask, "Still writing")
    assert refused["done"] == "refused"
    room.sol.go("dialogue")
    assert not getattr(room.sol.session.shell.parts[0], "box", "").startswith("people")
