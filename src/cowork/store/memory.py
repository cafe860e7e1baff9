"""A record in memory, for tests, demos and notebooks. It is lost when the process ends."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cowork.core.entries import Entry
from cowork.store.record import Record


class _MemoryTransaction:
    """All rows in lists and dicts; the methods are those of `backend.Transaction`."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, Entry]] = []
        self.ids: dict[str, int] = {}
        self.last = 0
        self._quarantine: dict[tuple[str, str], Entry] = {}
        self.keys: dict[str, bytes] = {}
        self._credentials: dict[tuple[str, str], str] = {}
        self._attempts: list[tuple[str, int, str]] = []  # wrong codes and creations: (what, when, source)

    def _all(self) -> list[Entry]:
        return [entry for _, entry in self.rows]

    def entries_after(self, workshop: str, position: int, limit: int = 100_000) -> list[tuple[int, Entry]]:
        found = [(p, entry) for p, entry in self.rows if p > position and entry.header.workshop == workshop]
        return sorted(found, key=lambda pair: pair[0])[:limit]

    def workshops(self) -> list[str]:
        return list(dict.fromkeys(entry.header.workshop for entry in self._all()))

    def last_position(self, workshop: str) -> int:
        return max((position for position, entry in self.rows if entry.header.workshop == workshop), default=0)

    def get_entry(self, entry_id: str) -> Entry | None:
        return self.rows[self.ids[entry_id]][1] if entry_id in self.ids else None

    def of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self._all() if entry.kind == kind]

    def _chain(self, workshop: str, writer: str) -> list[Entry]:
        chain = [entry for entry in self._all() if (entry.header.workshop, entry.header.writer) == (workshop, writer)]
        return sorted(chain, key=lambda entry: entry.header.seq)

    def entry_at(self, workshop: str, writer: str, seq: int) -> Entry | None:
        return next((entry for entry in self._chain(workshop, writer) if entry.header.seq == seq), None)

    def chain_head(self, workshop: str, writer: str) -> Entry | None:
        chain = self._chain(workshop, writer)
        return chain[-1] if chain else None

    def latest_clock(self, workshop: str, up_to_ms: int) -> tuple[int, int]:
        times = [(entry.header.at_ms, entry.header.tick) for entry in self._all() if entry.header.workshop == workshop]
        return max((time for time in times if time[0] <= up_to_ms), default=(0, 0))

    def insert(self, entry: Entry) -> int:
        self.last += 1
        self.ids[entry.id] = len(self.rows)
        self.rows.append((self.last, entry))
        return self.last

    def fill_body(self, entry: Entry) -> None:
        self.last += 1
        self.rows[self.ids[entry.id]] = (self.last, entry)

    def erase(self, ids: list[str]) -> None:
        for entry_id in ids:
            if entry_id in self.ids:
                position, entry = self.rows[self.ids[entry_id]]
                self.rows[self.ids[entry_id]] = (position, entry.without_body())
        for name, entry in list(self._quarantine.items()):
            if entry.id in ids:
                self._quarantine[name] = entry.without_body()

    def quarantine(self, entry: Entry, why: str) -> None:
        self._quarantine[(entry.id, why)] = entry

    def quarantined(self, workshop: str | None = None) -> list[tuple[str, Entry]]:
        return [(w, entry) for (_, w), entry in self._quarantine.items() if workshop in (None, entry.header.workshop)]

    def drop_quarantined(self, ids: list[str], why: str) -> None:
        self._quarantine = {
            name: entry for name, entry in self._quarantine.items() if entry.id not in ids or name[1] != why
        }

    def key(self, workshop: str) -> bytes | None:
        return self.keys.get(workshop)

    def set_key(self, workshop: str, key: bytes) -> None:
        self.keys[workshop] = key

    def credentials(self, workshop: str | None = None) -> list[tuple[str, str, str]]:
        return [(w, tag, participant) for (w, tag), participant in self._credentials.items() if workshop in (None, w)]

    def credential_holder(self, workshop: str, tag: str) -> str | None:
        return self._credentials.get((workshop, tag))

    def set_credential(self, workshop: str, tag: str, participant: str) -> None:
        self._credentials[(workshop, tag)] = participant

    def wrong_codes(self, since_ms: int, source: str | None = None) -> int:
        return self._count_attempts("wrong code", since_ms, source)

    def add_wrong_code(self, at_ms: int, source: str = "") -> None:
        self._add_attempt("wrong code", at_ms, source)

    def creations(self, what: str, since_ms: int, source: str | None = None) -> int:
        return self._count_attempts(what, since_ms, source)

    def add_creation(self, what: str, at_ms: int, source: str = "") -> None:
        self._add_attempt(what, at_ms, source)

    def _count_attempts(self, what: str, since_ms: int, source: str | None) -> int:
        return sum(of == what and at >= since_ms and source in (None, by) for of, at, by in self._attempts)

    def _add_attempt(self, what: str, at_ms: int, source: str) -> None:
        recent = (attempt for attempt in self._attempts if attempt[1] >= at_ms - 86_400_000)
        self._attempts = [*recent, (what, at_ms, source)]


class MemoryBackend:
    """Storage of one process, with one lock; a write that fails is rolled back."""

    writable = True
    name = "memory"

    def __init__(self) -> None:
        self._rows = _MemoryTransaction()
        self._lock = threading.RLock()

    @contextmanager
    def writing(self) -> Iterator[_MemoryTransaction]:
        with self._lock:
            before = copy.copy(self._rows.__dict__)
            snapshot = {name: copy.copy(value) for name, value in before.items()}
            try:
                yield self._rows
            except BaseException:
                self._rows.__dict__.update(snapshot)
                raise

    @contextmanager
    def reading(self) -> Iterator[_MemoryTransaction]:
        with self._lock:
            yield self._rows

    def version(self) -> object:
        return object()  # reading costs nothing here

    def scrub(self) -> bool:
        return True

    def needs_scrub(self) -> bool:
        return False

    def note_commit(self) -> None:
        """There is no log."""

    def checkpoint_if_due(self) -> None:
        """There is no log."""

    def checkpoint(self, *, whole: bool = False) -> bool:
        return True

    def faults(self) -> list[str]:
        return []

    def lost_entries(self) -> int:
        return 0

    def close(self) -> None:
        """Nothing to close."""


def memory_record(**options: object) -> Record:
    """A fresh record in memory."""
    return Record(MemoryBackend(), **options)  # type: ignore[arg-type]
