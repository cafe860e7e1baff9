"""The three demo workshops, of invented people, with a whole course of talk each.

Each is replayed in a record in memory, entry by entry, so that `check_permission` checks every one; then the whole
workshop is merged into the record in one write.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files

from cowork.core.errors import InvalidImport
from cowork.imports.demo_format import DemoCase, parse_case
from cowork.imports.demo_replay import DemoReplay
from cowork.store import Record
from cowork.store.credentials import new_workshop_code

DEMO_NAMES = ("ward-letter", "bus-stop", "youth-line")

MINUTES_PER_DAY = 24 * 60  # minutes
SATURDAY = 5  # of a week that begins on Monday, day 0


def read_demo_case(name: str) -> DemoCase:
    """Read one demo workshop as data."""
    if name not in DEMO_NAMES:
        raise InvalidImport("example.unknown", name=name, names=", ".join(DEMO_NAMES))
    return parse_case(name, (files("cowork.imports") / "practice" / f"{name}.jsonl").read_text("utf-8"))


def load_demo(record: Record, name: str, code: str | None = None, *, start_ms: int | None = None) -> tuple[str, str]:
    """Open one of the practice workshops in `record` as a new workshop. Returns its id and its code.

    It has a past: its entries were written over the days and weeks of the story, from `start_ms` on. Without one, the
    story ended some days ago.
    """
    code = code or new_workshop_code(record)
    found = read_demo_case(name)
    begun_ms = latest_start_ms(found, record.now_ms()) if start_ms is None else start_ms
    replay = DemoReplay(found, code, begun_ms, record.random_bytes)
    record.merge(replay.record, [replay.workshop])
    return replay.workshop, code


def latest_start_ms(found: DemoCase, now_ms: int) -> int:
    """The last working day, at the hour at which the case begins, from which its story has ended a day ago.

    The hour is that of this machine's clock, as on every page: nobody meets on a ward at three in the morning.
    """
    last_ms = now_ms - (found.minutes() + MINUTES_PER_DAY) * 60_000
    day = datetime.fromtimestamp(last_ms / 1000).date()
    while True:
        start_ms = int(datetime.combine(day, found.begins).timestamp() * 1000)
        if day.weekday() < SATURDAY and start_ms <= last_ms:
            return start_ms
        day -= timedelta(days=1)
