"""Three people and a worry: an answer that names one is asked for it, keeps "We agreed" away, and ends inside it."""

from __future__ import annotations

from collections.abc import Callable

from support.browsers import Person, expect
from support.whole_cycle import act, card, give_answer, go

Trio = tuple[Person, Person, Person]

PROPOSAL = "We ring on Saturdays too."
WORRY = "Who rings when nobody is on?"
ANSWER = "The next ward rings, and tells us on Monday."


def agreement(*people: Person) -> None:
    for one in people:
        go(one, "Agreement", "What could we all go along")


def end(fay: Person) -> None:
    found = act(fay, PROPOSAL, "How would you like to end this")
    found.get_by_role("radio", name="We agree on this").check()
    found.get_by_role("button", name="Keep this ending").click()


def test_in_a_quiet_round_everybody_knows_how_many_have_written_and_nobody_what(trio: Trio) -> None:
    fay, ada, bo = trio
    for one in trio:
        go(one, "Assets", "What can we work with")
    fay.button("Write alone first").click()
    for one in trio:
        expect(one.page.get_by_text("0 of 3 have written.").first).to_be_visible()
    for number, (one, words) in enumerate([(ada, "A spare room"), (bo, "A quiet hour")], 1):
        one.page.get_by_label("What we can work with", exact=True).fill(words)
        one.button("Share what I bring").click()
        for each in trio:
            expect(each.page.get_by_text(f"{number} of 3 have written.").first).to_be_visible()
    expect(fay.page.get_by_text("There may be words here. They are hidden").first).to_be_visible()
    expect(fay.page.get_by_text("Nothing written here")).to_have_count(0)
    for other, words in ((fay, "A spare room"), (fay, "A quiet hour"), (bo, "A spare room"), (ada, "A quiet hour")):
        expect(other.page.get_by_text(words)).to_have_count(0)
    fay.button("Show everyone's now").click()
    for one in trio:
        expect(card(one, "A spare room")).to_be_visible()
        expect(one.page.get_by_text("of 3 have written.")).to_have_count(0)


def test_a_worry_is_asked_for_at_once_and_nobody_is_made_to_write_it(trio: Trio) -> None:
    fay, ada, bo = trio
    agreement(*trio)
    fay.page.get_by_label("Our proposal", exact=True).fill(PROPOSAL)
    fay.button("Put forward this proposal").click()
    give_answer(fay, PROPOSAL, "I want this")
    for one in trio:
        expect(card(one, PROPOSAL)).to_contain_text("1 of 3 have answered.")
    found = act(ada, PROPOSAL, "Give my answer")
    asked = found.get_by_label("What is your worry?")
    expect(asked).to_be_hidden()
    found.get_by_role("radio", name="I have a worry that needs an answer first").check()
    expect(asked).to_be_visible()
    found.get_by_role("button", name="Give my answer").last.click()
    expect(found.get_by_text("What is your worry? Write it, or choose not to write it.").first).to_be_visible()
    found.get_by_role("checkbox", name="I would rather say it aloud, or not write it").check()
    found.get_by_role("button", name="Give my answer").last.click()
    expect(found).to_contain_text("My answer")
    found = act(ada, PROPOSAL, "Change my answer")
    expect(found.get_by_role("checkbox", name="I would rather say it aloud, or not write it")).to_be_checked()
    found.get_by_role("checkbox", name="I would rather say it aloud, or not write it").uncheck()
    found.get_by_label("What is your worry?").fill(WORRY)
    found.get_by_role("button", name="Change my answer").last.click()
    expect(found).to_contain_text(WORRY)
    for one in trio:
        expect(card(one, PROPOSAL)).to_contain_text("2 of 3 have answered.")
    for other in (fay, bo):
        expect(other.page.get_by_text(WORRY)).to_have_count(0)
        expect(other.page.get_by_text("I have a worry that needs an answer first")).to_have_count(0)


def test_who_has_not_answered_is_told_as_a_number_before_answers_are_shown(trio: Trio) -> None:
    fay, _, _ = trio
    found = act(fay, PROPOSAL, "Show answers together")
    expect(found.get_by_text("1 person has not answered.").first).to_be_visible()
    found.get_by_role("button", name="Show the answers now").click()
    for one in trio:
        expect(one.page.get_by_text("One dot is one person.").first).to_be_visible()
        expect(card(one, WORRY)).to_contain_text("Said with an answer, and shown without a name.")
        expect(card(one, WORRY)).not_to_contain_text("Ada")


def test_we_agreed_waits_for_an_answer_and_prints_that_its_owner_has_not_said(trio: Trio) -> None:
    fay, ada, bo = trio
    end(fay)
    expect(card(fay, PROPOSAL).get_by_text("By our rule this is not agreed.").first).to_be_visible()
    found = act(bo, WORRY, "Answer this worry")
    found.get_by_label("Our answer to the worry").fill(ANSWER)
    found.get_by_role("button", name="Answer this worry").last.click()
    expect(card(ada, WORRY)).to_contain_text(ANSWER)
    expect(card(bo, WORRY).get_by_role("button", name="Does this answer your worry?")).to_have_count(0)
    found = act(ada, WORRY, "Does this answer your worry?")
    found.get_by_role("radio", name="No").check()
    found.get_by_role("button", name="Share my answer").click()
    expect(card(fay, WORRY)).to_contain_text("Is the answer enough?No")
    card(fay, PROPOSAL).get_by_role("button", name="Keep this ending").click()
    expect(card(fay, PROPOSAL).get_by_text("By our rule this is not agreed.").first).to_be_visible()
    found = act(bo, WORRY, "Answer this worry")
    found.get_by_label("Our answer to the worry").fill("And the bank nurse knows the list.")
    found.get_by_role("button", name="Answer this worry").last.click()
    expect(card(fay, PROPOSAL)).to_contain_text("1 answer to a worry is not yet confirmed by the person.")
    card(fay, PROPOSAL).get_by_role("button", name="Keep this ending").click()
    for one in trio:
        agreed = one.page.get_by_role("listitem").filter(has_text="We agreed").first
        expect(agreed).to_contain_text(WORRY)
        expect(agreed).to_contain_text("The person who has the worry has not said.")
    found = act(ada, WORRY, "Does this answer your worry?")
    found.get_by_role("radio", name="Yes").check()
    found.get_by_role("button", name="Share my answer").click()
    for one in trio:
        agreed = one.page.get_by_role("listitem").filter(has_text="We agreed").first
        expect(agreed).not_to_contain_text("The person who has the worry has not said.")
        expect(agreed).to_contain_text("1 person has not answered.")


def test_who_comes_after_the_agreement_was_not_asked(trio: Trio, person: Callable[..., Person]) -> None:
    fay = trio[0]
    code = fay.page.url.split("w=")[1].split("&")[0]
    cy = person()
    cy.join(code, "Cy", by_link=True)
    agreement(cy)
    for one in (fay, cy):
        agreed = one.page.get_by_role("listitem").filter(has_text="We agreed").first
        expect(agreed).to_contain_text("1 person has not answered.")
        expect(agreed).not_to_contain_text("people have not answered.")


def test_nothing_went_wrong_behind_these_pages(trio: Trio) -> None:
    for one in trio:
        assert one.faults == [] and one.outside == []
