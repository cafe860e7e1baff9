"""One person with two tabs: what is written in one is never lost by what is written in the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from support.browsers import Person, Server, expect

BOX = "What I would like to say"


def write(page: Any, words: str) -> None:
    page.get_by_label(BOX, exact=True).fill(words)
    expect(page.locator("main .cw-saved", has_text="Draft kept on this device")).to_be_visible()


def test_two_tabs_of_one_person_keep_both_drafts_and_a_new_tab_finds_what_closed_ones_left(
    server: Server, person: Callable[..., Person]
) -> None:
    ann = person()
    ann.start_workshop("Two tabs", name="Ann")
    ann.go("Dialogue")
    one = ann.page
    two = ann.context.new_page()
    two.goto(one.url)
    # Both stand there before either is written in: a page that opens later finds what is written, and goes on with it.
    expect(two.get_by_label(BOX, exact=True)).to_have_value("")
    write(one, "Tab one text")
    write(two, "Tab two text")
    one.reload()
    expect(one.get_by_label(BOX, exact=True)).to_have_value("Tab one text")
    two.reload()
    expect(two.get_by_label(BOX, exact=True)).to_have_value("Tab two text")
    address = one.url
    one.close()
    two.close()
    three = ann.context.new_page()
    three.goto(address)
    box = three.get_by_label(BOX, exact=True)
    expect(box).to_have_value(re.compile("Tab one text"))
    words = box.input_value()
    assert "Tab one text" in words and "Tab two text" in words
    three.get_by_role("button", name="Share with the group", exact=True).click()
    expect(three.get_by_text("Shared", exact=True).first).to_be_visible()
    three.reload()
    expect(three.get_by_label(BOX, exact=True)).to_have_value("")  # shared, it is nobody's draft any more
