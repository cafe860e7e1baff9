"""Over the real wire: what depends on how a kernel and a browser talk, and is tried nowhere else with both.

What a component does is tried on a stage without a server (tests/support/component_harness.py);
here the promise of that stage is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CARD, TEXT = (f"0190a5b1-7c00-7000-8000-00000000000{n}" for n in range(1, 3))
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PAGE = f'''
import base64
from cowork.widgets import CardList, Shell
items = [{{"id": "{TEXT}", "text": "🙂🙂 Nobody told us"}}]
box = {{"picks": [{{"key": "from", "legend": "Which words?", "words": True, "items": items}}], "button": "Keep"}}
act = {{"name": "reading", "label": "Add a reading", "kind": "note", "about": [["interprets", "{CARD}"]], "box": box}}
wall = CardList(heading="Pictures")
wall.show([{{"id": "{CARD}", "text": "A drawing", "acts": [act], "image": {{"id": "{CARD}", "alt": "The ward"}}}}])
wall.on_message("image", lambda m: wall.send({{"image": m["id"], "type": "image/png"}}, [base64.b64decode("{PNG}")]))
wall.on_submit(lambda submission: " ".join(submission.choices["from"]))
shell = Shell(ready=True, front=True, title="A workshop")
shell.parts = [wall]
shell
'''


@pytest.fixture(scope="module")
def served(start: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("components")
    cell = {"cell_type": "code", "id": "0", "metadata": {}, "source": PAGE, "execution_count": None, "outputs": []}
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": spec, "title": "A page", "cowork": {"serve": True}}
    whole = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    (folder / "workbook.ipynb").write_text(json.dumps(whole), "utf-8")
    return start(notebooks=str(folder))


def test_a_picture_and_picked_words_come_through_whole(browser: Any, served: Any) -> None:
    context = browser.new_context(locale="en-GB")
    try:
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.goto(served.url)
        picture = page.get_by_role("img", name="The ward")
        expect(picture).to_be_visible(timeout=90_000)
        assert picture.evaluate("e => [e.naturalWidth, e.src.slice(0, 5)]") == [1, "blob:"]
        page.get_by_role("button", name=re.compile("^Add a reading")).click()
        page.get_by_role("button", name=re.compile("^Choose words")).click()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Use these words").click()
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.get_by_text(f"{TEXT}:3:14")).to_be_visible(timeout=90_000)  # the kernel's own note
        assert "🙂🙂 Nobody told us"[3:14] == "Nobody told"
    finally:
        context.close()
