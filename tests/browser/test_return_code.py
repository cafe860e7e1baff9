"""A return code brings people back as themselves, from whichever page they type it, and says so where it does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from support.browsers import Person, Server, expect
from support.card_acts import find_act

from cowork.store import open_record

People = Callable[..., Person]


@dataclass
class Room:
    fay: Person
    bo: Person
    code: str
    return_code: str
    server: Server

    def participants(self) -> int:
        record = open_record(self.server.record)
        try:
            return len(record.state(record.find_workshop(self.code)).participants())
        finally:
            record.close()


def make_code(one: Person) -> str:
    one.go("My choices")
    one.button("Make a return code").click()
    box = one.page.get_by_role("dialog")
    code = box.locator("output").first.inner_text()
    one.button("Close").click()
    return code


@pytest.fixture(scope="module")
def room(person: People, server: Server) -> Room:
    fay, bo = person(), person(phone=True)
    code = fay.start_workshop("The bus", name="Fay")
    bo.join(code, "Bo", by_link=True)
    bo.share("Why I am here", "The evening bus")
    return Room(fay, bo, code, make_code(bo), server)


def is_bo(one: Person) -> None:
    """They stand in the workshop as Bo: his words are theirs to take back."""
    one.go("Intention")
    expect(find_act(one.card("The evening bus"), "Take it back")).to_be_visible()


def type_code(one: Person, code: str) -> None:
    one.page.get_by_label("My return code").fill(code)
    one.button("Come back in").click()


def test_a_browser_that_has_opened_the_join_link_comes_back_from_the_front_door(room: Room, person: People) -> None:
    before, other = room.participants(), person()
    other.open(f"?w={room.code}")
    other.page.get_by_role("radio", name="Yes, I would like to take part").wait_for()  # seen, and not answered
    other.open()
    type_code(other, room.return_code.lower().replace("-", " "))
    is_bo(other)
    other.page.reload()
    is_bo(other)
    assert room.participants() == before


def test_the_join_page_takes_a_return_code_too(room: Room, person: People) -> None:
    before, other = room.participants(), person(phone=True)
    other.open(f"?w={room.code}")
    type_code(other, room.return_code)
    is_bo(other)
    assert room.participants() == before


def test_a_return_code_typed_on_the_join_page_of_another_workshop_leads_to_its_own(room: Room, person: People) -> None:
    lee, other = person(), person()
    elsewhere = lee.start_workshop("The letter", name="Lee")
    other.open(f"?w={elsewhere}")
    type_code(other, room.return_code)
    is_bo(other)
    expect(other.page).to_have_url(re.compile(f"w={room.code}"))


def test_a_code_that_opens_nothing_is_said_beside_it_and_is_no_draft(room: Room, person: People) -> None:
    other = person()
    other.open(f"?w={room.code}")
    type_code(other, "RIVER-PLUM-1111")
    box = other.page.get_by_label("My return code")
    expect(box).to_have_accessible_description(re.compile("This return code does not open anything"))
    assert "RIVER" not in other.page.evaluate("JSON.stringify(localStorage)")
    other.page.reload()
    expect(other.page.get_by_label("My return code")).to_have_value("")


@pytest.mark.parametrize("door", ["front", "join"])
def test_a_device_that_is_somebody_else_there_says_so_and_stays_who_it_is(
    room: Room, person: People, door: str
) -> None:
    ann = person()
    ann.join(room.code, f"Ann {door}", by_link=True)
    ann.share("Why I am here", f"Ann's words at {door}")
    if door == "join":  # she stops: the join page is hers again, and still she is Ann
        ann.go("My choices")
        ann.button("Stop taking part").click()
        ann.page.get_by_role("dialog").get_by_role("button", name="Stop taking part").click()
    else:
        ann.open()
    type_code(ann, room.return_code)
    expect(ann.page.get_by_text("This device is somebody else in that workshop.").first).to_be_visible()
    if door == "front":
        ann.open(f"?w={room.code}&page=intention")
        expect(find_act(ann.card("Ann's words"), "Take it back")).to_be_visible()


def test_whoever_had_stopped_is_told_that_they_are_known_and_asked_anew(room: Room, person: People) -> None:
    cy, other = person(), person()
    cy.join(room.code, "Cy", by_link=True)
    code = make_code(cy)
    cy.button("Stop taking part").click()
    cy.page.get_by_role("dialog").get_by_role("button", name="Stop taking part").click()
    cy.page.get_by_role("radio", name="Yes, I would like to take part").wait_for()
    before = room.participants()
    other.open()
    type_code(other, code)
    expect(other.page.get_by_text("You are back as yourself.")).to_be_visible()
    other.page.get_by_role("radio", name="Yes, I would like to take part").check()
    other.button("Go to the group").click()
    other.parts().wait_for()
    assert room.participants() == before
