"""The facts of a text, whoever reads it: its versions, the acts on it, and the entries that refer to it.

`State.facts` gathers them in one pass over the versions and keeps them until another entry is applied. So a permission,
a view, a card, a table and a report read the same facts, and a text is walked once however often it is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowork.core.elements import is_contribution
from cowork.core.entries import Entry


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of the text that begins with the version `first`, which is None while that has not arrived.

    `history` are the known versions, oldest first; `current` those that nothing replaces: several where people wrote at
    once. `withdrawals` and `hides` are those that no later act has lifted. `references` are the (relation, entry) pairs
    that refer to any of the versions.
    """

    first: Entry | None
    history: tuple[Entry, ...]
    current: tuple[Entry, ...]
    withdrawals: tuple[Entry, ...]
    hides: tuple[Entry, ...]
    is_erased: bool
    references: tuple[tuple[str, Entry], ...]

    @property
    def is_active(self) -> bool:
        """True for an act, a link or a contribution that is not withdrawn, hidden or erased."""
        if self.first is None or self.is_erased or self.withdrawals:
            return False
        return not (self.hides and is_contribution(self.first.kind))

    def referring(self, *relations: str) -> list[Entry]:
        """The entries that refer to any of the versions by one of these relations, each once."""
        return list({entry.id: entry for relation, entry in self.references if relation in relations}.values())
