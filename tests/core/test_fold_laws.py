"""Merge and fold keep their laws, whatever the devices wrote, in whatever order it meets."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.snapshots import snapshot
from support.strategies import Group, World, copied, dice, few, laws, memory_record, thrown, worlds

from cowork.core.fold import State, fold

TESTS = Path(__file__).resolve().parents[1]


def shuffled(things: list, chance: random.Random) -> list:
    return chance.sample(things, len(things))


@laws
@given(worlds())
def test_merging_the_same_copy_again_changes_nothing(world: World) -> None:
    first, second = copied(world.records[0]), world.records[1]
    first.merge(second)
    once, newest = snapshot(first.state(world.workshop)), first.last_position(world.workshop)
    taken = first.merge(second)
    assert (taken.added, taken.erased, taken.quarantined) == (0, 0, {})
    assert first.last_position(world.workshop) == newest
    assert snapshot(first.state(world.workshop)) == once


@laws
@given(worlds())
def test_merging_gives_the_same_in_either_direction(world: World) -> None:
    one, two = copied(world.records[0]), copied(world.records[1])
    one.merge(world.records[1])
    two.merge(world.records[0])
    assert snapshot(one.state(world.workshop)) == snapshot(two.state(world.workshop))


@laws
@given(worlds())
def test_merging_gives_the_same_however_it_is_grouped(world: World) -> None:
    a, b, c = (copied(record) for record in world.records[1:])
    left, bc = copied(a), copied(b)
    left.merge(b)
    left.merge(c)
    bc.merge(c)
    a.merge(bc)
    assert snapshot(left.state(world.workshop)) == snapshot(a.state(world.workshop))


@laws
@given(worlds(), st.randoms(use_true_random=False))
def test_all_devices_end_in_one_state_in_whatever_order_they_meet(world: World, chance: random.Random) -> None:
    wanted = snapshot(world.together())
    for record in world.records:
        for other in shuffled(world.records, chance):
            record.merge(other)
    for record in shuffled(world.records, chance):  # the last word of the last device reaches the first
        for other in world.records:
            record.merge(other)
    for record in world.records:
        assert snapshot(record.state(world.workshop)) == wanted
        assert snapshot(fold(world.workshop, [e for _, e in record.read_entries(world.workshop)])) == wanted
        with record.backend.reading() as rows:
            assert rows.quarantined() == []


@laws
@given(worlds(), st.randoms(use_true_random=False))
def test_any_order_of_entries_folds_to_the_same_state(world: World, chance: random.Random) -> None:
    wanted = snapshot(fold(world.workshop, world.written()))
    for _ in range(4):
        assert snapshot(fold(world.workshop, shuffled(world.written(), chance))) == wanted
    assert snapshot(fold(world.workshop, reversed(world.written()))) == wanted


@laws
@given(worlds(), st.randoms(use_true_random=False))
def test_half_and_then_half_is_the_whole(world: World, chance: random.Random) -> None:
    entries = shuffled(world.written(), chance)
    cut = chance.randrange(len(entries))
    state = fold(world.workshop, entries[:cut])
    snapshot(state)  # reading in between must leave nothing behind
    for entry in entries[cut:]:
        state.apply(entry)
    assert snapshot(state) == snapshot(fold(world.workshop, entries))


@laws
@given(worlds(), st.randoms(use_true_random=False))
def test_applying_entries_again_changes_nothing(world: World, chance: random.Random) -> None:
    state = fold(world.workshop, world.written())
    wanted, applied = snapshot(state), state.applied_count
    for entry in shuffled(world.written() * 2, chance):
        state.apply(entry)
    assert snapshot(state) == wanted
    assert state.applied_count == applied


@laws
@given(worlds(), st.randoms(use_true_random=False))
def test_erasure_wins_in_every_order_and_stale_copies_bring_nothing_back(world: World, chance: random.Random) -> None:
    gone = world.erased_words()
    for _ in range(3):
        state = fold(world.workshop, shuffled(world.written() * 2, chance))
        assert not gone & words_of(state)
    stale = [copied(record) for record in world.records]
    for record in shuffled(world.records, chance):
        for other in shuffled(world.records + stale, chance):
            record.merge(other)
    last = world.records[-1]
    for other in world.records + stale:
        last.merge(other)
    assert not gone & words_of(last.state(world.workshop))
    assert not gone & {str(e.data.get("text")) for _, e in last.read_entries(world.workshop)}


@laws
@given(worlds())
def test_a_body_kept_back_arrives_later_and_an_erased_one_never(world: World) -> None:
    bare = [entry.without_body() for entry in world.written()]
    wanted = snapshot(fold(world.workshop, world.written()))
    assert snapshot(fold(world.workshop, bare + world.written())) == wanted
    assert snapshot(fold(world.workshop, world.written() + bare)) == wanted


@few
@given(worlds())
def test_every_chain_is_whole_and_every_clock_goes_up_along_it(world: World) -> None:
    chains: dict[str, list] = {}
    for entry in world.written():
        chains.setdefault(entry.header.writer, []).append(entry)
    for chain in chains.values():
        chain.sort(key=lambda entry: entry.header.seq)
        assert [entry.header.seq for entry in chain] == list(range(1, len(chain) + 1))
        assert chain[0].header.prev == ""
        for before, after in itertools.pairwise(chain):
            assert after.header.prev == before.header.digest()
            assert after.header.order > before.header.order


@few
@given(worlds())
def test_unknown_kinds_are_kept_and_merged(world: World) -> None:
    unknown = {entry.id for entry in world.written() if entry.kind == "gratitude"}
    assert unknown <= set(world.together().entries)


def words_of(state: State) -> set[str]:
    return {str(entry.data.get("text")) for entry in state.entries.values()}


def test_random_worlds_do_what_the_laws_are_about() -> None:
    """A law tried on worlds in which nothing happens holds for nothing."""
    seen: dict[str, int] = {}
    for seed in range(60):
        world = World(thrown(seed, 60))
        whole = fold(world.workshop, world.written())
        for entry in world.written():
            seen[entry.kind] = seen.get(entry.kind, 0) + 1
        seen["two at once"] = seen.get("two at once", 0) + sum(
            len(whole.current(e.id)) > 1 for e in world.written() if not e.targets("replaces")
        )
        seen["settled"] = seen.get("settled", 0) + sum(len(e.targets("replaces")) > 1 for e in world.written())
        seen["words gone"] = seen.get("words gone", 0) + len(world.erased_words())
        seen["a year ahead"] = seen.get("a year ahead", 0) + sum(
            e.header.at_ms > world.time.ms + 10**9 for e in world.written()
        )
        writers = {e.header.writer for e in world.written()}
        seen["many writers"] = seen.get("many writers", 0) + (len(writers) > 5)
    acts = {"edit", "withdrawal", "restore", "hide", "show", "erasure", "role", "consent", "setting", "talked"}
    for name in [*acts, "gratitude", "two at once", "settled", "words gone", "a year ahead", "many writers"]:
        assert seen.get(name, 0) >= 5, (name, seen)


SCRIPT = """
import hashlib, json, sys
sys.path[:0] = [{tests!r}]
from support.snapshots import snapshot
from support.strategies import World, thrown
from cowork.core.fold import fold
from cowork.core.access.participant_view import ParticipantView
world = World(thrown(11, 120))
state = fold(world.workshop, world.written())
seen = ParticipantView(state, world.group.ids["ada"])
shown = [(c.id, c.text, c.status, [v.id for v in c.versions + c.earlier]) for c in seen.contributions()]
talk = [[c.id for c in seen.talk_about(root)] for root in sorted(state.entries)]
print(hashlib.sha256(repr((snapshot(state), shown, talk)).encode()).hexdigest(), len(shown))
"""


def test_the_fold_is_the_same_under_any_hash_seed_and_time_zone() -> None:
    answers = set()
    for seed, zone in (("0", "UTC"), ("1", "Asia/Kathmandu"), ("2718", "America/St_Johns")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT.format(tests=str(TESTS))], env=env, capture_output=True, text=True, check=True
        )
        answers.add(done.stdout)
    assert len(answers) == 1
    assert int(answers.pop().split()[1]) > 5


@pytest.mark.parametrize("ring", [1, 2, 3])
def test_a_forged_ring_of_versions_does_no_harm(ring: int) -> None:
    group = Group(memory_record(random_bytes=dice(1)))
    entry = group.state.entries[group.write("ada", "round and round")]
    ids = [f"00000000-0000-7000-8000-{n:012d}" for n in range(ring)]
    ringed = [
        replace(entry, header=replace(entry.header, id=ids[n], about=(("replaces", ids[(n + 1) % ring]),)))
        for n in range(ring)
    ]
    state = fold(group.workshop, [*group.entries(), *ringed])
    snapshot(state)
    assert state.root(ids[0]) in ids
    assert not state.is_erased(ids[0])
    assert not state.current(ids[0])
