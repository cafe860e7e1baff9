"""What `check` says of entries and words that are gone, and that it says nothing where all is in order."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from support.record_backends import InFile
from support.strategies import Group, copied, part_of

from cowork.core.access.erasure import written_by
from cowork.store import Record, open_record
from cowork.store.check import check_record
from cowork.store.export import export_workshop

#: Opens the record, writes some entries and rolls back the last of them; or is killed while it writes.
ROLLED = """
import os, sys
from cowork.core.entries import Actor, Draft
from cowork.store import open_record
path, workshop, ada, how = sys.argv[1:5]
record = open_record(path)
record.append(workshop, Draft(record.new_id(), "intention", ada, {"text": "before"}), Actor(ada))
try:
    with record._writing(workshop) as rows:
        for _ in range(5):
            draft = Draft(record.new_id(), "intention", ada, {"text": "never"})
            record._append(workshop, [draft], Actor(ada), rows)
        if how == "killed":
            os.kill(os.getpid(), 9)
        raise KeyError
except KeyError:
    pass
"""


def keys(record: Record) -> list[str]:
    return [fault.key for fault in check_record(record)]


def changed(in_file: InFile, *statements: str) -> Record:
    """The record after somebody changed its file by hand."""
    for record in in_file.opened:
        record.close()
    connection = sqlite3.connect(in_file.path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return in_file.open()


def full(in_file: InFile) -> Group:
    group = in_file.group()
    for n in range(12):
        group.write("ada", f"words {n}")
    return group


@pytest.mark.parametrize(
    ("deleted", "said"),
    [
        ("position > (SELECT max(position) - 5 FROM entry)", {"check.cut_off"}),
        ("kind <> 'workshop'", {"check.cut_off"}),
        ("kind = 'workshop'", {"check.no_opening", "check.gap"}),
        ("1", {"check.cut_off"}),
    ],
)
def test_entries_that_were_taken_out_are_said(in_file: InFile, deleted: str, said: set[str]) -> None:
    full(in_file)
    assert said <= set(keys(changed(in_file, f"DELETE FROM entry WHERE {deleted}")))


def test_how_many_at_the_end_are_gone_is_said(in_file: InFile) -> None:
    full(in_file)
    record = changed(in_file, "DELETE FROM entry WHERE position > (SELECT max(position) - 5 FROM entry)")
    assert [fault.values for fault in check_record(record)] == [{"n": 5}]


def test_words_that_were_taken_out_as_if_erased_are_said(in_file: InFile) -> None:
    group = full(in_file)
    root = group.write("ada", "to be taken out by hand")
    record = changed(in_file, f"UPDATE entry SET body=NULL, salt=NULL WHERE id='{root}'")
    assert [(fault.key, fault.values["id"]) for fault in check_record(record)] == [("check.words", root)]


def test_after_an_erasure_nothing_is_said(in_file: InFile) -> None:
    group = full(in_file)
    root = group.write("ada", "first")
    group.edit("bo", "not hers", group.write("bo", "bo's", kind="proposal"))
    group.edit("ada", "second", root)
    group.erase("ada", root)
    group.add("ada", "erasure", {}, *written_by(group.state, group.ids["ada"]).about())
    assert keys(group.record) == []


def test_words_that_a_copy_kept_back_are_no_fault_here_or_after_they_come(in_file: InFile, tmp_path: Path) -> None:
    group = full(in_file)
    private = group.write("ada", "for me alone", seen_by="only-me")
    export_workshop(group.record, group.workshop, tmp_path / "copy.cowork")
    copy = open_record(tmp_path / "copy.cowork")
    assert keys(copy) == []
    own = in_file.other().open()  # another machine of the operator's: it has the key, and lacks the newest words
    with group.record.backend.reading() as rows, own.backend.writing() as mine:
        mine.set_key(group.workshop, rows.key(group.workshop) or b"")
    own.merge(copy)
    assert own.state(group.workshop).entries[private].body is None
    assert keys(own) == []
    own.merge(copy)
    assert keys(own) == []
    own.merge(group.record)
    assert own.state(group.workshop).entries[private].body is not None
    assert keys(own) == []
    group.erase("ada", private)
    own.merge(group.record)
    assert keys(own) == []
    late = in_file.other()
    late.name = "late"
    late.path = in_file.folder / "late.cowork"
    keyless = late.open()
    keyless.merge(copy)
    keyless.merge(own)  # now it has the key, and words that are erased, and none that it does not know of
    assert keys(keyless) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this platform has no kill -9")
@pytest.mark.parametrize("erased", ["there", "here"])
def test_a_note_about_words_that_did_not_come_goes_when_they_are_erased(in_file: InFile, erased: str) -> None:
    group = in_file.group()
    root = group.write("ada", "never to be read here")
    whole = copied(group.record)
    if erased == "there":
        group.erase("ada", root)
    else:
        with group.record.backend.writing() as rows:
            rows.erase([root])  # as an export that leaves these words out
    fresh = part_of(group.record, group.workshop, lambda entry: False)
    fresh.merge(part_of(group.record, group.workshop, lambda entry: entry.kind != "erasure"))
    assert aside(fresh) == ["kept-back"]
    if erased == "there":
        fresh.merge(group.record)  # the erasure comes after what it took the words of
    else:
        group.on(fresh).erase("ada", root)
    assert aside(fresh) == []
    fresh.merge(whole)
    assert aside(fresh) == [] and fresh.state(group.workshop).entries[root].body is None


def aside(record: Record) -> list[str]:
    with record.backend.reading() as rows:
        return [why for why, _ in rows.quarantined()]


@pytest.mark.parametrize("how", ["rolled back", "killed"])
def test_a_write_that_never_happened_leaves_no_number_behind(in_file: InFile, how: str) -> None:
    group = full(in_file)
    words = [str(in_file.path), group.workshop, group.ids["ada"], how]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", ROLLED, *words], env=environment, capture_output=True, text=True)
    assert done.returncode == (0 if how == "rolled back" else -signal.SIGKILL), done.stderr
    assert keys(group.record) == []
    group.write("bo", "and on")
    assert keys(in_file.open()) == []


def test_a_record_without_a_workshop_is_in_order(in_file: InFile) -> None:
    assert keys(in_file.open()) == []
