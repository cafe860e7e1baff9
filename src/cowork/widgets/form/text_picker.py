"""What a browser asks for where texts can be picked."""

from __future__ import annotations

from cowork.widgets.component import Cleaner, short
from cowork.widgets.submission import MAX_CHOICES, clean_id

__all__ = ["LOOK", "PICK_WORDS"]

PICK_WORDS = (
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
"""What picks say by themselves, for every widget that asks with them."""


def ids(value: object) -> list[str]:
    """Read a list of ids; what is none is left aside."""
    found = [clean_id(one) for one in value] if isinstance(value, list) else []
    return list(dict.fromkeys(one for one in found if one))[:MAX_CHOICES]


LOOK: dict[str, Cleaner] = {
    "key": short(64),  # of the picks
    "q": short(200),  # the words looked for; "" for everything again
    "chosen": ids,  # versions that were chosen and whose words the browser does not have: wanted as `known`
    "card": short(36),  # where it is asked under a card: its id,
    "act": short(64),  # and the name of the act
}
"""The message `look`. A browser says it, so each id is a wish: only what this reader may see is given."""
