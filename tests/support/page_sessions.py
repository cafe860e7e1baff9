"""A visit without a browser: what a browser would say is said to the widgets, and their answers are kept."""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

from cowork import context
from cowork.pages.session import frame
from cowork.pages.session.session import VisitorSession
from cowork.store import Record, credentials, memory_record
from cowork.widgets import Component

T = TypeVar("T", bound=Component)

# Another test's browser may have left an event loop running in this thread: here changes are shown at once.
context.MIN_REFRESH_SECONDS = 0.0
frame.SHELL_REFRESH_SECONDS = 0.0
VisitorSession._call_soon = lambda self, what: what()  # type: ignore[method-assign]


class Guest:
    """One device at one record."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.session = VisitorSession(record=record)
        self.said: list[dict[str, Any]] = []
        self.code = ""
        self.key = {"participant": record.new_id(), "secret": secrets.token_hex(16)}
        self._listen(self.session.shell)

    def _listen(self, part: Component) -> None:
        part.send = lambda message, *rest: self.said.append(message)  # type: ignore[method-assign]

    def hello(self, code: str = "", page: str = "", lang: str = "en") -> None:
        self.code = code or self.code
        origin = "http://127.0.0.1:8866/"
        asked = {"do": "hello", "lang": lang, "code": self.code, "page": page, "key": self.key, "origin": origin}
        self.session.shell.receive(asked)

    def go(self, page: str, at: str = "") -> None:
        self.session.shell.receive({"do": "go", "page": page, "at": at})
        assert self.session.page == page, f"asked for {page}, stands at {self.session.page}"

    def part(self, kind: type[T], box: str = "") -> T:
        """The first component of a kind on the page, after a look at what is new."""
        if self.session.feed:
            self.session.feed.poll()
        found = [p for p in self.session.shell.parts if isinstance(p, kind) and box in ("", getattr(p, "box", ""))]
        return found[0]

    def send(self, part: Component, **item: Any) -> dict[str, Any]:
        """Send an item as a browser does; returns the answer."""
        self._listen(part)
        whole = {"id": self.record.new_id(), "box": getattr(part, "box", ""), "kind": "utterance", "about": [],
                 "fields": {}, "choices": {}, "lang": "en", "at": 1, **item}  # fmt: skip
        if part.voice:  # as outbox.js does: for whom the words are goes with them
            whole["choices"] = {**whole["choices"], "for": part.voice}
        part.receive({"do": "share", "item": whole})
        return next(m for m in reversed(self.said) if m.get("id") == whole["id"] and "done" in m)

    def share(self, part: Component, text: str, **item: Any) -> dict[str, Any]:
        return self.send(part, fields={"text": text}, **item)

    def press(self, part: Component, kind: str, about: list[list[str]], text: str = "", **item: Any) -> dict[str, Any]:
        fields = {"text": text} if text else {}
        return self.send(part, box=f"act:{about[0][1]}:{kind}", kind=kind, about=about, fields=fields, **item)

    def join(self, code: str, name: str = "", **choices: Any) -> None:
        self.hello(code)
        ask = next(p for p in self.session.shell.parts if getattr(p, "box", "") == "door-join")
        answer = self.send(ask, fields={"name": name, "own": ""}, choices={"part": "yes", **choices})
        assert answer["done"] == "shared", answer

    def with_guest(self, name: str, **choices: Any) -> Guest:
        """Somebody else joins the same workshop on their own device."""
        guest = Guest(self.record)
        guest.join(self.code, name, **choices)
        return guest


def at_device_of(record: Record, workshop: str, participant: str, code: str) -> Guest:
    """Somebody who takes part, at a device of theirs that is known."""
    guest = Guest(record)
    guest.key["participant"] = participant
    credentials.register_device(record, workshop, participant, guest.key["secret"])
    guest.hello(code)
    return guest


def opened(title: str = "A workshop", why: str = "To find out.", record: Record | None = None) -> Guest:
    """A facilitator who has just opened a workshop."""
    guest = Guest(record or memory_record())
    guest.hello()
    guest.session.go("opening")
    form = guest.session.shell.parts[0]
    guest.send(form, fields={"title": title, "why": why, "name": "Fay"})
    code = next(m["code"] for m in guest.said if m.get("do") == "opened")
    guest.hello(code)
    return guest
