"""Every table goes into a sheet and comes back: no word of it becomes a formula, is cut off, or stops the writing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import few

from cowork.tables import TABLES, Workshop, open_practice
from cowork.tables.table import (
    LONG_TEXTS_SHEET,
    MAX_CELL_UNITS,
    Table,
    cell_text,
    for_spreadsheet,
    guard_formula,
    unguard_formula,
)

from .conftest import Room

HARD = [
    "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "#N/A", "#REF!", "TRUE", "007", "1e5", "2026-01-01",
    "a\x0bb", "\x01", "end\r\nof line", "￾", "'=1", "'til ten", "＝1", "=", " ", "é", "e\u0301", "😀", "=😀" * 9_000,
    "x" * 32_767, "x" * 32_768, "x" * 100_000, "😀" * 20_000, "=" + "1" * 40_000,
]  # fmt: skip

#: What somebody may write: signs that the record takes, formulas and controls often among them.
SIGNS = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
WORDS = st.text(SIGNS | st.sampled_from("=+-@'\t\r\n\x0b_x0"), max_size=40) | st.sampled_from(HARD)


@pytest.fixture(scope="module")
def example() -> Workshop:
    return open_practice("ward-letter")


def sheets(path: Path) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: [[cell.value for cell in line] for line in sheet.iter_rows()] for sheet in book}


def came_back(path: Path, column: str = "text") -> list[str]:
    """The words of a column as a reader of the file puts them together."""
    book = sheets(path)
    head, *lines = book["table"]
    found = ["" if line[head.index(column)] is None else str(line[head.index(column)]) for line in lines]
    whole: dict[int, str] = {}
    for _, row, name, _, text in book.get(LONG_TEXTS_SHEET, [[]])[1:]:
        assert name == column
        whole[int(str(row))] = whole.get(int(str(row)), "") + str(text)
    return [whole.get(row, words) for row, words in enumerate(found, 1)]


def formulas(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [cell.coordinate for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type in "fe"]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_written_as_pandas_users_write_it(example: Workshop, name: str, tmp_path: Path) -> None:
    table = getattr(example, name)(research=False)
    table.to_excel(tmp_path / "a.xlsx")
    head, *lines = sheets(tmp_path / "a.xlsx")["table"]
    assert head == list(table.columns) and len(lines) == len(table)
    assert formulas(tmp_path / "a.xlsx") == []


def test_hard_words_come_back_from_an_excel_file_as_they_were_written(room: Room, tmp_path: Path) -> None:
    for text in HARD:
        room.add("ada", "view", {"text": text})
    table = room.opened().contributions()
    assert list(table["text"]) == HARD, "the table itself holds the words as they are"
    table.to_excel(tmp_path / "a.xlsx")
    assert came_back(tmp_path / "a.xlsx") == [cell_text(text) for text in HARD]
    assert formulas(tmp_path / "a.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    shown = [str(cell.value) for line in book["table"].iter_rows() for cell in line if cell.value]
    assert max(len(text.encode("utf-16-le")) // 2 for text in shown) <= MAX_CELL_UNITS
    column = list(table.columns).index("text") + 1
    assert book["table"].cell(2, column).quotePrefix, "Excel leaves it words when somebody edits the cell"


@few
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_any_words_come_back_from_an_excel_file(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    path = tmp_path_factory.mktemp("x") / "a.xlsx"
    table = Table({"text": pd.Series(words, dtype="object")})
    table.to_excel(path)
    assert came_back(path) == [cell_text(text) for text in words]
    assert formulas(path) == [] and list(table["text"]) == words


@pytest.mark.parametrize(
    ("words", "shown"),
    [("a\r\nb\rc\nd", "a\nb\nc\nd"), ("a\x0bb\x01", "a␋b␁"), ("\ufffe", "\ufffd"), ("\t=1", "\t=1")],
)
def test_a_sheet_has_its_own_line_ends_and_a_picture_of_what_it_cannot_hold(words: str, shown: str) -> None:
    assert cell_text(words) == shown


#: What a spreadsheet takes for the beginning of a formula, the full-width signs of East Asian keyboards too.
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@few
@given(WORDS | st.sampled_from([f"{sign}1+1" for sign in BEGINNINGS]))
def test_a_guard_is_taken_away_again_and_leaves_no_formula(words: str) -> None:
    assert unguard_formula(guard_formula(words)) == words
    assert not guard_formula(words).startswith(BEGINNINGS)


@pytest.mark.parametrize("sign", BEGINNINGS)
def test_no_sign_begins_a_formula_in_a_csv_for_a_sheet(sign: str) -> None:
    made = for_spreadsheet(pd.DataFrame({"text": [f"{sign}1+1"]}))
    assert list(made["text"]) == [f"'{sign}1+1"]


@few
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_any_words_come_back_from_a_csv(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    path = tmp_path_factory.mktemp("x") / "a.csv"
    for_spreadsheet(pd.DataFrame({"n": 1, "text": pd.Series(words, dtype="object")})).to_csv(
        path, index=False, encoding="utf-8-sig", lineterminator="\r\n"
    )
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, strict=True))[1:]
    assert [unguard_formula(text) for _, text in lines] == words
    assert not [text for _, text in lines if text.startswith(BEGINNINGS)]


def test_what_is_chosen_from_a_table_is_written_too(example: Workshop, tmp_path: Path) -> None:
    texts = example.contributions(research=False)
    texts[texts["kind"] == "view"][["text", "at"]].to_excel(tmp_path / "a.xlsx")
    head, first, *_ = sheets(tmp_path / "a.xlsx")["table"]
    assert head == ["text", "at"]
    moment = texts[texts["kind"] == "view"].iloc[0]["at"]
    assert abs((pd.Timestamp(str(first[1]), tz="UTC") - moment).total_seconds()) < 0.01, "in UTC"


def test_a_list_in_a_cell_is_json(example: Workshop, tmp_path: Path) -> None:
    table = example.outcomes(research=False)
    table.to_excel(tmp_path / "a.xlsx")
    head, first, *_ = sheets(tmp_path / "a.xlsx")["table"]
    assert json.loads(str(first[head.index("reservations")])) == table["reservations"].iloc[0]


def test_a_whole_workshop_is_one_file_with_what_was_kept_back(example: Workshop, tmp_path: Path) -> None:
    example.to_excel(tmp_path / "all.xlsx", research=False)
    book = sheets(tmp_path / "all.xlsx")
    assert list(book) == ["about", *TABLES]
    kept = {(line[0], line[1]): line[2] for line in book["about"]}
    assert kept["contributions", "kept_back"] == str(example.contributions(research=False).attrs["kept_back"])


def test_a_whole_workshop_is_a_folder_of_csv_files_that_excel_reads_as_utf_8(example: Workshop, tmp_path: Path) -> None:
    written = example.to_csv(tmp_path / "out", research=False, sep=";")
    assert [path.stem for path in written] == list(TABLES)
    for path in written:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        table = pd.read_csv(path, sep=";", encoding="utf-8-sig", keep_default_na=False)
        assert len(table) == len(getattr(example, path.stem)(research=False))


def test_in_the_csv_files_of_a_workshop_no_word_is_a_formula_and_a_list_is_json(room: Room, tmp_path: Path) -> None:
    room.add("ada", "view", {"text": "=1+1"})
    workshop = room.opened()
    files = {path.stem: path for path in workshop.to_csv(tmp_path / "out")}
    with files["contributions"].open(encoding="utf-8-sig", newline="") as file:
        assert [line["text"] for line in csv.DictReader(file)] == ["'=1+1"]
    made = for_spreadsheet(pd.DataFrame({"data": [[{"a": "å"}], {"b": 1}]}, dtype="object"))
    assert [json.loads(cell) for cell in made["data"]] == [[{"a": "å"}], {"b": 1}]


def test_a_csv_of_pandas_own_keeps_words_as_they_are(room: Room, tmp_path: Path) -> None:
    room.add("ada", "view", {"text": "=1+1"})
    room.opened().contributions().to_csv(tmp_path / "a.csv", index=False)
    assert ",=1+1," in (tmp_path / "a.csv").read_text("utf-8")
