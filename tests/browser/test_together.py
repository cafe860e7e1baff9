"""Two people and a facilitator: they share, see each other's at once, talk about it, and change their minds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.browsers import Person, expect
from support.card_acts import press
from support.whole_cycle import change_seen


@pytest.fixture(scope="module")
def group(person: Callable[..., Person]) -> tuple[Person, Person, Person, str]:
    """A facilitator, somebody at a desk and somebody with a telephone, in one workshop."""
    fay, bo, ali = person(), person(), person(phone=True)
    code = fay.start_workshop("Ward 7, together", "Going home goes wrong too often.", "Fay")
    bo.join(code, "Bo", by_link=True)
    ali.join(code.lower().replace("-", " "), "Ali")
    return fay, bo, ali, code


def test_what_one_person_shares_the_others_see_without_reloading(group: tuple[Person, Person, Person, str]) -> None:
    fay, bo, ali, _ = group
    for one in (fay, bo, ali):
        one.go("Intention")
    ali.share("Why I am here", "So that nobody has to ask twice")
    for one in (fay, bo):
        expect(one.card("So that nobody has to ask twice")).to_be_visible()
        expect(one.card("So that nobody has to ask twice")).to_contain_text("Ali")
    bo.share("Why I am here", "To listen first")
    expect(ali.card("To listen first")).to_contain_text("Bo")
    expect(ali.card("So that nobody has to ask twice")).to_contain_text("Yours")
    expect(bo.card("So that nobody has to ask twice")).not_to_contain_text("Yours")
    assert not any(one.faults for one in group[:3])


def test_words_are_changed_with_their_history_taken_back_and_put_back(
    group: tuple[Person, Person, Person, str],
) -> None:
    _, bo, ali, _ = group
    bo.go("Intention")
    ali.go("Intention")
    ali.share("Why I am here", "First words")
    mine = ali.card("First words")
    press(mine, "Change my words")
    mine.get_by_role("textbox").first.fill("Second words")
    mine.get_by_role("button", name="Keep these words").or_(mine.get_by_role("button", name="Share")).first.click()
    expect(bo.card("Second words")).to_be_visible()
    bo.card("Second words").get_by_text("Show earlier words").click()
    expect(bo.card("Second words").get_by_text("First words")).to_be_visible()
    press(ali.card("Second words"), "Take it back")
    expect(bo.page.get_by_text("Second words")).to_have_count(0)
    expect(bo.page.get_by_text("First words")).to_have_count(0)
    press(ali.card("Second words"), "Put it back")
    expect(bo.card("Second words")).to_be_visible()


def test_words_kept_to_oneself_reach_nobody_until_they_are_shared(group: tuple[Person, Person, Person, str]) -> None:
    fay, bo, ali, _ = group
    for one in (fay, bo, ali):
        one.go("Intention")
    change_seen(ali)
    ali.page.get_by_role("radio", name="Only me").first.check()
    ali.page.get_by_label("Why I am here", exact=True).fill("For my eyes only")
    ali.button("Keep it to myself").click()
    expect(ali.card("For my eyes only")).to_contain_text("Only you see this")
    bo.share("Why I am here", "A sign that news arrives")
    for one in (fay, bo):
        expect(one.card("A sign that news arrives")).to_be_visible()
        expect(one.page.get_by_text("For my eyes only")).to_have_count(0)
    ali.card("For my eyes only").get_by_role("button", name="Share with the group").click()
    expect(bo.card("For my eyes only")).to_be_visible()
    ali.page.get_by_role("radio", name="The whole group").first.check()


def test_every_card_can_be_talked_about_in_place_and_dialogue_gathers_it(
    group: tuple[Person, Person, Person, str],
) -> None:
    fay, bo, ali, _ = group
    bo.go("Intention")
    ali.go("Intention")
    ali.share("Why I am here", "The letter nobody can read")
    card = bo.card("The letter nobody can read")
    press(card, "Talk about this")
    card.get_by_role("textbox").fill("Which word was it?")
    card.get_by_role("button", name="Answer here").click()
    expect(ali.card("The letter nobody can read").get_by_text("Which word was it?")).to_be_visible()
    fay.go("Dialogue")
    expect(fay.card("Which word was it?")).to_contain_text("The letter nobody can read")


def test_only_a_facilitator_marks_that_we_talked_and_the_mark_holds_no_words(
    group: tuple[Person, Person, Person, str],
) -> None:
    fay, bo, ali, _ = group
    for one in (fay, bo, ali):
        one.go("Intention")
    ali.share("Why I am here", "Something to speak of")
    expect(bo.card("Something to speak of")).to_be_visible()
    expect(bo.card("Something to speak of").get_by_role("button", name="We talked about this")).to_have_count(0)
    press(fay.card("Something to speak of"), "We talked about this")
    expect(bo.card("Something to speak of")).to_contain_text("Not written down")


def test_a_facilitator_hides_at_once_and_shows_again_and_the_author_is_told(
    group: tuple[Person, Person, Person, str],
) -> None:
    fay, bo, ali, _ = group
    for one in (fay, bo, ali):
        one.go("Intention")
    ali.share("Why I am here", "A name that should not stand here")
    expect(bo.card("A name that should not stand here")).to_be_visible()
    press(fay.card("A name that should not stand here"), "Hide now")
    expect(bo.page.get_by_text("A name that should not stand here")).to_have_count(0)
    expect(ali.card("A name that should not stand here")).to_contain_text("Your words are hidden for now")
    fay.card("A name that should not stand here").get_by_role("button", name="Show it again").click()
    expect(bo.card("A name that should not stand here")).to_be_visible()


def test_an_invitation_is_followed_or_left_and_never_forced(group: tuple[Person, Person, Person, str]) -> None:
    fay, bo, ali, _ = group
    bo.go("Intention")
    ali.go("Intention")
    fay.go("Start")
    fay.page.get_by_role("radio", name="Invite everyone to Dialogue").check()
    fay.button("Invite everyone").click()
    for one in (bo, ali):
        expect(one.page.get_by_text("Fay invites everyone to Dialogue")).to_be_visible()
        expect(one.page).to_have_url(re.compile("page=intention"))
    bo.page.get_by_role("link", name="Go there").click()
    expect(bo.page.get_by_label("What I would like to say")).to_be_visible()
    ali.button("Stay here").click()
    expect(ali.page.get_by_text("Fay invites everyone to Dialogue")).to_be_hidden()
    expect(ali.page.get_by_label("Why I am here", exact=True)).to_be_visible()


def test_writing_alone_first_hides_others_words_and_their_count_until_the_reveal(
    group: tuple[Person, Person, Person, str],
) -> None:
    fay, bo, ali, _ = group
    for one in (fay, bo, ali):
        one.go("Intention")
    before = bo.parts().inner_text()
    fay.button("Write alone first").click()
    expect(ali.page.get_by_text("Only you see it now.").first).to_be_visible()
    ali.page.get_by_label("Why I am here", exact=True).fill("Written alone")
    ali.button("Share with the group").click()
    expect(ali.card("Written alone")).to_be_visible()
    expect(bo.page.get_by_text("Written alone")).to_have_count(0)
    assert bo.parts().inner_text() == before
    fay.button("Show everyone's now").click()
    expect(bo.card("Written alone")).to_be_visible()


def test_a_language_is_each_persons_own_and_changes_without_a_reload(
    group: tuple[Person, Person, Person, str],
) -> None:
    _, bo, ali, _ = group
    ali.go("Intention")
    bo.go("Intention")
    ali.page.evaluate("window.notReloaded = true")
    ali.page.get_by_label("Why I am here", exact=True).fill("Ett utkast som ska stå kvar")
    ali.button("Svenska").click()
    expect(ali.page.get_by_role("heading", level=1)).to_contain_text("Varför är du här")
    expect(ali.page.get_by_label("Varför jag är här", exact=True)).to_have_value("Ett utkast som ska stå kvar")
    assert ali.page.evaluate("window.notReloaded") is True
    assert ali.page.evaluate("document.documentElement.lang") == "sv"
    expect(bo.page.get_by_role("heading", level=1)).to_contain_text("Why are you here")
    ali.button("English").click()
    expect(ali.page.get_by_role("heading", level=1)).to_contain_text("Why are you here")
    ali.page.get_by_label("Why I am here", exact=True).fill("")


def test_a_return_code_brings_somebody_back_on_another_device(
    group: tuple[Person, Person, Person, str], person: Callable[..., Person]
) -> None:
    _, _, ali, code = group
    ali.go("Intention")
    ali.share("Why I am here", "Written on my telephone")
    ali.go("My choices")
    ali.button("Make a return code").click()
    shown = ali.page.get_by_role("dialog").locator("output").first
    expect(shown).to_have_text(re.compile("^[A-Z]+-[A-Z]+-[0-9]+$"))
    return_code = shown.inner_text()
    other = person()
    other.open()
    other.page.get_by_label("My return code").fill(return_code.lower())
    other.button("Come back in").click()
    other.go("Intention")
    expect(other.card("Written on my telephone")).to_contain_text("Yours")
    assert return_code not in other.page.url
    assert code in other.page.url
