"""The participant view: the workshop as one person may see it now.

A page never gets the state. It gets this view, which omits from every list and count what the person may not see. One
number about hidden words is disclosed: how many people have written or answered (`quiet_round_progress`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowork.core.elements import ELEMENT_OF, KINDS_WITHOUT_TEXT, WRITTEN_KINDS, is_contribution
from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.proposals import is_position_revealed

#: Acts with a reason, which only their author, the author of the target and facilitators may read.
KINDS_WITH_REASON = frozenset({"withdrawal", "hide"})


@dataclass(frozen=True)
class Contribution:
    """One contribution of a person, in its current version.

    `id` is that of the first version; `versions` are the current ones (two where people wrote at once); `earlier` are
    the replaced ones that the viewer may see, oldest first. `status` is "here", "taken" (withdrawn) or "hidden": only
    the author sees what is withdrawn, only author and facilitators what is hidden.
    """

    id: str
    kind: str
    versions: tuple[Entry, ...]
    earlier: tuple[Entry, ...]
    author: str
    is_mine: bool
    status: str

    @property
    def is_active(self) -> bool:
        """True for a contribution that is neither withdrawn nor hidden."""
        return self.status == "here"

    @property
    def entry(self) -> Entry:
        return self.versions[-1]

    @property
    def text(self) -> str:
        return str(self.entry.data.get("text", ""))

    @property
    def has_text(self) -> bool:
        """True where somebody wrote a text; an answer that was only chosen has none."""
        return self.kind not in KINDS_WITHOUT_TEXT and bool(self.text)

    @property
    def element(self) -> str:
        return ELEMENT_OF.get(self.kind, "")

    @property
    def is_written(self) -> bool:
        """True for words that count as written in their element: typed here for the group, and no part of a card.

        Brought-in talk was said and not written here. An answer to a worry and the ending of a proposal stand inside
        the card of what they answer or end.
        """
        about = self.first_version.header.about
        return (
            self.kind in WRITTEN_KINDS
            and self.is_active
            and self.has_text
            and not self.source_place[0]
            and self.entry.header.seen_by != "only-me"
            and not any(relation in ("answers-reservation", "closes") for relation, _ in about)
        )

    @property
    def first_version(self) -> Entry:
        return (self.earlier + self.versions)[0]

    @property
    def source_place(self) -> tuple[int, str, int]:
        """Its place in imported talk, as (1, source, position); (0, "", 0) for typed words."""
        source = self.entry.data.get("source")
        if isinstance(source, dict):
            position = source.get("position", 0)
            return (1, str(source.get("id", "")), position if isinstance(position, int) else 0)
        return (0, "", 0)


def people_with_asset(state: State, asset: Entry) -> list[str]:
    """The people in whom somebody sees an asset: they see it first, and decide whether others may."""
    return [state.entries[target].header.by for target in asset.targets("sees-in") if target in state.entries]


def is_shared_by(state: State, version: Entry, person: str) -> bool:
    """True where a person shared these very words: their last answer is yes, and so is their answer to this version.

    A new wording asks again; until then the others go on seeing the shared version.
    """
    answers = state.sorted(
        entry
        for entry in state.facts(state.root(version.id)).referring("checks")
        if entry.header.by == person and not state.withdrawals(state.root(entry.id))
    )
    to_this_version = [entry for entry in answers if version.id in entry.targets("checks")]
    return bool(to_this_version) and answers[-1].data.get("result") == to_this_version[-1].data.get("result") == "yes"


class ParticipantView:
    """The state as `viewer` may see it. `viewer` "" is the whole group: what all of its members may see."""

    def __init__(self, state: State, viewer: str) -> None:
        self.state = state
        self.viewer = viewer
        self.roles = state.roles(viewer) if viewer else set()
        self._reveals: dict[str, tuple[bool, tuple[int, int, str, int] | None]] = {}
        # A cache: a page asks for the same contributions several times for one change of the state.
        self._projected: dict[str, Contribution | None] = {}
        self._projected_version = -1

    @property
    def is_facilitator(self) -> bool:
        return "facilitator" in self.roles

    @property
    def is_scribe(self) -> bool:
        return "scribe" in self.roles or self.is_facilitator

    # ---- visibility

    def can_see_version(self, entry: Entry) -> bool:
        """True where the viewer is now among those with whom this version was shared."""
        if self.viewer and entry.header.by == self.viewer:
            return True
        if self.viewer and entry.header.how == "scribe" and entry.data.get("written_by") == self.viewer:
            return True  # a scribe knows what they wrote down, and may be asked to change it
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
            # Positions are private until all are revealed, whether or not people write alone first elsewhere.
            return is_position_revealed(self.state, entry)
        element = ELEMENT_OF.get(kind, "")
        if element not in self._reveals:
            self._reveals[element] = self.state.reveal_status(element)
        writing_alone, last_reveal = self._reveals[element]
        return not writing_alone or (last_reveal is not None and entry.header.order < last_reveal)

    def kind_of(self, entry: Entry) -> str:
        """The kind of the text that an entry is a version of."""
        root = self.state.entries.get(self.state.root(entry.id))
        return root.kind if root else entry.kind

    def of_id(self, entry_id: str) -> Contribution | None:
        """The contribution with this id, by any of its versions; None where the viewer may not see it."""
        if self._projected_version != self.state.applied_count:
            self._projected.clear()
            self._reveals.clear()
            self._projected_version = self.state.applied_count
        root = self.state.root(entry_id)
        if root not in self._projected:
            self._projected[root] = None  # ends a forged cycle of renderings
            self._projected[root] = self._project(root)
        return self._projected[root]

    def _project(self, root: str) -> Contribution | None:
        facts = self.state.facts(root)
        first = facts.first
        if first is None or facts.is_erased:
            return None
        # A rendering in another language is as visible as its source: else it would repeat withdrawn words.
        if any(self.of_id(source) is None for source in first.targets("renders")):
            return None
        author = first.header.by
        is_mine = bool(self.viewer) and author == self.viewer
        if first.kind in KINDS_WITH_REASON and not (is_mine or self.is_facilitator or self._is_affected_by(first)):
            return None
        if (facts.withdrawals and not is_mine) or (facts.hides and not (is_mine or self.is_facilitator)):
            return None
        readable = [version for version in facts.history if version.body is not None and self.can_see_version(version)]
        versions = tuple(version for version in readable if version in facts.current)
        if not versions and first.kind not in KINDS_WITHOUT_TEXT:
            # The newest version is not visible to this viewer (or was withheld): an older one may be.
            versions = tuple(readable[-1:])
        if not versions:
            return None
        earlier = tuple(version for version in readable if version not in versions)
        status = "taken" if facts.withdrawals else "hidden" if facts.hides else "here"
        return Contribution(root, first.kind, versions, earlier, author, is_mine, status)

    def _is_shared(self, version: Entry) -> bool:
        """False for an asset that somebody sees in another person, until that person shares it.

        That person sees it first. Their last answer counts: a no may follow a yes.
        """
        first = self.state.entries.get(self.state.root(version.id), version)
        return all(
            (self.viewer and self.viewer == person) or is_shared_by(self.state, version, person)
            for person in people_with_asset(self.state, first)
        )

    def _is_affected_by(self, act: Entry) -> bool:
        """True where an act hid a contribution of this viewer."""
        hidden_entries = (self.state.entries.get(target) for target in act.targets("hides"))
        return bool(self.viewer) and any(
            entry is not None and entry.header.by == self.viewer for entry in hidden_entries
        )

    def can_see(self, entry_id: str) -> bool:
        """True where the viewer may see the entry with this id. Acts and people are always visible."""
        entry = self.state.entries.get(self.state.root(entry_id))
        if entry is None:
            return False
        return not is_contribution(entry.kind) or self.of_id(entry_id) is not None

    # ---- lists

    def of_kind(self, *kinds: str) -> list[Contribution]:
        """The visible contributions of these kinds, oldest first, each once."""
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

    def active_of_kind(self, *kinds: str) -> list[Contribution]:
        """Those of them that are neither withdrawn nor hidden."""
        return [contribution for contribution in self.of_kind(*kinds) if contribution.is_active]

    def first_ids(self) -> list[str]:
        """Ids of all contributions, visible or not, in no order: for callers that check each one anyway."""
        return [entry.id for entry in self._first_versions(self._kinds())]

    def contributions(self) -> list[Contribution]:
        """All visible contributions, of every kind, including unknown kinds."""
        return self.of_kind(*self._kinds())

    def _kinds(self) -> tuple[str, ...]:
        """All kinds of contributions in this workshop, including unknown kinds."""
        return tuple(sorted(kind for kind in self.state.by_kind if is_contribution(kind)))

    def talk_about(self, root: str) -> list[Contribution]:
        """The visible talk about a contribution, or in answer to it, oldest first."""
        talk = self.state.facts(root).referring("talks-about", "answers")
        found = [self.of_id(entry_id) for entry_id in {self.state.root(entry.id) for entry in talk}]
        return sorted(
            (contribution for contribution in found if contribution is not None and contribution.kind == "utterance"),
            key=lambda contribution: contribution.first_version.header.order,
        )

    def talk_marks(self, root: str) -> list[Entry]:
        """The active marks "we talked about this" on a contribution."""
        found = [mark for mark in self.state.facts(root).referring("talks-about") if mark.kind == "talked"]
        return State.sorted(
            mark for mark in found if not self.state.withdrawals(mark.id) and self.of_id(mark.id) is not None
        )

    # ---- people

    def name_of(self, participant: str) -> str:
        """The name that a participant uses inside the group; "" where they gave none."""
        return str(self.state.profile(participant).get("name", "") or "")

    def signature_of(self, contribution: Contribution) -> tuple[str, tuple[str, ...]]:
        """(name, perspectives) that the author chose to show beside this contribution inside the group."""
        naming = str(contribution.entry.data.get("shown", "named"))
        person = self.state.profile(contribution.author)
        perspectives = tuple(str(p) for p in person.get("perspectives", ()) or ())
        if naming == "none":
            return "", ()
        if naming == "perspective":
            return "", perspectives
        return self.name_of(contribution.author), perspectives

    def participant_count(self) -> int:
        """How many people have consented to taking part and have not stopped."""
        return sum(self.state.takes_part(person) for person in self.state.participants())

    # ---- a quiet round

    def quiet_round_progress(self, element: str) -> tuple[int, int] | None:
        """(people who have written, people who can) while people write alone first; None where no such round is on.

        This and `analysis.proposals.Round.given` are the only numbers disclosed about what is still hidden: how many
        people, never who and never what, and only to those who take part.
        """
        writing_alone, last_reveal = self.state.reveal_status(element)
        if not writing_alone or not self.viewer or not self.state.takes_part(self.viewer):
            return None
        able_to_write = {person for person in self.state.participants() if self.state.takes_part(person)}
        able_to_write = {
            person
            for person in able_to_write
            if "observer" not in (roles := self.state.roles(person)) or "facilitator" in roles
        }
        kinds = tuple(kind for kind, where in ELEMENT_OF.items() if where == element)
        writers = {
            first.header.by
            for first in self._first_versions(kinds)
            if not (first.targets("sees-in") or self.state.withdrawals(first.id) or self.state.is_erased(first.id))
            and any(
                entry.header.seen_by == "group-from-reveal"
                and (last_reveal is None or entry.header.order > last_reveal)
                for entry in self.state.history(first.id)
            )
        }
        return len(writers & able_to_write), len(able_to_write)

    # ---- the workshop

    def title(self) -> str:
        opened = self.state.opening_entry()
        return str(opened.data.get("title", "")) if opened else ""

    def context_entries(self, field: str) -> list[Entry]:
        """The current versions of one field of the context, several where people wrote at once."""
        found: dict[str, Entry] = {}
        for entry in self._first_versions(("context",)):
            if entry.data.get("field") == field and not self.state.withdrawals(entry.id):
                found.update({version.id: version for version in self.state.current(entry.id)})
        readable = [
            version
            for version in State.sorted(found.values())
            if version.body is not None and self.can_see_version(version)
        ]
        return [version for version in readable if version.data.get("text")]

    def current_invite(self) -> Entry | None:
        """The last invitation to a page, unless it was withdrawn or ended. Whichever facilitator it is from, it holds.

        An ending names the invitation that it ends, so it ends no newer one that it had not heard of.
        """
        entries = [entry for entry in self.state.of_kind("invite") if not self.state.withdrawals(entry.id)]
        ended = {entry.data.get("ends") for entry in entries}
        invites = [entry for entry in entries if not entry.data.get("ends")]
        return invites[-1] if invites and invites[-1].id not in ended else None
