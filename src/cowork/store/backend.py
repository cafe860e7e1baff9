"""The interface between `Record` and its storage: a file, a database server or plain memory.

The contract, tested by one suite for every backend:
- `writing()` is exclusive among all processes and durable when it exits: nothing is acknowledged before.
- Positions are assigned inside `writing()` and grow in commit order, without gaps for a reader. A server that assigns
  sequence numbers before the commit needs a lock around the whole append, or a reader skips a late commit.
- `reading()` leaves no transaction open when it exits: an open one would keep erased words in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from cowork.core.entries import Entry

#: Entries per read: more than any workshop has had, and a bound on the memory that one read takes.
READ_BATCH = 100_000


class Transaction(Protocol):
    """One exclusive write, or one read."""

    def entries_after(self, workshop: str, position: int, limit: int = 100_000) -> list[tuple[int, Entry]]:
        """(position, entry) in commit order, from behind `position`."""

    def workshops(self) -> list[str]:
        """The ids of all workshops with an entry, in the order of their first; the opening entry may be absent."""

    def last_position(self, workshop: str) -> int:
        """The last position of a workshop; 0 for an unknown one."""

    def get_entry(self, entry_id: str) -> Entry | None: ...

    def of_kind(self, kind: str) -> list[Entry]:
        """Entries of one kind across all workshops, in commit order (used for `workshop` entries: they are few)."""

    def entry_at(self, workshop: str, writer: str, seq: int) -> Entry | None:
        """The entry at one place of a writer's chain."""

    def chain_head(self, workshop: str, writer: str) -> Entry | None:
        """The last entry of a writer's chain."""

    def latest_clock(self, workshop: str, up_to_ms: int) -> tuple[int, int]:
        """The highest (at_ms, tick) not later than `up_to_ms`; (0, 0) where there is none."""

    def insert(self, entry: Entry) -> int: ...

    def fill_body(self, entry: Entry) -> None:
        """Store a body that was withheld before, at a new position, so that readers see it."""

    def erase(self, ids: list[str]) -> None:
        """Erase body and salt of these entries, in the workshop and in quarantine."""

    def quarantine(self, entry: Entry, why: str) -> None:
        """Keep an entry out, with a reason: "unsealed" waits for a facilitator, the rest for a check.

        "kept-back" is different: the entry came in without its body, which a copy had withheld. A check then knows that
        the body was not lost here.
        """

    def quarantined(self, workshop: str | None = None) -> list[tuple[str, Entry]]:
        """(reason, entry) of what is in quarantine."""

    def drop_quarantined(self, ids: list[str], why: str) -> None: ...

    def key(self, workshop: str) -> bytes | None: ...

    def set_key(self, workshop: str, key: bytes) -> None: ...

    def credentials(self, workshop: str | None = None) -> list[tuple[str, str, str]]:
        """(workshop, tag, participant): the tag of each secret and the participant it belongs to."""

    def credential_holder(self, workshop: str, tag: str) -> str | None: ...

    def set_credential(self, workshop: str, tag: str, participant: str) -> None: ...

    def wrong_codes(self, since_ms: int, source: str | None = None) -> int:
        """How many wrong codes came since then, from all or from one source. Those older than a day may be deleted."""

    def add_wrong_code(self, at_ms: int, source: str = "") -> None: ...

    def creations(self, what: str, since_ms: int, source: str | None = None) -> int:
        """How many workshops the landing page created since then (`creation_quotas`), for all or for one source.

        Those older than a day may be deleted.
        """

    def add_creation(self, what: str, at_ms: int, source: str = "") -> None: ...


class StorageBackend(Protocol):
    writable: bool
    name: str

    def writing(self) -> AbstractContextManager[Transaction]: ...

    def reading(self) -> AbstractContextManager[Transaction]: ...

    def version(self) -> object:
        """A value that equals an earlier one only if no process has committed in between.

        It may differ for no reason. Much cheaper than reading.
        """

    def scrub(self) -> bool:
        """Remove erased words from the disk. False while a reader prevents it: try again later."""

    def needs_scrub(self) -> bool:
        """True while erased words may still be on the disk."""

    def note_commit(self) -> None:
        """Note that a process has committed: `checkpoint_if_due` counts from here."""

    def checkpoint_if_due(self) -> None:
        """Move what was committed a while ago into the file itself, for whoever copies it. Cheap if nothing is due."""

    def checkpoint(self, *, whole: bool = False) -> bool:
        """Do that now. `whole`: no log remains beside the record. False while a reader prevents it."""

    def lost_entries(self) -> int:
        """How many of the newest entries are lost."""

    def faults(self) -> list[str]:
        """The faults that the backend finds in its own pages."""

    def close(self) -> None: ...


def read_all(rows: Transaction, workshop: str, after: int = 0) -> Iterator[tuple[int, Entry]]:
    """Every entry of a workshop behind position `after`; `Transaction.entries_after` returns one batch at a time."""
    while True:
        batch = rows.entries_after(workshop, after, READ_BATCH)
        yield from batch
        if len(batch) < READ_BATCH:
            return
        after = batch[-1][0]


def count_in_window(count_since: Callable[[int], int], now_ms: int, window_ms: int) -> int:
    """Count what happened in the time window before now.

    Times far in the future, from before a clock was corrected, do not count: they would block everybody until then.
    """
    return count_since(now_ms - window_ms) - count_since(now_ms + window_ms)
