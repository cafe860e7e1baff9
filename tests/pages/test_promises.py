"""What the words on the pages promise about who sees what, asked of everything a browser could be sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.store import Record, credentials, memory_record
from cowork.text import translate
from cowork.widgets import CardList, Dialog, Form, Wheels

PAGES = ("start", "intention", "dialogue", "journey", "choices")


def sent_to(guest: Guest, page: str, at: str = "") -> str:
    """All that a page gives to this guest's browser: every trait of every component, and every message."""
    guest.said.clear()
    guest.session.go(page, at)
    if guest.session.feed:
        guest.session.feed.poll()
    shell = guest.session.shell
    # Not the ids of components, which are new for each page, and not what every browser gets alike.
    left_out = {"_esm", "_css", "words", "parts", "layout", "comm"}
    states = [{k: v for k, v in part.get_state().items() if k not in left_out} for part in (shell, *shell.parts)]
    return json.dumps([states, guest.said], ensure_ascii=False, default=str, sort_keys=True)


def everything(guest: Guest, at: str = "") -> dict[str, str]:
    return {page: sent_to(guest, page, at) for page in PAGES}


class Group:
    def __init__(self, record: Record | None = None) -> None:
        self.fay = opened("Promises", record=record)
        self.ali = self.fay.with_guest("Ali")
        self.bo = self.fay.with_guest("Bo")
        self.ali.go("intention")
        self.ali.share(self.ali.part(Form), "Words for all")

    @property
    def record(self) -> Record:
        return self.fay.record

    @property
    def workshop(self) -> str:
        return self.fay.session.workshop

    def mine(self) -> dict[str, Any]:
        self.ali.go("intention")
        return dict(self.ali.part(CardList).items[0])


@pytest.fixture
def group() -> Group:
    return Group()


def only_me(group: Group) -> None:
    group.ali.go("intention")
    group.ali.share(group.ali.part(Form), "PRIVATE words", choices={"seen": "only-me"})


def private_talk(group: Group) -> None:
    group.ali.go("dialogue")
    group.ali.share(group.ali.part(Form, "dialogue"), "PRIVATE talk", choices={"seen": "only-me"})


def private_talk_about(group: Group) -> None:
    card = group.mine()
    about = [["talks-about", card["id"]]]
    group.ali.press(group.ali.part(CardList), "utterance", about, text="PRIVATE answer", choices={"seen": "only-me"})


def private_change(group: Group) -> None:
    only_me(group)
    card = group.mine()
    group.ali.press(group.ali.part(CardList), "edit", [["replaces", i] for i in card["current"]], text="PRIVATE again")


def research(group: Group) -> None:
    group.ali.go("choices")
    answer = group.ali.send(group.ali.part(Form, "my-choices"), fields={"name": "Ali"}, choices={"research": "yes"})
    assert answer["done"] == "shared"


def return_code(group: Group) -> None:
    credentials.new_return_code(group.record, group.workshop, group.ali.session.me)


@pytest.mark.parametrize("act", [only_me, private_talk, private_talk_about, private_change, research, return_code])
def test_what_somebody_keeps_to_themselves_changes_nothing_that_others_are_sent(
    group: Group, act: Callable[[Group], None]
) -> None:
    """Not a word, not a count, not an order: what the others are sent is the same, sign by sign."""
    before = everything(group.bo), everything(group.fay)
    at = len(group.record.state(group.workshop).entries)
    act(group)
    fresh = [e.id for e in list(group.record.state(group.workshop).entries.values())[at:]]
    assert (everything(group.bo), everything(group.fay)) == before
    for entry_id in fresh:  # nor does asking for it by its id
        for page in PAGES:
            assert "PRIVATE" not in sent_to(group.bo, page, entry_id)


def take_back(group: Group) -> None:
    group.ali.press(group.ali.part(CardList), "withdrawal", [["withdraws", group.mine()["id"]]])


def erase(group: Group) -> None:
    group.ali.press(group.ali.part(CardList), "erasure", [["erases", group.mine()["id"]]])


def hide(group: Group) -> None:
    card = group.mine()
    group.fay.go("intention")
    group.fay.press(group.fay.part(CardList), "hide", [["hides", card["id"]]])


@pytest.mark.parametrize(("act", "who"), [(take_back, ("bo", "fay")), (erase, ("bo", "fay", "ali")), (hide, ("bo",))])
def test_words_that_were_taken_back_hidden_or_erased_are_sent_to_nobody_and_counted_nowhere(
    act: Callable[[Group], None], who: tuple[str, ...]
) -> None:
    group = Group()
    card = group.mine()
    about = [["replaces", card["id"]]]
    group.ali.press(group.ali.part(CardList), "edit", about, text="Words for all, changed")
    group.bo.go("intention")
    about = [["talks-about", card["id"]]]
    group.bo.press(group.bo.part(CardList), "utterance", about, text="What Bo said about it")
    act(group)
    for name in who:
        guest: Guest = getattr(group, name)
        for page, sent in everything(guest, card["id"]).items():
            assert "Words for all" not in sent, (name, page)
            assert "Words were here" not in sent and "1 written" not in page
        guest.go("journey")
        rows = {row["key"]: row["wrote"] for row in guest.part(Wheels).rows}
        assert rows["intention"] == translate("journey.nothing")
        assert rows["dialogue"] == "1 written"
    assert "What Bo said about it" in sent_to(group.bo, "dialogue")
    assert translate("dialogue.about_none") in sent_to(group.bo, "dialogue")


def alone(group: Group) -> None:
    group.fay.go("intention")
    group.fay.send(group.fay.part(Form, "alone-intention"))


def test_words_written_alone_reach_everyone_at_the_reveal_also_who_only_listens(group: Group) -> None:
    before = everything(group.bo)["intention"].count("written")
    alone(group)
    group.ali.go("intention")
    ask = group.ali.part(Form, "intention")
    # The line under the box is the one that is true now, and only that one.
    assert ask.seen_by_choice["seen"]["group"][0] == translate("seen.reveal", name="Fay")
    assert [option["value"] for option in ask.choices[-1]["options"]] == ["group", "only-me"]
    group.ali.share(ask, "UNREVEALED words", choices={"seen": "group"})
    for guest in (group.bo, group.fay):
        for page, sent in everything(guest).items():
            assert "UNREVEALED" not in sent, page
    assert everything(group.bo)["intention"].count("written") == before
    alone(group)
    assert "UNREVEALED words" in sent_to(group.bo, "intention")  # Bo has written nothing


def test_words_for_the_group_from_a_screen_that_has_not_heard_of_writing_alone_wait_for_the_reveal_too(
    group: Group,
) -> None:
    group.ali.go("intention")
    ask = group.ali.part(Form, "intention")
    only_me(group)
    card = group.mine()
    ask = group.ali.part(Form, "intention")
    alone(group)
    group.ali.share(ask, "UNREVEALED, sent as if nothing had begun", choices={"seen": "group"})
    share_now = next(act for act in card["acts"] if isinstance(act, dict))
    group.ali.press(group.ali.part(CardList), "edit", share_now["about"], text="UNREVEALED", choices={"seen": "group"})
    for sent in everything(group.bo).values():
        assert "UNREVEALED" not in sent
    alone(group)
    assert sent_to(group.bo, "intention").count("UNREVEALED") >= 2


def test_an_answer_to_writing_alone_that_was_lost_does_not_turn_it_off_again(group: Group) -> None:
    group.fay.go("intention")
    switch = group.fay.part(Form, "alone-intention")
    item = group.record.new_id()
    for _ in range(2):
        assert group.fay.send(switch, id=item)["done"] == "shared"
    assert group.record.state(group.workshop).reveal_status("intention")[0]


def test_nothing_is_written_before_a_yes_and_nothing_after_a_no(group: Group) -> None:
    def held() -> tuple[int, list[tuple[str, str, str]]]:
        with group.record.backend.reading() as rows:
            return rows.last_position(group.workshop), rows.credentials()

    before = held()
    guest = Guest(group.record)
    for page in ("", *PAGES):
        guest.hello(group.fay.code, page)
        assert guest.session.page == "join"
    form = next(p for p in guest.session.shell.parts if getattr(p, "box", "") == "door-join")
    for choices in ({}, {"part": "no"}, {"part": "maybe"}, {"part": ["yes"]}):
        answer = guest.send(form, fields={"name": "Curious"}, choices=choices)
        said = "Thank you for letting us know" if choices == {"part": "no"} else "Please choose an answer"
        assert str(answer.get("note") or answer.get("message")).startswith(said)
        assert held() == before
    refused = guest.share(guest.session.shell, "Words without a yes", box="intention", kind="intention")
    assert refused["done"] == "refused" and held() == before


def test_research_is_asked_only_where_the_workshop_is_used_for_it_and_later_is_no() -> None:
    record = memory_record()
    group = Group(record)
    assert "research" not in sent_to(group.bo, "choices").replace("researcher", "")
    who, workshop = record.new_id(), record.new_id()
    body = {"title": "For research", "code": "STUDY-222", "languages": ["en"], "research": True}
    record.open_workshop(Draft(workshop, "workshop", who, body), Actor(who))
    ann, ben = Guest(record), Guest(record)
    ann.join("STUDY-222", "Ann", research="yes")
    ben.join("STUDY-222", "Ben")
    state = record.state(workshop)
    assert state.consent(ann.session.me, "research")["answer"] == "yes"
    assert state.consent(ben.session.me, "research").get("answer", "later") == "later"
    assert {e.header.seen_by for e in state.of_kind("consent") if e.data["question"] == "research"} <= {"only-me"}
    ben.go("choices")
    asked = next(c for c in ben.part(Form, "my-choices").choices if c["key"] == "research")
    assert asked["value"] == "later" and asked["options"][-1]["hint"] == translate("join.research.later_hint")


def test_a_mark_that_we_talked_holds_no_words_whatever_is_sent_with_it(group: Group) -> None:
    card = group.mine()
    group.fay.go("intention")
    group.fay.press(group.fay.part(CardList), "talked", [["talks-about", card["id"]]])
    assert translate("dialogue.talked_short") in sent_to(group.bo, "journey")
    marks = group.record.state(group.workshop).of_kind("talked")
    assert [set(mark.data) <= {"claimed_at"} for mark in marks] == [True]


def test_what_waits_without_a_seal_shows_the_facilitator_only_what_its_group_could_see() -> None:
    group = Group()
    record, workshop = group.record, group.workshop
    copy = memory_record()
    copy.merge(record)  # as an export: its own writers, no key
    with copy.backend.writing() as rows:
        rows.keys.clear()  # type: ignore[attr-defined]
    there = Guest(copy)
    there.join(group.fay.code, "Una")
    there.go("intention")
    there.share(there.part(Form), "WAITING for all")
    there.share(there.part(Form), "PRIVATE in the copy", choices={"seen": "only-me"})
    there.share(there.part(Form), "TAKEN in the copy")
    taken = there.part(CardList).items[0]
    assert taken["text"] == "TAKEN in the copy"
    there.press(there.part(CardList), "withdrawal", [["withdraws", taken["id"]]])
    record.merge(copy)
    assert len(record.pending_entries(workshop)) >= 3
    sent = sent_to(group.fay, "start")
    assert "WAITING for all" in sent
    assert "PRIVATE" not in sent and "TAKEN" not in sent
    form = group.fay.part(Form, "waiting")
    assert group.fay.send(form, choices={"what": "in"})["done"] == "shared"
    assert {c.text for c in ParticipantView(record.state(workshop), "").contributions()} == {
        "Words for all",
        "WAITING for all",
    }


def pressed(guest: Guest, button: str) -> str:
    """Press yes in the dialog behind this button on My choices; what it shows then."""
    guest.go("choices")
    box = next(p for p in guest.session.shell.parts if isinstance(p, Dialog) and p.button == translate(button))
    guest._listen(box)
    box.receive({"do": "yes"})
    return str(guest.said[-1]["show"][0])


def test_erase_everything_i_wrote_leaves_no_word_of_mine_in_any_entry(group: Group) -> None:
    ali, me = group.ali, group.ali.session.me
    state = group.record.state(group.workshop)
    root = group.mine()["id"]
    of_bo = group.record.new_id()
    group.record.append(
        group.workshop, Draft(of_bo, "proposal", group.bo.session.me, {"text": "Bo's"}), Actor(group.bo.session.me)
    )
    for kind, body, about in [
        ("context", {"field": "ground", "text": "zebrafinch ground"}, ()),
        ("edit", {"text": "zebrafinch wording"}, (("replaces", of_bo),)),
        ("withdrawal", {"text": "zebrafinch reason"}, (("withdraws", root),)),
        ("participant", {"perspectives": ["zebrafinch nurse"]}, ()),
        ("participant", {"name": "Ali Zebrafinch"}, ()),
    ]:
        group.record.append(group.workshop, Draft(group.record.new_id(), kind, me, body, about), Actor(me))

    def left() -> list[str]:
        return [e.kind for e in state.entries.values() if "zebrafinch" in (e.body or "").casefold()]

    assert len(left()) == 5
    assert pressed(ali, "erase.all") == translate("receipt.here")
    assert left() == ["participant"]
    assert state.entries[of_bo].data["text"] == "Bo's"
    assert pressed(ali, "erase.name") == translate("receipt.here")
    assert left() == []
