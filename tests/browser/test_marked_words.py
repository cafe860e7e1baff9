"""What looks chosen goes along: words that are marked, whether or not a second button was pressed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import theatre
from support.text_picking import TEXTS, Show, asking, choose, chosen, items, share, slices, use, word


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def test_marked_words_go_along_when_the_form_is_shared(show: Show) -> None:
    stage = show(asking())
    choose(stage, "Every evening")
    word(stage, "Every").click()
    word(stage, "evening").click()
    expect(stage.page.get_by_text("These words go along when you share.")).to_be_visible()
    assert slices(share(stage)) == ["Every evening"]
    expect(word(stage, "Every")).to_have_attribute("aria-selected", "false")  # they belonged to what was shared
    assert share(stage) == []


def test_marked_words_go_along_with_those_that_are_chosen_and_once(show: Show) -> None:
    stage = show(asking())
    stage.page.get_by_role("button", name="Use the whole text: I was asked").click()
    choose(stage, "Every evening")
    word(stage, "Every").click()
    word(stage, "evening").click()
    use(stage)
    word(stage, "Every").click()
    word(stage, "evening").click()
    choose(stage, "🙂🙂 Nobody")
    word(stage, "told").click()
    word(stage, "us").click()
    assert slices(share(stage)) == [TEXTS[2], "Every evening", "told us"]


def test_one_end_of_some_words_is_asked_about_and_nothing_is_shared(show: Show) -> None:
    stage = show(asking())
    choose(stage, "Every evening")
    word(stage, "evening").click()
    stage.page.get_by_label("A way of seeing it").fill("It is not said once")
    stage.page.get_by_role("button", name="Share with the group").click()
    group = stage.page.get_by_role("group", name="Which words?")
    expect(group).to_have_accessible_description(re.compile("The first word is “evening”. Choose the last word too."))
    assert not stage.shared()
    expect(word(stage, "evening")).to_be_focused()
    word(stage, "evening").click()  # this one word: first and last
    assert slices(share(stage)) == ["evening"]


def test_marked_words_stay_chosen_when_the_text_folds_or_leaves_the_list_or_the_page_is_loaded_anew(show: Show) -> None:
    stage = show(asking(items=items(20)))
    choose(stage, "🙂🙂 Nobody")
    word(stage, "Nobody").click()
    word(stage, "us").click()
    choose(stage, "🙂🙂 Nobody")  # folds
    expect(chosen(stage).locator("blockquote")).to_have_text("Nobody told us")
    choose(stage, "Every evening")
    word(stage, "Every").click()
    word(stage, "evening").click()
    stage.page.get_by_label("Words to look for").fill("Turn 1")
    expect(chosen(stage)).to_have_count(2)
    expect(chosen(stage).nth(1).locator("blockquote")).to_have_text("Every evening")
    stage.page.get_by_label("Words to look for").fill("")
    choose(stage, "I was asked")
    word(stage, "four").click()
    word(stage, "times.").click()
    expect(stage.page.get_by_text("Draft kept on this device")).to_be_visible()
    stage.open()
    expect(chosen(stage)).to_have_count(3)
    assert slices(share(stage)) == ["Nobody told us", "Every evening", "four times."]
