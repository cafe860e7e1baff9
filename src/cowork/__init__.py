"""cowork: a workbook for groups who want to talk together, write it down, and lose nothing of it.

The import loads neither widgets nor pandas: a script that reads a record does not need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from cowork.tables import Workshop

__version__ = "0.1.0"


def open(path: str | PathLike[str], code: str | None = None) -> Workshop:
    """Open a workshop of a record or `.cowork` file for reading, by its code; see `cowork.tables`.

    `cowork.open("circle.cowork").contributions()` is a table of what people wrote.
    """
    from cowork import tables  # heavy: pandas

    return tables.open(path, code)
