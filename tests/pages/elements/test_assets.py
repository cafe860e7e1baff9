"""Assets: what we can work with and would need, told apart; and nothing about anybody before they say yes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.analysis.meetings import meetings
from cowork.core.access.disclosure import DisclosedView
from cowork.core.access.participant_view import ParticipantView
from cowork.core.fold import fold
from cowork.pages.registry import pages
from cowork.store import open_record
from cowork.store.export import export_workshop
from cowork.text import translate
from cowork.widgets import CardList, Form


class Room:
    """Fay holds a workshop; Ali, Bo and Cy are at the page."""

    def __init__(self) -> None:
        self.fay = opened("Assets")
        self.ali, self.bo, self.cy = (self.fay.with_guest(name) for name in ("Ali", "Bo", "Cy"))
        for guest in (self.fay, self.ali, self.bo, self.cy):
            guest.go("assets")
        self.record, self.workshop = self.fay.record, self.fay.session.workshop

    def offer(self, guest: Guest, text: str, **choices: Any) -> dict[str, Any]:
        answer = guest.share(guest.part(Form, "assets"), text, choices=choices)
        assert answer["done"] == "shared", answer
        return self.card(guest, text)

    def need(self, guest: Guest, text: str, **choices: Any) -> dict[str, Any]:
        assert guest.share(guest.part(Form, "assets:need"), text, choices=choices)["done"] == "shared"
        return self.card(guest, text)

    def sees(self, guest: Guest, who: Guest, text: str, **more: Any) -> dict[str, Any]:
        choices = {"scope": "other", "who": who.session.me, **more}
        return guest.share(guest.part(Form, "assets"), text, choices=choices)

    def cards(self, guest: Guest) -> list[dict[str, Any]]:
        guest.part(CardList)  # a look at what is new
        return [card for part in guest.session.shell.parts if isinstance(part, CardList) for card in part.items]

    def card(self, guest: Guest, text: str) -> dict[str, Any]:
        return next(card for card in self.cards(guest) if card["text"] == text)

    def texts(self, guest: Guest) -> list[str]:
        return [card["text"] for card in self.cards(guest)]

    def press(self, guest: Guest, card: dict[str, Any], name: str, **choices: Any) -> dict[str, Any]:
        """Press a card's own act, as its button does."""
        act = next(a for a in card["acts"] if isinstance(a, dict) and a["name"] == name)
        return guest.send(
            guest.part(CardList),
            box=f"act:{card['id']}:{name}",
            kind=act["kind"],
            about=act["about"],
            choices={**act.get("choices", {}), **choices},
        )


@pytest.fixture
def room() -> Room:
    return Room()


def names(card: dict[str, Any]) -> list[str]:
    return [act if isinstance(act, str) else act["name"] for act in card["acts"]]


def sent_to(guest: Guest) -> str:
    """All that every page gives to this guest's browser."""
    guest.said.clear()
    found = []
    for key in [p.key for p in pages().values() if not p.front and p.key != "join"]:
        guest.session.go(key)
        left_out = {"_esm", "_css", "words", "parts", "layout", "comm"}
        parts = (guest.session.shell, *guest.session.shell.parts)
        found += [{k: v for k, v in part.get_state().items() if k not in left_out} for part in parts]
    return json.dumps([found, guest.said], ensure_ascii=False, default=str, sort_keys=True)


# ---- what we have, and what we would need


def test_what_people_bring_and_what_we_would_need_stand_apart_and_say_what_they_are(room: Room) -> None:
    room.offer(room.ali, "A van")
    room.offer(room.ali, "Two languages", scope="group", sort="know")
    room.offer(room.bo, "The hall is empty on Fridays", scope="chance")
    room.need(room.bo, "A driver")
    room.cards(room.cy)
    have, needs = (part for part in room.cy.session.shell.parts if isinstance(part, CardList))
    assert (
        have.heading == f"{translate('assets.wall_have')} (3)"
        and needs.heading == f"{translate('assets.wall_need')} (1)"
    )
    assert {card["text"]: card["tag"] for card in have.items} == {
        "A van": translate("assets.label.offer"),
        "Two languages": f"{translate('assets.label.group')} · {translate('assets.kind.know')}",
        "The hall is empty on Fridays": translate("assets.label.chance"),
    }
    assert [card["text"] for card in needs.items] == ["A driver"]


def test_each_box_says_who_will_see_it_and_that_it_can_be_taken_back(room: Room) -> None:
    for box in ("assets", "assets:need"):
        ask = room.bo.part(Form, box)
        assert ask.seen_by_choice["seen"]["group"] == [translate("seen.group"), translate("seen.back")]
        assert ask.seen_by_choice["seen"]["only-me"] == [translate("seen.me")]
    lines = room.bo.part(Form, "assets").seen_by_choice["scope"]["other"]
    assert lines == [translate("assets.for_other_seen"), translate("seen.back")]
    answer = room.ali.share(room.ali.part(Form, "assets:need"), "Only mine", choices={"seen": "only-me"})
    assert answer["note"] == translate("state.saved_as_private") and "Only mine" not in room.texts(room.bo)


def test_words_left_on_the_device_reach_their_own_box_when_another_page_is_open(room: Room) -> None:
    room.bo.go("intention")
    for box, text in (("assets", "A van"), ("assets:need", "A driver")):
        assert room.bo.share(room.bo.session.shell, text, box=box, choices={"scope": "chance"})["done"] == "shared"
    assert room.card(room.ali, "A van")["tag"] == translate("assets.label.chance")
    assert room.card(room.ali, "A driver")["kind"] == "need"


def test_a_kind_that_is_none_of_ours_is_refused(room: Room) -> None:
    for choices in ({"scope": "mine"}, {"scope": ["offer"]}, {"sort": "money"}):
        answer = room.bo.share(room.bo.part(Form, "assets"), "A van", choices=choices)
        assert answer["done"] == "refused" and answer["message"] == translate("error.no_choice")


def test_a_changed_offer_stays_what_it_was(room: Room) -> None:
    card = room.offer(room.ali, "A van", scope="group", sort="place")
    room.ali.press(room.ali.part(CardList), "edit", [["replaces", card["id"]]], text="A white van")
    assert room.card(room.bo, "A white van")["tag"] == card["tag"]


# ---- an asset may meet a need


def test_an_asset_is_tied_to_the_need_it_could_meet_and_both_say_so(room: Room) -> None:
    need, van = room.need(room.ali, "Someone who drives"), room.offer(room.bo, "A van")
    act = next(a for a in room.card(room.cy, "A van")["acts"] if isinstance(a, dict) and a["name"] == "meets")
    assert [o["label"] for o in act["box"]["choices"][0]["options"]] == ["Someone who drives"]
    assert room.press(room.cy, room.card(room.cy, "A van"), "meets", need=need["id"])["done"] == "shared"
    point = room.card(room.ali, "Someone who drives")["points"][0]
    assert (point["label"], point["text"]) == (translate("assets.met_by"), "A van")
    assert point["href"].endswith(f"page=assets&at={van['id']}")
    assert room.card(room.ali, "A van")["points"][0]["label"] == translate("assets.could_meet")
    # What is tied already is not offered again, and whoever tied it can undo that.
    assert "meets" not in names(room.card(room.cy, "A van"))
    assert "meets-not-0" not in names(room.card(room.ali, "A van"))
    assert room.press(room.cy, room.card(room.cy, "A van"), "meets-not-0")["done"] == "shared"
    assert room.card(room.ali, "Someone who drives")["points"] == []


def test_tying_is_refused_where_there_is_no_such_need_or_asset(room: Room) -> None:
    need, van = room.need(room.ali, "A driver"), room.offer(room.bo, "A van")
    secret = room.need(room.ali, "A secret need", seen="only-me")
    wall = room.bo.part(CardList)
    for source, wanted in ((van, van["id"]), (van, ""), (van, secret["id"]), (need, need["id"])):
        answer = room.bo.send(
            wall,
            box=f"act:{van['id']}:meets",
            kind="link",
            about=[["from", source["id"]]],
            choices={"need": wanted},
        )
        assert answer["done"] == "refused"
    assert room.record.state(room.workshop).of_kind("link") == []


def test_what_was_taken_back_meets_no_need_and_leaves_no_words_behind(room: Room) -> None:
    need = room.need(room.ali, "A driver")
    van = room.offer(room.bo, "A van")
    room.press(room.bo, van, "meets", need=need["id"])
    room.bo.press(room.bo.part(CardList), "withdrawal", [["withdraws", van["id"]]])
    assert room.card(room.ali, "A driver")["points"] == []
    assert "A van" not in sent_to(room.ali)


def test_what_became_of_an_offer_is_told_where_a_link_says_so(room: Room) -> None:
    van, chairs = room.offer(room.bo, "A van"), room.offer(room.bo, "Forty chairs")
    room.ali.go("intention")
    room.ali.share(room.ali.part(Form, "intention"), "We go by van")
    target = room.ali.part(CardList).items[0]["id"]
    for source, relation in ((van, "used-in"), (chairs, "went-unused")):
        about = [["from", source["id"]], [relation, target]]
        assert room.fay.press(room.fay.part(CardList), "link", about)["done"] == "shared"
    assert room.card(room.cy, "A van")["points"][0]["label"] == translate("assets.used_in")
    assert room.card(room.cy, "A van")["points"][0]["text"] == "We go by van"
    assert room.card(room.cy, "Forty chairs")["points"][0]["label"] == translate("assets.unused")


# ---- something I see in someone else


def held(room: Room) -> str:
    """What leaves, and what the group at large may see."""
    state = room.record.state(room.workshop)
    seen = [c.text for c in ParticipantView(state, "").contributions()] + [
        c.text for c in DisclosedView(state).contributions()
    ]
    return json.dumps([seen, sorted(map(str, meetings(ParticipantView(state, "")).items()))])


def test_nothing_seen_in_somebody_reaches_anybody_else_before_they_say_yes(room: Room, tmp_path: Path) -> None:
    room.offer(room.ali, "A van")
    before = sent_to(room.ali), sent_to(room.fay), held(room)
    answer = room.sees(room.bo, room.cy, "She LISTENS to everybody")
    assert answer["note"] == translate("assets.for_other_wait", name="Cy")
    # Not a word, not a count, not an order: what the others are sent is the same, sign by sign.
    assert (sent_to(room.ali), sent_to(room.fay), held(room)) == before
    export_workshop(room.record, room.workshop, tmp_path / "copy.cowork")
    assert b"LISTENS" not in (tmp_path / "copy.cowork").read_bytes()
    for guest in (room.ali, room.fay):
        for page in ("assets", "dialogue"):
            guest.session.go(page, room.record.state(room.workshop).of_kind("asset")[-1].id)
            assert "LISTENS" not in json.dumps([p.get_state() for p in guest.session.shell.parts], default=str)
    room.cy.go("assets")
    card = room.cards(room.cy)[0]  # whoever is asked finds the question first
    assert card["text"] == "She LISTENS to everybody"
    assert card["note"][:2] == [translate("assets.for_other_ask", name="Bo"), translate("assets.for_other_only")]
    assert names(card) == ["let-yes", "let-no"]
    # A no is between the two as well.
    assert room.press(room.cy, card, "let-no")["done"] == "shared"
    assert (sent_to(room.ali), sent_to(room.fay), held(room)) == before
    export_workshop(room.record, room.workshop, tmp_path / "again.cowork")
    assert b"LISTENS" not in (tmp_path / "again.cowork").read_bytes()


def test_a_yes_shares_it_and_a_later_no_takes_it_away_again(room: Room, tmp_path: Path) -> None:
    room.sees(room.bo, room.cy, "She listens")
    room.press(room.cy, room.card(room.cy, "She listens"), "let-yes")
    card = room.card(room.ali, "She listens")
    assert card["tag"] == translate("assets.seen_in", name="Cy") and card["by"] == "Bo"
    assert "talk" in names(card) and "let-no" not in names(card)
    export_workshop(room.record, room.workshop, tmp_path / "copy.cowork")
    copy = open_record(tmp_path / "copy.cowork")
    there = fold(room.workshop, [entry for _, entry in copy.read_entries(room.workshop)])
    assert "She listens" in [c.text for c in ParticipantView(there, "").contributions()]
    copy.close()
    card = room.card(room.cy, "She listens")
    assert card["note"][0] == translate("assets.for_other_let")
    room.press(room.cy, card, "let-no")
    assert "She listens" not in room.texts(room.ali)
    assert room.card(room.cy, "She listens")["note"][0] == translate("assets.for_other_let_not")
    # The one who wrote it is told of no answer, only that nobody else sees it.
    assert translate("assets.for_other_let_not") not in str(room.card(room.bo, "She listens"))


def test_new_words_about_somebody_ask_again_and_the_others_go_on_seeing_those_that_were_let(room: Room) -> None:
    room.sees(room.bo, room.cy, "She listens")
    room.press(room.cy, room.card(room.cy, "She listens"), "let-yes")
    card = room.card(room.bo, "She listens")
    room.bo.press(room.bo.part(CardList), "edit", [["replaces", card["id"]]], text="She TALKS all day")
    assert room.texts(room.ali) == ["She listens"] and "TALKS" not in sent_to(room.ali)
    card = room.card(room.cy, "She TALKS all day")
    asked = translate("assets.for_other_ask", name="Bo")
    assert card["note"][:3] == [asked, translate("assets.for_other_only"), translate("assets.for_other_let_words")]
    room.press(room.cy, card, "let-yes")
    room.ali.go("assets")
    assert room.texts(room.ali) == ["She TALKS all day"]


def test_only_the_person_themselves_lets_it_be_shared(room: Room) -> None:
    room.sees(room.bo, room.cy, "She listens")
    asset = room.record.state(room.workshop).of_kind("asset")[0].id
    for guest in (room.bo, room.ali, room.fay):
        for choices in ({"result": "yes"}, {"result": "yes", "for": room.cy.session.me}):
            for name in ("let-yes", "anything"):
                answer = guest.send(
                    guest.part(CardList),
                    box=f"act:{asset}:{name}",
                    kind="check",
                    about=[["checks", asset]],
                    choices=choices,
                )
                assert answer["done"] == "refused"
    assert "She listens" not in room.texts(room.ali)


def test_what_waits_for_a_yes_is_tied_to_no_need_and_talked_about_by_no_button(room: Room) -> None:
    need = room.need(room.ali, "A listener")
    room.sees(room.bo, room.cy, "She listens")
    for guest in (room.bo, room.cy):
        card = room.card(guest, "She listens")
        assert not {"talk", "talked", "meets", "became"} & set(names(card))
        answer = guest.send(
            guest.part(CardList),
            box=f"act:{card['id']}:meets",
            kind="link",
            about=[["from", card["id"]]],
            choices={"need": need["id"]},
        )
        assert answer["done"] == "refused"


def test_a_name_that_was_not_wanted_beside_it_is_not_told_in_the_question(room: Room) -> None:
    room.sees(room.bo, room.cy, "She listens", shown="none")
    card = room.card(room.cy, "She listens")
    assert card["note"][0] == translate("assets.for_other_ask_unnamed") and "Bo" not in str(card)


def test_nobody_sees_something_in_themselves_or_in_somebody_who_is_not_here(room: Room) -> None:
    stranger = room.record.new_id()
    for who in (room.bo.session.me, stranger, ""):
        answer = room.bo.share(room.bo.part(Form, "assets"), "Kind", choices={"scope": "other", "who": who})
        assert answer["done"] == "refused" and answer["message"] == translate("error.no_choice")
    alone = opened("Alone")
    alone.go("assets")
    assert "other" not in [option["value"] for option in alone.part(Form, "assets").choices[0]["options"]]


def test_written_alone_first_stays_with_its_author_until_everyones_is_shown(room: Room) -> None:
    room.fay.send(room.fay.part(Form, "alone-assets"))
    room.offer(room.ali, "A van")
    room.need(room.ali, "A driver")
    assert room.texts(room.bo) == []
    assert room.bo.part(Form, "assets").seen_by_choice["seen"]["group"][0] == translate("seen.reveal", name="Fay")
    room.fay.send(room.fay.part(Form, "alone-assets"))
    assert sorted(room.texts(room.bo)) == ["A driver", "A van"]
