"""cowork: a workbook for groups who want to talk together, write it down, and lose nothing of it.

Importing this loads neither components nor pandas: a script that reads a record must not pay for a browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from cowork.tables import Workshop

__version__ = "0.1.0"


def open(path: str | PathLike[str], code: str | None = None) -> Workshop:
    """The workshop with this code in a record or `.cowork` file, to read; see `cowork.tables`.

    `cowork.open("circle.cowork").contributions()` is a table of what people wrote.
    """
    from cowork import tables

    return tables.open(path, code)
