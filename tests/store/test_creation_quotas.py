"""How many workshops the front door makes in an hour, for one source and in all."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.record_backends import InFile, Kept

from cowork.core.errors import TooManyAttempts
from cowork.store import Record, creation_quotas
from cowork.store.creation_quotas import EXAMPLE_QUOTA, WORKSHOP_QUOTA, Quota


def taken(record: Record, quota: Quota, source: str) -> bool:
    try:
        creation_quotas.reserve_creation(record, quota, source)
    except TooManyAttempts as error:
        assert error.key == quota.key
        return False
    return True


@pytest.mark.parametrize("quota", [EXAMPLE_QUOTA, WORKSHOP_QUOTA])
def test_one_source_has_its_few_in_an_hour_and_takes_none_from_others(kept: Kept, quota: Quota) -> None:
    record = kept.open()
    assert [taken(record, quota, "one") for _ in range(quota.per_source + 1)] == [True] * quota.per_source + [False]
    there = kept.open()  # each page is a process of its own; the count is one
    assert not taken(there, quota, "one") and taken(there, quota, "other")
    kept.time.ms += creation_quotas.CREATION_WINDOW_MS - 1
    assert not taken(record, quota, "one")
    kept.time.ms += 2
    assert taken(record, quota, "one")


@pytest.mark.parametrize("source", ["source {n}", ""], ids=["a new source each time", "nobody knows the source"])
def test_all_sources_together_have_an_end_too(kept: Kept, source: str) -> None:
    record = kept.open()
    made = [taken(record, EXAMPLE_QUOTA, source.format(n=n)) for n in range(EXAMPLE_QUOTA.overall + 5)]
    assert made == [True] * EXAMPLE_QUOTA.overall + [False] * 5
    assert taken(record, WORKSHOP_QUOTA, "source 1"), "examples are counted apart from workshops"


def test_a_clock_that_was_put_back_refuses_nobody(kept: Kept) -> None:
    record = kept.open()
    for _ in range(EXAMPLE_QUOTA.per_source):
        creation_quotas.reserve_creation(record, EXAMPLE_QUOTA, "one")
    kept.time.ms -= 10 * creation_quotas.CREATION_WINDOW_MS
    assert taken(record, EXAMPLE_QUOTA, "one")


def test_presses_at_once_take_no_more_than_there_are(in_file: Kept) -> None:
    records = [in_file.open() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: taken(records[n % 4], EXAMPLE_QUOTA, "one"), range(16)))
    assert made.count(True) == EXAMPLE_QUOTA.per_source


def test_a_record_from_before_the_count_has_the_same_quota(in_file: InFile) -> None:
    in_file.open().close()
    with sqlite3.connect(in_file.path) as file:
        file.execute("DROP TABLE made")
    file.close()
    record = in_file.open()
    assert [taken(record, EXAMPLE_QUOTA, "one") for _ in range(4)] == [True, True, True, False]
