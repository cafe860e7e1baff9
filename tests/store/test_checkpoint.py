"""What was written stands in the one file: soon while it is in use, and wholly after an orderly end."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.record_backends import InFile
from support.strategies import Group

from cowork.core.entries import Entry
from cowork.feed import POLL_NOTIFIED_SECONDS, Feed
from cowork.store import memory_record, open_record, sqlite
from cowork.store.export import export_workshop

#: README: a copy taken while it is in use is half a minute old at most. Looks of a process come so many seconds apart.
AT_MOST_S, LOOKS_S = 30.0, POLL_NOTIFIED_SECONDS
COPY = "import shutil, sys; shutil.copy(*sys.argv[1:])"


def in_the_file_alone(group: Group, path: Path, folder: Path) -> set[str]:
    """Ids of the entries that a copy of the one file holds. Another process copies: closing it here drops locks."""
    copy = folder / "copied.cowork"
    subprocess.run([sys.executable, "-S", "-c", COPY, str(path), str(copy)], check=True)
    record = open_record(copy)
    try:
        return {entry.id for _, entry in record.read_entries(group.workshop)}
    finally:
        record.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{copy}{end}").unlink(missing_ok=True)


class Clock:
    """A clock of whole seconds for `settle`: it moves when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(sqlite.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_record_closed_whole_is_one_file_that_holds_everything(in_file: InFile) -> None:
    group = in_file.group()
    kept = group.write("ada", "the last words")
    group.record.close(whole=True)
    assert sorted(os.listdir(in_file.folder)) == [in_file.path.name]
    assert kept in {entry.id for _, entry in open_record(in_file.path).read_entries(group.workshop)}


def test_closed_whole_while_others_have_it_open_it_leaves_nothing_in_the_log(in_file: InFile, tmp_path: Path) -> None:
    """A command beside a running server is not the last to close it, and SQLite tidies up for the last alone."""
    group = in_file.group()
    other = in_file.open()
    assert other.opening_entries()
    kept = group.write("ada", "the last words")
    group.record.close(whole=True)
    assert kept in in_the_file_alone(group, in_file.path, tmp_path)
    assert os.path.getsize(f"{in_file.path}-wal") == 0
    other.close()


def test_a_write_reaches_the_file_with_a_later_write(in_file: InFile, tmp_path: Path, clock: Clock) -> None:
    group = in_file.group()
    first = group.write("ada", "first")
    assert first not in in_the_file_alone(group, in_file.path, tmp_path)
    clock.now += AT_MOST_S
    second = group.write("ada", "second")
    assert {first, second} <= in_the_file_alone(group, in_file.path, tmp_path)


def test_a_write_followed_by_silence_reaches_the_file_by_a_look_of_any_process(
    in_file: InFile, tmp_path: Path, clock: Clock
) -> None:
    """Five seconds after the last time the log was moved somebody writes, and then nobody, and their page is closed."""
    group = in_file.group()
    other = in_file.open()
    feed = Feed(other, group.workshop)
    feed.follow(lambda state: None)
    clock.now += sqlite.MAX_LOG_SECONDS
    group.write("ada", "before")
    clock.now += 5
    last = group.write("ada", "and then silence")
    feed._poll_in_background()
    group.record.close()  # not the last connection: the log stays
    feed._poll_in_background()
    assert last not in in_the_file_alone(group, in_file.path, tmp_path)
    clock.now += AT_MOST_S - LOOKS_S
    feed._poll_in_background()
    assert last in in_the_file_alone(group, in_file.path, tmp_path)


def test_at_rest_no_look_asks_for_the_log_to_be_moved(
    in_file: InFile, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    group = in_file.group()
    feed = Feed(group.record, group.workshop)
    feed.follow(lambda state: None)
    group.write("ada", "words")
    clock.now += sqlite.MAX_LOG_SECONDS
    feed._poll_in_background()
    asked: list[object] = []
    monkeypatch.setattr(group.record.backend, "checkpoint", lambda **how: asked.append(how))
    for _ in range(20):
        clock.now += 5
        feed._poll_in_background()
    assert asked == []


def test_a_log_that_cannot_be_moved_is_no_fault_of_the_write(
    in_file: InFile, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    group = in_file.group()
    clock.now += sqlite.MAX_LOG_SECONDS
    monkeypatch.setattr(group.record.backend, "checkpoint", lambda **how: False)
    kept = group.write("ada", "kept all the same")
    assert kept in group.state.entries


def test_a_record_in_memory_has_nothing_to_bring_home() -> None:
    record = memory_record()
    assert record.backend.checkpoint(whole=True)
    record.close(whole=True)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="a mode says nothing on Windows")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_record_log_and_export_are_their_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        path = tmp_path / "a" / "b" / "record.cowork"
        group = Group(open_record(path))
        group.write("ada", "words")
        export_workshop(group.record, group.workshop, tmp_path / "out.cowork")
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in [*path.parent.iterdir(), tmp_path / "out.cowork"]}
        assert modes == dict.fromkeys(("record.cowork", "record.cowork-wal", "record.cowork-shm", "out.cowork"), 0o600)
        assert [stat.S_IMODE(p.stat().st_mode) for p in (path.parent, path.parent.parent)] == [0o700, 0o700]
    finally:
        os.umask(before)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="a mode says nothing on Windows")
def test_a_file_and_a_folder_that_somebody_opened_to_others_stay_as_they_are(in_file: InFile, tmp_path: Path) -> None:
    in_file.group().record.close(whole=True)
    os.chmod(in_file.path, 0o660)
    os.chmod(tmp_path, 0o750)
    shared: list[Entry] = [entry for _, entry in open_record(in_file.path).read_entries("")]
    assert shared == []
    assert [stat.S_IMODE(p.stat().st_mode) for p in (in_file.path, tmp_path)] == [0o660, 0o750]


def test_two_processes_may_move_the_log_at_once(in_file: InFile, tmp_path: Path) -> None:
    group = in_file.group()
    other = in_file.open()
    last = group.write("ada", "words")
    assert [group.record.backend.checkpoint(), other.backend.checkpoint()] == [True, True]
    assert last in in_the_file_alone(group, in_file.path, tmp_path)
