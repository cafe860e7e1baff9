"""A page that comes and a connection that does not: the reason is told, nothing untrue, and it heals where it can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from support.disclosure_doors import Gate

pytestmark = pytest.mark.browser
STOPS = "Something in this network or browser stops it."
COOKIES = "Allow cookies for this address in your browser. Then try again."
LATE = "This page cannot be opened"


@pytest.fixture
def gate(server: Any) -> Iterator[Callable[..., Gate]]:
    made: list[Gate] = []

    def make(**options: Any) -> Gate:
        made.append(Gate(server.port, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_network_that_lets_no_live_connection_through_is_told_and_not_asked_for_ever(
    visit: Any, gate: Callable[..., Gate]
) -> None:
    road = gate(refuses=True)
    page = visit()
    page.clock.install()
    page.goto(f"http://127.0.0.1:{road.port}/")
    expect(page.get_by_text(STOPS)).to_be_visible()
    expect(page.get_by_text("ask someone to write for you").last).to_be_visible()
    expect(page.get_by_text("kept")).to_have_count(0)
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    asked = road.asked
    page.clock.run_for(120_000)
    assert road.asked == asked, "it has stopped asking"

    road.refuses = False
    road.lift()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("button", name="Ping")).to_be_visible()
    expect(page.get_by_text(STOPS)).to_have_count(0)


def test_a_slow_network_is_given_more_time_at_each_try(visit: Any, gate: Callable[..., Gate], wait_until: Any) -> None:
    road = gate()
    page = visit()
    page.clock.install(time=0)
    page.clock.pause_at(1_000)  # on a busy machine seconds pass by themselves, and with them a try
    page.goto(f"http://127.0.0.1:{road.port}/")
    wait_until(lambda: road.asked == 1, "the first try", 90)
    page.clock.run_for(4_500)
    wait_until(lambda: road.asked == 2, "the second try", 90)
    expect(page.get_by_text("This takes longer than usual. You can wait, or try again.")).to_be_visible()
    page.clock.run_for(7_000)  # the second has eight seconds
    page.evaluate("addEventListener('cowork:joined', () => { window.hasJoined = true; })")
    road.lift()
    wait_until(lambda: page.evaluate("window.hasJoined === true"), "the connection opens", 90)
    page.clock.resume()
    expect(page.get_by_role("button", name="Ping")).to_be_visible()
    assert road.asked == 2


def test_time_for_a_widget_begins_with_the_connection(visit: Any, gate: Callable[..., Gate], wait_until: Any) -> None:
    road = gate()
    page = visit()
    page.clock.install()
    page.goto(f"http://127.0.0.1:{road.port}/")
    wait_until(lambda: road.asked == 1, "the first try", 90)
    page.clock.run_for(25_000)
    expect(page.get_by_role("heading", name=LATE)).to_have_count(0)
    road.lift()
    expect(page.get_by_role("button", name="Ping")).to_be_visible()


def test_a_browser_that_blocks_cookies_is_told_so(visit: Any, gate: Callable[..., Gate]) -> None:
    road = gate(refuses=True)  # as the server does with a browser that has no name of its own
    page = visit()
    page.context.new_cdp_session(page).send("Emulation.setDocumentCookieDisabled", {"disabled": True})
    page.goto(f"http://127.0.0.1:{road.port}/")
    assert page.evaluate("navigator.cookieEnabled") is False
    expect(page.get_by_text(COOKIES)).to_be_visible()
    expect(page.get_by_text("kept")).to_have_count(0)
