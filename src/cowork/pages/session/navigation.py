"""The list of elements and pages beside every page, as links."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from cowork import text
from cowork.core.access.participant_view import ParticipantView
from cowork.core.elements import WHEELS, wheel_of
from cowork.core.entries import Entry
from cowork.pages.registry import Page
from cowork.widgets.types import Invite, NavLink, NavWheel

#: An invitation older than this is history and no longer shown to those who come.
INVITE_MS = 2 * 60 * 60 * 1000


@dataclass(frozen=True)
class Nav:
    """The pages there are, as one person sees them from the page `current`."""

    known: dict[str, Page]
    code: str
    current: str
    lang: str

    def wheel(self, wheel: str, written: Counter[str]) -> NavWheel:
        """One wheel: its two parts, each followed by the pages that stand beside it.

        `half` says where a part stands in the picture; which place it has in the list does not, with a page between.
        """
        found: list[NavLink] = []
        halves = dict(zip(WHEELS[wheel], ("top", "bottom"), strict=True))
        for part in (*WHEELS[wheel], *(["agreement"] if wheel == "agreement" and "agreement" in self.known else [])):
            if part in self.known:
                link = self.link(part)
            else:
                link = {"key": part, "name": text.translate(f"{part}.link", self.lang), "href": "", "here": False}
            link["note"] = text.translate("common.wrote", self.lang, n=written[part]) if written[part] else ""
            link["written"] = bool(written[part])
            link["half"] = halves.get(part, "")
            found.append(link)
            found += [self.link(key) for key, page in self.known.items() if page.beside == part]
        return {"wheel": wheel, "name": text.translate(f"{WHEELS[wheel][0]}.outcome", self.lang), "parts": found}

    def link(self, key: str) -> NavLink:
        page = self.known[key]
        href = f"?w={self.code}&page={key}"
        return {"key": key, "name": page.name(self.lang), "href": href, "here": key == self.current, "note": ""}

    def place(self) -> dict[str, str]:
        """Where the reader is, for the head of the list."""
        page = self.known[self.current]
        part = page.part or page.beside
        name, plain = page.name(self.lang), page.plain(self.lang)
        return {"key": page.key, "link": name, "plain": plain, "wheel": wheel_of(part) if part else ""}

    def invitation(self, view: ParticipantView) -> Invite | None:
        """Where a facilitator has invited everyone to, in words; None where nobody has, or it was long ago."""
        entry = view.current_invite()
        if entry is None or time.time() * 1000 - entry.header.at_ms > INVITE_MS:
            return None
        page = self.known.get(str(entry.data.get("page", "")))
        if page is None or not page.is_for_everyone:
            return None
        found = self.link(page.key)
        return {
            "id": entry.id,
            "text": self._words_of(view, entry, found["name"]),
            "page": page.key,
            "href": found["href"],
            "here": found["here"],
            "stop": view.is_facilitator,
            "came": "",
        }

    def _words_of(self, view: ParticipantView, entry: Entry, page: str) -> str:
        if entry.header.by == view.viewer:
            return text.translate("invite.mine", self.lang, page=page)
        who = view.name_of(entry.header.by) or text.translate("who.facilitator", self.lang)
        return text.translate("common.invite", self.lang, name=who[:1].upper() + who[1:], page=page)

    def welcome(self, view: ParticipantView) -> str:
        """A line for whoever has just joined: who leads this, and where everyone is invited now."""
        state = view.state
        leads = [person for person in state.participants() if "facilitator" in state.roles(person)]
        name = next(filter(None, map(view.name_of, leads)), "")
        led = (
            text.translate("welcome.led", self.lang, name=name) if name else text.translate("welcome.plain", self.lang)
        )
        lines = [led]
        if invited := self.invitation(view):
            page = self.known[invited["page"]].name(self.lang)
            lines.append(text.translate("welcome.where", self.lang, page=page))
        return " ".join(lines)
