"""The merge of one workshop into a record: the union by id, and the quarantine of what may not come in.

Reasons of the quarantine: "unsealed" (waits for a facilitator), "hash", "seal", "chain" and "same-id" (for a check),
and `WITHHELD` (a note about an entry that came without its body).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.ids import derive_id
from cowork.store.backend import Transaction

#: The reason under which an entry is noted whose body was withheld where it comes from. The entry itself did come in.
WITHHELD = "kept-back"


@dataclass
class MergeResult:
    """Counts of what a merge did. `quarantined` counts by reason the entries that did not come in."""

    added: int = 0
    known: int = 0
    erased: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)


class WorkshopMerge:
    """The merge of one workshop inside one exclusive write. `state` is caught up with `rows`, and is dropped after."""

    def __init__(self, rows: Transaction, state: State, result: MergeResult) -> None:
        self.rows = rows
        self.state = state
        self.result = result
        self.key = rows.key(state.workshop)
        self.added: dict[str, Entry] = {}
        self.bodies: list[Entry] = []
        self.rejected: list[tuple[str, Entry]] = []

    def add(self, their_key: bytes | None, entries: list[Entry], their_quarantined: list[tuple[str, Entry]]) -> None:
        """Merge the entries of another record, and take over the unsealed ones that wait in its quarantine."""
        brought_key = self._take_key(their_key)
        self._sort(entries)
        for entry in self.added.values():
            self.rows.insert(entry.without_body() if self.state.is_body_erased(entry.id) else entry)
        for entry in self.bodies:
            if not self.state.is_body_erased(entry.id):
                self.rows.fill_body(entry)
                self.rows.drop_quarantined([entry.id], WITHHELD)
        all_entries = self.state.entries.values() if brought_key else ()
        note_withheld(self.rows, self.state, [*self.added.values(), *all_entries])
        drop_withheld_notes(self.rows, self.state)
        self.result.added += len(self.added)
        waiting = [(reason, entry) for reason, entry in their_quarantined if reason == "unsealed"]
        self.rejected += [(reason, entry) for reason, entry in waiting if self.rows.get_entry(entry.id) is None]
        self._quarantine_and_erase()

    def _take_key(self, their_key: bytes | None) -> bool:
        """Take the workshop's key from the operator's own copy where this record has none."""
        opening = self.state.opening_entry()
        if self.key is not None or their_key is None:
            return False
        if opening and opening.seal and not opening.has_valid_seal(their_key):
            return False  # a key that does not fit what is here would lock the true entries out for ever
        # What is here unsealed was trusted here and stays.
        self.rows.set_key(self.state.workshop, their_key)
        self.key = their_key
        return True

    def _sort(self, entries: list[Entry]) -> None:
        """Sort entries into those to add, those whose body fills a gap, and those to quarantine."""
        chain_places: set[tuple[str, int]] = set()
        for entry in entries:
            known = self.rows.get_entry(entry.id) or self.added.get(entry.id)
            reason = self._quarantine_reason(entry, known)
            if not reason and known is None and (entry.header.writer, entry.header.seq) in chain_places:
                reason = "chain"
            if reason:
                self.rejected.append((reason, entry))
                self.result.quarantined[reason] = self.result.quarantined.get(reason, 0) + 1
            elif known is not None:
                self.result.known += 1
                if known.body is None and entry.body is not None:
                    self.bodies.append(replace(entry, seal=known.seal or entry.seal))
            else:
                self.added[entry.id] = entry
                chain_places.add((entry.header.writer, entry.header.seq))
                self.state.apply(entry)  # every erasure is known before a single word is written

    def _quarantine_reason(self, entry: Entry, known: Entry | None) -> str:
        """Why an entry may not come in, or "" where it may."""
        if entry.header.workshop != self.state.workshop or not entry.has_valid_body():
            return "hash"
        if known is not None:
            return "" if known.header.canonical() == entry.header.canonical() else "same-id"
        if self.key is not None and entry.seal is None:
            return "unsealed"
        if self.key is not None and not entry.has_valid_seal(self.key):
            return "seal"
        occupant = self.rows.entry_at(self.state.workshop, entry.header.writer, entry.header.seq)
        return "chain" if occupant is not None else ""

    def _quarantine_and_erase(self) -> None:
        before = self.rows.quarantined(self.state.workshop)
        erased_ids = erased_in_quarantine(self.state, [entry for _, entry in before + self.rejected])
        known = {(reason, entry.id) for reason, entry in before}
        for reason, entry in self.rejected:
            # What is in quarantine already stays as it is; what was accepted, under another id, does not wait again.
            accepted = reason == "unsealed" and self.rows.get_entry(accepted_id(entry.id)) is not None
            if (reason, entry.id) not in known and not accepted:
                self.rows.quarantine(entry.without_body() if entry.id in erased_ids else entry, reason)
        to_erase = [entry_id for entry_id in sorted(self.state.erased_ids()) if self._has_body(entry_id)]
        to_erase += [entry.id for _, entry in before if entry.body is not None and entry.id in erased_ids]
        if to_erase:
            self.rows.erase(to_erase)
        self.result.erased += len(to_erase)

    def _has_body(self, entry_id: str) -> bool:
        entry = self.rows.get_entry(entry_id)
        return entry is not None and entry.body is not None


def note_withheld(rows: Transaction, state: State, entries: Iterable[Entry]) -> None:
    """Note the entries whose bodies a copy had withheld, so that a check does not report them as lost."""
    known = {entry.id for reason, entry in rows.quarantined(state.workshop) if reason == WITHHELD}
    for entry in entries:
        if entry.body is None and entry.id not in known and not state.is_body_erased(entry.id):
            rows.quarantine(entry, WITHHELD)


def drop_withheld_notes(rows: Transaction, state: State) -> None:
    """Drop the notes about erased bodies: an erasure may come in after the entry whose body it erased."""
    noted = [entry.id for reason, entry in rows.quarantined(state.workshop) if reason == WITHHELD]
    if erased_ids := [entry_id for entry_id in noted if state.is_body_erased(entry_id)]:
        rows.drop_quarantined(erased_ids, WITHHELD)


def erased_in_quarantine(state: State, quarantined: Sequence[Entry]) -> set[str]:
    """Ids in quarantine whose bodies must be erased: versions of an erased text, also at one remove."""
    erased_ids: set[str] = set()
    has_more = True
    while has_more:
        found = {
            entry.id
            for entry in quarantined
            if state.is_body_erased(entry.id)
            or state.is_body_erased(accepted_id(entry.id))
            or any(
                state.is_erased(entry_id) or entry_id in erased_ids
                for entry_id in (entry.id, *entry.targets("replaces"))
            )
        }
        has_more, erased_ids = found != erased_ids, found
    return erased_ids


def accepted_id(entry_id: str) -> str:
    """The id under which an unsealed entry is accepted: always the same, so a second acceptance adds nothing."""
    return derive_id("let-in:" + entry_id)
