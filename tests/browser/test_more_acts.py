"""The acts of a card: two beside its words, the others behind one More; every one within reach of the keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.card_acts import find_act, press
from support.component_harness import Stage, theatre

from cowork.widgets import CardList, Rejected, Submission

CARD = "0190a5b1-7c00-7000-8000-000000000001"
OWN: list[Any] = [
    {"name": name, "label": label, "kind": "stance", "about": [], "box": {"fields": [{"key": "text", "label": "Why"}]}}
    for name, label in (("stance", "How do you see it?"), ("differ", "I see it differently"))
]
ACTS = [*OWN, "talk", "talked", {"name": "trace", "label": "How did we get here?", "href": "?w=K&page=trace"}, "hide"]
NAMES = ["How do you see it?", "Talk about this", "I see it differently", "We talked about this", "How did we", "Hide"]
Show = Callable[..., Stage]


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def wall(**card: Any) -> CardList:
    made = CardList(heading="What people wrote")
    whole = {"id": CARD, "kind": "view", "text": "She tells it every evening", "acts": ACTS, "near": ["stance", "talk"]}
    made.show([{**whole, **card}])
    made.on_submit(lambda sent: None)
    return made


def shown_acts(stage: Stage) -> list[str]:
    acts = stage.page.locator(".cw-acts > :is(a, button)").all()
    return [act.inner_text().strip(": ") for act in acts if act.is_visible()]


def test_two_acts_stand_beside_the_words_and_the_others_behind_more(show: Show) -> None:
    stage = show(wall(), phone=True)
    assert shown_acts(stage) == ["How do you see it?", "Talk about this", "More"]
    more = stage.page.get_by_role("button", name="More: She tells it every evening")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    assert len(shown_acts(stage)) == len(ACTS) + 1
    assert not stage.breaks()


def test_every_act_of_a_card_is_reached_and_opened_by_the_keyboard(show: Show) -> None:
    stage = show(wall())
    page = stage.page
    page.get_by_role("button", name=re.compile("^More")).focus()
    page.keyboard.press("Enter")
    page.locator("h2").first.focus()
    reached = []
    for _ in range(len(ACTS) + 1):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText"))
    for name in NAMES:
        assert any(one.startswith(name) for one in reached), (name, reached)


def test_escape_closes_more_and_gives_it_the_focus_back(show: Show) -> None:
    stage = show(wall())
    more = stage.page.get_by_role("button", name=re.compile("^More"))
    more.click()
    stage.page.get_by_role("button", name=re.compile("^Hide now")).focus()
    stage.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    expect(stage.page.get_by_role("button", name=re.compile("^Hide now"))).to_have_count(0)


def test_a_form_that_an_act_behind_more_opens_is_used_as_any_other(show: Show) -> None:
    stage = show(wall())
    card = stage.page.locator(".cw-card")
    act = press(card, "I see it differently")
    expect(stage.page.get_by_label("Why")).to_be_focused()
    stage.page.keyboard.press("Escape")  # ends the form, and not More around its button
    expect(act).to_be_focused()
    act.click()
    stage.page.get_by_label("Why").fill("Nobody asks")
    card.locator("form button").last.click()
    stage.until(lambda: len(stage.shared()) == 1, "the words are sent")
    expect(act).to_be_focused()


def test_three_acts_need_no_more(show: Show) -> None:
    stage = show(wall(acts=["talk", "change", "take"]))
    assert shown_acts(stage) == ["Talk about this", "Change my words", "Take it back"]


def test_a_reader_on_an_act_stays_on_it_when_it_moves_behind_more(show: Show) -> None:
    shown = wall()
    stage = show(shown)
    act = find_act(stage.page.locator(".cw-card"), "Talk about this")
    act.focus()
    shown.show([{**shown.items[0], "near": ["stance", "differ"]}])
    expect(stage.page.locator(".cw-acts-more").get_by_role("button", name=re.compile("^Talk about"))).to_be_focused()


def test_a_double_press_takes_back_and_does_not_undo_it(show: Show) -> None:
    shown = wall(mine=True, acts=["change", "take", "talk", "erase"], near=["change", "take"])
    stage = show(shown)

    def take(sent: Any) -> None:
        if sent.kind == "withdrawal":
            taken = {"state": "taken", "acts": ["erase", "put"], "near": ["put"], "lifts": ["x"]}
            shown.show([{**shown.items[0], **taken}])

    shown.on_submit(take)
    where = stage.page.get_by_role("button", name=re.compile("^Take it back")).bounding_box()
    assert where
    x, y = where["x"] + where["width"] / 2, where["y"] + where["height"] / 2
    stage.page.mouse.dblclick(x, y)
    put = stage.page.get_by_role("button", name=re.compile("^Put it back"))
    expect(put).to_be_visible()
    assert [sent["kind"] for sent in stage.shared()] == ["withdrawal"]
    under = "([x, y]) => document.elementFromPoint(x, y).closest('[data-act]')?.dataset.act"
    assert stage.page.evaluate(under, [x, y]) != "put"
    expect(stage.page.locator(".cw-card")).to_be_focused()
    stage.page.keyboard.press("Enter")  # a key that is pressed twice, as well
    assert len(stage.shared()) == 1
    put.click()
    stage.until(lambda: len(stage.shared()) == 2, "it is put back")


def test_words_of_somebody_else_are_not_called_one_s_own_where_they_are_erased(show: Show) -> None:
    stage = show(wall(acts=["talk", "hide", "erase"], near=["talk", "erase"]))
    expect(stage.page.get_by_role("button", name=re.compile("^Erase these words"))).to_be_visible()
    expect(stage.page.get_by_role("button", name=re.compile("^Erase my words"))).to_have_count(0)


def test_the_answer_to_an_open_proposal_is_its_one_filled_button(show: Show) -> None:
    answer = {"name": "position", "label": "Give my answer", "kind": "position", "about": [], "filled": True}
    stage = show(wall(acts=[answer, *ACTS], near=["position", "stance"]))
    filled = stage.page.locator(".cw-filled")
    expect(filled).to_have_text("Give my answer")
    assert filled.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert shown_acts(stage)[0] == "Give my answer"


@pytest.mark.parametrize("looked", [False, True], ids=["not yet opened", "opened before"])
def test_what_is_behind_more_is_made_when_that_is_opened_and_says_it_in_the_language_of_now(
    show: Show, looked: bool
) -> None:
    shown = wall()
    stage = show(shown)
    more, acts = stage.page.locator(".cw-more-button"), stage.page.locator(".cw-acts-more [data-act]")
    expect(more).to_have_text("More")
    assert acts.count() == 0
    if looked:
        more.click()
        expect(acts.first).to_be_visible()
        more.click()
    shown.lang = "sv"
    expect(more).to_have_text("Mer")
    more.click()
    expect(acts.get_by_text("Vi har pratat om det här")).to_be_visible()
    assert acts.count() == 4


def test_words_refused_after_the_page_came_anew_are_in_a_form_that_is_named_by_an_act_behind_more(show: Show) -> None:
    def refuse(sent: Submission) -> None:
        raise Rejected("Say it without names.")

    shown = wall()
    shown.on_submit(refuse)
    stage = show(shown)
    with stage.silent():
        press(stage.page.locator(".cw-card"), "I see it differently")
        stage.page.get_by_label("Why").fill("Because of Bo")
        stage.page.locator(".cw-card form button").last.click()
        stage.until(lambda: bool(stage.messages("share")), "the words are sent")
    stage.open()
    form = stage.page.get_by_role("form", name="I see it differently")
    expect(form.get_by_role("alert")).to_have_text("Say it without names.")
    expect(form.get_by_label("Why")).to_have_value("Because of Bo")
