"""What was made of a text may be kept as long as nothing has come that could change it.

A group of thirty writes, and each time thirty pages would make every card anew: a second of work for one new text.
Most of what comes while people write is a new text of somebody's own, which changes nothing but itself and the texts it
is tied to. Only that case is told apart here; anything else (a change, a withdrawal, a name, a setting, a rule, words
entered for somebody) makes everything be made anew. So the rule errs on the side of work.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.provenance import reachable

T = TypeVar("T")

INDEPENDENT_KINDS = frozenset({"intention", "utterance"})
"""Kinds whose first version touches nobody's answer, place or name."""

KINDS_WITHOUT_CARD = frozenset({"participant", "workshop", "consent", "role", "setting", "episode"})
"""Kinds that many entries name without being tied to each other by it."""


class CardCache:
    """What was made for the texts of one workshop, for one reader in one place. Not for two threads."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._applied = 0
        self._has_scribed_entries = False  # words entered for somebody are compared with what others wrote
        self._valid_for: Hashable = None
        self._cards: dict[str, dict[Hashable, Any]] = {}

    def get(self, state: State, root: str, key: Hashable, make: Callable[[], T], valid_for: Hashable = None) -> T:
        """`make()`, or what it gave before for this text. A new `when` (a day, for what says "today") forgets all."""
        self._catch_up(state, valid_for)
        cards = self._cards.get(root, {})
        if key in cards:
            related: T = cards[key]
            return related
        applied = self._applied
        card = make()
        if self._applied == applied == len(state.applied_ids):  # nothing came while it was made
            self._cards.setdefault(root, {})[key] = card
        return card

    def _catch_up(self, state: State, valid_for: Hashable) -> None:
        if state is not self._state:
            self._state, self._applied, self._has_scribed_entries = state, 0, False
            self._cards.clear()
        if valid_for is not None and valid_for != self._valid_for:
            self._valid_for = valid_for
            self._cards.clear()
        if self._applied == len(state.applied_ids):
            return
        new_entries = [state.entries[entry_id] for entry_id in state.applied_ids[self._applied :]]
        self._applied = len(state.applied_ids)
        self._has_scribed_entries = self._has_scribed_entries or any(entry.header.how == "scribe" for entry in new_entries)
        for entry in new_entries:
            if not self._cards:
                return
            if self._has_scribed_entries or not _is_independent(state, entry):
                self._cards.clear()
            else:
                for root in dependent_roots(state, entry):
                    self._cards.pop(root, None)


def _is_independent(state: State, entry: Entry) -> bool:
    """A new text of its author's own, about nothing or about texts that are here."""
    return (
        entry.kind in INDEPENDENT_KINDS
        and entry.header.how == "self"
        and not entry.targets("replaces")
        and not state.references_to(entry.id, "replaces")
        and all(t in state.entries and state.entries[t].kind not in KINDS_WITHOUT_CARD for _, t in entry.header.about)
    )


def dependent_roots(state: State, entry: Entry) -> set[str]:
    """The first versions of every text that is tied to this entry, by whatever relation and at any depth."""

    def neighbours(entry_id: str) -> list[str]:
        related = [target for _, target in state.entries[entry_id].header.about]
        related += [source for _, source in state.references.get(entry_id, ())]
        return [entry_id for entry_id in related if entry_id in state.entries and state.entries[entry_id].kind not in KINDS_WITHOUT_CARD]

    return {state.root(entry_id) for entry_id in (entry.id, *reachable(entry.id, neighbours))}
