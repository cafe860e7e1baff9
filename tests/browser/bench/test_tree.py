"""How did we get here: the list, its picture, folds, focus, paper."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Page
from support.browsers import expect

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


PICTURED = """() => Object.fromEntries([...document.querySelectorAll('.cw-tree-ground [data-id]')].map(
  e => [e.dataset.id, [...e.children].map(c => c.innerText)]))"""
LISTED = """() => { const found = {};
  for (const li of document.querySelectorAll('.cw-steps li')) found[li.dataset.id] ??=
    [...li.querySelector('.cw-step-face').children].filter(c => !c.querySelector('a')).map(c => c.innerText);
  return found; }"""


@pytest.mark.parametrize("at", ["", "twice", "more", "ended"])
def test_the_picture_says_what_the_list_says_step_by_step(bench: Any, page: Page, at: str) -> None:
    bench.go("trace", at)
    pictured, listed = page.evaluate(PICTURED), page.evaluate(LISTED)
    assert len(listed) >= 6
    assert pictured == listed, "each step once, with the same words"
    ways = page.evaluate("() => [...document.querySelectorAll('.cw-line')].map(p => p.dataset.way).sort()")
    inside = page.evaluate(
        """() => [...document.querySelectorAll('.cw-steps .cw-steps > li')].map(
          li => [li.parentNode.closest('li').dataset.id, li.dataset.id])"""
    )
    back = {("v1", "a1")} if at == "twice" else set()  # where it leads back to itself there is no way on
    assert ways == sorted(" ".join(pair) for pair in inside if tuple(pair) not in back)


def test_a_step_that_stands_beside_another_shares_its_column_and_none_of_its_room(bench: Any, page: Page) -> None:
    bench.go("trace", "ended")
    boxes = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.cw-tree-ground > div.cw-step')].map(e => {
          const {left, top, bottom} = e.getBoundingClientRect(); return [e.dataset.id, {left, top, bottom}]; }))"""
    )
    agreed, proposal = boxes["a1"], boxes["p1"]
    assert agreed["left"] == proposal["left"] and agreed["bottom"] < proposal["top"]
    assert len({box["left"] for box in boxes.values()}) == 3
    found = list(boxes.values())
    for one in found:
        below = [b for b in found if b is not one and b["left"] == one["left"] and b["top"] >= one["top"]]
        assert all(b["top"] >= one["bottom"] for b in below)


def test_the_list_is_first_and_the_picture_is_nothing_to_stand_on(bench: Any, page: Page) -> None:
    bench.go("trace")
    places = """() => {
      const [list, picture] = ['.cw-steps-top', '.cw-tree-ground'].map(s => document.querySelector(s));
      return [list.compareDocumentPosition(picture) & Node.DOCUMENT_POSITION_FOLLOWING, picture.ariaHidden,
        picture.querySelectorAll('a, button, [tabindex]').length,
        picture.getBoundingClientRect().top < list.getBoundingClientRect().top]; }"""
    assert page.evaluate(places) == [4, "true", 0, True]
    snapshot = page.locator(".cw-tree").aria_snapshot()
    assert snapshot.count("Telling it again is not about memory") == 1, "heard once"


def test_the_picture_comes_where_there_is_room_and_when_it_is_wished(bench: Any, page: Page) -> None:
    bench.go("trace")
    picture = page.locator(".cw-tree-ground")
    expect(picture).to_be_visible()
    bench.button("Show as a list").click()
    expect(picture).to_be_hidden()
    expect(page.locator(".cw-steps-top")).to_be_visible()
    bench.go("trace", "more")
    expect(picture).to_be_hidden()  # a wish is remembered on the device
    bench.button("Show as a picture").focus()
    page.keyboard.press("Enter")
    expect(picture).to_be_visible()
    expect(bench.button("Show as a list")).to_be_focused()
    for size in ({"width": 890, "height": 900}, PHONE):
        page.set_viewport_size(size)
        expect(picture).to_be_hidden()
        expect(bench.button("Show as a list")).to_be_hidden()
    expect(page.get_by_role("list").first).to_be_visible()


def test_many_steps_are_folded_by_branches_and_one_press_opens_a_whole_one(bench: Any, page: Page) -> None:
    bench.go("trace", "")
    expect(page.locator(".cw-steps details")).to_have_count(0)
    bench.go("trace", "many")
    folds = page.locator(".cw-steps details")
    expect(folds).to_have_count(4)
    expect(page.locator(".cw-steps").get_by_text("Insight number 3.")).to_be_visible()
    expect(page.locator(".cw-steps").get_by_text("View 1, 0.")).to_be_hidden()
    page.get_by_text("The words behind this (12)").nth(1).press("Enter")
    for words in ("View 1, 0.", "Words 1, 0.", "Words 1, 5."):
        expect(page.locator(".cw-steps").get_by_text(words)).to_be_visible()
    expect(page.locator(".cw-steps").get_by_text("Words 0, 0.")).to_be_hidden()
    # So many are a tall picture: it waits until somebody wants it.
    expect(page.locator(".cw-tree-ground")).to_be_hidden()
    bench.button("Show as a picture").click()
    expect(page.locator(".cw-tree-ground")).to_be_visible()
    bench.go("trace", "most")
    expect(page.locator(".cw-tree-ground")).to_be_hidden()
    expect(bench.button("Show as a picture")).to_be_hidden()


def test_what_somebody_reads_and_has_opened_stays_while_steps_come_and_go(bench: Any, page: Page) -> None:
    bench.go("trace", "")
    link = page.locator("[data-id=s2]").get_by_role("link", name="Where it was said")
    link.focus()
    page.evaluate("document.querySelector('.cw-steps [data-id=s2]').here = 'the same'")
    bench.change("more")
    expect(page.locator(".cw-steps").get_by_text("One more note.")).to_be_visible()
    same = "document.querySelector('.cw-steps [data-id=s2]').here"
    expect(link).to_be_focused()
    assert page.evaluate(same) == "the same"
    bench.change("many")
    expect(page.locator(".cw-steps").get_by_text("Insight number 0.")).to_be_visible()
    # What had the focus is gone: one stands at the nearest step that is still here.
    expect(page.locator(".cw-steps [data-id=a1]")).to_be_focused()
    page.get_by_text("The words behind this (12)").first.click()
    words = page.locator("[data-id='s0-0']").get_by_role("link")
    words.focus()
    bench.change("most")
    expect(page.locator(".cw-steps").get_by_text("Insight number 4.")).to_be_visible()
    expect(words).to_be_focused()
    expect(page.locator(".cw-steps details[open]")).to_have_count(1)


def test_steps_that_stood_open_are_not_folded_away_when_they_become_many(bench: Any, page: Page) -> None:
    bench.go("trace", "few")
    link = page.locator("[data-id='s0-0']").get_by_role("link")
    link.focus()
    bench.change("many")
    expect(page.locator(".cw-steps details")).to_have_count(4)
    expect(link).to_be_focused()
    expect(page.locator(".cw-steps").get_by_text("Words 0, 0.")).to_be_visible()
    bench.change("few")
    expect(page.locator(".cw-steps details")).to_have_count(0)
    expect(link).to_be_focused()


def test_the_second_time_a_step_says_that_it_stands_above_and_leads_there(bench: Any, page: Page) -> None:
    bench.go("trace", "twice")
    again = page.locator(".cw-steps .cw-again")
    expect(again).to_have_count(2)
    expect(again.nth(1)).to_contain_text("Nobody asked my mum")
    expect(again.nth(1)).to_contain_text("This is shown higher up, with the words behind it.")
    again.nth(1).get_by_role("button", name="Go there").press("Enter")
    expect(page.locator(".cw-steps li[data-id=s2]").first).to_be_focused()
    again.nth(0).get_by_role("button", name="Go there").click()
    expect(page.locator(".cw-steps li[data-id=a1]").first).to_be_focused()
    bench.go("trace", "far")
    words = page.locator(".cw-steps").get_by_text("Words 0, 0.")
    expect(words.first).to_be_hidden()  # its branch is folded
    again.get_by_role("button", name="Go there").press("Enter")
    expect(words.first).to_be_in_viewport()
    expect(page.locator(".cw-steps li[data-id=s0-0]").first).to_be_focused()


ENDS = """() => { const ground = document.querySelector('.cw-tree-ground').getBoundingClientRect();
  const box = id => document.querySelector(`.cw-tree-ground [data-id="${id}"]`).getBoundingClientRect();
  return [...document.querySelectorAll('.cw-line')].map(path => {
    const [from, to] = path.dataset.way.split(' ').map(box);
    const at = n => path.getPointAtLength(n), [a, z] = [at(0), at(path.getTotalLength())];
    return Math.max(Math.abs(a.x + ground.left - from.right), Math.abs(a.y + ground.top - from.top - from.height / 2),
      Math.abs(z.x + ground.left - to.left), Math.abs(z.y + ground.top - to.top - to.height / 2)); }); }"""
OVERLAP = """() => { const all = [...document.querySelectorAll('.cw-tree-ground [data-id]')].map(
    e => e.getBoundingClientRect());
  return all.some((a, i) => all.some((b, j) => i < j && a.left < b.right && b.left < a.right
    && a.top < b.bottom && b.top < a.bottom)); }"""


def test_the_lines_lead_from_step_to_step_at_every_width(bench: Any, page: Page) -> None:
    bench.go("trace", "twice")
    for width in (1280, 1600, 1100, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator(".cw-tree-ground")).to_be_visible()
        page.wait_for_function(f"() => Math.max(...({ENDS})()) < 2")
        assert not page.evaluate(OVERLAP)
    page.evaluate("document.querySelector('.cw-tree-ground').style.fontSize = '120%'")
    page.add_style_tag(content=".cw-tree-ground .cw-step-text { padding-top: 40px }")  # as when another font arrives
    page.wait_for_function(f"() => Math.max(...({ENDS})()) < 2")
    assert not page.evaluate(OVERLAP)


def test_a_step_beside_the_one_that_leads_to_it_stands_under_it(bench: Any, page: Page) -> None:
    bench.go("trace", "beside")
    expect(page.locator(".cw-tree-ground")).to_be_visible()
    placed = """() => {
      const box = id => document.querySelector(`.cw-tree-ground [data-id=${id}]`).getBoundingClientRect();
      const [a, p, u] = ['a1', 'p1', 'u1'].map(box);
      return [a.left === p.left, p.top > a.bottom, u.left > p.right, document.querySelectorAll('.cw-line').length]; }"""
    assert page.evaluate(placed) == [True, True, True, 2]
    gap = """() => { const ground = document.querySelector('.cw-tree-ground').getBoundingClientRect();
      const path = document.querySelector('[data-way="a1 p1"]'), at = n => path.getPointAtLength(n).y + ground.top;
      const box = id => document.querySelector(`.cw-tree-ground [data-id=${id}]`).getBoundingClientRect();
      return Math.max(Math.abs(at(0) - box('a1').bottom), Math.abs(at(path.getTotalLength()) - box('p1').top)); }"""
    assert page.evaluate(gap) < 2


def test_a_page_that_is_left_watches_nothing_any_more(bench: Any, page: Page) -> None:
    for _ in range(3):
        bench.go("trace")
        expect(page.locator(".cw-tree-ground")).to_be_visible()
        assert page.evaluate("watched.size") == 1
    bench.go("report")
    assert page.evaluate("watched.size") == 0


def test_where_one_begins_is_marked_and_another_beginning_opens_in_place(bench: Any, page: Page) -> None:
    bench.go("trace")
    page.evaluate("window.notReloaded = true")
    present = page.locator(".cw-begin [aria-current]")
    expect(present).to_have_count(1)
    expect(present).to_contain_text("You are here")
    page.get_by_role("link", name="Who reads the notes?").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("at=b2"))
    expect(page.locator(".cw-begin [aria-current]").last).to_contain_text("Who reads the notes?")
    assert page.evaluate("window.notReloaded")


def test_words_that_look_like_markup_are_words(bench: Any, page: Page) -> None:
    bench.go("trace", "twice")
    for where in (".cw-steps", ".cw-tree-ground"):
        expect(page.locator(where).get_by_text("<script>window.ran = true</script>").first).to_be_attached()
    bench.go("trace", "none")
    expect(page.get_by_text("Nothing written here that leads back.")).to_be_visible()
    expect(bench.button("Show as a list")).to_be_hidden()


def test_on_paper_everything_stands_open_and_once(bench: Any, page: Page) -> None:
    bench.go("trace", "many")
    page.emulate_media(color_scheme="dark")
    pages = [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
    assert len(pages) > 2 and min(map(len, pages[:-1])) > 300, "no page stands nearly empty"
    text = re.sub(r"\s+", " ", " ".join(pages))
    assert [n for n in range(6) if text.count(f"Words 3, {n}.") != 1] == []
    assert "How did we get here?" in text and "Show as" not in text and "The words behind this" not in text
    bench.go("trace")
    page.emulate_media(media="print", color_scheme="dark")
    black = """() => { const seen = e => e.checkVisibility() && e.innerText.trim();
      const bad = [...document.querySelectorAll('.cw-tree *')].filter(seen).filter(e => {
        const s = getComputedStyle(e); return !['rgb(0, 0, 0)', 'rgb(51, 51, 51)'].includes(s.color)
          || !['rgba(0, 0, 0, 0)', 'rgb(255, 255, 255)'].includes(s.backgroundColor); });
      return bad.map(e => e.outerHTML.slice(0, 90)); }"""
    assert page.evaluate(f"({black})().filter(html => !html.startsWith('<a'))") == []
    assert not page.locator(".cw-tree-ground").is_visible()


def test_a_trace_breaks_no_rule_and_fits(bench: Any, page: Page) -> None:
    found = []
    for at in ("", "twice", "many", "none"):
        bench.go("trace", at)
        for summary in page.locator(".cw-steps summary").all():
            summary.click()
        found += bench.axe(f"trace {at}") + bench.looks(f"trace {at}")
    assert not found, "\n".join(found)
