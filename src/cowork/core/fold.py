"""The fold: it computes the present state of a workshop from its entries. A join, not a replay.

`apply` accepts entries in any order and any number of times, and always ends in the same state. It changes only what
the entry refers to: `references` indexes which entries refer to an id, so a reference to an unknown id waits in the
index until that entry arrives. One rule holds for texts, roles and acts: a version is current while nothing replaces
it. Two replacements made at once are both current, and a person settles it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from cowork.core.entries import Entry, Order
from cowork.core.facts import Facts


class State:
    """The state of one workshop. Only `apply` writes to it."""

    def __init__(self, workshop: str) -> None:
        self.workshop = workshop
        self.entries: dict[str, Entry] = {}
        self.by_kind: dict[str, dict[str, None]] = {}
        self.references: dict[str, dict[tuple[str, str], None]] = {}
        self.by_person: dict[str, dict[str, None]] = {}
        self.erased: set[str] = set()
        self.erased_versions: set[str] = set()  # without the versions before and after them, which are others' words
        self.applied_ids: list[str] = []  # in the order of arrival here
        self._facts: dict[str, Facts] = {}  # by first version, as of now

    @property
    def applied_count(self) -> int:
        """How many entries were applied: a page compares it to find out whether anything changed."""
        return len(self.applied_ids)

    # ---- applying

    def apply(self, entry: Entry) -> None:
        """Apply one entry. Applying it again changes nothing; the body of an erased text is never stored."""
        held = self.entries.get(entry.id)
        if held is not None:
            if held.body is None and entry.body is not None and not self.is_body_erased(entry.id):
                self.entries[entry.id] = entry  # a body that an export had withheld arrives later
                self.applied_ids.append(entry.id)
                self._facts = {}
            return
        self.applied_ids.append(entry.id)
        self.entries[entry.id] = entry
        self.by_kind.setdefault(entry.kind, {})[entry.id] = None
        self.by_person.setdefault(entry.header.by, {})[entry.id] = None
        for relation, target in entry.header.about:
            self.references.setdefault(target, {})[(relation, entry.id)] = None
        if entry.kind == "erasure":
            for target in entry.targets("erases"):
                self.erased.add(target)
                self._erase_bodies(self.versions_from(target))
            self.erased_versions.update(entry.targets("erases-version"))
            self._erase_bodies(entry.targets("erases-version"))
        if self.is_erased(entry.id):
            self._erase_bodies(self.versions_from(entry.id))
        elif entry.id in self.erased_versions:
            self._erase_bodies((entry.id,))
        self._facts = {}  # last, so that nothing gathered meanwhile in another thread is kept

    def _erase_bodies(self, versions: Iterable[str]) -> None:
        for version in versions:
            entry = self.entries.get(version)
            if entry is not None and entry.body is not None:
                self.entries[version] = entry.without_body()

    # ---- the facts of a text

    def facts(self, root: str) -> Facts:
        """The facts of a text, by its first version."""
        gathered = self._facts
        found = gathered.get(root)
        if found is None:
            found = gathered[root] = self._gather_facts(root)
        return found

    def _gather_facts(self, root: str) -> Facts:
        history, current, references = [], [], []
        for version in self.versions_from(root):
            refers = [(relation, self.entries[source]) for relation, source in self.references.get(version, ())]
            references += refers
            entry = self.entries.get(version)
            if entry is not None:
                history.append(entry)
                if not any(relation == "replaces" for relation, _ in refers):
                    current.append(entry)
        return Facts(
            self.entries.get(root),
            tuple(self.sorted(history)),
            tuple(self.sorted(current)),
            tuple(self._active_acts(root, "withdrawal", "withdraws")),
            tuple(self._active_acts(root, "hide", "hides")),
            self.is_erased(root),
            tuple(references),
        )

    def current(self, root: str) -> tuple[Entry, ...]:
        """The versions that nothing replaces, in order: one, or several where people wrote at once."""
        return self.facts(root).current

    def history(self, root: str) -> tuple[Entry, ...]:
        """Every known version of a text, oldest first."""
        return self.facts(root).history

    def withdrawals(self, root: str) -> tuple[Entry, ...]:
        return self.facts(root).withdrawals

    def hides(self, root: str) -> tuple[Entry, ...]:
        return self.facts(root).hides

    def _active_acts(self, target: str, kind: str, relation: str) -> list[Entry]:
        """Acts of one kind on a target that no later act has lifted (a withdrawal without a restore …)."""
        acts = (self.entries[source] for source in self.references_to(target, relation))
        return self.sorted(act for act in acts if act.kind == kind and not self._is_lifted(act.id))

    def _is_lifted(self, act: str) -> bool:
        # An edit of an act (the reason for hiding, given later) replaces its words and does not lift it.
        return any(self.entries[source].kind in ("restore", "show") for source in self.references_to(act, "replaces"))

    # ---- versions

    def roots(self, entry_id: str) -> set[str]:
        """The first versions of an entry's text (one, unless a person settled two texts into one)."""
        visited: set[str] = set()
        roots: set[str] = set()
        pending = [entry_id]
        while pending:
            version = pending.pop()
            if version in visited:
                continue
            visited.add(version)
            entry = self.entries.get(version)
            before = entry.targets("replaces") if entry is not None else ()
            if before:
                pending.extend(before)
            else:
                roots.add(version)
        return roots or visited  # a forged cycle of versions has no first one

    def root(self, entry_id: str) -> str:
        """The id of the first version of an entry's text; an unknown id is its own root."""
        entry = self.entries.get(entry_id)
        if entry is None or not entry.targets("replaces"):
            return entry_id
        return min(self.roots(entry_id), key=self._order_key)

    def _order_key(self, entry_id: str) -> tuple[int, Order, str]:
        entry = self.entries.get(entry_id)
        return (0, entry.header.order, entry_id) if entry else (1, (0, 0, "", 0), entry_id)

    def versions_from(self, start: str) -> Iterator[str]:
        """The ids of a version and of everything that replaces it, at any depth, known or not."""
        visited: set[str] = set()
        pending = [start]
        while pending:
            version = pending.pop()
            if version in visited:
                continue
            visited.add(version)
            yield version
            pending.extend(self.references_to(version, "replaces"))

    def lineage(self, entry: Entry) -> Iterator[Entry]:
        """A version and the known versions that it replaces, nearest first; a forged cycle ends."""
        visited: set[str] = set()
        pending = [entry]
        while pending:
            version = pending.pop(0)
            if version.id in visited:
                continue
            visited.add(version.id)
            yield version
            pending += [self.entries[target] for target in version.targets("replaces") if target in self.entries]

    # ---- reading

    def references_to(self, target: str, relation: str) -> list[str]:
        """Ids of the entries that refer to `target` by this relation."""
        return [source for name, source in self.references.get(target, ()) if name == relation]

    def of_kind(self, kind: str) -> list[Entry]:
        return self.sorted(self.entries[entry_id] for entry_id in self.by_kind.get(kind, ()))

    @staticmethod
    def sorted(entries: Iterable[Entry]) -> list[Entry]:
        return sorted(entries, key=lambda entry: entry.header.order)

    def is_erased(self, entry_id: str) -> bool:
        """True where this version, or any version before it, was erased."""
        visited: set[str] = set()
        pending = [entry_id]
        while pending:
            version = pending.pop()
            if version in self.erased:
                return True
            if version in visited:
                continue
            visited.add(version)
            entry = self.entries.get(version)
            if entry is not None:
                pending.extend(entry.targets("replaces"))
        return False

    def is_body_erased(self, version: str) -> bool:
        """True where the body of this version was erased: with all others of its text, or alone."""
        return version in self.erased_versions or self.is_erased(version)

    def erased_ids(self) -> set[str]:
        """Every known entry whose body was erased: all versions of erased texts, and versions erased alone."""
        whole = {version for start in self.erased for version in self.versions_from(start) if version in self.entries}
        return whole | {version for version in self.erased_versions if version in self.entries}

    # ---- people

    def profile(self, participant: str) -> dict[str, Any]:
        """The profile of a participant: each field as they last set it."""
        profile: dict[str, Any] = {}
        for entry in self.of_person(participant, "participant"):
            profile.update(entry.data)
        return profile

    def of_person(self, participant: str, kind: str) -> list[Entry]:
        # The shorter of the two lists: one voice of a long transcript has thousands of entries, and this is asked
        # inside every append.
        own_ids, kind_ids = self.by_person.get(participant, {}), self.by_kind.get(kind, {})
        shorter, longer = (own_ids, kind_ids) if len(own_ids) < len(kind_ids) else (kind_ids, own_ids)
        return self.sorted(self.entries[entry_id] for entry_id in shorter if entry_id in longer)

    def participants(self) -> list[str]:
        """Ids of everyone who has a participant entry, in the order of the first."""
        first = {entry.header.by: entry.header.order for entry in reversed(self.of_kind("participant"))}
        return sorted(first, key=first.__getitem__)

    def consent(self, participant: str, question: str) -> dict[str, Any]:
        """The body of the last answer to one consent question; empty where it was never answered."""
        entry = self.consent_entry(participant, question)
        return dict(entry.data) if entry else {}

    def consent_entry(self, participant: str, question: str) -> Entry | None:
        """The entry of that answer. A no that names the yes it replaces counts, even if the yes came from a device
        whose clock is a year ahead."""
        answers = [entry for entry in self.of_person(participant, "consent") if entry.data.get("question") == question]
        answers = [entry for entry in answers if not self._is_replaced(entry)]
        return answers[-1] if answers else None

    def quote_consent(self, root: str) -> str:
        """The author's answer about naming for this one text; "" where there is none."""
        facts = self.facts(root)
        author = facts.first.header.by if facts.first else ""
        answers = self.sorted(
            {
                entry.id: entry
                for _, entry in facts.references
                if entry.kind == "consent" and entry.header.by == author and not self._is_replaced(entry)
            }.values()
        )
        answers = [entry for entry in answers if entry.data.get("question") == "quote"]
        return str(answers[-1].data.get("answer", "")) if answers else ""

    def _is_replaced(self, entry: Entry) -> bool:
        return any(self.entries[source].kind == entry.kind for source in self.references_to(entry.id, "replaces"))

    def takes_part(self, participant: str) -> bool:
        return self.consent(participant, "part").get("answer") == "yes"

    def roles(self, participant: str) -> set[str]:
        """The present roles of a participant. Whoever opened the workshop is a facilitator."""
        roles = {"facilitator"} if any(entry.header.by == participant for entry in self.of_kind("workshop")) else set()
        grants = (self.entries[source] for source in self.references_to(participant, "grants"))
        for entry in self.sorted(entry for entry in grants if entry.kind == "role" and not self._is_replaced(entry)):
            role = str(entry.data.get("role", ""))
            roles = roles | {role} if entry.data.get("on") else roles - {role}
        return roles

    # ---- the workshop itself

    def opening_entry(self) -> Entry | None:
        """The entry that opened the workshop; a record holds exactly one."""
        entries = self.of_kind("workshop")
        return entries[0] if entries else None

    def current_episode(self) -> str:
        """The id of the session or period that is open now, the last one begun; "" before the first.

        Imported talk has an episode of its own, which is never the current one.
        """
        entries = [entry for entry in self.of_kind("episode") if entry.header.how != "import"]
        return entries[-1].id if entries else ""

    def reveal_status(self, element: str) -> tuple[bool, Order | None]:
        """(write alone first is on, order of the last reveal) for one element."""
        alone, last = False, None
        for entry in self.of_kind("setting"):
            if entry.data.get("element") == element and "alone" in entry.data:
                if alone and not entry.data["alone"]:
                    last = entry.header.order
                alone = bool(entry.data["alone"])
        return alone, last

    def heads(self) -> dict[str, str]:
        """The chain heads: writer -> hash of its last header."""
        last: dict[str, Entry] = {}
        for entry in self.entries.values():
            newest = last.get(entry.header.writer)
            if newest is None or newest.header.seq < entry.header.seq:
                last[entry.header.writer] = entry
        return {writer: entry.header.digest() for writer, entry in sorted(last.items())}

    def anchor(self) -> str:
        """One hash over all chain heads, sorted. Compared with a printed one, it reveals a change of the record."""
        return hashlib.sha256(
            "\n".join(f"{writer} {digest}" for writer, digest in self.heads().items()).encode()
        ).hexdigest()


def fold(workshop: str, entries: Iterable[Entry]) -> State:
    """The state of a workshop, from its entries in any order."""
    state = State(workshop)
    for entry in entries:
        state.apply(entry)
    return state
