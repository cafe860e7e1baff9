"""The doors of a form: the button that opens it, the line that says who will see it, the button before the texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import Stage, theatre
from support.text_picking import pick

from cowork.widgets import CardList, Dialog, Form, Rejected, Submission

Show = Callable[..., Stage]
OPEN = "Put a proposal"
CHANGE = "Change how it is shown and who sees it"
TEXTS = "Choose words that were said"
CARD = "0190a5b1-7c00-7000-8000-000000000001"

SHOWN = {
    "key": "shown",
    "legend": "How should it be shown?",
    "options": [{"value": "named", "label": "With my name, Ali"}, {"value": "none", "label": "Without a name"}],
    "value": "named",
    "brief": True,
}
SEEN = {
    "key": "seen",
    "legend": "Who will see this?",
    "options": [{"value": "group", "label": "The whole group"}, {"value": "only-me", "label": "Only me"}],
    "value": "group",
    "brief": True,
    "seen": True,
}
LINES = {"group": ["The whole group will see it.", "You can take it back."], "only-me": ["Only you see this."]}


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def question(**changes: Any) -> Form:
    field = {"key": "text", "label": "Our proposal", "required": True}
    traits = {"box": "agreement", "level": 2, "question": OPEN, "fields": [field], "opener": OPEN, **changes}
    return Form(choices=[SHOWN, SEEN], seen_by_choice={"seen": LINES}, button="Put it forward", **traits)


def door(stage: Stage, name: str = OPEN) -> Any:
    return stage.page.get_by_role("button", name=name, exact=True)


def test_a_form_is_closed_until_its_button_is_pressed_and_then_one_stands_in_it(show: Show) -> None:
    stage = show(question(), phone=True)
    box = stage.page.get_by_label("Our proposal")
    expect(stage.page.get_by_role("heading", name=OPEN)).to_be_visible()
    expect(door(stage)).to_have_attribute("aria-expanded", "false")
    expect(box).to_be_hidden()
    assert not stage.breaks()
    door(stage).focus()
    stage.page.keyboard.press("Enter")
    expect(box).to_be_focused()
    expect(door(stage)).to_have_attribute("aria-expanded", "true")
    assert not stage.breaks()
    door(stage).click()
    expect(box).to_be_hidden()


def test_what_is_folded_away_is_not_where_one_stands_first(show: Show) -> None:
    fields = [{"key": "more", "label": "More of it", "fold": True}, {"key": "text", "label": "Our proposal"}]
    stage = show(question(fields=fields, fold_h="More about it"))
    door(stage).click()
    expect(stage.page.get_by_label("Our proposal")).to_be_focused()
    expect(stage.page.get_by_label("More of it")).to_be_hidden()


def test_a_draft_opens_its_form_and_a_link_that_leads_to_it_does(show: Show) -> None:
    stage = show(question(), question(box="other", opened=True, fields=[{"key": "text", "label": "Led here"}]))
    expect(stage.page.get_by_label("Led here")).to_be_visible()
    door(stage).first.click()
    stage.page.get_by_label("Our proposal").fill("Half a sentence")
    expect(
        stage.page.get_by_text("Draft kept on this device").or_(stage.page.locator(".cw-saved").first)
    ).to_be_visible()
    stage.open()
    expect(stage.page.get_by_label("Our proposal")).to_have_value("Half a sentence")
    expect(stage.page.get_by_label("Our proposal")).to_be_visible()


def test_once_shared_the_form_closes_and_says_so_and_words_that_are_refused_open_it(show: Show) -> None:
    made = question()
    refuse: list[str] = ["Not these words."]

    def answer(sent: Submission) -> None:
        if refuse:
            raise Rejected(refuse.pop(), "text")

    made.on_submit(answer)
    stage = show(made)
    door(stage).click()
    stage.page.get_by_label("Our proposal").fill("We ring on Saturdays")
    stage.page.get_by_role("button", name="Put it forward").click()
    expect(stage.page.get_by_text("Not these words.")).to_be_visible()
    expect(stage.page.get_by_label("Our proposal")).to_be_focused()
    stage.page.get_by_role("button", name="Put it forward").click()
    expect(stage.page.get_by_text("Shared", exact=True)).to_be_visible()
    expect(stage.page.get_by_label("Our proposal")).to_be_hidden()
    expect(door(stage)).to_have_attribute("aria-expanded", "false")


def test_name_and_audience_stand_in_one_line_that_is_true_for_the_answers(show: Show) -> None:
    stage = show(question(opener=""), phone=True)
    page, button = stage.page, stage.page.get_by_role("button", name="Put it forward")
    expect(page.get_by_text("With my name, Ali · The whole group will see it", exact=True)).to_be_visible()
    expect(page.get_by_role("radio", name="Only me")).to_be_hidden()
    said = "With my name, Ali · The whole group will see it You can take it back."
    expect(button).to_have_accessible_description(said)
    door(stage, CHANGE).focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Only me").check()
    page.get_by_role("radio", name="Without a name").check()
    expect(page.get_by_text("Without a name · Only you see this", exact=True)).to_be_visible()
    assert not stage.breaks()
    door(stage, CHANGE).click()
    expect(page.get_by_role("radio", name="Only me")).to_be_hidden()
    page.get_by_label("Our proposal").fill("Mine alone")
    button.click()
    stage.until(lambda: len(stage.shared()) == 1, "the words were sent")
    assert stage.shared()[0]["choices"] == {"shown": "none", "seen": "only-me"}


def test_under_a_card_the_line_says_it_too_and_the_answer_has_the_focus(show: Show) -> None:
    stance = {"key": "stance", "legend": "Where I stand", "required": True, "place": -1,
              "options": [{"value": "with", "label": "With it"}, {"value": "differ", "label": "I differ"}]}  # fmt: skip
    box = {"choices": [stance, SHOWN], "fields": [{"key": "text", "label": "Why"}], "button": "Share my answer",
           "seen": ["The whole group will see it.", "People may guess."]}  # fmt: skip
    made = CardList(heading="What was written")
    act = {"name": "stance", "label": "How do you see it?", "kind": "stance", "about": [["answers", CARD]], "box": box}
    made.show([{"id": CARD, "kind": "view", "text": "Every evening", "acts": [act]}])
    stage = show(made, phone=True)
    stage.page.get_by_role("button", name=re.compile("^How do you see it")).click()
    expect(stage.page.get_by_role("radio", name="With it")).to_be_focused()
    first, second = (stage.page.get_by_role("radio", name="With it"), stage.page.get_by_label("Why"))
    assert first.bounding_box()["y"] < second.bounding_box()["y"]  # type: ignore[index]
    expect(stage.page.get_by_text("With my name, Ali · The whole group will see it", exact=True)).to_be_visible()
    expect(stage.page.get_by_role("radio", name="Without a name")).to_be_hidden()
    assert not stage.breaks()


def test_the_texts_are_closed_until_asked_for_and_what_is_chosen_stands_without_them(show: Show) -> None:
    stage = show(question(opener="", picks=[pick(opener=TEXTS)]), phone=True)
    whole = stage.page.get_by_role("button", name="Use the whole text: I was asked")
    expect(whole).to_be_hidden()
    assert not stage.breaks()
    door(stage, TEXTS).focus()
    stage.page.keyboard.press("Enter")
    whole.click()
    stage.page.get_by_label("Our proposal").fill("With words behind it")
    stage.open()
    expect(stage.page.locator(".cw-picked blockquote")).to_be_visible()  # chosen words are a draft
    expect(whole).to_be_hidden()  # and the texts do not stand between them and the box
    door(stage, TEXTS).click()
    expect(whole).to_have_attribute("aria-pressed", "true")
    stage.page.get_by_role("button", name="Put it forward").click()
    stage.until(lambda: len(stage.shared()) == 1, "the words were sent")
    expect(whole).to_be_hidden()


def test_a_link_to_one_of_the_texts_opens_them(show: Show) -> None:
    stage = show(question(opener="", picks=[pick(opener=TEXTS, opened=True)]))
    expect(door(stage, TEXTS)).to_have_attribute("aria-expanded", "true")
    whole = stage.page.get_by_role("button", name="Use the whole text: 🙂🙂 Nobody told us")
    expect(whole).to_be_visible()
    whole.click()
    stage.page.get_by_label("Our proposal").fill("With words behind it")
    stage.open()
    expect(stage.page.locator(".cw-picked blockquote")).to_be_visible()
    expect(whole).to_be_hidden()  # as whoever chose words in the talk itself comes here: nothing is left to choose


def test_texts_that_must_be_chosen_are_opened_by_what_is_said_about_them(show: Show) -> None:
    stage = show(question(opener="", picks=[pick(opener=TEXTS, required=True)]))
    stage.page.get_by_label("Our proposal").fill("Without words behind it")
    stage.page.get_by_role("button", name="Put it forward").click()
    expect(stage.page.get_by_role("button", name="Use the whole text: I was asked")).to_be_visible()
    assert not stage.shared()


def test_a_button_with_nothing_to_ask_does_what_it_says(show: Show) -> None:
    dialog = Dialog(button="Make a return code", heading="Your return code", no="Close")
    dialog.on_message("yes", lambda message: dialog.show(["RIVER-GINGER-7489", "Write it down."]))
    stage = show(dialog)
    stage.page.get_by_role("button", name="Make a return code").click()
    box = stage.page.get_by_role("dialog")
    expect(box.locator("output")).to_have_text("RIVER-GINGER-7489")
    expect(box.get_by_role("button")).to_have_count(1)
