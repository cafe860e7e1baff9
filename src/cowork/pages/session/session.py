"""A visit: one browser, one process, one participant. Holds the shell and puts pages into it.

What a browser says is checked here and in the components; who it is rests on a secret that travels only in messages.
Nothing is written for a person before they say yes to taking part.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from cowork import text
from cowork.context import PageContext, Rejected, to_rejection
from cowork.core.access.participant_view import ParticipantView
from cowork.core.card_cache import CardCache
from cowork.core.elements import WHEELS
from cowork.core.errors import CoworkError, RecordError
from cowork.core.fold import State
from cowork.core.ids import is_id, tidy_code
from cowork.feed import Feed
from cowork.pages.kit import on_behalf
from cowork.pages.kit.actions import announce_talk, dispatch
from cowork.pages.kit.allowed_widgets import shown_or_named
from cowork.pages.kit.cards import make_card
from cowork.pages.registry import Page, pages
from cowork.pages.session.credentials import credentials_of, kernel_id, notebook_mark, open_own_record
from cowork.pages.session.navigation import Nav
from cowork.pages.session.return_code import let_back, note_for
from cowork.presence import Presence
from cowork.store import Record, credentials
from cowork.widgets import CardList, Component, Form, Prose, Shell, Submission
from cowork.widgets.batching import batch_updates

log = logging.getLogger("cowork.pages")


#: Pages of the house, in the order in which they stand below the parts.
HOUSE_PAGES = ("start", "setting", "journey", "trace", "report", "choices")

#: Seconds by which the frame (title, counts, invitation) comes after the words that changed it.
SHELL_REFRESH_SECONDS = 0.3

#: Wrong codes that one open page may try in the time of `doors.WINDOW_MS`.
MAX_WRONG_CODES_OF_PAGE = 8


_Found = TypeVar("_Found")


def show(only: str = "", *, record: Record | None = None) -> Any:
    """The workbook as a widget: the whole of it, or `only` one page of it (the way in comes before).

    Where the record cannot be used, the reason in each language: nobody has said yet which one they read.
    """
    try:
        return VisitorSession(only, record=record).shell
    except RecordError as error:
        log.error("the record could not be opened: %s", error)
        said = [{"p": text.translate(error.key, lang, None, **error.values)} for lang in text.LANGS]
        return Prose(blocks=[{"h": text.translate("shell.title"), "level": 1}, *said])


class VisitorSession:
    """One visitor's workbook."""

    def __init__(self, only: str = "", *, record: Record | None = None) -> None:
        self.only = only
        self.record = record or open_own_record()
        self.shell = Shell(
            kernel=kernel_id(),
            base=os.environ.get("VOILA_BASE_URL", ""),
            notebook=notebook_mark() or only,
            title=text.translate("shell.title"),
        )
        self.lang = text.LANGS[0]
        self.workshop = ""
        self.code = ""
        self.me = ""
        self.key = ("", "")  # (participant, secret) as the device holds it; a candidate until known
        self.origin = self.zone = ""
        self.mine: list[dict[str, str]] = []
        self.feed: Feed | None = None
        self._kept = CardCache()
        self._refresh_timer: asyncio.TimerHandle | None = None
        self.presence: Presence | None = None
        self.here: PageContext | None = None
        self.page = ""
        self.asked = ("", "")  # the page and the place in it that an address asked for, until its person is in
        self.previous_page = ""  # the page before: where a scribe goes on when they have chosen whom to write for
        self.writing_for = ""  # whom a scribe writes for on this device now
        self._wrong: list[int] = []  # when wrong codes were tried here
        self._pending_error = ""  # said once more at the front door
        self.source = os.environ.get("COWORK_SOURCE", "")  # whose tries and presses are counted together
        self._coming_back = ("", "")  # (workshop, participant) of a return code, until this device says hello there
        self._stop: Callable[[], None] | None = None
        self.shell.on_message("hello", self.hello)
        self.shell.on_message("go", self.on_navigate)
        self.shell.on_message("lang", self.other_language)
        self.shell.on_message("ping", self.ping)
        self.shell.on_submit(self.replay_unsent)
        # A visit lives as long as its widget does.
        self.shell.session = self

    # ---- coming in

    @batch_updates()
    def hello(self, message: dict[str, Any]) -> None:
        """A browser says who it is and where it wants to be."""
        browser = message.get("browser") or ""
        if self.shell.browser and browser != self.shell.browser:
            return  # JupyterLab shows one cell in two browsers: it stays with whoever was first, and the other is told
        self.shell.browser = browser
        if message.get("lang") in text.LANGS:
            self.lang = message["lang"]
        self.shell.lang = self.lang
        self.key = credentials_of(message.get("key"))
        self.origin, self.zone = message.get("origin", ""), message.get("zone", "")
        self.mine = [m for m in message.get("mine") or [] if isinstance(m, dict)][:8]
        code = message.get("code") or ""
        self.asked = (message.get("page") or "", message.get("at") or "")
        self.shell.note, self._pending_error = self._pending_error, ""
        if not code:
            self._leave()
            self._resume_created()
            self.go(message.get("page") or "front")
            return
        try:
            self._enter(code)
        except CoworkError as error:
            self._leave()
            self.shell.note = to_rejection(error, self.lang).message
            # To the front door, without that code in the address: a workshop opened from there belongs to the key
            # that the device has where no code is.
            self._pending_error = self.shell.note
            self.shell.show_address("", href=self.origin or "?")
            self.shell.request_hello()
            return
        self.go(message.get("page") or self.only or "", message.get("at") or "")

    def _enter(self, code: str) -> None:
        """Find the workshop. A device that is known comes in even while wrong codes are being counted."""
        workshop = ""
        returning, self._coming_back = self._coming_back, ("", "")
        try:
            workshop = self.record.find(code)
            known = credentials.participant_of(self.record, workshop, self.key[1]) if self.key[1] else None
        except CoworkError:
            known = None
        if workshop and workshop == returning[0]:
            let_back(self.record, workshop, returning[1], self.key[1])
            known = returning[1]
            self.shell.note = note_for(self.record.state(workshop), known, self.lang)
        if known is None:
            workshop = self.find(code)
        self._leave()
        self.workshop = workshop
        self.code = tidy_code(code)
        self.me = known or ""
        self.feed = Feed(self.record, workshop)
        self.feed.on_error(self._on_background_error)
        self.presence = Presence(self.record.backend.name, workshop, partial(self.record.wake, workshop))
        self.feed.on_poll(self._count)
        self._stop = self.feed.follow(self._schedule_refresh)
        try:
            self.feed.start()
        except RuntimeError:
            log.info("no event loop: this page does not hear of others by itself")
        if self.me:
            self.shell.remember_workshop(self.code, ParticipantView(self.feed.record.state(workshop), "").title())
        self.shell.scope = self.code
        self.shell.me = self.me or self.key[0]

    def find(self, code: str) -> str:
        """The workshop of a code somebody typed."""
        return self._try(credentials.find_workshop, code)

    def come_back(self, code: str) -> tuple[str, str]:
        """The workshop and the participant of a return code somebody typed."""
        return self._try(credentials.redeem_return_code, code)

    def _try(self, look_up: Callable[[Record, str, str], _Found], code: str) -> _Found:
        """Look up a code of either kind. A page has few wrong tries, a source some more, all together the most."""
        now = self.record.now_ms()
        self._wrong = [at for at in self._wrong if at > now - credentials.WINDOW_MS]
        if len(self._wrong) >= MAX_WRONG_CODES_OF_PAGE:
            raise CoworkError("error.many_tries", n=credentials.WINDOW_MS // 60_000)
        try:
            return look_up(self.record, code, self.source)
        except CoworkError:
            self._wrong.append(now)
            raise

    def _leave(self) -> None:
        if self._stop:
            self._stop()
            self._stop = None
        if self._refresh_timer:
            self._refresh_timer.cancel()
            self._refresh_timer = None
        if self.feed:
            self.feed.stop()
        if self.presence:
            self.presence.leave()
        self.feed = self.presence = None
        self.workshop = self.code = self.me = self.writing_for = ""
        self.shell.scope = "door"
        self.shell.me = self.key[0]

    def _resume_created(self) -> None:
        """A workshop opened from this device whose answer never reached it: tell it again."""
        secret = self.key[1]
        for opened in self.record.openings() if secret else ():
            if credentials.participant_of(self.record, opened.header.workshop, secret) == opened.header.by:
                self.shell.assign_code(str(opened.data.get("code", "")))
                return

    def entered(self, code: str, page: str = "") -> None:
        """The door opens: the device takes the code into its address and says hello again."""
        self.shell.open_workshop(tidy_code(code), page or self.asked[0])

    def opened(self, code: str) -> None:
        """This device has opened a workshop: its key belongs to that code from now on."""
        self.shell.assign_code(tidy_code(code), self.asked[0])

    def come_back_to(self, workshop: str, participant: str) -> None:
        """A return code was right. The device goes to that workshop and says hello with the key it has there."""
        opened = self.record.state(workshop).opened()
        self._coming_back = (workshop, participant)
        self.entered(str(opened.data.get("code", "")) if opened else "")

    def joined(self) -> None:
        """The person said yes, or came back: the page they wanted, or where the group is."""
        self.me = credentials.participant_of(self.record, self.workshop, self.key[1]) or ""
        self.shell.me = self.me
        self.shell.remember_workshop(self.code, ParticipantView(self.record.state(self.workshop), "").title())
        self.shell.note = note_for(self.record.state(self.workshop), self.me, self.lang)
        invite = self._nav().invitation(ParticipantView(self.record.state(self.workshop), self.me))
        page, at = self.asked
        if page in pages() and not pages()[page].before_one_is_in:
            self.go(self.only or page, at)
        else:
            self.go(self.only or (invite or {}).get("page") or "intention")

    def left(self) -> None:
        """The person has stopped taking part: the way in again."""
        self.asked = ("", "")
        self.go("join")

    # ---- moving about

    def on_navigate(self, message: dict[str, Any]) -> None:
        """A link was pressed. A place in the page that is open is shown in it; anything else makes a page."""
        page, at = message.get("page", ""), message.get("at", "")
        if page == self.page and is_id(at) and self.here and self.here.show_place and self.here.show_place(at):
            return
        if page == self.page and self.here and at == self.here.at == "":
            return  # the page is open: making it anew would take it from under somebody who has begun to write
        self.go(page, at)

    def go(self, page: str, at: str = "") -> None:
        """Go to a page. A press that asked for it has its answer first.

        A form that closes in the middle of an answer takes it along: the device would keep its draft for good, or send
        the press again later, to whatever page is open then.
        """
        if any(part.answering for part in self.shell.parts if isinstance(part, Component)):
            self._soon(lambda: self._show(page, at))
        else:
            self._show(page, at)

    def _show(self, page: str, at: str) -> None:
        """Put a page into the shell. Only its components exist; those of the page before are closed."""
        known = pages()
        wanted = known.get(page)
        if not self.workshop:
            wanted = wanted if wanted and wanted.front else known["front"]
        elif not self._in():
            wanted = known["join"]
        elif wanted is None or wanted.before_one_is_in:
            wanted = known[self.only] if self.only in known else known["intention"]
        if self.only and self._in() and wanted.key != self.only:
            wanted = known[self.only]
        if self.page in known and self.page != "people" and not known[self.page].before_one_is_in:
            self.previous_page = self.page
        self.page = wanted.key
        at = at if is_id(at) else ""
        before, self.here = self.here, self._make_here(wanted, at)
        old = self.shell.parts
        with batch_updates():
            parts = self._make(wanted, self.here)
            if before:
                before.dispose()
            self._refresh_shell()
            self.shell.parts = tuple(parts)
            self.shell.place = self._nav().place()
            self.shell.ready = True
        self.shell.show_address(**self._stands_at(wanted, page, at))
        for part in old:
            part.close()
        self._present()

    def _stands_at(self, shown: Page, asked: str, at: str) -> dict[str, str]:
        """What the address says. On the way in it keeps what was asked for, so that a reload still leads there."""
        known = pages()
        if shown.before_one_is_in and asked in known and not known[asked].before_one_is_in:
            return {"page": asked, "at": at}
        return {"page": shown.key if self.workshop else "", "at": at}

    def _in(self, state: State | None = None) -> bool:
        return bool(self.me) and (state or self.record.state(self.workshop)).takes_part(self.me)

    def _make_here(self, page: Page, at: str, *, unseen: bool = False) -> PageContext:
        feed = self.feed if self.workshop else None
        return PageContext(
            self.record,
            self.workshop,
            self.me,
            self.lang,
            feed=feed,
            page=page.key,
            at=at,
            session=self,
            unseen=unseen,
            writing_for=self._written_for(),
        )

    def _written_for(self) -> str:
        """Whom this scribe writes for, as long as they may: a role can be taken away while a page is open."""
        if not (self.writing_for and self.workshop and self.me):
            return ""
        return self.writing_for if ParticipantView(self.record.state(self.workshop), self.me).scribe else ""

    def write_for(self, participant: str) -> None:
        """From now on, what is written on this device is entered for this person; "" ends it."""
        self.writing_for = participant
        self._refresh_shell()

    def _soon(self, what: Callable[[], object]) -> None:
        try:
            asyncio.get_running_loop().call_soon(what)
        except RuntimeError:  # no loop: a script, not a page
            what()

    def _make(self, page: Page, context: PageContext) -> list[Any]:
        try:
            parts = [shown_or_named(page.key, part, self.lang) for part in page.make(context)]
        except Exception as error:  # the other pages go on working
            log.error("the page %s stopped", page.key, exc_info=error)
            context.dispose()
            words = text.translate("error.page", self.lang)
            parts = [Prose(blocks=[{"h": words, "level": 1}])]
        if context.writing_for and not context.unseen and page.key != "people":
            parts.insert(0, on_behalf.banner(context))
        for part in parts:
            if isinstance(part, Component):
                part.lang, part.scope, part.me = self.lang, self.shell.scope, self.shell.me
                part.notebook = self.shell.notebook
                if isinstance(part, Form) and part.box == Form.box.default_value:
                    part.box = page.key  # its drafts and unsent words find their way back by it
                if context.writing_for and not getattr(part, "box", "").startswith("people"):
                    part.voice = context.writing_for
                    if isinstance(part, Form):  # a draft for one person is never shared in the name of another
                        part.box = f"{part.box}@{context.writing_for}"
                if isinstance(part, CardList):
                    part.make_cards_by(lambda found: make_card(context, context.view, found))
                    if not part.has_submit_handler:
                        part.on_submit(self.act)
        if walls := [part for part in parts if isinstance(part, CardList)]:
            context.follow(partial(announce_talk, context, walls))
        return parts

    def replay_unsent(self, submission: Submission) -> str | None:
        """Words kept on a device for a page that is not open now: the page that takes them is asked, unseen."""
        if not self._in_or_refuse():
            return None
        page = pages().get(re.split("[:@]", submission.box)[0])
        if page is None or page.front or submission.box.startswith("act:"):
            return self.act(submission)
        context = self._make_here(page, "", unseen=True)
        context.writing_for = str(submission.choices.get("for", ""))
        parts = self._make(page, context)
        try:
            taker = next(
                (p for p in parts if isinstance(p, Form) and p.box == submission.box and p.has_submit_handler),
                None,
            )
            if taker is None:
                return self.act(submission)
            answer = taker.submit(submission)
            return answer if isinstance(answer, str) else None
        finally:
            context.dispose()
            for part in parts:
                part.close()

    def act(self, submission: Submission) -> str | None:
        """A press on a card."""
        if self.here is None:
            raise RuntimeError("no page is open")
        return dispatch(self.here, submission)

    def _in_or_refuse(self) -> bool:
        if not (self.workshop and self._in()):
            raise Rejected(text.translate("error.no_consent", self.lang))
        return True

    # ---- what stands round every page

    def other_language(self, message: dict[str, Any]) -> None:
        """Another language for this person: the page is made again in it, and nobody else notices."""
        if message.get("lang") in text.LANGS:
            self.lang = message["lang"]
            self.shell.lang = self.lang
            self.go(self.page, self.here.at if self.here else "")

    def ping(self, message: dict[str, Any]) -> None:
        self._present()  # the shell has answered already

    def _present(self) -> None:
        """This person has the page open, or takes part no longer. Pings are too rare to wait for at a move."""
        if self.presence is None:
            return
        state = self.record.held(self.workshop)  # a ping is no reason to read
        if self.me and state and state.takes_part(self.me):
            self.presence.ping(self.me)
            self._count()
        else:
            self.presence.leave()

    def _count(self) -> None:
        if self.presence and not self.shell.front:
            self.shell.people = self.presence.count()

    def _on_background_error(self, error: BaseException | None) -> None:
        if isinstance(error, RecordError):  # the file is moved, damaged, full: whoever can help must know which
            self.shell.note = to_rejection(error, self.lang).message
        else:
            self.shell.note = text.translate("shell.error_background", self.lang) if error else ""

    def _schedule_refresh(self, state: State) -> None:
        """The frame after what stands in it: while thirty pages are told of a new text, nobody waits for a count."""
        if self._refresh_timer is None and self.feed:
            self._refresh_timer = self.feed.call_later(
                SHELL_REFRESH_SECONDS if self.shell.ready else 0, self._refreshed
            )

    def _refreshed(self) -> None:
        self._refresh_timer = None
        self._refresh_shell()

    def _refresh_shell(self, state: State | None = None) -> None:
        """Title, code, parts and invitation, as this person may see them now."""
        shell, nav = self.shell, self._nav()
        with shell.hold_sync():
            shell.front = not self.workshop or not self._in(state)
            if not self.workshop:
                shell.title, shell.code, shell.nav, shell.more_nav, shell.invite = (
                    text.translate("shell.title", self.lang),
                    "",
                    [],
                    [],
                    {},
                )
                return
            seen = ParticipantView(state or self.record.state(self.workshop), self.me)
            shell.title = seen.title()
            shell.code = self.code
            written = self._written(seen)
            shell.nav = [] if shell.front or self.only else [nav.wheel(wheel, written) for wheel in WHEELS]
            house = [] if self.only or shell.front else [*HOUSE_PAGES, *(["people"] if seen.scribe else [])]
            shell.more_nav = [nav.link(key) for key in house if key in nav.known]
            shell.invite = {} if shell.front or self.only else self._nav().invitation(seen) or {}

    def _written(self, view: ParticipantView) -> Counter[str]:
        """How much stands in each part, for this person."""

        def element(root: str) -> str:
            found = view.of_id(root)
            return found.element if found and found.standing == "here" and found.written else ""

        kept = partial(self._kept.of, view.state)
        return Counter(kept(root, ("element", self.me), partial(element, root)) for root in view.first_ids())

    def _nav(self) -> Nav:
        return Nav(pages(), self.code, self.page, self.lang)
