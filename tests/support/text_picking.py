"""Texts to pick from in a form, and how a person picks their words in a browser."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect

from cowork.widgets import Form
from support.component_harness import Stage

Show = Callable[..., Stage]
TEXTS = [
    "🙂🙂 Nobody told us when  she would come home, and nobody asked.",
    "Every evening <b>the same</b> questions.",
    "I was asked four times.\n\nThe fifth time I said: read it.",
    "أريد أن نقرر معا",
]


def version(n: int) -> str:
    return str(uuid.UUID(int=(0x0190A5B17C0070008000 << 48) + n))


def items(count: int = 4, texts: list[str] = TEXTS) -> list[dict[str, Any]]:
    return [
        {
            "id": version(n),
            "text": texts[n] if n < len(texts) else f"Turn {n} of many",
            "by": f"Voice {n}",
            "lang": "en",
        }
        for n in range(count)
    ]


def pick(**changes: Any) -> dict[str, Any]:
    spec = {"key": "from", "legend": "Which words?", "items": items(), "words": True, "many": True}
    return {**spec, **changes}


def asking(**changes: Any) -> Form:
    ask = Form(question="What did we hear?", fields=[{"key": "text", "label": "A way of seeing it"}])
    ask.picks = [pick(**changes)]
    ask.on_submit(lambda sent: None)
    return ask


def choose(stage: Stage, words: str) -> None:
    stage.page.get_by_role("button", name=f"Choose words: {words}").click()


def word(stage: Stage, name: str) -> Locator:
    return stage.page.get_by_role("option", name=name, exact=True)


def chosen(stage: Stage) -> Locator:
    return stage.page.get_by_role("list", name="Chosen here").get_by_role("listitem")


def use(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Use these words").click()


def share(stage: Stage) -> list[str]:
    """What arrives for the picks when the form is shared."""
    stage.page.get_by_label("A way of seeing it").fill("It is not said once")
    stage.page.get_by_role("button", name="Share with the group").click()
    expect(stage.page.get_by_text("Shared", exact=True)).to_be_visible()
    return list(stage.shared()[-1]["choices"].get("from", []))


def said(stage: Stage, words: str) -> None:
    expect(stage.page.get_by_role("status").filter(has_text=words).first).to_have_text(re.compile(words))


def slices(values: list[str]) -> list[str]:
    """The words as Python reads them from the record."""
    texts = {item["id"]: item["text"] for item in items()}
    read = []
    for value in values:
        ident, *ends = value.split(":")
        read.append(texts[ident][slice(*map(int, ends))] if ends else texts[ident])
    return read
