"""A copy leaves the group: it holds what the group may see and what its people allow, and nothing else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from support.record_backends import Kept
from support.snapshots import snapshot
from support.strategies import Group, holding

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor
from cowork.core.errors import RecordError
from cowork.store import Record, credentials, open_record
from cowork.store.check import check_record
from cowork.store.export import ExportResult, export_workshop
from cowork.store.sqlite import APPLICATION_ID, FORMAT_VERSION

MARK = "zebrafinch"


def sent(group: Group, folder: Path, **options: bool) -> tuple[bytes, Record, ExportResult]:
    path = folder / f"copy{len(list(folder.iterdir()))}.cowork"
    copied = export_workshop(group.record, group.workshop, path, **options)
    return path.read_bytes(), open_record(path), copied


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def private(group: Group) -> None:
    root = group.write("ada", f"{MARK} first, for me", seen_by="only-me")
    group.edit("ada", "then for all", root)
    group.write("bo", f"{MARK} only mine", seen_by="only-me")
    group.write("bo", f"{MARK} a memo", kind="memo", seen_by="only-me")


def taken(group: Group) -> None:
    root = group.write("ada", MARK)
    group.edit("ada", f"{MARK} again", root)
    group.withdraw("ada", root, text=f"{MARK} was wrong")


def hidden(group: Group) -> None:
    root = group.write("ada", MARK)
    hide = group.hide("fay", root)
    group.add("fay", "edit", {"text": f"{MARK}: a name was in it"}, ("replaces", hide))


def unrevealed(group: Group) -> None:
    group.add("fay", "setting", {"element": "intention", "alone": True})
    group.write("ada", MARK, seen_by="group-from-reveal")


def erased(group: Group) -> None:
    root = group.write("ada", MARK)
    group.edit("ada", f"{MARK} again", root)
    group.erase("ada", root)


def private_context(group: Group) -> None:
    group.add("ada", "context", {"field": "ground", "text": MARK}, seen_by="only-me")
    group.withdraw("bo", group.add("bo", "context", {"field": "ground", "text": MARK}))


def hidden_mark(group: Group) -> None:
    root = group.write("ada", "said")
    group.hide("fay", group.add("fay", "talked", {"note": MARK}, ("talks-about", root)))


def not_shared(group: Group) -> None:
    group.consent("ada", "naming", "not")
    root = group.write("ada", MARK)
    group.edit("ada", f"{MARK} again", root)
    group.write("ada", MARK, ("talks-about", root), kind="utterance")


def reworded(group: Group) -> None:
    """Whoever worded it last keeps their words inside; what they corrected does not go in their place."""
    group.consent("bo", "naming", "not")
    root = group.write("ada", f"{MARK} first", kind="proposal")
    group.edit("bo", f"{MARK} again", root)
    ground = group.add("ada", "context", {"field": "ground", "text": MARK})
    group.add("bo", "edit", {"field": "ground", "text": f"{MARK} again"}, ("replaces", ground))


def here_as(group: Group) -> None:
    group.add("ada", "participant", {"perspectives": [MARK]})
    group.consent("ada", "naming", "not")


def said_with_it(group: Group) -> None:
    group.add("ada", "consent", {"question": "naming", "answer": "not", "text": f"not {MARK} either"})


def research(group: Group) -> None:
    group.add("ada", "consent", {"question": "research", "answer": "yes", "ethics": MARK}, seen_by="only-me")


def orphaned(group: Group) -> None:
    """A later version whose first one was set aside as damaged."""
    root = group.write("ada", "damaged", seen_by="only-me")
    group.edit("ada", MARK, root, seen_by="only-me")
    with group.record.backend.reading() as rows:
        key = rows.key(group.workshop)
    group.record = holding(group.workshop, [e for e in group.entries() if e.id != root], key)


KEPT_BACK = {
    "private": (private, {"not-seen": 3}),
    "taken back": (taken, {"not-seen": 2, "act": 1}),
    "hidden": (hidden, {"not-seen": 1, "act": 2}),
    "not yet shown": (unrevealed, {"not-seen": 1}),
    "erased": (erased, {}),
    "a private or withdrawn word of the context": (private_context, {"not-seen": 2, "act": 1}),
    "a hidden mark of talk": (hidden_mark, {"not-seen": 1, "act": 1}),
    "not to be shared": (not_shared, {"not-shared": 3}),
    "worded anew by who keeps theirs inside": (reworded, {"not-shared": 4}),
    "what one is here as who is not to be shown": (here_as, {"name": 4}),
    "what one says with that answer": (said_with_it, {"consent": 1}),
    "an answer about research": (research, {"consent": 1}),
    "an orphaned private change": (orphaned, {"not-seen": 1}),
}


@pytest.mark.parametrize("what", KEPT_BACK)
def test_words_that_may_not_leave_are_in_no_byte_of_the_copy(kept: Kept, out: Path, what: str) -> None:
    group = kept.group()
    write, counts = KEPT_BACK[what]
    write(group)
    names = 3  # nobody has said yet that their name may leave
    data, copy, copied = sent(group, out)
    assert MARK.encode() not in data
    assert copied.withheld == {"name": names, **counts}
    assert copied.entries == len(group.entries()) == len(copy.read_entries(group.workshop))
    assert [e.header for _, e in copy.read_entries(group.workshop)] == [e.header for e in group.entries()]
    assert copy.state(group.workshop).anchor() == group.state.anchor()
    assert {f.key for f in check_record(copy)} <= {"check.gap"}
    whole, _, kept_whole = sent(group, out, whole=True)
    assert (MARK.encode() in whole) == (what != "erased")
    assert kept_whole.withheld == {}


@pytest.mark.parametrize(
    ("answer", "leaves"), [("named", True), ("pseudonym", True), ("perspective", False), ("not", False), (None, False)]
)
def test_a_name_leaves_only_where_its_person_said_so(kept: Kept, out: Path, answer: str | None, leaves: bool) -> None:
    group = kept.group()
    group.add("ada", "participant", {"name": MARK})
    group.write("ada", "said")
    if answer:
        group.consent("ada", "naming", answer)
    data, copy, _ = sent(group, out)
    assert (MARK.encode() in data) is leaves
    assert ParticipantView(copy.state(group.workshop), "").name_of(group.ids["ada"]) == (MARK if leaves else "")
    assert MARK.encode() in sent(group, out, whole=True)[0]


def test_a_name_given_up_for_a_pseudonym_stays_behind(kept: Kept, out: Path) -> None:
    group = kept.group()
    group.add("ada", "participant", {"name": MARK})
    group.add("ada", "participant", {"name": "Squirrel"})
    group.consent("ada", "naming", "pseudonym")
    data, copy, _ = sent(group, out)
    assert MARK.encode() not in data
    assert ParticipantView(copy.state(group.workshop), "").name_of(group.ids["ada"]) == "Squirrel"


def test_a_no_after_a_yes_keeps_the_name_behind(kept: Kept, out: Path) -> None:
    group = kept.group()
    group.add("ada", "participant", {"name": MARK})
    group.consent("ada", "naming", "not", ("replaces", group.consent("ada", "naming", "named")))
    assert MARK.encode() not in sent(group, out)[0]


def test_a_claimed_name_of_a_voice_leaves_only_where_that_person_said_so(kept: Kept, out: Path) -> None:
    group = kept.group()
    group.add("ada", "participant", {"name": MARK})
    copy = group.on(holding(group.workshop, group.entries()))
    said = copy.write("ada", "written in a copy")
    group.record.merge(copy.record)
    group.record.accept_entries(group.workshop, [said], Actor(group.ids["fay"]))
    data, _, _ = sent(group, out)
    assert MARK.encode() not in data
    assert b"written in a copy" in data
    group.consent("ada", "naming", "named")
    assert data.count(MARK.encode()) == 0 < sent(group, out)[0].count(MARK.encode())


def test_a_copy_holds_no_key_no_door_no_try_and_nothing_set_aside(kept: Kept, out: Path) -> None:
    group = kept.group()
    credentials.register_device(group.record, group.workshop, group.ids["ada"], "secret")
    credentials.new_return_code(group.record, group.workshop, group.ids["ada"])
    with group.record.backend.reading() as rows:
        key, tags = rows.key(group.workshop), [tag for _, tag, _ in rows.credentials()]
    waiting = group.on(holding(group.workshop, group.entries()))
    waiting.write("ada", MARK)
    group.record.merge(waiting.record)
    for whole in (False, True):
        data, copy, _ = sent(group, out, whole=whole)
        assert key and key not in data and key.hex().encode() not in data
        assert not any(tag.encode() in data for tag in tags)
        assert MARK.encode() not in data
        assert not copy.has_key(group.workshop)
        assert copy.pending_entries(group.workshop) == []
        assert credentials.participant_of(copy, group.workshop, "secret") is None


def test_a_copy_is_one_whole_file_of_its_own_format_and_holds_one_workshop(kept: Kept, out: Path) -> None:
    group = kept.group()
    other = Group(group.record, code="MOSS-222")
    other.write("ada", MARK)
    path = out / "copy.cowork"
    export_workshop(group.record, group.workshop, path)
    assert [file.name for file in out.iterdir()] == ["copy.cowork"]
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT_VERSION,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert MARK.encode() not in path.read_bytes()
    assert [state.workshop for state in open_record(path).workshops()] == [group.workshop]


def test_a_copy_never_writes_over_a_file(kept: Kept, out: Path) -> None:
    group = kept.group()
    path = out / "there.txt"
    path.write_text("somebody's own")
    with pytest.raises(RecordError) as caught:
        export_workshop(group.record, group.workshop, path)
    assert caught.value.key == "error.record_exists"
    assert path.read_text() == "somebody's own"


def test_a_copy_that_fails_leaves_no_half_file(kept: Kept, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = kept.group()
    monkeypatch.setattr("cowork.store.export.withholding_reason", lambda outside, entry: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export_workshop(group.record, group.workshop, out / "half.cowork")
    assert list(out.iterdir()) == []


def test_unknown_kinds_are_exported(kept: Kept, out: Path) -> None:
    group = kept.group()
    group.write("ada", MARK, kind="gratitude")
    data, copy, _ = sent(group, out)
    assert MARK.encode() in data
    assert [c.kind for c in ParticipantView(copy.state(group.workshop), "").contributions()] == ["gratitude"]


def test_a_copy_merged_back_brings_what_was_kept_back_nowhere_and_takes_nothing(kept: Kept, out: Path) -> None:
    group = kept.group()
    private(group)
    taken(group)
    before = snapshot(group.state)
    _, copy, _ = sent(group, out)
    assert group.record.merge(copy).added == 0
    assert snapshot(group.state) == before


def test_a_copy_made_while_others_write_is_of_one_moment(
    kept: Kept, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two reads somebody takes their words back: the copy holds them as shared, or not at all."""
    group = kept.group()
    root = group.write("ada", MARK)
    there = group.on(kept.open(random_bytes=None))
    read = group.record.read_entries

    def meanwhile(workshop: str, after: int = 0) -> list:
        there.withdraw("ada", root)
        return read(workshop, after)

    monkeypatch.setattr(group.record, "read_entries", meanwhile)
    data, copy, _ = sent(group, out)
    assert copy.state(group.workshop).withdrawals(root)
    assert MARK.encode() not in data


def test_one_text_whose_author_keeps_it_inside_the_group_stays_behind_alone(kept: Kept, out: Path) -> None:
    group = kept.group()
    group.consent("ada", "naming", "named")
    root = group.write("ada", MARK)
    group.write("ada", "This may go")
    group.consent("ada", "quote", "not", ("talks-about", root))
    data, copy, copied = sent(group, out)
    assert MARK.encode() not in data
    assert b"This may go" in data
    assert copied.withheld["not-shared"] == 1
    assert root in copy.state(group.workshop).entries
