"""Here: this person, this workshop, this language, this place in it. What a page holds in its hand."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

from cowork import text
from cowork.core.elements import ANSWERS, ELEMENT_OF, FIDELITY, is_contribution
from cowork.core.entries import Ack, Actor, Draft, Entry
from cowork.core.errors import BadWords, CoworkError, NotAllowed
from cowork.core.fold import State
from cowork.core.ids import is_id
from cowork.core.links import holders
from cowork.core.seen import Contribution, Seen
from cowork.core.unchanged import Unchanged
from cowork.live import Feed
from cowork.store import Record
from cowork.widgets import Refused, Sent
from cowork.widgets.part import together
from cowork.widgets.sent import describe_error

#: Changes reach a page at once, then at most this often.
EVERY = 0.1

#: Acts that come from a card and not from a page's own question.
ACTS = frozenset(
    {"edit", "withdrawal", "restore", "erasure", "hide", "show", "utterance", "talked", "invite", "link", *ANSWERS}
)

#: Relations a person may state from a card. Others are for the page that asks a question of its own.
TIED = frozenset({"from", "meets-need", "used-in", "went-unused", "holds", "differs-from", "builds-on"})

#: Relations of acts on words that somebody wrote.
BY_AUTHOR = ("replaces", "withdraws", "erases")

#: What a new wording keeps of the one before, unless the page says otherwise.
KEPT = ("shown", "field", "scope", "sort", "for", "holder", "who", "names", "quotes", "unwritten", "on", "outcome")

_KEY = re.compile(r"^[a-z_]+(\.[a-z0-9_]+)+$")


class Here:
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
        visit: Any = None,
        unseen: bool = False,
        writing_for: str = "",
    ) -> None:
        self.record = record
        self.workshop = workshop
        self.me = me
        self.lang = lang
        self.page = page
        self.at = at
        self.visit = visit
        self.writing_for = writing_for  # whom a scribe writes for now; "" for oneself
        self.unseen = unseen  # made only to take words that were left over: nobody looks at this page
        self.jump: Callable[[str], bool] | None = None  # a page that can show a place in it without being made anew
        self.feed = feed or Feed(record, workshop)
        self.kept = Unchanged()  # cards and what they are made of, for this reader on this page
        self._stops: list[Callable[[], None]] = []

    # ---- words

    def say(self, key: str, /, n: int | None = None, **values: object) -> str:
        """The sentence of this key in the reader's language; a page from elsewhere may give its own sentence."""
        if _KEY.match(key) or key in text.keys():
            return text.say(key, self.lang, n, **values)
        return key.format(n=n, **values) if n is not None or values else key

    def when(self, at_ms: int) -> str:
        """A time as a person reads it: "today, 10:42" or "3 November 2026". Wall time is only ever about right."""
        moment = datetime.fromtimestamp(at_ms / 1000)
        clock = f"{moment:%H:%M}"
        if moment.date() == datetime.now().date():
            return self.say("date.today", time=clock)
        month = self.say(f"date.month.{moment.month}")
        day = self.say("date.day", day=moment.day, month=month, year=moment.year)
        return self.say("date.time", date=day, time=clock)

    # ---- seeing

    @property
    def seen(self) -> Seen:
        """The workshop as this person may see it now."""
        return Shown(self.record.state(self.workshop), self)

    @property
    def facilitator(self) -> bool:
        return self.seen.facilitator

    @property
    def voice(self) -> str:
        """Whose words are written on this page: one's own, or those of the person a scribe writes for."""
        return self.writing_for or self.me

    def as_sent(self, sent: Sent) -> Here:
        """This page, writing for whom the words were written for: they may come when the scribe is with somebody else.

        Whether they may is decided when it is written, as everything is.
        """
        wanted = sent.choices.get("for", "")
        if not isinstance(wanted, str) or wanted == self.writing_for:
            return self
        other = copy(self)
        other.writing_for = wanted if is_id(wanted) else ""
        other.kept = Unchanged()
        return other

    def speaks_for(self, participant: str) -> bool:
        """True where what is written here now may be that person's: they are the one who writes, or is written for."""
        return participant in (self.me, self.voice)

    def follow(self, tell: Callable[[Seen], None]) -> None:
        """Call `tell` with what may be seen: now, at once after a change, and then at most every 100 ms."""
        last = -math.inf  # never: a monotonic clock may begin at 0 when the machine does
        waiting: asyncio.TimerHandle | None = None

        def now(state: State) -> None:
            nonlocal last, waiting
            waiting = None
            last = time.monotonic()
            with together():
                tell(Shown(state, self))

        def heard(state: State) -> None:
            nonlocal waiting
            if waiting is None:
                rest = EVERY - (time.monotonic() - last)
                waiting = self.feed.later(rest, lambda: now(self.record.held(self.workshop) or state))

        self._stops.append(self.feed.follow(heard))
        self._stops.append(lambda: waiting.cancel() if waiting is not None else None)

    def dispose(self) -> None:
        """The page is left: nothing follows any more."""
        for stop in self._stops:
            stop()
        self._stops.clear()

    # ---- writing

    def add(
        self, kind: str, sent: Sent, *, also: Iterable[tuple[str, str]] = (), wordless: bool = False, **body: object
    ) -> Ack:
        """Write what somebody sent. Returns when it is on disk; raises with the words for them where it may not be.

        `sent` gives the id made on the device, so that sending again adds nothing. What it holds beside the text
        (how it should be shown, who will see it, further fields) goes into the entry; `body` adds to it, and `also`
        to what it is about. `wordless` takes an answer without words. While a scribe writes for somebody, the words
        are that person's, marked as entered for them.
        """
        here = self.as_sent(sent)
        if here is not self:
            return here.add(kind, sent, also=also, wordless=wordless, **body)
        words = sent.text.strip()
        if is_contribution(kind) and kind != "talked" and not words and not wordless:
            raise BadWords("error.no_words")
        whole: dict[str, object] = {"lang": sent.lang, "fidelity": "own-typing"} if words else {}
        about = tuple(dict.fromkeys((*sent.about, *also)))
        by = self._by(kind, about)
        scribed = by != self.me
        if scribed:
            whole |= {"written_by": self.me, **(fidelity(sent) if words else {})}
        if words:
            whole["text"] = words
        more = {key: value.strip() for key, value in sent.fields.items() if key != "text" and value.strip()}
        if more:
            whole["more"] = more
        shown = sent.choices.get("shown")
        if isinstance(shown, str) and shown in ("named", "perspective", "none"):
            whole["shown"] = shown
        if sent.at_ms is not None:
            whole["claimed_at"] = sent.at_ms
        seen_by = sent.choices.get("seen", "group")
        if seen_by == "group" and kind != "edit":
            seen_by = self.now_seen_by(kind, sent.id)
        draft = Draft(
            sent.id,
            kind,
            by,
            {**whole, **body},
            about,
            how="scribe" if scribed else "self",
            seen_by=seen_by if isinstance(seen_by, str) else "",
        )
        return self.write(draft)

    def now_seen_by(self, kind: str, draft: str = "") -> str:
        """Who sees new words that are meant for the group: while people write alone first, nobody until the reveal.

        Decided here and not on the screen they come from, which may not know yet that the facilitator has begun.
        """
        state = self.record.state(self.workshop)
        held = state.entries.get(draft)
        if held is not None:  # it has come before: the same answer again
            return held.header.seen_by
        return "group-from-reveal" if state.reveals(ELEMENT_OF.get(kind, ""))[0] else "group"

    def write(self, draft: Draft) -> Ack:
        """Append as this person, and show it on this page like everybody else's: by the feed."""
        ack = self.record.append(self.workshop, draft, Actor(self.me))
        self.feed.look()
        return ack

    def take(self, sent: Sent) -> str | None:
        """An act pressed on a card: change, take back, put back, erase, hide, show, talk. Returns a note, or None.

        Call it on the page that writes for whom the press was meant (`as_sent`): `pages.acting.take` does, once.
        """
        if sent.kind not in ACTS:
            raise NotAllowed("error.not_yours")
        if sent.kind == "edit":
            self._edit(sent)
            return None
        if sent.kind == "utterance" or sent.kind == "talked":
            self.add(sent.kind, sent)
            return self.say("state.saved_as_private") if sent.choices.get("seen") == "only-me" else None
        if sent.kind in ANSWERS:
            self.answer(sent)
            return None
        if sent.kind == "link" and not {relation for relation, _ in sent.about} <= TIED:
            raise NotAllowed("error.not_yours")
        reason = sent.text.strip()
        body: dict[str, object] = {"text": reason, "lang": sent.lang} if reason else {}
        if sent.kind == "invite":
            body = {"page": str(sent.choices.get("page", ""))[:40]}
        by = self._by(sent.kind, sent.about)
        if by != self.me:
            body["written_by"] = self.me
        self.write(Draft(sent.id, sent.kind, by, body, sent.about, how="self" if by == self.me else "scribe"))
        if sent.kind == "erasure" and self.record.keeper.scrubbing():
            return self.say("state.erasing")
        return None

    def _by(self, kind: str, about: Iterable[tuple[str, str]]) -> str:
        """In whose name something is written: a scribe adds for somebody, and changes only what is theirs."""
        if not self.writing_for or kind in ("hide", "show", "invite", "talked"):
            return self.me
        if kind not in ("edit", "withdrawal", "restore", "erasure"):
            return self.writing_for
        state = self.record.state(self.workshop)
        targets = [t for relation, t in about if relation in BY_AUTHOR and t in state.entries]
        theirs = {state.entries[t].header.by for t in targets}
        theirs |= {person for t in targets for person in holders(state, state.root(t)) if kind == "edit"}
        return self.writing_for if self.writing_for in theirs else self.me

    def answer(self, sent: Sent, **body: object) -> Ack:
        """Answer what somebody wrote: a choice among few, words where wanted. Answering again keeps the earlier answer.

        The choice stands in `choices` under the name of its field (`core.elements.ANSWERS`), beside `of` for a check.
        """
        field, allowed = ANSWERS[sent.kind]
        said = sent.choices.get(field)
        if not isinstance(said, str) or not said or (allowed and said not in allowed):
            raise BadWords("error.no_choice")
        whole: dict[str, object] = {field: said, **body}
        if sent.kind == "check" and sent.choices.get("of") in ("said", "all"):
            whole["of"] = sent.choices["of"]
        state = self.record.state(self.workshop)
        held = state.entries.get(sent.id)
        if held is not None and held.header.by in (self.me, self.voice):
            return Ack(held.id, held.header.at_ms, again=True)  # it came before, and has perhaps been changed since
        choices = {**sent.choices, "seen": "group-from-reveal" if sent.kind == "position" else "group"}
        before = self._answered_before(state, sent, whole.get("of"))
        kind = "edit" if before else sent.kind
        return self.add(
            kind,
            replace(sent, kind=kind, choices=choices),
            also=[("replaces", entry.id) for entry in before],
            wordless=True,
            **whole,
        )

    def _answered_before(self, state: State, sent: Sent, of: object) -> list[Entry]:
        """This person's answer to the very same, as it stands now."""
        for relation, target in sent.about:
            for root in {state.root(source) for source in state.about(target, relation)}:
                first = state.entries[root]
                mine = first.kind == sent.kind and first.header.by == self.voice
                if mine and first.data.get("of") == of and not (state.withdrawals(root) or state.is_erased(root)):
                    return state.current(root)
        return []

    def _edit(self, sent: Sent) -> None:
        """A new version keeps how the old one was shown and who sees it, unless the person says otherwise."""
        state = self.record.state(self.workshop)
        before = next((state.entries[t] for r, t in sent.about if r == "replaces" and t in state.entries), None)
        if before is None:
            raise CoworkError("error.gone")
        if before.kind in ("withdrawal", "hide"):
            reason = sent.text.strip()
            self.write(Draft(sent.id, "edit", self.me, {"text": reason, "lang": sent.lang}, sent.about))
            return
        kept = {key: before.data[key] for key in KEPT if key in before.data}
        seen_by = before.header.seen_by
        wider = sent.choices.get("seen")
        if wider == "group" and seen_by == "only-me":
            wider = self.now_seen_by(self.seen.kind_of(before), sent.id)
        choices = {**sent.choices, "seen": wider if isinstance(wider, str) and wider else seen_by}
        if not sent.text.strip():
            raise BadWords("error.no_words")
        if "shown" in choices:
            kept.pop("shown", None)
        self.add("edit", replace(sent, kind="edit", choices=choices), **kept)


class Shown(Seen):
    """What one person may see, for a page, which keeps what it has looked at while nothing changes it."""

    def __init__(self, state: State, here: Here) -> None:
        super().__init__(state, here.me)
        self.here = here

    def _look(self, root: str) -> Contribution | None:
        return self.here.kept.of(self.state, root, "seen", lambda: super(Shown, self)._look(root))


def fidelity(sent: Sent) -> dict[str, object]:
    """How close the words of somebody else are, and whether they heard them again, as their scribe says."""
    close = sent.choices.get("fidelity")
    return {
        "fidelity": close if isinstance(close, str) and close in FIDELITY else "in-short",
        "read_back": sent.choices.get("read_back") == "yes",
    }


def said(error: CoworkError, lang: str) -> str:
    """The sentence of an error, in words a person understands."""
    return describe_error(error, lang) or text.say("error.page", lang)


def refused(error: CoworkError, lang: str, field: str | None = None) -> Refused:
    """The same error as a component shows it beside its box."""
    return Refused(said(error, lang), field)


__all__ = ["ACTS", "Ack", "Draft", "Entry", "Here", "Refused", "Sent", "refused", "said"]
