"""The columns of every table as Markdown, for `docs/tables.md`: `python -m cowork.tables`."""

from __future__ import annotations

from cowork.tables import TABLES, Workshop
from cowork.tables.columns import Columns
from cowork.tables.provenance import TRACE_COLUMNS


def render_page() -> str:
    parts = [_table_section(f"{name}()", _introduction(name), columns) for name, columns in TABLES.items()]
    return "\n".join([*parts, _table_section("trace(id).table()", _introduction("trace"), TRACE_COLUMNS)])


def _introduction(name: str) -> str:
    """The first paragraph of a method's help, on one line."""
    help_text = (getattr(Workshop, name).__doc__ or "").strip().split("\n\n")[0]
    return " ".join(help_text.split())


def _table_section(heading: str, first: str, columns: Columns) -> str:
    rows = "\n".join(f"| `{name}` | {column.type} | {column.means} |" for name, column in columns.items())
    return f"## `{heading}`\n\n{first}\n\n| column | type | meaning |\n|---|---|---|\n{rows}\n"


if __name__ == "__main__":
    print(render_page(), end="")
