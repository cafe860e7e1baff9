"""A made document: read here, and out of the house only after a question."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from support.browsers import expect

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def read(bench: Any) -> Any:
    bench.button("Read it first").click()
    sheet = bench.page.frame_locator(".cw-paper iframe")
    expect(sheet.get_by_role("heading", name="What we did")).to_be_visible()
    return sheet


def test_a_paper_is_read_in_a_frame_where_nothing_runs(bench: Any, page: Page) -> None:
    bench.go("report")
    expect(bench.button("Print or save")).to_be_hidden()
    sheet = read(bench)
    expect(page.get_by_text("Nothing has left this workshop.")).to_be_visible()
    frame = page.locator(".cw-paper iframe")
    expect(frame).to_have_attribute("sandbox", "")
    expect(frame).to_have_attribute("title", "The report")
    assert sheet.locator("body").get_attribute("data-ran") is None
    expect(sheet.get_by_text("Åsa said")).to_be_visible()
    # A place in the paper is a place in the paper, and not in the page around it.
    sheet.get_by_role("link", name="To the end").click()
    down = sheet.locator("html").evaluate("e => e.scrollTop")
    assert down > 300 and sheet.get_by_role("heading", name="The end").count() == 1
    for away in ("Elsewhere", "Inside"):
        sheet.get_by_role("link", name=away).click()
    expect(sheet.get_by_role("heading", name="What we did")).to_have_count(1)
    assert page.context.pages == [page] and page.url.endswith("page=report&at=")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        box = frame.bounding_box()
        assert box and box["width"] >= size["width"] * 0.5 and 300 < box["height"] < size["height"]
        assert sheet.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_it_leaves_only_after_a_careful_question(bench: Any, page: Page) -> None:
    bench.go("report")
    read(bench)
    saved: list[Any] = []
    page.once("download", lambda download: saved.append(download))
    bench.button("Print or save").press("Enter")
    asked = page.get_by_role("dialog", name="This leaves the workshop. Would you like to go on?")
    expect(asked.get_by_role("button", name="No, stay here")).to_be_focused()
    page.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    expect(bench.button("Print or save")).to_be_focused()
    bench.button("Print or save").click()
    page.keyboard.press("Escape")
    expect(asked).to_be_hidden()
    assert not saved
    bench.button("Print or save").click()
    with page.expect_download() as coming:
        asked.get_by_role("button", name="Yes, save the report").click()
    assert coming.value.suggested_filename == "ward-7.html"
    file = hashlib.sha256(Path(coming.value.path()).read_bytes()).hexdigest()[:16]
    expect(page.get_by_text("Saved as ward-7.html.")).to_be_visible()
    expect(page.get_by_text(f"saved, {file}")).to_have_count(1)  # as it was made, byte for byte
    expect(bench.button("Print or save")).to_be_focused()


def test_what_cannot_be_made_is_said_and_what_is_taken_away_is_gone(bench: Any, page: Page) -> None:
    bench.go("report", "fails")
    bench.button("Read it first").click()
    expect(page.get_by_role("alert").filter(has_text="not shared")).to_be_visible()
    expect(bench.button("Read it first")).not_to_have_attribute("aria-disabled", "true")
    read(bench)
    expect(page.get_by_role("alert").filter(has_text="not shared")).to_have_count(0)
    page.evaluate("coworkGo('front', '?page=front')")
    expect(page.get_by_role("heading", level=1)).to_have_text("The bench")
    page.evaluate("coworkGo('report', '?page=report&at=same')")
    expect(page.frame_locator(".cw-paper iframe").get_by_role("heading", name="What we did")).to_be_visible()
    bench.button("Read it first").click()
    expect(page.locator("iframe")).to_have_count(0)
    expect(bench.button("Print or save")).to_be_hidden()
    expect(page.get_by_text("One moment.")).to_have_count(0)


def test_what_is_only_to_be_read_has_no_way_out(bench: Any, page: Page) -> None:
    bench.go("report", "stays")
    read(bench)
    expect(bench.button("Print or save")).to_be_hidden()


def test_a_file_name_is_no_markup(bench: Any, page: Page) -> None:
    bench.go("report", "loud")
    read(bench)
    bench.button("Print or save").click()
    with page.expect_download() as coming:
        bench.button("Yes, save the report").click()
    assert "<" not in coming.value.suggested_filename
    expect(page.get_by_text("Saved as ward-7 <script>.html.")).to_be_visible()


def test_one_button_stands_out_at_a_time(bench: Any, page: Page) -> None:
    bench.go("report")
    assert bench.filled() == ["Read it first"]
    read(bench)
    assert bench.filled() == ["Print or save"]


def test_a_paper_breaks_no_rule_and_fits(bench: Any, page: Page) -> None:
    bench.go("report")
    found = bench.axe("a paper before it is made")
    read(bench)
    found += bench.axe("a paper") + bench.looks("a paper")
    bench.button("Print or save").click()
    found += bench.axe("the question before it leaves")
    page.keyboard.press("Escape")
    assert not found, "\n".join(found)
