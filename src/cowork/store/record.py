"""The record: appending, reading, merging. The only place where entries are made.

An append happens inside one exclusive write: catch up with what others wrote, decide (`may`), read the clock, hash,
chain, seal, insert, commit. Only then is anything acknowledged.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from cowork.core.access.participant_view import ParticipantView
from cowork.core.access.permissions import ACTION_KINDS, check_permission
from cowork.core.elements import is_contribution
from cowork.core.entries import Ack, Actor, Draft, Entry, Header, body_hash, body_text
from cowork.core.errors import IdTaken, NotAllowed, RecordError, UnknownCode
from cowork.core.fold import State, fold
from cowork.core.ids import derived, tidy_code, uuid7
from cowork.store.backend import StorageBackend, Transaction
from cowork.store.notify import Notifier

log = logging.getLogger("cowork.store")

#: An entry from further ahead than this never pulls our clock.
MAX_CLOCK_AHEAD_MS = 5 * 60 * 1000

#: Why an entry stands among what was set aside though it came in: its words were kept back elsewhere.
KEPT_BACK = "kept-back"

#: Entries read at once: enough for any workshop there has been, and an end to the memory one reading may take.
MERGE_BATCH = 100_000


@dataclass
class MergeResult:
    """What a merge did. `aside` counts by reason what did not come in."""

    came: int = 0
    had: int = 0
    erased: int = 0
    aside: dict[str, int] = field(default_factory=dict)


class Record:
    """All workshops of one keeper. One per process; a fork makes its own writer and its own connections."""

    def __init__(
        self,
        keeper: StorageBackend,
        *,
        now_ms: Callable[[], int] | None = None,
        chance: Callable[[int], bytes] | None = None,
        bell: Notifier | None = None,
    ) -> None:
        self.backend = keeper
        self.notifier = bell
        self._now = now_ms or (lambda: time.time_ns() // 1_000_000)
        self.chance = chance or secrets.token_bytes
        self._writer = (0, "")
        self._states: dict[str, tuple[int, State]] = {}
        self._as_of: dict[str, object] = {}  # the keeper's version when a workshop's state was last caught up

    # ---- small things

    def now_ms(self) -> int:
        return self._now()

    def new_id(self) -> str:
        return uuid7(self._now(), self.chance(10))

    @property
    def writer(self) -> str:
        """This process's writer, made at its first append and never shared: a fork or a copied file forks no chain."""
        if self._writer[0] != os.getpid() or not self._writer[1]:
            self._writer = (os.getpid(), self.chance(8).hex())
        return self._writer[1]

    def close(self, *, whole: bool = False) -> None:
        """Let go of it. `whole`: first bring everything into the one file, as far as nobody else holds that up."""
        try:
            if whole:
                self.backend.scrub()
                self.backend.checkpoint(whole=True)
        finally:
            self.backend.close()

    # ---- reading

    def read(self, workshop: str, after: int = 0) -> list[tuple[int, Entry]]:
        """(position, entry) in commit order, from behind `after`."""
        with self.backend.reading() as rows:
            return list(everything(rows, workshop, after))

    def newest(self, workshop: str) -> int:
        with self.backend.reading() as rows:
            return rows.newest(workshop)

    def state(self, workshop: str) -> State:
        """The fold of a workshop, caught up with the record. The same object each time; read only."""
        version = self.backend.version()  # asked before reading: what is committed in between counts next time
        held = self.held(workshop)
        if held is not None and self._as_of.get(workshop) == version:
            return held
        with self.backend.reading() as rows:
            state = self._caught_up(workshop, rows)
        self._as_of[workshop] = version
        return state

    def _caught_up(self, workshop: str, rows: Transaction) -> State:
        read, state = self._states.get(workshop, (0, State(workshop)))
        for position, entry in everything(rows, workshop, read):
            state.apply(entry)
            read = position
        self._states[workshop] = (read, state)
        return state

    def position(self, workshop: str) -> int:
        """How far this process has read."""
        return self._states.get(workshop, (0, None))[0]

    def held(self, workshop: str) -> State | None:
        """The state as this process last read it, without reading."""
        return self._states.get(workshop, (0, None))[1]

    def workshops(self) -> list[State]:
        """Every workshop here, in the order they were opened or brought in."""
        return [self.state(workshop) for workshop in dict.fromkeys(e.header.workshop for e in self.openings())]

    def openings(self) -> list[Entry]:
        """The entries that opened the workshops here. Folds nothing: the door asks this for every visitor."""
        with self.backend.reading() as rows:
            return rows.of_kind("workshop")

    def find(self, code: str) -> str:
        """The id of the workshop with this code. Raises UnknownCode. A code is not a secret; guessing is slowed in
        `doors`."""
        wanted = tidy_code(code)
        for entry in self.openings():
            if wanted and tidy_code(str(entry.data.get("code", ""))) == wanted:
                return entry.header.workshop
        raise UnknownCode("error.unknown_workshop", code=code)

    def has_key(self, workshop: str) -> bool:
        with self.backend.reading() as rows:
            return rows.key(workshop) is not None

    # ---- writing

    def open_workshop(self, draft: Draft, actor: Actor) -> Ack:
        """Begin a workshop: its id is the id of this entry, and its key is made here."""
        self._must_write()
        with self._writing(draft.id) as rows:
            if rows.key(draft.id) is None and rows.get(draft.id) is None:
                rows.set_key(draft.id, self.chance(32))
            return self._append(draft.id, [draft], actor, rows)[0]

    def append(self, workshop: str, draft: Draft, actor: Actor) -> Ack:
        """Add one entry. Returns when it is on disk; raises with the words for the person where it may not be."""
        return self.append_many(workshop, [draft], actor)[0]

    def append_many(self, workshop: str, drafts: Sequence[Draft], actor: Actor) -> list[Ack]:
        """Add several entries, all or none."""
        self._must_write()
        with self._writing(workshop) as rows:
            acks = self._append(workshop, drafts, actor, rows)
        try:
            if any(draft.kind == "erasure" for draft in drafts):
                self.backend.scrub()
        finally:
            self.wake(workshop)  # not before: whoever is woken reads, and reading holds an erasure up
        return acks

    def wake(self, workshop: str) -> None:
        """It is on disk: whoever follows the workshop may look. What goes wrong here is no fault of the write."""
        if self.notifier is None:
            return
        try:
            self.notifier.ring(workshop)
        except Exception:
            log.exception("others could not be woken; they look by themselves")

    def _append(self, workshop: str, drafts: Sequence[Draft], actor: Actor, rows: Transaction) -> list[Ack]:
        state = self._caught_up(workshop, rows)
        key = rows.key(workshop)
        acks = []
        for draft in drafts:
            held = rows.get(draft.id)
            if held is not None:
                acks.append(_same(held, workshop, draft))
                continue
            check_permission(state, actor, draft)
            entry = self._entry(workshop, draft, state, key, rows)
            position = rows.insert(entry)
            state.apply(entry)
            self._states[workshop] = (position, state)
            if draft.kind == "erasure":
                gone = _gone_aside(state, [e for _, e in rows.aside(workshop)])
                rows.erase(sorted(state.erased_ids() | gone))
                _forget_gaps(rows, state)
            acks.append(Ack(entry.id, entry.header.at_ms))
        return acks

    @contextmanager
    def _writing(self, workshop: str) -> Iterator[Transaction]:
        """One exclusive write. What was folded inside a write that failed never happened, so it is folded anew."""
        try:
            with self.backend.writing() as rows:
                yield rows
        except BaseException:
            self._states.pop(workshop, None)
            raise

    def _entry(self, workshop: str, draft: Draft, state: State, key: bytes | None, rows: Transaction) -> Entry:
        body = body_text(draft.body)
        salt = self.chance(16)
        tip = rows.tip(workshop, self.writer)
        now = self._now()
        last = max(
            rows.clock(workshop, now + MAX_CLOCK_AHEAD_MS), (tip.header.at_ms, tip.header.tick) if tip else (0, 0)
        )
        at_ms, tick = (now, 0) if now > last[0] else (last[0], last[1] + 1)
        header = Header(
            id=draft.id,
            workshop=workshop,
            writer=self.writer,
            seq=tip.header.seq + 1 if tip else 1,
            prev=tip.header.digest() if tip else "",
            at_ms=at_ms,
            tick=tick,
            by=draft.by,
            how=draft.how,
            kind=draft.kind,
            about=tuple(draft.about),
            episode=draft.episode if draft.episode is not None else state.current_episode(),
            seen_by=draft.seen_by,
            body_hash=body_hash(salt, body),
        )
        return Entry(header, body, salt, header.seal(key) if key else None)

    def _must_write(self) -> None:
        if not self.backend.writable:
            raise RecordError("error.record_readonly", path=self.backend.name)

    # ---- merging

    def merge(self, other: Record, workshops: Iterable[str] | None = None) -> MergeResult:
        """Take in what another record holds: the union by id. Doing it again, or in another order, changes nothing.

        Sealed entries come in. Where this record has the workshop's key, unsealed ones wait for a facilitator, and a
        wrong hash, a wrong seal, a forked chain or other content under a known id is set aside for `cowork check`.
        """
        self._must_write()
        taken = MergeResult()
        with other.backend.reading() as theirs:
            wanted = list(workshops or dict.fromkeys(e.header.workshop for e in theirs.of_kind("workshop")))
            bundles = [
                (w, theirs.key(w), [e for _, e in everything(theirs, w)], theirs.doors(w), theirs.aside(w))
                for w in wanted
            ]
        try:
            for workshop, key, entries, doors, aside in bundles:
                try:
                    with self.backend.writing() as rows:
                        self._take(workshop, key, entries, aside, rows, taken)
                        for _, tag, participant in doors:
                            if rows.door(workshop, tag) is None:
                                rows.set_door(workshop, tag, participant)
                finally:
                    # The state may hold what was then set aside or rolled back: fold anew.
                    self._states.pop(workshop, None)
            if taken.erased:
                self.backend.scrub()
        finally:
            for workshop, *_ in bundles:
                self.wake(workshop)
        return taken

    def _take(
        self,
        workshop: str,
        their_key: bytes | None,
        entries: list[Entry],
        their_aside: list[tuple[str, Entry]],
        rows: Transaction,
        taken: MergeResult,
    ) -> None:
        key = rows.key(workshop)
        state = self._caught_up(workshop, rows)
        opened = state.opened()
        brought_key = False
        if key is None and their_key is not None and (not opened or not opened.seal or opened.seal_holds(their_key)):
            # The operator's own copy brings the key; what is here unsealed was trusted here and stays. A key that
            # does not fit what is here would lock the true entries out for ever.
            rows.set_key(workshop, their_key)
            key, brought_key = their_key, True
        fresh: dict[str, Entry] = {}
        fills: list[Entry] = []
        out: list[tuple[str, Entry]] = []
        places: set[tuple[str, int]] = set()
        for entry in entries:
            held = rows.get(entry.id) or fresh.get(entry.id)
            why = self._why_not(entry, held, key, rows, workshop)
            if not why and held is None and (entry.header.writer, entry.header.seq) in places:
                why = "chain"
            if why:
                out.append((why, entry))
                taken.aside[why] = taken.aside.get(why, 0) + 1
                continue
            if held is not None:
                taken.had += 1
                if held.body is None and entry.body is not None:
                    fills.append(replace(entry, seal=held.seal or entry.seal))
                continue
            fresh[entry.id] = entry
            places.add((entry.header.writer, entry.header.seq))
            state.apply(entry)  # every erasure is known before a single word is written
        for entry in fresh.values():
            rows.insert(entry.without_words() if state.words_erased(entry.id) else entry)
        for entry in fills:
            if not state.words_erased(entry.id):
                rows.fill(entry)
                rows.drop_aside([entry.id], KEPT_BACK)
        _note_gaps(rows, state, [*fresh.values(), *(state.entries.values() if brought_key else ())])
        _forget_gaps(rows, state)
        taken.came += len(fresh)
        out += [(why, e) for why, e in their_aside if why == "unsealed" and rows.get(e.id) is None]
        here = rows.aside(workshop)
        gone_aside = _gone_aside(state, [e for _, e in here + out])
        known = {(why, e.id) for why, e in here}
        for why, entry in out:
            # What was set aside before stays as it is; what was let in, under another id, does not wait anew.
            if (why, entry.id) in known or (why == "unsealed" and rows.get(_let_in_id(entry.id)) is not None):
                continue
            rows.set_aside(entry.without_words() if entry.id in gone_aside else entry, why)
        words = [i for i in sorted(state.erased_ids()) if (held := rows.get(i)) is not None and held.body is not None]
        words += [e.id for _, e in here if e.body is not None and e.id in gone_aside]
        if words:
            rows.erase(words)
        taken.erased += len(words)

    def _why_not(self, entry: Entry, held: Entry | None, key: bytes | None, rows: Transaction, workshop: str) -> str:
        """The reason an entry does not come in, or "" where it does."""
        if entry.header.workshop != workshop or not entry.body_holds():
            return "hash"
        if held is not None:
            same = held.header.canonical() == entry.header.canonical()
            return "" if same else "same-id"
        if key is not None and entry.seal is None:
            return "unsealed"
        if key is not None and not entry.seal_holds(key):
            return "seal"
        there = rows.at(workshop, entry.header.writer, entry.header.seq)
        return "chain" if there is not None else ""

    # ---- what waits for a facilitator

    def waiting(self, workshop: str) -> list[Entry]:
        """Entries that came without a seal and have not been let in or left out."""
        with self.backend.reading() as rows:
            return [e for why, e in rows.aside(workshop) if why == "unsealed" and rows.get(_let_in_id(e.id)) is None]

    def let_in(self, workshop: str, ids: Sequence[str], actor: Actor) -> list[Ack]:
        """A facilitator lets waiting entries in, as `import`, their author as a claim. Acts of authority stay out.

        The words come in as they stood in the copy they come from: as last changed there, and not at all where they
        were taken back, hidden, private or erased there.
        """
        state = self.state(workshop)
        if not (actor.operator or "facilitator" in state.roles(actor.id)):
            raise NotAllowed("error.may_not", who="facilitator")
        waiting = self.waiting(workshop)
        copy = fold(workshop, [*state.entries.values(), *waiting])
        group = ParticipantView(copy, "")
        firsts = [e for e in waiting if e.id in set(ids) and is_contribution(e.kind) and not e.targets("replaces")]
        chosen = [(e, c) for e in firsts if (c := group.of_id(e.id)) is not None]
        moved = {entry.id: _let_in_id(entry.id) for entry, _ in chosen}
        drafts: list[Draft] = []
        for entry, shown in chosen:
            by = entry.header.by
            pairs = [(r, copy.root(t)) for r, t in entry.header.about if r not in ACTION_KINDS]
            about = tuple((r, moved.get(t, t)) for r, t in pairs if t in moved or t in state.entries)
            voice = derived("claimed:" + by)
            if voice not in state.entries and all(d.id != voice for d in drafts):
                claimed = {"by": by, "name": str(copy.person(by).get("name", ""))}
                drafts.append(Draft(voice, "participant", voice, {"claimed": claimed}, how="import"))
            # No name here: an export could not take it out of the words of somebody who asked not to be named.
            body = {**shown.entry.data, "fidelity": "imported", "claim": {"by": by}}
            drafts.append(Draft(moved[entry.id], entry.kind, voice, body, about, how="import"))
        return self.append_many(workshop, drafts, Actor(actor.id, operator=True)) if drafts else []

    def leave_out(self, workshop: str, ids: Sequence[str], actor: Actor) -> None:
        """A facilitator leaves waiting entries out: they are forgotten here."""
        if not (actor.operator or "facilitator" in self.state(workshop).roles(actor.id)):
            raise NotAllowed("error.may_not", who="facilitator")
        here = {entry.id for entry in self.waiting(workshop)}
        with self.backend.writing() as rows:
            rows.drop_aside([entry_id for entry_id in ids if entry_id in here], "unsealed")


def _note_gaps(rows: Transaction, state: State, entries: Iterable[Entry]) -> None:
    """Note whose words a copy had left out, so that a check does not take them for lost."""
    known = {entry.id for why, entry in rows.aside(state.workshop) if why == KEPT_BACK}
    for entry in entries:
        if entry.body is None and entry.id not in known and not state.words_erased(entry.id):
            rows.set_aside(entry, KEPT_BACK)


def _forget_gaps(rows: Transaction, state: State) -> None:
    """Drop the notes about words that are erased: an erasure may come in after the entry that it took the words of."""
    noted = [entry.id for why, entry in rows.aside(state.workshop) if why == KEPT_BACK]
    if gone := [entry_id for entry_id in noted if state.words_erased(entry_id)]:
        rows.drop_aside(gone, KEPT_BACK)


def everything(rows: Transaction, workshop: str, after: int = 0) -> Iterator[tuple[int, Entry]]:
    """All that stands behind `after`, however much: `Rows.after` gives only so many at a time."""
    while True:
        part = rows.after(workshop, after, MERGE_BATCH)
        yield from part
        if len(part) < MERGE_BATCH:
            return
        after = part[-1][0]


def _gone_aside(state: State, aside: Sequence[Entry]) -> set[str]:
    """Ids among what was set aside whose words must go: versions of what was erased, also at one remove."""
    gone: set[str] = set()
    more = True
    while more:
        found = {
            e.id
            for e in aside
            if state.words_erased(e.id)
            or state.words_erased(_let_in_id(e.id))
            or any(state.is_erased(i) or i in gone for i in (e.id, *e.targets("replaces")))
        }
        more, gone = found != gone, found
    return gone


def _let_in_id(entry_id: str) -> str:
    return derived("let-in:" + entry_id)


def _same(held: Entry, workshop: str, draft: Draft) -> Ack:
    """The acknowledgement again for the same thing; a refusal where the id was used for something else."""
    header = held.header
    alike = (
        header.workshop == workshop
        and header.by == draft.by
        and header.kind == draft.kind
        and header.about == tuple(draft.about)
        and header.seen_by == draft.seen_by
        and (held.body is None or held.body == body_text(draft.body))
    )
    if not alike:
        raise IdTaken("error.id_taken", id=draft.id)
    return Ack(held.id, header.at_ms, again=True)
