"""Measures a long workshop without a server: the first fold of a record, and one more entry."""

from __future__ import annotations

import time
from pathlib import Path

from cowork.core.entries import Actor, Draft
from cowork.core.fold import State
from cowork.feed import Feed
from cowork.store import open_record
from visitors.group import WORDS, create_group, write
from visitors.results import OURS, Table

SIZES = (10, 1000, 10_000, 100_000)
BATCH = 1000


def folds(folder: Path, table: Table, largest: int, times: int) -> None:
    """Fold: from the disk to the state, in a process that has not read it before. Feed: somebody else's entry is
    appended; from there to all who follow having been told."""
    group = create_group(folder / "long.cowork", people=5, contributions=0)
    one = group.people[0]
    record = open_record(group.record)
    try:
        for size in SIZES:
            if size > largest:
                break
            while (left := size - len(record.state(group.workshop).entries)) > 0:
                drafts = [_draft(record.new_id(), one.participant) for _ in range(min(left, BATCH))]
                record.append_many(group.workshop, drafts, Actor(one.participant))
            for _ in range(times):
                reader = open_record(group.record)
                begun = time.perf_counter()
                reader.state(group.workshop)
                table.put(f"fold{size}", OURS, (time.perf_counter() - begun) * 1000)
                feed = Feed(reader, group.workshop)
                told: list[State] = []
                feed.follow(told.append)
                feed.poll()
                write(record, group.workshop, one, "One more.")
                told.clear()
                begun = time.perf_counter()
                feed.poll()
                table.put(f"feed{size}", OURS, (time.perf_counter() - begun) * 1000)
                assert told, "the feed told nobody"
                reader.close()
    finally:
        record.close()


def _draft(ident: str, by: str) -> Draft:
    return Draft(ident, "intention", by, {"text": WORDS, "lang": "en", "fidelity": "own-typing"})
