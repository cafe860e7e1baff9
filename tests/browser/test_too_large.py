"""Words that are more than one message may hold: refused in words on the device, which keeps them, and never sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from support.component_harness import Stage, theatre

from cowork.widgets import Form
from cowork.widgets.submission import BODY_LIMIT, HARD_LIMIT


@pytest.fixture
def show(chrome: Browser) -> Iterator[Callable[..., Stage]]:
    with theatre(chrome) as begin:
        yield begin


def test_more_than_one_message_may_hold_is_refused_in_words_and_stays_with_the_person(
    show: Callable[..., Stage],
) -> None:
    names = ("One", "Two", "Three")
    ask = Form(question="Why?", fields=[{"key": name.lower(), "label": name} for name in names])
    ask.on_submit(lambda sent: None)
    stage = show(ask)
    boxes = [stage.page.get_by_label(name, exact=True) for name in names]
    for box in boxes:
        box.fill("x" * HARD_LIMIT)
    stage.page.get_by_role("button", name="Share with the group").click()
    expect(stage.page.get_by_text(f"This is {3 * HARD_LIMIT - BODY_LIMIT:,} characters too long")).to_be_visible()
    for box in boxes:
        expect(box).to_have_value("x" * HARD_LIMIT)
    assert stage.messages("share") == []
    stage.open()  # loaded anew, they are still there, and still not on their way
    for box in boxes:
        expect(box).to_have_value("x" * HARD_LIMIT)
    boxes[0].fill("")
    stage.page.get_by_role("button", name="Share with the group").click()
    expect(stage.page.get_by_text("Shared", exact=True)).to_be_visible()
    assert len(stage.shared()) == 1
