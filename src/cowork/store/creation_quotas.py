"""Limits how many workshops the landing page creates in an hour: anybody who finds the address can press there.

One demo workshop writes 250 KB, so one visitor could fill the disk for everyone. The count does not rest on entries:
those of a demo have the times of its story, not of the press. A place is reserved before the workshop is created, so
that many presses at once do not all find the last place free.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowork.core.errors import TooManyAttempts
from cowork.store.backend import count_in_window
from cowork.store.record import Record

CREATION_WINDOW_MS = 60 * 60 * 1000


@dataclass(frozen=True)
class Quota:
    """A limit per `CREATION_WINDOW_MS`, for one source and for the whole record. `key` words what to do beyond it."""

    what: str
    per_source: int
    overall: int
    key: str


#: All together 5 MB an hour. A group that looks round needs one example: its code lets the others in.
EXAMPLE_QUOTA = Quota("example", 3, 20, "error.many_examples")

#: Some entries each. A room full of groups behind one router has one source, so this is wide.
WORKSHOP_QUOTA = Quota("workshop", 30, 200, "error.many_workshops")


def reserve_creation(record: Record, quota: Quota, source: str = "") -> None:
    """Reserve one place of a quota before a workshop is created. Raises TooManyAttempts where none is free.

    `source` identifies where the press comes from; "" where that is unknown: then only the overall limit counts. A
    place is never returned, even where the creation fails.
    """
    now = record.now_ms()
    with record.backend.writing() as rows:

        def creations_of(of: str | None) -> int:
            return count_in_window(lambda since: rows.creations(quota.what, since, of), now, CREATION_WINDOW_MS)

        if creations_of(None) >= quota.overall or (source and creations_of(source) >= quota.per_source):
            raise TooManyAttempts(quota.key)
        rows.add_creation(quota.what, now, source)
