"""Every table has the columns and types it says it has, full or empty, and the documentation says the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cowork.imports import demo
from cowork.store import open_record
from cowork.tables import TABLES, Workshop
from cowork.tables import open as open_workshop
from cowork.tables.__main__ import render_page
from cowork.tables.columns import BOOL, DATA, NUMBER, TEXT, TIME, Columns
from cowork.tables.provenance import TRACE_COLUMNS

from .conftest import Room

ROOT = Path(__file__).resolve().parents[2]
DTYPES = {
    TEXT: "object",
    DATA: "object",
    NUMBER: "Int64",
    BOOL: "bool",
    TIME: "datetime64[ms, UTC]",
}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    path = tmp_path_factory.mktemp("example") / "a.cowork"
    record = open_record(path)
    _, code = demo.load_demo(record, "ward-letter")
    record.close()
    return open_workshop(path, code)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_exactly_its_columns_and_their_types(example: Workshop, room: Room, name: str) -> None:
    for workshop in (example, room.opened()):
        table = getattr(workshop, name)(research=False)
        assert list(table.columns) == list(TABLES[name])
        for column, (kind, _) in TABLES[name].items():
            assert str(table[column].dtype) == DTYPES[kind], column


@pytest.mark.parametrize("name", [name for name in TABLES if name != "heard"])  # too few people in each way, on purpose
def test_the_example_fills_each_table(example: Workshop, name: str) -> None:
    assert len(getattr(example, name)(research=False)) > 0


@pytest.mark.parametrize("name", TABLES)
def test_the_help_of_a_table_says_what_each_column_means(name: str) -> None:
    said = getattr(Workshop, name).__doc__
    for column, (kind, means) in TABLES[name].items():
        assert f"{column} ({kind}): {means}" in said


@pytest.mark.parametrize("name", TABLES)
def test_every_table_says_which_workshop_and_what_was_kept_back(room: Room, name: str) -> None:
    room.consent("bo", "naming", "not")
    room.write("bo", "inside", kind="view")
    attrs: dict[str, Any] = getattr(room.opened(), name)().attrs
    assert attrs["title"] == "The waiting room" and attrs["code"] == "KIND-742"
    assert (attrs["kept_back"], attrs["kept_back_research"]) == (1, 0)
    said = room.write("ada", "As Bo said", kind="utterance")
    assert getattr(room.opened(), name)().attrs["hold_hidden_names"] == [said]


@pytest.mark.parametrize(("name", "columns"), [*TABLES.items(), ("trace", TRACE_COLUMNS)])
def test_a_section_of_the_page_is_a_short_introduction_and_a_row_for_each_column(name: str, columns: Columns) -> None:
    heading = "trace(id).table()" if name == "trace" else f"{name}()"
    section = f"\n{render_page()}\n".split(f"\n## `{heading}`\n")[1].split("\n## ")[0].strip()
    introduction, table = section.split("\n\n")
    assert introduction.endswith(".") and "Columns:" not in introduction and len(introduction) < 300
    head, line, *rows = table.split("\n")
    assert (head, line) == ("| column | type | meaning |", "|---|---|---|")
    assert rows == [f"| `{column}` | {kind} | {means} |" for column, (kind, means) in columns.items()]


def test_the_page_of_tables_is_what_the_code_says() -> None:
    made = subprocess.run([sys.executable, "-m", "cowork.tables"], capture_output=True, text=True, check=True)
    page = (ROOT / "docs/tables.md").read_text("utf-8")
    assert made.stdout in page, "write it anew: python -m cowork.tables, into docs/tables.md below its first part"
