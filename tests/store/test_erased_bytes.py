"""After an erasure no word of any version is anywhere on the disk: in the file, its log, copies, or what was set aside.

The search reads bytes, so it trusts nothing of ours. Two tests at the end take a safeguard away and show that the
search would find the words.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.event_loop import run_alone
from support.record_backends import InFile
from support.strategies import Group, holding

from cowork.core.access.erasure import written_by
from cowork.core.entries import Actor
from cowork.feed import Feed
from cowork.store import Record, open_record
from cowork.store.check import check_record
from cowork.store.export import export_workshop

#: In every version of the text to be erased, and nowhere else.
MARK = "zebrafinch"
LONG = f"{MARK} " * 3_000  # over many pages


SEARCH = """
import pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.is_file() and (times := path.read_bytes().count(sys.argv[2].encode())):
        print(f"{path.name}: {times}")
"""


def found(folder: Path, mark: str = MARK) -> list[str]:
    """The files of a folder that hold the mark, and how often.

    A process of its own reads them: to close a file takes away the locks that SQLite has on it in the same process.
    """
    return subprocess.check_output([sys.executable, "-S", "-c", SEARCH, str(folder), mark], text=True).splitlines()


def family(group: Group) -> str:
    """A text with every sort of version: private first, shared, changed at once by two, long, and hidden later."""
    root = group.write("ada", f"{MARK} one", seen_by="only-me")
    edit = group.edit("ada", f"{MARK} two", root)
    group.edit("ada", f"{MARK} three", edit)
    group.edit("ada", LONG, edit)
    group.hide("fay", root)
    for n in range(5):
        group.write("bo", f"stays {n}")
    return root


READER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
print(connection.execute("SELECT count(*) FROM entry").fetchone()[0], flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
connection.close()
print("closed", flush=True)
"""


@contextmanager
def somebody_reading(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of a read."""
    process = subprocess.Popen(
        [sys.executable, "-c", READER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin and process.stdout
    try:
        assert int(process.stdout.readline()) > 0
        yield process
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def finish(reader: subprocess.Popen[str]) -> None:
    assert reader.stdin and reader.stdout
    reader.stdin.write("\n")
    reader.stdin.flush()
    assert reader.stdout.readline() == "closed\n"


def test_erased_words_are_in_no_byte_of_the_record(in_file: InFile) -> None:
    group = in_file.group()
    root = family(group)
    assert found(in_file.folder)
    group.erase("ada", root)
    assert found(in_file.folder) == []
    assert not group.record.backend.needs_scrub()
    group.record.close()
    assert found(in_file.folder) == []


def test_erased_words_are_in_no_later_export(in_file: InFile, tmp_path: Path) -> None:
    group = in_file.group()
    root = family(group)
    group.erase("ada", root)
    for whole in (False, True):
        export_workshop(group.record, group.workshop, tmp_path / f"copy{whole}.cowork", whole=whole)
    assert found(tmp_path) == []
    copy = open_record(tmp_path / "copyTrue.cowork")
    assert {e.id for _, e in copy.read_entries(group.workshop)} == {e.id for e in group.entries()}


def test_everything_somebody_wrote_is_in_no_byte_of_record_log_or_whole_export(in_file: InFile, tmp_path: Path) -> None:
    """A reason, the group's own words, a new wording of another's text, what somebody is here as, and their names."""
    group = in_file.group()
    (tmp_path / "elsewhere").mkdir()
    root, proposal = family(group), group.write("bo", "bo's proposal", kind="proposal")
    group.add("ada", "context", {"field": "ground", "text": f"{MARK} ground"})
    group.edit("ada", f"{MARK} wording", proposal)
    group.withdraw("ada", root, text=f"{MARK} reason")
    group.add("ada", "participant", {"perspectives": [f"{MARK} nurse"]})
    group.add("ada", "participant", {"name": MARK})
    stale = open_record(tmp_path / "elsewhere" / "stale.cowork")
    stale.merge(group.record)
    mine = written_by(group.state, group.ids["ada"])
    names = [("erases-version", name) for name in mine.names]
    group.add("ada", "erasure", {}, *mine.about(), *names)
    assert [line for line in found(in_file.folder) if not line.startswith("stale")] == []
    export_workshop(group.record, group.workshop, tmp_path / "whole.cowork", whole=True)
    group.record.merge(stale)
    assert [line for line in found(in_file.folder) if not line.startswith("stale")] == []
    stale.merge(group.record)
    stale.close()
    assert found(tmp_path) == []


def test_merging_a_stale_copy_writes_no_erased_word(in_file: InFile, tmp_path: Path) -> None:
    group = in_file.group()
    root = family(group)
    (tmp_path / "elsewhere").mkdir()
    stale = group.on(open_record(tmp_path / "elsewhere" / "stale.cowork"))
    stale.record.merge(group.record)
    stale.edit("ada", f"{MARK} written there", root)
    group.erase("ada", root)
    group.record.merge(stale.record)
    group.record.close()
    here = [line for line in found(in_file.folder) if not line.startswith("stale")]
    assert here == []
    stale.record.merge(group.record)
    stale.record.close()
    assert found(tmp_path) == []


def test_words_of_an_erased_text_that_were_set_aside_go_too(in_file: InFile) -> None:
    """A copy without the key went on and changed the text: its edit waits here, and must not outlive the erasure."""
    group = in_file.group()
    root = family(group)
    copy = group.on(holding(group.workshop, group.entries()))
    edit = copy.edit("ada", f"{MARK} in the copy", root)
    copy.edit("ada", f"{MARK} again in the copy", edit)
    tampered = replace(group.entries()[-1], header=group.state.entries[root].header, body=f'{{"text":"{MARK}!"}}')
    group.record.merge(copy.record)
    group.record.merge(holding(group.workshop, [tampered]), [group.workshop])
    assert len(group.record.pending_entries(group.workshop)) == 2
    group.erase("ada", root)
    assert found(in_file.folder) == []
    group.record.merge(copy.record)
    group.record.merge(holding(group.workshop, [tampered]), [group.workshop])
    assert found(in_file.folder) == []


def test_words_of_an_erased_text_that_come_unsealed_afterwards_are_not_even_set_aside(in_file: InFile) -> None:
    group = in_file.group()
    root = family(group)
    copy = group.on(holding(group.workshop, group.entries()))
    edit = copy.edit("ada", f"{MARK} in the copy", root)
    copy.edit("ada", f"{MARK} again in the copy", edit)
    group.erase("ada", root)
    assert group.record.merge(copy.record).quarantined == {"unsealed": 2}
    assert found(in_file.folder) == []
    assert [entry.body for entry in group.record.pending_entries(group.workshop)] == [None, None]


def test_words_let_in_from_a_copy_and_then_erased_are_gone_from_where_they_waited(in_file: InFile) -> None:
    group = in_file.group()
    copy = group.on(holding(group.workshop, group.entries()))
    waiting = copy.write("ada", f"{MARK} written in the copy")
    group.record.merge(copy.record)
    fay = Actor(group.ids["fay"])
    here = group.record.accept_entries(group.workshop, [waiting], fay)[-1].id
    assert MARK in group.state.entries[here].data["text"]
    group.erase("fay", here)
    assert found(in_file.folder) == []
    group.record.merge(copy.record)
    assert found(in_file.folder) == []
    assert group.record.pending_entries(group.workshop) == []


def test_while_somebody_reads_the_words_are_being_erased_and_then_they_are(in_file: InFile) -> None:
    group = in_file.group()
    root = family(group)
    keeper = group.record.backend
    with somebody_reading(in_file.path) as reader:
        group.erase("ada", root)
        assert keeper.scrub() is False
        assert keeper.needs_scrub() is True
        assert found(in_file.folder) != []  # the reader's own view; that is why the page says "being erased"
        assert [fault.key for fault in check_record(group.record)] == ["check.scrub"]
        group.write("bo", "others go on meanwhile")
        assert keeper.scrub() is False
        finish(reader)
        assert keeper.scrub() is True
        assert keeper.needs_scrub() is False
        assert found(in_file.folder) == []
    assert list(check_record(group.record)) == []


def test_the_feed_finishes_an_erasure_that_a_reader_held_up(in_file: InFile) -> None:
    group = in_file.group()
    root = family(group)

    async def until_gone(record: Record) -> None:
        feed = Feed(record, group.workshop, every=0.001)
        feed.start()
        while record.backend.needs_scrub():
            await asyncio.sleep(0)
        feed.stop()

    with somebody_reading(in_file.path) as reader:
        group.erase("ada", root)
        finish(reader)
        assert group.record.backend.needs_scrub()
        group.record.close()  # it ended meanwhile; another process's feed takes over
        run_alone(asyncio.wait_for(until_gone(in_file.open()), 60))
    assert found(in_file.folder) == []


def test_an_erasure_during_the_end_of_another_is_not_forgotten(
    in_file: InFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between emptying the log and noting that it is done, another process erases: its words are in the log again."""
    group = in_file.group()
    first, second = group.write("ada", "first"), group.write("bo", MARK)
    other = group.on(in_file.open(random_bytes=None))
    monkeypatch.setattr(other.record.backend, "scrub", lambda: False)  # killed before it came to this
    with monkeypatch.context() as patched:
        patched.setattr(group.record.backend, "scrub", lambda: False)
        group.erase("ada", first)
    engine = group.record.backend._engine()  # type: ignore[attr-defined]
    second_gone: list[str] = []

    def meanwhile(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("PRAGMA wal_checkpoint") and not second_gone:
            second_gone.append(second)
            other.erase("bo", second)

    sa.event.listen(engine, "after_cursor_execute", meanwhile)
    group.record.backend.scrub()
    sa.event.remove(engine, "after_cursor_execute", meanwhile)
    assert found(in_file.folder) != []
    assert group.record.backend.needs_scrub()
    assert group.record.backend.scrub()
    assert found(in_file.folder) == []


def test_a_reader_between_two_looks_holds_no_transaction(in_file: InFile) -> None:
    """What would keep erased words in the log: a read of ours that is never ended."""
    group = in_file.group()
    root = family(group)
    readers = [in_file.open() for _ in range(3)]
    for record in readers:
        feed = Feed(record, group.workshop)
        feed.follow(lambda state: None)
        feed.poll()
        record.workshops()
        record.backend.faults()
        list(check_record(record))
    group.erase("ada", root)
    assert found(in_file.folder) == []


# ---- the search can fail


def test_without_overwriting_the_search_finds_the_words(in_file: InFile) -> None:
    group = in_file.group(pragmas={"secure_delete": "OFF"})
    root = family(group)
    group.erase("ada", root)
    assert not group.record.backend.needs_scrub()
    assert any(line.startswith("record.cowork:") for line in found(in_file.folder))


def test_without_emptying_the_log_the_search_finds_the_words(in_file: InFile, monkeypatch: pytest.MonkeyPatch) -> None:
    group = in_file.group()
    root = family(group)
    monkeypatch.setattr(group.record.backend, "scrub", lambda: True)
    group.erase("ada", root)
    assert [line.split(":")[0] for line in found(in_file.folder)] == ["record.cowork-wal"]
    assert sqlite3.connect(in_file.path).execute("SELECT count(*) FROM scrub").fetchone() == (1,)


def test_the_log_is_where_new_words_stand_first(in_file: InFile) -> None:
    """Else the two tests above and the reader's would be about nothing."""
    group = in_file.group()
    group.write("ada", MARK)
    assert os.path.exists(f"{in_file.path}-wal")
    assert [line.split(":")[0] for line in found(in_file.folder)] == ["record.cowork-wal"]
