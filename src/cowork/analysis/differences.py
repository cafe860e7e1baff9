"""Where we see it differently: each view that differs, in its holder's words, with the standing only they set.

Nothing here averages, counts a majority, or waits for anybody: where nothing was said, "not said" is what stands.
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
    """Where one holder stands now: "still", "partly", "changed", or "" where they have not said. `why` are their words.

    `history` holds what they said before, oldest first.
    """

    person: str
    code: str
    why: str
    entry: Entry | None
    history: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Confirmation:
    """What one holder said of a view that was written for them: "yes", "nearly", "no", "out", or "" for not said."""

    person: str
    code: str
    words: str
    entry: Entry | None


@dataclass(frozen=True)
class ViewDifference:
    """One view of the ledger. `differs` are the first versions of the views it differs from, whoever marked it."""

    view: Contribution
    holders: tuple[str, ...]
    differs_from: tuple[str, ...]
    standings: tuple[HolderStanding, ...]


def view_differences(seen: ParticipantView) -> list[ViewDifference]:
    """Every view that differs from another, and every view that a kept difference rests on; oldest first."""
    kept_views = {
        edge.target
        for outcome in seen.of_kind("outcome")
        if outcome.is_active and outcome.entry.data.get("outcome") == "difference"
        for edge in edges(seen.state, outcome.id, "rests-on")
    }
    found = []
    for view in seen.of_kind("view"):
        others = differing_views(seen, view.id)
        if view.is_active and (others or view.id in kept_views):
            found.append(view_difference(seen, view, others))
    return found


def view_difference(seen: ParticipantView, view: Contribution, others: tuple[str, ...] | None = None) -> ViewDifference:
    """One view with its holders and where they stand."""
    holders = tuple(holders_of(seen.state, view.id))
    standings = tuple(holder_standing(seen, view.id, person) for person in holders)
    return ViewDifference(view, holders, differing_views(seen, view.id) if others is None else others, standings)


def differing_views(view: ParticipantView, root: str) -> tuple[str, ...]:
    """The views this one differs from, as far as they may be seen. A difference stands on both, whoever marked it."""
    state = view.state
    outgoing = [edge.target for edge in edges(state, root, "differs-from")]
    incoming_views = [edge.source for edge in incoming(state, root, "differs-from")]
    found = dict.fromkeys(other for other in (*outgoing, *incoming_views) if other != root)
    return tuple(other for other in found if (contribution := view.of_id(other)) is not None and contribution.is_active)


def holder_standing(view: ParticipantView, root: str, person: str) -> HolderStanding:
    """Where one holder stands on a view, as they last said; a new wording of the view leaves it standing.

    What they said and the group may not see yet is not said for it yet. Words that may not be read are gone from it,
    not where somebody stands.
    """
    answers = _visible_answers_of(view, root, "answers", "standing", person)
    if not answers:
        return HolderStanding(person, "", "", None)
    code, readable = str(answers[-1].data.get("standing", "")), [readable_entry(view, entry) for entry in answers]
    return HolderStanding(person, code, str(readable[-1].data.get("text", "")), readable[-1], tuple(readable[:-1]))


def own_stance(state: State, root: str, person: str) -> Entry | None:
    """Somebody's own last answer to a view, in its present wording, whoever may see it yet."""
    answers = [entry for entry in _all_answers(state, root, "answers", "stance") if _author_of(state, entry) == person]
    answers = [entry for entry in answers if _answers_current_version(state, root, entry, "answers")]
    return answers[-1] if answers else None


def stances(view: ParticipantView, root: str) -> list[Contribution]:
    """Everyone's last answer to a view in its present wording, as far as it may be seen. Oldest first."""
    last: dict[str, Entry] = {}
    for entry in _visible_answers(view, _all_answers(view.state, root, "answers", "stance")):
        if _answers_current_version(view.state, root, entry, "answers"):
            last[_author_of(view.state, entry)] = entry
    found = [view.of_id(entry.id) for entry in view.state.sorted(last.values())]
    return [contribution for contribution in found if contribution is not None]


def confirmations(view: ParticipantView, root: str) -> list[Confirmation]:
    """What each holder said of the present wording. Whose own words stand there has confirmed them by writing."""
    own = {entry.header.by: entry for entry in reversed(view.state.current(root))}
    found = []
    for person in holders_of(view.state, root):
        if person in own:
            found.append(Confirmation(person, "yes", "", own[person]))
            continue
        answers = [entry for entry in _visible_answers_of(view, root, "checks", "check", person) if _answers_current_version(view.state, root, entry, "checks")]
        if not answers:
            found.append(Confirmation(person, "", "", None))
            continue
        readable = readable_entry(view, answers[-1])
        code, words = str(answers[-1].data.get("result", "")), str(readable.data.get("text", ""))
        found.append(Confirmation(person, code, words, readable))
    return found


def latest_checks(view: ParticipantView, root: str, of: str) -> dict[str, Entry]:
    """person -> their last answer to a check of the present wording, as far as it may be seen; `of` is "said" or
    "all"."""
    found: dict[str, Entry] = {}
    for entry in _visible_answers(view, _all_answers(view.state, root, "checks", "check")):
        answers = str(
            entry.data.get("of") or ("all" if entry.data.get("result") in ("same", "differ", "unsure") else "said")
        )
        if answers == of and _answers_current_version(view.state, root, entry, "checks"):
            found[_author_of(view.state, entry)] = entry
    return found


def _visible_answers_of(view: ParticipantView, root: str, relation: str, kind: str, person: str) -> list[Entry]:
    """One person's answers of a kind, as far as this viewer may see them: an answer may wait to be shown."""
    return [entry for entry in _visible_answers(view, _all_answers(view.state, root, relation, kind)) if _author_of(view.state, entry) == person]


def _visible_answers(view: ParticipantView, answers: list[Entry]) -> list[Entry]:
    # Of the group, that is: what somebody keeps inside when it leaves counts, and `as_read` takes its words.
    return [entry for entry in answers if ParticipantView.can_see_version(view, entry)]


def _author_of(state: State, answer: Entry) -> str:
    return state.entries[state.root(answer.id)].header.by


def _answers_current_version(state: State, root: str, answer: Entry, relation: str) -> bool:
    """True for an answer to the wording that stands now; a new wording asks again."""
    return bool({entry.id for entry in state.current(root)} & set(_answered_versions(state, answer, relation)))


def _all_answers(state: State, root: str, relation: str, kind: str) -> list[Entry]:
    """Every version of every answer of a kind to a text, oldest first, without what was taken back or erased."""
    firsts = {entry.id: entry for version in state.versions_from(root) for entry in _first_answers(state, version, relation, kind)}
    versions = {v.id: v for first in firsts for v in state.history(first) if v.body is not None}
    return state.sorted(versions.values())


def _first_answers(state: State, version: str, relation: str, kind: str) -> list[Entry]:
    roots = dict.fromkeys(state.root(entry_id) for entry_id in state.references_to(version, relation))
    found = (state.entries[r] for r in roots if r in state.entries)
    return [entry for entry in found if entry.kind == kind and not state.is_erased(entry.id) and not state.withdrawals(entry.id)]


def _answered_versions(state: State, entry: Entry, relation: str) -> tuple[str, ...]:
    """The versions an answer is to; an edit that names none is to the same as before."""
    return next((found for active in state.lineage(entry) if (found := active.targets(relation))), ())
