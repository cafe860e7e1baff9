"""Our own front end over the real wire: what it hosts, what it hands over, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from support.disclosure_doors import Road

pytestmark = pytest.mark.browser


@pytest.fixture
def road(server: Any) -> Iterator[Road]:
    made = Road(server.port)
    yield made
    made.close()


def number(page: Any) -> int:
    return int(page.locator(".n").inner_text())


def test_a_page_of_other_widgets_gets_the_other_front_end_by_itself(visit: Any, server: Any) -> None:
    page = visit()
    page.goto(f"{server.url}/voila/render/core.ipynb")
    page.get_by_role("button", name="Ping").click(timeout=90_000)
    expect(page.get_by_text("pong.")).to_be_visible(timeout=90_000)
    assert page.evaluate("!('cwHost' in document.documentElement.dataset)")
    page.goto(server.url)  # the cookie is for that page alone
    page.get_by_role("button", name="Ping").click()
    assert page.evaluate("'cwHost' in document.documentElement.dataset")


def test_a_widget_that_fails_is_said_in_words_and_with_a_way_on(visit: Any, server: Any) -> None:
    page = visit()
    page.goto(f"{server.url}/voila/render/faulty.ipynb")
    expect(page.get_by_role("heading", name="This page cannot be opened")).to_be_visible()
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    assert page.locator("#cw-opening").count() == 0


def test_after_an_interruption_the_page_shows_what_is_now_and_what_was_pressed_arrives_once(
    visit: Any, server: Any, road: Road
) -> None:
    page = visit()
    page.goto(f"http://127.0.0.1:{road.port}/voila/render/away.ipynb")
    page.get_by_role("button", name="Press").click()
    expect(page.locator(".heard")).to_have_text("1.")
    road.cut()
    page.wait_for_function("() => !globalThis.coworkHost.connected()")
    stood = number(page)
    for _ in range(2):
        page.get_by_role("button", name="Press").click()
    road.mend()
    expect(page.locator(".heard")).to_have_text("1.2.3.")
    page.wait_for_function(f"() => Number(document.querySelector('.n').textContent) > {stood}")
    page.get_by_role("button", name="Press").click()
    expect(page.locator(".heard")).to_have_text("1.2.3.4.")


def test_a_line_that_has_died_without_a_word_is_left_for_a_new_one(visit: Any, server: Any, road: Road) -> None:
    page = visit()
    page.goto(f"http://127.0.0.1:{road.port}/voila/render/away.ipynb")
    page.get_by_role("button", name="Press").click()
    expect(page.locator(".heard")).to_have_text("1.")
    road.die()
    stood = number(page)
    # The shell's beat notices, and asks for a new line at each turn until there is one.
    grown = f"Number(document.querySelector('.n').textContent) > {stood + 40}"
    page.wait_for_function(f"() => (coworkHost.revive(), {grown})")
    page.get_by_role("button", name="Press").click()
    expect(page.locator(".heard")).to_have_text("1.2.")


def test_going_to_another_page_and_back_finds_a_page_that_works(visit: Any, server: Any) -> None:
    page = visit()
    page.goto(f"{server.url}/voila/render/away.ipynb")
    expect(page.get_by_role("button", name="Press")).to_be_visible()
    page.goto(server.url)
    page.get_by_role("button", name="Ping").click()
    page.go_back()
    page.get_by_role("button", name="Press").click()
    expect(page.locator(".heard")).to_have_text("1.")


def test_a_figure_asks_for_its_library_when_somebody_comes_to_it_and_keeps_it(visit: Any, server: Any) -> None:
    page = visit(viewport={"width": 390, "height": 600})
    page.goto(f"{server.url}/voila/render/plot.ipynb")
    asked = lambda: [url for url, _ in page.asked.values() if "/cowork/plotly/" in url]  # noqa: E731
    expect(page.get_by_text("Ward 8 wrote more than ward 7.")).to_be_attached()
    assert not asked()
    page.locator(".cw-plot-view").scroll_into_view_if_needed()
    page.locator(".cw-plot-view svg.main-svg").first.wait_for(timeout=90_000)
    assert len(asked()) == 1
    packed = server.ask(asked()[0].removeprefix(server.url), headers={"Accept-Encoding": "gzip"})
    assert "immutable" in packed.headers["Cache-Control"] and len(packed.body) < 1_800_000
    page.get_by_text("The numbers as a table").click()
    assert page.get_by_role("row").all_inner_texts() == ["ward\ttexts", "ward 7\t3", "ward 8\t5"]
    page.reload()
    page.locator(".cw-plot-view").scroll_into_view_if_needed()
    page.locator(".cw-plot-view svg.main-svg").first.wait_for(timeout=90_000)
    assert page.asked[next(reversed([k for k, (url, _) in page.asked.items() if "/cowork/plotly/" in url]))][1] < 1000
