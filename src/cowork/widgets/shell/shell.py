"""Shell: the frame of a page, with navigation and connection state. There is one per page; all else is inside it."""

from __future__ import annotations

import os
import uuid
from typing import Any

import traitlets as t
from ipywidgets import widget_serialization

from cowork.widgets.cleaners import clean_flag, clean_number, clean_text
from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of
from cowork.widgets.submission import clean_id

BOOT = ""
"""Identifies this run of the process. A browser that reads another value knows that the kernel is new. No secret."""


def _renew_boot_id() -> None:
    global BOOT
    BOOT = uuid.uuid4().hex


_renew_boot_id()
if hasattr(os, "register_at_fork"):  # a forked kernel has loaded this module before it was forked
    os.register_at_fork(after_in_child=_renew_boot_id)


def _clean_credentials(value: object) -> dict[str, str]:
    """The device's credentials for one workshop, or {}. The secret must get into no trait and no log."""
    if not isinstance(value, dict):
        return {}
    participant, secret = clean_id(value.get("participant")), value.get("secret")
    if not participant or not isinstance(secret, str) or len(secret) != 32:
        return {}
    if any(c not in "0123456789abcdef" for c in secret):
        return {}
    return {"participant": participant, "secret": secret}


def _clean_remembered(value: object) -> list[dict[str, str]]:
    """The workshops this device remembers, for the entry page: at most eight, and none of it is checked."""
    if not isinstance(value, list):
        return []
    code, title = clean_text(40), clean_text(200)
    read = [{"code": code(one.get("code")), "title": title(one.get("title"))} for one in value if isinstance(one, dict)]
    return [one for one in read if one["code"]][:8]


class Shell(Component):
    """The frame: who is present, the language, the six elements, the current page, and the connection.

    It also receives submissions whose own form is not on the screen, so its submit handler must accept every kind.
    `on_message` handles hello, lang, go, invite, stop-writing and ping. A ping is answered before its handler runs.
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
        "invite.here",
        "invite.stop",
        "scribing.stop",
        "shell.about",
        "shell.elsewhere",
        "shell.in_front",
        "shell.messages",
        "shell.not_connected",
        "shell.run_again",
        "shell.parts_other",
        "shell.you_are_in",
    )
    MESSAGES = {
        "hello": {
            "lang": clean_text(8),
            "code": clean_text(40),
            "page": clean_text(64),
            "at": clean_text(64),
            "key": _clean_credentials,
            "origin": clean_text(500),
            "browser": clean_id,
            "mine": _clean_remembered,
            "zone": clean_text(64),  # the time zone of this device, for reports
        },
        "lang": {"lang": clean_text(8)},
        "invite": {"page": clean_text(64), "ends": clean_id},
        "stop-writing": {},
        "go": {"page": clean_text(64), "at": clean_text(64)},
        "ping": {"t": clean_number, "hidden": clean_flag},
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
    here: t.List[Any] = t.List(help="Who has this open now, line by line.").tag(sync=True)
    invite = t.Dict(help="An `Invite`, or {}.").tag(sync=True)
    may_invite = t.Bool(False, help="This reader may invite everyone to the present page.").tag(sync=True)
    writing_for = t.Unicode("", help="For whom a scribe writes now, in words.").tag(sync=True)
    welcome = t.Unicode("", help="A line for whoever has just joined, above their first page.").tag(sync=True)
    note = t.Unicode("", help="A fault behind the page, in words.").tag(sync=True)
    ready = t.Bool(False, help="False until hello has been answered.").tag(sync=True)
    front = t.Bool(False, help="The front door: no parts, no people, no code.").tag(sync=True)
    beat_ms = t.Int(2000).tag(sync=True)
    browser = t.Unicode("", help="The browser that is shown this; one notebook is one person.").tag(sync=True)
    kernel = t.Unicode("").tag(sync=True)
    base = t.Unicode("/").tag(sync=True)

    def _handle_message(self, message: dict[str, Any]) -> None:
        if message["do"] == "ping":
            # Answer first: a slow or failing handler must not look like a lost connection.
            self.send({"pong": True, "t": message["t"], "boot": BOOT})
        super()._handle_message(message)

    # Messages to the browser ----------------------------------------------------------------

    def request_hello(self) -> None:
        """Ask the browser to send `hello` (again)."""
        self.send({"do": "say-hello"})

    def open_workshop(self, code: str, page: str = "") -> None:
        """Let the browser go to the workshop `code`; it sends `hello` there."""
        self.send({"do": "entered", "code": code, "page": page})

    def assign_code(self, code: str, page: str = "") -> None:
        """Tell the browser the code of the workshop it has just created: its new credentials belong to that code."""
        self.send({"do": "opened", "code": code, "page": page})

    def remember_workshop(self, code: str, title: str) -> None:
        """Remember this workshop on the device's list."""
        self.send({"do": "keep", "code": code, "title": title})

    def forget_workshop(self, code: str) -> None:
        """Delete this person from the device: credentials, drafts, unsent texts, private answers."""
        self.send({"do": "forget", "code": code})

    def show_address(self, page: str, at: str = "", href: str = "") -> None:
        """Let the browser's address and focus follow the kernel to another page, or to a whole address.

        This adds no step to the browser's history: where a link was pressed, the browser has added it already.
        """
        target = {"href": href} if href else {"at": at}
        self.send({"do": "gone", "page": page, **target})

    def announce(self, text: str) -> None:
        """Let a screen reader read this text, politely."""
        self.send({"do": "say", "text": text})
