"""How many workshops may be made from the front door in an hour: anybody who finds the address may press there.

One press on the example writes a whole course of talk (250 KB), so one visitor could fill the disk for everyone.
The count is one of its own and rests on no entry: an example's entries have the times of its story, not of the press.
It is taken before the workshop is made, so that many presses at once do not all find the last place free.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowork.core.errors import TooManyAttempts
from cowork.store.backend import count_in_window
from cowork.store.record import Record

CREATION_WINDOW_MS = 60 * 60 * 1000


@dataclass(frozen=True)
class Quota:
    """At most so many in `WINDOW_MS`: from one source, and for the whole record. `key` says what to do beyond it."""

    what: str
    per_source: int
    overall: int
    key: str


#: All together 5 MB an hour. A group that looks round needs one example: its code lets the others in.
EXAMPLE_QUOTA = Quota("example", 3, 20, "error.many_examples")

#: Some entries each. A room full of groups behind one router has one source, so this is wide.
WORKSHOP_QUOTA = Quota("workshop", 30, 200, "error.many_workshops")


def reserve_creation(record: Record, quota: Quota, source: str = "") -> None:
    """Take one place of a quota for whoever is about to make a workshop. Raises TooManyTries where none is free.

    `source` names where the press comes from; "" where nobody knows, and then the whole record's quota counts alone.
    A place is not given back: it counts also where the making failed.
    """
    now = record.now_ms()
    with record.backend.writing() as rows:

        def creations_of(of: str | None) -> int:
            return count_in_window(lambda since: rows.creations(quota.what, since, of), now, CREATION_WINDOW_MS)

        if creations_of(None) >= quota.overall or (source and creations_of(source) >= quota.per_source):
            raise TooManyAttempts(quota.key)
        rows.add_creation(quota.what, now, source)
