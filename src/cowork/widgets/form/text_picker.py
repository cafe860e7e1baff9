"""The search message and the texts of a text picker, shared by the form and the card list."""

from __future__ import annotations

from cowork.widgets.cleaners import Cleaner, clean_text
from cowork.widgets.submission import MAX_CHOICES, clean_id

__all__ = ["PICKER_WORDS", "SEARCH_MESSAGE"]

PICKER_WORDS = (
    "documentation.choose.button",
    "documentation.choose.h",
    "empty.search",
    "picks.added",
    "picks.again",
    "picks.along",
    "picks.count",
    "picks.find",
    "picks.first",
    "picks.found",
    "picks.full",
    "picks.half",
    "picks.h",
    "picks.how",
    "picks.marked",
    "picks.more",
    "picks.none",
    "picks.out",
    "picks.removed",
    "picks.unknown",
    "picks.whole",
    "picks.words_of",
)
"""Catalogue keys of the picker's own texts."""


def clean_ids(value: object) -> list[str]:
    """Read a list of ids; anything else in it is ignored."""
    found = [clean_id(one) for one in value] if isinstance(value, list) else []
    return list(dict.fromkeys(one for one in found if one))[:MAX_CHOICES]


SEARCH_MESSAGE: dict[str, Cleaner] = {
    "key": clean_text(64),  # of the picker
    "q": clean_text(200),  # the search words; "" for everything
    "chosen": clean_ids,  # chosen versions whose text the browser does not have: it wants them as `known`
    "card": clean_text(36),  # inside a card: the card's id,
    "act": clean_text(64),  # and the name of the action
}
"""The fields of the message `look`. A browser can name any id, so the handler returns only what this reader may see."""
