"""A file that cannot be used says so in its own sentence, and stays as it is."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from support.record_backends import InFile
from support.snapshots import snapshot
from support.strategies import Group

from cowork import text
from cowork.core.errors import RecordError
from cowork.store import open_record
from cowork.store.check import check_record
from cowork.store.export import export_workshop
from cowork.store.sqlite import FORMAT_VERSION, translate_sqlite_error


def refusal(path: Path, **options: bool) -> str:
    """The key of the error, which has a sentence in every language."""
    with pytest.raises(RecordError) as caught:
        record = open_record(path, **options)
        for state in record.workshops():
            snapshot(state)
    for lang in text.LANGS:
        assert text.translate(caught.value.key, lang, None, **caught.value.values)
    return caught.value.key


def closed_copy(in_file: InFile) -> bytes:
    """The bytes of a small record that nobody has open."""
    group = in_file.group()
    for n in range(40):
        group.write("ada", f"{n} " + "words " * 40)
    group.record.close()
    assert not Path(f"{in_file.path}-wal").exists()
    return in_file.path.read_bytes()


@pytest.mark.parametrize(
    ("made", "key"),
    [
        (b"", "error.record_not"),
        (b"Dear diary,\n" * 200, "error.record_not"),
        (b"WEBVTT\n", "error.record_not"),
        (b"\x00" * 4096, "error.record_not"),
        (b"SQLite format 3\x00", "error.record_damaged"),
        (b"SQLite fo", "error.record_damaged"),
    ],
)
def test_what_is_no_record_is_refused_and_left_as_it_is(tmp_path: Path, made: bytes, key: str) -> None:
    path = tmp_path / "notes.cowork"
    path.write_bytes(made)
    assert refusal(path) == key
    assert refusal(path, writable=False) == key
    assert path.read_bytes() == made
    assert os.listdir(tmp_path) == ["notes.cowork"]


def test_many_that_make_the_same_new_record_at_once_all_get_it(tmp_path: Path) -> None:
    """A file half made would be called no record, or a damaged one, by whoever comes second."""
    for turn in range(12):
        path = tmp_path / f"{turn}.cowork"
        ready, got = threading.Barrier(4), []

        def begin(path: Path = path, ready: threading.Barrier = ready, got: list[object] = got) -> None:
            ready.wait()
            try:
                got.append(open_record(path).last_position(""))
            except RecordError as error:
                got.append(error)

        threads = [threading.Thread(target=begin) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == [0] * 4
    assert {path.suffix for path in tmp_path.iterdir()} <= {".cowork", ".cowork-wal", ".cowork-shm"}


def test_a_folder_or_nothing_is_no_record(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "error.record_not"
    assert refusal(tmp_path / "none.cowork", create=False) == "error.record_missing"
    assert refusal(tmp_path / "none.cowork", writable=False) == "error.record_missing"
    assert os.listdir(tmp_path) == []


def test_somebody_elses_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE entry (id TEXT); INSERT INTO entry VALUES ('mine');")
    connection.close()
    before = path.read_bytes()
    assert refusal(path) == "error.record_not"
    assert path.read_bytes() == before


@pytest.mark.parametrize("part", [0.003, 0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_called_damaged_and_not_touched(in_file: InFile, part: float) -> None:
    whole = closed_copy(in_file)
    cut = whole[: int(len(whole) * part)]
    in_file.path.write_bytes(cut)
    assert refusal(in_file.path) == "error.record_damaged"
    assert in_file.path.read_bytes() == cut


def test_a_file_with_a_page_overwritten_is_found_by_check(in_file: InFile) -> None:
    whole = bytearray(closed_copy(in_file))
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 4096] = b"\xa5" * 4096
    in_file.path.write_bytes(whole)
    try:
        found = [fault.key for fault in check_record(open_record(in_file.path))]
    except RecordError as error:
        found = [error.key]
    assert set(found) & {"check.page", "check.hash", "check.gap", "error.record_damaged"}


def test_a_newer_version_is_refused_by_its_number_and_left_as_it_is(in_file: InFile) -> None:
    closed_copy(in_file)
    connection = sqlite3.connect(in_file.path)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute(f"PRAGMA user_version={FORMAT_VERSION + 6}")
    connection.close()
    before = in_file.path.read_bytes()
    with pytest.raises(RecordError) as caught:
        open_record(in_file.path)
    assert (caught.value.key, caught.value.values["version"]) == ("error.record_newer", FORMAT_VERSION + 6)
    assert in_file.path.read_bytes() == before


def test_a_record_opened_for_reading_reads_and_refuses_every_write(in_file: InFile) -> None:
    group = in_file.group()
    root = group.write("ada", "to be read")
    before = snapshot(group.state)
    there = group.on(open_record(in_file.path, writable=False))
    assert snapshot(there.state) == before
    other = Group(in_file.other().open(), code="MOSS-222")
    for act in (
        lambda: there.write("ada", "not to be written"),
        lambda: there.erase("ada", root),
        lambda: there.record.merge(other.record),
        lambda: Group(there.record, code="MOSS-222"),
    ):
        with pytest.raises(RecordError) as caught:
            act()
        assert caught.value.key == "error.record_readonly"
    assert list(check_record(there.record)) == []
    assert snapshot(there.state) == snapshot(group.state) == before


def test_a_closed_record_is_read_only_where_it_lies_and_no_file_is_left_beside_it(in_file: InFile) -> None:
    before = closed_copy(in_file)
    record = open_record(in_file.path, writable=False)
    assert len(record.workshops()) == 1
    record.close()
    assert in_file.path.read_bytes() == before


DISC = """
import os, sys
from cowork.store import open_record
path = sys.argv[1]
os.chmod(path, 0o444)
os.chmod(os.path.dirname(path), 0o555)
if os.getuid() == 0:
    os.setuid(65534)  # root may write anywhere
record = open_record(path)
print(len(record.read_entries(sys.argv[2])), record.backend.writable)
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="this platform has no setuid")
def test_a_record_in_a_folder_nobody_may_write_in_can_still_be_read(in_file: InFile) -> None:
    group = in_file.group()
    count = len(group.entries())
    group.record.close()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "disc.cowork"
        path.write_bytes(in_file.path.read_bytes())
        done = subprocess.run(
            [sys.executable, "-c", DISC, str(path), group.workshop], capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        os.chmod(folder, 0o755)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(count), "False"]


OTHER = """
import os, sys
from cowork.core.errors import RecordError
from cowork.store import open_record
from cowork.store.check import check_record
os.setgroups([]), os.setgid(65534), os.setuid(65534)
try:
    record = open_record(sys.argv[1], create=False)
    print(len(record.read_entries(sys.argv[2])), record.backend.writable, len(list(check_record(record))))
    record.append_many(sys.argv[2], [], None)
except RecordError as error:
    print(error.key)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can try it as another user")
@pytest.mark.parametrize(("mode", "said"), [(0o600, ["error.record_private"]), (0o644, ["error.record_readonly"])])
def test_another_user_reads_only_what_was_opened_to_them_and_is_told(
    in_file: InFile, mode: int, said: list[str]
) -> None:
    group = in_file.group()
    count = len(group.entries())
    group.record.close(whole=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "group.cowork"
        path.write_bytes(in_file.path.read_bytes())
        os.chmod(path, mode)
        os.chmod(folder, 0o755)
        done = subprocess.run(
            [sys.executable, "-c", OTHER, str(path), group.workshop], capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    read = [] if mode == 0o600 else [str(count), "False", "0"]
    assert done.stdout.split() == [*read, *said]


def pages(path: Path) -> int:
    connection = sqlite3.connect(path)
    count = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    return int(count)


def test_on_a_full_disk_the_person_is_told_and_nothing_that_was_there_is_lost(in_file: InFile) -> None:
    group = in_file.group()
    group.write("ada", "there before")
    tight = group.on(in_file.open(pragmas={"max_page_count": pages(in_file.path) + 3}))
    kept = []
    with pytest.raises(RecordError) as caught:
        for n in range(1000):
            kept.append(tight.write("ada", f"{n} " + "words " * 200))
    assert caught.value.key == "error.record_full"
    assert 0 < len(kept) < 1000
    wanted = snapshot(tight.state)
    assert set(kept) <= set(wanted["entries"])
    assert snapshot(group.state) == wanted  # what could not be kept is in nobody's state, ours included
    with pytest.raises(RecordError):
        tight.write("bo", "words " * 2_000)
    assert list(check_record(group.record)) == []
    # Somebody makes room, and the same process goes on.
    with tight.record.backend.reading() as rows:
        rows._connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    late = tight.write("ada", "words " * 2_000)
    assert snapshot(group.state) == snapshot(tight.state)
    assert late in group.state.entries
    assert list(check_record(in_file.open())) == []


def test_a_merge_that_fills_the_disk_brings_nothing_and_can_be_done_again(in_file: InFile) -> None:
    group = in_file.group()
    there = group.on(in_file.other().open())
    there.record.merge(group.record)
    for n in range(60):
        there.write("ada", f"{n} " + "words " * 200)
    before = snapshot(group.state)
    tight = in_file.open(pragmas={"max_page_count": pages(in_file.path) + 3})
    with pytest.raises(RecordError) as caught:
        tight.merge(there.record)
    assert caught.value.key == "error.record_full"
    assert snapshot(group.state) == before
    assert snapshot(tight.state(group.workshop)) == before
    assert group.record.merge(there.record).added == 60


def test_a_record_that_somebody_holds_is_called_busy(in_file: InFile) -> None:
    group = in_file.group()
    group.record.close()
    impatient = group.on(in_file.open(pragmas={"busy_timeout": 1}))
    holder = sqlite3.connect(in_file.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordError) as caught:
        impatient.write("ada", "the disk is full of readonly locked words")
    assert caught.value.key == "error.record_busy"
    holder.execute("ROLLBACK")
    holder.close()
    impatient.write("ada", "now")


def test_opening_a_copy_that_somebody_writes_to_waits_for_them(
    in_file: InFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy is no log file yet; the change at its first opening would fail at once and call it busy."""
    group = in_file.group()
    export_workshop(group.record, group.workshop, tmp_path / "copy.cowork")
    holder = sqlite3.connect(tmp_path / "copy.cowork", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    waited = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        holder.execute("COMMIT") if holder.in_transaction else None

    monkeypatch.setattr("cowork.store.sqlite.time.sleep", wait)
    record = open_record(tmp_path / "copy.cowork")
    assert waited
    group.on(record).write("ada", "now")
    holder.close()


def test_an_error_names_what_sqlite_said_and_never_the_words(in_file: InFile) -> None:
    """The statement of a failed write stands in SQLAlchemy's error: with words that are private, and that mislead."""
    group = in_file.group()
    words = "my readonly glass is full, and the door is locked"
    group.record.backend._engine()
    with group.record.backend.writing() as rows:
        rows._connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON entry BEGIN SELECT raise(ABORT, 'odd'); END"
        )
    with pytest.raises(RecordError) as caught:
        group.write("ada", words)
    assert caught.value.key == "error.record_damaged"
    error: BaseException | None = caught.value
    while error is not None:
        assert "glass" not in str(error)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ("database or disk is full", "error.record_full"),
        ("attempt to write a readonly database", "error.record_readonly"),
        ("database is locked", "error.record_busy"),
        ("database disk image is malformed", "error.record_damaged"),
        ("file is not a database", "error.record_damaged"),
        ("unable to open database file", "error.record_missing"),
        ("disk I/O error", "error.record_damaged"),
    ],
)
def test_each_thing_sqlite_says_has_its_sentence(message: str, key: str) -> None:
    assert translate_sqlite_error(sqlite3.OperationalError(message), "notes.cowork").key == key
