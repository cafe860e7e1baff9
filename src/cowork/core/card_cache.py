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
        self._read = 0
        self._entered = False  # words entered for somebody are compared with what others wrote
        self._when: Hashable = None
        self._made: dict[str, dict[Hashable, Any]] = {}

    def of(self, state: State, root: str, what: Hashable, make: Callable[[], T], when: Hashable = None) -> T:
        """`make()`, or what it gave before for this text. A new `when` (a day, for what says "today") forgets all."""
        self._catch_up(state, when)
        kept = self._made.get(root, {})
        if what in kept:
            found: T = kept[what]
            return found
        read = self._read
        made = make()
        if self._read == read == len(state.taken):  # nothing came while it was made
            self._made.setdefault(root, {})[what] = made
        return made

    def _catch_up(self, state: State, when: Hashable) -> None:
        if state is not self._state:
            self._state, self._read, self._entered = state, 0, False
            self._made.clear()
        if when is not None and when != self._when:
            self._when = when
            self._made.clear()
        if self._read == len(state.taken):
            return
        came = [state.entries[entry_id] for entry_id in state.taken[self._read :]]
        self._read = len(state.taken)
        self._entered = self._entered or any(entry.header.how == "scribe" for entry in came)
        for entry in came:
            if not self._made:
                return
            if self._entered or not _plain(state, entry):
                self._made.clear()
            else:
                for root in dependent_roots(state, entry):
                    self._made.pop(root, None)


def _plain(state: State, entry: Entry) -> bool:
    """A new text of its author's own, about nothing or about texts that are here."""
    return (
        entry.kind in INDEPENDENT_KINDS
        and entry.header.how == "self"
        and not entry.targets("replaces")
        and not state.about(entry.id, "replaces")
        and all(t in state.entries and state.entries[t].kind not in KINDS_WITHOUT_CARD for _, t in entry.header.about)
    )


def dependent_roots(state: State, entry: Entry) -> set[str]:
    """The first versions of every text that is tied to this entry, by whatever relation and at any depth."""

    def near(here: str) -> list[str]:
        found = [target for _, target in state.entries[here].header.about]
        found += [source for _, source in state.about_of.get(here, ())]
        return [one for one in found if one in state.entries and state.entries[one].kind not in KINDS_WITHOUT_CARD]

    return {state.root(one) for one in (entry.id, *reachable(entry.id, near))}
