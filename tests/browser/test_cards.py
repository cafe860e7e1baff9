"""What a card stands on: quotations, points, changed ground, answers as dots, pictures; as people meet it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import Stage, theatre

from cowork.widgets import CardList

CARD, OTHER = (f"0190a5b1-7c00-7000-8000-00000000000{n}" for n in range(1, 3))
Show = Callable[..., Stage]
#: A picture of one pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
TALLY: dict[str, Any] = {
    "h": "One dot is one person.",
    "rows": [
        {"label": "I want <b>this</b>", "n": 4, "text": "4 people"},
        {"label": "I have a worry that needs an answer first", "n": 1, "text": "1 person"},
        {"label": "I cannot accept this", "n": 0, "text": "0 people"},
    ],
    "apart_h": "Other answers",
    "apart": [{"label": "I abstain", "n": 2, "text": "2 people"}],
    "none": "3 people have not answered. We do not guess.",
    "none_n": 3,
    "read_h": "How to read this",
    "read": ["We show dots, counts and words.", "A worry stays with the agreement."],
}
QUOTES = [
    {"text": "Once <b>is</b> fine", "by": "Bo", "href": "?w=K&page=dialogue&at=x", "href_text": "Show what was said"},
    {"text": "", "gap": "Words were here. They have been taken back."},
]
POINTS = [
    {"label": "The <i>rule</i>", "text": "No serious objection"},
    {"label": "Rests on", "text": "", "list": ["Nobody writes at <b>night</b>"]},
    {"label": "Led to", "text": "An agreement", "href": "?w=K&page=agreement&at=y"},
]
MARK = {"text": "The ground has changed", "hint": "Look at it again.", "list": ["14:02, <b>taken back</b>"]}


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def wall(**card: Any) -> CardList:
    made = CardList(heading="What was agreed", wheel="agreement")
    made.show([{"id": CARD, "kind": "outcome", "text": "Every patient tells it once", "acts": ["talk"], **card}])
    made.on_submit(lambda sent: None)
    return made


# Words ------------------------------------------------------------------------------------------------------------


def test_typed_words_are_text_wherever_a_card_shows_them(show: Show) -> None:
    stage = show(wall(quotes=QUOTES, points=POINTS, mark=MARK, tally=TALLY))
    for words in (
        "Once <b>is</b> fine",
        "The <i>rule</i>",
        "at <b>night</b>",
        "<b>taken back</b>",
        "I want <b>this</b>",
    ):
        expect(stage.page.get_by_text(words)).to_be_visible()
    assert stage.page.locator("main :is(b, i)").count() == 0


def test_a_quotation_shows_whose_it_is_and_the_way_there_or_why_it_is_not_shown(show: Show) -> None:
    stage = show(wall(quotes=QUOTES))
    quote, gap = stage.page.locator(".cw-quotes > li").all()
    expect(quote.locator("blockquote")).to_have_text("Once <b>is</b> fine")
    expect(quote).to_contain_text("Bo")
    quote.get_by_role("link", name="Show what was said: Once").click()
    assert stage.page.evaluate("window.went") == [["dialogue", "?w=K&page=dialogue&at=x"]]
    expect(gap).to_have_text("Words were here. They have been taken back.")
    expect(gap.locator("blockquote")).to_have_count(0)


def test_points_are_terms_with_what_belongs_to_them(show: Show) -> None:
    stage = show(wall(points=POINTS))
    expect(stage.page.get_by_role("term")).to_have_text(["The <i>rule</i>", "Rests on", "Led to"])
    expect(stage.page.get_by_role("definition")).to_have_text(
        ["No serious objection", "Nobody writes at <b>night</b>", "An agreement"]
    )
    stage.page.get_by_role("link", name="An agreement").click()
    assert stage.page.evaluate("window.went")[0][0] == "agreement"


def test_a_reader_on_a_link_stays_on_it_when_the_card_changes(show: Show) -> None:
    shown = wall(quotes=QUOTES, points=POINTS)
    stage = show(shown)
    stage.page.get_by_role("link", name="An agreement").focus()
    shown.show([{**shown.items[0], "note": ["Changed 14:20"]}])
    expect(stage.page.get_by_text("Changed 14:20")).to_be_visible()
    expect(stage.page.get_by_role("link", name="An agreement")).to_be_focused()


@pytest.mark.parametrize("way", ["light", "forced", "print"])
def test_changed_ground_stands_out_by_its_border_its_sign_and_its_words(show: Show, way: str) -> None:
    stage = show(wall(mark=MARK), **({"forced_colors": "active"} if way == "forced" else {}))
    if way == "print":
        stage.page.emulate_media(media="print")
    mark = stage.page.locator(".cw-mark")
    expect(mark).to_contain_text("The ground has changed")
    expect(mark.locator("svg")).to_be_visible()
    width, style = mark.evaluate("e => [getComputedStyle(e).borderTopWidth, getComputedStyle(e).borderTopStyle]")
    assert float(width.removesuffix("px")) >= 3 and style == "solid"
    ground = mark.evaluate("e => [getComputedStyle(e).borderTopColor, getComputedStyle(e).backgroundColor]")
    assert ground[0] != ground[1]
    words = stage.page.get_by_text("Every patient tells it once").bounding_box()
    box = mark.bounding_box()
    assert box and words and box["y"] < words["y"]  # it is read before the words it is about


def test_the_words_of_an_agreement_are_larger(show: Show) -> None:
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    plain = show(wall()).page.get_by_text("Every patient").evaluate(size)
    assert show(wall(lead=True)).page.get_by_text("Every patient").evaluate(size) > plain


# Answers ----------------------------------------------------------------------------------------------------------


def test_each_dot_is_one_person_and_the_words_say_the_same(show: Show) -> None:
    stage = show(wall(tally=TALLY))
    scale, apart = stage.page.locator(".cw-tally-rows").all()
    rows = scale.get_by_role("listitem")
    expect(rows).to_have_count(3)
    for row, (words, n) in zip(rows.all(), (("4 people", 4), ("1 person", 1), ("0 people", 0)), strict=True):
        expect(row).to_contain_text(words)
        expect(row.locator(".cw-dot")).to_have_count(n)
        expect(row.locator(".cw-dots")).to_have_attribute("aria-hidden", "true")
        assert row.locator(".cw-dots").inner_text() == ""  # no initials
    expect(apart.get_by_role("listitem")).to_contain_text(["I abstain"])
    expect(apart.locator(".cw-dot")).to_have_count(2)
    none = stage.page.locator(".cw-tally-none")
    expect(none).to_contain_text("We do not guess")
    expect(none.locator(".cw-dot")).to_have_count(3)
    assert none.locator(".cw-dot").first.evaluate("e => getComputedStyle(e).borderTopStyle") == "dashed"
    expect(stage.page.get_by_text("A worry stays with the agreement.")).to_be_visible()


@pytest.mark.parametrize("way", ["forced", "print"])
def test_dots_are_seen_in_forced_colours_and_on_paper(show: Show, way: str) -> None:
    stage = show(wall(tally=TALLY), **({"forced_colors": "active"} if way == "forced" else {}))
    if way == "print":
        stage.page.emulate_media(media="print")
    dot = stage.page.locator(".cw-tally-rows .cw-dot").first
    drawn = "e => (s => [s.borderTopColor, s.borderTopWidth, s.backgroundColor])(getComputedStyle(e))"
    colour, width, _ = dot.evaluate(drawn)
    _, _, card = stage.page.locator(".cw-card").evaluate(drawn)
    assert colour != card
    assert float(width.removesuffix("px")) >= 9  # filled by its border: backgrounds are not printed
    box = dot.bounding_box()
    assert box and box["width"] == box["height"] >= 18


def test_no_answers_yet_draw_nothing(show: Show) -> None:
    expect(show(wall(tally={})).page.locator(".cw-tally")).to_have_count(0)


# Pictures ---------------------------------------------------------------------------------------------------------


def pictured(kind: str = "image/png", data: bytes = PNG, **image: Any) -> CardList:
    shown = wall(image={"id": CARD, "alt": "A drawing of the ward", **image})
    shown.on_message("image", lambda m: shown.send({"image": m["id"], "type": kind}, [data]))
    return shown


def test_a_picture_is_fetched_once_and_shown_with_its_words(show: Show) -> None:
    shown = pictured()
    stage = show(shown)
    picture = stage.page.get_by_role("img", name="A drawing of the ward")
    expect(picture).to_be_visible()
    assert picture.evaluate("e => [e.naturalWidth, e.src.slice(0, 5)]") == [1, "blob:"]
    shown.show([{**shown.items[0], "note": ["Changed 14:20"]}])
    expect(stage.page.get_by_text("Changed 14:20")).to_be_visible()
    expect(picture).to_be_visible()
    assert stage.messages("image") == [{"do": "image", "id": CARD}]


def test_a_picture_far_down_is_not_fetched_before_it_comes_near(show: Show) -> None:
    shown = pictured()
    shown.show([*({"id": OTHER[:-2] + f"{n:02}", "text": "Words\n" * 8} for n in range(10, 40)), shown.items[0]])
    stage = show(shown)
    expect(stage.page.locator(".cw-card")).to_have_count(31)
    assert not stage.messages("image")
    stage.page.locator(".cw-frame").scroll_into_view_if_needed()
    expect(stage.page.get_by_role("img", name="A drawing of the ward")).to_be_visible()


def test_a_picture_comes_although_the_first_question_was_lost(show: Show) -> None:
    stage = show(wall())
    shown = stage.parts[0]
    assert isinstance(shown, CardList)
    shown.on_message("image", lambda m: shown.send({"image": m["id"], "type": "image/png"}, [PNG]))
    with stage.silent():
        shown.show([{**shown.items[0], "image": {"id": CARD, "alt": "A drawing"}}])
        stage.until(lambda: bool(stage.messages("image")), "the picture is asked for")
    expect(stage.page.get_by_role("img", name="A drawing")).to_be_visible()


def test_the_bytes_of_a_picture_are_let_go_with_its_card_and_with_the_page(show: Show) -> None:
    count = """(() => { const made = URL.createObjectURL, gone = URL.revokeObjectURL; window.held = new Set();
      URL.createObjectURL = (b) => { const u = made.call(URL, b); window.held.add(u); return u; };
      URL.revokeObjectURL = (u) => { window.held.delete(u); gone.call(URL, u); }; })()"""
    shown = pictured()
    first = dict(shown.items[0])
    shown.show([])
    stage = show(shown)
    stage.page.evaluate(count)
    shown.show([first])
    expect(stage.page.get_by_role("img")).to_be_visible()
    assert stage.page.evaluate("window.held.size") == 1
    shown.show([{**first, "image": None, "state": "taken", "text": ""}])
    expect(stage.page.get_by_role("img")).to_have_count(0)
    assert stage.page.evaluate("window.held.size") == 0
    shown.show([first])
    expect(stage.page.get_by_role("img")).to_be_visible()  # asked for anew: it may be seen again
    stage.page.evaluate("window.stop.abort()")
    assert stage.page.evaluate("window.held.size") == 0


@pytest.mark.parametrize(("kind", "data"), [("image/svg+xml", SVG), ("text/html", b"<b>"), ("image/png", b"no")])
def test_what_is_no_picture_is_told_in_its_words(show: Show, kind: str, data: bytes) -> None:
    stage = show(pictured(kind, data))
    stage.until(lambda: bool(stage.messages("image")), "the picture is asked for")
    expect(stage.page.locator(".cw-frame")).to_have_text("A drawing of the ward")
    expect(stage.page.get_by_role("img")).to_have_count(0)


def test_a_picture_is_never_larger_than_its_place(show: Show) -> None:
    stage = show(pictured())
    picture = stage.page.get_by_role("img")
    expect(picture).to_be_visible()
    picture.evaluate("e => { e.width = 9000; e.height = 9000; }")  # as if it had so many pixels
    box = picture.bounding_box()
    assert box and box["width"] <= 700 and box["height"] <= 480


def test_a_card_with_all_of_it_breaks_no_rule_of_access(show: Show) -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 4
    quotes = [*QUOTES, {"text": long, "by": long, "href": "?page=dialogue", "href_text": long}]
    points = [*POINTS, {"label": long, "text": long, "href": "?page=agreement", "list": [long]}]
    mark = {"text": long, "hint": long, "list": [long]}
    tally = {**TALLY, "rows": [*TALLY["rows"], {"label": long, "n": 40, "text": "40 people"}]}
    shown = pictured(alt=long)
    shown.show([{**shown.items[0], "quotes": quotes, "points": points, "mark": mark, "tally": tally, "lead": True}])
    stage = show(shown)
    expect(stage.page.get_by_role("img")).to_be_visible()
    stage.page.get_by_role("button", name=re.compile("^Talk about this")).click()
    assert not stage.breaks()
