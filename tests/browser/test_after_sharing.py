"""After sharing one stands at one's own card, unless one writes already; what only oneself sees has a place apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import Stage, theatre

from cowork.widgets import CardList, Form

Show = Callable[..., Stage]
OTHERS = [
    {"id": f"0190a5b1-7c00-7000-8000-0000000000{n:02}", "kind": "view", "text": f"View {n}\n" * 6} for n in range(9)
]


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def page(show: Show) -> Stage:
    """A form under a long list, as on Agreement."""
    cards, fields = CardList(heading="Open"), [{"key": "text", "label": "Words"}]
    form = Form(question="Propose", box="p", fields=fields)
    other = Form(question="Else", box="q", fields=[{"key": "text", "label": "Other words"}])
    cards.show(OTHERS)
    form.on_submit(lambda sent: None)
    return show(cards, form, other, phone=True)


def share(stage: Stage, words: str) -> str:
    """Share, as with a kernel that has not told the list yet; returns the id."""
    stage.page.get_by_label("Words", exact=True).fill(words)
    stage.page.get_by_role("button", name="Share with the group").first.click()
    stage.until(lambda: bool(stage.shared()), "the words are sent")
    return str(stage.shared()[-1]["id"])


def arrive(stage: Stage, card: str, words: str, **more: Any) -> CardList:
    cards = stage.parts[0]
    assert isinstance(cards, CardList)
    cards.show([{"id": card, "kind": "view", "text": words, "mine": True, "acts": [], **more}, *cards.items])
    return cards


def test_one_stands_at_ones_own_card_and_hears_once_that_it_is_shared(show: Show) -> None:
    stage = page(show)
    arrive(stage, share(stage, "We ring on Saturdays too"), "We ring on Saturdays too", acts=["change", "take"])
    card = stage.page.locator(".cw-card", has_text="We ring on Saturdays too")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    expect(card).to_have_accessible_description("Shared. It is here.")
    stage.page.emulate_media(media="print")
    expect(card.get_by_text("It is here.")).to_be_hidden()  # news for who has shared it, and none on paper
    stage.page.emulate_media(media="screen")
    stage.page.keyboard.press("Shift+Tab")
    expect(card).to_have_accessible_description("")
    card.focus()
    card.get_by_role("button", name=re.compile("^Change my words")).click()  # nothing moves from under the finger
    expect(card.get_by_role("textbox")).to_be_focused()


def test_who_writes_already_somewhere_else_stays_there(show: Show) -> None:
    stage = page(show)
    card = share(stage, "We ring on Saturdays too")
    box = stage.page.get_by_label("Other words")
    box.press_sequentially("And then")
    arrive(stage, card, "We ring on Saturdays too")
    expect(stage.page.locator(".cw-card", has_text="We ring on Saturdays too")).to_be_attached()
    expect(box).to_be_focused()
    expect(stage.page.get_by_text("It is here.")).to_have_count(0)


def test_ones_own_words_are_not_told_as_new(show: Show) -> None:
    stage = page(show)
    # As for a scribe, who writes the words of somebody else.
    cards = arrive(stage, share(stage, "Written for Gunnar"), "Written for Gunnar", mine=False)
    expect(stage.page.locator(".cw-card", has_text="Written for Gunnar")).to_be_focused()
    cards.show([{"id": "0190a5b1-7c00-7000-8000-000000000099", "text": "New"}, *cards.items])
    expect(stage.page.get_by_text("1 new. 11 in all.")).to_be_attached()


def test_what_only_oneself_sees_has_a_heading_and_a_number_of_its_own(show: Show) -> None:
    stage = page(show)
    cards = arrive(stage, share(stage, "For me alone"), "For me alone", private=True)
    place = stage.page.locator(".cw-private")
    expect(place.get_by_role("heading", level=3)).to_have_text("Only you see this (1)")
    expect(place.locator(".cw-card")).to_be_focused()
    expect(place.locator(".cw-card")).to_have_accessible_description(re.compile("only you see it"))
    assert not stage.breaks()
    cards.show([{**cards.items[0], "private": False}, *cards.items[1:]])
    expect(place).to_be_hidden()
    expect(stage.page.locator(".cw-wall section > .cw-cards").first).to_contain_text("For me alone")


def test_what_was_shared_is_not_told_any_more_once_it_is_taken_back(show: Show) -> None:
    stage = page(show)
    arrive(stage, share(stage, "We ring on Saturdays too"), "We ring on Saturdays too", acts=["change", "take"])
    told = stage.page.locator(".cw-done").first.get_by_text("Shared", exact=True)
    expect(told).to_be_visible()
    stage.page.get_by_role("button", name=re.compile("^Take it back")).click()
    expect(told).to_have_count(0)
