"""What one person wrote in a workshop: the targets of "erase everything I wrote" and "take back all my words"."""

from __future__ import annotations

from dataclasses import dataclass

from cowork.core.access.permissions import NON_ERASABLE_KINDS
from cowork.core.elements import is_contribution
from cowork.core.fold import State

#: Fields of a body that hold typed words, in entries that are no contribution.
TYPED_FIELDS = ("text", "more", "perspectives")


@dataclass(frozen=True)
class WrittenEntries:
    """Ids of the entries that a person wrote and whose bodies exist.

    `texts` are the first versions of their own texts: an erasure of one reaches every version. `versions` are erased
    alone, because the versions before and after are others' words: a new wording of somebody else's proposal, the
    group's own words, a reason. `names` hold the person's names, about which they are asked separately.
    """

    texts: tuple[str, ...]
    versions: tuple[str, ...]
    names: tuple[str, ...]

    def about(self) -> tuple[tuple[str, str], ...]:
        """The references of an erasure of everything but the names."""
        return tuple(("erases", one) for one in self.texts) + tuple(("erases-version", one) for one in self.versions)


def written_by(state: State, person: str) -> WrittenEntries:
    """The entries that a person wrote, without kinds that are never erased (an answer, a role, a session)."""
    own_entries = State.sorted(state.entries[entry_id] for entry_id in state.by_person.get(person, ()))
    texts = {
        entry.id
        for entry in own_entries
        if is_contribution(entry.kind)
        and not entry.targets("replaces")
        and any(version.body is not None for version in state.history(entry.id))
    }
    versions, names = [], []
    for entry in own_entries:
        root = state.entries.get(state.root(entry.id))
        if entry.body is None or root is None or root.kind in NON_ERASABLE_KINDS or root.id in texts:
            continue
        if root.kind == "participant" and entry.data.get("name"):
            names.append(entry.id)
        elif is_contribution(root.kind) or any(entry.data.get(key) for key in TYPED_FIELDS):
            versions.append(entry.id)
    return WrittenEntries(tuple(entry.id for entry in own_entries if entry.id in texts), tuple(versions), tuple(names))


def withdrawable_texts(state: State, person: str) -> list[str]:
    """First versions of a person's own texts that are neither withdrawn nor erased: what they can withdraw."""
    own_entries = State.sorted(state.entries[entry_id] for entry_id in state.by_person.get(person, ()))
    return [
        entry.id
        for entry in own_entries
        if is_contribution(entry.kind)
        and not entry.targets("replaces")
        and not state.withdrawals(entry.id)
        and not state.is_erased(entry.id)
    ]


__all__ = ["WrittenEntries", "withdrawable_texts", "written_by"]
