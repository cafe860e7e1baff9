"""Wider spacing, as WCAG 1.4.12 has it: no word is cut off, none lies on another, none leaves its place."""

from __future__ import annotations

from typing import Any

import pytest
from support.accessibility import DESK, PHONE, measured
from support.browsers import Person, expect

SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }"""
PAGES = (
    "Start", "Intention", "Assets", "Dialogue", "Documentation", "Interpretation", "Understanding", "Agreement",
    "Journey", "My choices", "How we meet", "How did we get here?", "Where we see it differently",
)  # fmt: skip

#: Words in a box that holds less than they need, and no button that shows the rest.
CUT = """() => [...document.body.querySelectorAll('*')].filter(e => {
  const s = getComputedStyle(e);
  const cuts = ['hidden', 'clip'].includes(s.overflowY) || s.webkitLineClamp !== 'none';
  if (!cuts || e.closest('.cw-vh, .cw-of, svg > title') || !e.textContent.trim() || !e.checkVisibility()) return false;
  if (e.closest('[aria-hidden]') && e.clientWidth <= 1 || e.clientHeight <= 1) return false;  // for a screen reader
  if (e.matches('.cw-long')) return !e.closest('li').querySelector('button[aria-expanded], .cw-acts button, button');
  return e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1;
}).map(e => `${e.scrollHeight} px in ${e.clientHeight}: ${e.outerHTML.slice(0, 160)}`)"""

#: Words of a picture of the wheels that are outside their half, outside the picture, or on one another.
ASTRAY = """() => [...document.querySelectorAll('.cw-wheels-big, .cw-wheels-small')].flatMap(picture => {
  // The box of a line without the room above and below its letters.
  const box = text => {
    const r = text.getBoundingClientRect(), room = r.height * (text.localName === 'text' ? 0.22 : 0);
    return {text, name: text.textContent, left: r.left, right: r.right, top: r.top + room, bottom: r.bottom - room};
  };
  const texts = [...picture.querySelectorAll('text, foreignObject p')].filter(t => t.getBoundingClientRect().width);
  const boxes = texts.map(box), whole = picture.getBoundingClientRect(), found = [];
  for (const one of boxes) {
    const place = one.text.closest('foreignObject');
    const r = place ? place.getBoundingClientRect() : whole;
    if (one.left < r.left - 1 || one.right > r.right + 1 || one.top < r.top - 1 || one.bottom > r.bottom + 1) {
      found.push(`${one.name}: outside its place`);
    }
    const half = one.text.closest('.cw-halfpic')?.querySelector('path');
    const corners = [[one.left, one.top], [one.right, one.top], [one.left, one.bottom], [one.right, one.bottom]];
    const at = ([x, y]) => new DOMPoint(x, y).matrixTransform(half.getScreenCTM().inverse());
    if (half && !corners.every(corner => half.isPointInFill(at(corner)))) found.push(`${one.name}: outside its half`);
    for (const other of boxes) {
      if (other === one || place && other.text.closest('foreignObject')) continue;
      const beside = one.right <= other.left || other.right <= one.left;
      if (!beside && one.bottom > other.top && other.bottom > one.top) found.push(`${one.name}: on ${other.name}`);
    }
  }
  return found;
})"""


def spaced(one: Person) -> Any:
    return one.page.add_style_tag(content=SPACED)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_with_wider_spacing_no_page_cuts_a_word_off(reader: Person, size: Any) -> None:
    page = reader.page
    page.set_viewport_size(size)
    spaced(reader)
    found = []
    for name in PAGES:
        reader.go(name)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += [f"{name}: {fault}" for fault in measured(page, CUT)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("lang", ["en", "sv"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_name_stays_inside_its_half_of_a_wheel(reader: Person, size: Any, lang: str) -> None:
    page = reader.page
    page.reload()
    page.set_viewport_size(size)
    reader.go("Journey")
    if lang == "sv":
        reader.button("Svenska").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Var har vi")
    expect(page.locator(".cw-wheels-big")).to_be_visible()
    plain = measured(page, ASTRAY)
    spaced(reader)
    found = measured(page, ASTRAY)
    if lang == "sv":
        reader.button("English").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Where have we been")
    assert not plain, "as it comes:\n" + "\n".join(plain)
    assert not found, "with wider spacing:\n" + "\n".join(found)
