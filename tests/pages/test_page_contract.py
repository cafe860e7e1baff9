"""A page is one function, as a researcher would write it, and everything else comes with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from visits import Guest, opened

from cowork.pages import page, registry
from cowork.widgets import Ask, Wall


@pytest.fixture
def gratitude() -> Iterator[None]:
    @page("gratitude", beside="assets")
    def gratitude(here: Any) -> list[Any]:
        """Gratitude: each person names what another brought to the work."""
        ask = Ask(question=here.say("What did someone else bring today?"), limit=280)
        wall = Wall()
        ask.on_shared(lambda sent: here.add("gratitude", sent))
        here.follow(lambda seen: wall.show(seen.of_kind("gratitude")))
        return [ask, wall]

    yield
    registry._pages.pop("gratitude")


def test_a_page_of_ones_own_asks_shows_and_stands_beside_its_part(gratitude: None) -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    bo.go("gratitude")
    fay.go("gratitude")
    ask = bo.part(Ask)
    assert ask.fields[0]["limit"] == 280 and ask.fields[0]["label"] == "What did someone else bring today?"
    bo.share(ask, "Patience")
    assert [card["text"] for card in fay.part(Wall).items] == ["Patience"]
    assert fay.part(Wall).items[0]["by"] == "Bo"
    names = [p["name"] for p in bo.visit.shell.nav[0]["parts"]]
    assert names == ["Intention", "Assets", "Gratitude"]


def test_a_card_of_a_page_of_ones_own_can_be_changed_talked_about_and_taken_back(gratitude: None) -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    bo.go("gratitude")
    fay.go("gratitude")
    bo.share(bo.part(Ask), "Patience")
    card = bo.part(Wall).items[0]
    assert {"talk", "change", "take", "erase"} <= set(card["acts"])
    bo.press(bo.part(Wall), "edit", [["replaces", i] for i in card["current"]], text="Great patience")
    assert fay.part(Wall).items[0]["text"] == "Great patience"
    bo.press(bo.part(Wall), "withdrawal", [["withdraws", card["id"]]])
    assert fay.part(Wall).items == []


def test_words_left_on_the_device_reach_their_page_when_it_is_not_open(gratitude: None) -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    bo.go("intention")
    bo.share(bo.visit.shell, "Written on another page", box="gratitude", kind="utterance")
    fay.go("gratitude")
    assert [card["text"] for card in fay.part(Wall).items] == ["Written on another page"]


def test_an_error_in_a_page_is_said_and_the_other_pages_go_on() -> None:
    @page("broken")
    def broken(here: Any) -> list[Any]:
        """Broken: a page with a fault."""
        raise ValueError("a fault of a researcher's")

    try:
        fay = opened()
        fay.go("broken")
        assert "This page is not working" in str(fay.visit.shell.parts[0].blocks)
        fay.go("intention")
        assert fay.part(Ask).box == "intention"
    finally:
        registry._pages.pop("broken")


def test_a_refusal_by_the_record_is_answered_in_words_beside_the_box(gratitude: None) -> None:
    guest: Guest = opened()
    guest.go("gratitude")
    answer = guest.share(guest.part(Ask), "   ")
    assert answer["done"] == "refused"
    assert answer["message"].startswith("There are no words here")
