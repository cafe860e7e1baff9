"""A cache of cards, invalidated when an entry could affect them.

Without it, thirty pages would rebuild every card for each new text of a group: a second of work. Most entries are new
texts of somebody's own, which affect only themselves and the texts they link to. Only that case is distinguished; any
other entry (a change, a withdrawal, a name, a setting, a rule, words entered for somebody) empties the cache. So the
rule errs on the side of work.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.provenance import reachable

T = TypeVar("T")

INDEPENDENT_KINDS = frozenset({"intention", "utterance"})
"""Kinds whose first version affects nobody's answer, place or name."""

KINDS_WITHOUT_CARD = frozenset({"participant", "workshop", "consent", "role", "setting", "episode"})
"""Kinds that many entries refer to without depending on each other."""


class CardCache:
    """The cards of one workshop, for one viewer on one page. Not thread-safe."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._applied = 0
        self._has_scribed_entries = False  # words entered for somebody are compared with what others wrote
        self._valid_for: Hashable = None
        self._cards: dict[str, dict[Hashable, Any]] = {}

    def get(self, state: State, root: str, key: Hashable, make: Callable[[], T], valid_for: Hashable = None) -> T:
        """The cached result of `make()` for a text. A new `valid_for` (such as a day) empties the cache."""
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
        self._has_scribed_entries = self._has_scribed_entries or any(
            entry.header.how == "scribe" for entry in new_entries
        )
        for entry in new_entries:
            if not self._cards:
                return
            if self._has_scribed_entries or not _is_independent(state, entry):
                self._cards.clear()
            else:
                for root in dependent_roots(state, entry):
                    self._cards.pop(root, None)


def _is_independent(state: State, entry: Entry) -> bool:
    """True for a new text by its author, which refers to nothing or to known texts."""
    return (
        entry.kind in INDEPENDENT_KINDS
        and entry.header.how == "self"
        and not entry.targets("replaces")
        and not state.references_to(entry.id, "replaces")
        and all(
            target in state.entries and state.entries[target].kind not in KINDS_WITHOUT_CARD
            for _, target in entry.header.about
        )
    )


def dependent_roots(state: State, entry: Entry) -> set[str]:
    """The first versions of every text that is linked with this entry, by any relation and at any depth."""

    def neighbours(entry_id: str) -> list[str]:
        related = [target for _, target in state.entries[entry_id].header.about]
        related += [source for _, source in state.references.get(entry_id, ())]
        return [
            entry_id
            for entry_id in related
            if entry_id in state.entries and state.entries[entry_id].kind not in KINDS_WITHOUT_CARD
        ]

    return {state.root(entry_id) for entry_id in (entry.id, *reachable(entry.id, neighbours))}
