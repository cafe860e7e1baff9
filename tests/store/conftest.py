"""The keepers of the record, one after the other, for the one contract suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.record_backends import KEPT, InFile, Kept
from support.strategies import Group, Time, dice

from cowork.store import memory_record


@pytest.fixture(params=KEPT)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    place = KEPT[request.param](tmp_path)
    yield place
    place.close()


@pytest.fixture
def group(kept: Kept) -> Group:
    """A small open workshop on each keeper in turn."""
    return kept.group()


@pytest.fixture
def in_file(tmp_path: Path) -> Iterator[InFile]:
    """Only the keeper of files, for what only a file can suffer."""
    place = InFile(tmp_path)
    yield place
    place.close()


@pytest.fixture
def elsewhere() -> Group:
    """A workshop on a record in memory, to merge from."""
    return Group(memory_record(now_ms=Time(), random_bytes=dice("elsewhere")), code="RAIN-333")
