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
from cowork.core.access.permissions import ACT_RELATIONS, check_permission
from cowork.core.elements import is_contribution
from cowork.core.entries import Ack, Actor, Draft, Entry, Header, body_hash, body_text
from cowork.core.errors import IdConflict, NotAllowed, RecordError, UnknownCode
from cowork.core.fold import State, fold
from cowork.core.ids import derive_id, normalise_workshop_code, uuid7
from cowork.store.backend import StorageBackend, Transaction
from cowork.store.notify import Notifier

log = logging.getLogger("cowork.store")

#: An entry from further ahead than this never pulls our clock.
MAX_CLOCK_AHEAD_MS = 5 * 60 * 1000

#: Why an entry stands among what was set aside though it came in: its words were kept back elsewhere.
WITHHELD = "kept-back"

#: Entries read at once: enough for any workshop there has been, and an end to the memory one reading may take.
READ_BATCH = 100_000


@dataclass
class MergeResult:
    """What a merge did. `aside` counts by reason what did not come in."""

    added: int = 0
    known: int = 0
    erased: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)


class Record:
    """All workshops of one keeper. One per process; a fork makes its own writer and its own connections."""

    def __init__(
        self,
        backend: StorageBackend,
        *,
        now_ms: Callable[[], int] | None = None,
        random_bytes: Callable[[int], bytes] | None = None,
        notifier: Notifier | None = None,
    ) -> None:
        self.backend = backend
        self.notifier = notifier
        self._now = now_ms or (lambda: time.time_ns() // 1_000_000)
        self.random_bytes = random_bytes or secrets.token_bytes
        self._writer = (0, "")
        self._states: dict[str, tuple[int, State]] = {}
        self._read_versions: dict[str, object] = {}  # the keeper's version when a workshop's state was last caught up

    # ---- small things

    def now_ms(self) -> int:
        return self._now()

    def new_id(self) -> str:
        return uuid7(self._now(), self.random_bytes(10))

    @property
    def writer(self) -> str:
        """This process's writer, made at its first append and never shared: a fork or a copied file forks no chain."""
        if self._writer[0] != os.getpid() or not self._writer[1]:
            self._writer = (os.getpid(), self.random_bytes(8).hex())
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

    def read_entries(self, workshop: str, after: int = 0) -> list[tuple[int, Entry]]:
        """(position, entry) in commit order, from behind `after`."""
        with self.backend.reading() as rows:
            return list(read_all(rows, workshop, after))

    def last_position(self, workshop: str) -> int:
        with self.backend.reading() as rows:
            return rows.last_position(workshop)

    def state(self, workshop: str) -> State:
        """The fold of a workshop, caught up with the record. The same object each time; read only."""
        version = self.backend.version()  # asked before reading: what is committed in between counts next time
        held = self.cached_state(workshop)
        if held is not None and self._read_versions.get(workshop) == version:
            return held
        with self.backend.reading() as rows:
            state = self._catch_up(workshop, rows)
        self._read_versions[workshop] = version
        return state

    def _catch_up(self, workshop: str, rows: Transaction) -> State:
        read, state = self._states.get(workshop, (0, State(workshop)))
        for position, entry in read_all(rows, workshop, read):
            state.apply(entry)
            read = position
        self._states[workshop] = (read, state)
        return state

    def read_position(self, workshop: str) -> int:
        """How far this process has read."""
        return self._states.get(workshop, (0, None))[0]

    def cached_state(self, workshop: str) -> State | None:
        """The state as this process last read it, without reading."""
        return self._states.get(workshop, (0, None))[1]

    def workshops(self) -> list[State]:
        """Every workshop here, in the order they were opened or brought in."""
        return [self.state(workshop) for workshop in dict.fromkeys(e.header.workshop for e in self.opening_entries())]

    def opening_entries(self) -> list[Entry]:
        """The entries that opened the workshops here. Folds nothing: the door asks this for every visitor."""
        with self.backend.reading() as rows:
            return rows.of_kind("workshop")

    def find_workshop(self, code: str) -> str:
        """The id of the workshop with this code. Raises UnknownCode. A code is not a secret; guessing is slowed in
        `doors`."""
        workshop_ids = normalise_workshop_code(code)
        for entry in self.opening_entries():
            if workshop_ids and normalise_workshop_code(str(entry.data.get("code", ""))) == workshop_ids:
                return entry.header.workshop
        raise UnknownCode("error.unknown_workshop", code=code)

    def has_key(self, workshop: str) -> bool:
        with self.backend.reading() as rows:
            return rows.key(workshop) is not None

    # ---- writing

    def open_workshop(self, draft: Draft, actor: Actor) -> Ack:
        """Begin a workshop: its id is the id of this entry, and its key is made here."""
        self._require_writable()
        with self._writing(draft.id) as rows:
            if rows.key(draft.id) is None and rows.get_entry(draft.id) is None:
                rows.set_key(draft.id, self.random_bytes(32))
            return self._append(draft.id, [draft], actor, rows)[0]

    def append(self, workshop: str, draft: Draft, actor: Actor) -> Ack:
        """Add one entry. Returns when it is on disk; raises with the words for the person where it may not be."""
        return self.append_many(workshop, [draft], actor)[0]

    def append_many(self, workshop: str, drafts: Sequence[Draft], actor: Actor) -> list[Ack]:
        """Add several entries, all or none."""
        self._require_writable()
        with self._writing(workshop) as rows:
            acks = self._append(workshop, drafts, actor, rows)
        try:
            if any(draft.kind == "erasure" for draft in drafts):
                self.backend.scrub()
        finally:
            self.notify(workshop)  # not before: whoever is woken reads, and reading holds an erasure up
        return acks

    def notify(self, workshop: str) -> None:
        """It is on disk: whoever follows the workshop may look. What goes wrong here is no fault of the write."""
        if self.notifier is None:
            return
        try:
            self.notifier.notify(workshop)
        except Exception:
            log.exception("others could not be woken; they look by themselves")

    def _append(self, workshop: str, drafts: Sequence[Draft], actor: Actor, rows: Transaction) -> list[Ack]:
        state = self._catch_up(workshop, rows)
        key = rows.key(workshop)
        acks = []
        for draft in drafts:
            held = rows.get_entry(draft.id)
            if held is not None:
                acks.append(_acknowledge_again(held, workshop, draft))
                continue
            check_permission(state, actor, draft)
            entry = self._entry(workshop, draft, state, key, rows)
            position = rows.insert(entry)
            state.apply(entry)
            self._states[workshop] = (position, state)
            if draft.kind == "erasure":
                erased_ids = _erased_in_quarantine(state, [e for _, e in rows.quarantined(workshop)])
                rows.erase(sorted(state.erased_ids() | erased_ids))
                _drop_withheld_notes(rows, state)
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
        salt = self.random_bytes(16)
        tip = rows.chain_head(workshop, self.writer)
        now = self._now()
        last = max(
            rows.latest_clock(workshop, now + MAX_CLOCK_AHEAD_MS), (tip.header.at_ms, tip.header.tick) if tip else (0, 0)
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

    def _require_writable(self) -> None:
        if not self.backend.writable:
            raise RecordError("error.record_readonly", path=self.backend.name)

    # ---- merging

    def merge(self, other: Record, workshops: Iterable[str] | None = None) -> MergeResult:
        """Take in what another record holds: the union by id. Doing it again, or in another order, changes nothing.

        Sealed entries come in. Where this record has the workshop's key, unsealed ones wait for a facilitator, and a
        wrong hash, a wrong seal, a forked chain or other content under a known id is set aside for `cowork check`.
        """
        self._require_writable()
        result = MergeResult()
        with other.backend.reading() as their_rows:
            workshop_ids = list(workshops or dict.fromkeys(e.header.workshop for e in their_rows.of_kind("workshop")))
            bundles = [
                (w, their_rows.key(w), [e for _, e in read_all(their_rows, w)], their_rows.credentials(w), their_rows.quarantined(w))
                for w in workshop_ids
            ]
        try:
            for workshop, key, entries, credentials, quarantined in bundles:
                try:
                    with self.backend.writing() as rows:
                        self._merge_workshop(workshop, key, entries, quarantined, rows, result)
                        for _, tag, participant in credentials:
                            if rows.credential_holder(workshop, tag) is None:
                                rows.set_credential(workshop, tag, participant)
                finally:
                    # The state may hold what was then set aside or rolled back: fold anew.
                    self._states.pop(workshop, None)
            if result.erased:
                self.backend.scrub()
        finally:
            for workshop, *_ in bundles:
                self.notify(workshop)
        return result

    def _merge_workshop(
        self,
        workshop: str,
        their_key: bytes | None,
        entries: list[Entry],
        their_quarantined: list[tuple[str, Entry]],
        rows: Transaction,
        result: MergeResult,
    ) -> None:
        key = rows.key(workshop)
        state = self._catch_up(workshop, rows)
        opened = state.opening_entry()
        brought_key = False
        if key is None and their_key is not None and (not opened or not opened.seal or opened.has_valid_seal(their_key)):
            # The operator's own copy brings the key; what is here unsealed was trusted here and stays. A key that
            # does not fit what is here would lock the true entries out for ever.
            rows.set_key(workshop, their_key)
            key, brought_key = their_key, True
        fresh: dict[str, Entry] = {}
        fills: list[Entry] = []
        rejected: list[tuple[str, Entry]] = []
        places: set[tuple[str, int]] = set()
        for entry in entries:
            held = rows.get_entry(entry.id) or fresh.get(entry.id)
            why = self._quarantine_reason(entry, held, key, rows, workshop)
            if not why and held is None and (entry.header.writer, entry.header.seq) in places:
                why = "chain"
            if why:
                rejected.append((why, entry))
                result.quarantined[why] = result.quarantined.get(why, 0) + 1
                continue
            if held is not None:
                result.known += 1
                if held.body is None and entry.body is not None:
                    fills.append(replace(entry, seal=held.seal or entry.seal))
                continue
            fresh[entry.id] = entry
            places.add((entry.header.writer, entry.header.seq))
            state.apply(entry)  # every erasure is known before a single word is written
        for entry in fresh.values():
            rows.insert(entry.without_body() if state.is_body_erased(entry.id) else entry)
        for entry in fills:
            if not state.is_body_erased(entry.id):
                rows.fill_body(entry)
                rows.drop_quarantined([entry.id], WITHHELD)
        _note_withheld(rows, state, [*fresh.values(), *(state.entries.values() if brought_key else ())])
        _drop_withheld_notes(rows, state)
        result.added += len(fresh)
        rejected += [(why, e) for why, e in their_quarantined if why == "unsealed" and rows.get_entry(e.id) is None]
        already_quarantined = rows.quarantined(workshop)
        erased_ids = _erased_in_quarantine(state, [e for _, e in already_quarantined + rejected])
        known = {(why, e.id) for why, e in already_quarantined}
        for why, entry in rejected:
            # What was set aside before stays as it is; what was let in, under another id, does not wait anew.
            if (why, entry.id) in known or (why == "unsealed" and rows.get_entry(_accepted_id(entry.id)) is not None):
                continue
            rows.quarantine(entry.without_body() if entry.id in erased_ids else entry, why)
        words = [i for i in sorted(state.erased_ids()) if (held := rows.get_entry(i)) is not None and held.body is not None]
        words += [e.id for _, e in already_quarantined if e.body is not None and e.id in erased_ids]
        if words:
            rows.erase(words)
        result.erased += len(words)

    def _quarantine_reason(self, entry: Entry, held: Entry | None, key: bytes | None, rows: Transaction, workshop: str) -> str:
        """The reason an entry does not come in, or "" where it does."""
        if entry.header.workshop != workshop or not entry.has_valid_body():
            return "hash"
        if held is not None:
            same = held.header.canonical() == entry.header.canonical()
            return "" if same else "same-id"
        if key is not None and entry.seal is None:
            return "unsealed"
        if key is not None and not entry.has_valid_seal(key):
            return "seal"
        occupant = rows.entry_at(workshop, entry.header.writer, entry.header.seq)
        return "chain" if occupant is not None else ""

    # ---- what waits for a facilitator

    def pending_entries(self, workshop: str) -> list[Entry]:
        """Entries that came without a seal and have not been let in or left out."""
        with self.backend.reading() as rows:
            return [e for why, e in rows.quarantined(workshop) if why == "unsealed" and rows.get_entry(_accepted_id(e.id)) is None]

    def accept_entries(self, workshop: str, ids: Sequence[str], actor: Actor) -> list[Ack]:
        """A facilitator lets waiting entries in, as `import`, their author as a claim. Acts of authority stay out.

        The words come in as they stood in the copy they come from: as last changed there, and not at all where they
        were taken back, hidden, private or erased there.
        """
        state = self.state(workshop)
        if not (actor.operator or "facilitator" in state.roles(actor.id)):
            raise NotAllowed("error.may_not", who="facilitator")
        waiting = self.pending_entries(workshop)
        copy = fold(workshop, [*state.entries.values(), *waiting])
        group_view = ParticipantView(copy, "")
        firsts = [e for e in waiting if e.id in set(ids) and is_contribution(e.kind) and not e.targets("replaces")]
        chosen = [(e, c) for e in firsts if (c := group_view.of_id(e.id)) is not None]
        moved = {entry.id: _accepted_id(entry.id) for entry, _ in chosen}
        drafts: list[Draft] = []
        for entry, contribution in chosen:
            by = entry.header.by
            pairs = [(r, copy.root(t)) for r, t in entry.header.about if r not in ACT_RELATIONS]
            about = tuple((r, moved.get(t, t)) for r, t in pairs if t in moved or t in state.entries)
            voice = derive_id("claimed:" + by)
            if voice not in state.entries and all(d.id != voice for d in drafts):
                claimed = {"by": by, "name": str(copy.profile(by).get("name", ""))}
                drafts.append(Draft(voice, "participant", voice, {"claimed": claimed}, how="import"))
            # No name here: an export could not take it out of the words of somebody who asked not to be named.
            body = {**contribution.entry.data, "fidelity": "imported", "claim": {"by": by}}
            drafts.append(Draft(moved[entry.id], entry.kind, voice, body, about, how="import"))
        return self.append_many(workshop, drafts, Actor(actor.id, operator=True)) if drafts else []

    def reject_entries(self, workshop: str, ids: Sequence[str], actor: Actor) -> None:
        """A facilitator leaves waiting entries out: they are forgotten here."""
        if not (actor.operator or "facilitator" in self.state(workshop).roles(actor.id)):
            raise NotAllowed("error.may_not", who="facilitator")
        already_quarantined = {entry.id for entry in self.pending_entries(workshop)}
        with self.backend.writing() as rows:
            rows.drop_quarantined([entry_id for entry_id in ids if entry_id in already_quarantined], "unsealed")


def _note_withheld(rows: Transaction, state: State, entries: Iterable[Entry]) -> None:
    """Note whose words a copy had left out, so that a check does not take them for lost."""
    known = {entry.id for why, entry in rows.quarantined(state.workshop) if why == WITHHELD}
    for entry in entries:
        if entry.body is None and entry.id not in known and not state.is_body_erased(entry.id):
            rows.quarantine(entry, WITHHELD)


def _drop_withheld_notes(rows: Transaction, state: State) -> None:
    """Drop the notes about words that are erased: an erasure may come in after the entry that it took the words of."""
    noted = [entry.id for why, entry in rows.quarantined(state.workshop) if why == WITHHELD]
    if erased_ids := [entry_id for entry_id in noted if state.is_body_erased(entry_id)]:
        rows.drop_quarantined(erased_ids, WITHHELD)


def read_all(rows: Transaction, workshop: str, after: int = 0) -> Iterator[tuple[int, Entry]]:
    """All that stands behind `after`, however much: `Rows.after` gives only so many at a time."""
    while True:
        batch = rows.entries_after(workshop, after, READ_BATCH)
        yield from batch
        if len(batch) < READ_BATCH:
            return
        after = batch[-1][0]


def _erased_in_quarantine(state: State, quarantined: Sequence[Entry]) -> set[str]:
    """Ids among what was set aside whose words must go: versions of what was erased, also at one remove."""
    erased_ids: set[str] = set()
    more = True
    while more:
        found = {
            e.id
            for e in quarantined
            if state.is_body_erased(e.id)
            or state.is_body_erased(_accepted_id(e.id))
            or any(state.is_erased(i) or i in erased_ids for i in (e.id, *e.targets("replaces")))
        }
        more, erased_ids = found != erased_ids, found
    return erased_ids


def _accepted_id(entry_id: str) -> str:
    return derive_id("let-in:" + entry_id)


def _acknowledge_again(held: Entry, workshop: str, draft: Draft) -> Ack:
    """The acknowledgement again for the same thing; a refusal where the id was used for something else."""
    header = held.header
    same_content = (
        header.workshop == workshop
        and header.by == draft.by
        and header.kind == draft.kind
        and header.about == tuple(draft.about)
        and header.seen_by == draft.seen_by
        and (held.body is None or held.body == body_text(draft.body))
    )
    if not same_content:
        raise IdConflict("error.id_taken", id=draft.id)
    return Ack(held.id, header.at_ms, repeated=True)
