"""What a reader can do with a card where a page asks something of its own: forms that open in place, and links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import Stage, theatre

from cowork.widgets import CardList, Rejected, Submission

CARD, VERSION, OLDER = (f"0190a5b1-7c00-7000-8000-00000000000{n}" for n in range(1, 4))
Show = Callable[..., Stage]

BOX: dict[str, Any] = {
    "hint": "Seeing what someone means is not agreeing.",
    "choices": [
        {
            "key": "stance",
            "legend": "Where I stand",
            "required": True,
            "options": [{"value": "with", "label": "With it"}, {"value": "differ", "label": "I differ"}],
        },
        {
            "key": "as",
            "legend": "As whom",
            "many": True,
            "options": [{"value": "carer", "label": "Carer"}, {"value": "staff", "label": "Staff"}],
        },
    ],
    "fields": [
        {"key": "text", "label": "In my own words", "rows": 2, "place": 1},
        {"key": "why", "label": "Why, if I like", "line": True, "place": 2},
    ],
    "button": "Share my answer",
    "seen": ["Everyone sees the counts."],
    "seen_by_choice": {"stance": {"differ": ["Everyone sees that you differ."]}},
}


def act(**changes: Any) -> dict[str, Any]:
    own = {"name": "stance", "label": "How do you see it?", "kind": "stance", "about": [["answers", VERSION]]}
    return {**own, "choices": {"seen": "group"}, "box": BOX, **changes}


def card(*acts: Any, **changes: Any) -> dict[str, Any]:
    return {"id": CARD, "kind": "view", "text": "She tells it <b>every</b> evening", "acts": list(acts), **changes}


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def wall(*acts: Any, answer: Callable[[Submission], Any] = lambda sent: None) -> CardList:
    made = CardList(heading="What was written", wheel="alignment")
    made.show([card(*acts or (act(),))])
    made.on_submit(answer)
    return made


def opener(stage: Stage) -> Any:
    return stage.page.get_by_role("button", name="How do you see it?: She tells it <b>every</b> evening", exact=True)


def fill(stage: Stage) -> None:
    opener(stage).click()
    stage.page.get_by_role("radio", name="I differ").check()
    stage.page.get_by_role("checkbox", name="Carer").check()
    stage.page.get_by_label("In my own words").fill("Not <i>every</i> evening")


def test_a_form_opens_under_its_card_and_escape_goes_back_to_its_button(show: Show) -> None:
    stage = show(wall())
    expect(opener(stage)).to_have_attribute("aria-expanded", "false")
    opener(stage).click()
    expect(opener(stage)).to_have_attribute("aria-expanded", "true")
    expect(stage.page.get_by_role("radio", name="With it")).to_be_focused()
    expect(stage.page.get_by_role("form", name=re.compile("^How do you see it"))).to_be_visible()
    stage.page.keyboard.press("Escape")
    expect(opener(stage)).to_be_focused()
    expect(opener(stage)).to_have_attribute("aria-expanded", "false")
    expect(stage.page.get_by_label("In my own words")).to_have_count(0)


def test_words_and_answers_are_kept_when_the_form_is_closed_and_when_the_page_is_loaded_again(show: Show) -> None:
    stage = show(wall(act(), act(name="other", label="Another")))
    fill(stage)
    expect(stage.page.get_by_text("Draft kept on this device")).to_be_visible()
    for again in (lambda: stage.page.keyboard.press("Escape"), stage.open):
        again()
        opener(stage).click()
        expect(stage.page.get_by_label("In my own words")).to_have_value("Not <i>every</i> evening")
        expect(stage.page.get_by_role("radio", name="I differ")).to_be_checked()
        expect(stage.page.get_by_role("checkbox", name="Carer")).to_be_checked()
        expect(stage.page.get_by_text("Draft kept on this device")).to_be_visible()
    stage.page.get_by_role("button", name=re.compile("^Another")).click()  # a box of its own
    expect(stage.page.get_by_label("In my own words")).to_have_value("")
    expect(stage.page.get_by_role("radio", name="I differ")).not_to_be_checked()


def test_what_is_sent_holds_what_was_typed_and_chosen_beside_what_the_act_says_itself(show: Show) -> None:
    stage = show(wall(act(fields={"more": "fixed"})))
    fill(stage)
    stage.page.get_by_role("button", name="Share my answer").click()
    expect(stage.page.get_by_text("Shared", exact=True)).to_be_visible()
    (item,) = stage.shared()
    assert item["box"] == f"act:{CARD}:stance" and item["kind"] == "stance"
    assert item["about"] == [["answers", VERSION]]
    assert item["fields"] == {"more": "fixed", "text": "Not <i>every</i> evening", "why": ""}
    assert item["choices"] == {"seen": "group", "stance": "differ", "as": ["carer"]}
    expect(opener(stage)).to_be_focused()
    opener(stage).click()
    expect(stage.page.get_by_label("In my own words")).to_have_value("")
    assert not stage.page.get_by_text("Draft kept").is_visible()


def test_shared_is_said_after_the_answer_of_the_kernel_and_not_before(show: Show) -> None:
    stage = show(wall())
    fill(stage)
    with stage.silent():
        stage.page.get_by_role("button", name="Share my answer").click()
        expect(stage.page.get_by_text("Sharing…")).to_be_visible()
        expect(stage.page.get_by_text("1 text is kept on this device")).to_be_visible()
        expect(stage.page.get_by_text("Shared", exact=True)).to_have_count(0)
        expect(opener(stage)).to_have_attribute("aria-disabled", "true")
    expect(stage.page.get_by_text("Shared", exact=True)).to_be_visible()  # it is sent again, as the same item
    assert len(stage.shared()) == 1 < len(stage.messages("share"))


def test_refused_words_come_back_with_the_sentence_at_the_box_it_speaks_of(show: Show) -> None:
    def refuse(sent: Submission) -> None:
        raise Rejected("Say it without names.", "why")

    stage = show(wall(answer=refuse))
    fill(stage)
    stage.page.get_by_label("Why, if I like").fill("Because of Bo")
    stage.page.get_by_role("button", name="Share my answer").click()
    why = stage.page.get_by_label("Why, if I like")
    expect(why).to_be_focused()
    expect(why).to_have_value("Because of Bo")
    expect(why).to_have_attribute("aria-invalid", "true")
    expect(why).to_have_accessible_description("Say it without names.")
    expect(stage.page.get_by_label("In my own words")).to_have_value("Not <i>every</i> evening")
    expect(stage.page.get_by_role("radio", name="I differ")).to_be_checked()
    expect(stage.page.get_by_text("Shared", exact=True)).to_have_count(0)
    assert not stage.breaks()


def test_a_refusal_that_names_no_box_is_said_in_the_form(show: Show) -> None:
    def refuse(sent: Submission) -> None:
        raise Rejected("Answers are closed.")

    stage = show(wall(answer=refuse))
    fill(stage)
    stage.page.get_by_role("button", name="Share my answer").click()
    expect(stage.page.get_by_role("alert").filter(has_text="Answers are closed.")).to_be_visible()
    expect(stage.page.get_by_role("radio", name="I differ")).to_be_checked()


def test_an_answer_that_is_asked_for_and_not_given_is_said_beside_it(show: Show) -> None:
    stage = show(wall())
    opener(stage).click()
    stage.page.get_by_role("button", name="Share my answer").click()
    expect(stage.page.get_by_role("group", name="Where I stand")).to_have_accessible_description(
        re.compile("Please choose an answer")
    )
    expect(stage.page.get_by_role("radio", name="With it")).to_be_focused()
    assert not stage.shared()


def test_the_line_under_the_button_is_the_one_true_for_the_answer(show: Show) -> None:
    stage = show(wall())
    opener(stage).click()
    button = stage.page.get_by_role("button", name="Share my answer")
    expect(button).to_have_accessible_description("Everyone sees the counts.")
    stage.page.get_by_role("radio", name="I differ").check()
    expect(button).to_have_accessible_description("Everyone sees that you differ.")
    expect(stage.page.get_by_text("Everyone sees the counts.")).to_have_count(0)


def test_what_is_asked_for_one_answer_only_is_neither_asked_nor_sent_for_another(show: Show) -> None:
    fields = [{"key": "text", "label": "Why I differ", "required": True, "when": {"stance": ["differ"]}}]
    stage = show(wall(act(box={**BOX, "fields": fields})))
    opener(stage).click()
    expect(stage.page.get_by_label("Why I differ")).to_be_hidden()
    stage.page.get_by_role("radio", name="I differ").check()
    stage.page.get_by_label("Why I differ").fill("Not every evening")
    stage.page.get_by_role("radio", name="With it").check()
    stage.page.get_by_role("button", name="Share my answer").click()
    expect(stage.page.get_by_text("Done", exact=True)).to_be_visible()
    assert stage.shared()[0]["fields"] == {}


def test_an_answer_is_about_the_wording_its_writer_has_read(show: Show) -> None:
    shown = wall(act(about=[["answers", OLDER]]))
    stage = show(shown)
    fill(stage)
    shown.show([card(act(box={**BOX, "button": "Dela mitt svar"}), text="She tells it twice")])
    expect(stage.page.get_by_label("In my own words")).to_have_value("Not <i>every</i> evening")
    stage.page.get_by_role("button", name="Dela mitt svar").click()
    expect(stage.page.get_by_text("Shared", exact=True)).to_be_visible()
    assert stage.shared()[0]["about"] == [["answers", OLDER]]


def test_a_link_moves_inside_the_page_and_leaves_other_clicks_to_the_browser(show: Show) -> None:
    link = {"name": "trace", "label": "How did we get here?", "href": "?w=KIND-2&page=trace&at=x"}
    stage = show(wall(link, act()))
    here = stage.page.get_by_role("link", name=re.compile("^How did we get here"))
    here.click()
    assert stage.page.evaluate("window.went") == [["trace", "?w=KIND-2&page=trace&at=x"]]
    with stage.page.context.expect_page():
        here.click(modifiers=["ControlOrMeta"])
    assert len(stage.page.evaluate("window.went")) == 1
    assert not stage.shared()


def test_a_box_without_a_label_is_named_by_what_opened_it(show: Show) -> None:
    fields = [{"key": "text", "required": True}]
    options = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]
    stage = show(wall(act(box={"fields": fields, "choices": [{"key": "is", "options": options}]})))
    opener(stage).click()
    expect(stage.page.get_by_role("textbox", name=re.compile("^How do you see it"))).to_be_focused()
    expect(stage.page.get_by_role("group", name=re.compile("^How do you see it"))).to_be_visible()
    assert not stage.breaks()


def test_a_form_breaks_no_rule_of_access(show: Show) -> None:
    stage = show(wall(act(strong=True), "talk", {"name": "t", "label": "A link", "href": "?page=trace"}))
    fill(stage)
    assert not stage.breaks()
