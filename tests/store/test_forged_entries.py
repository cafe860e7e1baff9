"""A forged file puts no words in a mouth and takes none away; everything that does not fit is set aside and listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support.record_backends import Kept
from support.snapshots import snapshot
from support.strategies import START, YEAR, Clock, Group, Time, dice, holding, memory_record

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Entry, body_hash, body_text
from cowork.core.errors import NotAllowed
from cowork.core.fold import State
from cowork.core.ids import derive_id
from cowork.store import Record
from cowork.store.check import check_record

WRONG_KEY = b"\x07" * 32


def made(group: Group, by: str, words: str, *about: tuple[str, str], key: bytes | None = None, **header: Any) -> Entry:
    """An entry as a forger makes it: any header, words that fit their hash, and a seal if they have a key."""
    body, salt = body_text({"text": words}), b"0123456789abcdef"
    model = group.entries()[-1].header
    values = {
        "id": group.record.new_id(), "writer": "f" * 16, "seq": 1, "prev": "", "at_ms": START, "tick": 0,
        "by": group.ids[by], "how": "self", "kind": "intention", "about": about, "seen_by": "group",
    }  # fmt: skip
    forged = replace(model, **{**values, **header, "body_hash": body_hash(salt, body)})
    return Entry(forged, body, salt, forged.seal(key) if key else None)


def key_of(record: Record, workshop: str) -> bytes:
    with record.backend.reading() as rows:
        key = rows.key(workshop)
    assert key is not None
    return key


def listed(record: Record) -> list[tuple[str, str]]:
    return sorted((f.key, str(f.values.get("why", ""))) for f in check_record(record))


def shown(group: Group, viewer: str = "") -> list[str]:
    return [c.text for c in ParticipantView(group.state, group.ids.get(viewer, "")).contributions()]


@pytest.fixture
def group(kept: Kept) -> Group:
    made = kept.group()
    made.write("ada", "as ada said it")
    return made


def test_words_in_anothers_mouth_without_a_seal_wait_and_are_listed(group: Group) -> None:
    before = snapshot(group.state)
    forged = made(group, "ada", "ada never said this")
    taken = group.record.merge(holding(group.workshop, [forged]), [group.workshop])
    assert (taken.added, taken.quarantined) == (0, {"unsealed": 1})
    assert [e.id for e in group.record.pending_entries(group.workshop)] == [forged.id]
    assert snapshot(group.state) == before
    assert listed(group.record) == [("check.aside", "unsealed")]


def test_a_wrong_seal_is_set_aside_and_does_not_even_wait(group: Group) -> None:
    before = snapshot(group.state)
    forged = made(group, "ada", "ada never said this", key=WRONG_KEY)
    other_key = holding(group.workshop, [forged], WRONG_KEY)  # a key of the forger's own changes nothing
    for source in (holding(group.workshop, [forged]), other_key):
        assert group.record.merge(source, [group.workshop]).quarantined == {"seal": 1}
    assert group.record.pending_entries(group.workshop) == []
    assert snapshot(group.state) == before
    assert listed(group.record) == [("check.aside", "seal")]


@pytest.mark.parametrize("sealed", [True, False])
def test_other_content_under_a_known_id_is_refused_and_what_is_held_stays(group: Group, sealed: bool) -> None:
    before = snapshot(group.state)
    held = group.entries()[-1].id
    key = key_of(group.record, group.workshop) if sealed else None
    forged = made(group, "ada", "other words", id=held, key=key)
    assert group.record.merge(holding(group.workshop, [forged]), [group.workshop]).quarantined == {"same-id": 1}
    assert snapshot(group.state) == before
    assert group.record.pending_entries(group.workshop) == []
    assert listed(group.record) == [("check.aside", "same-id")]


@pytest.mark.parametrize(
    ("key", "why"), [(None, "unsealed"), (WRONG_KEY, "seal")], ids=["without a seal", "with a wrong seal"]
)
def test_an_erasure_of_everything_erases_nothing(group: Group, key: bytes | None, why: str) -> None:
    before = snapshot(group.state)
    about = tuple(("erases", entry.id) for entry in group.entries())
    forged = made(group, "ada", "", *about, kind="erasure", key=key)
    taken = group.record.merge(holding(group.workshop, [forged]), [group.workshop])
    assert (taken.added, taken.erased, taken.quarantined) == (0, 0, {why: 1})
    assert snapshot(group.state) == before
    fay = Actor(group.ids["fay"])
    assert group.record.accept_entries(group.workshop, [forged.id], fay) == []  # nor is it ever let in
    assert snapshot(group.state) == before


@pytest.mark.parametrize("kind", ["withdrawal", "hide", "edit", "restore", "role", "consent", "participant", "setting"])
def test_acts_without_a_seal_change_nothing_and_are_never_let_in(group: Group, kind: str) -> None:
    root = group.entries()[-1].id
    relation = {"withdrawal": "withdraws", "hide": "hides", "role": "grants"}.get(kind, "replaces")
    target = group.ids["bo"] if kind == "role" else root
    forged = made(group, "bo", "x", (relation, target), kind=kind)
    before = snapshot(group.state)
    group.record.merge(holding(group.workshop, [forged]), [group.workshop])
    group.record.accept_entries(group.workshop, [forged.id], Actor(group.ids["fay"]))
    assert snapshot(group.state) == before


def test_a_contribution_let_in_rewrites_nobodys_words(group: Group) -> None:
    """It may carry any relation: letting it in must not make it a version of somebody's text, nor give a role."""
    root = group.entries()[-1].id
    relations = [("replaces", root), ("withdraws", root), ("erases", root), ("hides", root)]
    forged = [made(group, "ada", f"forged {r}", (r, t), seq=n + 1) for n, (r, t) in enumerate(relations)]
    forged.append(made(group, "bo", "forged grants", ("grants", group.ids["bo"]), ("answers", root), seq=9))
    group.record.merge(holding(group.workshop, forged), [group.workshop])
    group.record.accept_entries(group.workshop, [e.id for e in forged], Actor(group.ids["fay"]))
    state = group.state
    assert [e.data["text"] for e in state.current(root)] == ["as ada said it"]
    assert not (state.is_erased(root) or state.withdrawals(root) or state.hides(root))
    assert state.roles(group.ids["bo"]) == set()
    assert {e.data["text"] for e in state.entries.values() if e.header.how == "import" and "text" in e.data} == {
        "forged withdraws", "forged erases", "forged hides", "forged grants",
    }  # fmt: skip
    ours = next(e for e in state.entries.values() if e.data.get("text") == "forged grants")
    assert ours.header.about == (("answers", root),)


def test_a_clock_a_year_ahead_that_is_sealed_comes_in_and_pulls_nothing(kept: Kept, group: Group) -> None:
    ahead = group.on(kept.other().open(now_ms=Clock(kept.time, YEAR)))
    ahead.record.merge(group.record)
    theirs = ahead.write("ada", "from the future")
    assert group.record.merge(ahead.record).quarantined == {}
    assert group.state.entries[group.write("bo", "now")].header.at_ms < START + 10_000
    assert group.state.entries[theirs].header.at_ms == START + YEAR
    assert listed(group.record) == []


@pytest.mark.parametrize("together", [False, True], ids=["here already", "both in one file"])
def test_a_forked_chain_is_set_aside(group: Group, together: bool) -> None:
    """Two entries at one place of a writer's chain, both well sealed: somebody ran on from a stolen copy."""
    key = key_of(group.record, group.workshop)
    one = made(group, "ada", "one way", key=key, seq=1)
    two = made(group, "ada", "the other way", key=key, seq=1)
    if together:
        taken = group.record.merge(holding(group.workshop, [one, two], key), [group.workshop])
    else:
        group.record.merge(holding(group.workshop, [one], key), [group.workshop])
        taken = group.record.merge(holding(group.workshop, [two], key), [group.workshop])
    assert taken.quarantined == {"chain": 1}
    assert one.id in group.state.entries and two.id not in group.state.entries
    assert listed(group.record) == [("check.aside", "chain")]


def test_one_id_twice_in_one_file_comes_in_once(group: Group) -> None:
    key = key_of(group.record, group.workshop)
    one = made(group, "ada", "first", key=key, seq=1)
    two = made(group, "ada", "second", key=key, seq=2, id=one.id)
    taken = group.record.merge(holding(group.workshop, [one, two], key), [group.workshop])
    assert (taken.added, taken.quarantined) == (1, {"same-id": 1})
    assert group.state.entries[one.id].data["text"] == "first"


def test_a_body_that_was_changed_is_set_aside(group: Group) -> None:
    there = group.on(holding(group.workshop, group.entries(), key_of(group.record, group.workshop)))
    new = there.write("bo", "as bo said it")
    rows = {entry.id: entry for entry in there.entries()}
    rows[new] = replace(rows[new], body='{"lang":"en","text":"not what bo said"}')
    taken = group.record.merge(holding(group.workshop, rows.values()))
    assert taken.quarantined == {"hash": 1}
    assert new not in group.state.entries
    assert listed(group.record) == [("check.aside", "hash")]
    assert group.record.merge(there.record).added == 1  # the true one still may
    assert group.state.entries[new].data["text"] == "as bo said it"


def test_an_entry_of_another_workshop_cannot_slip_in_and_is_listed(group: Group) -> None:
    forged = made(group, "ada", "from nowhere", workshop=group.record.new_id())
    source = holding(group.workshop, [forged])
    with source.backend.writing() as rows:
        rows.entries_after = lambda workshop, position, limit=0: [(1, forged)] if position < 1 else []
    assert group.record.merge(source, [group.workshop]).quarantined == {"hash": 1}
    assert listed(group.record) == [("check.aside", "hash")]


@pytest.mark.parametrize("wrong", ["hash", "seal", "unsealed", "chain", "gap"])
def test_check_finds_what_was_changed_in_the_file_itself(kept: Kept, wrong: str) -> None:
    group = kept.group()
    group.write("ada", "as ada said it")
    group.write("ada", "and more")
    entries = group.entries()
    key = key_of(group.record, group.workshop)
    second = entries[-2]
    change: dict[str, Callable[[], list[Entry]]] = {
        "hash": lambda: [*entries[:-2], replace(second, body='{"text":"x"}'), entries[-1]],
        "seal": lambda: [*entries[:-2], replace(second, seal=b"x" * 32), entries[-1]],
        "unsealed": lambda: [*entries[:-2], replace(second, seal=None), entries[-1]],
        "chain": lambda: [*entries[:-1], resealed(entries[-1], key, prev="0" * 64)],
        "gap": lambda: [*entries[:-1], resealed(entries[-1], key, seq=10**15)],
    }
    assert listed(group.record) == []
    assert [fault.key for fault in check_record(holding(group.workshop, change[wrong](), key))] == [f"check.{wrong}"]


def resealed(entry: Entry, key: bytes, **header: Any) -> Entry:
    changed = replace(entry.header, **header)
    return Entry(changed, entry.body, entry.salt, changed.seal(key))


def test_a_key_that_does_not_fit_is_not_taken_over(kept: Kept, group: Group) -> None:
    """A copy without its key would else refuse the true entries for ever, and take the forger's."""
    copy = kept.other().open()
    copy.merge(holding(group.workshop, group.entries()))
    forged = made(group, "ada", "forged", key=WRONG_KEY)
    copy.merge(holding(group.workshop, [forged], WRONG_KEY), [group.workshop])
    assert not copy.has_key(group.workshop)
    group.write("ada", "and on")
    assert copy.merge(group.record).quarantined == {}
    assert key_of(copy, group.workshop) == key_of(group.record, group.workshop)


# ---- a copy without the key that went on


def went_on(group: Group) -> Group:
    """The same group on an export: it has no key, so what is written there has no seal."""
    return group.on(
        Record(holding(group.workshop, group.entries()).backend, now_ms=Time(), random_bytes=dice("went on"))
    )


def test_what_a_copy_wrote_waits_and_comes_in_once_as_somebodys_claim(group: Group) -> None:
    copy = went_on(group)
    copy.join("cy")
    talk = copy.write("ada", "said in the copy", ("talks-about", group.entries()[-1].id), kind="utterance")
    answer = copy.write("cy", "answered there", ("answers", talk), kind="utterance")
    assert group.record.merge(copy.record).quarantined == {"unsealed": 4}
    fay = Actor(group.ids["fay"])
    acks = group.record.accept_entries(group.workshop, [talk, answer], fay)
    state = group.state
    here = {e.data["text"]: e for e in state.entries.values() if e.header.how == "import" and "text" in e.data}
    said, answered = here["said in the copy"], here["answered there"]
    assert answered.header.about == (("answers", said.id),)
    assert said.header.about[0][0] == "talks-about"
    for entry, name in ((said, "ada"), (answered, "cy")):
        assert entry.header.by == derive_id("claimed:" + group.ids[name]) != group.ids[name]
        assert entry.data["claim"]["by"] == group.ids[name]
        assert entry.data["fidelity"] == "imported"
        assert state.profile(entry.header.by)["claimed"] == {"by": group.ids[name], "name": name.capitalize()}
        assert entry.has_valid_seal(key_of(group.record, group.workshop))
    assert len(acks) == 4  # two voices, two contributions
    wanted = snapshot(state)
    assert group.record.accept_entries(group.workshop, [talk, answer], fay) == []
    assert group.record.merge(copy.record).added == 0
    assert group.record.accept_entries(group.workshop, [talk, answer], fay) == []
    assert snapshot(group.state) == wanted
    assert {e.kind for e in group.record.pending_entries(group.workshop)} == {"participant", "consent"}


def test_words_come_in_as_they_last_stood_in_the_copy(group: Group) -> None:
    copy = went_on(group)
    changed = copy.write("ada", "first wording")
    copy.edit("ada", "better wording", changed)
    taken = copy.write("ada", "taken back there")
    copy.withdraw("ada", taken)
    private = copy.write("ada", "for me alone", seen_by="only-me")
    hidden = copy.write("bo", "hidden there")
    copy.hide("fay", hidden)
    group.record.merge(copy.record)
    group.record.accept_entries(group.workshop, [changed, taken, private, hidden], Actor(group.ids["fay"]))
    assert [c.text for c in ParticipantView(group.state, "").contributions()] == ["as ada said it", "better wording"]


def test_only_a_facilitator_lets_in_or_leaves_out(group: Group) -> None:
    copy = went_on(group)
    talk = copy.write("ada", "said in the copy")
    group.record.merge(copy.record)
    for act in (group.record.accept_entries, group.record.reject_entries):
        with pytest.raises(NotAllowed):
            act(group.workshop, [talk], Actor(group.ids["ada"]))
    assert [e.id for e in group.record.pending_entries(group.workshop)] == [talk]
    group.record.reject_entries(group.workshop, [talk], Actor(group.ids["fay"]))
    assert group.record.pending_entries(group.workshop) == []
    assert listed(group.record) == []


def test_leaving_out_forgets_nothing_but_what_waits_here(group: Group) -> None:
    held = group.entries()[-1].id
    forged = made(group, "ada", "other words", id=held)
    group.record.merge(holding(group.workshop, [forged]), [group.workshop])
    group.record.reject_entries(group.workshop, [held], Actor(group.ids["fay"]))
    assert listed(group.record) == [("check.aside", "same-id")]


def test_what_waits_here_waits_there_after_a_merge_and_once(kept: Kept, group: Group) -> None:
    copy = went_on(group)
    talk = copy.write("ada", "said in the copy")
    group.record.merge(copy.record)
    second = kept.other().open()
    second.merge(group.record)
    second.merge(group.record)
    assert [e.id for e in second.pending_entries(group.workshop)] == [talk]
    assert isinstance(second.state(group.workshop), State)


def test_a_record_without_the_key_takes_an_export_in_and_the_operators_copy_completes_it(group: Group) -> None:
    fresh = memory_record(now_ms=Time(), random_bytes=dice("fresh"))
    fresh.merge(holding(group.workshop, group.entries()))
    assert not fresh.has_key(group.workshop)
    there = group.on(fresh)
    unsealed = there.write("bo", "written without a key")
    assert there.state.entries[unsealed].seal is None
    fresh.merge(group.record)
    assert fresh.has_key(group.workshop)
    assert unsealed in fresh.state(group.workshop).entries  # what was trusted here stays, and is listed
    assert listed(fresh) == [("check.unsealed", "")]
