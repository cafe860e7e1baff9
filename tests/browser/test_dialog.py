"""A dialog that shows a secret: it is gone from the page in the moment the box is, however the box is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import Stage, theatre

from cowork.widgets import Dialog

CODE = "RIVER-GINGER-7489"
HELD = f"document.documentElement.outerHTML.includes({CODE!r})"

#: Each runs without a pause in the page, so nothing that comes "a moment later" counts.
CLOSED_BY = {
    "its button": "[...document.querySelectorAll('dialog button')].find((b) => b.textContent === 'Close').click()",
    "Escape": "document.querySelector('dialog').dispatchEvent(new Event('cancel'))",
    "leaving the page": "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))",
    "the end of the component": "stop.abort()",
}


@pytest.fixture
def show(chrome: Browser) -> Iterator[Callable[..., Stage]]:
    with theatre(chrome) as begin:
        yield begin


def shown(show: Callable[..., Stage]) -> Stage:
    dialog = Dialog(button="Make a return code", heading="Your return code", yes="Make it", no="Close")
    dialog.on_message("yes", lambda message: dialog.show([CODE, "Write it down."]))
    stage = show(dialog)
    stage.page.get_by_role("button", name="Make a return code").click()
    stage.page.get_by_role("button", name="Make it").click()
    expect(stage.page.get_by_role("dialog").locator("output")).to_have_text(CODE)
    return stage


@pytest.mark.parametrize("way", CLOSED_BY)
def test_a_secret_has_left_the_page_when_its_dialog_is_closed(show: Callable[..., Stage], way: str) -> None:
    stage = shown(show)
    assert stage.page.evaluate(HELD)
    assert stage.page.evaluate(f"() => {{ {CLOSED_BY[way]}; return {HELD}; }}") is False


def test_a_code_made_after_the_first_was_closed_is_another_question(show: Callable[..., Stage]) -> None:
    stage = shown(show)
    stage.page.keyboard.press("Escape")
    expect(stage.page.get_by_role("dialog")).to_be_hidden()
    stage.page.get_by_role("button", name="Make a return code").click()
    expect(stage.page.get_by_role("button", name="Make it")).to_be_visible()
    assert not stage.page.evaluate(HELD)
