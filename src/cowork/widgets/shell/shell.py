"""Shell: the page around the parts. One per page; everything else is inside it."""

from __future__ import annotations

import os
import uuid
from typing import Any

import traitlets as t
from ipywidgets import widget_serialization

from cowork.widgets.component import Component, number, short, yes
from cowork.widgets.manifest import files_of
from cowork.widgets.submission import clean_id

BOOT = ""
"""Tells one life of this process from the next. Not a secret."""


def _begin_life() -> None:
    global BOOT
    BOOT = uuid.uuid4().hex


_begin_life()
if hasattr(os, "register_at_fork"):  # a kernel may be forked from a process that has loaded this already
    os.register_at_fork(after_in_child=_begin_life)


def _key(value: object) -> dict[str, str]:
    """The device's key for one workshop, or {} where it is none. The secret goes into no trait and no log."""
    if not isinstance(value, dict):
        return {}
    participant, secret = clean_id(value.get("participant")), value.get("secret")
    if not participant or not isinstance(secret, str) or len(secret) != 32:
        return {}
    if any(c not in "0123456789abcdef" for c in secret):
        return {}
    return {"participant": participant, "secret": secret}


def _mine(value: object) -> list[dict[str, str]]:
    """Workshops this device remembers, for the front door: claims, at most eight."""
    if not isinstance(value, list):
        return []
    code, title = short(40), short(200)
    read = [{"code": code(one.get("code")), "title": title(one.get("title"))} for one in value if isinstance(one, dict)]
    return [one for one in read if one["code"]][:8]


class Shell(Component):
    """Who is here, the language, the six parts, the place for a page, and the connection.

    Also the channel for words whose own box is not on the screen: its `on_shared` must take every kind.
    Messages to hear with `on_do`: hello, lang, go, ping. A ping has been answered before its handler runs.
    """

    SCRIPTS, STYLES = files_of("shell")
    WORDS = (
        "common.all_parts",
        "common.close",
        "common.code",
        "common.go",
        "common.language",
        "common.parts",
        "common.people_here",
        "common.stay",
        "connection.back",
        "connection.back_plain",
        "connection.button.again",
        "connection.lost",
        "connection.lost_long",
        "connection.lost_long_page",
        "connection.lost_page",
        "connection.unsent",
        "connection.unsent_page",
        "device.none",
        "device.none_code",
        "error.page",
        "shell.elsewhere",
        "shell.in_front",
        "shell.not_connected",
        "shell.run_again",
        "shell.parts_other",
        "shell.you_are_in",
    )
    MESSAGES = {
        "hello": {
            "lang": short(8),
            "code": short(40),
            "page": short(64),
            "at": short(64),
            "key": _key,
            "origin": short(500),
            "browser": clean_id,
            "mine": _mine,
            "zone": short(64),  # by which clock this device tells the time: a report asks
        },
        "lang": {"lang": short(8)},
        "go": {"page": short(64), "at": short(64)},
        "ping": {"t": number, "hidden": yes},
    }

    title = t.Unicode("").tag(sync=True)
    code = t.Unicode("").tag(sync=True)
    people = t.Int(0).tag(sync=True)
    parts = t.Tuple(help="The widgets of the present page.").tag(sync=True, **widget_serialization)
    place = t.Dict(help="{key, link, plain, wheel, h}: the present page.").tag(sync=True)
    nav: t.List[Any] = t.List(help="[{wheel, name, parts: [{key, name, href, note, here, written, half}]}]").tag(
        sync=True
    )
    more_nav: t.List[Any] = t.List(help="[{key, name, href, here}]").tag(sync=True)
    invite = t.Dict(help="{id, text, page, href}, or {}.").tag(sync=True)
    note = t.Unicode("", help="A fault behind the page, in words.").tag(sync=True)
    ready = t.Bool(False, help="False until hello has been answered.").tag(sync=True)
    front = t.Bool(False, help="The front door: no parts, no people, no code.").tag(sync=True)
    beat_ms = t.Int(2000).tag(sync=True)
    browser = t.Unicode("", help="The browser that is shown this; one notebook is one person.").tag(sync=True)
    kernel = t.Unicode("").tag(sync=True)
    base = t.Unicode("/").tag(sync=True)

    def _do(self, message: dict[str, Any]) -> None:
        if message["do"] == "ping":
            # Answered first: a slow or failing handler must not look like a lost connection.
            self.send({"pong": True, "t": message["t"], "boot": BOOT})
        super()._do(message)

    # What the kernel asks of the browser ----------------------------------------------------------------

    def ask_hello(self) -> None:
        """Ask the browser to introduce itself (again)."""
        self.send({"do": "say-hello"})

    def entered(self, code: str, page: str = "") -> None:
        """Go to the workshop `code`; the browser says hello there."""
        self.send({"do": "entered", "code": code, "page": page})

    def opened(self, code: str, page: str = "") -> None:
        """The workshop opened with the fresh key now has a code: the key becomes that code's."""
        self.send({"do": "opened", "code": code, "page": page})

    def keep(self, code: str, title: str) -> None:
        """Remember this workshop on the device's list."""
        self.send({"do": "keep", "code": code, "title": title})

    def forget(self, code: str) -> None:
        """Forget this person on this device: key, drafts, unsent words, private answers."""
        self.send({"do": "forget", "code": code})

    def gone(self, page: str, at: str = "", href: str = "") -> None:
        """The kernel moved to another page, or to a whole address: let the address and the focus follow.

        No step in the browser's history is made: where there was a press, the browser has made it already.
        """
        where = {"href": href} if href else {"at": at}
        self.send({"do": "gone", "page": page, **where})

    def speak(self, words: str) -> None:
        """Let a screen reader say this, politely."""
        self.send({"do": "say", "text": words})
