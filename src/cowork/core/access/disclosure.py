"""Disclosure: what may leave the group, and under which name. One rule for tables, reports and exports.

Only what the whole group may see and what its author allows may leave. Where an author keeps their words inside, a gap
is counted, also where others quote them. Tables and reports read a `DisclosedView`; an export asks the same view about
every entry (`withholding_reason`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cowork.core.access.participant_view import KINDS_WITH_REASON, Contribution, ParticipantView
from cowork.core.elements import is_contribution
from cowork.core.entries import Entry
from cowork.core.fold import State

#: Answers to "how may we name you" that let a name leave the group.
NAMING_LEVELS = ("named", "pseudonym")

#: Kinds whose bodies say something about a person, which may leave only where that person agreed.
_KINDS_ABOUT_PEOPLE = frozenset({"participant", "attendance"})


def naming_of(state: State, participant: str) -> str:
    """How a participant agreed to be named outside the group; "perspective" where they were never asked."""
    return str(state.consent(participant, "naming").get("answer", "perspective"))


def is_withheld(state: State, root: str, author: str, *, research: bool = False) -> str:
    """Why a contribution may not leave the group ("naming" or "research"); "" where it may.

    `research` True also requires a yes to research; "ask me later" counts as a no.
    """
    if naming_of(state, author) == "not" or state.quote_consent(root) == "not":
        return "naming"
    if research and state.consent(author, "research").get("answer") != "yes":
        return "research"
    return ""


@dataclass(frozen=True)
class Signature:
    """A person as they may be named outside the group: a name, a voice's number, perspectives, or nothing."""

    name: str = ""
    voice: int = 0
    perspectives: tuple[str, ...] = ()


def signature_of(state: State, contribution: Contribution, version: Entry | None = None) -> Signature:
    """The signature of a contribution's author outside the group. Their choice for this text takes precedence.

    Of the choices for a version and for the current ones, the most reserved counts: an earlier version has the same id,
    so with its former name it would disclose a name that was removed since.
    """
    quote = state.quote_consent(contribution.id)
    own_versions = [version for version in contribution.versions if version.header.by == contribution.author]
    chosen = [str(v.data.get("shown", "")) for v in (version or contribution.entry, *own_versions)]
    return min(
        (participant_signature(state, contribution.author, naming, quote) for naming in chosen), key=disclosure_level
    )


def disclosure_level(signature: Signature) -> int:
    """How much a signature discloses: 0 nothing, 1 perspectives, 2 a voice's number, 3 a name."""
    return 3 if signature.name else 2 if signature.voice else 1 if signature.perspectives else 0


def participant_signature(state: State, participant: str, naming: str = "", quote: str = "") -> Signature:
    """The signature of a participant outside the group; `shown` and `quote` are their choices for one text."""
    profile = state.profile(participant)
    if naming == "none" or (quote or naming_of(state, participant)) == "not":
        return Signature()  # a perspective can identify somebody as surely as a name
    perspectives = tuple(str(perspective) for perspective in profile.get("perspectives") or ())
    if naming != "perspective" and quote != "perspective":
        # A name never leaves without a yes; the answer for a quotation takes precedence over the general one.
        if profile.get("name") and (quote or naming_of(state, participant)) in NAMING_LEVELS:
            return Signature(name=str(profile["name"]))  # whoever gave a name did not ask to be classified as well
        if isinstance(profile.get("voice"), int):
            return Signature(voice=int(profile["voice"]))
    return Signature(perspectives=perspectives)


class DisclosedView(ParticipantView):
    """The workshop as a reader of a report, a table or an export may see it.

    `research` True keeps only those who said yes to research. The view omits what is withheld; a quotation of it is a
    gap.
    """

    def __init__(self, state: State, *, research: bool = False) -> None:
        super().__init__(state, "")
        self.research = research
        # A cache, by text and writer: asked for every version of every text.
        self._reasons: dict[tuple[str, str], str] = {}
        self._reasons_version = -1

    def can_see_version(self, entry: Entry) -> bool:
        """True where the group sees this version and its own writer lets it leave the group."""
        return super().can_see_version(entry) and not self._writer_reason(self.state.root(entry.id), entry.header.by)

    def _project(self, root: str) -> Contribution | None:
        found = super()._project(root)
        return None if found is None or self._contribution_reason(root, found.author) else found

    def _contribution_reason(self, root: str, author: str) -> str:
        """Why a contribution is withheld: by its author, or by the writers of all its current versions.

        No older version replaces those: it may be the one that somebody corrected.
        """
        writers = {version.header.by for version in self.state.current(root)}
        reasons = [self._writer_reason(root, writer) for writer in sorted(writers)]
        return self._writer_reason(root, author) or ("" if "" in reasons else "".join(reasons[:1]))

    def is_withheld(self, root: str, writer: str) -> bool:
        """True where this contribution is withheld because somebody chose so, and not because of its visibility."""
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
        """How many texts that the group may see are withheld, by reason."""
        counts: dict[str, int] = {}
        for found in ParticipantView(self.state, "").contributions():
            if not found.has_text or self.state.entries[found.id].targets("renders"):
                continue
            reason = self._contribution_reason(found.id, found.author)
            if reason:
                counts[reason] = counts.get(reason, 0) + 1
        return counts


def withholding_reason(disclosed_view: DisclosedView, entry: Entry) -> str:
    """Why the body of an entry may not leave the group; "" where it may. For an export, which holds whole entries.

    One of "name", "consent", "not-shared" (its author, or the writer of its newest version, keeps it inside),
    "not-seen" (the group does not see it) and "act".
    """
    state = disclosed_view.state
    if entry.body is None:
        return ""
    root = state.entries.get(state.root(entry.id))
    if root is None:
        return "not-seen"  # a later version without its first one: nobody sees it
    if root.kind in _KINDS_ABOUT_PEOPLE:
        return "name" if _discloses_name(state, root, entry) else _visibility_reason(disclosed_view, root, entry)
    answer = naming_of(state, entry.header.by)
    if root.kind == "consent" and (entry.header.seen_by == "only-me" or (answer == "not" and entry.data.get("text"))):
        return "consent"  # an answer without words may leave; what it withholds stays inside either way
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
    if isinstance(claim, dict) and claim.get("name") and naming_of(state, str(claim.get("by"))) not in NAMING_LEVELS:
        return True
    if root.kind == "participant" and answer == "not":
        return True  # a perspective can identify somebody as surely as their name
    name = entry.data.get("name")
    # An earlier name is withheld too: whoever took a pseudonym later wanted the first one to vanish.
    return bool(name) and (answer not in NAMING_LEVELS or name != state.profile(entry.header.by).get("name"))


def _visibility_reason(disclosed_view: DisclosedView, root: Entry, entry: Entry) -> str:
    is_visible = ParticipantView.can_see_version(
        disclosed_view, entry
    )  # not the override of DisclosedView: settings are nobody's own words
    return "" if is_visible and not disclosed_view.state.withdrawals(root.id) else "not-seen"


def names_in_disclosed(state: State) -> list[tuple[str, str]]:
    """(participant, contribution) for each disclosed text that contains the name of somebody who is not to be named.

    Consent cannot stop others from typing a name: whoever publishes something is told where such names are, in every
    field and every version that leaves.
    """
    hidden_names_of, disclosed_view = hidden_names(state), DisclosedView(state)
    found: dict[tuple[str, str], None] = {}
    for contribution in disclosed_view.contributions():
        for version in (*contribution.earlier, *contribution.versions):
            if disclosed_view.can_see_version(version):
                found |= {
                    (participant, contribution.id): None
                    for typed in typed_texts(version)
                    for participant in names_in(typed, hidden_names_of)
                }
    return list(found)


#: Fields of a body that people type into. The others hold ids, codes, times and places in a source.
_TYPED_FIELDS = ("text", "note", "more", "names", "owner", "review", "rule", "unwritten", "decided_by")


def typed_texts(version: Entry) -> list[str]:
    """Every typed text in the body of a version."""
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


#: participant -> each name they have used -> its words, which are searched for in every text.
HiddenNames = Mapping[str, Mapping[str, tuple[str, ...]]]


def hidden_names(state: State) -> HiddenNames:
    """The names of everyone whose name may not leave the group, by participant in a fixed order."""
    return {
        participant: {
            name: _words_of(name)
            for name in (
                str(entry.data["name"])
                for entry in state.of_person(participant, "participant")
                if entry.data.get("name")
            )
        }
        for participant in sorted(state.participants())
        if naming_of(state, participant) not in NAMING_LEVELS
    }


_WORD = re.compile(r"[^\W_]+")  # letters and digits of any script


def names_in(text: str, hidden_names_of: HiddenNames) -> list[str]:
    """The participants whose hidden names a typed text contains."""
    words = _words_of(text)
    word_set = set(words)
    return [
        participant
        for participant, names in hidden_names_of.items()
        if any(_contains_name(name, words, word_set) for name in names.values())
    ]


def _words_of(text: str) -> tuple[str, ...]:
    """The words of a text, case-folded, without punctuation and without a possessive ending."""
    return tuple(_WORD.findall(text.casefold()))


def _contains_name(name: tuple[str, ...], words: tuple[str, ...], word_set: set[str]) -> bool:
    if not name or not word_set.issuperset(name[:-1]):
        return False
    last = {name[-1], name[-1] + "s"}  # "Kestrels ord": a Swedish genitive has no apostrophe
    if word_set.isdisjoint(last):
        return False
    return any(
        words[start : start + len(name) - 1] == name[:-1] and words[start + len(name) - 1] in last
        for start in range(len(words) - len(name) + 1)
    )
