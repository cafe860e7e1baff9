"""What is folded in a list of cards, what stands there whole, and that a link, a reader and paper find all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import Stage, theatre

from cowork.widgets import CardList

Show = Callable[..., Stage]
IDS = [f"0190a5b1-7c00-7000-8000-0000000000{n:02}" for n in range(60)]
QUOTES = [{"text": f"Exact words {n}", "by": "Bo", "href": "?w=K&page=dialogue", "href_text": "Show"} for n in range(3)]
POINTS = [
    {"label": "Who sees it this way?", "text": "Leila"},
    *({"label": "Differs from", "text": f"Another view {n}", "href": "?w=K&page=differ"} for n in range(3)),
]


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def card(n: int, **more: Any) -> dict[str, Any]:
    return {"id": IDS[n], "kind": "view", "text": f"View number {n}", "when": f"2026-10-23T14:{59 - n:02}", **more}


def answer(n: int, **more: Any) -> dict[str, Any]:
    return {**card(n, **more), "kind": "utterance", "text": f"Answer number {n}"}


def wall(*items: dict[str, Any]) -> CardList:
    made = CardList(heading="What people wrote")
    made.show(items)
    made.on_submit(lambda sent: None)
    return made


def many(**more: Any) -> list[dict[str, Any]]:
    return [card(n, quotes=QUOTES, points=POINTS, **more) for n in range(5)]


def own(stage: Stage, n: int) -> Any:
    return stage.page.locator(f"[data-id='{IDS[n]}']")


def test_the_newest_card_stands_whole_and_of_the_others_one_line_says_what_is_folded(show: Show) -> None:
    stage = show(wall(*many()), phone=True)
    expect(own(stage, 0).get_by_text("Exact words 1")).to_be_visible()
    expect(own(stage, 0).get_by_text("Leila")).to_be_visible()
    expect(own(stage, 0).get_by_text("More words this comes from (1)")).to_be_visible()
    expect(own(stage, 0).get_by_text("Differs from (3)")).to_be_visible()
    line = own(stage, 3).locator("summary")
    expect(line).to_have_text("Words this comes from (3) · Who sees it this way? · Differs from (3)")
    expect(own(stage, 3).get_by_text("Exact words 1")).to_be_hidden()
    line.click()
    for words in ("Exact words 2", "Leila", "Another view 2"):
        expect(own(stage, 3).get_by_text(words)).to_be_visible()
    assert not stage.breaks()


def test_ones_own_card_and_one_that_comes_while_one_is_here_stand_whole(show: Show) -> None:
    shown = wall(*[{**one, "mine": n == 4} for n, one in enumerate(many())])
    stage = show(shown)
    expect(own(stage, 4).get_by_text("Leila")).to_be_visible()
    shown.show([card(9, quotes=QUOTES, points=POINTS), *shown.items])
    expect(own(stage, 9).get_by_text("Leila")).to_be_visible()


def test_a_fold_stays_open_when_its_card_changes(show: Show) -> None:
    shown = wall(*many())
    stage = show(shown)
    # A browser says "toggle" a moment after the press; the card may be drawn anew before it does.
    stage.page.evaluate("document.addEventListener('toggle', (event) => event.stopImmediatePropagation(), true)")
    own(stage, 3).locator("summary").click()
    shown.show([{**one, "note": ["Changed 14:20"]} for one in shown.items])
    expect(own(stage, 3).get_by_text("Changed 14:20")).to_be_visible()
    expect(own(stage, 3).get_by_text("Leila")).to_be_visible()


def test_talk_is_one_line_with_its_number_and_opens_in_place(show: Show) -> None:
    talk = [answer(10, answers=[answer(11)]), answer(12)]
    stage = show(wall(card(0, answers=talk)), phone=True)
    fold = own(stage, 0).get_by_role("button", name="3 answers")
    expect(fold).to_have_attribute("aria-expanded", "false")
    for n in (10, 11, 12):
        expect(stage.page.get_by_text(f"Answer number {n}")).to_be_hidden()
    fold.press("Enter")
    for n in (10, 11, 12):
        expect(stage.page.get_by_text(f"Answer number {n}")).to_be_visible()
    expect(fold).to_be_focused()
    fold.press("Enter")
    expect(stage.page.get_by_text("Answer number 12")).to_be_hidden()
    assert not stage.breaks()


@pytest.mark.parametrize("whose", ["mine", "to mine", "new"])
def test_the_newest_answer_that_concerns_me_stands_there(show: Show, whose: str) -> None:
    talk = [answer(12, answers=[answer(11, mine=whose == "mine")], mine=whose == "to mine"), answer(13)]
    shown = wall(card(0, answers=talk))
    stage = show(shown)
    if whose == "new":
        shown.show([card(0, answers=[answer(12, answers=[answer(11), answer(5)]), answer(13)])])
    expect(stage.page.get_by_text(f"Answer number {5 if whose == 'new' else 11}")).to_be_visible()
    expect(stage.page.get_by_text("Answer number 12")).to_be_visible()  # what it answers
    expect(stage.page.get_by_text("Answer number 13")).to_be_hidden()


def test_a_worry_is_no_talk_and_stands_there_with_its_own_talk_folded(show: Show) -> None:
    worry = {**card(10, answers=[answer(11)]), "kind": "reservation", "text": "Who asks the ward?"}
    stage = show(wall(card(0, answers=[worry, answer(12)])))
    expect(stage.page.get_by_text("Who asks the ward?")).to_be_visible()
    expect(stage.page.get_by_role("button", name=re.compile("^1 answer"))).to_have_count(2)
    expect(stage.page.get_by_text("Answer number 11")).to_be_hidden()


def test_a_link_to_a_folded_answer_unfolds_what_holds_it(show: Show) -> None:
    stage = show(wall(*many()[:3], card(9, answers=[answer(10, answers=[answer(11, quotes=QUOTES)])])))
    place = own(stage, 11)
    expect(place).to_be_hidden()
    place.evaluate("card => card.dispatchEvent(new Event('cowork:unfold', { bubbles: true }))")  # as shell.js does
    expect(place).to_be_visible()
    expect(place.get_by_text("Exact words 1")).to_be_visible()


def test_on_paper_all_of_it_is_there(show: Show) -> None:
    private = card(11, quotes=QUOTES, points=POINTS, private=True)
    stage = show(wall(*many(answers=[])[:4], card(9, answers=[answer(10)]), private))
    stage.page.emulate_media(media="print")
    stage.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(stage.page.get_by_text("Answer number 10")).to_be_visible()
    for n in (*range(4), 11):
        expect(own(stage, n).get_by_text("Exact words 2")).to_be_visible()
        expect(own(stage, n).get_by_text("Another view 2")).to_be_visible()
        expect(own(stage, n).locator("details:not([open])")).to_have_count(0)  # where style alone does not unfold it
    stage.page.emulate_media(media="screen")
    stage.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(own(stage, 3).get_by_text("Exact words 2")).to_be_hidden()
    expect(stage.page.get_by_text("Answer number 10")).to_be_hidden()
