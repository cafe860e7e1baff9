"""What is around every page: the title, the parts with their counts, the invitation, and how many people are here."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from functools import partial

from cowork import text
from cowork.context import to_rejection
from cowork.core.access.participant_view import ParticipantView
from cowork.core.access.permissions import has_device
from cowork.core.card_cache import CardCache
from cowork.core.elements import WHEELS
from cowork.core.errors import RecordError
from cowork.core.fold import State
from cowork.feed import Feed
from cowork.pages.session.visitor import Visitor
from cowork.presence import Presence

log = logging.getLogger("cowork.pages")

#: Pages that show no element, in the order in which they are listed below the parts.
HOUSE_PAGES = ("start", "setting", "journey", "trace", "report", "choices")

#: Seconds after which title, counts and invitation follow the words that changed them.
SHELL_REFRESH_SECONDS = 0.3


def here_lines(view: ParticipantView, presence: Presence, lang: str) -> list[str]:
    """Who has the workshop open now, by the names they use inside the group, and who takes part without a device."""
    state = view.state
    everyone = state.participants()
    online = presence.present(everyone)
    away = [person for person in everyone if person not in online and not has_device(state, person)]
    found = []
    for those, named, unnamed in (
        (online, "here.online", "here.online_unnamed"),
        (away, "here.no_device", "here.no_device_unnamed"),
    ):
        people = [person for person in those if state.takes_part(person)]
        names = sorted(filter(None, map(view.name_of, people)), key=str.casefold)
        if names:
            found.append(text.translate(named, lang, names=", ".join(names)))
        if len(people) > len(names):
            found.append(text.translate(unnamed, lang, n=len(people) - len(names)))
    return found


class Frame:
    """Keeps the shell true to the record, and this person counted while their page is open."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._cache = CardCache()
        self._timer: asyncio.TimerHandle | None = None
        self._presence: Presence | None = None
        self._told_here: tuple[object, ...] = ()  # what the lines of who is here were last made from
        self._stop: Callable[[], None] = lambda: None

    def start(self, feed: Feed) -> None:
        """Follow a workshop."""
        record, workshop = self._visitor.record, feed.workshop
        feed.on_error(self._show_error)
        self._presence = Presence(record.backend.name, workshop, partial(record.notify, workshop))
        self._told_here = ()
        feed.on_poll(self._count)
        self._stop = feed.follow(self._schedule_refresh)
        try:
            feed.start()
        except RuntimeError:
            log.info("no event loop: this page does not hear of others by itself")

    def stop(self) -> None:
        """Follow no workshop any more."""
        self._stop()
        self._stop = lambda: None
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._visitor.feed:
            self._visitor.feed.stop()
        if self._presence:
            self._presence.leave()
        self._presence = None

    # ---- people

    def update_presence(self) -> None:
        """This person has the page open, or takes part no longer. Pings are too rare to wait for at a move."""
        if self._presence is None:
            return
        visitor = self._visitor
        state = visitor.record.cached_state(visitor.workshop)  # a ping is no reason to read
        if state is None or not visitor.takes_part(state):
            self._presence.leave()
            return
        if self._presence.ping(visitor.me, visitor.page) and visitor.view(state).current_invite():
            visitor.record.notify(visitor.workshop)  # whoever has invited everyone sees who comes
        self._count()

    def _count(self) -> None:
        """Set who has this open now, and how many have come to where they are invited."""
        visitor, shell = self._visitor, self._visitor.shell
        state = visitor.record.cached_state(visitor.workshop)
        if self._presence is None or shell.front or state is None:
            return
        with shell.hold_sync():  # each of thirty pages hears of each who comes: in one message
            shell.people = self._presence.count()
            self._name_people(state, entries=False)
            if shell.invite.get("stop"):
                shell.invite = {**shell.invite, "came": self._who_came(shell.invite["page"])}

    def _name_people(self, state: State, *, entries: bool) -> None:
        """Say who is here, where somebody came or left, or where `entries` count and there are new ones.

        Every poll counts people. What entries say of them (a name, a device) follows with the title, a moment later.
        """
        if self._presence is None:
            return
        lang = self._visitor.lang
        people, applied = self._presence.people(), len(state.applied_ids)
        if self._told_here[:2] == (people, lang) and (not entries or self._told_here[2] == applied):
            return
        self._visitor.shell.here = here_lines(self._visitor.view(state), self._presence, lang)
        self._told_here = (people, lang, applied)

    def _who_came(self, page: str) -> str:
        if self._presence is None:
            return ""
        came, online = self._presence.count_at(page), self._presence.count()
        return text.translate("invite.came", self._visitor.lang, n=came, N=online)

    # ---- title, parts, invitation

    def _show_error(self, error: BaseException | None) -> None:
        shell, lang = self._visitor.shell, self._visitor.lang
        if isinstance(error, RecordError):  # the file is moved, damaged, full: whoever can help must know which
            shell.note = to_rejection(error, lang).message
        else:
            shell.note = text.translate("shell.error_background", lang) if error else ""

    def _schedule_refresh(self, state: State) -> None:
        """Refresh after the pages: while thirty of them are told of a new text, nobody waits for a count."""
        visitor = self._visitor
        if self._timer is None and visitor.feed:
            wait = SHELL_REFRESH_SECONDS if visitor.shell.ready else 0
            self._timer = visitor.feed.call_later(wait, self._refresh_now)

    def _refresh_now(self) -> None:
        self._timer = None
        self.refresh()

    def refresh(self) -> None:
        """Set title, code, parts and invitation to what this person may see now."""
        visitor = self._visitor
        shell = visitor.shell
        with shell.hold_sync():
            shell.front = not visitor.workshop or not visitor.takes_part()
            if not visitor.workshop:
                shell.title, shell.code = text.translate("shell.title", visitor.lang), ""
                shell.nav, shell.more_nav, shell.invite, shell.may_invite = [], [], {}, False
                return
            view, nav = visitor.view(), visitor.nav()
            shell.title = view.title()
            shell.code = visitor.code
            if not shell.front:
                self._name_people(view.state, entries=True)
            written = self._count_written(view)
            linked = not (shell.front or visitor.only)
            shell.nav = [nav.wheel(wheel, written) for wheel in WHEELS] if linked else []
            house = [*HOUSE_PAGES, *(["people"] if view.is_scribe else [])] if linked else []
            shell.more_nav = [nav.link(key) for key in house if key in nav.known]
            page = nav.known.get(visitor.page)  # None until the first page is shown
            shell.may_invite = bool(linked and view.is_facilitator and page and page.is_for_everyone)
            invited = nav.invitation(view) if linked else None
            if invited and invited["stop"]:
                invited["came"] = self._who_came(invited["page"])
            shell.invite = {**invited} if invited else {}

    def _count_written(self, view: ParticipantView) -> Counter[str]:
        """How much was written in each element, as its page counts it for this person."""

        def element(root: str) -> str:
            found = view.of_id(root)
            return found.element if found and found.is_written else ""

        cached = partial(self._cache.get, view.state)
        me = self._visitor.me
        return Counter(cached(root, ("element", me), partial(element, root)) for root in view.first_ids())
