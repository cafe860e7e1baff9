"""Every page there is, with a whole workshop on it: rules, widths, targets and the keyboard, in both languages.

The pages are those that are registered, so a new one is tried here by itself. The workshop is the practice one about
a letter: agreements, differences, quotations in two languages, changed ground.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.accessibility import DESK, PHONE, axe, fits, stop
from support.browsers import Person, Server, expect

from cowork import text
from cowork.pages.registry import pages

INSIDE = [key for key, page in pages().items() if not page.front and key != "join"]
FOR_SCRIBES = ("people",)


@pytest.fixture(scope="module")
def both(server: Server, person: Callable[..., Person]) -> tuple[Person, Person, str]:
    """The facilitator of the practice workshop, back by a return code, and somebody who has just joined it."""
    made = server.cowork("example", "ward-letter").stdout
    code = made.split()[0]
    returning = re.search(r"[A-Z]+-[A-Z]+-\d+", made)
    assert returning, made
    fay, ali = person(reduced_motion="reduce"), person(reduced_motion="reduce")
    fay.open()
    fay.page.get_by_label("My return code").fill(returning[0])
    fay.button("Come back in").click()
    fay.parts().wait_for()
    ali.join(code, "Ali", by_link=True)
    return fay, ali, code


def open_page(one: Person, code: str, key: str) -> None:
    one.page.set_viewport_size(DESK)
    one.page.emulate_media(color_scheme="light")
    one.open(f"?w={code}&page={key}")
    one.parts().wait_for()
    expect(one.page.get_by_role("heading", level=1)).to_have_count(1)
    one.page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")


@pytest.mark.parametrize("key", INSIDE)
def test_a_page_with_a_whole_workshop_on_it_breaks_no_rule(both: tuple[Person, Person, str], key: str) -> None:
    fay, ali, code = both
    one = fay if key in FOR_SCRIBES else ali
    open_page(one, code, key)
    page, found = one.page, []
    for size, scheme in ((DESK, "light"), (PHONE, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found += axe(page, f"{key}, {size['width']}, {scheme}")
    page.emulate_media(color_scheme="light")
    found += fits(page, key)
    english = page.get_by_role("heading", level=1).inner_text()
    one.button("Svenska").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(english)
    if f"{key}.h" in text.keys() and key not in ("setting",):
        expect(page.get_by_role("heading", level=1)).to_have_text(text.translate(f"{key}.h", "sv"))
    found += axe(page, f"{key} (sv)")
    one.button("English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(english)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("key", INSIDE)
def test_a_keyboard_goes_through_a_page_and_is_always_seen(both: tuple[Person, Person, str], key: str) -> None:
    """From the question on, every stop has a ring and a name, and nothing holds the focus fast."""
    fay, ali, code = both
    one = fay if key in FOR_SCRIBES else ali
    open_page(one, code, key)
    page = one.page
    page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = false)")
    page.evaluate("const h = document.querySelector('main h1'); h.tabIndex = -1; h.focus()")
    names, places = [], []
    for _ in range(25):
        page.keyboard.press("Tab")
        if not page.evaluate("Boolean(document.activeElement.closest('main'))"):
            break
        names.append(stop(page))
        places.append(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert all(names), f"a stop without a name after {names}"
    assert places == sorted(set(places)), "the focus goes back, or stays"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement !== document.body")


def test_no_page_stumbled_or_asked_another_host(both: tuple[Person, Person, str]) -> None:
    for one in both[:2]:
        assert one.faults == []
        assert one.outside == []
