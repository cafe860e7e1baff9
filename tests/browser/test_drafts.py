"""A scribe's draft for one person stands in no other person's box, and in none of the scribe's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import Stage, theatre

from cowork.widgets import CardList, Form, Rejected, Submission

CARD, ANN, BEN = (f"0190a5b1-7c00-7000-8000-00000000000{n}" for n in range(1, 4))
Show = Callable[..., Stage]


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def question(person: str) -> Form:
    """The same question as its page asks it of somebody, or ("") of the scribe."""
    return Form(
        box=f"dialogue@{person}" if person else "dialogue",
        voice=person,
        level=2,
        fields=[{"key": "text", "label": f"Words of {person or 'my own'}"}],
    )


def wall(answer: Callable[[Submission], Any] = lambda sent: None) -> CardList:
    made = CardList(heading="What was written")
    box = {"fields": [{"key": "text", "label": "In words", "rows": 2}], "button": "Share this answer"}
    act = {"name": "say", "label": "Answer", "kind": "utterance", "about": [["about", CARD]], "box": box}
    made.show([{"id": CARD, "kind": "view", "text": "Every evening", "acts": [act]}])
    made.on_submit(answer)
    return made


def test_a_draft_for_somebody_stands_in_their_box_alone(show: Show) -> None:
    stage = show(question(""), question(ANN), question(BEN))
    box = {person: stage.page.get_by_label(f"Words of {person or 'my own'}") for person in ("", ANN, BEN)}
    box[ANN].fill("Ann's own words")
    expect(stage.page.get_by_text("Draft kept on this device")).to_be_visible()
    stage.open()
    expect(box[ANN]).to_have_value("Ann's own words")
    expect(box[BEN]).to_have_value("")
    expect(box[""]).to_have_value("")
    box[""].fill("The scribe's words")
    expect(stage.page.get_by_text("Draft kept on this device")).to_have_count(2)
    stage.open()
    expect(box[ANN]).to_have_value("Ann's own words")  # nor is it taken over into the scribe's
    expect(box[""]).to_have_value("The scribe's words")


def test_a_draft_under_a_card_is_that_persons_alone_too(show: Show) -> None:
    made = wall()
    stage = show(made)

    def asked_as(person: str) -> Any:
        made.voice = person
        stage.open()
        stage.page.get_by_role("button", name="Answer: Every evening").click()
        return stage.page.get_by_label("In words")

    asked_as(ANN).fill("Ann's own words")
    expect(stage.page.get_by_text("Draft kept on this device")).to_be_visible()
    expect(asked_as("")).to_have_value("")
    expect(asked_as(BEN)).to_have_value("")
    expect(asked_as(ANN)).to_have_value("Ann's own words")


def test_refused_words_come_back_in_the_form_of_whom_they_are_for(show: Show) -> None:
    def refuse(sent: Submission) -> None:
        raise Rejected("Say it shorter.", "text")

    made = wall(refuse)
    made.voice = ANN
    stage = show(made)
    stage.page.get_by_role("button", name="Answer: Every evening").click()
    stage.page.get_by_label("In words").fill("Ann's own words")
    with stage.silent():
        stage.page.get_by_role("button", name="Share this answer").click()
        stage.until(lambda: bool(stage.shared()), "the words are sent")
    made.voice = ""  # the scribe goes on in their own name before the answer is there
    stage.open()
    expect(stage.page.get_by_text("Say it shorter.")).to_be_visible()
    expect(stage.page.get_by_label("In words")).to_have_count(0)
    stage.page.get_by_role("button", name="Answer: Every evening").click()
    expect(stage.page.get_by_label("In words")).to_have_value("")
    made.voice = ANN
    stage.open()
    stage.page.get_by_role("button", name="Answer: Every evening").click()
    expect(stage.page.get_by_label("In words")).to_have_value("Ann's own words")
