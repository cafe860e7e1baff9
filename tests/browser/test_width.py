"""A wide window is used: what belongs together stands side by side, and no line is longer than one can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from support.browsers import Person, expect
from support.component_harness import Stage, theatre

from cowork.widgets import CardList

Show = Callable[..., Stage]
WIDE, PROJECTOR, PHONE = (
    {"width": width, "height": height} for width, height in ((1280, 900), (1920, 1080), (390, 844))
)
IDS = [f"0190a5b1-7c00-7000-8000-0000000000{n:02}" for n in range(60)]
LONGEST_LINE = 84  # signs, where most letters are narrow; on average a full line holds about 75

#: The longest line of every passage that takes more than one, in signs.
LINES = """() => {
  const found = [];
  for (const own of document.querySelectorAll('main :is(p, li, dd, label, legend, summary)')) {
    if (!own.checkVisibility() || own.closest('.cw-vh')) continue;
    for (const node of own.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || node.data.length < 60) continue;
      const range = document.createRange();
      let [top, line, longest] = [null, 0, 0];
      for (const word of node.data.matchAll(/\\S+\\s*/g)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].trimEnd().length);
        const at = Math.round(range.getBoundingClientRect().top);
        if (at !== top) [top, line] = [at, 0];
        line += word[0].length;
        longest = Math.max(longest, line);
      }
      found.push([longest, node.data.slice(0, 60)]);
    }
  }
  return found;
}"""
BOXES = """list => Object.fromEntries([...document.querySelectorAll(list)].filter(e => e.checkVisibility()).map(e => {
  const {left, right, top, bottom, width} = e.getBoundingClientRect();
  return [e.dataset.id || e.className, {left, right, top: Math.round(top), bottom, width}]; }))"""


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def boxes(page: Page, selector: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(BOXES, selector)
    assert found, selector
    return found


def wall(kind: str, n: int, **more: Any) -> CardList:
    made = CardList(heading="What people wrote")
    made.show(
        [
            {"id": IDS[at], "kind": kind, "text": f"Number {at}. " + "Words of several lines. " * at, **more}
            for at in range(n)
        ]
    )
    made.on_submit(lambda sent: None)
    return made


def rows(page: Page) -> list[list[int]]:
    """The cards that stand in one row, by their numbers, from the top."""
    found: dict[int, list[int]] = {}
    for name, box in boxes(page, "#stage .cw-wall > section > .cw-cards > .cw-card").items():
        found.setdefault(box["top"], []).append(IDS.index(name))
    return [found[top] for top in sorted(found)]


def test_views_that_differ_share_a_row_and_a_phone_has_them_one_under_the_other(show: Show) -> None:
    pairs = wall("view", 5)
    pairs.items = [{**item, "starts_row": at in (0, 2, 3)} for at, item in enumerate(pairs.items)]
    page = show(pairs).page
    for size in (WIDE, PROJECTOR):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert rows(page) == [[0, 1], [2], [3, 4]], size
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert rows(page) == [[0], [1], [2], [3], [4]]


def test_cards_stand_in_as_many_columns_as_there_is_room_for_and_talk_stays_in_one(show: Show) -> None:
    page = show(wall("view", 5)).page
    assert rows(page) == [[0, 1], [2, 3], [4]]
    page.set_viewport_size(PROJECTOR)  # type: ignore[arg-type]
    assert rows(page) == [[0, 1, 2], [3, 4]]
    page = show(wall("utterance", 3)).page
    page.set_viewport_size(PROJECTOR)  # type: ignore[arg-type]
    assert rows(page) == [[0], [1], [2]]


def test_worries_stand_beside_the_agreement_they_belong_to(show: Show) -> None:
    worries = [{"id": IDS[at], "kind": "reservation", "text": f"Worry {at}"} for at in (20, 21)]
    page = show(wall("outcome", 1, lead=True, answers=worries)).page
    for size in (WIDE, PROJECTOR):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        words, inside = (boxes(page, f"[data-id='{IDS[0]}'] > {part}") for part in (".cw-face", ".cw-answers-list"))
        face, beside = next(iter(words.values())), next(iter(inside.values()))
        assert face["right"] <= beside["left"] and beside["top"] < face["bottom"], size
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    face, below = (
        next(iter(boxes(page, f"[data-id='{IDS[0]}'] > {part}").values())) for part in (".cw-face", ".cw-answers-list")
    )
    assert below["top"] >= face["bottom"]


def open_page(one: Person, name: str, size: dict[str, int]) -> Page:
    page = one.page
    page.set_viewport_size(size)  # type: ignore[arg-type]
    one.go(name)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    return page


@pytest.mark.parametrize("size", [WIDE, PROJECTOR], ids=["1280", "1920"])
def test_the_table_of_the_journey_stands_beside_its_picture(reader: Person, size: dict[str, int]) -> None:
    page = open_page(reader, "Journey", size)
    expect(page.locator(".cw-wheels-big")).to_be_visible()
    picture, table = (page.locator(f".cw-wheels {one}").bounding_box() for one in (".cw-wheels-big", "table"))
    assert picture and table
    assert picture["x"] + picture["width"] <= table["x"]
    assert table["y"] < picture["y"] + picture["height"]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    picture, table = (page.locator(f".cw-wheels {one}").bounding_box() for one in (".cw-wheels-big", "table"))
    assert picture and table and picture["y"] + picture["height"] <= table["y"]


@pytest.mark.parametrize("size", [WIDE, PROJECTOR], ids=["1280", "1920"])
def test_the_way_back_goes_from_left_to_right(reader: Person, size: dict[str, int]) -> None:
    page = open_page(reader, "How did we get here?", size)
    if page.get_by_role("button", name="Show as a list").is_visible():
        page.get_by_role("button", name="Show as a list").click()
    agreed, first = (
        page.locator(".cw-steps-top > li > .cw-step-face"),
        page.locator(".cw-steps-top > li > ol > li > .cw-step-face"),
    )
    left, right = agreed.first.bounding_box(), first.first.bounding_box()
    assert left and right
    assert left["x"] + left["width"] <= right["x"] and right["y"] < left["y"] + left["height"]


@pytest.mark.parametrize("size", [WIDE, PROJECTOR], ids=["1280", "1920"])
def test_no_line_of_words_is_longer_than_one_can_read_and_no_page_scrolls_sideways(
    reader: Person, size: dict[str, int]
) -> None:
    found = []
    for name in (
        "Journey", "How did we get here?", "Where we see it differently", "Intention", "Assets", "Documentation",
        "Interpretation", "Understanding", "Agreement", "Dialogue", "How we meet", "My choices",
    ):  # fmt: skip
        page = open_page(reader, name, size)
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        long = [line for line in page.evaluate(LINES) if line[0] > LONGEST_LINE]
        found += [f"{name}: {n} signs: {words}" for n, words in long]
        wide = page.evaluate("[...document.querySelectorAll('main form')].map(f => f.getBoundingClientRect().width)")
        found += [f"{name}: a form of {width} px" for width in wide if width > 705]
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            found.append(f"{name}: scrolls sideways")
    assert not found, "\n".join(found)
