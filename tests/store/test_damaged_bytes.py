"""A file that chance or somebody's hand has changed is read, or refused in words: never a traceback, never a change.

Mutations: single bytes anywhere, bytes in the description of the tables, and every column filled with what it never
holds (bytes in text, numbers, broken JSON, JSON five thousand deep).
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support.page_sessions import Guest
from support.strategies import Group, few

from cowork import text
from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import RecordError
from cowork.serve.cli.commands import cli
from cowork.store import memory_record, open_record
from cowork.store.check import check_record
from cowork.store.sqlite import translate_sqlite_error
from cowork.store.sqlite_tables import ENTRY

JUNK = [
    b"\xff\xfe\x00bytes", 5, -1, 2**62, 1.5, None, "", "no json", "null", "NaN", "[1,2]", "[[1,2]]", '["a","b"]',
    '[["replaces",5]]', '{"a":1}', "[" * 5000, '{"a":' * 5000, '{"text":5,"title":[1],"name":{},"code":{}}', "é\x00",
    '{"text":"\\ud800"}', "x" * 10_000,
]  # fmt: skip
#: Every column of an entry but its position.
COLUMNS = [column.name for column in ENTRY.columns if column.name != "position"]


class Base:
    """The bytes of one small record, and the ids in it."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "base.cowork"
            self.group = Group(open_record(path))
            root = self.group.write("ada", "some words å")
            self.group.write("bo", "talk", ("talks-about", root), kind="utterance")
            self.group.edit("ada", "other words", root)
            self.group.hide("fay", root, text="a reason")
            self.group.record.close(whole=True)
            self.bytes = path.read_bytes()


@pytest.fixture(scope="module")
def base() -> Iterator[Base]:
    yield Base()


def fill(path: Path, column: str, junk: object, every: int) -> None:
    connection = sqlite3.connect(path)
    value = "CAST(? AS TEXT)" if isinstance(junk, bytes) else "?"
    try:
        connection.execute(f'UPDATE entry SET "{column}"={value} WHERE position % 3 = ?', (junk, every))
        connection.commit()
    except sqlite3.Error:  # a column that holds each value once, or something always
        pass
    connection.close()


def used(path: Path, folder: Path) -> None:
    """Everything a command or a page does with a file. What is wrong with it must come as a sentence."""
    for words in (["list"], ["check"], ["export", "--workshop", "KIND-742", str(folder / "out.cowork")]):
        done = CliRunner().invoke(cli, ["--record", str(path), *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code in (0, 1, 3, 5), done.output
    own = folder / "own.cowork"
    done = CliRunner().invoke(cli, ["merge", str(own), str(path)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert [fault.key for fault in check_record(open_record(own)) if fault.key in ("check.page", "check.cut_off")] == []
    try:
        record = open_record(path, writable=False)
        for state in record.workshops():
            seen = ParticipantView(state, "")
            seen.contributions()
            assert isinstance(seen.title(), str)
    except RecordError as error:
        assert all(text.translate(error.key, lang, None, **error.values) for lang in text.LANGS)


@few
@given(st.sampled_from(COLUMNS), st.sampled_from(JUNK), st.integers(0, 2))
def test_a_column_that_holds_what_it_never_holds(base: Base, column: str, junk: object, every: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutated.cowork"
        path.write_bytes(base.bytes)
        fill(path, column, junk, every)
        used(path, Path(folder))


@few
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6), st.booleans()
)
def test_a_file_with_other_bytes(base: Base, changes: list[tuple[float, int]], schema: bool) -> None:
    data = bytearray(base.bytes)
    start, length = (data.find(b"CREATE TABLE"), 600) if schema else (100, len(data) - 100)
    for place, byte in changes:
        data[start + int(place * length)] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutated.cowork"
        path.write_bytes(data)
        used(path, Path(folder))


@pytest.mark.parametrize("junk", [b"\xff\xfe", '{"text":', "[" * 5000, 5])
def test_one_text_that_cannot_be_read_keeps_no_workshop_shut(base: Base, tmp_path: Path, junk: object) -> None:
    path = tmp_path / "mutated.cowork"
    path.write_bytes(base.bytes)
    connection = sqlite3.connect(path)
    value = "CAST(? AS TEXT)" if isinstance(junk, bytes) else "?"
    connection.execute(f"UPDATE entry SET body={value} WHERE kind='utterance'", (junk,))
    connection.commit()
    connection.close()
    record = open_record(path)
    assert record.state(base.group.workshop).of_kind("utterance")[0].data == {}
    assert [fault.key for fault in check_record(record)] == ["check.hash"]
    assert memory_record().merge(record).quarantined == {"hash": 1}


def test_a_page_on_a_damaged_file_says_so_in_words(base: Base, tmp_path: Path) -> None:
    path = tmp_path / "mutated.cowork"
    path.write_bytes(base.bytes)
    fill(path, "about", "[" * 5000, 1)
    guest = Guest(open_record(path))
    guest.hello("KIND-742", "intention")
    assert "damaged" in guest.session.shell.note
    assert str(path) in guest.session.shell.note


def test_what_is_said_of_letters_that_are_none_holds_no_words(base: Base, tmp_path: Path) -> None:
    error = sqlite3.OperationalError("Could not decode to UTF-8 column 'body' with text 'a secret'")
    assert "secret" not in str(translate_sqlite_error(error, "notes.cowork"))
