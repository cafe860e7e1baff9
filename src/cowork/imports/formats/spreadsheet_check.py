"""Telling a table from talk: its cells would stand in the workshop as if somebody had said them."""

from __future__ import annotations

import csv
import re

#: So much of a text shows what it is, and bounds what looking at it costs.
_HEAD_LENGTH = 65_536
_MAX_ROWS = 200
_SPEAKER = re.compile(r"[^,;\t|\"]{1,60}:(?:\s|$)")


def is_spreadsheet(text: str) -> bool:
    """True where the text is rows of cells: as many in each, parted by commas, semicolons or tabs.

    Talk holds such signs too. In talk a space follows a comma, no two lines need have as many, and a name and a colon
    stand before the words.
    """
    head = text[:_HEAD_LENGTH]
    if len(text) > _HEAD_LENGTH:
        head = head[: head.rfind("\n") + 1]
    lines = [line for line in head.split("\n") if line.strip()][:_MAX_ROWS]
    if lines and lines[0].casefold().startswith("sep="):  # so a spreadsheet says what parts the cells
        return True
    if len(lines) < 2 or sum(bool(_SPEAKER.match(line)) for line in lines) * 2 > len(lines):
        return False
    return any(_has_columns(lines, sign) for sign in ",;\t|")


def _has_columns(lines: list[str], sign: str) -> bool:
    if sign not in lines[0]:
        return False
    try:
        rows = [row for row in csv.reader((line + "\n" for line in lines), delimiter=sign, strict=False) if row]
    except csv.Error:
        return False
    rows = rows[: max(2, len(rows) - 1)] if len(lines) == _MAX_ROWS else rows  # the last may be cut inside a cell
    columns = len(rows[0])
    if columns < 2 or len(rows) < (2 if columns > 2 or sign == "\t" else 3):
        return False
    if sum(len(row) == columns for row in rows) < 0.95 * len(rows):
        return False
    if sign != "\t" and any(re.search(rf"\d{re.escape(sign)}\d", line) for line in lines[:1]) and columns == 2:
        return False  # "1,5 km" is a number
    spaced = sum(cell.startswith(" ") for row in rows for cell in row[1:])
    return spaced * 10 <= len(rows) * (columns - 1)
