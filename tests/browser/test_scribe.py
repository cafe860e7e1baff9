"""Writing for someone, how we meet, and what we bring: as people press it, at a desk and with a telephone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from support.accessibility import DESK, PHONE
from support.accessibility import axe as rules
from support.browsers import Person, expect
from support.whole_cycle import card, change_seen


@dataclass
class Room:
    fay: Person
    bo: Person
    code: str

    def open(self, one: Person, page: str) -> None:
        one.open(f"?w={self.code}&page={page}")
        one.page.locator("main h1").first.wait_for()


@pytest.fixture(scope="module")
def room(person: Callable[..., Person]) -> Room:
    """Fay holds the workshop and writes for others at a desk; Bo has a telephone."""
    fay, bo = person(reduced_motion="reduce"), person(phone=True, reduced_motion="reduce")
    code = fay.start_workshop("The bus", "Nobody gets home.", "Fay")
    bo.join(code, "Bo")
    return Room(fay, bo, code)


def axe(one: Person, where: str) -> list[str]:
    """What breaks a rule, at the width of a desk and of a phone."""
    found = []
    before = one.page.viewport_size
    for size in (DESK, PHONE):
        one.page.set_viewport_size(size)
        found += rules(one.page, f"{where}, {size['width']}")
    one.page.set_viewport_size(before or DESK)
    return found


def add(one: Person, name: str) -> None:
    yes = one.page.get_by_role("radio", name="Yes, I would like to take part")
    expect(yes).not_to_be_checked()  # nobody's yes is the next person's
    yes.check()
    one.page.get_by_label("Name for this workshop").fill(name)
    one.button("Add this person").click()
    expect(one.button(f"Write for {name}: {name}")).to_be_visible()
    expect(one.page.get_by_text(f"{name} is with us.")).to_be_visible()


def test_each_person_without_a_device_is_asked_anew(room: Room) -> None:
    room.open(room.fay, "people")
    add(room.fay, "Ann")
    add(room.fay, "Ben")
    expect(room.fay.page.get_by_role("radio", name="Yes, I would like to take part")).not_to_be_checked()


def test_words_are_read_back_one_text_at_a_time_and_later_too(room: Room) -> None:
    fay = room.fay
    room.open(fay, "intention")
    room.open(fay, "people")
    fay.button("Write for Ann: Ann").focus()
    fay.page.keyboard.press("Enter")
    expect(fay.page.get_by_role("status").filter(has_text="You are writing for Ann")).to_be_visible()
    for words, heard in (("I want the early bus", True), ("I want the evening bus", False)):
        fay.page.get_by_label("Why I am here", exact=True).fill(words)
        expect(fay.page.get_by_role("radio", name="Not read back")).to_be_checked()
        if heard:
            fay.page.get_by_role("radio", name="Yes, those are my words").check()
        fay.button("Share with the group").first.click()
        expect(card(fay, words)).to_contain_text("Read back" if heard else "Not read back")
    late = card(fay, "I want the evening bus")
    late.get_by_role("button", name=re.compile("^Ann says: yes, those are my words")).click()
    expect(late).not_to_contain_text("Not read back")
    expect(late).to_contain_text("Read back")
    fay.button("Stop writing for others").click()
    expect(fay.page.get_by_text("You are writing for")).to_have_count(0)


def test_a_return_code_is_shown_once_and_brings_them_in_as_themselves(
    room: Room, person: Callable[..., Person]
) -> None:
    room.open(room.fay, "people")
    room.fay.page.get_by_role("button", name=re.compile("^A return code for Ben")).click()
    box = room.fay.page.get_by_role("dialog")
    code = box.locator("output").inner_text()
    room.fay.button("Close").click()
    expect(box).to_be_hidden()
    assert code not in room.fay.page.content()
    ben = person(phone=True)
    ben.open()
    ben.page.get_by_label("Return code").fill(code)
    ben.page.get_by_role("button", name=re.compile("Come back|Come in")).first.click()
    ben.parts().wait_for()
    expect(ben.page.get_by_text("With my name, Ben").first).to_be_visible()


def test_the_nine_ways_are_chosen_with_the_arrow_keys_and_everyone_sees_the_choice(room: Room) -> None:
    fay, bo = room.fay, room.bo
    room.open(fay, "start")
    fay.page.get_by_role("link", name=re.compile("^How will you meet this time")).click()
    expect(fay.page.get_by_role("heading", level=1)).to_have_text("How will you meet this time?")
    room.open(bo, "setting")
    expect(bo.page.get_by_text("Nothing written here about how we meet.").first).to_be_visible()
    fay.page.get_by_role("radio", name="People round a table").first.focus()
    fay.page.keyboard.press("Space")
    fay.page.keyboard.press("ArrowRight")
    expect(fay.page.get_by_role("radio", name="A room, with some on a screen").first).to_be_checked()
    expect(fay.page.get_by_text("We ask those elsewhere first.").first).to_be_visible()
    fay.button("Keep this choice").first.click()
    expect(fay.page.get_by_text("How you meet is kept")).to_be_visible()
    expect(bo.page.get_by_text("A room, with some on a screen").first).to_be_visible()
    bo.page.get_by_role("radio", name="From somewhere else, at the same time").check()
    bo.button("Keep this choice").click()
    expect(bo.page.get_by_text("Your answer is kept")).to_be_visible()


def test_another_session_is_begun_with_an_empty_form_for_the_next(room: Room) -> None:
    fay = room.fay
    room.open(fay, "setting")
    fay.page.get_by_label("What we call it").last.fill("Two weeks in May")
    fay.button("Add a session or period").click()
    expect(fay.page.get_by_role("heading", name="Two weeks in May")).to_be_visible()
    expect(fay.page.get_by_label("What we call it").first).to_have_value("Two weeks in May")
    expect(fay.page.get_by_label("What we call it").last).to_have_value("")


def test_what_is_seen_in_someone_asks_them_first_on_their_own_telephone(room: Room) -> None:
    fay, bo = room.fay, room.bo
    room.open(fay, "assets")
    room.open(bo, "assets")
    who = fay.page.get_by_role("radio", name="Bo", exact=True)
    expect(who).to_be_hidden()
    change_seen(fay)
    fay.page.get_by_role("radio", name="Something I see in someone else").check()
    expect(fay.page.get_by_text("Who will see this?").first).to_be_hidden()
    who.check()
    fay.page.get_by_label("What we can work with", exact=True).fill("He hears the quiet ones")
    expect(fay.page.get_by_text("Nobody else sees it before they say yes")).to_be_visible()
    fay.button("Let them see it first").click()
    asked = card(bo, "He hears the quiet ones")
    expect(asked).to_contain_text("Fay sees this in you. May it be shared?")
    expect(who).not_to_be_checked()
    asked.get_by_role("button", name=re.compile("^Yes, share it")).click()
    expect(card(fay, "He hears the quiet ones")).not_to_contain_text("Only you")


def test_an_offer_and_a_need_are_put_together_by_hand(room: Room) -> None:
    fay, bo = room.fay, room.bo
    room.open(fay, "assets")
    room.open(bo, "assets")
    bo.page.get_by_label("What we would need", exact=True).fill("A driver")
    bo.button("Share what we would need").click()
    fay.page.get_by_label("What we can work with", exact=True).fill("My sister drives")
    fay.button("Share what I bring").click()
    offer = card(bo, "My sister drives")
    offer.get_by_role("button", name=re.compile("^This could meet a need")).click()
    bo.button("Put them together").click()
    expect(card(fay, "A driver")).to_contain_text("Could be met by")
    card(fay, "A driver").get_by_role("link", name="My sister drives").click()
    expect(card(fay, "My sister drives")).to_be_focused()


@pytest.mark.parametrize("page", ["people", "setting", "assets"])
def test_nobody_is_shut_out_of_these_pages_in_either_language(room: Room, page: str) -> None:
    found = []
    for one, name in ((room.fay, "facilitator"), (room.bo, "participant")):
        room.open(one, page)
        found += axe(one, f"{page} for a {name}")
        one.button("Svenska").click()
        expect(one.button("English")).to_be_visible()
        found += axe(one, f"{page} for a {name}, in Swedish")
        one.button("English").click()
        expect(one.button("Svenska")).to_be_visible()
    assert found == []
    assert room.fay.faults == room.bo.faults == [] and room.fay.outside == room.bo.outside == []
