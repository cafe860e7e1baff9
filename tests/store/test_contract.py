"""One promise, whoever keeps the record."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support.record_backends import Kept
from support.snapshots import snapshot
from support.strategies import Group, holding

from cowork.core.entries import Actor, Draft
from cowork.core.errors import CoworkError, IdConflict, InvalidEntry, NotAllowed, NotFound, UnknownCode
from cowork.store import Record, backend, credentials
from cowork.store.backend import Transaction


def bodies(group: Group) -> dict[str, str | None]:
    return {entry.id: entry.body for entry in group.entries()}


# ---- appending


def test_what_was_acknowledged_is_there_for_everybody(kept: Kept) -> None:
    group = kept.group()
    words = "å 🌊 e\u0301 שלום <b>x</b> =1+1"
    mine = group.write("ada", words)
    there = group.on(kept.open())
    assert there.state.entries[mine].data["text"] == words
    assert snapshot(there.state) == snapshot(group.state)


def test_the_same_thing_again_is_acknowledged_again_and_kept_once(kept: Kept) -> None:
    group = kept.group()
    draft = group.draft("ada", "intention", {"text": "once"})
    first = group.ack("ada", draft)
    kept.time.ms += 60_000
    for again in (group.ack("ada", draft), group.on(kept.open()).ack("ada", draft)):
        assert (again.id, again.at_ms, again.repeated) == (first.id, first.at_ms, True)
    assert not first.repeated
    assert [e.id for e in group.entries()].count(draft.id) == 1


@pytest.mark.parametrize("other", ["words", "author", "kind", "about", "seen_by", "workshop"])
def test_an_id_that_is_taken_is_refused_and_what_is_held_stays(kept: Kept, other: str) -> None:
    group = kept.group()
    root = group.write("bo", "something to talk about")
    held = group.write("ada", "mine", kind="utterance")
    before = bodies(group)
    changed = {
        "words": group.draft("ada", "utterance", {"text": "not mine", "lang": "en"}, entry_id=held),
        "author": group.draft("bo", "utterance", {"text": "mine", "lang": "en"}, entry_id=held),
        "kind": group.draft("ada", "view", {"text": "mine", "lang": "en"}, entry_id=held),
        "about": group.draft("ada", "utterance", {"text": "mine", "lang": "en"}, ("talks-about", root), entry_id=held),
        "seen_by": group.draft("ada", "utterance", {"text": "mine", "lang": "en"}, entry_id=held, seen_by="only-me"),
        "workshop": group.draft("ada", "utterance", {"text": "mine", "lang": "en"}, entry_id=held),
    }[other]
    target = Group(group.record, code="MOSS-222") if other == "workshop" else group
    with pytest.raises(IdConflict) as error:
        group.record.append(target.workshop, changed, Actor(changed.by))
    assert error.value.key == "error.id_taken"
    assert bodies(group) == before


def test_after_erasure_the_same_draft_again_is_acknowledged_and_brings_nothing_back(kept: Kept) -> None:
    group = kept.group()
    draft = group.draft("ada", "intention", {"text": "gone"})
    group.ack("ada", draft)
    group.erase("ada", draft.id)
    assert group.ack("ada", draft).repeated
    assert bodies(group)[draft.id] is None


@pytest.mark.parametrize("bad", ["words", "authority", "target"])
def test_several_come_in_all_or_none(kept: Kept, bad: str) -> None:
    group = kept.group()
    last = {
        "words": group.draft("ada", "intention", {"text": "nul \x00"}),
        "authority": group.draft("bo", "intention", {"text": "not ada"}),
        "target": group.draft("ada", "utterance", {"text": "about nothing"}, ("talks-about", group.record.new_id())),
    }[bad]
    before, state = bodies(group), snapshot(group.state)
    drafts = [group.draft("ada", "intention", {"text": f"{n}"}) for n in range(3)]
    with pytest.raises(CoworkError):
        group.record.append_many(group.workshop, [*drafts, last], Actor(group.ids["ada"]))
    assert bodies(group) == before
    assert snapshot(group.state) == state
    acks = group.record.append_many(group.workshop, drafts, Actor(group.ids["ada"]))
    assert [ack.id for ack in acks] == [draft.id for draft in drafts]
    assert not any(ack.repeated for ack in acks)


@pytest.mark.parametrize("words", ["\x00", "a\ud800b", "\udfff", "x" * 100_001])
def test_words_that_cannot_be_kept_are_refused_whole(kept: Kept, words: str) -> None:
    group = kept.group()
    before = bodies(group)
    with pytest.raises(InvalidEntry):
        group.write("ada", words)
    with pytest.raises(InvalidEntry):
        group.add("ada", "intention", {"text": "x", "more": {"deep": [words]}})
    assert bodies(group) == before


def test_the_longest_words_are_kept_to_the_last_sign(kept: Kept) -> None:
    group = kept.group()
    words = "🌊" * 99_999 + "."
    mine = group.write("ada", words)
    assert group.on(kept.open()).state.entries[mine].data["text"] == words


def test_a_workshop_is_opened_once_and_found_by_its_code(kept: Kept) -> None:
    group = kept.group()
    fay = Actor(group.ids["fay"])
    first = group.entries()[0]
    draft = Draft(group.workshop, "workshop", fay.id, dict(first.data))
    assert group.record.open_workshop(draft, fay).repeated
    with pytest.raises(NotAllowed):
        group.record.append(group.workshop, group.draft("ada", "workshop", {"title": "mine"}), Actor(group.ids["ada"]))
    for typed in ("KIND-742", "kind 742", " Kind742"):
        assert group.record.find_workshop(typed) == group.workshop
    for typed in ("", "KIND-743", "742", "🌊"):
        with pytest.raises(UnknownCode):
            group.record.find_workshop(typed)
    with pytest.raises(NotFound):
        group.record.append(
            group.record.new_id(), group.draft("ada", "intention", {"text": "x"}), Actor(group.ids["ada"])
        )


def test_two_workshops_in_one_record_know_nothing_of_each_other(kept: Kept) -> None:
    one = kept.group()
    two = Group(one.record, code="MOSS-222")
    mine = one.write("ada", "only here")
    assert mine not in two.state.entries
    assert [state.workshop for state in one.record.workshops()] == [one.workshop, two.workshop]
    assert one.record.last_position(two.workshop) < one.record.last_position(one.workshop)


# ---- order


def test_a_reader_misses_nothing_while_two_write(kept: Kept) -> None:
    """Positions grow in commit order: whoever reads behind the last position they saw has seen everything before."""
    group = kept.group()
    writers = [kept.open(random_bytes=None) for _ in range(2)]
    each, wrong = 40, []

    def write(record: Record, name: str) -> None:
        try:
            mine = group.on(record)
            for n in range(each):
                mine.write(name, f"{name}{n}")
        except BaseException as error:
            wrong.append(error)

    threads = [
        threading.Thread(target=write, args=(record, name)) for record, name in zip(writers, ("ada", "bo"), strict=True)
    ]
    start = last = group.record.last_position(group.workshop)
    seen: list[str] = []
    reader = kept.open()
    for thread in threads:
        thread.start()
    while True:
        alive = any(thread.is_alive() for thread in threads)
        for position, entry in reader.read_entries(group.workshop, last):
            assert position > last
            last = position
            seen.append(entry.id)
        if not alive:
            break
    for thread in threads:
        thread.join()
    assert wrong == []
    assert seen == [entry.id for _, entry in reader.read_entries(group.workshop, start)]
    assert len(set(seen)) == len(seen) == 2 * each
    chain = [e.header.seq for e in group.entries() if e.header.writer == writers[0].writer]
    assert chain == list(range(1, each + 1))


def test_a_long_record_is_read_to_its_end(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """`after` gives only so many at a time; nobody may take the first part for the whole."""
    group = kept.group()
    for n in range(20):
        group.write("ada", f"{n}")
    whole = snapshot(group.state)
    reader = kept.open()
    monkeypatch.setattr(backend, "READ_BATCH", 7)
    there = group.on(reader)
    assert snapshot(there.state) == whole
    assert len(there.entries()) == len(whole["entries"])
    copy = kept.other().open()
    copy.merge(reader)
    assert snapshot(copy.state(group.workshop)) == whole


def test_what_another_hand_writes_through_the_same_keeper_is_seen_at_once(kept: Kept) -> None:
    """A keeper that counts only what other processes write would show an old state."""
    group = kept.group()
    there = group.on(Record(group.record.backend, now_ms=kept.time))
    assert len(there.state.entries) == len(group.state.entries)
    mine = group.write("ada", "one more")
    assert mine in there.state.entries


# ---- merging


def test_a_merge_brings_entries_key_and_doors_once(kept: Kept, elsewhere: Group) -> None:
    elsewhere.write("ada", "from there")
    credentials.register_device(elsewhere.record, elsewhere.workshop, elsewhere.ids["ada"], "ada's secret")
    record = kept.open()
    assert not record.has_key(elsewhere.workshop)
    taken = record.merge(elsewhere.record)
    assert (taken.added, taken.known, taken.quarantined) == (len(elsewhere.entries()), 0, {})
    assert record.has_key(elsewhere.workshop)
    assert credentials.participant_of(record, elsewhere.workshop, "ada's secret") == elsewhere.ids["ada"]
    again = record.merge(elsewhere.record)
    assert (again.added, again.known) == (0, len(elsewhere.entries()))
    assert snapshot(record.state(elsewhere.workshop)) == snapshot(elsewhere.state)
    elsewhere.on(record).write("ada", "and on from here")
    assert elsewhere.record.merge(record).added == 1


def test_a_merge_takes_only_the_workshops_asked_for(kept: Kept, elsewhere: Group) -> None:
    other = Group(elsewhere.record, code="MOSS-222")
    record = kept.open()
    record.merge(elsewhere.record, [other.workshop])
    assert [state.workshop for state in record.workshops()] == [other.workshop]


def test_a_merge_that_fails_leaves_everything_as_it_was(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    group = kept.group()
    there = group.on(kept.other().open())
    there.record.merge(group.record)
    for n in range(5):
        there.write("ada", f"{n}")
    before, state = bodies(group), snapshot(group.state)
    writing = group.record.backend.writing

    @contextmanager
    def breaking() -> Iterator[Transaction]:
        with writing() as rows:
            yield rows
            raise OSError("the line broke")

    monkeypatch.setattr(group.record.backend, "writing", breaking)
    with pytest.raises(OSError):
        group.record.merge(there.record)
    monkeypatch.undo()
    assert bodies(group) == before
    assert snapshot(group.state) == state
    assert group.record.merge(there.record).added == 5


# ---- erasing


def test_erasure_takes_the_words_of_every_version_and_leaves_the_headers(kept: Kept) -> None:
    group = kept.group()
    root = group.write("ada", "one", seen_by="only-me")
    edit = group.edit("ada", "two", root)
    last = group.edit("ada", "three", edit)
    other = group.write("ada", "stays")
    headers = {e.id: e.header for e in group.entries()}
    group.erase("ada", root)
    rows = {e.id: e for e in group.on(kept.open()).entries()}
    for gone in (root, edit, last):
        assert (rows[gone].body, rows[gone].salt) == (None, None)
        assert rows[gone].header == headers[gone]
        assert rows[gone].seal is not None
    assert rows[other].data["text"] == "stays"
    assert snapshot(group.state) == snapshot(group.on(kept.open()).state)


def test_an_erasure_that_is_merged_takes_the_words_here(kept: Kept) -> None:
    group = kept.group()
    root = group.write("ada", "one")
    there = group.on(kept.other().open())
    there.record.merge(group.record)
    edit = group.edit("ada", "written here meanwhile", root)
    there.erase("ada", root)
    taken = group.record.merge(there.record)
    assert taken.erased == 2
    assert bodies(group)[root] is None and bodies(group)[edit] is None
    assert group.record.merge(there.record).erased == 0
    there.record.merge(group.record)
    assert bodies(there)[edit] is None


def test_a_stale_copy_brings_no_erased_words_back(kept: Kept) -> None:
    group = kept.group()
    root = group.write("ada", "one")
    stale = group.on(kept.other().open())
    stale.record.merge(group.record)
    stale.edit("ada", "two", root)
    group.erase("ada", root)
    group.record.merge(stale.record)
    assert {e.id for e in group.entries() if e.body is None} >= {root}
    assert not any("two" in (e.body or "") or "one" in (e.body or "") for e in group.entries())


def test_a_body_that_was_kept_back_arrives_and_readers_meet_it(kept: Kept) -> None:
    group = kept.group()
    root = group.write("ada", "kept back at first")
    record = kept.other().open()
    with group.record.backend.reading() as rows:
        key = rows.key(group.workshop)
    bare = [e.without_body() if e.id == root else e for e in group.entries()]
    record.merge(holding(group.workshop, bare, key))
    reader = record.last_position(group.workshop)
    assert record.state(group.workshop).entries[root].body is None
    unsealed = [type(e)(e.header, e.body, e.salt, None) for e in group.entries()]
    record.merge(holding(group.workshop, unsealed))
    assert [entry.id for _, entry in record.read_entries(group.workshop, reader)] == [root]
    held = record.state(group.workshop).entries[root]
    assert held.data["text"] == "kept back at first"
    assert key and held.has_valid_seal(key)  # the header's own seal, not whatever came with the body


# ---- closing


def test_everything_is_there_after_closing_and_opening_again(in_file: Kept) -> None:
    group = in_file.group()
    group.write("ada", "stays")
    wanted = snapshot(group.state)
    group.record.close()
    assert snapshot(group.on(in_file.open()).state) == wanted
    group.write("bo", "a closed record opens itself again")
