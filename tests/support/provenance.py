"""A workshop with a thread in it, and people who look at its pages: what pages of the thread are tried on."""

from __future__ import annotations

import json
from typing import Any

from cowork.core.entries import Actor, Draft
from cowork.store import Record
from cowork.widgets import DocumentPreview
from support.page_sessions import Guest, opened


class Threads:
    """Fay opened it; Ada, Bo and Cy take part. Nothing is written but what a test writes."""

    def __init__(self, record: Record | None = None) -> None:
        self.fay = opened("The waiting room", "To be heard.", record=record)
        self.ada = self.fay.with_guest("Ada")
        self.bo = self.fay.with_guest("Bo")
        self.cy = self.fay.with_guest("Cy")

    @property
    def record(self) -> Record:
        return self.fay.record

    @property
    def workshop(self) -> str:
        return self.fay.session.workshop

    def me(self, name: str) -> str:
        guest: Guest = getattr(self, name)
        return guest.session.me

    def add(self, name: str, kind: str, body: dict[str, Any], *about: tuple[str, str], **more: Any) -> str:
        """Write as one of them, past every page."""
        draft = Draft(self.record.new_id(), kind, self.me(name), body, tuple(about), **more)
        return self.record.append(self.workshop, draft, Actor(self.me(name))).id

    def write(self, name: str, kind: str, text: str, *about: tuple[str, str], **more: Any) -> str:
        return self.add(name, kind, {"text": text, "lang": "en"}, *about, **more)

    def take_back(self, name: str, root: str) -> str:
        return self.add(name, "withdrawal", {}, ("withdraws", root))

    def hide(self, root: str) -> str:
        return self.add("fay", "hide", {}, ("hides", root))

    def erase(self, name: str, root: str) -> str:
        return self.add(name, "erasure", {}, ("erases", root))

    def edit(self, name: str, text: str, before: str) -> str:
        return self.write(name, "edit", text, ("replaces", before))

    def alone(self, element: str, on: bool) -> None:
        self.add("fay", "setting", {"element": element, "alone": on}, how="facilitator")

    def agreed(self) -> dict[str, str]:
        """From what Ada said, by a view, a reading and an understanding, to a proposal and the agreement on it."""
        said = self.write("ada", "utterance", "Nobody asked my mother what a good day is")
        quotes = {"quotes": [{"source": said, "version": said, "start": 0, "end": 19}]}
        view = self.add("bo", "view", {"text": "We do not ask", "holder": "me", **quotes}, ("documents", said))
        reading = self.write("bo", "interpretation", "Asking is left out", ("interprets", view))
        now = self.write("cy", "understanding", "Asking costs little", ("rests-on", reading))
        rule = {"rule": {"code": "talk"}, "levels": "five", "round": 1}
        proposal = self.add("fay", "proposal", {"text": "We ask each time", **rule}, ("rests-on", now))
        end = {"text": "We ask each time", "outcome": "agreed"}
        agreed = self.add("fay", "outcome", end, ("closes", proposal))
        return {"said": said, "view": view, "reading": reading, "now": now, "proposal": proposal, "agreed": agreed}

    def differing(self) -> tuple[str, str]:
        """Two views that differ: Ada's and Bo's."""
        one = self.add("ada", "view", {"text": "Mornings are best", "holder": "me", "holders": [self.me("ada")]})
        body = {"text": "Evenings are best", "holder": "me", "holders": [self.me("bo")]}
        return one, self.add("bo", "view", body, ("differs-from", one))


def sent_to(guest: Guest, page: str, at: str = "") -> str:
    """All that a page gives to this guest's browser: every trait of every component, every message, every paper."""
    guest.said.clear()
    for part in guest.session.shell.parts:
        guest._listen(part)
    guest.session.go(page, at)
    if guest.session.feed:
        guest.session.feed.poll()
    shell = guest.session.shell
    left_out = {"_esm", "_css", "words", "parts", "layout", "comm"}
    states = [{k: v for k, v in part.get_state().items() if k not in left_out} for part in (shell, *shell.parts)]
    papers = [str(part._document) for part in shell.parts if isinstance(part, DocumentPreview)]
    return json.dumps([states, guest.said, papers], ensure_ascii=False, default=str, sort_keys=True)
