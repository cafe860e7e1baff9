"""The fold: entries in, the workshop as it now stands out. A join, not a replay.

`apply` takes entries in any order and any number of times and always ends in the same state. It touches only what the
entry is about: everything is found through `about_of`, the index of who is about whom, so an entry that refers to
something not here simply waits in the index until that arrives. One rule serves texts, roles and acts alike: a thing
is current while nothing replaces it. Two replacements made at once are both current, and a person settles it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from cowork.core.entries import Entry, Order


class State:
    """The fold of one workshop. Written only by `apply`; everything else reads."""

    def __init__(self, workshop: str) -> None:
        self.workshop = workshop
        self.entries: dict[str, Entry] = {}
        self.by_kind: dict[str, dict[str, None]] = {}
        self.about_of: dict[str, dict[tuple[str, str], None]] = {}
        self.by_person: dict[str, dict[str, None]] = {}
        self.erased: set[str] = set()
        self.erased_alone: set[str] = set()  # single versions: those before and after them are others' words
        self.taken: list[str] = []  # what was taken in, in the order it came here

    @property
    def applied(self) -> int:
        """Entries taken in; a page asks this to know whether anything changed."""
        return len(self.taken)

    # ---- taking in

    def apply(self, entry: Entry) -> None:
        """Take in one entry. Applying it again changes nothing; words of an erased family never come in."""
        held = self.entries.get(entry.id)
        if held is not None:
            if held.body is None and entry.body is not None and not self.words_erased(entry.id):
                self.entries[entry.id] = entry  # a body that an export had kept back arrives later
                self.taken.append(entry.id)
            return
        self.taken.append(entry.id)
        self.entries[entry.id] = entry
        self.by_kind.setdefault(entry.kind, {})[entry.id] = None
        self.by_person.setdefault(entry.header.by, {})[entry.id] = None
        for relation, target in entry.header.about:
            self.about_of.setdefault(target, {})[(relation, entry.id)] = None
        if entry.kind == "erasure":
            for target in entry.targets("erases"):
                self.erased.add(target)
                self._drop_words(self.versions_from(target))
            self.erased_alone.update(entry.targets("erases-version"))
            self._drop_words(entry.targets("erases-version"))
        if self.is_erased(entry.id):
            self._drop_words(self.versions_from(entry.id))
        elif entry.id in self.erased_alone:
            self._drop_words((entry.id,))

    def _drop_words(self, versions: Iterable[str]) -> None:
        for version in versions:
            held = self.entries.get(version)
            if held is not None and held.body is not None:
                self.entries[version] = held.without_words()

    # ---- versions

    def roots(self, entry_id: str) -> set[str]:
        """The first versions an entry goes back to (one, unless a person settled two texts into one)."""
        seen: set[str] = set()
        ends: set[str] = set()
        todo = [entry_id]
        while todo:
            here = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            held = self.entries.get(here)
            before = held.targets("replaces") if held is not None else ()
            if before:
                todo.extend(before)
            else:
                ends.add(here)
        return ends or seen  # a forged ring of versions has no first one

    def root(self, entry_id: str) -> str:
        """The first version an entry goes back to; an id of something not here is its own root."""
        held = self.entries.get(entry_id)
        if held is None or not held.targets("replaces"):
            return entry_id
        return min(self.roots(entry_id), key=self._first)

    def _first(self, entry_id: str) -> tuple[int, Order, str]:
        held = self.entries.get(entry_id)
        return (0, held.header.order, entry_id) if held else (1, (0, 0, "", 0), entry_id)

    def versions_from(self, start: str) -> Iterator[str]:
        """A version and everything that replaces it, at any depth, whether it is here or not."""
        seen: set[str] = set()
        todo = [start]
        while todo:
            here = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            yield here
            todo.extend(self.about(here, "replaces"))

    def lineage(self, entry: Entry) -> Iterator[Entry]:
        """A version and everything it replaces, as far as it is here, nearest first; a forged ring comes to an end."""
        seen: set[str] = set()
        todo = [entry]
        while todo:
            here = todo.pop(0)
            if here.id in seen:
                continue
            seen.add(here.id)
            yield here
            todo += [self.entries[t] for t in here.targets("replaces") if t in self.entries]

    def current(self, root: str) -> list[Entry]:
        """The versions that nothing replaces, in order: one, or several where people wrote at once."""
        tips = [
            self.entries[version]
            for version in self.versions_from(root)
            if version in self.entries and not self.about(version, "replaces")
        ]
        return sorted(tips, key=lambda entry: entry.header.order)

    def history(self, root: str) -> list[Entry]:
        """Every version of a text that is here, oldest first."""
        return self.sorted(self.entries[v] for v in self.versions_from(root) if v in self.entries)

    # ---- reading

    def about(self, target: str, relation: str) -> list[str]:
        """Ids of the entries that are about `target` with this relation."""
        return [source for name, source in self.about_of.get(target, ()) if name == relation]

    def of_kind(self, kind: str) -> list[Entry]:
        return self.sorted(self.entries[entry_id] for entry_id in self.by_kind.get(kind, ()))

    @staticmethod
    def sorted(entries: Iterable[Entry]) -> list[Entry]:
        return sorted(entries, key=lambda entry: entry.header.order)

    def in_force(self, target: str, kind: str, relation: str) -> list[Entry]:
        """Acts of one kind on a target that no later act has lifted (a withdrawal without its restore …)."""
        acts = (self.entries[source] for source in self.about(target, relation))
        return self.sorted(a for a in acts if a.kind == kind and not self._lifted(a.id))

    def _lifted(self, act: str) -> bool:
        # An edit of an act (the reason for hiding, given later) replaces its words and does not lift it.
        return any(self.entries[source].kind in ("restore", "show") for source in self.about(act, "replaces"))

    def withdrawals(self, root: str) -> list[Entry]:
        return self.in_force(root, "withdrawal", "withdraws")

    def hides(self, root: str) -> list[Entry]:
        return self.in_force(root, "hide", "hides")

    def is_erased(self, entry_id: str) -> bool:
        """True where this version, or any version it goes back to, has been erased."""
        seen: set[str] = set()
        todo = [entry_id]
        while todo:
            here = todo.pop()
            if here in self.erased:
                return True
            if here in seen:
                continue
            seen.add(here)
            held = self.entries.get(here)
            if held is not None:
                todo.extend(held.targets("replaces"))
        return False

    def words_erased(self, version: str) -> bool:
        """True where the words of this version must be gone: with all others of its text, or alone."""
        return version in self.erased_alone or self.is_erased(version)

    def erased_ids(self) -> set[str]:
        """Every entry here whose words must be gone: all versions of all that was erased, and those erased alone."""
        whole = {v for start in self.erased for v in self.versions_from(start) if v in self.entries}
        return whole | {v for v in self.erased_alone if v in self.entries}

    # ---- people

    def person(self, participant: str) -> dict[str, Any]:
        """What a participant said of themselves, each field as last said."""
        said: dict[str, Any] = {}
        for entry in self.of_person(participant, "participant"):
            said.update(entry.data)
        return said

    def of_person(self, participant: str, kind: str) -> list[Entry]:
        # The shorter of the two lists: one voice of a long transcript has thousands of entries, and this is asked
        # inside every append.
        mine, alike = self.by_person.get(participant, {}), self.by_kind.get(kind, {})
        few, other = (mine, alike) if len(mine) < len(alike) else (alike, mine)
        return self.sorted(self.entries[entry_id] for entry_id in few if entry_id in other)

    def participants(self) -> list[str]:
        """Ids of everyone who has a participant entry, in the order they came."""
        first = {entry.header.by: entry.header.order for entry in reversed(self.of_kind("participant"))}
        return sorted(first, key=first.__getitem__)

    def consent(self, participant: str, question: str) -> dict[str, Any]:
        """The last answer to one consent question, or an empty mapping where it was never answered."""
        entry = self.consent_entry(participant, question)
        return dict(entry.data) if entry else {}

    def consent_entry(self, participant: str, question: str) -> Entry | None:
        """The entry that holds that answer. A no that names the yes it replaces holds, even if the yes came from a
        device whose clock is a year ahead."""
        answers = [e for e in self.of_person(participant, "consent") if e.data.get("question") == question]
        answers = [e for e in answers if not self._replaced(e)]
        return answers[-1] if answers else None

    def quote_consent(self, root: str) -> str:
        """What its author answered about naming for this one text, or "" where nothing was answered."""
        versions = set(self.versions_from(root))
        author = self.entries[root].header.by if root in self.entries else ""
        answers = [
            entry
            for entry in self.of_person(author, "consent")
            if entry.data.get("question") == "quote"
            and versions & {target for _, target in entry.header.about}
            and not self._replaced(entry)
        ]
        return str(answers[-1].data.get("answer", "")) if answers else ""

    def _replaced(self, entry: Entry) -> bool:
        return any(self.entries[source].kind == entry.kind for source in self.about(entry.id, "replaces"))

    def takes_part(self, participant: str) -> bool:
        return self.consent(participant, "part").get("answer") == "yes"

    def roles(self, participant: str) -> set[str]:
        """The roles someone holds now. Whoever opened the workshop is a facilitator."""
        held = {"facilitator"} if any(e.header.by == participant for e in self.of_kind("workshop")) else set()
        grants = (self.entries[source] for source in self.about(participant, "grants"))
        for entry in self.sorted(e for e in grants if e.kind == "role" and not self._replaced(e)):
            role = str(entry.data.get("role", ""))
            held = held | {role} if entry.data.get("on") else held - {role}
        return held

    # ---- the workshop itself

    def opened(self) -> Entry | None:
        """The entry that opened the workshop; a record holds exactly one."""
        entries = self.of_kind("workshop")
        return entries[0] if entries else None

    def current_episode(self) -> str:
        """The session or period that is open now: the last one begun. Empty before the first.

        Talk brought in from elsewhere has an episode of its own, which is never the one people are in.
        """
        entries = [entry for entry in self.of_kind("episode") if entry.header.how != "import"]
        return entries[-1].id if entries else ""

    def reveals(self, element: str) -> tuple[bool, Order | None]:
        """(write alone first is on, order of the last reveal) for one element."""
        alone, last = False, None
        for entry in self.of_kind("setting"):
            if entry.data.get("element") == element and "alone" in entry.data:
                if alone and not entry.data["alone"]:
                    last = entry.header.order
                alone = bool(entry.data["alone"])
        return alone, last

    def heads(self) -> dict[str, str]:
        """writer -> hash of its last header."""
        last: dict[str, Entry] = {}
        for entry in self.entries.values():
            held = last.get(entry.header.writer)
            if held is None or held.header.seq < entry.header.seq:
                last[entry.header.writer] = entry
        return {writer: entry.header.digest() for writer, entry in sorted(last.items())}

    def anchor(self) -> str:
        """One hash over all chain heads, sorted: print it, and a record that was changed behind it shows."""
        return hashlib.sha256("\n".join(f"{w} {h}" for w, h in self.heads().items()).encode()).hexdigest()


def fold(workshop: str, entries: Iterable[Entry]) -> State:
    """The state of a workshop from its entries, in whatever order they come."""
    state = State(workshop)
    for entry in entries:
        state.apply(entry)
    return state
