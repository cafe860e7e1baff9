"""A process that is killed loses nothing it had acknowledged.

A writer says an id only after `append` has returned. It is killed while it writes; then every id it said must be in the
record. This shows that an acknowledgement comes after the commit; it cannot show what a power cut does.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from support.record_backends import InFile
from support.strategies import Group

from cowork.store import open_record
from cowork.store.check import check_record

ROUNDS, WRITERS = 10, 2
ACKS = 2_000

WRITER = """
    import os, sys
    from cowork.core.entries import Actor, Draft
    from cowork.store import open_record

    path, workshop, ada = sys.argv[1:4]
    record = open_record(path)

    def say(entry_id):
        os.write(1, (entry_id + "\\n").encode())

    n = 0
    while True:
        n += 1
        draft = Draft(record.new_id(), "intention", ada, {"text": "word " * (n % 50)})
        if n == FAIL_AT:
            fail(draft.id)
        record.append(workshop, draft, Actor(ada))
        say(draft.id)
"""

#: The fault this test is for, put in where it would be: acknowledged inside the write, killed before the commit.
FAILPOINT = """
    from cowork.store.sqlite import SqliteTransaction

    FAIL_AT = 21

    def fail(entry_id):
        insert = SqliteTransaction.insert

        def acknowledged_too_early(rows, entry):
            insert(rows, entry)
            say(entry_id)
            os.kill(os.getpid(), 9)

        SqliteTransaction.insert = acknowledged_too_early
"""


def writer(group: Group, path: Path, before: str = "    FAIL_AT = 0\n") -> subprocess.Popen[bytes]:
    script = textwrap.dedent("    import os\n" + before) + textwrap.dedent(WRITER)
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path), group.workshop, group.ids["ada"]],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def said(process: subprocess.Popen[bytes], at_least: int) -> list[str]:
    """The ids a writer says until it has said so many; then it is killed, and what it had still said is read."""
    assert process.stdout is not None
    ids = [process.stdout.readline() for _ in range(at_least)]
    process.kill()
    ids += process.stdout.readlines()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return [line.decode().strip() for line in ids if line.endswith(b"\n")]


def lost(path: Path, workshop: str, ids: list[str]) -> list[str]:
    """Acknowledged ids that the record, opened anew, does not hold."""
    record = open_record(path)
    held = {entry.id for _, entry in record.read_entries(workshop)}
    record.close()
    return [entry_id for entry_id in ids if entry_id not in held]


pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this platform has no kill -9")


def test_nothing_acknowledged_is_lost_when_writers_are_killed(in_file: InFile) -> None:
    group = in_file.group()
    chance, acknowledged = random.Random(9), []
    for _ in range(ROUNDS):
        processes = [writer(group, in_file.path) for _ in range(WRITERS)]
        for process in processes:
            acknowledged += said(process, ACKS // ROUNDS // WRITERS + chance.randrange(20))
        assert lost(in_file.path, group.workshop, acknowledged) == []
    assert len(set(acknowledged)) == len(acknowledged) >= ACKS
    record = in_file.open()
    assert list(check_record(record)) == []  # pages, hashes, seals and chains
    writers = {entry.header.writer for _, entry in record.read_entries(group.workshop)}
    assert len(writers) == ROUNDS * WRITERS + 1
    group.on(record).write("ada", "and it can be written to")


def test_the_check_finds_what_was_acknowledged_before_the_commit(in_file: InFile) -> None:
    group = in_file.group()
    process = writer(group, in_file.path, FAILPOINT)
    assert process.stdout is not None
    ids = [line.decode().strip() for line in process.stdout]  # until it dies by its own failpoint
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    assert len(ids) == 21
    assert lost(in_file.path, group.workshop, ids) == ids[-1:]
    assert list(check_record(in_file.open())) == []
