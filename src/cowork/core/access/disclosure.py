"""What may leave the group, and under which name. One answer for tables, reports and exports alike.

What leaves holds only what the whole group may see and what each person agreed to. Where somebody asked that their
words stay inside, a gap is counted, also where others quote them.

Tables and reports read an `Outside`; an export asks the same `Outside` about every entry (`why_not`).
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
_ABOUT_PEOPLE = frozenset({"participant", "attendance"})


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
    own = [v for v in contribution.versions if v.header.by == contribution.author]
    chosen = [str(v.data.get("shown", "")) for v in (version or contribution.entry, *own)]
    return min((person_of(state, contribution.author, shown, quote) for shown in chosen), key=disclosure_level)


def disclosure_level(signature: Signature) -> int:
    """From nothing over what somebody is here as, and a voice's number, to a name."""
    return 3 if signature.name else 2 if signature.voice else 1 if signature.perspectives else 0


def person_of(state: State, participant: str, shown: str = "", quote: str = "") -> Signature:
    """How a participant is named outside; `shown` and `quote` are their choices for one text."""
    said = state.person(participant)
    if shown == "none" or (quote or naming_of(state, participant)) == "not":
        return Signature()  # a perspective can point to somebody as surely as a name
    perspectives = tuple(str(p) for p in said.get("perspectives") or ())
    if shown != "perspective" and quote != "perspective":
        # A name never goes without a yes to it; a quotation's own answer stands above the general one.
        if said.get("name") and (quote or naming_of(state, participant)) in NAMING_LEVELS:
            return Signature(name=str(said["name"]))  # who gave a name did not ask to be sorted as well
        if isinstance(said.get("voice"), int):
            return Signature(voice=int(said["voice"]))
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
        self._reasons_at = -1

    def sees_version(self, entry: Entry) -> bool:
        """Each version is somebody's own words: a new wording by one who keeps theirs inside stays inside."""
        return super().sees_version(entry) and not self._why(self.state.root(entry.id), entry.header.by)

    def _look(self, root: str) -> Contribution | None:
        found = super()._look(root)
        return None if found is None or self._kept(root, found.author) else found

    def _kept(self, root: str, author: str) -> str:
        """Why a contribution is kept back: its author's words, or each of its newest ones. An older wording is not
        shown in their place: it may be the one that somebody corrected."""
        writers = {version.header.by for version in self.state.current(root)}
        reasons = [self._why(root, writer) for writer in sorted(writers)]
        return self._why(root, author) or ("" if "" in reasons else "".join(reasons[:1]))

    def keeps(self, root: str, writer: str) -> bool:
        """True where words of this contribution stay inside because somebody chose so, and not for what they are."""
        first = self.state.entries.get(root)
        author = first.header.by if first else writer
        return bool(self._why(root, writer) or self._kept(root, author))

    def _why(self, root: str, writer: str) -> str:
        if self._reasons_at != self.state.applied:
            self._reasons.clear()
            self._reasons_at = self.state.applied
        known = self._reasons.get((root, writer))
        if known is None:
            known = self._reasons[root, writer] = is_withheld(self.state, root, writer, research=self.research)
        return known

    def kept(self) -> dict[str, int]:
        """How many texts that the group may see are kept back, by reason."""
        counts: dict[str, int] = {}
        for found in ParticipantView(self.state, "").contributions():
            if not found.written or self.state.entries[found.id].targets("renders"):
                continue
            why = self._kept(found.id, found.author)
            if why:
                counts[why] = counts.get(why, 0) + 1
        return counts


def why_not(outside: DisclosedView, entry: Entry) -> str:
    """Why the words of an entry may not leave the group, or "" where they may; for a copy, which holds whole entries.

    One of "name", "consent", "not-shared" (its author, or who wrote its newest words, keeps them inside), "not-seen"
    (the group does not see it) and "act".
    """
    state = outside.state
    if entry.body is None:
        return ""
    root = state.entries.get(state.root(entry.id))
    if root is None:
        return "not-seen"  # a later version whose first one is not here: nobody sees it
    if root.kind in _ABOUT_PEOPLE:
        return "name" if _tells_a_name(state, root, entry) else _unseen(outside, root, entry)
    answer = naming_of(state, entry.header.by)
    if root.kind == "consent" and (entry.header.seen_by == "only-me" or (answer == "not" and entry.data.get("text"))):
        return "consent"  # an answer without words goes along; all that it keeps inside stays behind either way
    if is_contribution(root.kind):
        found = outside.of_id(entry.id)
        if found is not None and entry in (*found.versions, *found.earlier):
            return ""
        return "not-shared" if outside.keeps(root.id, entry.header.by) else "not-seen"
    if root.kind == "context" and outside.keeps(root.id, entry.header.by):
        return "not-shared"
    return "act" if root.kind in KINDS_WITH_REASON else _unseen(outside, root, entry)


def _tells_a_name(state: State, root: Entry, entry: Entry) -> bool:
    answer = naming_of(state, entry.header.by)
    claimed = entry.data.get("claimed")
    if (
        isinstance(claimed, dict)
        and claimed.get("name")
        and naming_of(state, str(claimed.get("by"))) not in NAMING_LEVELS
    ):
        return True
    if root.kind == "participant" and answer == "not":
        return True  # what somebody is here as can point to them as surely as their name
    name = entry.data.get("name")
    # An earlier name stays behind too: whoever took a pseudonym later meant the first one to go.
    return bool(name) and (answer not in NAMING_LEVELS or name != state.person(entry.header.by).get("name"))


def _unseen(outside: DisclosedView, root: Entry, entry: Entry) -> str:
    shown = ParticipantView.sees_version(outside, entry)  # what is set up for a group is nobody's own words
    return "" if shown and not outside.state.withdrawals(root.id) else "not-seen"


def names_in_disclosed(state: State) -> list[tuple[str, str]]:
    """(participant, contribution) for each text outside that holds the name of somebody who asked not to be shown.

    Consent cannot stop others from typing a name: whoever sends something out is told where such names stand, in every
    field and every wording that leaves.
    """
    hidden, outside = hidden_names(state), DisclosedView(state)
    found: dict[tuple[str, str], None] = {}
    for c in outside.contributions():
        for version in (*c.earlier, *c.versions):
            if outside.sees_version(version):
                found |= {(who, c.id): None for typed in typed_texts(version) for who in names_in(typed, hidden)}
    return list(found)


#: What people type into a text, by its key in the body. The rest are ids, codes, times and places in a source.
_TYPED = ("text", "note", "more", "names", "owner", "review", "rule", "unwritten", "decided_by")


def typed_texts(version: Entry) -> list[str]:
    """Every piece of a wording that somebody typed."""
    return [words for key in _TYPED for words in _strings(version.data.get(key))]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)


#: participant -> the names they have had here, each with its words, which are looked for in every text.
HiddenNames = Mapping[str, Mapping[str, tuple[str, ...]]]


def hidden_names(state: State) -> HiddenNames:
    """The names of each who did not say that a name may leave the group, by participant in a fixed order."""
    return {
        who: {
            name: _words(name)
            for name in (str(e.data["name"]) for e in state.of_person(who, "participant") if e.data.get("name"))
        }
        for who in sorted(state.participants())
        if naming_of(state, who) not in NAMING_LEVELS
    }


_WORD = re.compile(r"[^\W_]+")  # letters and digits of any script


def names_in(text: str, hidden: HiddenNames) -> list[str]:
    """Whose hidden names stand in a text that somebody typed."""
    words = _words(text)
    there = set(words)
    return [who for who, names in hidden.items() if any(_within(name, words, there) for name in names.values())]


def _words(text: str) -> tuple[str, ...]:
    """Words in one case, without the signs around them and without a possessive's ending."""
    return tuple(_WORD.findall(text.casefold()))


def _within(name: tuple[str, ...], words: tuple[str, ...], there: set[str]) -> bool:
    if not name or not there.issuperset(name[:-1]):
        return False
    last = {name[-1], name[-1] + "s"}  # "Kestrels ord": a Swedish genitive has no apostrophe
    if there.isdisjoint(last):
        return False
    return any(
        words[i : i + len(name) - 1] == name[:-1] and words[i + len(name) - 1] in last
        for i in range(len(words) - len(name) + 1)
    )
