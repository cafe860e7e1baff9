"""Answers in rows and columns, as for how a group meets: native radio buttons that say where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import Stage, theatre

from cowork import text
from cowork.widgets import Choice, Form

Show = Callable[..., Stage]
TIMES, PLACES = ("same", "blended", "different"), ("same", "blended", "distributed")


def say(key: str) -> str:
    return text.translate(key, "en")


def grid(**changes: Any) -> dict[str, Any]:
    rows = [{"key": t, "label": say(f"setting.time.{t}"), "hint": say(f"setting.time.{t}_hint")} for t in TIMES]
    cols = [{"key": p, "label": say(f"setting.space.{p}")} for p in PLACES]
    options = [{"value": f"{t}/{p}", "label": say(f"setting.cell.{t}_{p}")} for t in TIMES for p in PLACES]
    spec = {"key": "way", "legend": "Time and place", "grid": {"rows": rows, "cols": cols}, "options": options}
    return {**spec, **changes}


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def asking(**changes: Any) -> Form:
    ask = Form(question="How will you meet?", level=2, choices=[grid(**changes)], kind="setting")
    ask.on_submit(lambda sent: None)
    return ask


def test_each_answer_says_its_row_its_column_and_its_own_words(show: Show) -> None:
    stage = show(asking())
    radios = stage.page.get_by_role("group", name="Time and place").get_by_role("radio")
    expect(radios).to_have_count(9)
    name = "At the same time Some in one place, some elsewhere A room, with some on a screen"
    expect(stage.page.get_by_role("radio", name=name, exact=True)).to_be_visible()
    for t in TIMES:
        row = stage.page.get_by_role("group", name=say(f"setting.time.{t}"), exact=True)
        expect(row.get_by_role("radio")).to_have_count(3)
    assert stage.page.locator(".cw-cell svg").count() == 9
    assert stage.page.locator(".cw-cell svg:not([aria-hidden=true])").count() == 0
    assert len(set(stage.page.locator(".cw-cell svg").evaluate_all("all => all.map(e => e.innerHTML)"))) == 9


def test_arrows_go_through_all_nine_and_what_is_chosen_is_sent(show: Show) -> None:
    stage = show(asking(value="same/same"))
    stage.page.get_by_role("radio", name=re.compile("People round a table")).focus()
    for _ in range(5):
        stage.page.keyboard.press("ArrowDown")
    expect(stage.page.get_by_role("radio", name=re.compile("Calls, with shared notes"))).to_be_checked()
    stage.page.keyboard.press("Tab")
    expect(stage.page.get_by_role("button", name="Share with the group")).to_be_focused()  # one stop for all nine
    stage.page.keyboard.press("Enter")
    expect(stage.page.get_by_text("Shared", exact=True)).to_be_visible()
    assert stage.shared()[0]["choices"] == {"way": "blended/distributed"}


def test_a_cell_is_chosen_wherever_it_is_touched_and_kept_as_a_draft(show: Show) -> None:
    stage = show(asking(), phone=True)
    stage.page.locator(".cw-cell").nth(7).locator("svg").tap()
    radio = stage.page.get_by_role("radio", name=re.compile("A wall in one place, and the same wall online"))
    expect(radio).to_be_checked()
    stage.until(lambda: "different/blended" in stage.page.evaluate("JSON.stringify(localStorage)"), "the draft is kept")
    stage.open()
    expect(radio).to_be_checked()


def test_rows_and_columns_at_a_desk_and_one_column_with_headings_on_a_phone(show: Show) -> None:
    where = "all => all.map(e => [Math.round(e.getBoundingClientRect().x), Math.round(e.getBoundingClientRect().y)])"
    stage = show(asking())
    desk = stage.page.locator(".cw-cell").evaluate_all(where)
    assert len({x for x, _ in desk}) == 3 and len({y for _, y in desk}) == 3
    expect(stage.page.get_by_text("Each in a different place")).to_be_visible()
    stage.page.set_viewport_size({"width": 390, "height": 844})
    phone = stage.page.locator(".cw-cell").evaluate_all(where)
    assert len({x for x, _ in phone}) == 1 and len({y for _, y in phone}) == 9
    heads = (
        stage.page.get_by_role("group", name=re.compile("time|Some of both"))
        .locator(".cw-grid-head")
        .evaluate_all(where)
    )
    assert [y for _, y in heads[-3:]] == sorted(y for _, y in heads[-3:])
    assert heads[-1][1] < phone[6][1] and heads[-2][1] < phone[3][1]


@pytest.mark.parametrize("forced", [False, True])
def test_the_chosen_cell_is_seen_without_its_colour(show: Show, forced: bool) -> None:
    stage = show(asking(value="same/same"), **({"forced_colors": "active"} if forced else {}))
    styles = "all => all.map(e => [getComputedStyle(e).borderTopWidth, getComputedStyle(e).fontWeight])"
    chosen, *others = stage.page.locator(".cw-cell").evaluate_all(styles)
    assert all(chosen[0] != width and chosen[1] != weight for width, weight in others)
    place = "e => (b => [b.x, b.y])(e.getBoundingClientRect())"
    mark = stage.page.locator(".cw-cell input").first
    before = mark.evaluate(place)
    stage.page.get_by_role("radio").nth(4).check()
    assert mark.evaluate(place) == before  # nothing moves


def test_a_choice_alone_can_be_a_grid_too(show: Show) -> None:
    choice = Choice(legend="Time and place", options=grid()["options"])
    stage = show(choice)
    expect(stage.page.get_by_role("radio")).to_have_count(9)


def test_answers_beside_the_scale_stand_apart_under_their_words(show: Show) -> None:
    options = [{"value": v, "label": v.title()} for v in ("want", "cannot")]
    options += [{"value": v, "label": v.title(), "apart": True} for v in ("unsure", "abstain")]  # type: ignore[dict-item]
    ask = Form(question="Your answer?", level=2)
    ask.choices = [{"key": "level", "options": options, "apart_h": "Other answers"}]
    stage = show(ask)
    places = [stage.page.get_by_text(t, exact=True).bounding_box() for t in ("Cannot", "Other answers", "Unsure")]
    assert [p["y"] for p in places if p] == sorted(p["y"] for p in places if p)
    expect(stage.page.get_by_text("Other answers")).to_have_count(1)
    assert not stage.breaks()


def test_the_grid_breaks_no_rule_of_access(show: Show) -> None:
    stage = show(asking(hint="Choose what is most like your group.", required=True))
    stage.page.get_by_role("button", name="Share with the group").click()
    expect(stage.page.get_by_role("group", name="Time and place")).to_have_accessible_description(
        re.compile("Please choose an answer")
    )
    assert not stage.breaks()
