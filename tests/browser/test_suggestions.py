"""Something to ask yourselves: one question at a time, which can be left and then does not come back that day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator
from support.browsers import Person, expect
from support.card_acts import press

WHY = "We wrote why we are here. Would you like to talk about it?"
HEAD = "Something to ask yourselves"


@pytest.fixture(scope="module")
def two(person: Callable[..., Person]) -> tuple[Person, Person, str]:
    """Somebody has written why they are here; nobody has talked about it."""
    fay, ali = person(reduced_motion="reduce"), person(phone=True, reduced_motion="reduce")
    code = fay.start_workshop("Asking", "To ask.", "Fay")
    ali.join(code, "Ali", by_link=True)
    fay.share("Why I am here", "To be asked")
    return fay, ali, code


def journey(one: Person, code: str) -> Locator:
    one.open(f"?w={code}&page=journey")
    expect(one.page.get_by_role("heading", level=1)).to_contain_text("Where have we been")
    expect(one.page.get_by_text("Three wheels that move each other")).to_be_visible()
    return one.page.locator(".cw-nudge")


def test_a_question_that_was_left_is_not_asked_again_that_day_on_that_device(two: tuple[Person, Person, str]) -> None:
    fay, ali, code = two
    asked = journey(fay, code)
    expect(asked).to_contain_text(WHY)
    assert fay.page.get_by_text(HEAD).count() == 1, "never two at once"
    fay.button("Leave this").focus()
    fay.page.keyboard.press("Enter")
    expect(asked).to_be_hidden()  # and no other comes in its place
    assert fay.page.evaluate("document.activeElement.matches('.cw-wheels-words')"), "one stands at the list"
    asked = journey(fay, code)
    expect(asked).to_be_visible()
    expect(asked).not_to_contain_text(WHY)
    # It was left on this device, by this person: nobody else has been told.
    expect(journey(ali, code)).to_contain_text(WHY)
    # Tomorrow it may be asked again.
    fay.page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) if (key.endsWith(':nudge:intention'))
          localStorage.setItem(key, '2026-1-1'); }"""
    )
    expect(journey(fay, code)).to_contain_text(WHY)


def test_the_question_leads_where_it_is_about_and_goes_when_it_is_true_no_more(two: tuple[Person, Person, str]) -> None:
    fay, ali, code = two
    asked = journey(ali, code)
    fay.open(f"?w={code}&page=intention")
    press(fay.card("To be asked"), "We talked about this")
    expect(asked).not_to_contain_text(WHY)
    asked.get_by_role("link").click()
    expect(ali.page.get_by_role("heading", level=1)).not_to_contain_text("Where have we been")
