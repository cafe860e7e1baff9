"""The clock of the record goes up along every chain, whatever the clocks of the machines do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest
from support.record_backends import InFile, Kept
from support.strategies import START, YEAR, Clock, Group

from cowork.store.record import MAX_CLOCK_AHEAD_MS


def orders(group: Group, *ids: str) -> list[tuple]:
    return [group.state.entries[i].header.order for i in ids]


def test_many_entries_in_one_millisecond_stay_in_the_order_they_were_written(kept: Kept) -> None:
    group = kept.group()
    there = group.on(kept.open())
    ids = [(group, there)[n % 2].write("ada", f"{n}") for n in range(20)]
    assert orders(group, *ids) == sorted(orders(group, *ids))
    assert [group.state.entries[i].header.at_ms for i in ids] == [START] * 20


def test_the_clock_never_goes_back_when_the_machines_clock_jumps_back(kept: Kept) -> None:
    group = kept.group()
    ids = [group.write("ada", "before")]
    for back in (1, 5_000, 3_600_000, YEAR):
        kept.time.ms -= back
        ids.append(group.write("ada", f"after {back}"))
    assert orders(group, *ids) == sorted(orders(group, *ids))
    assert group.state.entries[ids[-1]].header.at_ms == START
    kept.time.ms = START + 1
    last = group.state.entries[group.write("ada", "right again")].header
    assert (last.at_ms, last.tick) == (START + 1, 0)


def test_a_little_ahead_is_followed_so_that_an_answer_stands_behind_its_question(kept: Kept) -> None:
    group = kept.group()
    ahead = group.on(kept.other().open(now_ms=Clock(kept.time, MAX_CLOCK_AHEAD_MS - 1)))
    ahead.record.merge(group.record)
    question = ahead.write("ada", "question?", kind="utterance")
    group.record.merge(ahead.record)
    answer = group.write("bo", "answer", ("answers", question), kind="utterance")
    assert orders(group, question, answer) == sorted(orders(group, question, answer))


@pytest.mark.parametrize("ahead_ms", [MAX_CLOCK_AHEAD_MS + 11, YEAR])
def test_an_entry_from_far_ahead_never_pulls_our_clock(kept: Kept, ahead_ms: int) -> None:
    group = kept.group()
    ahead = group.on(kept.other().open(now_ms=Clock(kept.time, ahead_ms)))
    ahead.record.merge(group.record)
    theirs = ahead.write("ada", "from the future")
    group.record.merge(ahead.record)
    kept.time.ms += 10
    ours = group.state.entries[group.write("bo", "now")].header
    assert (ours.at_ms, ours.tick) == (kept.time.ms, 0)
    assert group.state.entries[theirs].header.at_ms == START + ahead_ms
    fresh = group.on(kept.open())  # nor the clock of a process that starts later
    assert fresh.state.entries[fresh.write("bo", "also now")].header.at_ms == kept.time.ms


def test_each_process_is_a_writer_of_its_own(kept: Kept) -> None:
    group = kept.group()
    there = group.on(kept.open())
    group.write("ada", "one")
    there.write("ada", "two")
    writers = {group.record.writer, there.record.writer}
    assert len(writers) == 2
    assert {e.header.writer for e in group.entries()} == writers


FORK = """
    import gc, json, os, sys, weakref
    from cowork.core.entries import Actor, Draft
    from cowork.store import open_record
    path, workshop, ada = sys.argv[1:]
    record = open_record(path)

    def write(text):
        record.append(workshop, Draft(record.new_id(), "intention", ada, {"text": text}), Actor(ada))

    write("before the fork")
    first = record.writer
    engine = weakref.ref(record.backend._engine())
    read, told = os.pipe()
    child = os.fork()
    if child == 0:
        write("in the child")
        gc.collect()
        crossed = engine()
        if crossed is not None:
            # Alive, so not closed here, and not the one in use.
            crossed = crossed is not record.backend._engine() and crossed.pool.checkedin() > 0
        os.write(told, json.dumps([record.writer, crossed]).encode())
        os._exit(0)
    write("in the parent meanwhile")
    assert os.waitpid(child, 0)[1] == 0
    write("in the parent afterwards")
    print(json.dumps([first, record.writer, *json.loads(os.read(read, 1000))]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
def test_a_fork_makes_its_own_writer_and_its_own_connections(in_file: InFile) -> None:
    group = in_file.group()
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FORK), in_file.address, group.workshop, group.ids["ada"]],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    before, parent, child, crossed = json.loads(done.stdout)
    assert before == parent != child
    assert crossed is True
    chains = {w: [e.header.seq for e in group.entries() if e.header.writer == w] for w in (parent, child)}
    assert chains == {parent: [1, 2, 3], child: [1]}
