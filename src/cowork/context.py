"""The context of a page: one person, one workshop, one language, one place in it, and the ways to read and write."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar, cast

from cowork import text
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.card_cache import CardCache
from cowork.core.elements import ANSWER_FIELDS, ELEMENT_OF, FIDELITIES, is_contribution
from cowork.core.entries import Ack, Actor, Draft, Entry
from cowork.core.errors import CoworkError, InvalidEntry, NotAllowed
from cowork.core.fold import State
from cowork.core.ids import is_id
from cowork.core.provenance import holders_of
from cowork.feed import Feed
from cowork.store import Record
from cowork.widgets import Rejected, Submission
from cowork.widgets.batching import batch_updates
from cowork.widgets.submission import describe_error

#: Changes reach a page at once, then at most this often.
MIN_REFRESH_SECONDS = 0.1

#: Actions that come from a card and not from a page's own form.
CARD_ACTIONS = frozenset(
    {
        "edit",
        "withdrawal",
        "restore",
        "erasure",
        "hide",
        "show",
        "utterance",
        "talked",
        "invite",
        "link",
        *ANSWER_FIELDS,
    }
)

#: Relations a person may state from a card. Others belong to a page's own form.
CARD_RELATIONS = frozenset({"from", "meets-need", "used-in", "went-unused", "holds", "differs-from", "builds-on"})

#: Relations of actions on words that somebody wrote.
AUTHOR_RELATIONS = ("replaces", "withdraws", "erases")

#: What a new wording keeps of the one before, unless the page says otherwise.
INHERITED_FIELDS = (
    "shown",
    "field",
    "scope",
    "sort",
    "for",
    "holder",
    "who",
    "names",
    "quotes",
    "unwritten",
    "on",
    "outcome",
)

_KEY = re.compile(r"^[a-z_]+(\.[a-z0-9_]+)+$")

_PageState = TypeVar("_PageState")


class Navigator(Protocol):
    """What a page may ask of the session it is open in. `pages.session` provides it; this floor does not know how."""

    code: str  # of the workshop
    only: str  # the one page this session shows, "" where it shows them all
    origin: str  # the address by which this browser found the workbook, without a query
    zone: str  # the time zone the browser states
    source: str  # whose tries and presses are counted together
    credentials: tuple[str, str]  # (participant, secret) as the device states them: a claim until it is checked
    remembered_workshops: list[dict[str, str]]  # {code, title}: claims of the device
    previous_page: str
    writing_for: str  # whom a scribe writes for on this device now

    @property
    def served(self) -> bool:
        """True where a server shows this page, False in a notebook of somebody's own."""

    def go(self, page: str, at: str = "") -> None:
        """Go to a page, and to a place in it."""

    def speak(self, words: str) -> None:
        """Let a screen reader say this, politely."""

    def write_for(self, participant: str) -> None:
        """Enter what is written on this device for this person from now on; "" ends it."""

    def find_workshop(self, code: str) -> str:
        """The workshop of a typed code. Counts wrong tries."""

    def redeem_return_code(self, code: str) -> tuple[str, str]:
        """The workshop and the participant of a typed return code. Counts wrong tries."""

    def enter_workshop(self, code: str) -> None:
        """Let the device go to this workshop and say hello there."""

    def enter_as(self, workshop: str, participant: str) -> None:
        """Let the device go to this workshop as this participant, whose return code was right."""

    def announce_created(self, code: str) -> None:
        """Tell the device that its key belongs to the workshop it has just created."""

    def confirm_joined(self) -> None:
        """The person takes part now: show the page they wanted."""

    def confirm_left(self) -> None:
        """The person takes part no longer: show the join page."""

    def forget_device(self) -> None:
        """Let this device forget the person: its key, drafts, unsent words and private answers."""


class PageContext:
    """One page open for one person. Disposed of when the page is left."""

    def __init__(
        self,
        record: Record,
        workshop: str,
        me: str,
        lang: str,
        *,
        feed: Feed | None = None,
        page: str = "",
        at: str = "",
        session: Navigator,
        writing_for: str = "",
    ) -> None:
        self.record = record
        self.workshop = workshop
        self.me = me
        self.lang = lang
        self.page = page
        self.at = at
        self.session = session
        self.writing_for = writing_for  # whom a scribe writes for now; "" for oneself
        #: Set by a page that can show a place in it without being made anew.
        self.show_place: Callable[[str], bool] | None = None
        self.feed = feed or Feed(record, workshop)
        self.cache = CardCache()  # cards and what they are made of, for this reader on this page
        self._page_state: dict[type, object] = {}
        self._redraws: list[Callable[[], None]] = []
        self._stops: list[Callable[[], None]] = []

    # ---- words

    def t(self, key: str, /, n: int | None = None, **values: object) -> str:
        """The sentence of this key in the reader's language; a page from elsewhere may give its own sentence."""
        if _KEY.match(key) or key in text.keys():
            return text.translate(key, self.lang, n, **values)
        return key.format(n=n, **values) if n is not None or values else key

    def when(self, at_ms: int) -> str:
        """A time as a person reads it: "today, 10:42" or "3 November 2026". Wall time is only ever about right."""
        moment = datetime.fromtimestamp(at_ms / 1000)
        clock = f"{moment:%H:%M}"
        if moment.date() == datetime.now().date():
            return self.t("date.today", time=clock)
        month = self.t(f"date.month.{moment.month}")
        day = self.t("date.day", day=moment.day, month=month, year=moment.year)
        return self.t("date.time", date=day, time=clock)

    # ---- seeing

    @property
    def view(self) -> ParticipantView:
        """The workshop as this person may see it now."""
        return PageView(self.record.state(self.workshop), self)

    @property
    def facilitator(self) -> bool:
        return self.view.is_facilitator

    @property
    def author(self) -> str:
        """Whose words are written on this page: one's own, or those of the person a scribe writes for."""
        return self.writing_for or self.me

    def for_submission(self, submission: Submission) -> PageContext:
        """This page, writing for whom the words were written for: they may come when the scribe is with somebody else.

        Whether they may is decided when it is written, as everything is.
        """
        wanted = submission.choices.get("for", "")
        if not isinstance(wanted, str) or wanted == self.writing_for:
            return self
        other = copy(self)
        other.writing_for = wanted if is_id(wanted) else ""
        other.cache = CardCache()
        return other

    def writes_for_participant(self, participant: str) -> bool:
        """True where what is written here now may be that person's: they are the one who writes, or is written for."""
        return participant in (self.me, self.author)

    def page_state(self, kind: type[_PageState]) -> _PageState:
        """The one `kind()` of this open page: what stands in no entry, such as a file that was uploaded.

        The page draws from it and its submit handler finds it here. Where words come after their page was left, the
        handler finds a new and empty one.
        """
        return cast(_PageState, self._page_state.setdefault(kind, kind()))

    def refresh(self) -> None:
        """Draw the page again after a change of its `page_state`, which the record does not announce."""
        for redraw in self._redraws:
            redraw()

    def follow(self, render: Callable[[ParticipantView], None]) -> None:
        """Call `render` with what may be seen: now, at once after a change, and then at most every 100 ms."""
        last = -math.inf  # never: a monotonic clock may begin at 0 when the machine does
        waiting: asyncio.TimerHandle | None = None

        def draw(state: State) -> None:
            nonlocal last, waiting
            waiting = None
            last = time.monotonic()
            with batch_updates():
                render(PageView(state, self))

        def on_change(state: State) -> None:
            nonlocal waiting
            if waiting is None:
                rest = MIN_REFRESH_SECONDS - (time.monotonic() - last)
                waiting = self.feed.call_later(rest, lambda: draw(self.record.cached_state(self.workshop) or state))

        self._redraws.append(lambda: draw(self.record.state(self.workshop)))
        self._stops.append(self.feed.follow(on_change))
        self._stops.append(lambda: waiting.cancel() if waiting is not None else None)

    def dispose(self) -> None:
        """The page is left: nothing follows any more."""
        for stop in self._stops:
            stop()
        self._stops.clear()
        self._redraws.clear()

    # ---- writing

    def append(
        self,
        kind: str,
        submission: Submission,
        *,
        also: Iterable[tuple[str, str]] = (),
        wordless: bool = False,
        **body: object,
    ) -> Ack:
        """Write what somebody sent. Returns when it is on disk; raises with the words for them where it may not be.

        `submission` gives the id made on the device, so that sending again adds nothing. What it holds beside the text
        (how it should be shown, who will see it, further fields) goes into the entry; `body` adds to it, and `also`
        to what it is about. `wordless` takes an answer without words. While a scribe writes for somebody, the words
        are that person's, marked as entered for them.
        """
        context = self.for_submission(submission)
        if context is not self:
            return context.append(kind, submission, also=also, wordless=wordless, **body)
        words = submission.text.strip()
        if is_contribution(kind) and kind != "talked" and not words and not wordless:
            raise InvalidEntry("error.no_words")
        whole: dict[str, object] = {"lang": submission.lang, "fidelity": "own-typing"} if words else {}
        about = tuple(dict.fromkeys((*submission.about, *also)))
        by = self._by(kind, about)
        scribed = by != self.me
        if scribed:
            whole |= {"written_by": self.me, **(fidelity_of(submission) if words else {})}
        if words:
            whole["text"] = words
        more = {key: value.strip() for key, value in submission.fields.items() if key != "text" and value.strip()}
        if more:
            whole["more"] = more
        shown = submission.choices.get("shown")
        if isinstance(shown, str) and shown in ("named", "perspective", "none"):
            whole["shown"] = shown
        if submission.at_ms is not None:
            whole["claimed_at"] = submission.at_ms
        seen_by = submission.choices.get("seen", "group")
        if seen_by == "group" and kind != "edit":
            seen_by = self.visibility_now(kind, submission.id)
        draft = Draft(
            submission.id,
            kind,
            by,
            {**whole, **body},
            about,
            how="scribe" if scribed else "self",
            seen_by=seen_by if isinstance(seen_by, str) else "",
        )
        return self.append_draft(draft)

    def visibility_now(self, kind: str, draft: str = "") -> str:
        """Who sees new words that are meant for the group: while people write alone first, nobody until the reveal.

        Decided here and not on the screen they come from, which may not know yet that the facilitator has begun.
        """
        state = self.record.state(self.workshop)
        held = state.entries.get(draft)
        if held is not None:  # it has come before: the same answer again
            return held.header.seen_by
        return "group-from-reveal" if state.reveal_status(ELEMENT_OF.get(kind, ""))[0] else "group"

    def append_draft(self, draft: Draft) -> Ack:
        """Append as this person, and show it on this page like everybody else's: by the feed."""
        ack = self.record.append(self.workshop, draft, Actor(self.me))
        self.feed.poll()
        return ack

    def run_action(self, submission: Submission) -> str | None:
        """Run an action of a card: change, withdraw, restore, erase, hide, show, talk. Returns a note, or None.

        Call it on the context that writes for whom the press was meant (`for_submission`), as
        `pages.kit.actions.dispatch` does.
        """
        if submission.kind not in CARD_ACTIONS:
            raise NotAllowed("error.not_yours")
        if submission.kind == "edit":
            self._edit(submission)
            return None
        if submission.kind == "utterance" or submission.kind == "talked":
            self.append(submission.kind, submission)
            return self.t("state.saved_as_private") if submission.choices.get("seen") == "only-me" else None
        if submission.kind in ANSWER_FIELDS:
            self.answer(submission)
            return None
        if submission.kind == "link" and not {relation for relation, _ in submission.about} <= CARD_RELATIONS:
            raise NotAllowed("error.not_yours")
        reason = submission.text.strip()
        body: dict[str, object] = {"text": reason, "lang": submission.lang} if reason else {}
        if submission.kind == "invite":
            body = {"page": str(submission.choices.get("page", ""))[:40]}
        by = self._by(submission.kind, submission.about)
        if by != self.me:
            body["written_by"] = self.me
        self.append_draft(
            Draft(submission.id, submission.kind, by, body, submission.about, how="self" if by == self.me else "scribe")
        )
        if submission.kind == "erasure" and self.record.backend.needs_scrub():
            return self.t("state.erasing")
        return None

    def _by(self, kind: str, about: Iterable[tuple[str, str]]) -> str:
        """In whose name something is written: a scribe adds for somebody, and changes only what is theirs."""
        if not self.writing_for or kind in ("hide", "show", "invite", "talked"):
            return self.me
        if kind not in ("edit", "withdrawal", "restore", "erasure"):
            return self.writing_for
        state = self.record.state(self.workshop)
        targets = [t for relation, t in about if relation in AUTHOR_RELATIONS and t in state.entries]
        theirs = {state.entries[t].header.by for t in targets}
        theirs |= {person for t in targets for person in holders_of(state, state.root(t)) if kind == "edit"}
        return self.writing_for if self.writing_for in theirs else self.me

    def answer(self, submission: Submission, **body: object) -> Ack:
        """Answer what somebody wrote: a choice among few, words where wanted. Answering again keeps the earlier answer.

        `choices` holds the choice under the name of its field (`core.elements.ANSWER_FIELDS`), and `of` for a check.
        """
        field, allowed = ANSWER_FIELDS[submission.kind]
        said = submission.choices.get(field)
        if not isinstance(said, str) or not said or (allowed and said not in allowed):
            raise InvalidEntry("error.no_choice")
        whole: dict[str, object] = {field: said, **body}
        if submission.kind == "check" and submission.choices.get("of") in ("said", "all"):
            whole["of"] = submission.choices["of"]
        state = self.record.state(self.workshop)
        held = state.entries.get(submission.id)
        if held is not None and held.header.by in (self.me, self.author):
            return Ack(held.id, held.header.at_ms, repeated=True)  # it came before, and has perhaps been changed since
        choices = {**submission.choices, "seen": "group-from-reveal" if submission.kind == "position" else "group"}
        before = self._previous_answers(state, submission, whole.get("of"))
        kind = "edit" if before else submission.kind
        return self.append(
            kind,
            replace(submission, kind=kind, choices=choices),
            also=[("replaces", entry.id) for entry in before],
            wordless=True,
            **whole,
        )

    def _previous_answers(self, state: State, submission: Submission, of: object) -> tuple[Entry, ...]:
        """This person's answer to the very same, as it stands now."""
        for relation, target in submission.about:
            for root in {state.root(source) for source in state.references_to(target, relation)}:
                first = state.entries[root]
                mine = first.kind == submission.kind and first.header.by == self.author
                if mine and first.data.get("of") == of and not (state.withdrawals(root) or state.is_erased(root)):
                    return state.current(root)
        return ()

    def _edit(self, submission: Submission) -> None:
        """A new version keeps how the old one was shown and who sees it, unless the person says otherwise."""
        state = self.record.state(self.workshop)
        before = next((state.entries[t] for r, t in submission.about if r == "replaces" and t in state.entries), None)
        if before is None:
            raise CoworkError("error.gone")
        if before.kind in ("withdrawal", "hide"):
            reason = submission.text.strip()
            self.append_draft(
                Draft(submission.id, "edit", self.me, {"text": reason, "lang": submission.lang}, submission.about)
            )
            return
        kept = {key: before.data[key] for key in INHERITED_FIELDS if key in before.data}
        seen_by = before.header.seen_by
        wider = submission.choices.get("seen")
        if wider == "group" and seen_by == "only-me":
            wider = self.visibility_now(self.view.kind_of(before), submission.id)
        choices = {**submission.choices, "seen": wider if isinstance(wider, str) and wider else seen_by}
        if not submission.text.strip():
            raise InvalidEntry("error.no_words")
        if "shown" in choices:
            kept.pop("shown", None)
        self.append("edit", replace(submission, kind="edit", choices=choices), **kept)


class PageView(ParticipantView):
    """What one person may see, for a page, which caches what it has read until a change concerns it."""

    def __init__(self, state: State, context: PageContext) -> None:
        super().__init__(state, context.me)
        self._page_cache = context.cache

    def _project(self, root: str) -> Contribution | None:
        return self._page_cache.get(self.state, root, "seen", lambda: super(PageView, self)._project(root))


def fidelity_of(submission: Submission) -> dict[str, object]:
    """How close the words of somebody else are, and whether they heard them again, as their scribe says."""
    close = submission.choices.get("fidelity")
    return {
        "fidelity": close if isinstance(close, str) and close in FIDELITIES else "in-short",
        "read_back": submission.choices.get("read_back") == "yes",
    }


def error_message(error: CoworkError, lang: str) -> str:
    """The sentence of an error, in words a person understands."""
    return describe_error(error, lang) or text.translate("error.page", lang)


def to_rejection(error: CoworkError, lang: str, field: str | None = None) -> Rejected:
    """The same error as a component shows it beside its box."""
    return Rejected(error_message(error, lang), field)


__all__ = [
    "CARD_ACTIONS",
    "Ack",
    "Draft",
    "Entry",
    "Navigator",
    "PageContext",
    "Rejected",
    "Submission",
    "error_message",
    "to_rejection",
]
