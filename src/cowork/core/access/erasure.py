"""Everything that one person wrote in a workshop, as "erase everything I wrote" and "take back all" reach it."""

from __future__ import annotations

from dataclasses import dataclass

from cowork.core.access.permissions import NON_ERASABLE_KINDS
from cowork.core.elements import is_contribution
from cowork.core.entries import Entry
from cowork.core.fold import State

#: What a body says in somebody's own words, for entries that are no contribution.
TYPED_FIELDS = ("text", "more", "perspectives")


@dataclass(frozen=True)
class WrittenEntries:
    """Ids of what somebody wrote and of which words are still here.

    `texts` are the first versions of their own texts: an erasure of one reaches every version. `versions` go alone,
    because others' words stand before or after them: a new wording of somebody else's proposal, the group's own words,
    a reason. `names` hold what they are called, which people may want to keep: it is asked about separately.
    """

    texts: tuple[str, ...]
    versions: tuple[str, ...]
    names: tuple[str, ...]

    def about(self) -> tuple[tuple[str, str], ...]:
        """What an erasure of all but the names is about."""
        return tuple(("erases", one) for one in self.texts) + tuple(("erases-version", one) for one in self.versions)


def written_by(state: State, person: str) -> WrittenEntries:
    """What a person wrote. Only kinds that are kept whatever happens (an answer, a role, a session) are not in it."""
    own_entries = State.sorted(state.entries[entry_id] for entry_id in state.by_person.get(person, ()))
    texts = {e.id for e in own_entries if is_contribution(e.kind) and not e.targets("replaces") and _has_body(state, e)}
    versions, names = [], []
    for entry in own_entries:
        root = state.entries.get(state.root(entry.id))
        if entry.body is None or root is None or root.kind in NON_ERASABLE_KINDS or root.id in texts:
            continue
        if root.kind == "participant" and entry.data.get("name"):
            names.append(entry.id)
        elif is_contribution(root.kind) or any(entry.data.get(key) for key in TYPED_FIELDS):
            versions.append(entry.id)
    return WrittenEntries(tuple(e.id for e in own_entries if e.id in texts), tuple(versions), tuple(names))


def withdrawable_texts(state: State, person: str) -> list[str]:
    """First versions of a person's own texts that are neither taken back nor erased: what can be taken back."""
    own_entries = State.sorted(state.entries[entry_id] for entry_id in state.by_person.get(person, ()))
    return [
        entry.id
        for entry in own_entries
        if is_contribution(entry.kind)
        and not entry.targets("replaces")
        and not state.withdrawals(entry.id)
        and not state.is_erased(entry.id)
    ]


def _has_body(state: State, first: Entry) -> bool:
    return any(state.entries[v].body is not None for v in state.versions_from(first.id) if v in state.entries)


__all__ = ["WrittenEntries", "withdrawable_texts", "written_by"]
