"""Differences between views: each view in its holder's words, with the standing that only a holder sets.

Nothing here averages, counts a majority, or waits for anybody: a standing that was not set is shown as "not said".
"""

from __future__ import annotations

from dataclasses import dataclass

from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.provenance import edges, holders_of, incoming
from cowork.core.quotes import readable_entry


@dataclass(frozen=True)
class HolderStanding:
    """The standing of one holder: "still", "partly", "changed", or "" where they have not said. `why` is their reason.

    `history` holds their earlier standings, oldest first.
    """

    person: str
    code: str
    why: str
    entry: Entry | None
    history: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Confirmation:
    """A holder's check of a view that was written for them: "yes", "nearly", "no", "out", or "" for not said."""

    person: str
    code: str
    words: str
    entry: Entry | None


@dataclass(frozen=True)
class ViewDifference:
    """One view in the ledger of differences. `differs_from` are the ids of the views it differs from."""

    view: Contribution
    holders: tuple[str, ...]
    differs_from: tuple[str, ...]
    standings: tuple[HolderStanding, ...]


def view_differences(participant_view: ParticipantView) -> list[ViewDifference]:
    """Every view that differs from another, and every view that a kept difference rests on; oldest first."""
    kept_views = {
        edge.target
        for outcome in participant_view.active_of_kind("outcome")
        if outcome.entry.data.get("outcome") == "difference"
        for edge in edges(participant_view.state, outcome.id, "rests-on")
    }
    found = []
    for view in participant_view.active_of_kind("view"):
        others = differing_views(participant_view, view.id)
        if others or view.id in kept_views:
            found.append(view_difference(participant_view, view, others))
    return found


def view_difference(
    participant_view: ParticipantView, view: Contribution, others: tuple[str, ...] | None = None
) -> ViewDifference:
    """One view with its holders and their standings."""
    holders = tuple(holders_of(participant_view.state, view.id))
    standings = tuple(holder_standing(participant_view, view.id, person) for person in holders)
    return ViewDifference(
        view, holders, differing_views(participant_view, view.id) if others is None else others, standings
    )


def differing_views(view: ParticipantView, root: str) -> tuple[str, ...]:
    """The visible views that this one differs from. A difference counts for both views, whoever marked it."""
    state = view.state
    outgoing = [edge.target for edge in edges(state, root, "differs-from")]
    incoming_views = [edge.source for edge in incoming(state, root, "differs-from")]
    found = dict.fromkeys(other for other in (*outgoing, *incoming_views) if other != root)
    return tuple(other for other in found if (contribution := view.of_id(other)) is not None and contribution.is_active)


def holder_standing(view: ParticipantView, root: str, person: str) -> HolderStanding:
    """The last standing of one holder on a view; a new wording of the view leaves it as it is.

    A standing that the group may not see yet counts as not said. Words that may not be read are removed, the standing
    itself is not.
    """
    answers = _visible_answers_of(view, root, "answers", "standing", person)
    if not answers:
        return HolderStanding(person, "", "", None)
    code, readable = str(answers[-1].data.get("standing", "")), [readable_entry(view, entry) for entry in answers]
    return HolderStanding(person, code, str(readable[-1].data.get("text", "")), readable[-1], tuple(readable[:-1]))


def own_stance(state: State, root: str, person: str) -> Entry | None:
    """A person's own last stance on the present wording of a view, visible to others or not."""
    answers = [entry for entry in _all_answers(state, root, "answers", "stance") if _author_of(state, entry) == person]
    answers = [entry for entry in answers if _answers_current_version(state, root, entry, "answers")]
    return answers[-1] if answers else None


def stances(view: ParticipantView, root: str) -> list[Contribution]:
    """Everyone's last visible stance on the present wording of a view, oldest first."""
    last: dict[str, Entry] = {}
    for entry in _visible_answers(view, _all_answers(view.state, root, "answers", "stance")):
        if _answers_current_version(view.state, root, entry, "answers"):
            last[_author_of(view.state, entry)] = entry
    found = [view.of_id(entry.id) for entry in view.state.sorted(last.values())]
    return [contribution for contribution in found if contribution is not None]


def confirmations(view: ParticipantView, root: str) -> list[Confirmation]:
    """Each holder's check of the present wording. Whoever wrote it has confirmed it by writing."""
    own_versions = {entry.header.by: entry for entry in reversed(view.state.current(root))}
    found = []
    for person in holders_of(view.state, root):
        if person in own_versions:
            found.append(Confirmation(person, "yes", "", own_versions[person]))
            continue
        answers = [
            entry
            for entry in _visible_answers_of(view, root, "checks", "check", person)
            if _answers_current_version(view.state, root, entry, "checks")
        ]
        if not answers:
            found.append(Confirmation(person, "", "", None))
            continue
        readable = readable_entry(view, answers[-1])
        code, words = str(answers[-1].data.get("result", "")), str(readable.data.get("text", ""))
        found.append(Confirmation(person, code, words, readable))
    return found


def latest_checks(view: ParticipantView, root: str, of: str) -> dict[str, Entry]:
    """person -> their last visible answer to a check of the present wording; `of` is "said" or "all"."""
    found: dict[str, Entry] = {}
    for entry in _visible_answers(view, _all_answers(view.state, root, "checks", "check")):
        check_of = str(
            entry.data.get("of") or ("all" if entry.data.get("result") in ("same", "differ", "unsure") else "said")
        )
        if check_of == of and _answers_current_version(view.state, root, entry, "checks"):
            found[_author_of(view.state, entry)] = entry
    return found


def _visible_answers_of(view: ParticipantView, root: str, relation: str, kind: str, person: str) -> list[Entry]:
    """One person's answers of a kind that the viewer may see: an answer may not be revealed yet."""
    return [
        entry
        for entry in _visible_answers(view, _all_answers(view.state, root, relation, kind))
        if _author_of(view.state, entry) == person
    ]


def _visible_answers(view: ParticipantView, answers: list[Entry]) -> list[Entry]:
    # As the group sees them, not DisclosedView: a withheld answer counts, and `readable_entry` removes its words.
    return [entry for entry in answers if ParticipantView.can_see_version(view, entry)]


def _author_of(state: State, answer: Entry) -> str:
    return state.entries[state.root(answer.id)].header.by


def _answers_current_version(state: State, root: str, answer: Entry, relation: str) -> bool:
    """True for an answer to the present wording; a new wording asks again."""
    return bool({entry.id for entry in state.current(root)} & set(_answered_versions(state, answer, relation)))


def _all_answers(state: State, root: str, relation: str, kind: str) -> list[Entry]:
    """Every version of every answer of a kind to a text, oldest first, without withdrawn and erased ones."""
    firsts = {state.root(entry.id) for entry in state.facts(root).referring(relation)}
    versions = {
        version.id: version  # once, also where two answers were settled into one
        for facts in map(state.facts, firsts)
        if facts.first is not None and facts.first.kind == kind and not (facts.is_erased or facts.withdrawals)
        for version in facts.history
        if version.body is not None
    }
    return state.sorted(versions.values())


def _answered_versions(state: State, entry: Entry, relation: str) -> tuple[str, ...]:
    """The versions that an answer refers to; an edit that names none refers to those of the answer before."""
    return next((found for active in state.lineage(entry) if (found := active.targets(relation))), ())
