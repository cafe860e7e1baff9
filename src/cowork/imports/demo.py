"""The three practice workshops: invented people, a whole course of talk each, to read and to go on with.

They are replayed in a record in memory, entry by entry, so that `may` judges every one of them as it would in a room;
then the whole workshop is merged into the record in one write.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files

from cowork.core.errors import ImportError_
from cowork.imports.demo_format import Case, read_case
from cowork.imports.demo_replay import Replay
from cowork.store import Record
from cowork.store.credentials import new_code

DEMO_NAMES = ("ward-letter", "bus-stop", "youth-line")

DAY = 24 * 60  # minutes
SATURDAY = 5  # of a week that begins on Monday, day 0


def demo_case(name: str) -> Case:
    """One practice workshop as data."""
    if name not in DEMO_NAMES:
        raise ImportError_("example.unknown", name=name, names=", ".join(DEMO_NAMES))
    return read_case(name, (files("cowork.imports") / "practice" / f"{name}.jsonl").read_text("utf-8"))


def load_demo(record: Record, name: str, code: str | None = None, *, start_ms: int | None = None) -> tuple[str, str]:
    """Open one of the practice workshops in `record` as a new workshop. Returns its id and its code.

    It has a past: its entries were written over the days and weeks of the story, from `start_ms` on. Without one, the
    story ended some days ago.
    """
    code = code or new_code(record)
    found = demo_case(name)
    begun_ms = last_start_ms(found, record.now_ms()) if start_ms is None else start_ms
    replay = Replay(found, code, begun_ms, record.chance)
    record.merge(replay.record, [replay.workshop])
    return replay.workshop, code


def last_start_ms(found: Case, now_ms: int) -> int:
    """The last working day, at the hour at which the case begins, from which its story has ended a day ago.

    The hour is that of this machine's clock, as on every page: nobody meets on a ward at three in the morning.
    """
    last_ms = now_ms - (found.minutes() + DAY) * 60_000
    day = datetime.fromtimestamp(last_ms / 1000).date()
    while True:
        start_ms = int(datetime.combine(day, found.begins).timestamp() * 1000)
        if day.weekday() < SATURDAY and start_ms <= last_ms:
            return start_ms
        day -= timedelta(days=1)
