"""The whole cycle as people do it: what each of them presses, by the words on the screen."""

from __future__ import annotations

import re
from typing import Any

from support.browsers import Person, expect
from support.card_acts import press


def go(one: Person, part: str, heading: str) -> None:
    """To a page, and until its question stands there."""
    one.go(part)
    expect(one.page.get_by_role("heading", level=1)).to_contain_text(heading)


def press_open(one: Person, name: str) -> None:
    """Press a button that opens something in place, where that is not open already."""
    button = one.page.get_by_role("button", name=name, exact=True).first
    button.wait_for()
    if button.get_attribute("aria-expanded") == "false":
        button.click()


def open_form(one: Person, name: str) -> None:
    """Open a form by its button: "Put a proposal", "Write a way of seeing it" …"""
    press_open(one, name)


def open_texts(one: Person) -> None:
    """Ask for the texts to choose from, in the form that is open now."""
    press_open(one, "Choose words that were said")


def change_seen(one: Person) -> None:
    """Open the questions how words are shown and who will see them, under the first box of the page."""
    press_open(one, "Change how it is shown and who sees it")


def item(one: Person, words: str) -> Any:
    """A text to choose from, in the box that is open now."""
    return one.page.get_by_role("listitem").filter(has_text=words).filter(has=one.page.get_by_role(
        "button", name=re.compile("^Use the whole text"))).first  # fmt: skip


def take_whole(one: Person, words: str) -> None:
    open_texts(one)
    item(one, words).get_by_role("button", name=re.compile("^Use the whole text")).click()


def take_words(one: Person, text: str, first: str, last: str, *, keys: bool = False) -> None:
    """Choose the exact words from `first` to `last` of a text: by touch or mouse, or with keys alone."""
    open_texts(one)
    there = item(one, text)
    there.get_by_role("button", name=re.compile("^Choose words")).click()
    words = one.page.get_by_role("listbox").last
    if keys:
        wanted = [word.inner_text() for word in words.get_by_role("option").all()]
        words.get_by_role("option").first.focus()
        for stop in (wanted.index(first), wanted.index(last) - wanted.index(first)):
            for _ in range(stop):
                one.page.keyboard.press("ArrowRight")
            one.page.keyboard.press("Enter")
    else:
        words.get_by_role("option", name=first, exact=True).first.click()
        words.get_by_role("option", name=last, exact=True).first.click()
    one.button("Use these words").click()


def card(one: Person, words: str) -> Any:
    """The card whose own words these are, not one that quotes or names them."""
    return one.page.locator("li.cw-card").filter(
        has=one.page.locator(":scope > .cw-face .cw-words", has_text=words)
    ).first  # fmt: skip


def act(one: Person, words: str, name: str) -> Any:
    """Press an act on the card that holds these words; returns the card."""
    found = card(one, words)
    press(found, name)
    return found


def done(found: Any) -> None:
    expect(found.get_by_text(re.compile("^(Shared|Done)$")).first).to_be_visible()


def give_answer(one: Person, proposal: str, level: str) -> None:
    """Give one's answer to a proposal, and hear that it is kept."""
    found = act(one, proposal, "Give my answer")
    found.get_by_role("radio", name=level).check()
    found.get_by_role("button", name="Give my answer").last.click()
    done(found)


def show_answers(one: Person, proposal: str) -> None:
    """Show all answers together while some have not answered: their number is told first."""
    found = act(one, proposal, "Show answers together")
    found.get_by_role("button", name="Show the answers now").click()
