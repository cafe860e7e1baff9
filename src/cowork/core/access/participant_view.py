"""Seen: the workshop as one person may see it now.

A page never gets the state. It gets this, and words this person may not see are not in it: not in a list and not in a
count. One number is told of what is hidden for all: how many people have written or answered (`written_alone`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowork.core.elements import ELEMENT_OF, WORDLESS, is_contribution
from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.proposals import sees_position

#: Acts whose words say why: for their author, whoever it was done to and the facilitators, also where others talk of it
KINDS_WITH_REASON = frozenset({"withdrawal", "hide"})


@dataclass(frozen=True)
class Contribution:
    """One thing somebody wrote, in the version that stands now.

    `id` is the first version's; `versions` are the current ones (two where people wrote at once); `earlier` are
    those replaced, oldest first, as far as this viewer may see them. `standing` is "here", "taken" (withdrawn) or
    "hidden"; only the author sees words that are taken, only author and facilitator words that are hidden.
    """

    id: str
    kind: str
    versions: tuple[Entry, ...]
    earlier: tuple[Entry, ...]
    author: str
    mine: bool
    standing: str

    @property
    def entry(self) -> Entry:
        return self.versions[-1]

    @property
    def text(self) -> str:
        return str(self.entry.data.get("text", ""))

    @property
    def written(self) -> bool:
        """True where somebody wrote words; an answer that was only chosen is no writing."""
        return self.kind not in WORDLESS and bool(self.text)

    @property
    def element(self) -> str:
        return ELEMENT_OF.get(self.kind, "")

    @property
    def first(self) -> Entry:
        return (self.earlier + self.versions)[0]

    @property
    def place(self) -> tuple[int, str, int]:
        """Where it stands in talk brought in from elsewhere: by source and position; typed words by their order."""
        source = self.entry.data.get("source")
        if isinstance(source, dict):
            position = source.get("position", 0)
            return (1, str(source.get("id", "")), position if isinstance(position, int) else 0)
        return (0, "", 0)


def is_visible_in(state: State, asset: Entry) -> list[str]:
    """The people in whom somebody sees an asset: they see it first, and choose if it stays."""
    return [state.entries[t].header.by for t in asset.targets("sees-in") if t in state.entries]


def is_shared_by(state: State, version: Entry, person: str) -> bool:
    """True where this person let others see these very words: their last answer is a yes, and so is that to these.

    A new wording asks again, and until then the others go on seeing the words that were let.
    """
    root = state.root(version.id)
    answers = [
        (entry, answered == version.id)
        for answered in state.versions_from(root)
        for entry in map(state.entries.__getitem__, state.about(answered, "checks"))
        if entry.header.by == person and not state.withdrawals(state.root(entry.id))
    ]
    answers.sort(key=lambda answer: answer[0].header.order)
    these = [entry for entry, to_these in answers if to_these]
    return bool(these) and answers[-1][0].data.get("result") == these[-1].data.get("result") == "yes"


class ParticipantView:
    """The state as `viewer` may see it. `viewer` "" is the group at large: what an export or a report may hold."""

    def __init__(self, state: State, viewer: str) -> None:
        self.state = state
        self.viewer = viewer
        self.roles = state.roles(viewer) if viewer else set()
        self._reveals: dict[str, tuple[bool, tuple[int, int, str, int] | None]] = {}
        # A page asks for the same things several times for one change; a change of the state empties this.
        self._found: dict[str, Contribution | None] = {}
        self._found_at = -1

    @property
    def facilitator(self) -> bool:
        return "facilitator" in self.roles

    @property
    def scribe(self) -> bool:
        return "scribe" in self.roles or self.facilitator

    # ---- what may be seen

    def sees_version(self, entry: Entry) -> bool:
        """True where the group this entry was shared with holds the viewer, now."""
        if self.viewer and entry.header.by == self.viewer:
            return True
        if self.viewer and entry.header.how == "scribe" and entry.data.get("written_by") == self.viewer:
            return True  # who wrote it down for somebody knows it, and may be asked to change it
        if entry.kind in ("asset", "edit") and not self._let(entry):
            return False
        shared = entry.header.seen_by
        if shared == "group":
            return True
        if shared == "group-from-reveal":
            return self._revealed(entry)
        return False

    def _revealed(self, entry: Entry) -> bool:
        kind = self.kind_of(entry)
        if kind == "position":
            # Answers to a proposal are private until all are shown, whoever writes alone first elsewhere.
            return sees_position(self.state, entry)
        element = ELEMENT_OF.get(kind, "")
        if element not in self._reveals:
            self._reveals[element] = self.state.reveals(element)
        alone, last = self._reveals[element]
        return not alone or (last is not None and entry.header.order < last)

    def kind_of(self, entry: Entry) -> str:
        """The kind of the text an entry is a version of."""
        root = self.state.entries.get(self.state.root(entry.id))
        return root.kind if root else entry.kind

    def of_id(self, entry_id: str) -> Contribution | None:
        """The contribution this id belongs to, or None where there is nothing this viewer may see."""
        if self._found_at != self.state.applied:
            self._found.clear()
            self._reveals.clear()
            self._found_at = self.state.applied
        root = self.state.root(entry_id)
        if root not in self._found:
            self._found[root] = None  # a forged ring of renderings ends here
            self._found[root] = self._look(root)
        return self._found[root]

    def _look(self, root: str) -> Contribution | None:
        first = self.state.entries.get(root)
        if first is None or self.state.is_erased(root):
            return None
        # A rendering in another language goes where its source goes: else it would say what was taken back.
        if any(self.of_id(source) is None for source in first.targets("renders")):
            return None
        author = first.header.by
        mine = bool(self.viewer) and author == self.viewer
        if first.kind in KINDS_WITH_REASON and not (mine or self.facilitator or self._concerned(first)):
            return None
        standing = "here"
        if self.state.withdrawals(root):
            if not mine:
                return None
            standing = "taken"
        if self.state.hides(root):
            if not (mine or self.facilitator):
                return None
            standing = "hidden" if standing == "here" else standing
        current = self.state.current(root)
        versions = tuple(v for v in current if v.body is not None and self.sees_version(v))
        if not versions and first.kind not in WORDLESS:
            # The newest words are not for this viewer (or were kept back): an older version may be.
            older = [v for v in self.state.history(root) if v.body is not None and self.sees_version(v)]
            versions = tuple(older[-1:])
        if not versions:
            return None
        newest = {v.id for v in versions}
        earlier = tuple(
            v for v in self.state.history(root) if v.id not in newest and v.body is not None and self.sees_version(v)
        )
        return Contribution(root, first.kind, versions, earlier, author, mine, standing)

    def _let(self, version: Entry) -> bool:
        """False for what somebody sees in another person, until that person lets the others see it.

        That person sees it first. Their last answer holds: a yes may be followed by a no.
        """
        first = self.state.entries.get(self.state.root(version.id), version)
        return all(
            (self.viewer and self.viewer == person) or is_shared_by(self.state, version, person)
            for person in is_visible_in(self.state, first)
        )

    def _concerned(self, act: Entry) -> bool:
        """True where this viewer's own words were hidden by an act."""
        held = (self.state.entries.get(target) for target in act.targets("hides"))
        return bool(self.viewer) and any(entry is not None and entry.header.by == self.viewer for entry in held)

    def may_see(self, entry_id: str) -> bool:
        """True where this viewer may see what stands under this id. Acts and people are always named freely."""
        held = self.state.entries.get(self.state.root(entry_id))
        if held is None:
            return False
        return not is_contribution(held.kind) or self.of_id(entry_id) is not None

    # ---- lists

    def of_kind(self, *kinds: str) -> list[Contribution]:
        """Everything of these kinds that this viewer may see, oldest first, each text once."""
        found = []
        for entry in State.sorted(self._firsts(kinds)):
            contribution = self.of_id(entry.id)
            if contribution is not None:
                found.append(contribution)
        return found

    def _firsts(self, kinds: tuple[str, ...]) -> Iterator[Entry]:
        for kind in kinds:
            for entry_id in self.state.by_kind.get(kind, ()):
                entry = self.state.entries[entry_id]
                if not entry.targets("replaces"):
                    yield entry

    def first_ids(self) -> list[str]:
        """Ids of everything anybody wrote, seen by this viewer or not, in no order: for who looks at each anyway."""
        return [entry.id for entry in self._firsts(self._kinds())]

    def contributions(self) -> list[Contribution]:
        """Everything anybody wrote that this viewer may see, of every kind, an unknown one included."""
        return self.of_kind(*self._kinds())

    def _kinds(self) -> tuple[str, ...]:
        """The kinds of texts there are here, an unknown one included."""
        return tuple(sorted(kind for kind in self.state.by_kind if is_contribution(kind)))

    def said_about(self, root: str) -> list[Contribution]:
        """Talk about a contribution, or in answer to it, that this viewer may see. Oldest first."""
        ids = dict.fromkeys(
            source
            for version in self.state.versions_from(root)
            for relation in ("talks-about", "answers")
            for source in self.state.about(version, relation)
        )
        found = [c for c in map(self.of_id, ids) if c is not None and c.kind == "utterance"]
        return sorted(found, key=lambda c: c.first.header.order)

    def talked_about(self, root: str) -> list[Entry]:
        """Marks "we talked about this" on a contribution that still stand."""
        marks = (
            self.state.entries[source]
            for version in self.state.versions_from(root)
            for source in self.state.about(version, "talks-about")
        )
        found = [m for m in marks if m.kind == "talked" and not self.state.withdrawals(m.id)]
        return State.sorted({m.id: m for m in found if self.of_id(m.id) is not None}.values())

    # ---- people

    def name(self, participant: str) -> str:
        """The name someone chose inside the group, or "" where none was given."""
        return str(self.state.person(participant).get("name", "") or "")

    def signed(self, contribution: Contribution) -> tuple[str, tuple[str, ...]]:
        """(name, perspectives) as its author wants these words shown in the group."""
        shown = str(contribution.entry.data.get("shown", "named"))
        person = self.state.person(contribution.author)
        perspectives = tuple(str(p) for p in person.get("perspectives", ()) or ())
        if shown == "none":
            return "", ()
        if shown == "perspective":
            return "", perspectives
        return self.name(contribution.author), perspectives

    def taking_part(self) -> int:
        """How many people said yes to taking part and have not stopped."""
        return sum(self.state.takes_part(p) for p in self.state.participants())

    # ---- a quiet round

    def written_alone(self, element: str) -> tuple[int, int] | None:
        """While people write alone first: how many have written, of how many who can. None where no such round is on.

        This and how many have answered a proposal (`analysis.agreement.Round.given`) are the only numbers told of what
        is still hidden: how many people, never who and never what, and only to those who take part.
        """
        alone, last = self.state.reveals(element)
        if not alone or not self.viewer or not self.state.takes_part(self.viewer):
            return None
        able = {p for p in self.state.participants() if self.state.takes_part(p)}
        able = {p for p in able if "observer" not in (held := self.state.roles(p)) or "facilitator" in held}
        kinds = tuple(kind for kind, where in ELEMENT_OF.items() if where == element)
        wrote = {
            first.header.by
            for first in self._firsts(kinds)
            if not (first.targets("sees-in") or self.state.withdrawals(first.id) or self.state.is_erased(first.id))
            and any(
                entry.header.seen_by == "group-from-reveal" and (last is None or entry.header.order > last)
                for entry in self.state.history(first.id)
            )
        }
        return len(wrote & able), len(able)

    # ---- the workshop

    def title(self) -> str:
        opened = self.state.opened()
        return str(opened.data.get("title", "")) if opened else ""

    def context(self, field: str) -> list[Entry]:
        """The current words of one field of the context, several where people wrote at once."""
        found: dict[str, Entry] = {}
        for entry in self._firsts(("context",)):
            if entry.data.get("field") == field and not self.state.withdrawals(entry.id):
                found.update({version.id: version for version in self.state.current(entry.id)})
        here = [v for v in State.sorted(found.values()) if v.body is not None and self.sees_version(v)]
        return [v for v in here if v.data.get("text")]

    def invite(self) -> Entry | None:
        """The last invitation to come to a page, if the one who gave it has not taken it back."""
        entries = [e for e in self.state.of_kind("invite") if not self.state.withdrawals(e.id)]
        return entries[-1] if entries else None
