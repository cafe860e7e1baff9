"""A table of a workshop: a DataFrame whose `to_excel` writes every table, and changes and loses no word in it.

In a sheet, and there alone: times stand in UTC without saying so, since Excel has no time zones; lists stand as JSON;
words that begin like a formula stand as words; a sign that no sheet can hold stands as a picture of it (`␋`); and what
is too long for a cell goes on in the sheet `LONG_TEXTS_SHEET`. `to_csv` is pandas' own and writes everything as it is.

Imported only where a table is made: a page or a command must not pay for pandas.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from os import PathLike
from typing import Any

import pandas as pd

#: UTF-16 units in a cell of Excel; beyond that programs truncate a text without a warning.
MAX_CELL_UNITS = 32_767
#: The sheet with the full texts that are too long for a cell, in parts.
LONG_TEXTS_SHEET = "long texts"
_CONTINUED = f" … [whole in the sheet “{LONG_TEXTS_SHEET}”]"

#: Spreadsheets read a text that begins with these as a formula; some also the full-width signs.
FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"

_CONTROL_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {
    0xFFFE: 0xFFFD,
    0xFFFF: 0xFFFD,
}


class Table(pd.DataFrame):
    """A DataFrame; what is chosen or grouped from it is one too."""

    @property
    def _constructor(self) -> type[Table]:
        return Table

    def __repr__(self) -> str:
        return "\n".join(filter(None, (super().__repr__(), self._why_empty())))

    def _repr_html_(self) -> str | None:
        shown = super()._repr_html_()
        return f"{shown}<p>{self._why_empty()}</p>" if self._why_empty() else shown

    def _why_empty(self) -> str:
        """The note under an empty table whose texts are withheld for research: else it would look lost."""
        withheld = self.attrs.get("kept_back_research")
        if len(self) or not withheld:
            return ""
        return (
            f"{withheld} texts are kept back: the workshop is used for research, and here nobody has said yes to that. "
            "A copy holds no answers about research: open the record itself. "
            "For the group's own use, say research=False."
        )

    def to_excel(
        self, excel_writer: str | PathLike[str] | pd.ExcelWriter, sheet_name: str = "table", *, index: bool = False,
        **options: Any,
    ) -> None:  # fmt: skip
        """Write the table as an Excel file, or as a sheet of an open ExcelWriter of openpyxl. Options are pandas' own.

        Raises ImportError with words where openpyxl is not installed.
        """
        if not isinstance(excel_writer, pd.ExcelWriter):
            with new_excel_file(excel_writer) as writer:
                self.to_excel(writer, sheet_name, index=index, **options)
            return
        long: list[dict[str, object]] = []
        fitting = self.copy()
        for place, name in enumerate(self.columns):
            cells = [_cell(value, str(name), row, long) for row, value in enumerate(self.iloc[:, place], 1)]
            fitting.isetitem(place, pd.Series(cells, index=self.index, dtype="object"))
        pd.DataFrame(fitting).to_excel(excel_writer, sheet_name=sheet_name, index=index, **options)
        _mark_as_text(excel_writer.sheets[sheet_name])
        if long:
            _add_long_texts(excel_writer, sheet_name, long)


def new_excel_file(path: str | PathLike[str]) -> pd.ExcelWriter:
    try:
        return pd.ExcelWriter(path, engine="openpyxl")
    except ImportError as error:
        raise ImportError(
            "An Excel file needs openpyxl. Install it with: pip install 'cowork[analysis]'"
        ) from error  # pandas says the same in the words of a programmer


def cell_text(words: str) -> str:
    """A text with a picture sign for each sign that no sheet can hold, and with the line ends of a sheet."""
    return words.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL_PICTURES)


def _cell(value: Any, column: str, row: int, long: list[dict[str, object]]) -> object:
    if isinstance(value, (list, tuple, dict)):
        value = json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, pd.Timestamp):
        return value.tz_convert(None).to_pydatetime() if value.tz is not None else value.to_pydatetime()
    if not isinstance(value, str):
        return None if value is None or value is pd.NA or value is pd.NaT or value != value else value
    words = cell_text(value)
    if _utf16_units(words) <= MAX_CELL_UNITS:
        return words
    parts = _split_units(words, MAX_CELL_UNITS)
    long += [{"row": row, "column": column, "part": part, "text": text} for part, text in enumerate(parts, 1)]
    return _split_units(words, MAX_CELL_UNITS - len(_CONTINUED))[0] + _CONTINUED


def _utf16_units(words: str) -> int:
    return len(words) + sum(sign > "\uffff" for sign in words)


def _split_units(words: str, limit: int) -> list[str]:
    """Split a text into parts of at most so many UTF-16 units, without splitting a sign."""
    found, begun, units = [], 0, 0
    for place, sign in enumerate(words):
        size = 2 if sign > "\uffff" else 1
        if units + size > limit:
            found.append(words[begun:place])
            begun, units = place, 0
        units += size
    return [*found, words[begun:]]


def _mark_as_text(sheet: Any) -> None:
    """Mark every text cell as text: openpyxl takes some for formulas or errors, and Excel does when they are edited."""
    for line in sheet.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"
                if cell.value[:1] in FORMULA_SIGNS:
                    cell.quotePrefix = True


def _add_long_texts(writer: pd.ExcelWriter, of: str, long: list[dict[str, object]]) -> None:
    sheet = writer.sheets.get(LONG_TEXTS_SHEET)
    if sheet is None:
        sheet = writer.book.create_sheet(LONG_TEXTS_SHEET)
        sheet.append(["table", "row", "column", "part", "text"])
        writer.sheets[LONG_TEXTS_SHEET] = sheet
    for text_row in long:
        sheet.append([of, text_row["row"], text_row["column"], text_row["part"], text_row["text"]])
    _mark_as_text(sheet)


def guard_formula(words: str) -> str:
    """Words for a CSV that a spreadsheet will open: with an apostrophe before what it would take for a formula.

    Taken away by `unguarded`, so that nothing is lost: what begins with apostrophes before such a sign gets one too.
    """
    return f"'{words}" if words.lstrip("'")[:1] and words.lstrip("'")[0] in FORMULA_SIGNS else words


def unguard_formula(words: str) -> str:
    bare = words.lstrip("'")
    return words[1:] if words.startswith("'") and bare and bare[0] in FORMULA_SIGNS else words


def for_spreadsheet(table: pd.DataFrame) -> pd.DataFrame:
    """A copy of a table for a CSV that a spreadsheet will open: lists as JSON, formulas as words."""

    def cell(value: Any) -> Any:
        if isinstance(value, (list, tuple, Mapping)):
            value = json.dumps(value, ensure_ascii=False, default=str)
        return guard_formula(value) if isinstance(value, str) else value

    text_row = table.copy()
    for place, kind in enumerate(table.dtypes):
        # Words are of several types: "object" as we make them, pandas' own "str". Numbers and times are none.
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            text_row.isetitem(place, table.iloc[:, place].astype("object").map(cell))
    return text_row
