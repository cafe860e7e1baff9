"""What a keeper of the record has to do: the few things `Record` asks of a file, a server or plain memory.

The promise, held by one contract suite for every keeper:
- `writing()` is exclusive among all processes and durable when it is left: nothing is acknowledged before.
- Positions are given inside `writing()` and grow in commit order, without gaps for a reader. On a server that gives
  sequence numbers before commit this needs a lock around the whole append, else a reader skips a late commit.
- `reading()` keeps no transaction open after it is left: an open one would keep erased words in the log.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from cowork.core.entries import Entry


class Transaction(Protocol):
    """One exclusive write, or one read."""

    def entries_after(self, workshop: str, position: int, limit: int = 100_000) -> list[tuple[int, Entry]]:
        """(position, entry) in commit order, from behind `position`."""

    def workshops(self) -> list[str]:
        """Every workshop of which anything is here, its opening or not, as they first came."""

    def last_position(self, workshop: str) -> int:
        """The last position of a workshop, 0 where there is none."""

    def get_entry(self, entry_id: str) -> Entry | None: ...

    def of_kind(self, kind: str) -> list[Entry]:
        """Entries of one kind across all workshops, in commit order (used for `workshop` entries: they are few)."""

    def entry_at(self, workshop: str, writer: str, seq: int) -> Entry | None:
        """The entry at one place of a chain."""

    def chain_head(self, workshop: str, writer: str) -> Entry | None:
        """The last entry of a writer's chain."""

    def latest_clock(self, workshop: str, up_to_ms: int) -> tuple[int, int]:
        """The highest (at_ms, tick) not later than `up_to_ms`; (0, 0) where there is none."""

    def insert(self, entry: Entry) -> int: ...

    def fill_body(self, entry: Entry) -> None:
        """A body that had been kept back arrives: same row, new position, so that readers meet it."""

    def erase(self, ids: list[str]) -> None:
        """Body and salt of these are gone, here and among what was set aside."""

    def quarantine(self, entry: Entry, why: str) -> None:
        """Keep an entry that may not come in: "unsealed" waits for a facilitator, the rest is for `cowork check`.

        Why "kept-back" is none of these: the entry came in without its words, which a copy had left out. A check then
        knows that nobody took them away here.
        """

    def quarantined(self, workshop: str | None = None) -> list[tuple[str, Entry]]:
        """(why, entry) of what was set aside."""

    def drop_quarantined(self, ids: list[str], why: str) -> None: ...

    def key(self, workshop: str) -> bytes | None: ...

    def set_key(self, workshop: str, key: bytes) -> None: ...

    def credentials(self, workshop: str | None = None) -> list[tuple[str, str, str]]:
        """(workshop, tag, participant): which secret, known by its tag only, opens for whom."""

    def credential_holder(self, workshop: str, tag: str) -> str | None: ...

    def set_credential(self, workshop: str, tag: str, participant: str) -> None: ...

    def wrong_codes(self, since_ms: int, source: str | None = None) -> int:
        """Wrong codes since then, of all or of one source. Those older than a day may be forgotten."""

    def add_wrong_code(self, at_ms: int, source: str = "") -> None: ...

    def creations(self, what: str, since_ms: int, source: str | None = None) -> int:
        """How many of something the front door made since then (`quotas`), for all or for one source.

        Those older than a day may be forgotten.
        """

    def add_creation(self, what: str, at_ms: int, source: str = "") -> None: ...


class StorageBackend(Protocol):
    writable: bool
    name: str

    def writing(self) -> AbstractContextManager[Transaction]: ...

    def reading(self) -> AbstractContextManager[Transaction]: ...

    def version(self) -> object:
        """Equal to an earlier answer only if nobody has committed in between, in this process or another.

        It may differ for no reason. Much cheaper than reading.
        """

    def scrub(self) -> bool:
        """Make erased words leave the disk. False while somebody's reading keeps them: try again later."""

    def needs_scrub(self) -> bool:
        """True while erased words may still be on the disk."""

    def note_commit(self) -> None:
        """Somebody has committed: what `settle` counts from."""

    def checkpoint_if_due(self) -> None:
        """Move what was committed a while ago to where a copy of the record finds it. Called often; cheap at rest."""

    def checkpoint(self, *, whole: bool = False) -> bool:
        """Do that now. `whole`: nothing stands beside the record any more. False while somebody holds it up."""

    def lost_entries(self) -> int:
        """How many of the newest entries were there once and are not."""

    def faults(self) -> list[str]:
        """What the keeper itself finds wrong with its pages."""

    def close(self) -> None: ...


def count_in_window(count_since: Callable[[int], int], now_ms: int, window_ms: int) -> int:
    """How many there were in the time before now.

    Those far in the future, from before a clock was put right, are left out: they would refuse everybody until then.
    """
    return count_since(now_ms - window_ms) - count_since(now_ms + window_ms)
