"""One visitor's session: one browser, one process, one participant. It owns the shell and puts pages into it.

Each job has a module of its own: `visitor` (what is known), `entrance` (who it is), `frame` (what is around every
page), `page_parts` (making a page), `replay` (words kept on a device). Here they meet: hello and moving about.
Nothing is written for a person before they say yes to taking part.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from cowork import text
from cowork.context import PageContext, Rejected, to_rejection
from cowork.core.entries import Draft
from cowork.core.errors import CoworkError, RecordError
from cowork.core.ids import is_id, normalise_workshop_code
from cowork.feed import Feed
from cowork.pages.kit import on_behalf
from cowork.pages.registry import Page, pages
from cowork.pages.session.credentials import credentials_of
from cowork.pages.session.entrance import Entrance
from cowork.pages.session.frame import Frame
from cowork.pages.session.page_parts import make_page
from cowork.pages.session.replay import replay_unsent
from cowork.pages.session.return_code import return_note
from cowork.pages.session.visitor import Visitor
from cowork.store import Record
from cowork.widgets import Component, Prose, Submission
from cowork.widgets.batching import batch_updates
from cowork.widgets.types import Message

log = logging.getLogger("cowork.pages")


def show(only: str = "", *, record: Record | None = None) -> Any:
    """The workbook as a widget: the whole of it, or `only` one page of it (the way in comes before).

    Where the record cannot be used, the reason in each language: nobody has said yet which one they read.
    """
    try:
        return VisitorSession(only, record=record).shell
    except RecordError as error:
        log.error("the record could not be opened: %s", error)
        reasons = [{"p": text.translate(error.key, lang, None, **error.values)} for lang in text.LANGS]
        return Prose(blocks=[{"h": text.translate("shell.title"), "level": 1}, *reasons])


class VisitorSession(Visitor):
    """One visitor's workbook. Pages reach it as `context.session`, as far as `context.Navigator` says."""

    def __init__(self, only: str = "", *, record: Record | None = None) -> None:
        super().__init__(only, record=record)
        self.entrance = Entrance(self)
        self.frame = Frame(self)
        self.context: PageContext | None = None
        self.requested = ("", "")  # the page and the place in it that an address asked for, until its person is in
        self._greets = False  # whoever has just joined reads a line of welcome above their first page
        self._pending_error = ""  # shown once more on the landing page
        self.shell.on_message("hello", self.hello)
        self.shell.on_message("go", self.on_navigate)
        self.shell.on_message("lang", self.change_language)
        self.shell.on_message("invite", self.invite_everyone)
        self.shell.on_message("stop-writing", lambda message: self.stop_writing_for())
        self.shell.on_message("ping", lambda message: self.frame.update_presence())  # the shell has answered already
        self.shell.on_submit(self.replay_unsent)
        # A session lives as long as its widget does.
        self.shell.session = self

    # ---- coming in

    @batch_updates()
    def hello(self, message: Message) -> None:
        """A browser says who it is and where it wants to be."""
        browser = message.get("browser") or ""
        if self.shell.browser and browser != self.shell.browser:
            return  # JupyterLab shows one cell in two browsers: it stays with whoever was first, and the other is told
        self.shell.browser = browser
        self._read_claims(message)
        code = message.get("code") or ""
        self.shell.note, self._pending_error = self._pending_error, ""
        if not code:
            self._leave()
            if created := self.entrance.created_code():
                self.shell.assign_code(created)
            self.go(message.get("page") or "front")
            return
        try:
            self._enter(code)
        except CoworkError as error:
            self._leave()
            self.shell.note = to_rejection(error, self.lang).message
            # To the landing page, without that code in the address: a workshop created from there belongs to the key
            # that the device has where no code is.
            self._pending_error = self.shell.note
            self.shell.show_address("", href=self.origin or "?")
            self.shell.request_hello()
            return
        self.go(message.get("page") or self.only or "", message.get("at") or "")

    def _read_claims(self, message: Message) -> None:
        if message.get("lang") in text.LANGS:
            self.lang = message["lang"]
        self.shell.lang = self.lang
        self.credentials = credentials_of(message.get("key"))
        self.origin, self.zone = message.get("origin", ""), message.get("zone", "")
        self.remembered_workshops = [found for found in message.get("mine") or [] if isinstance(found, dict)][:8]
        self.requested = (message.get("page") or "", message.get("at") or "")

    def _enter(self, code: str) -> None:
        workshop, participant = self.entrance.admit(code)
        self._leave()
        self.workshop = workshop
        self.code = normalise_workshop_code(code)
        self.me = participant
        self.feed = Feed(self.record, workshop)
        self.frame.start(self.feed)
        if self.me:
            self.shell.remember_workshop(self.code, self.title())
        self.shell.scope = self.code
        self.shell.me = self.me or self.credentials[0]

    def _leave(self) -> None:
        self.frame.stop()
        self.feed = None
        self.workshop = self.code = self.me = self.writing_for = ""
        self.shell.scope = "door"
        self.shell.me = self.credentials[0]

    # ---- what a page asks for (`context.Navigator`)

    def find_workshop(self, code: str) -> str:
        return self.entrance.find_workshop(code)

    def redeem_return_code(self, code: str) -> tuple[str, str]:
        return self.entrance.redeem_return_code(code)

    def enter_workshop(self, code: str) -> None:
        self.shell.open_workshop(normalise_workshop_code(code), self.requested[0])

    def enter_as(self, workshop: str, participant: str) -> None:
        """Let the device go to that workshop, where it says hello with the key it has there."""
        opened = self.record.state(workshop).opening_entry()
        self.entrance.expect(workshop, participant)
        self.enter_workshop(str(opened.data.get("code", "")) if opened else "")

    def announce_created(self, code: str) -> None:
        self.shell.assign_code(normalise_workshop_code(code), self.requested[0])

    def confirm_joined(self) -> None:
        """The person said yes, or came back: show the page they wanted, or where the group is."""
        self.me = self.entrance.participant()
        self.shell.me = self.me
        self.shell.remember_workshop(self.code, self.title())
        self.shell.note = return_note(self.record.state(self.workshop), self.me, self.lang)
        invite = self.nav().invitation(self.view())
        self._greets = True
        page, at = self.requested
        if page in pages() and not pages()[page].before_one_is_in:
            self.go(self.only or page, at)
        else:
            self.go(self.only or (invite["page"] if invite else "intention"))

    def confirm_left(self) -> None:
        self.requested = ("", "")
        self.go("join")

    def forget_device(self) -> None:
        self.shell.forget_workshop(self.code)

    def speak(self, words: str) -> None:
        self.shell.announce(words)

    def write_for(self, participant: str) -> None:
        self.writing_for = participant
        self.frame.refresh()

    def stop_writing_for(self) -> None:
        """End writing for somebody, and show the same page for oneself."""
        self.write_for("")
        self.go(self.page, self.context.at if self.context else "")

    def invite_everyone(self, message: Message) -> None:
        """A facilitator invites everyone to a page, or ends the invitation that they see (`ends`)."""
        page, ends = pages().get(message["page"]), message["ends"]
        if self.context is None or not (ends or (page and page.is_for_everyone)):
            return
        body = {"page": "", "ends": ends} if ends else {"page": message["page"]}
        try:
            self.context.append_draft(Draft(self.record.new_id(), "invite", self.me, body, how="facilitator"))
        except CoworkError as error:
            self.shell.note = to_rejection(error, self.lang).message

    # ---- moving about

    def on_navigate(self, message: Message) -> None:
        """A link was pressed. A place in the page that is open is shown in it; anything else makes a page."""
        page, at = message.get("page", ""), message.get("at", "")
        context = self.context
        if page == self.page and is_id(at) and context and context.show_place and context.show_place(at):
            return
        if page == self.page and context and at == context.at == "":
            return  # the page is open: making it anew would take it from under somebody who has begun to write
        self.go(page, at)

    def change_language(self, message: Message) -> None:
        """Another language for this person: the page is made again in it, and nobody else notices."""
        if message.get("lang") in text.LANGS:
            self.lang = message["lang"]
            self.shell.lang = self.lang
            self.go(self.page, self.context.at if self.context else "")

    def go(self, page: str, at: str = "") -> None:
        """Go to a page. A press that asked for it has its answer first.

        A form that closes in the middle of an answer takes it along: the device would keep its draft for good, or send
        the press again later, to whatever page is open then.
        """
        if any(part.answering for part in self.shell.parts if isinstance(part, Component)):
            self._call_soon(lambda: self._show(page, at))
        else:
            self._show(page, at)

    def _call_soon(self, call: Callable[[], object]) -> None:
        try:
            asyncio.get_running_loop().call_soon(call)
        except RuntimeError:  # no loop: a script, not a page
            call()

    def _show(self, asked: str, at: str) -> None:
        """Put a page into the shell. Only its components exist; those of the page before are closed."""
        known = pages()
        page = self._page_for(asked)
        if self.page in known and self.page != "people" and not known[self.page].before_one_is_in:
            self.previous_page = self.page
        self.page = page.key
        at = at if is_id(at) else ""
        before, self.context = self.context, self._make_context(page.key, at)
        old = self.shell.parts
        with batch_updates():
            parts = make_page(self, page, self.context)
            if before:
                before.dispose()
            self.frame.refresh()
            self.shell.parts = tuple(parts)
            self.shell.place = self.nav().place()
            self.shell.writing_for = on_behalf.reminder(self.context)
            self.shell.welcome = self.nav().welcome(self.view()) if self._greets else ""
            self._greets = False
            self.shell.ready = True
        self.shell.show_address(**self._address_of(page, asked, at))
        for part in old:
            part.close()
        self.frame.update_presence()

    def _page_for(self, asked: str) -> Page:
        """The page this visitor is shown when they ask for one: outside only the way in, inside never that."""
        known = pages()
        page = known.get(asked)
        if not self.workshop:
            return page if page and page.front else known["front"]
        if not self.takes_part():
            page = known["join"]
        elif page is None or page.before_one_is_in:
            page = known[self.only] if self.only in known else known["intention"]
        if self.only and self.takes_part() and page.key != self.only:
            page = known[self.only]
        return page

    def _address_of(self, shown: Page, asked: str, at: str) -> dict[str, str]:
        """What the address says. On the way in it keeps what was asked for, so that a reload still leads there."""
        known = pages()
        if shown.before_one_is_in and asked in known and not known[asked].before_one_is_in:
            return {"page": asked, "at": at}
        return {"page": shown.key if self.workshop else "", "at": at}

    def _make_context(self, page: str, at: str = "") -> PageContext:
        return PageContext(
            self.record,
            self.workshop,
            self.me,
            self.lang,
            feed=self.feed if self.workshop else None,
            page=page,
            at=at,
            session=self,
            writing_for=self._may_write_for(),
        )

    def _may_write_for(self) -> str:
        """Whom this scribe writes for, as long as they may: a role can be taken away while a page is open."""
        if not (self.writing_for and self.workshop and self.me):
            return ""
        return self.writing_for if self.view().is_scribe else ""

    # ---- words kept on the device

    def replay_unsent(self, submission: Submission) -> str | bool | None:
        """Write words that this device kept for a page that is not open now."""
        if not (self.workshop and self.takes_part()):
            raise Rejected(text.translate("error.no_consent", self.lang))
        return replay_unsent(self._make_context, self.page, submission)
