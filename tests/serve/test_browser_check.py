"""A page whose script does not come, cannot be read or finds too little says so, in words and with a way on."""

from __future__ import annotations

import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import expect

from cowork.serve.http import assets

pytestmark = pytest.mark.browser
OLD = "This browser cannot show this page. It may be too old."
BROKEN = "This page did not come whole. Try again in a moment."
SLOW = "This takes longer than usual. You can wait, or try again."
OPENING = "Opening the workshop. This can take a minute."


def script_of(server: Any) -> str:
    """The address of the front end's own script, as a page names it."""
    with urllib.request.urlopen(server.url) as answer:
        found = re.search(r'src="([^"]+)" data-cw-script', answer.read().decode())
    assert found, "the page names its script"
    return found[1]


def test_a_script_that_the_browser_cannot_read_ends_the_wait_with_words(visit: Any, server: Any) -> None:
    page = visit()
    newer = {"content_type": "text/javascript", "body": "const a = 1; a ?!= 2;"}
    page.route("**" + script_of(server), lambda route: route.fulfill(**newer))
    page.goto(server.url)
    expect(page.get_by_role("status").get_by_text(OLD)).to_be_visible()
    expect(page.get_by_text("Webbläsaren kan inte visa sidan.")).to_be_visible()
    expect(page.get_by_text("ask someone to write for you").last).to_be_visible()
    expect(page.get_by_text(OPENING)).to_be_hidden()


def test_a_script_that_cannot_be_fetched_ends_the_wait_with_words_and_a_way_to_try_again(
    visit: Any, server: Any
) -> None:
    page = visit()
    script = "**" + script_of(server)
    page.route(script, lambda route: route.abort())
    page.goto(server.url)
    expect(page.get_by_role("status").get_by_text(BROKEN)).to_be_visible()
    expect(page.get_by_text(OPENING)).to_be_hidden()
    page.unroute(script)
    page.get_by_role("link", name="Try again").first.click()
    expect(page.get_by_role("button", name="Ping")).to_be_visible()


def test_a_script_that_does_not_come_brings_help_after_a_while_and_still_opens_the_page(
    visit: Any, server: Any
) -> None:
    page = visit()
    held: list[Any] = []
    page.clock.install()
    page.route("**" + script_of(server), lambda route: held.append(route))
    page.goto(server.url, wait_until="commit")
    expect(page.get_by_text(OPENING)).to_be_visible()
    expect(page.get_by_text(SLOW)).to_be_hidden()
    page.clock.fast_forward(20_000)
    expect(page.get_by_role("status").get_by_text(SLOW)).to_be_visible()
    expect(page.get_by_role("link", name="Try again").first).to_be_visible()
    expect(page.get_by_text(OPENING)).to_be_visible()
    held[0].continue_()
    expect(page.get_by_role("button", name="Ping")).to_be_visible()
    expect(page.get_by_text(SLOW)).to_have_count(0)


@pytest.mark.parametrize(
    "gone", ["Element.prototype.replaceChildren", "DataView.prototype.getBigUint64", "window.clientInformation"]
)
def test_a_browser_without_what_the_page_stands_on_is_told_so(visit: Any, server: Any, gone: str) -> None:
    page = visit()
    page.add_init_script(f"delete {gone}")
    page.route("**" + script_of(server), lambda route: None)  # the module has not come yet
    page.goto(server.url, wait_until="commit")
    expect(page.get_by_role("status").get_by_text(OLD)).to_be_visible()


def test_a_fault_is_told_in_a_browser_without_newer_ways_to_put_it_on_the_page(visit: Any, server: Any) -> None:
    page = visit()
    page.add_init_script("delete Element.prototype.replaceChildren")
    page.goto(f"{server.url}/voila/render/faulty.ipynb")
    expect(page.get_by_role("heading", name="This page cannot be opened")).to_be_visible()


def test_the_script_that_speaks_where_others_cannot_is_written_in_the_oldest_language() -> None:
    code = re.sub(r"/\*.*?\*/|//.*|\"[^\"\n]*\"", "0", assets.BROWSER_CHECK.read_text("utf-8"))
    newer = r"=>|`|\.\.\.|\?\.|\?\?|\*\*|\b(?:let|const|class|async|await|import|export|of)\b|,\s*\)"
    assert not re.findall(newer, code)


def test_without_script_in_an_older_browser_only_the_page_without_script_stands_there(visit: Any, server: Any) -> None:
    page = visit(java_script_enabled=False)
    page.goto(server.url)
    assert page.locator("noscript main").is_visible()
    assert not page.locator("#cw-opening").is_visible()
    assert "scripting" not in assets.build_stylesheet().raw.decode(), "which browsers of the floor do not know"
