"""The visitor of one open workbook: their device, their workshop and their page. Every other part reads it."""

from __future__ import annotations

import os

from cowork import text
from cowork.core.access.participant_view import ParticipantView
from cowork.core.fold import State
from cowork.feed import Feed
from cowork.pages.registry import pages
from cowork.pages.session.credentials import kernel_id, notebook_mark, open_own_record
from cowork.pages.session.navigation import Nav
from cowork.store import Record
from cowork.widgets import Shell


class Visitor:
    """What a session knows of one browser in one process. It decides nothing."""

    def __init__(self, only: str = "", *, record: Record | None = None) -> None:
        self.only = only
        self.record = record or open_own_record()
        self.shell = Shell(
            kernel=kernel_id(),
            base=os.environ.get("VOILA_BASE_URL", ""),
            notebook=notebook_mark() or only,
            title=text.translate("shell.title"),
        )
        self.source = os.environ.get("COWORK_SOURCE", "")
        # As the browser states it:
        self.lang = text.LANGS[0]
        self.credentials = ("", "")
        self.origin = self.zone = ""
        self.remembered_workshops: list[dict[str, str]] = []
        # Inside a workshop:
        self.workshop = self.code = self.me = ""
        self.feed: Feed | None = None
        self.page = ""
        self.previous_page = ""  # where a scribe goes on when they have chosen whom to write for
        self.writing_for = ""

    @property
    def served(self) -> bool:
        return bool(self.shell.base)

    def takes_part(self, state: State | None = None) -> bool:
        """True where this visitor has said yes to taking part, and has not stopped."""
        return bool(self.me) and (state or self.record.state(self.workshop)).takes_part(self.me)

    def view(self, state: State | None = None) -> ParticipantView:
        """The workshop as this visitor may see it now."""
        return ParticipantView(state or self.record.state(self.workshop), self.me)

    def title(self) -> str:
        """The title of the workshop, as everybody may read it."""
        return ParticipantView(self.record.state(self.workshop), "").title()

    def nav(self) -> Nav:
        """The links to every page, from the page that is open."""
        return Nav(pages(), self.code, self.page, self.lang)
