"""The record in plain memory: for tests, a first try and notebooks. Gone when the process ends."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cowork.core.entries import Entry
from cowork.store.record import Record


class _MemoryTransaction:
    """All rows; every method as `keeper.Rows` says."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, Entry]] = []
        self.ids: dict[str, int] = {}
        self.last = 0
        self.set_asides: dict[tuple[str, str], Entry] = {}
        self.keys: dict[str, bytes] = {}
        self.opens: dict[tuple[str, str], str] = {}
        self.wrong: list[tuple[int, str]] = []
        self.makings: list[tuple[str, int, str]] = []

    def _all(self) -> list[Entry]:
        return [entry for _, entry in self.rows]

    def after(self, workshop: str, position: int, limit: int = 100_000) -> list[tuple[int, Entry]]:
        found = [(p, e) for p, e in self.rows if p > position and e.header.workshop == workshop]
        return sorted(found, key=lambda pair: pair[0])[:limit]

    def workshops(self) -> list[str]:
        return list(dict.fromkeys(entry.header.workshop for entry in self._all()))

    def newest(self, workshop: str) -> int:
        return max((p for p, e in self.rows if e.header.workshop == workshop), default=0)

    def get(self, entry_id: str) -> Entry | None:
        return self.rows[self.ids[entry_id]][1] if entry_id in self.ids else None

    def of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self._all() if entry.kind == kind]

    def _chain(self, workshop: str, writer: str) -> list[Entry]:
        chain = [e for e in self._all() if (e.header.workshop, e.header.writer) == (workshop, writer)]
        return sorted(chain, key=lambda entry: entry.header.seq)

    def at(self, workshop: str, writer: str, seq: int) -> Entry | None:
        return next((e for e in self._chain(workshop, writer) if e.header.seq == seq), None)

    def tip(self, workshop: str, writer: str) -> Entry | None:
        chain = self._chain(workshop, writer)
        return chain[-1] if chain else None

    def clock(self, workshop: str, up_to_ms: int) -> tuple[int, int]:
        times = [(e.header.at_ms, e.header.tick) for e in self._all() if e.header.workshop == workshop]
        return max((t for t in times if t[0] <= up_to_ms), default=(0, 0))

    def insert(self, entry: Entry) -> int:
        self.last += 1
        self.ids[entry.id] = len(self.rows)
        self.rows.append((self.last, entry))
        return self.last

    def fill(self, entry: Entry) -> None:
        self.last += 1
        self.rows[self.ids[entry.id]] = (self.last, entry)

    def erase(self, ids: list[str]) -> None:
        for entry_id in ids:
            if entry_id in self.ids:
                position, entry = self.rows[self.ids[entry_id]]
                self.rows[self.ids[entry_id]] = (position, entry.without_words())
        for name, entry in list(self.set_asides.items()):
            if entry.id in ids:
                self.set_asides[name] = entry.without_words()

    def set_aside(self, entry: Entry, why: str) -> None:
        self.set_asides[(entry.id, why)] = entry

    def aside(self, workshop: str | None = None) -> list[tuple[str, Entry]]:
        return [(w, e) for (_, w), e in self.set_asides.items() if workshop in (None, e.header.workshop)]

    def drop_aside(self, ids: list[str], why: str) -> None:
        self.set_asides = {name: e for name, e in self.set_asides.items() if e.id not in ids or name[1] != why}

    def key(self, workshop: str) -> bytes | None:
        return self.keys.get(workshop)

    def set_key(self, workshop: str, key: bytes) -> None:
        self.keys[workshop] = key

    def doors(self, workshop: str | None = None) -> list[tuple[str, str, str]]:
        return [(w, tag, who) for (w, tag), who in self.opens.items() if workshop in (None, w)]

    def door(self, workshop: str, tag: str) -> str | None:
        return self.opens.get((workshop, tag))

    def set_door(self, workshop: str, tag: str, participant: str) -> None:
        self.opens[(workshop, tag)] = participant

    def tries(self, since_ms: int, source: str | None = None) -> int:
        return sum(at >= since_ms and source in (None, of) for at, of in self.wrong)

    def add_try(self, at_ms: int, source: str = "") -> None:
        self.wrong = [*(one for one in self.wrong if one[0] >= at_ms - 86_400_000), (at_ms, source)]

    def made(self, what: str, since_ms: int, source: str | None = None) -> int:
        return sum(of == what and at >= since_ms and source in (None, by) for of, at, by in self.makings)

    def add_made(self, what: str, at_ms: int, source: str = "") -> None:
        self.makings = [*(one for one in self.makings if one[1] >= at_ms - 86_400_000), (what, at_ms, source)]


class MemoryBackend:
    """One process, one lock; a write that fails leaves everything as it was."""

    writable = True
    name = "memory"

    def __init__(self) -> None:
        self._rows = _MemoryTransaction()
        self._lock = threading.RLock()

    @contextmanager
    def writing(self) -> Iterator[_MemoryTransaction]:
        with self._lock:
            before = copy.copy(self._rows.__dict__)
            kept = {name: copy.copy(value) for name, value in before.items()}
            try:
                yield self._rows
            except BaseException:
                self._rows.__dict__.update(kept)
                raise

    @contextmanager
    def reading(self) -> Iterator[_MemoryTransaction]:
        with self._lock:
            yield self._rows

    def version(self) -> object:
        return object()  # reading costs nothing here

    def scrub(self) -> bool:
        return True

    def scrubbing(self) -> bool:
        return False

    def noticed(self) -> None:
        """There is no log."""

    def settle(self) -> None:
        """There is no log."""

    def checkpoint(self, *, whole: bool = False) -> bool:
        return True

    def faults(self) -> list[str]:
        return []

    def cut_off(self) -> int:
        return 0

    def close(self) -> None:
        """Nothing to close."""


def memory_record(**options: object) -> Record:
    """A fresh record in memory."""
    return Record(MemoryBackend(), **options)  # type: ignore[arg-type]
