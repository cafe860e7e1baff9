"""The file of a record is deleted, moved away or replaced while it is in use: nobody hears "Shared" any more."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.record_backends import InFile
from support.strategies import Group

from cowork.core.errors import RecordError
from cowork.store import file_fingerprint, open_record
from cowork.store.check import check_record

ENDS = ("", "-wal", "-shm")


def delete_all(path: Path) -> None:
    for end in ENDS:
        Path(f"{path}{end}").unlink()


def delete_the_file(path: Path) -> None:
    path.unlink()


def delete_the_log(path: Path) -> None:
    Path(f"{path}-wal").unlink()


def move_the_file(path: Path) -> None:
    path.rename(path.with_name("elsewhere.cowork"))


def move_all(path: Path) -> None:
    for end in ENDS:
        Path(f"{path}{end}").rename(path.with_name(f"elsewhere.cowork{end}"))


def replace_by_a_copy(path: Path) -> None:
    copy = path.with_name("copy.cowork")
    subprocess.run([sys.executable, "-c", "import shutil, sys; shutil.copy(*sys.argv[1:])", path, copy], check=True)
    os.replace(copy, path)


def replace_by_another(path: Path) -> None:
    other = Group(open_record(path.with_name("other.cowork")), code="MOSS-222")
    other.record.close()
    os.replace(path.with_name("other.cowork"), path)


WAYS = [
    delete_all, delete_the_file, delete_the_log, move_the_file, move_all, replace_by_a_copy, replace_by_another,
]  # fmt: skip


def key_of(act: Callable[[], object]) -> str:
    with pytest.raises(RecordError) as caught:
        act()
    return caught.value.key


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_acknowledged_once_the_file_is_gone_from_its_place(
    in_file: InFile, way: Callable[[Path], None]
) -> None:
    group = in_file.group()
    group.write("ada", "there before")
    way(in_file.path)
    assert key_of(lambda: group.write("ada", "after it was gone")) == "error.record_moved"
    assert key_of(lambda: group.record.state(group.workshop)) == "error.record_moved"  # whoever only reads hears it too


@pytest.mark.parametrize("way", [way for way in WAYS if way is not delete_the_log])
def test_a_newcomer_is_told_and_makes_no_empty_record(in_file: InFile, way: Callable[[Path], None]) -> None:
    group = in_file.group()
    which = file_fingerprint(in_file.path)
    way(in_file.path)
    assert key_of(lambda: open_record(in_file.path, create=False, fingerprint=which)) == "error.record_moved"
    assert in_file.path.exists() == (way in (replace_by_a_copy, replace_by_another))
    assert group.workshop


def test_a_file_that_is_put_back_is_written_in_again(in_file: InFile) -> None:
    group = in_file.group()
    move_all(in_file.path)
    assert key_of(lambda: group.write("ada", "meanwhile")) == "error.record_moved"
    for end in ENDS:
        in_file.path.with_name(f"elsewhere.cowork{end}").rename(f"{in_file.path}{end}")
    kept = group.write("ada", "and now")
    assert kept in {entry.id for entry in group.entries()}
    assert list(check_record(in_file.open())) == []


def test_what_is_taken_away_in_the_moment_of_the_commit_is_not_acknowledged(in_file: InFile) -> None:
    group = in_file.group()
    keeper = group.record.backend
    with pytest.raises(RecordError), keeper.writing() as rows:
        stand = keeper._require_same_files  # type: ignore[attr-defined]

        def and_then_it_is_gone() -> None:
            stand()
            in_file.path.rename(in_file.path.with_name("elsewhere.cowork"))
            keeper._require_same_files = stand  # type: ignore[attr-defined]

        keeper._require_same_files = and_then_it_is_gone  # type: ignore[attr-defined]
        rows.add_wrong_code(1)


def test_no_new_record_is_made_beside_the_log_of_another(in_file: InFile) -> None:
    group = in_file.group()
    group.write("ada", "in the log")
    move_the_file(in_file.path)
    assert key_of(lambda: open_record(in_file.path)) == "error.record_log_alone"
    assert not in_file.path.exists()
    in_file.path.with_name("elsewhere.cowork").rename(in_file.path)
    assert list(check_record(in_file.open())) == []


def test_opening_a_record_twice_in_one_process_leaves_the_first_its_locks(in_file: InFile) -> None:
    """To open and close the file beside SQLite would: another process then takes itself for the last, and tidies up."""
    group = in_file.group()
    open_record(in_file.path).close()
    script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM entry').fetchall()"
    subprocess.run([sys.executable, "-c", f"{script}; c.close()", str(in_file.path)], check=True)
    assert os.path.exists(f"{in_file.path}-wal")
    group.write("ada", "still there")
    shutil.copy(in_file.path, in_file.folder / "copy")  # and a plain reader of the file is no keeper of ours
    assert sqlite3.connect(in_file.path).execute("SELECT count(*) FROM entry").fetchone()[0] == len(group.entries())
