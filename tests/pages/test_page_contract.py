"""A page is one function, as a researcher would write it, and everything else comes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anywidget import AnyWidget
from ipywidgets import HBox, IntSlider
from support.page_sessions import Guest, opened

from cowork.context import PageContext
from cowork.core.elements import WHEELS
from cowork.pages import page, registry, submissions
from cowork.text import translate
from cowork.widgets import CardList, Form


@pytest.fixture
def gratitude() -> Iterator[None]:
    """The page of the guide in CONTRIBUTING.md, as it stands there."""
    guide = Path(__file__).parents[2].joinpath("CONTRIBUTING.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
    assert code is not None
    exec(code[1], {})
    yield
    registry._pages.pop("gratitude")
    submissions._rules.pop("gratitude")


def test_a_page_of_ones_own_asks_shows_and_stands_beside_its_part(gratitude: None) -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    bo.go("gratitude")
    fay.go("gratitude")
    ask = bo.part(Form)
    assert ask.fields[0]["limit"] == 280 and ask.fields[0]["label"] == "What did someone else bring today?"
    bo.share(ask, "Patience")
    assert [card["text"] for card in fay.part(CardList).items] == ["Patience"]
    assert fay.part(CardList).items[0]["by"] == "Bo"
    names = [p["name"] for p in bo.session.shell.nav[0]["parts"]]
    assert names == ["Intention", "Assets", "Gratitude"]


def test_a_card_of_a_page_of_ones_own_can_be_changed_talked_about_and_taken_back(gratitude: None) -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    bo.go("gratitude")
    fay.go("gratitude")
    bo.share(bo.part(Form), "Patience")
    card = bo.part(CardList).items[0]
    assert {"talk", "change", "take", "erase"} <= set(card["acts"])
    bo.press(bo.part(CardList), "edit", [["replaces", i] for i in card["current"]], text="Great patience")
    assert fay.part(CardList).items[0]["text"] == "Great patience"
    bo.press(bo.part(CardList), "withdrawal", [["withdraws", card["id"]]])
    assert fay.part(CardList).items == []


def test_words_left_on_the_device_reach_their_page_when_it_is_not_open(gratitude: None) -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    bo.go("intention")
    bo.share(bo.session.shell, "Written on another page", box="gratitude", kind="utterance")
    fay.go("gratitude")
    assert [card["text"] for card in fay.part(CardList).items] == ["Written on another page"]


def test_an_error_in_a_page_is_said_and_the_other_pages_go_on() -> None:
    @page("broken")
    def broken(here: Any) -> list[Any]:
        """Broken: a page with a fault."""
        raise ValueError("a fault of a researcher's")

    try:
        fay = opened()
        fay.go("broken")
        assert "This page is not working" in str(fay.session.shell.parts[0].blocks)
        fay.go("intention")
        assert fay.part(Form).box == "intention"
    finally:
        registry._pages.pop("broken")


def test_a_refusal_by_the_record_is_answered_in_words_beside_the_box(gratitude: None) -> None:
    guest: Guest = opened()
    guest.go("gratitude")
    answer = guest.share(guest.part(Form), "   ")
    assert answer["done"] == "refused"
    assert answer["message"].startswith("This is empty")


@pytest.fixture
def extra() -> Iterator[Any]:
    """Pages of one's own for one test."""
    made: list[str] = []

    def add(key: str, make: Any, **where: str) -> None:
        page(key, **where)(make)
        made.append(key)

    yield add
    for key in made:
        registry._pages.pop(key)


def test_what_a_page_cannot_show_is_named_in_its_place_and_the_rest_works(
    extra: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def slider(context: PageContext) -> list[Any]:
        ask = Form(question="What did someone else bring today?")
        ask.on_submit(lambda submission: context.append("gratitude", submission) and None)
        return [IntSlider(), ask, "a text", HBox([])]

    extra("slider", slider, beside="assets")
    fay = opened()
    fay.go("slider")
    first, ask, text, box = fay.session.shell.parts
    said = [translate("error.part", name=name) for name in ("IntSlider", "str", "HBox")]
    assert [part.blocks[0]["inset"] for part in (first, text, box)] == said
    assert fay.share(ask, "Patience")["done"] == "shared"
    assert "IntSlider, which is no anywidget" in caplog.text, "its author reads what to use instead"


def test_an_anywidget_that_is_not_ours_is_shown_as_it_is(extra: Any) -> None:
    theirs = AnyWidget()
    extra("theirs", lambda here: [theirs])
    fay = opened()
    fay.go("theirs")
    assert fay.session.shell.parts == (theirs,)


@pytest.mark.parametrize("part", [part for pair in WHEELS.values() for part in pair])
def test_a_page_beside_any_part_leaves_both_parts_in_the_picture(extra: Any, part: str) -> None:
    extra("gratitude", lambda here: [], beside=part)
    fay = opened()
    for group in fay.session.shell.nav:
        halves = {one["half"]: one["key"] for one in group["parts"] if one.get("half")}
        assert (halves["top"], halves["bottom"]) == WHEELS[group["wheel"]]
    listed = [one["key"] for group in fay.session.shell.nav for one in group["parts"]]
    assert listed.index("gratitude") > listed.index(part)
