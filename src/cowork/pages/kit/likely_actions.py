"""Which actions of a card stand beside its words; the others are behind its More."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cowork.widgets.types import Action

#: What people mostly do with their own words, and with those of others.
_WITH_OWN = ("share", "keep", "put", "show", "change", "take", "talk")
_WITH_OTHERS = ("show", "differ", "talk", "use", "undo-talked")
#: Words that wait to be read back ask for that first, whoever reads them.
_WAITING = ("read-back",)
#: How many stand beside the words.
MOST = 2


def action_names(acts: Iterable[Action | str]) -> list[str]:
    return [act if isinstance(act, str) else act["name"] for act in acts]


def likely_actions(
    acts: Iterable[Action | str], *, is_mine: bool, acts_first: Sequence[Action | str] = ()
) -> list[str]:
    """The names of the likeliest actions, likeliest first.

    `acts_first` are those that a page put first: before what can be done with anybody's words, and behind what can be
    done with one's own.
    """
    first = action_names(acts_first)[:1]
    wanted = [*_WAITING, *_WITH_OWN, *first] if is_mine else [*_WAITING, *first, *_WITH_OTHERS]
    offered = action_names(acts)
    found = [name for name in wanted if name in offered]
    return list(dict.fromkeys(found or offered))[:MOST]
