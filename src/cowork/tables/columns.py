"""The columns of tables: type and meaning. Tables, their help and `docs/tables.md` are made from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pandas import DataFrame

#: Types of a column, as the documentation names them.
TEXT, TIME, NUMBER, BOOL, DATA = "text", "time", "number", "true or false", "plain data"


class Column(NamedTuple):
    """A column: `type` is one of the above, `means` explains it to the reader of the table."""

    type: str
    means: str


Columns = Mapping[str, Column]


def make_table(rows: Iterable[Mapping[str, Any]], columns: Columns, attrs: Mapping[str, object]) -> DataFrame:
    """Make a table with exactly these columns and types, also without rows."""
    import pandas as pd  # heavy: a page or a command must not load it

    from cowork.tables.table import Table  # loads pandas

    table = Table(list(rows), columns=list(columns))
    for name, column in columns.items():
        if column.type == TIME:
            table[name] = pd.to_datetime(table[name].astype("Int64"), unit="ms", utc=True).dt.as_unit("ms")
        elif column.type == NUMBER:
            table[name] = table[name].astype("Int64")
        else:
            table[name] = table[name].astype("bool" if column.type == BOOL else "object")
    table.attrs |= attrs
    return table


def iso_time(at_ms: int) -> str:
    """A time inside plain data, in UTC and ISO 8601."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")


def describe_columns(columns: Columns) -> str:
    """The columns of a table as lines of help."""
    return "\n".join(f"    {name} ({column.type}): {column.means}" for name, column in columns.items())


#: Columns that several tables share.
ID = Column(TEXT, "first version of the contribution; the same id in every table")
BY = Column(TEXT, "a name, a voice's number or what they are here as, as that person agreed; empty where nothing was")
PERSON = Column(TEXT, "P01, P02 …: one person in every table; empty where it would tie a name to what goes without one")
EPISODE = Column(TEXT, "name of the session or period; empty before the first")
AT = Column(TIME, "when it was written, in UTC")
