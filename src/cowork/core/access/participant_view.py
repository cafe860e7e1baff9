"""Seen: the workshop as one person may see it now.

A page never gets the state. It gets this, and words this person may not see are not in it: not in a list and not in a
count. One number is told of what is hidden for all: how many people have written or answered (`quiet_round_progress`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowork.core.elements import ELEMENT_OF, KINDS_WITHOUT_TEXT, is_contribution
from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.proposals import is_position_revealed

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
    is_mine: bool
    status: str

    @property
    def entry(self) -> Entry:
        return self.versions[-1]

    @property
    def text(self) -> str:
        return str(self.entry.data.get("text", ""))

    @property
    def has_text(self) -> bool:
        """True where somebody wrote words; an answer that was only chosen is no writing."""
        return self.kind not in KINDS_WITHOUT_TEXT and bool(self.text)

    @property
    def element(self) -> str:
        return ELEMENT_OF.get(self.kind, "")

    @property
    def first_version(self) -> Entry:
        return (self.earlier + self.versions)[0]

    @property
    def source_place(self) -> tuple[int, str, int]:
        """Where it stands in talk brought in from elsewhere: by source and position; typed words by their order."""
        source = self.entry.data.get("source")
        if isinstance(source, dict):
            position = source.get("position", 0)
            return (1, str(source.get("id", "")), position if isinstance(position, int) else 0)
        return (0, "", 0)


def people_with_asset(state: State, asset: Entry) -> list[str]:
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
        for entry in map(state.entries.__getitem__, state.references_to(answered, "checks"))
        if entry.header.by == person and not state.withdrawals(state.root(entry.id))
    ]
    answers.sort(key=lambda answer: answer[0].header.order)
    to_this_version = [entry for entry, is_to_this_version in answers if is_to_this_version]
    return bool(to_this_version) and answers[-1][0].data.get("result") == to_this_version[-1].data.get("result") == "yes"


class ParticipantView:
    """The state as `viewer` may see it. `viewer` "" is the group at large: what an export or a report may hold."""

    def __init__(self, state: State, viewer: str) -> None:
        self.state = state
        self.viewer = viewer
        self.roles = state.roles(viewer) if viewer else set()
        self._reveals: dict[str, tuple[bool, tuple[int, int, str, int] | None]] = {}
        # A page asks for the same things several times for one change; a change of the state empties this.
        self._projected: dict[str, Contribution | None] = {}
        self._projected_version = -1

    @property
    def is_facilitator(self) -> bool:
        return "facilitator" in self.roles

    @property
    def is_scribe(self) -> bool:
        return "scribe" in self.roles or self.is_facilitator

    # ---- what may be seen

    def can_see_version(self, entry: Entry) -> bool:
        """True where the group this entry was shared with holds the viewer, now."""
        if self.viewer and entry.header.by == self.viewer:
            return True
        if self.viewer and entry.header.how == "scribe" and entry.data.get("written_by") == self.viewer:
            return True  # who wrote it down for somebody knows it, and may be asked to change it
        if entry.kind in ("asset", "edit") and not self._is_shared(entry):
            return False
        visibility = entry.header.seen_by
        if visibility == "group":
            return True
        if visibility == "group-from-reveal":
            return self._is_revealed(entry)
        return False

    def _is_revealed(self, entry: Entry) -> bool:
        kind = self.kind_of(entry)
        if kind == "position":
            # Answers to a proposal are private until all are shown, whoever writes alone first elsewhere.
            return is_position_revealed(self.state, entry)
        element = ELEMENT_OF.get(kind, "")
        if element not in self._reveals:
            self._reveals[element] = self.state.reveal_status(element)
        writing_alone, last_reveal = self._reveals[element]
        return not writing_alone or (last_reveal is not None and entry.header.order < last_reveal)

    def kind_of(self, entry: Entry) -> str:
        """The kind of the text an entry is a version of."""
        root = self.state.entries.get(self.state.root(entry.id))
        return root.kind if root else entry.kind

    def of_id(self, entry_id: str) -> Contribution | None:
        """The contribution this id belongs to, or None where there is nothing this viewer may see."""
        if self._projected_version != self.state.applied_count:
            self._projected.clear()
            self._reveals.clear()
            self._projected_version = self.state.applied_count
        root = self.state.root(entry_id)
        if root not in self._projected:
            self._projected[root] = None  # a forged ring of renderings ends here
            self._projected[root] = self._project(root)
        return self._projected[root]

    def _project(self, root: str) -> Contribution | None:
        first = self.state.entries.get(root)
        if first is None or self.state.is_erased(root):
            return None
        # A rendering in another language goes where its source goes: else it would say what was taken back.
        if any(self.of_id(source) is None for source in first.targets("renders")):
            return None
        author = first.header.by
        is_mine = bool(self.viewer) and author == self.viewer
        if first.kind in KINDS_WITH_REASON and not (is_mine or self.is_facilitator or self._is_affected_by(first)):
            return None
        status = "here"
        if self.state.withdrawals(root):
            if not is_mine:
                return None
            status = "taken"
        if self.state.hides(root):
            if not (is_mine or self.is_facilitator):
                return None
            status = "hidden" if status == "here" else status
        current_versions = self.state.current(root)
        versions = tuple(v for v in current_versions if v.body is not None and self.can_see_version(v))
        if not versions and first.kind not in KINDS_WITHOUT_TEXT:
            # The newest words are not for this viewer (or were kept back): an older version may be.
            older = [v for v in self.state.history(root) if v.body is not None and self.can_see_version(v)]
            versions = tuple(older[-1:])
        if not versions:
            return None
        newest = {v.id for v in versions}
        earlier = tuple(
            v for v in self.state.history(root) if v.id not in newest and v.body is not None and self.can_see_version(v)
        )
        return Contribution(root, first.kind, versions, earlier, author, is_mine, status)

    def _is_shared(self, version: Entry) -> bool:
        """False for what somebody sees in another person, until that person lets the others see it.

        That person sees it first. Their last answer holds: a yes may be followed by a no.
        """
        first = self.state.entries.get(self.state.root(version.id), version)
        return all(
            (self.viewer and self.viewer == person) or is_shared_by(self.state, version, person)
            for person in people_with_asset(self.state, first)
        )

    def _is_affected_by(self, act: Entry) -> bool:
        """True where this viewer's own words were hidden by an act."""
        held = (self.state.entries.get(target) for target in act.targets("hides"))
        return bool(self.viewer) and any(entry is not None and entry.header.by == self.viewer for entry in held)

    def can_see(self, entry_id: str) -> bool:
        """True where this viewer may see what stands under this id. Acts and people are always named freely."""
        entry = self.state.entries.get(self.state.root(entry_id))
        if entry is None:
            return False
        return not is_contribution(entry.kind) or self.of_id(entry_id) is not None

    # ---- lists

    def of_kind(self, *kinds: str) -> list[Contribution]:
        """Everything of these kinds that this viewer may see, oldest first, each text once."""
        found = []
        for entry in State.sorted(self._first_versions(kinds)):
            contribution = self.of_id(entry.id)
            if contribution is not None:
                found.append(contribution)
        return found

    def _first_versions(self, kinds: tuple[str, ...]) -> Iterator[Entry]:
        for kind in kinds:
            for entry_id in self.state.by_kind.get(kind, ()):
                entry = self.state.entries[entry_id]
                if not entry.targets("replaces"):
                    yield entry

    def first_ids(self) -> list[str]:
        """Ids of everything anybody wrote, seen by this viewer or not, in no order: for who looks at each anyway."""
        return [entry.id for entry in self._first_versions(self._kinds())]

    def contributions(self) -> list[Contribution]:
        """Everything anybody wrote that this viewer may see, of every kind, an unknown one included."""
        return self.of_kind(*self._kinds())

    def _kinds(self) -> tuple[str, ...]:
        """The kinds of texts there are here, an unknown one included."""
        return tuple(sorted(kind for kind in self.state.by_kind if is_contribution(kind)))

    def talk_about(self, root: str) -> list[Contribution]:
        """Talk about a contribution, or in answer to it, that this viewer may see. Oldest first."""
        ids = dict.fromkeys(
            source
            for version in self.state.versions_from(root)
            for relation in ("talks-about", "answers")
            for source in self.state.references_to(version, relation)
        )
        found = [c for c in map(self.of_id, ids) if c is not None and c.kind == "utterance"]
        return sorted(found, key=lambda c: c.first_version.header.order)

    def talk_marks(self, root: str) -> list[Entry]:
        """Marks "we talked about this" on a contribution that still stand."""
        marks = (
            self.state.entries[source]
            for version in self.state.versions_from(root)
            for source in self.state.references_to(version, "talks-about")
        )
        found = [m for m in marks if m.kind == "talked" and not self.state.withdrawals(m.id)]
        return State.sorted({m.id: m for m in found if self.of_id(m.id) is not None}.values())

    # ---- people

    def name_of(self, participant: str) -> str:
        """The name someone chose inside the group, or "" where none was given."""
        return str(self.state.profile(participant).get("name", "") or "")

    def signature_of(self, contribution: Contribution) -> tuple[str, tuple[str, ...]]:
        """(name, perspectives) as its author wants these words shown in the group."""
        naming = str(contribution.entry.data.get("shown", "named"))
        person = self.state.profile(contribution.author)
        perspectives = tuple(str(p) for p in person.get("perspectives", ()) or ())
        if naming == "none":
            return "", ()
        if naming == "perspective":
            return "", perspectives
        return self.name_of(contribution.author), perspectives

    def participant_count(self) -> int:
        """How many people said yes to taking part and have not stopped."""
        return sum(self.state.takes_part(p) for p in self.state.participants())

    # ---- a quiet round

    def quiet_round_progress(self, element: str) -> tuple[int, int] | None:
        """While people write alone first: how many have written, of how many who can. None where no such round is on.

        This and how many have answered a proposal (`analysis.agreement.Round.given`) are the only numbers told of what
        is still hidden: how many people, never who and never what, and only to those who take part.
        """
        writing_alone, last_reveal = self.state.reveal_status(element)
        if not writing_alone or not self.viewer or not self.state.takes_part(self.viewer):
            return None
        able_to_write = {p for p in self.state.participants() if self.state.takes_part(p)}
        able_to_write = {p for p in able_to_write if "observer" not in (held := self.state.roles(p)) or "facilitator" in held}
        kinds = tuple(kind for kind, where in ELEMENT_OF.items() if where == element)
        writers = {
            first.header.by
            for first in self._first_versions(kinds)
            if not (first.targets("sees-in") or self.state.withdrawals(first.id) or self.state.is_erased(first.id))
            and any(
                entry.header.seen_by == "group-from-reveal" and (last_reveal is None or entry.header.order > last_reveal)
                for entry in self.state.history(first.id)
            )
        }
        return len(writers & able_to_write), len(able_to_write)

    # ---- the workshop

    def title(self) -> str:
        opened = self.state.opening_entry()
        return str(opened.data.get("title", "")) if opened else ""

    def context_entries(self, field: str) -> list[Entry]:
        """The current words of one field of the context, several where people wrote at once."""
        found: dict[str, Entry] = {}
        for entry in self._first_versions(("context",)):
            if entry.data.get("field") == field and not self.state.withdrawals(entry.id):
                found.update({version.id: version for version in self.state.current(entry.id)})
        readable = [v for v in State.sorted(found.values()) if v.body is not None and self.can_see_version(v)]
        return [v for v in readable if v.data.get("text")]

    def current_invite(self) -> Entry | None:
        """The last invitation to come to a page, if the one who gave it has not taken it back."""
        entries = [e for e in self.state.of_kind("invite") if not self.state.withdrawals(e.id)]
        return entries[-1] if entries else None
