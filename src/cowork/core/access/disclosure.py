"""What may leave the group, and under which name. One answer for tables, reports and exports alike.

What leaves holds only what the whole group may see and what each person agreed to. Where somebody asked that their
words stay inside, a gap is counted, also where others quote them.

Tables and reports read an `Outside`; an export asks the same `Outside` about every entry (`withholding_reason`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cowork.core.access.participant_view import KINDS_WITH_REASON, Contribution, ParticipantView
from cowork.core.elements import is_contribution
from cowork.core.entries import Entry
from cowork.core.fold import State

#: Answers to "how may we name you" with which a name may leave the group.
NAMING_LEVELS = ("named", "pseudonym")

#: Kinds whose bodies say something about a person, which may leave only where that person agreed.
_KINDS_ABOUT_PEOPLE = frozenset({"participant", "attendance"})


def naming_of(state: State, participant: str) -> str:
    """How somebody agreed to be named outside the group; the careful answer where they were never asked."""
    return str(state.consent(participant, "naming").get("answer", "perspective"))


def is_withheld(state: State, root: str, author: str, *, research: bool = False) -> str:
    """Why a contribution stays inside the group ("naming" or "research"), or "" where it may leave.

    `research` True asks further for a yes to research, and takes "ask me later" for a no.
    """
    if naming_of(state, author) == "not" or state.quote_consent(root) == "not":
        return "naming"
    if research and state.consent(author, "research").get("answer") != "yes":
        return "research"
    return ""


@dataclass(frozen=True)
class Signature:
    """Who, as they may be named outside: a name, or a voice's number, or what they are here as, or nothing."""

    name: str = ""
    voice: int = 0
    perspectives: tuple[str, ...] = ()


def signature_of(state: State, contribution: Contribution, version: Entry | None = None) -> Signature:
    """How the author of a contribution is named outside the group. Their own choice for this text goes first.

    Of what was chosen for a wording and for those that stand now, the most reserved holds: an earlier wording has the
    id of the present one, so with the name that it once had it would give away a name that was taken off since.
    """
    quote = state.quote_consent(contribution.id)
    own_versions = [v for v in contribution.versions if v.header.by == contribution.author]
    chosen = [str(v.data.get("shown", "")) for v in (version or contribution.entry, *own_versions)]
    return min((participant_signature(state, contribution.author, naming, quote) for naming in chosen), key=disclosure_level)


def disclosure_level(signature: Signature) -> int:
    """From nothing over what somebody is here as, and a voice's number, to a name."""
    return 3 if signature.name else 2 if signature.voice else 1 if signature.perspectives else 0


def participant_signature(state: State, participant: str, naming: str = "", quote: str = "") -> Signature:
    """How a participant is named outside; `shown` and `quote` are their choices for one text."""
    profile = state.profile(participant)
    if naming == "none" or (quote or naming_of(state, participant)) == "not":
        return Signature()  # a perspective can point to somebody as surely as a name
    perspectives = tuple(str(p) for p in profile.get("perspectives") or ())
    if naming != "perspective" and quote != "perspective":
        # A name never goes without a yes to it; a quotation's own answer stands above the general one.
        if profile.get("name") and (quote or naming_of(state, participant)) in NAMING_LEVELS:
            return Signature(name=str(profile["name"]))  # who gave a name did not ask to be sorted as well
        if isinstance(profile.get("voice"), int):
            return Signature(voice=int(profile["voice"]))
    return Signature(perspectives=perspectives)


class DisclosedView(ParticipantView):
    """The workshop as it may be seen outside the group: by a reader of a report, a table or a copy.

    `research` True leaves only those who said yes to research. What is kept back is nowhere in it, and a quotation of
    it is a gap.
    """

    def __init__(self, state: State, *, research: bool = False) -> None:
        super().__init__(state, "")
        self.research = research
        # Asked for every version of every text, by few people: emptied when the state changes.
        self._reasons: dict[tuple[str, str], str] = {}
        self._reasons_version = -1

    def can_see_version(self, entry: Entry) -> bool:
        """Each version is somebody's own words: a new wording by one who keeps theirs inside stays inside."""
        return super().can_see_version(entry) and not self._writer_reason(self.state.root(entry.id), entry.header.by)

    def _project(self, root: str) -> Contribution | None:
        found = super()._project(root)
        return None if found is None or self._contribution_reason(root, found.author) else found

    def _contribution_reason(self, root: str, author: str) -> str:
        """Why a contribution is kept back: its author's words, or each of its newest ones. An older wording is not
        shown in their place: it may be the one that somebody corrected."""
        writers = {version.header.by for version in self.state.current(root)}
        reasons = [self._writer_reason(root, writer) for writer in sorted(writers)]
        return self._writer_reason(root, author) or ("" if "" in reasons else "".join(reasons[:1]))

    def is_withheld(self, root: str, writer: str) -> bool:
        """True where words of this contribution stay inside because somebody chose so, and not for what they are."""
        first = self.state.entries.get(root)
        author = first.header.by if first else writer
        return bool(self._writer_reason(root, writer) or self._contribution_reason(root, author))

    def _writer_reason(self, root: str, writer: str) -> str:
        if self._reasons_version != self.state.applied_count:
            self._reasons.clear()
            self._reasons_version = self.state.applied_count
        known = self._reasons.get((root, writer))
        if known is None:
            known = self._reasons[root, writer] = is_withheld(self.state, root, writer, research=self.research)
        return known

    def withheld_counts(self) -> dict[str, int]:
        """How many texts that the group may see are kept back, by reason."""
        counts: dict[str, int] = {}
        for found in ParticipantView(self.state, "").contributions():
            if not found.has_text or self.state.entries[found.id].targets("renders"):
                continue
            reason = self._contribution_reason(found.id, found.author)
            if reason:
                counts[reason] = counts.get(reason, 0) + 1
        return counts


def withholding_reason(disclosed_view: DisclosedView, entry: Entry) -> str:
    """Why the words of an entry may not leave the group, or "" where they may; for a copy, which holds whole entries.

    One of "name", "consent", "not-shared" (its author, or who wrote its newest words, keeps them inside), "not-seen"
    (the group does not see it) and "act".
    """
    state = disclosed_view.state
    if entry.body is None:
        return ""
    root = state.entries.get(state.root(entry.id))
    if root is None:
        return "not-seen"  # a later version whose first one is not here: nobody sees it
    if root.kind in _KINDS_ABOUT_PEOPLE:
        return "name" if _discloses_name(state, root, entry) else _visibility_reason(disclosed_view, root, entry)
    answer = naming_of(state, entry.header.by)
    if root.kind == "consent" and (entry.header.seen_by == "only-me" or (answer == "not" and entry.data.get("text"))):
        return "consent"  # an answer without words goes along; all that it keeps inside stays behind either way
    if is_contribution(root.kind):
        found = disclosed_view.of_id(entry.id)
        if found is not None and entry in (*found.versions, *found.earlier):
            return ""
        return "not-shared" if disclosed_view.is_withheld(root.id, entry.header.by) else "not-seen"
    if root.kind == "context" and disclosed_view.is_withheld(root.id, entry.header.by):
        return "not-shared"
    return "act" if root.kind in KINDS_WITH_REASON else _visibility_reason(disclosed_view, root, entry)


def _discloses_name(state: State, root: Entry, entry: Entry) -> bool:
    answer = naming_of(state, entry.header.by)
    claim = entry.data.get("claimed")
    if (
        isinstance(claim, dict)
        and claim.get("name")
        and naming_of(state, str(claim.get("by"))) not in NAMING_LEVELS
    ):
        return True
    if root.kind == "participant" and answer == "not":
        return True  # what somebody is here as can point to them as surely as their name
    name = entry.data.get("name")
    # An earlier name stays behind too: whoever took a pseudonym later meant the first one to go.
    return bool(name) and (answer not in NAMING_LEVELS or name != state.profile(entry.header.by).get("name"))


def _visibility_reason(disclosed_view: DisclosedView, root: Entry, entry: Entry) -> str:
    naming = ParticipantView.can_see_version(disclosed_view, entry)  # what is set up for a group is nobody's own words
    return "" if naming and not disclosed_view.state.withdrawals(root.id) else "not-seen"


def names_in_disclosed(state: State) -> list[tuple[str, str]]:
    """(participant, contribution) for each text outside that holds the name of somebody who asked not to be shown.

    Consent cannot stop others from typing a name: whoever sends something out is told where such names stand, in every
    field and every wording that leaves.
    """
    hidden_names_of, disclosed_view = hidden_names(state), DisclosedView(state)
    found: dict[tuple[str, str], None] = {}
    for contribution in disclosed_view.contributions():
        for version in (*contribution.earlier, *contribution.versions):
            if disclosed_view.can_see_version(version):
                found |= {(participant, contribution.id): None for typed in typed_texts(version) for participant in names_in(typed, hidden_names_of)}
    return list(found)


#: What people type into a text, by its key in the body. The rest are ids, codes, times and places in a source.
_TYPED_FIELDS = ("text", "note", "more", "names", "owner", "review", "rule", "unwritten", "decided_by")


def typed_texts(version: Entry) -> list[str]:
    """Every piece of a wording that somebody typed."""
    return [words for key in _TYPED_FIELDS for words in _strings(version.data.get(key))]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)


#: participant -> the names they have had here, each with its words, which are looked for in every text.
HiddenNames = Mapping[str, Mapping[str, tuple[str, ...]]]


def hidden_names(state: State) -> HiddenNames:
    """The names of each who did not say that a name may leave the group, by participant in a fixed order."""
    return {
        participant: {
            name: _words_of(name)
            for name in (str(e.data["name"]) for e in state.of_person(participant, "participant") if e.data.get("name"))
        }
        for participant in sorted(state.participants())
        if naming_of(state, participant) not in NAMING_LEVELS
    }


_WORD = re.compile(r"[^\W_]+")  # letters and digits of any script


def names_in(text: str, hidden_names_of: HiddenNames) -> list[str]:
    """Whose hidden names stand in a text that somebody typed."""
    words = _words_of(text)
    word_set = set(words)
    return [participant for participant, names in hidden_names_of.items() if any(_contains_name(name, words, word_set) for name in names.values())]


def _words_of(text: str) -> tuple[str, ...]:
    """Words in one case, without the signs around them and without a possessive's ending."""
    return tuple(_WORD.findall(text.casefold()))


def _contains_name(name: tuple[str, ...], words: tuple[str, ...], word_set: set[str]) -> bool:
    if not name or not word_set.issuperset(name[:-1]):
        return False
    last = {name[-1], name[-1] + "s"}  # "Kestrels ord": a Swedish genitive has no apostrophe
    if word_set.isdisjoint(last):
        return False
    return any(
        words[i : i + len(name) - 1] == name[:-1] and words[i + len(name) - 1] in last
        for i in range(len(words) - len(name) + 1)
    )
