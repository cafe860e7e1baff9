"""What a form asks with: boxes to write in, and answers to choose from.

The fields of a form stand in one list, with keys of the catalogue in place of words. Its page draws them with
`draw_fields`, and `@submit(box, fields=field_limits(FIELDS))` holds words that come without their page to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cowork.context import PageContext
from cowork.widgets.types import Field, Option


def draw_fields(context: PageContext, fields: Iterable[Field], said: Mapping[str, str] | None = None) -> list[Field]:
    """These fields in the reader's language, filled with what was `said` in each."""
    drawn: list[Field] = []
    for field in fields:
        words: Field = {**field, "label": context.t(field["label"])}
        if "hint" in field:
            words["hint"] = context.t(field["hint"])
        if said is not None:
            words["value"] = said.get(field["key"], "")
        drawn.append(words)
    return drawn


def field_limits(fields: Iterable[Field]) -> dict[str, int]:
    """The code points that each field may have; 0: as many as any text."""
    return {field["key"]: field.get("limit", 0) for field in fields}


def option_list(context: PageContext, answers: Iterable[tuple[str, str]]) -> list[Option]:
    """Answers to choose from: each a value and the key of its words."""
    return [{"value": value, "label": context.t(key)} for value, key in answers]
