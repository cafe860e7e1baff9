"""The whole cycle with nothing but a keyboard, each stop found by the role and name that a screen reader is given.

Kim has no mouse, and neither has Fay once there is something to show and to end. Bo has one, so that there are words
to answer. What each act takes, in stops and in presses, is told at the end: `pytest -rP` or `-s` shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser
from support.browsers import Person, expect
from support.keyboard import Keyboard
from support.whole_cycle import card, go, open_form, take_whole

SAID = "🙂 I never know who to ring after four. On Fridays the desk is empty."
EXACT = "I never know who to ring after four."
HOPE = "That nobody rings in vain"
TALK = "And the letter says nothing about it."
VIEW = "People need one number that is answered."
OTHER = "A number helps nobody when there is nobody to answer."
READ = "It is about being left alone."
SEEN = "Nobody answers after four, and we had not seen it."
SEEN_TOO = "The letter is written for the day, and people go home in the evening."
PROPOSAL = "One number on page one, answered until eight."
WORRY = "Who answers on a Friday?"
ANSWER = "The next ward does, on Fridays."


@dataclass
class Group:
    """A facilitator, somebody with a keyboard alone, and somebody with a mouse."""

    fay: Person
    kim: Person
    bo: Person
    code: str
    keys: Keyboard
    fay_keys: Keyboard


@pytest.fixture(scope="module")
def chrome(windowed_chrome: Browser) -> Browser:
    """The whole browser, as people have it."""
    return windowed_chrome


@pytest.fixture(scope="module")
def group(person: Callable[..., Person]) -> Iterator[Group]:
    fay, kim, bo = (person(reduced_motion="reduce") for _ in range(3))
    keys, fay_keys = Keyboard(kim), Keyboard(fay)
    code = fay.start_workshop("Ward 7, together", "Going home goes wrong too often.", "Fay")
    bo.join(code, "Bo", by_link=True)
    go(bo, "Dialogue", "What do we want to talk about")
    bo.share("What I would like to say", SAID)
    yield Group(fay, kim, bo, code, keys, fay_keys)
    print("\nKim\n" + keys.table() + "\nFay\n" + fay_keys.table())


def rest_on(keys: Keyboard, words: str) -> None:
    """In the form that is open: choose a whole text that was said or written."""
    keys.press_on("button", "Choose words that were said")
    keys.press_on("button", "Use the whole text", of=words)


def answer(keys: Keyboard, question: str, choice: str, *, of: str, back: bool = False) -> None:
    """Open a question under a card, choose an answer, share it, and hear that it is done."""
    keys.press_on("button", question, of=of, back=back)
    keys.choose(question, choice)
    keys.press_on("button", "Share my answer")
    keys.hears("Done")


def test_one_joins_and_says_why_one_is_here(group: Group) -> None:
    keys = group.keys
    group.kim.open()
    with keys.act("join"):
        keys.write("The code you were given", group.code.lower())
        keys.press_on("button", "Join")
        keys.arrives("How would you like to take part")
        keys.choose("Would you like to take part?", "Yes, I would like to take part")
        keys.write("Name for this workshop", "Kim")
        keys.press_on("button", "Go to the group")
        keys.arrives("Why are you here")
    with keys.act("share an intention"):
        keys.write("Why I am here", HOPE)
        keys.press_on("button", "Share with the group")
        keys.stands_at(HOPE, told="Shared. It is here.")


def test_one_talks(group: Group) -> None:
    keys = group.keys
    with keys.act("go to Dialogue"):
        keys.go("Dialogue", "What do we want to talk about")
    with keys.act("write in Dialogue"):
        keys.write("What I would like to say", TALK)
        keys.press_on("button", "Share with the group")
        keys.stands_at(TALK, told="Shared. It is here.")
    expect(card(group.bo, TALK)).to_be_visible()


def test_one_documents_a_way_of_seeing_it_by_exact_words_of_somebody_else(group: Group) -> None:
    keys = group.keys
    with keys.act("go to Documentation"):
        keys.go("Documentation", "What did we hear")
    with keys.act("write a way of seeing it, by exact words"):
        keys.press_on("button", "Write a way of seeing it")
        keys.press_on("button", "Choose words that were said")
        keys.press_on("button", "Choose words", of="who to ring")
        assert keys.here().role == "option"
        keys.until(lambda at: at.name == "I", "the word I", "ArrowRight")
        keys.press("Enter")
        keys.hears("First word: I")
        keys.until(lambda at: at.name == "four.", "the word four.", "ArrowRight")
        keys.press("Enter")
        keys.hears(f"Marked: {EXACT}")
        keys.press_on("button", "Use these words")
        keys.hears(f"Chosen: {EXACT}")
        keys.write("A way of seeing it", VIEW)
        keys.press_on("button", "Keep this way of seeing it")
        keys.stands_at(VIEW, told="Shared. It is here.")
    go(group.bo, "Documentation", "What did we hear")
    expect(card(group.bo, VIEW).locator("blockquote").first).to_contain_text(EXACT)


def test_one_says_how_one_sees_what_somebody_else_wrote(group: Group) -> None:
    keys, bo = group.keys, group.bo
    open_form(bo, "Write a way of seeing it")
    take_whole(bo, "letter says nothing")
    bo.page.get_by_label("A way of seeing it", exact=True).fill(OTHER)
    bo.button("Keep this way of seeing it").click()
    with keys.act("say how one sees it"):
        answer(keys, "How do you see it?", "I see it differently", of=OTHER, back=True)


def test_one_makes_something_of_it_and_says_what_we_now_see(group: Group) -> None:
    keys, bo = group.keys, group.bo
    with keys.act("go to Interpretation"):
        keys.go("Interpretation", "What do you make of")
    with keys.act("say what one makes of it"):
        keys.write("What I make of it", READ)
        rest_on(keys, VIEW)
        keys.press_on("button", "Share what I make of it")
        keys.stands_at(READ, told="Shared. It is here.")
    with keys.act("go to Understanding"):
        keys.go("Understanding", "What do we now see")
    with keys.act("say what we now see"):
        keys.write("What we now see", SEEN)
        rest_on(keys, READ)
        keys.press_on("button", "Share what we now see")
        keys.stands_at(SEEN, told="Shared. It is here.")
    go(bo, "Understanding", "What do we now see")
    bo.page.get_by_label("What we now see", exact=True).first.fill(SEEN_TOO)
    take_whole(bo, VIEW)
    bo.button("Share what we now see").click()
    with keys.act("say whether one was understood"):
        answer(keys, "Did we get it right?", "Yes, that is what I meant", of=SEEN_TOO, back=True)


def test_one_proposes_answers_before_any_reason_is_asked_and_names_a_worry(group: Group) -> None:
    keys = group.keys
    with keys.act("go to Agreement"):
        keys.go("Agreement", "What could we all go along")
    with keys.act("put a proposal, resting on words"):
        keys.press_on("button", "Put a proposal")
        keys.write("Our proposal", PROPOSAL)
        rest_on(keys, SEEN)
        keys.press_on("button", "Put forward this proposal")
        keys.stands_at(PROPOSAL, told="Shared. It is here.")
    with keys.act("answer it, having thought twice"):
        keys.press_on("button", "Give my answer", of=PROPOSAL)
        assert keys.here().role == "radio", "the answer comes before any reason"
        keys.press("Escape")
        assert keys.here().name.startswith("Give my answer")
        assert keys.here().states["expanded"] is False
        keys.press("Enter")
        keys.choose("What is your answer to this proposal?", "I can go along, with some doubt")
        keys.press_on("button", "Give my answer")
        keys.hears("Done")
    with keys.act("name a worry"):
        keys.press_on("button", "Add my worry or condition", of=PROPOSAL)
        keys.choose("Do you have a worry or a condition?", "My worry")
        keys.write("My worry or condition, in my own words", WORRY)
        keys.press_on("button", "Add my worry or condition")
        keys.stands_at(WORRY, told="Shared. It is here.")


def test_a_facilitator_shows_the_answers_together_and_ends_it_with_no_mouse_either(group: Group) -> None:
    keys, kim = group.fay_keys, group.kim
    with keys.act("go to Agreement"):
        keys.go("Agreement", "What could we all go along")
    with keys.act("answer"):
        keys.press_on("button", "Give my answer", of=PROPOSAL)
        keys.choose("What is your answer to this proposal?", "This is fine with me")
        keys.press_on("button", "Give my answer")
        keys.hears("Done")
    for one in (group.fay, kim):
        expect(one.page.get_by_text("One dot is one person.")).to_have_count(0)
    with keys.act("show the answers together"):
        keys.press_on("button", "Show answers together", of=PROPOSAL, back=True)
        keys.press_on("button", "Show the answers now")
        keys.hears("Done")
    for one in (group.fay, kim):
        expect(one.page.get_by_text("One dot is one person.").first).to_be_visible()
    with keys.act("answer a worry"):
        keys.press_on("button", "Answer this worry", of=WORRY)
        keys.write("Our answer to the worry", ANSWER)
        keys.press_on("button", "Answer this worry")
        expect(kim.page.get_by_text(ANSWER).first).to_be_visible()
    with group.keys.act("say whether the answer is enough"):
        answer(group.keys, "Does this answer your worry?", "Yes", of=WORRY)
    with keys.act("end it: we agree"):
        keys.press_on("button", "How would you like to end this", of=PROPOSAL, back=True)
        keys.choose("Read before we agree", "We agree on this")
        keys.press_on("button", "Keep this ending")
        keys.stands_at(PROPOSAL, told="Shared. It is here.")
    expect(kim.page.get_by_role("listitem").filter(has_text="We agreed").first).to_contain_text(WORRY)
    expect(kim.page.locator("h1:focus")).to_contain_text("What could we all go along")  # what Kim stood at is gone
    group.keys.no_fault("ended by somebody else")


def test_from_the_agreement_one_comes_back_to_the_words_it_rests_on(group: Group) -> None:
    keys = group.keys
    page = keys.page
    with keys.act("open the trace of what was agreed"):
        keys.press_on("link", "How did we get here?", of=PROPOSAL)
        expect(page.get_by_role("heading", level=1)).to_contain_text("How did we get here")
        keys.stands_at(PROPOSAL)
    for step in (PROPOSAL, SEEN, READ, VIEW, EXACT):
        expect(page.get_by_text(step).first).to_be_visible()
    with keys.act("from the trace to the words"):
        keys.press_on("link", "Show what was said before and after", of=EXACT)
        expect(page.get_by_role("heading", level=1)).to_contain_text("What do we want to talk about")
        keys.stands_at(SAID)
    assert group.kim.faults == group.fay.faults == []
    assert group.kim.outside == group.fay.outside == []
