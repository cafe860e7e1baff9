"""The whole cycle in three browsers: from talk to an agreement that leads back to the words, and on changed ground."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser
from support.browsers import Person, expect
from support.card_acts import press
from support.whole_cycle import act, card, give_answer, go, open_form, show_answers, take_whole, take_words

Trio = tuple[Person, Person, Person]

SAID = "🙂 I never know who to ring after four. On Fridays the desk is empty."
EXACT = "I never know who to ring after four."
VIEW = "People need one number that is answered."
OTHER = "A number helps nobody when there is nobody to answer."
SEEN = "Nobody answers after four, and we had not seen it."
PROPOSAL = "One number on page one, answered until eight."
WORRY = "Who answers on a Friday?"


@pytest.fixture(scope="module")
def chrome(windowed_chrome: Browser) -> Browser:
    """The whole cycle once in the whole browser, as people have it."""
    return windowed_chrome


def test_words_are_documented_exactly_and_their_holder_confirms_them(trio: Trio) -> None:
    fay, ada, bo = trio
    go(ada, "Dialogue", "What do we want to talk about")
    ada.share("What I would like to say", SAID)
    go(bo, "Dialogue", "What do we want to talk about")
    bo.share("What I would like to say", "We are one nurse fewer on Fridays, and the list does not say so.")
    go(fay, "Documentation", "What did we hear")
    open_form(fay, "Write a way of seeing it")
    take_words(fay, "who to ring", "I", "four.", keys=True)
    fay.page.get_by_label("A way of seeing it", exact=True).fill(VIEW)
    expect(fay.page.get_by_role("checkbox", name="Ada")).to_be_hidden()
    fay.page.get_by_role("radio", name="Someone else").check()
    fay.page.get_by_role("checkbox", name="Ada").check()
    fay.button("Keep this way of seeing it").click()
    expect(card(fay, VIEW).get_by_role("blockquote").or_(card(fay, VIEW).locator("blockquote")).first).to_contain_text(
        EXACT
    )
    go(ada, "Documentation", "What did we hear")
    found = act(ada, VIEW, "Is this how you see it?")
    found.get_by_role("radio", name="Yes, this is how I see it").check()
    found.get_by_role("button", name="Share my answer").click()
    expect(card(fay, VIEW)).to_contain_text("Confirmed by the person whose view it is")


def test_what_differs_stands_beside_it_and_only_its_holder_says_where_they_stand(trio: Trio) -> None:
    _, ada, bo = trio
    go(bo, "Documentation", "What did we hear")
    found = act(bo, VIEW, "I see it differently")
    found.get_by_role("textbox").first.fill(OTHER)
    found.get_by_role("button", name="Keep this way of seeing it").click()
    expect(card(ada, OTHER)).to_contain_text("Different from")
    expect(card(ada, VIEW)).to_contain_text("Different from")
    for one in (ada, bo):
        one.page.goto(re.sub(r"page=\w+", "page=differ", one.page.url))
        expect(one.page.get_by_role("heading", level=1)).to_contain_text("Where do we see it differently")
    expect(card(ada, OTHER).get_by_role("button", name=re.compile("Where do you stand"))).to_have_count(0)
    found = act(bo, OTHER, "Where do you stand on this now?")
    found.get_by_role("radio", name="I have partly changed my view").check()
    found.get_by_role("button", name="Keep where I stand").click()
    expect(card(ada, OTHER)).to_contain_text("I have partly changed my view")


def test_it_is_interpreted_understood_and_checked_with_those_who_said_it_and_with_everyone(trio: Trio) -> None:
    fay, ada, bo = trio
    go(ada, "Interpretation", "What do you make of")
    ada.page.get_by_label("What I make of it", exact=True).fill("It is about being left alone.")
    take_whole(ada, VIEW)
    ada.button("Share what I make of it").click()
    expect(card(ada, "left alone")).to_contain_text("One way to understand it. Let us talk about it.")
    go(fay, "Understanding", "What do we now see")
    fay.page.get_by_label("What we now see", exact=True).first.fill(SEEN)
    take_whole(fay, "left alone")
    take_whole(fay, VIEW)
    fay.button("Share what we now see").click()
    expect(card(fay, SEEN)).to_contain_text("0 yes, 0 nearly, 0 no, 1 have not said")
    go(ada, "Understanding", "What do we now see")
    found = act(ada, SEEN, "Did we get it right?")
    found.get_by_role("radio", name="Yes, that is what I meant").check()
    found.get_by_role("button", name="Share my answer").click()
    go(bo, "Understanding", "What do we now see")
    expect(card(bo, SEEN).get_by_role("button", name=re.compile("^Did we get it right"))).to_have_count(0)
    found = act(bo, SEEN, "Do we see what they mean?")
    found.get_by_role("radio", name="I see what they mean, and I see it differently").check()
    found.get_by_role("button", name="Share my answer").click()
    expect(card(fay, SEEN)).to_contain_text("1 yes, 0 nearly, 0 no, 0 have not said")
    expect(card(fay, SEEN)).to_contain_text(
        "See it this way too: 0. See it differently: 1. Want to talk more: 0. Have not said: 2."
    )


def test_a_proposal_is_answered_alone_shown_together_and_agreed_with_its_worry_inside(trio: Trio) -> None:
    fay, ada, bo = trio
    for one in trio:
        go(one, "Agreement", "What could we all go along")
    open_form(fay, "Put a proposal")
    fay.page.get_by_label("Our proposal", exact=True).fill(PROPOSAL)
    take_whole(fay, SEEN)
    fay.button("Put forward this proposal").click()
    for one, level in ((ada, "I want this"), (bo, "I can go along, with some doubt")):
        give_answer(one, PROPOSAL, level)
    for one in trio:  # no dot, no count, before all are shown
        expect(one.page.get_by_text("One dot is one person.")).to_have_count(0)
        expect(one.page.get_by_text("1 person", exact=True)).to_have_count(0)
    found = act(bo, PROPOSAL, "Add my worry or condition")
    found.get_by_label("My worry or condition, in my own words").fill(WORRY)
    found.get_by_role("button", name="Add my worry or condition").last.click()
    show_answers(fay, PROPOSAL)
    for one in trio:
        expect(one.page.get_by_text("One dot is one person.").first).to_be_visible()
    found = act(fay, PROPOSAL, "How would you like to end this")
    found.get_by_role("radio", name="We agree on this").check()
    found.get_by_role("button", name="Keep this ending").click()
    expect(found.get_by_text("By our rule this is not agreed.").first).to_be_visible()
    answer = act(fay, WORRY, "Answer this worry")
    answer.get_by_label("Our answer to the worry").fill("The next ward does, on Fridays.")
    answer.get_by_role("button", name="Answer this worry").last.click()
    expect(bo.page.get_by_text("The next ward does, on Fridays.").first).to_be_visible()
    found.get_by_role("button", name="Keep this ending").click()
    for one in trio:
        agreed = one.page.get_by_role("listitem").filter(has_text="We agreed").first
        expect(agreed).to_contain_text(PROPOSAL)
        expect(agreed).to_contain_text(WORRY)
        expect(agreed).to_contain_text("The next ward does, on Fridays.")


def test_from_the_agreement_three_presses_lead_to_the_verbatim_words(trio: Trio) -> None:
    _, _, bo = trio
    presses = 0
    agreed = bo.page.get_by_role("listitem").filter(has_text="We agreed").first
    agreed.get_by_role("link", name=re.compile("^How did we get here")).first.click()
    presses += 1
    expect(bo.page.get_by_role("heading", level=1)).to_contain_text("How did we get here")
    expect(bo.page.get_by_text(EXACT).first).to_be_visible()
    for step in (PROPOSAL, SEEN, "It is about being left alone.", VIEW):  # no link is skipped on the way
        expect(bo.page.get_by_text(step).first).to_be_visible()
    node = bo.page.locator(".cw-tree li").filter(has_text=EXACT).last
    node.get_by_role("link").last.click()
    presses += 1
    expect(bo.page.get_by_role("heading", level=1)).to_contain_text("What do we want to talk about")
    expect(card(bo, SAID)).to_be_visible()
    assert presses <= 3


def test_words_taken_back_are_gone_and_mark_what_rests_on_them_everywhere(trio: Trio) -> None:
    fay, ada, bo = trio
    go(ada, "Dialogue", "What do we want to talk about")
    for one in (fay, bo):
        go(one, "Agreement", "What could we all go along")
    expect(fay.page.get_by_text("The words behind this have changed")).to_have_count(0)
    press(card(ada, SAID), "Take it back")
    for one in (fay, bo):
        expect(one.page.get_by_role("listitem").filter(has_text="We agreed").first).to_contain_text(
            "The words behind this have changed"
        )
    go(bo, "Documentation", "What did we hear")
    expect(card(bo, VIEW)).to_contain_text("The person who wrote them took them back.")
    expect(bo.page.get_by_text(EXACT)).to_have_count(0)
    press(card(ada, SAID), "Put it back")
    expect(fay.page.get_by_text("The words behind this have changed")).to_have_count(0)


def test_nothing_went_wrong_behind_these_pages_and_no_other_host_was_asked(trio: Trio) -> None:
    for one in trio:
        assert one.faults == []
        assert one.outside == []
