"""A form whose page goes as soon as it is answered leaves nothing on the device that stood in it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.browsers import Person, expect

DRAFTS = "() => Object.keys(localStorage).filter((key) => key.startsWith('cowork:draft:'))"
NONE = f"() => !({DRAFTS})().length"


def leaves_nothing(one: Person) -> None:
    """The next page stands there, and no draft does."""
    expect(one.parts()).to_be_visible()
    one.page.wait_for_function(NONE)


def held(one: Person, words: str) -> None:
    """What is typed is kept while it is being written: else nothing would be left in any case."""
    kept = f"(words) => ({DRAFTS})().some((key) => localStorage.getItem(key).includes(words))"
    one.page.wait_for_function(kept, arg=words)


@pytest.fixture(scope="module")
def code(person: Callable[..., Person]) -> str:
    return person().start_workshop("Forms that go", name="Fay")


def test_starting_a_workshop_leaves_no_draft_of_its_form(person: Callable[..., Person]) -> None:
    one = person()
    one.open()
    one.button("Start a workshop").click()
    one.page.get_by_label("Name of the workshop").fill("A place of our own")
    one.page.get_by_label("Why we hold this").fill("Because nobody asked us")
    held(one, "Because nobody asked us")
    one.button("Open the workshop").click()
    leaves_nothing(one)


def test_joining_by_a_link_leaves_no_draft_of_its_form(person: Callable[..., Person], code: str) -> None:
    one = person()
    one.open(f"?w={code}")
    one.page.get_by_role("radio", name="Yes, I would like to take part").check()
    one.page.get_by_label("Name for this workshop").fill("Ali")
    held(one, "Ali")
    one.button("Go to the group").click()
    leaves_nothing(one)


def test_typing_the_code_of_a_workshop_leaves_no_draft_of_it(person: Callable[..., Person], code: str) -> None:
    one = person()
    one.open()
    one.page.get_by_label("The code you were given").fill(code.lower())
    held(one, code.lower())
    one.button("Join").click()
    one.page.get_by_role("radio", name="Yes, I would like to take part").wait_for()
    one.page.wait_for_function(NONE)


def test_stopping_and_coming_in_again_leaves_no_draft_of_either_form(person: Callable[..., Person], code: str) -> None:
    one = person()
    one.join(code, "Bo", by_link=True)
    one.go("My choices")
    one.button("Stop taking part").click()
    one.page.get_by_role("dialog").get_by_role("button", name=re.compile("^Yes|^Stop")).last.click()
    one.page.get_by_role("radio", name="Yes, I would like to take part").check()
    one.page.get_by_label("Name for this workshop").fill("Bo again")
    held(one, "Bo again")
    one.button("Go to the group").click()
    leaves_nothing(one)


def test_a_name_that_is_taken_stays_in_its_box_and_in_its_draft(person: Callable[..., Person], code: str) -> None:
    one = person()
    one.open(f"?w={code}")
    one.page.get_by_role("radio", name="Yes, I would like to take part").check()
    one.page.get_by_label("Name for this workshop").fill("Fay")
    one.button("Go to the group").click()
    expect(one.page.get_by_label("Name for this workshop")).to_have_attribute("aria-invalid", "true")
    one.page.reload()
    expect(one.page.get_by_label("Name for this workshop")).to_have_value("Fay")
    one.page.get_by_label("Name for this workshop").fill("Fay two")
    one.button("Go to the group").click()
    leaves_nothing(one)
