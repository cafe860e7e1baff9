"""One scribe, no phones, twelve people: the whole cycle through one person's hands, each word in its speaker's name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.browsers import Person, expect
from support.whole_cycle import act, card, give_answer, go, open_form, show_answers, take_whole, take_words

NAMES = ("Gunnar", "Una", "Sten", "Amira", "Kim", "Ruth", "Jonas", "Mei", "Lo", "Hamid", "Elin", "Per")


@pytest.fixture(scope="module")
def fay(person: Callable[..., Person]) -> Person:
    """The facilitator, who writes for everybody at the table."""
    one = person()
    one.start_workshop("The letter", "Nobody can read it.", "Fay")
    return one


def people(fay: Person) -> None:
    fay.page.get_by_role("link", name="Write for someone", exact=True).click()
    expect(fay.page.get_by_role("heading", level=1)).to_contain_text("Who would you like to write for?")


def write_for(fay: Person, name: str) -> None:
    people(fay)
    fay.page.get_by_role("button", name=re.compile(f"^Write for {name}")).first.click()
    expect(fay.page.get_by_role("status").filter(has_text=f"You are writing for {name}")).to_be_visible()


def stop(fay: Person) -> None:
    fay.button("Stop writing for others").click()
    expect(fay.page.get_by_text("You are writing for")).to_have_count(0)


def test_twelve_people_without_a_device_are_entered_after_they_said_yes(fay: Person) -> None:
    people(fay)
    for name in NAMES:
        fay.page.get_by_role("radio", name="Yes, I would like to take part").check()
        fay.page.get_by_label("Name for this workshop").fill(name)
        fay.button("Add this person").click()
        expect(fay.page.get_by_role("button", name=re.compile(f"^Write for {name}")).first).to_be_visible()
        expect(fay.page.get_by_label("Name for this workshop")).to_have_value("")


def test_their_words_stand_in_their_names_with_who_wrote_them_and_if_they_were_read_back(fay: Person) -> None:
    write_for(fay, "Gunnar")
    go(fay, "Dialogue", "What do we want to talk about")
    fay.page.get_by_label("What I would like to say", exact=True).fill("The letters are too small for me.")
    fay.page.get_by_role("radio", name="Word for word").check()
    fay.page.get_by_role("radio", name="Yes, those are my words").check()
    fay.button("Share with the group").first.click()
    found = card(fay, "The letters are too small for me.")
    expect(found).to_contain_text("Entered for Gunnar")
    expect(found).to_contain_text("Written down by Fay")
    expect(found).to_contain_text("Word for word")
    expect(found).to_contain_text("Read back")
    write_for(fay, "Una")
    go(fay, "Dialogue", "What do we want to talk about")
    fay.page.get_by_label("What I would like to say", exact=True).fill("I read it with the neighbour.")
    fay.button("Share with the group").first.click()
    found = card(fay, "I read it with the neighbour.")
    expect(found).to_contain_text("Entered for Una")
    expect(found).to_contain_text("Not read back")


def test_a_view_is_confirmed_by_its_holder_through_the_scribe(fay: Person) -> None:
    stop(fay)
    go(fay, "Documentation", "What did we hear")
    open_form(fay, "Write a way of seeing it")
    take_words(fay, "too small", "letters", "small")
    fay.page.get_by_label("A way of seeing it", exact=True).fill("Letters should be large enough to read.")
    fay.page.get_by_role("radio", name="Someone else").check()
    fay.page.get_by_role("checkbox", name="Gunnar").check()
    fay.button("Keep this way of seeing it").click()
    expect(card(fay, "large enough to read")).to_contain_text("The person has not said")
    write_for(fay, "Gunnar")
    go(fay, "Documentation", "What did we hear")
    found = act(fay, "large enough to read", "Is this how you see it?")
    found.get_by_role("radio", name="Yes, this is how I see it").check()
    found.get_by_role("button", name="Share my answer").click()
    expect(card(fay, "large enough to read")).to_contain_text("Confirmed by the person whose view it is")


def test_it_is_understood_checked_proposed_answered_and_agreed_in_one_pair_of_hands(fay: Person) -> None:
    write_for(fay, "Una")
    go(fay, "Interpretation", "What do you make of")
    fay.page.get_by_label("What I make of it", exact=True).fill("Nobody tried to read it.")
    take_whole(fay, "large enough to read")
    fay.button("Share what I make of it").click()
    expect(card(fay, "Nobody tried to read it.")).to_contain_text("Entered for Una")
    stop(fay)
    go(fay, "Understanding", "What do we now see")
    fay.page.get_by_label("What we now see", exact=True).first.fill("The size of the letters decides who can read.")
    take_whole(fay, "Nobody tried to read it.")
    take_whole(fay, "large enough to read")
    fay.button("Share what we now see").click()
    write_for(fay, "Gunnar")
    go(fay, "Understanding", "What do we now see")
    found = act(fay, "The size of the letters", "Did we get it right?")
    found.get_by_role("radio", name="Yes, that is what I meant").check()
    found.get_by_role("button", name="Share my answer").click()
    expect(card(fay, "The size of the letters")).to_contain_text("1 yes, 0 nearly, 0 no, 0 have not said")
    stop(fay)
    go(fay, "Agreement", "What could we all go along")
    open_form(fay, "Put a proposal")
    fay.page.get_by_label("Our proposal", exact=True).fill("Letters in sixteen points, from Monday.")
    take_whole(fay, "The size of the letters")
    fay.button("Put forward this proposal").click()
    expect(card(fay, "sixteen points")).to_be_visible()
    for name, level in (("Gunnar", "I want this"), ("Una", "This is fine with me"), ("Sten", "I abstain")):
        write_for(fay, name)
        go(fay, "Agreement", "What could we all go along")
        give_answer(fay, "sixteen points", level)
        expect(fay.page.get_by_text("One dot is one person.")).to_have_count(0)
    found = act(fay, "sixteen points", "Add my worry or condition")
    found.get_by_label("My worry or condition, in my own words").fill("Then it is two pages.")
    found.get_by_role("button", name="Add my worry or condition").last.click()
    expect(card(fay, "Then it is two pages.")).to_contain_text("Entered for Sten")
    stop(fay)
    found = act(fay, "Then it is two pages.", "Answer this worry")
    found.get_by_label("Our answer to the worry").fill("We print on both sides.")
    found.get_by_role("button", name="Answer this worry").last.click()
    expect(fay.page.get_by_text("We print on both sides.").first).to_be_visible()
    show_answers(fay, "sixteen points")
    expect(fay.page.get_by_text("10 people have not answered. We do not guess.").first).to_be_visible()
    found = act(fay, "sixteen points", "How would you like to end this")
    found.get_by_role("radio", name="We agree on this").check()
    found.get_by_role("button", name="Keep this ending").click()
    agreed = fay.page.get_by_role("listitem").filter(has_text="We agreed").first
    expect(agreed).to_contain_text("Then it is two pages.")
    expect(agreed).to_contain_text("We print on both sides.")


def test_the_agreement_leads_back_to_gunnar_and_nothing_failed_on_the_way(fay: Person) -> None:
    agreed = fay.page.get_by_role("listitem").filter(has_text="We agreed").first
    agreed.get_by_role("link", name=re.compile("^How did we get here")).first.click()
    node = fay.page.locator(".cw-tree li").filter(has_text="letters are too small").last
    expect(node).to_contain_text("Gunnar")
    node.get_by_role("link").last.click()
    expect(card(fay, "The letters are too small for me.")).to_be_visible()
    assert fay.faults == [] and fay.outside == []
