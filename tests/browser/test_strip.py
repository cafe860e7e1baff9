"""The head of a page on a phone, the list of all pages behind it, and the strip that stays in view."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.accessibility import PHONE, axe, fits
from support.browsers import Person, expect

from cowork.pages.registry import pages

#: Of a phone's screen, above the first line of a page's own.
MOST_HEAD_PX = 120

HEAD = """() => {
  const own = [...document.querySelectorAll('main .cw-eyebrow, main h1')].find((e) => e.getClientRects().length);
  return own.getBoundingClientRect().top + scrollY;
}"""

#: Where the strip ends, and where the box that has the focus begins.
EDGES = """() => {
  const strip = document.querySelector('.cw-strip').getBoundingClientRect();
  const box = document.activeElement.getBoundingClientRect();
  const kind = document.activeElement.localName;
  return {top: strip.top, height: strip.height, bottom: strip.bottom, box: box.top, kind};
}"""

Group = tuple[Person, Person, Person, str]


@pytest.fixture(scope="module")
def group(person: Callable[..., Person]) -> Group:
    """A facilitator and somebody else, each with a telephone, and one at a desk."""
    fay, ada, bo = person(phone=True), person(phone=True, reduced_motion="reduce"), person()
    code = fay.start_workshop("Ward 7, together", "Going home goes wrong too often.", "Fay")
    ada.join(code, "Ada", by_link=True)
    bo.join(code, "", by_link=True)
    return fay, ada, bo, code


def menu(one: Person) -> None:
    one.page.get_by_role("button", name="All parts and pages").click()


def faults(one: Person, where: str) -> list[str]:
    """What axe finds on a phone, and what is too wide or too small at any width."""
    found = axe(one.page, where) + fits(one.page, where)
    one.page.set_viewport_size(PHONE)
    return found


def stop_inviting(fay: Person) -> None:
    fay.button("Stop inviting").click()
    expect(fay.button("Stop inviting")).to_have_count(0)


def test_whoever_has_joined_is_greeted_once(group: Group) -> None:
    ada = group[1]
    expect(ada.page.get_by_role("status").filter(has_text="Welcome. Fay leads this workshop.")).to_be_visible()
    ada.go("Assets")
    expect(ada.page.get_by_text("Welcome. Fay leads this workshop.")).to_have_count(0)


def test_on_a_phone_every_page_begins_near_the_top_of_the_screen(group: Group) -> None:
    fay = group[0]
    found = {}
    for key, page in pages().items():
        if page.before_one_is_in:
            continue
        fay.open(f"?w={group[3]}&page={key}")
        expect(fay.page.locator("main h1").first).to_be_visible()
        found[key] = fay.page.evaluate(HEAD)
        expect(fay.button("Svenska")).to_be_visible()
    assert {key: top for key, top in found.items() if top > MOST_HEAD_PX} == {}


def test_one_button_says_where_one_is_and_opens_all_the_rest(group: Group) -> None:
    _, ada, _, code = group
    ada.go("Dialogue")
    button = ada.page.get_by_role("button", name="You are in Dialogue All parts and pages")
    expect(button).to_have_attribute("aria-expanded", "false")
    more = ada.page.get_by_role("navigation", name="Also here")
    expect(more).to_be_hidden()
    button.focus()
    ada.page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(ada.parts().get_by_role("link", name="Dialogue")).to_be_focused()
    expect(more.get_by_role("link", name="My choices")).to_be_visible()
    about = ada.page.get_by_role("region", name="This workshop")
    for words in ("Ward 7, together", code, "Online now: Ada, Fay", "1 online without a name here"):
        expect(about).to_contain_text(words)
    expect(about.or_(more).get_by_role("button", name="Invite everyone here")).to_have_count(0)
    assert not faults(ada, "the list opened")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(more).to_be_hidden()


def test_where_next_is_one_line_that_opens(group: Group) -> None:
    for one in (group[1], group[2]):
        one.go("Dialogue")
        ways = one.page.locator(".cw-ways")
        expect(ways.get_by_role("link", name=re.compile("^Assets"))).to_be_hidden()
        ways.get_by_text("Where next?").click()
        expect(ways.get_by_role("link", name=re.compile("^Assets"))).to_be_visible()


def test_an_invitation_from_any_page_stays_in_view_and_over_no_box(group: Group) -> None:
    fay, ada, bo, _ = group
    fay.go("Assets")
    bo.go("Assets")
    ada.go("Intention")
    ada.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    menu(fay)
    fay.button("Invite everyone here").click()
    invited = ada.page.get_by_text("Fay invites everyone to Assets")
    expect(invited).to_be_in_viewport()
    expect(ada.page.get_by_role("status").filter(has_text="Fay invites everyone to Assets")).to_have_count(1)
    expect(bo.page.get_by_text("Fay invites everyone")).to_have_count(0)
    expect(fay.page.get_by_text("2 of 3 online are there now")).to_be_visible()
    assert not faults(ada, "an invitation") + faults(fay, "who invites")
    ada.page.get_by_label("Why I am here", exact=True).focus()
    edges = ada.page.evaluate(EDGES)
    assert edges["kind"] == "textarea" and edges["top"] == 0 and edges["bottom"] <= edges["box"], edges
    assert edges["height"] <= 56, edges
    # Scrolled away by hand and focused by key, the box comes to stand below the strip and not beneath it.
    ada.page.evaluate("document.activeElement.blur(); window.scrollTo(0, document.body.scrollHeight)")
    ada.page.get_by_label("What I hope for", exact=True).focus()
    ada.page.keyboard.press("Shift+Tab")
    edges = ada.page.evaluate(EDGES)
    assert edges["kind"] == "textarea" and edges["bottom"] <= edges["box"], edges
    ada.page.get_by_role("link", name="Go there").click()
    expect(ada.page.get_by_role("heading", level=1)).to_contain_text("What can we work with")
    expect(ada.page.get_by_text("Fay invites everyone")).to_have_count(0)
    expect(fay.page.get_by_text("3 of 3 online are there now")).to_be_visible()
    ada.go("Dialogue")
    expect(ada.page.get_by_text("Fay invites everyone")).to_have_count(0)  # they have been there
    stop_inviting(fay)


def test_an_invitation_that_comes_while_somebody_writes_at_the_top_does_not_cover_their_box(group: Group) -> None:
    fay, ada, _, _ = group
    fay.go("Journey")
    ada.go("Intention")
    box = ada.page.get_by_label("Why I am here", exact=True)
    box.focus()
    box.evaluate("(e) => window.scrollTo(0, scrollY + e.getBoundingClientRect().top - 4)")
    menu(fay)
    fay.button("Invite everyone here").click()
    expect(ada.page.get_by_text("Fay invites everyone to Journey")).to_be_visible()
    expect(box).to_be_focused()
    ada.page.wait_for_function(f"() => {{ const at = ({EDGES})(); return at.height > 0 && at.bottom <= at.box; }}")
    stop_inviting(fay)


def test_an_ended_invitation_goes_from_all_screens_and_greets_nobody_who_comes_later(
    group: Group, person: Callable[..., Person]
) -> None:
    fay, ada, bo, code = group
    fay.go("Where we see it differently")
    ada.go("Intention")
    bo.go("Intention")
    menu(fay)
    fay.button("Invite everyone here").click()
    for one in (ada, bo):
        expect(one.page.get_by_text("Fay invites everyone to Where we see it differently")).to_be_visible()
    stop_inviting(fay)
    for one in (ada, bo):
        expect(one.page.get_by_text("Fay invites everyone")).to_have_count(0)
    cy = person(phone=True)
    cy.join(code, "Cy", by_link=True)
    expect(cy.page).to_have_url(re.compile("page=intention"))
    expect(cy.page.get_by_text("Welcome. Fay leads this workshop.")).to_be_visible()
    expect(cy.page.get_by_text("invites everyone")).to_have_count(0)


def test_whom_one_writes_for_stays_in_view_and_is_ended_there(group: Group) -> None:
    fay = group[0]
    fay.go("Write for someone")
    fay.page.get_by_role("button", name=re.compile("^Write for several of us together")).click()
    fay.go("Agreement")
    fay.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(fay.page.get_by_text("You are writing for several of us together")).to_be_in_viewport()
    assert not axe(fay.page, "writing for somebody")
    fay.button("Stop writing for others").click()
    expect(fay.page.get_by_text("You are writing for")).to_have_count(0)
    expect(fay.page).to_have_url(re.compile("page=agreement"))


def test_a_list_opened_before_the_page_has_moved_stays_open(group: Group) -> None:
    fay = group[0]
    fay.go("Write for someone")
    several = fay.page.get_by_role("button", name=re.compile("^Write for several of us together"))
    # In one go: nothing from the kernel can arrive between the press that moves the page and the one on the list.
    several.evaluate("(button) => { button.click(); document.querySelector('.cw-nav-button').click(); }")
    expect(fay.page.get_by_text("You are writing for several of us together")).to_be_visible()
    expect(several).to_have_count(0)
    button = fay.page.get_by_role("button", name="All parts and pages")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(fay.page.locator(".cw-shell-side a:focus")).to_be_visible()
    menu(fay)
    fay.button("Stop writing for others").click()
    expect(fay.page.get_by_text("You are writing for")).to_have_count(0)


def test_a_lost_connection_is_told_in_view(group: Group) -> None:
    ada = group[1]
    ada.go("Dialogue")
    ada.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    ada.context.set_offline(True)
    expect(ada.page.get_by_text("You are not connected.")).to_be_in_viewport()
    ada.context.set_offline(False)
    expect(ada.page.get_by_text("You are not connected.")).to_have_count(0)
    assert not any(one.faults for one in group[:3])
