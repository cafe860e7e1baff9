"""A workshop as tables for those who study it: `cowork.open(path, code).contributions()` and others beside it.

What leaves here leaves the group. `cowork.core.access.disclosure` says what may, under which name, for tables, reports
and copies alike; whatever is kept back is counted in the `attrs` of each table: `withheld` (texts whose authors want
them inside) and `kept_back_research`. `attrs["hold_hidden_names"]` lists the texts in which somebody typed the name of
one who asked not to be shown: read them before you pass a table on.

The file is only read, and it is read anew for each table: what was taken back or erased in the meantime is gone from
the next one. `docs/tables.md` holds every column; so does `help(workshop.links)`.
"""

from __future__ import annotations

from cowork.tables.columns import Column, Columns
from cowork.tables.demo import open_practice
from cowork.tables.texts import COLUMNS
from cowork.tables.workshop import TABLES, Workshop, open

__all__ = ["COLUMNS", "TABLES", "Column", "Columns", "Workshop", "open", "open_practice"]
