"""The record: it appends, reads and merges entries, and is the only place that makes them.

An append is one exclusive write: catch up with what others wrote, check the permission (`check_permission`), read the
clock, hash, chain, seal, insert, commit. Nothing is acknowledged before the commit.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from cowork.core.access.participant_view import ParticipantView
from cowork.core.access.permissions import ACT_RELATIONS, check_permission
from cowork.core.elements import is_contribution
from cowork.core.entries import Ack, Actor, Draft, Entry, Header, body_hash, body_text
from cowork.core.errors import IdConflict, NotAllowed, RecordError, UnknownCode
from cowork.core.fold import State, fold
from cowork.core.ids import derive_id, normalise_workshop_code, uuid7
from cowork.store.backend import StorageBackend, Transaction, read_all
from cowork.store.merge import MergeResult, WorkshopMerge, accepted_id, drop_withheld_notes, erased_in_quarantine
from cowork.store.notify import Notifier

log = logging.getLogger("cowork.store")

#: An entry whose clock is further ahead than this never moves our clock.
MAX_CLOCK_AHEAD_MS = 5 * 60 * 1000


class Record:
    """All workshops of one storage backend. One per process; a fork makes its own writer and its own connections."""

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
        self._read_versions: dict[str, object] = {}  # the backend's version when a state was last caught up

    # ---- clock, ids and the writer of this process

    def now_ms(self) -> int:
        return self._now()

    def new_id(self) -> str:
        return uuid7(self._now(), self.random_bytes(10))

    @property
    def writer(self) -> str:
        """This process's writer id, made at its first append and never shared: a fork must not fork a chain."""
        if self._writer[0] != os.getpid() or not self._writer[1]:
            self._writer = (os.getpid(), self.random_bytes(8).hex())
        return self._writer[1]

    def close(self, *, whole: bool = False) -> None:
        """Close the backend. `whole`: first move everything into the one file, unless another process prevents that."""
        try:
            if whole:
                self.backend.scrub()
                self.backend.checkpoint(whole=True)
        finally:
            self.backend.close()

    # ---- reading

    def read_entries(self, workshop: str, after: int = 0) -> list[tuple[int, Entry]]:
        """(position, entry) of a workshop in commit order, behind position `after`."""
        with self.backend.reading() as rows:
            return list(read_all(rows, workshop, after))

    def last_position(self, workshop: str) -> int:
        with self.backend.reading() as rows:
            return rows.last_position(workshop)

    def state(self, workshop: str) -> State:
        """The fold of a workshop, caught up with the record. The same object each time; read only."""
        version = self.backend.version()  # asked before reading: what is committed in between counts next time
        cached = self.cached_state(workshop)
        if cached is not None and self._read_versions.get(workshop) == version:
            return cached
        with self.backend.reading() as rows:
            state = self._catch_up(workshop, rows)
        self._read_versions[workshop] = version
        return state

    def _catch_up(self, workshop: str, rows: Transaction) -> State:
        position_read, state = self._states.get(workshop, (0, State(workshop)))
        for position, entry in read_all(rows, workshop, position_read):
            state.apply(entry)
            position_read = position
        self._states[workshop] = (position_read, state)
        return state

    def read_position(self, workshop: str) -> int:
        """How far this process has read."""
        return self._states.get(workshop, (0, None))[0]

    def cached_state(self, workshop: str) -> State | None:
        """The state as this process last read it, without reading."""
        return self._states.get(workshop, (0, None))[1]

    def workshops(self) -> list[State]:
        """Every workshop of the record, in the order they were opened or merged."""
        return [
            self.state(workshop)
            for workshop in dict.fromkeys(entry.header.workshop for entry in self.opening_entries())
        ]

    def opening_entries(self) -> list[Entry]:
        """The entries that opened the workshops. Folds nothing: the landing page asks this for every visitor."""
        with self.backend.reading() as rows:
            return rows.of_kind("workshop")

    def find_workshop(self, code: str) -> str:
        """The id of the workshop with this code. Raises UnknownCode. `credentials` limits guessing."""
        wanted = normalise_workshop_code(code)
        for entry in self.opening_entries():
            if wanted and normalise_workshop_code(str(entry.data.get("code", ""))) == wanted:
                return entry.header.workshop
        raise UnknownCode("error.unknown_workshop", code=code)

    def has_key(self, workshop: str) -> bool:
        with self.backend.reading() as rows:
            return rows.key(workshop) is not None

    # ---- writing

    def open_workshop(self, draft: Draft, actor: Actor) -> Ack:
        """Append the opening entry of a workshop, whose id becomes the workshop's, and make its key."""
        self._require_writable()
        with self._writing(draft.id) as rows:
            if rows.key(draft.id) is None and rows.get_entry(draft.id) is None:
                rows.set_key(draft.id, self.random_bytes(32))
            return self._append(draft.id, [draft], actor, rows)[0]

    def append(self, workshop: str, draft: Draft, actor: Actor) -> Ack:
        """Append one entry and return once it is on disk. Raises CoworkError, with a sentence for the person."""
        return self.append_many(workshop, [draft], actor)[0]

    def append_many(self, workshop: str, drafts: Sequence[Draft], actor: Actor) -> list[Ack]:
        """Append several entries, all or none."""
        self._require_writable()
        with self._writing(workshop) as rows:
            acks = self._append(workshop, drafts, actor, rows)
        try:
            if any(draft.kind == "erasure" for draft in drafts):
                self.backend.scrub()
        finally:
            self.notify(workshop)  # after the scrub: whoever is notified reads, and a reader holds an erasure up
        return acks

    def notify(self, workshop: str) -> None:
        """Notify every process that follows the workshop, after a commit. A failure here does not fail the write."""
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
            known = rows.get_entry(draft.id)
            if known is not None:
                acks.append(_acknowledge_again(known, workshop, draft))
                continue
            check_permission(state, actor, draft)
            entry = self._entry(workshop, draft, state, key, rows)
            position = rows.insert(entry)
            state.apply(entry)
            self._states[workshop] = (position, state)
            if draft.kind == "erasure":
                erased_ids = erased_in_quarantine(state, [entry for _, entry in rows.quarantined(workshop)])
                rows.erase(sorted(state.erased_ids() | erased_ids))
                drop_withheld_notes(rows, state)
            acks.append(Ack(entry.id, entry.header.at_ms))
        return acks

    @contextmanager
    def _writing(self, workshop: str) -> Iterator[Transaction]:
        """One exclusive write. A write that fails drops the cached state, which holds what was folded inside it."""
        try:
            with self.backend.writing() as rows:
                yield rows
        except BaseException:
            self._states.pop(workshop, None)
            raise

    def _entry(self, workshop: str, draft: Draft, state: State, key: bytes | None, rows: Transaction) -> Entry:
        body = body_text(draft.body)
        salt = self.random_bytes(16)
        chain_head = rows.chain_head(workshop, self.writer)
        now = self._now()
        last = max(
            rows.latest_clock(workshop, now + MAX_CLOCK_AHEAD_MS),
            (chain_head.header.at_ms, chain_head.header.tick) if chain_head else (0, 0),
        )
        at_ms, tick = (now, 0) if now > last[0] else (last[0], last[1] + 1)
        header = Header(
            id=draft.id,
            workshop=workshop,
            writer=self.writer,
            seq=chain_head.header.seq + 1 if chain_head else 1,
            prev=chain_head.header.digest() if chain_head else "",
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
        """Merge another record into this one: the union by id. A second merge, or another order, changes nothing.

        Sealed entries come in. Where this record has the workshop's key, unsealed entries wait for a facilitator. An
        entry with a wrong hash, a wrong seal, a forked chain or a known id goes into quarantine for `cowork check`.
        """
        self._require_writable()
        result = MergeResult()
        with other.backend.reading() as their_rows:
            workshop_ids = list(
                workshops or dict.fromkeys(entry.header.workshop for entry in their_rows.of_kind("workshop"))
            )
            bundles = [
                (
                    workshop,
                    their_rows.key(workshop),
                    [entry for _, entry in read_all(their_rows, workshop)],
                    their_rows.credentials(workshop),
                    their_rows.quarantined(workshop),
                )
                for workshop in workshop_ids
            ]
        try:
            for workshop, key, entries, credentials, quarantined in bundles:
                try:
                    with self.backend.writing() as rows:
                        state = self._catch_up(workshop, rows)
                        WorkshopMerge(rows, state, result).add(key, entries, quarantined)
                        for _, tag, participant in credentials:
                            if rows.credential_holder(workshop, tag) is None:
                                rows.set_credential(workshop, tag, participant)
                finally:
                    # The state may hold entries that were then quarantined or rolled back: fold anew.
                    self._states.pop(workshop, None)
            if result.erased:
                self.backend.scrub()
        finally:
            for workshop, *_ in bundles:
                self.notify(workshop)
        return result

    # ---- unsealed entries, for a facilitator to accept or reject

    def pending_entries(self, workshop: str) -> list[Entry]:
        """Unsealed entries in quarantine that no facilitator has accepted or rejected yet."""
        with self.backend.reading() as rows:
            return [
                entry
                for reason, entry in rows.quarantined(workshop)
                if reason == "unsealed" and rows.get_entry(accepted_id(entry.id)) is None
            ]

    def accept_entries(self, workshop: str, ids: Sequence[str], actor: Actor) -> list[Ack]:
        """Accept pending entries as `import`, with their author as a claim. Acts of authority are never accepted.

        The words come in as last changed in the copy they come from, and not at all where they were withdrawn, hidden,
        private or erased there. Raises NotAllowed for anybody but a facilitator and the operator.
        """
        state = self.state(workshop)
        if not (actor.operator or "facilitator" in state.roles(actor.id)):
            raise NotAllowed("error.may_not", who="facilitator")
        pending = self.pending_entries(workshop)
        folded_copy = fold(workshop, [*state.entries.values(), *pending])
        group_view = ParticipantView(folded_copy, "")
        accepted = [entry for entry in pending if entry.id in set(ids) and not entry.targets("replaces")]
        texts = [(entry, group_view.of_id(entry.id)) for entry in accepted if is_contribution(entry.kind)]
        chosen = [(entry, contribution) for entry, contribution in texts if contribution is not None]
        moved = {entry.id: accepted_id(entry.id) for entry, _ in chosen}
        drafts: list[Draft] = []
        for entry, contribution in chosen:
            by = entry.header.by
            pairs = [
                (relation, folded_copy.root(target))
                for relation, target in entry.header.about
                if relation not in ACT_RELATIONS
            ]
            about = tuple(
                (relation, moved.get(target, target))
                for relation, target in pairs
                if target in moved or target in state.entries
            )
            voice = derive_id("claimed:" + by)
            if voice not in state.entries and all(draft.id != voice for draft in drafts):
                claimed = {"by": by, "name": str(folded_copy.profile(by).get("name", ""))}
                drafts.append(Draft(voice, "participant", voice, {"claimed": claimed}, how="import"))
            # No name here: an export could not take it out of the words of somebody who asked not to be named.
            body = {**contribution.entry.data, "fidelity": "imported", "claim": {"by": by}}
            drafts.append(Draft(moved[entry.id], entry.kind, voice, body, about, how="import"))
        return self.append_many(workshop, drafts, Actor(actor.id, operator=True)) if drafts else []

    def reject_entries(self, workshop: str, ids: Sequence[str], actor: Actor) -> None:
        """Reject pending entries: the record forgets them. Raises NotAllowed like `accept_entries`."""
        if not (actor.operator or "facilitator" in self.state(workshop).roles(actor.id)):
            raise NotAllowed("error.may_not", who="facilitator")
        pending = {entry.id for entry in self.pending_entries(workshop)}
        with self.backend.writing() as rows:
            rows.drop_quarantined([entry_id for entry_id in ids if entry_id in pending], "unsealed")


def _acknowledge_again(held: Entry, workshop: str, draft: Draft) -> Ack:
    """The acknowledgement of a repeated draft; raises IdConflict where the id has other content."""
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
