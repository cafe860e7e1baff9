"""A workshop is read anew where its file changed, and not where it did not."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cowork.core.errors import RecordError
from cowork.core.fold import State

from .conftest import Room, rows
from .test_provenance import Thread


@pytest.fixture
def folds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the entries that were taken into a state, in the order they were."""
    taken: list[str] = []
    apply = State.apply

    def counted(state: State, entry: object) -> None:
        taken.append(entry.id)  # type: ignore[attr-defined]
        apply(state, entry)  # type: ignore[arg-type]

    monkeypatch.setattr(State, "apply", counted)
    return taken


def test_asking_again_reads_no_entry_where_nothing_came(room: Room, folds: list[str]) -> None:
    said = [room.write("ada", f"words {n}", kind="utterance") for n in range(3)]
    workshop = room.opened()
    workshop.fate(said[0])
    folds.clear()
    for one in said:
        assert workshop.fate(one) == []
    assert folds == []


def test_what_comes_from_elsewhere_is_there_at_once(room: Room) -> None:
    said = room.write("ada", "The stop is far", kind="utterance")
    workshop = room.opened()
    assert workshop.fate(said) == []
    view = room.add("bo", "view", {"text": "It is far", "holder": "me"}, ("documents", said))
    assert [found["id"] for found in workshop.fate(said)] == [view]
    room.withdraw("bo", view)
    assert workshop.fate(said) == []


def test_a_file_that_was_replaced_is_read_anew_and_one_that_is_gone_is_said(room: Room, tmp_path: Path) -> None:
    """The other file has as many entries, at the same places, and is as long."""
    room.write("ada", "Words one", kind="utterance")
    room.record.close()
    other = tmp_path / "other.cowork"
    shutil.copyfile(room.path, other)
    with closing(sqlite3.connect(other)) as file, file:
        file.execute("UPDATE entry SET body = replace(body, 'Words one', 'Words two')")
    workshop = room.opened()
    assert list(workshop.contributions()["text"]) == ["Words one"]
    os.replace(other, room.path)
    assert list(workshop.contributions()["text"]) == ["Words two"]
    room.path.unlink()
    with pytest.raises(RecordError):
        workshop.contributions()


def test_counts_of_what_is_left_out_are_those_of_one_table(room: Room) -> None:
    proposal = room.propose()
    for name in ("ada", "bo"):
        room.answer(name, proposal, "want")
    room.reveal(proposal)
    room.consent("fay", "research", "yes", seen_by="only-me")
    workshop = room.opened()
    counts = [workshop.positions(research=True).attrs["answers_kept_back"] for _ in range(2)]
    assert counts == [2, 2]


def test_the_table_of_fates_says_what_fate_says_of_each(room: Room) -> None:
    thread = Thread(room)
    workshop = room.opened()
    table = workshop.fates()
    for one in (thread.said, thread.view, thread.agreed):
        of_one = [(f["what"], f["id"], f["kind"], f["links"]) for f in workshop.fate(one)]
        assert rows(table[table["id"] == one], "what", "became", "became_kind", "links") == of_one


def test_the_table_of_traces_says_what_trace_says_of_each_ending(room: Room) -> None:
    thread = Thread(room)
    workshop = room.opened()
    table = workshop.traces()
    assert set(table["ending"]) == set(workshop.outcomes()["id"]) == {thread.agreed}
    assert table.drop(columns="ending").equals(workshop.trace(thread.agreed).table())


def test_a_round_has_every_answer_there_was_and_no_number_before_they_are_shown(room: Room) -> None:
    proposal = room.propose(text="The tray at ten")
    room.answer("ada", proposal, "want")
    (row,) = room.opened().rounds().to_dict("records")
    assert (row["text"], row["shown"], row["counts"], row["round"]) == ("The tray at ten", False, [], 1)
    room.reveal(proposal)
    (row,) = room.opened().rounds().to_dict("records")
    assert [(step["level"], step["n"]) for step in row["counts"]] == [
        ("want", 1), ("fine", 0), ("along", 0), ("worry", 0), ("cannot", 0),
    ]  # fmt: skip
    assert (row["answered"], row["shown"]) == (1, True)
