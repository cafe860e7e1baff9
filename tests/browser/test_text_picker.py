"""Picking texts and their exact words: by keyboard, by tap, by selecting; kept, found again, and never as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import theatre
from support.text_picking import (
    TEXTS,
    Show,
    asking,
    choose,
    chosen,
    items,
    pick,
    said,
    share,
    slices,
    use,
    version,
    word,
)

from cowork.widgets import CardList, Submission


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


# Choosing ---------------------------------------------------------------------------------------------------------


def test_words_are_chosen_with_keys_alone_and_arrive_as_the_exact_slice(show: Show) -> None:
    stage = show(asking())
    key = stage.page.keyboard.press
    choose(stage, "🙂🙂 Nobody")
    expect(word(stage, "🙂🙂")).to_be_focused()
    for _ in range(3):
        key("ArrowRight")
    expect(word(stage, "us")).to_be_focused()
    key("ArrowRight")
    key("Enter")  # "when", with two spaces after it
    said(stage, "First word: when")
    key("ArrowRight")
    key("ArrowRight")
    key("Space")
    expect(word(stage, "she")).to_have_attribute("aria-selected", "true")
    expect(word(stage, "come")).to_have_attribute("aria-selected", "false")
    said(stage, "Marked: when")
    key("Tab")
    expect(stage.page.get_by_role("button", name="Use these words")).to_be_focused()
    key("Enter")
    said(stage, "Chosen: when")
    expect(word(stage, "would")).to_be_focused()
    expect(chosen(stage)).to_have_count(1)
    expect(chosen(stage).locator("blockquote")).to_have_text("when  she would")
    values = share(stage)
    assert slices(values) == ["when  she would"]
    start = TEXTS[0].index("when")
    assert values == [f"{version(0)}:{start}:{start + len('when  she would')}"]


def test_one_tab_stop_and_arrows_in_all_directions(show: Show) -> None:
    stage = show(asking(), phone=True)  # narrow: several lines
    key = stage.page.keyboard.press
    choose(stage, "🙂🙂 Nobody")
    key("End")
    expect(word(stage, "asked.")).to_be_focused()
    key("ArrowRight")
    expect(word(stage, "asked.")).to_be_focused()
    key("Home")
    expect(word(stage, "🙂🙂")).to_be_focused()
    key("ArrowDown")
    one = stage.page.evaluate("document.activeElement.getBoundingClientRect().top")
    key("ArrowUp")
    other = stage.page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert one > other
    expect(word(stage, "🙂🙂")).to_be_focused()
    assert stage.page.locator("[role=option][tabindex='0']").count() == 1
    key("Shift+Tab")
    assert stage.page.evaluate("document.activeElement.getAttribute('role')") != "option"


def test_arrows_follow_the_way_a_text_is_read(show: Show) -> None:
    stage = show(asking())
    choose(stage, "أريد")
    stage.page.keyboard.press("ArrowLeft")
    expect(word(stage, "أن")).to_be_focused()
    stage.page.keyboard.press("ArrowRight")
    expect(word(stage, "أريد")).to_be_focused()


def test_a_first_and_a_last_tap_choose_on_a_phone_also_backwards(show: Show) -> None:
    stage = show(asking(), phone=True)
    choose(stage, "I was asked")
    word(stage, "fifth").tap()
    word(stage, "four").tap()
    use(stage)
    expect(chosen(stage).locator("blockquote")).to_have_text("four times.\n\nThe fifth")
    assert slices(share(stage)) == ["four times.\n\nThe fifth"]


def test_selecting_with_a_mouse_marks_whole_words(show: Show) -> None:
    stage = show(asking())
    choose(stage, "🙂🙂 Nobody")
    start, end = word(stage, "told").bounding_box(), word(stage, "she").bounding_box()
    assert start and end
    mouse = stage.page.mouse
    mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    mouse.down()
    mouse.move(end["x"] + end["width"] * 0.7, end["y"] + end["height"] / 2, steps=5)
    mouse.up()
    expect(stage.page.locator(".cw-marked blockquote")).to_have_text("told us when  she")
    use(stage)
    expect(stage.page.locator(".cw-marked")).to_be_hidden()
    assert slices(share(stage)) == ["told us when  she"]


def test_several_quotations_of_one_text_and_of_several_and_a_whole_one(show: Show) -> None:
    stage = show(asking())
    choose(stage, "🙂🙂 Nobody")
    for first, last in (("🙂🙂", "told"), ("and", "asked.")):
        word(stage, first).click()
        word(stage, last).click()
        use(stage)
    expect(stage.page.get_by_text("2 chosen from this text")).to_be_visible()
    choose(stage, "Every evening")
    options = stage.page.get_by_role("listbox").last.get_by_role("option")
    options.nth(2).click()
    options.nth(2).click()  # one word: first and last
    use_last = stage.page.get_by_role("button", name="Use these words").last
    use_last.click()
    whole = stage.page.get_by_role("button", name="Use the whole text: I was asked")
    whole.click()
    expect(whole).to_have_attribute("aria-pressed", "true")
    expect(chosen(stage)).to_have_count(4)
    expect(chosen(stage).nth(2).locator("blockquote")).to_have_text("<b>the")
    expect(chosen(stage).nth(2)).to_contain_text("Voice 1")
    assert stage.page.locator("main b").count() == 0
    assert slices(share(stage)) == ["🙂🙂 Nobody told", "and nobody asked.", "<b>the", TEXTS[2]]
    expect(chosen(stage)).to_have_count(0)  # they belonged to the words that were shared


def test_the_same_words_are_chosen_once(show: Show) -> None:
    stage = show(asking())
    choose(stage, "Every evening")
    for _ in range(2):
        word(stage, "Every").click()
        word(stage, "evening").click()
        use(stage)
    assert slices(share(stage)) == ["Every evening"]


def test_taking_out_says_so_and_stays_near(show: Show) -> None:
    stage = show(asking())
    for n in (1, 2):
        stage.page.get_by_role("button", name=f"Use the whole text: {TEXTS[n][:5]}").click()
    expect(chosen(stage)).to_have_count(2)
    chosen(stage).nth(0).get_by_role("button", name=re.compile("^Take out: Every")).click()
    said(stage, "Taken out: Every evening")
    expect(chosen(stage).nth(0).get_by_role("button", name=re.compile("^Take out: I was"))).to_be_focused()
    stage.page.keyboard.press("Enter")
    expect(stage.page.get_by_role("button", name="Choose words: 🙂🙂")).to_be_focused()
    assert share(stage) == []


def test_escape_lets_go_of_the_mark_then_folds_the_words(show: Show) -> None:
    stage = show(asking())
    choose(stage, "Every evening")
    stage.page.keyboard.press("Enter")
    expect(word(stage, "Every")).to_have_attribute("aria-selected", "true")
    stage.page.keyboard.press("Escape")
    expect(word(stage, "Every")).to_have_attribute("aria-selected", "false")
    expect(word(stage, "Every")).to_be_focused()
    stage.page.keyboard.press("Escape")
    expect(stage.page.get_by_role("listbox")).to_have_count(0)
    opened = stage.page.get_by_role("button", name="Choose words: Every evening")
    expect(opened).to_be_focused()
    expect(opened).to_have_attribute("aria-expanded", "false")


def test_one_alone_replaces_the_other(show: Show) -> None:
    stage = show(asking(many=False))
    stage.page.get_by_role("button", name="Use the whole text: Every").click()
    stage.page.get_by_role("button", name="Use the whole text: I was").click()
    expect(chosen(stage)).to_have_count(1)
    assert share(stage) == [version(2)]


@pytest.mark.parametrize("many", [True, False])
def test_whole_texts_are_ticked_with_native_controls(show: Show, many: bool) -> None:
    stage = show(asking(words=False, many=many))
    role = "checkbox" if many else "radio"
    stage.page.get_by_role(role, name="Every evening <b>the same</b> questions.").check()  # type: ignore[arg-type]
    stage.page.get_by_role(role, name="I was asked").check()  # type: ignore[arg-type]
    assert share(stage) == ([version(1), version(2)] if many else [version(2)])
    expect(stage.page.get_by_role(role, name="I was asked")).not_to_be_checked()  # type: ignore[arg-type]


# What stays when the list changes ---------------------------------------------------------------------------------


def test_looking_asks_the_page_and_what_is_chosen_stays_with_its_words(show: Show) -> None:
    ask = asking(items=items(60))
    looked: list[dict[str, Any]] = []

    def look(message: dict[str, Any]) -> None:
        looked.append(message)
        found = [item for item in items(60) if message["q"] in item["text"]]
        ask.picks = [pick(items=found)]

    ask.on_message("look", look)
    stage = show(ask)
    choose(stage, "🙂🙂 Nobody")
    word(stage, "Nobody").click()
    word(stage, "us").click()
    use(stage)
    find = stage.page.get_by_label("Words to look for")
    find.press_sequentially("Turn 5")
    rows = stage.page.locator(".cw-pick")
    expect(rows.first).to_contain_text("Turn 5 of many")
    said(stage, "11 texts have these letters")
    expect(find).to_be_focused()
    assert [m["q"] for m in looked] == ["Turn 5"] and looked[0]["key"] == "from"
    expect(chosen(stage).locator("blockquote")).to_have_text("Nobody told us")
    expect(chosen(stage)).to_contain_text("Voice 0")
    stage.page.get_by_label("A way of seeing it").fill("Half a thought")
    find.fill("zebra")
    said(stage, "No words match")
    find.press("Enter")  # looks, and shares nothing
    find.press("Escape")
    expect(find).to_have_value("")
    expect(rows).to_have_count(6)
    assert not stage.shared()
    assert slices(share(stage)) == ["Nobody told us"]


def test_a_page_may_know_more_ways_to_find(show: Show) -> None:
    ask = asking(items=items(20))
    ask.on_message("look", lambda message: setattr(ask, "picks", [pick(items=items(20)[2:3])]))
    stage = show(ask)
    stage.page.get_by_label("Words to look for").fill("repetition")
    expect(stage.page.locator(".cw-pick")).to_have_count(1)
    expect(stage.page.locator(".cw-pick")).to_contain_text("I was asked four times")


def test_a_page_that_does_not_look_is_looked_through_here(show: Show) -> None:
    stage = show(asking(items=[*items(20), {"id": version(99), "text": "En kväll på Åre", "by": "Åsa"}]))
    find = stage.page.get_by_label("Words to look for")
    find.fill("asa")
    expect(stage.page.locator(".cw-pick")).to_have_text(re.compile("En kväll på Åre"))
    find.fill("zebra")
    expect(stage.page.locator(".cw-pick")).to_have_count(0)
    said(stage, "No words match")


def test_few_of_many_are_drawn_and_more_on_request(show: Show) -> None:
    stage = show(asking(items=items(447)))
    rows = stage.page.locator(".cw-pick")
    expect(rows).to_have_count(6)
    stage.page.get_by_role("button", name="Show 40 more").click()
    expect(rows).to_have_count(46)
    expect(rows.nth(6)).to_be_focused()


def test_what_somebody_stands_on_stays_when_texts_arrive_and_go(show: Show) -> None:
    ask = asking(items=items(30))
    stage = show(ask)
    choose(stage, "Every evening")
    stage.page.keyboard.press("ArrowRight")
    stage.page.keyboard.press("Enter")
    new = [{"id": version(100 + n), "text": f"New {n}"} for n in range(15)]
    ask.picks = [pick(items=[*new, *items(30)[1:]])]
    expect(stage.page.locator(".cw-pick").first).to_contain_text("New 0")
    expect(word(stage, "evening")).to_be_focused()
    expect(word(stage, "evening")).to_have_attribute("aria-selected", "true")
    ask.picks = [pick(items=[*new, *items(30)[2:]])]  # the very text is gone: its neighbour is stood on
    expect(stage.page.get_by_role("listbox")).to_have_count(0)
    assert stage.page.evaluate("document.activeElement.className") == "cw-pick"


def test_a_draft_keeps_what_is_chosen_and_none_of_the_words(show: Show) -> None:
    stage = show(asking())
    choose(stage, "🙂🙂 Nobody")
    word(stage, "Nobody").click()
    word(stage, "us").click()
    use(stage)
    expect(stage.page.get_by_text("Draft kept on this device")).to_be_visible()
    stage.open()
    expect(chosen(stage).locator("blockquote")).to_have_text("Nobody told us")
    assert "told" not in stage.page.evaluate("JSON.stringify(localStorage)")  # an erased text would live on there
    assert slices(share(stage)) == ["Nobody told us"]


def test_a_draft_of_a_text_that_has_gone_says_so_and_can_be_taken_out(show: Show) -> None:
    ask = asking()
    stage = show(ask)
    stage.page.get_by_role("button", name="Use the whole text: Every").click()
    expect(stage.page.get_by_text("Draft kept on this device")).to_be_visible()
    ask.picks = [pick(items=items()[2:])]
    stage.open()
    expect(chosen(stage)).to_contain_text("These words are not in the list now.")
    chosen(stage).get_by_role("button").click()
    expect(chosen(stage)).to_have_count(0)


def test_words_chosen_from_a_text_that_is_not_in_the_list_are_asked_for_after_a_reload(show: Show) -> None:
    ask = asking()
    stage = show(ask)
    stage.page.get_by_role("button", name="Use the whole text: Every").click()
    expect(stage.page.get_by_text("Draft kept on this device")).to_be_visible()
    ask.picks = [pick(items=items()[2:])]
    ask.on_message(
        "look", lambda m: setattr(ask, "picks", [pick(items=items()[2:], known=[items()[1]] if m["chosen"] else [])])
    )
    stage.open()
    expect(chosen(stage).locator("blockquote")).to_have_text(TEXTS[1])
    assert [m["chosen"] for m in stage.messages("look")] == [[version(1)]]


def test_what_the_page_gives_is_shown_and_strange_values_are_left_aside(show: Show) -> None:
    value = [f"{version(0)}:3:9", version(1), f"{version(2)}:5:5", f"{version(2)}:a:b", "x", 7]
    stage = show(asking(value=value))
    expect(chosen(stage)).to_have_count(2)
    expect(chosen(stage).nth(0).locator("blockquote")).to_have_text("Nobody")


def test_nothing_chosen_where_something_is_asked_for_is_said_beside_it(show: Show) -> None:
    stage = show(asking(required=True))
    stage.page.get_by_label("A way of seeing it").fill("Something")
    stage.page.get_by_role("button", name="Share with the group").click()
    group = stage.page.get_by_role("group", name="Which words?")
    expect(group).to_have_accessible_description(re.compile("Nothing is chosen here"))
    expect(stage.page.get_by_role("button", name="Choose words: 🙂🙂")).to_be_focused()
    assert not stage.shared()


def test_no_more_are_chosen_than_can_be_sent(show: Show) -> None:
    stage = show(asking(words=False, items=items(52), value=[version(n) for n in range(50)]))
    stage.page.get_by_role("button", name="Show 40 more").click()
    stage.page.get_by_role("button", name="Show 6 more").click()
    stage.page.get_by_role("checkbox", name="Turn 51 of many").click()
    expect(stage.page.get_by_role("alert").filter(has_text="50 are chosen")).to_be_visible()
    expect(stage.page.get_by_role("checkbox", name="Turn 51 of many")).not_to_be_checked()
    assert len(share(stage)) == 50


# Everywhere -------------------------------------------------------------------------------------------------------


def test_picks_under_a_card_are_kept_sent_and_folded_as_in_a_question(show: Show) -> None:
    card = version(900)
    own = {"name": "reading", "label": "Add a reading", "kind": "interpretation", "about": [["interprets", card]]}
    wall = CardList(heading="Views")
    wall.show(
        [{"id": card, "text": "A view", "acts": [{**own, "box": {"picks": [pick(items=items(20))], "button": "Keep"}}]}]
    )
    heard: list[Submission] = []
    wall.on_submit(heard.append)
    stage = show(wall)
    stage.page.get_by_role("button", name="Add a reading: A view").click()
    expect(stage.page.get_by_label("Words to look for")).to_be_focused()
    stage.page.get_by_label("Words to look for").fill("fifth")
    expect(stage.page.locator(".cw-pick")).to_have_count(1)
    choose(stage, "I was")
    stage.page.keyboard.press("Escape")  # folds the words and not the form
    choose(stage, "I was")
    word(stage, "fifth").click()
    word(stage, "time").click()
    use(stage)
    expect(stage.page.get_by_text("Draft kept on this device")).to_be_visible()
    stage.open()
    stage.page.get_by_role("button", name="Add a reading: A view").click()
    expect(chosen(stage).locator("blockquote")).to_have_text("fifth time")
    stage.page.get_by_role("button", name="Keep", exact=True).click()
    expect(stage.page.get_by_text("Done", exact=True)).to_be_visible()
    assert slices(heard[0].choices["from"]) == ["fifth time"]  # type: ignore[arg-type]
    looked = stage.messages("look")[0]
    assert looked == {"do": "look", "key": "from", "q": "fifth", "chosen": [], "card": card, "act": "reading"}


def test_the_words_of_the_buttons_follow_the_language_with_the_words_unfolded(show: Show) -> None:
    ask = asking()
    stage = show(ask)
    choose(stage, "Every evening")
    stage.page.keyboard.press("Enter")
    ask.lang = "sv"
    expect(stage.page.get_by_role("button", name=re.compile("^Välj ord: Every"))).to_be_visible()
    expect(word(stage, "Every")).to_be_focused()
    stage.page.keyboard.press("Enter")
    expect(stage.page.get_by_role("button", name="Markera andra ord")).to_be_visible()


def test_picking_breaks_no_rule_of_access(show: Show) -> None:
    long = "A long word: " + "Donaudampfschifffahrtsgesellschaft" * 4 + " and on. " + "We waited for a word. " * 60
    stage = show(asking(hint="They stay as they were said.", items=items(60, [*TEXTS, long])))
    stage.page.get_by_role("button", name="Use the whole text: Every").click()
    choose(stage, "A long word")
    word(stage, "A").click()
    word(stage, "and").click()
    assert not stage.breaks()
    use(stage)
    stage.page.get_by_label("Words to look for").fill("nothing like it")
    said(stage, "No words match")
    assert not stage.breaks()
    ticks = show(asking(words=False, items=items(6, [*TEXTS, long])))
    ticks.page.get_by_role("checkbox", name="Every evening").check()
    assert not ticks.breaks()
