"""The core of the work in Firefox and in WebKit, with somebody in Chromium at the other end.

Where a browser is not installed its tests are skipped, and say so; with COWORK_REQUIRE_BROWSER=1 a Firefox that is
not there is a failure.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.browsers import Person, Server, expect
from support.disclosure_doors import Road
from support.other_browsers import Device, Firefox, WebKit, find_firefox, find_webkit
from support.whole_cycle import act, card, give_answer, go

NO_FIREFOX = "no Firefox found, so what people see there is not tested (install firefox-esr)"
NO_WEBKIT = "no WebKit found, so what people see in Safari is not tested (install webkit2gtk-driver and xvfb)"
SAID = "Nobody told me when I could go home. Then I waited until four."
VIEW = "We want to know the time."
PROPOSAL = "Whoever goes home gets a time the day before"


def start(name: str, **settings: Any) -> Device:
    if name == "Firefox":
        found = find_firefox()
        if not found and os.environ.get("COWORK_REQUIRE_BROWSER") == "1":
            pytest.fail(f"COWORK_REQUIRE_BROWSER=1, but {NO_FIREFOX}", pytrace=False)
        return Firefox(*found, **settings) if found else pytest.skip(NO_FIREFOX)
    found = find_webkit()
    return WebKit(*found) if found else pytest.skip(NO_WEBKIT)


class Pair:
    """Ali in the browser that is tried, at the end of a road that can be cut; Fay in Chromium."""

    def __init__(self, ali: Device, fay: Person, road: Road) -> None:
        self.ali, self.fay, self.road = ali, fay, road
        self.code = fay.start_workshop("Two browsers", name="Fay")


@pytest.fixture(scope="module", params=["Firefox", "WebKit"])
def pair(request: pytest.FixtureRequest, person: Callable[..., Person], server: Server) -> Iterator[Pair]:
    ali = start(request.param)
    road = Road(server.port)
    yield Pair(ali, person(), road)
    ali.close()
    road.close()


def test_they_join_by_a_link_and_see_each_other_s_words(pair: Pair) -> None:
    ali, fay = pair.ali, pair.fay
    ali.open(f"http://127.0.0.1:{pair.road.port}/?w={pair.code}")
    ali.click("radio", "Yes, I would like to take part")
    ali.write("Name for this workshop", "Ali")
    ali.click("button", "Go to the group")
    ali.see("heading", "Why are you here")
    ali.go("Dialogue", "What do we want to talk about")
    ali.write("What I would like to say", SAID)
    ali.click("button", "Share with the group")
    ali.see("text", "Shared")
    ali.see("text", "Yours", SAID)
    go(fay, "Dialogue", "What do we want to talk about")
    expect(fay.card(SAID)).to_be_visible()
    fay.share("What I would like to say", "I never saw the list")
    ali.see("text", "I never saw the list")


def test_a_draft_is_there_after_a_reload(pair: Pair) -> None:
    ali = pair.ali
    ali.write("What I would like to say", "Half a sentence")
    ali.see("text", "Draft kept on this device")
    ali.open(ali.ask("() => location.href"))
    drawn = "() => [...document.querySelectorAll('textarea')].some((e) => e.value === 'Half a sentence')"
    ali.until(lambda: ali.ask(drawn), "the draft after a reload")


def test_exact_words_are_picked_and_kept_as_a_way_of_seeing_it(pair: Pair) -> None:
    ali, fay = pair.ali, pair.fay
    ali.go("Documentation", "What did we hear")
    ali.click("button", "Write a way of seeing it")
    ali.click("button", "Choose words that were said")
    ali.click("button", "Choose words", SAID)
    ali.click("word", "when", SAID)
    ali.click("word", "home.", SAID)
    ali.click("button", "Use these words")
    ali.write("A way of seeing it", VIEW)
    ali.click("button", "Keep this way of seeing it")
    ali.see("text", "when I could go home.", VIEW)
    go(fay, "Documentation", "What did we hear")
    expect(card(fay, VIEW).locator("blockquote")).to_contain_text("when I could go home.")


def test_a_proposal_is_made_and_answered_by_both(pair: Pair) -> None:
    ali, fay = pair.ali, pair.fay
    ali.go("Agreement", "What could we all go along")
    ali.click("button", "Put a proposal")
    ali.write("Our proposal", PROPOSAL)
    ali.click("button", "Put forward this proposal")
    go(fay, "Agreement", "What could we all go along")
    give_answer(fay, PROPOSAL, "I want this")
    ali.click("button", "Give my answer", PROPOSAL)
    ali.click("radio", "I can go along, with some doubt", PROPOSAL)
    ali.click("button", "Give my answer", PROPOSAL, nth=-1)
    ali.see("text", "Done", PROPOSAL)
    act(fay, PROPOSAL, "Show answers together")
    expect(fay.page.get_by_text("One dot is one person.").first).to_be_visible()
    ali.see("text", "One dot is one person.")


def test_words_written_while_the_line_is_cut_arrive_once_when_it_is_back(pair: Pair) -> None:
    ali, fay = pair.ali, pair.fay
    ali.go("Dialogue", "What do we want to talk about")
    go(fay, "Dialogue", "What do we want to talk about")
    ali.write("What I would like to say", "Written in a tunnel")
    pair.road.cut()
    ali.click("button", "Share with the group")
    ali.see("text", "1 text is kept on this device")
    pair.road.mend()
    expect(fay.card("Written in a tunnel")).to_have_count(1, timeout=90_000)
    ali.see("text", "Yours", "Written in a tunnel")


def test_the_page_speaks_swedish_and_english_again(pair: Pair) -> None:
    ali = pair.ali
    ali.click("button", "Svenska")
    ali.until(lambda: ali.ask("() => document.documentElement.lang") == "sv", "Swedish")
    ali.see("heading", "Vad vill vi prata med varandra om")
    ali.click("button", "English")
    ali.see("heading", "What do we want to talk about")


def test_nothing_went_wrong_behind_the_page_and_it_does_not_scroll_sideways(pair: Pair) -> None:
    ali = pair.ali
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert ali.ask(wide) <= 0
    if isinstance(ali, Firefox):
        ali.resize(390, 844)
        ali.until(lambda: ali.ask(wide) <= 0, "0 pixels sideways on a phone")
        cut = "establish a connection|was interrupted while the page was loading"  # the line, cut above
        assert [fault for fault in ali.faults if not re.search(cut, fault)] == []
    assert pair.fay.faults == []


def test_a_firefox_that_blocks_cookies_says_what_to_allow(server: Server) -> None:
    blocked = start("Firefox", **{"network.cookie.cookieBehavior": 2})
    try:
        blocked.open(server.url)
        blocked.see("text", "Allow cookies for this address in your browser. Then try again.")
        assert "kept" not in blocked.ask("() => document.body.innerText")
    finally:
        blocked.close()
