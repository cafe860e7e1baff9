"""The three practice workshops: invented people, a whole course of talk each, to read and to go on with.

They are told to a record in memory, entry by entry, so that `may` judges every one of them as it would in a room;
then the whole workshop is merged into the record in one write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any

from cowork.core.errors import ImportError_
from cowork.imports.telling import Course, Telling
from cowork.store import Record, memory_record
from cowork.store.doors import new_code

NAMES = ("ward-letter", "bus-stop", "youth-line")

#: At which hour each begins, by the clock on the wall. The data counts minutes from there.
BEGINS = {"ward-letter": time(13), "bus-stop": time(18), "youth-line": time(8)}
DAY = 24 * 60  # minutes
SATURDAY = 5  # of a week that begins on Monday, day 0


def case(name: str) -> dict[str, Any]:
    """One practice workshop as data."""
    if name not in NAMES:
        raise ImportError_("example.unknown", name=name, names=", ".join(NAMES))
    found: dict[str, Any] = json.loads((files("cowork.imports") / "practice" / f"{name}.json").read_text("utf-8"))
    return found


def load(record: Record, name: str, code: str | None = None, *, start_ms: int | None = None) -> tuple[str, str]:
    """Open one of the practice workshops in `record` as a new workshop. Returns its id and its code.

    It has a past: its entries were written over the days and weeks of the story, from `start_ms` on. Without one, the
    story ended some days ago.
    """
    code = code or new_code(record)
    data = case(name)
    course = Course(last_start_ms(name, record.now_ms()) if start_ms is None else start_ms)
    staged = memory_record(now_ms=course.now_ms, chance=record.chance)
    workshop = Telling(staged, data, name, code, course).tell()
    record.merge(staged, [workshop])
    return workshop, code


def last_start_ms(name: str, now_ms: int) -> int:
    """The last working day, at the hour at which the case begins, from which its story has ended a day ago.

    The hour is that of this machine's clock, as on every page: nobody meets on a ward at three in the morning.
    """
    last_ms = now_ms - (_minutes(case(name)) + DAY) * 60_000
    day = datetime.fromtimestamp(last_ms / 1000).date()
    while True:
        start_ms = int(datetime.combine(day, BEGINS[name]).timestamp() * 1000)
        if day.weekday() < SATURDAY and start_ms <= last_ms:
            return start_ms
        day -= timedelta(days=1)


def _minutes(data: Mapping[str, Any]) -> int:
    """How long the story runs, in minutes."""
    ends = [int(episode["end_t"]) for episode in data["episodes"]]
    shown = [int(entry["extra"].get("reveal_t") or 0) for entry in data["entries"]]
    return max([*ends, *shown, *(int(entry["t"]) for entry in data["entries"])])
