"""The two checks of an understanding, each with its own n of N: by its contributors, and by everyone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cowork.analysis.differences import latest_checks
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Entry
from cowork.core.provenance import contributors_to, holders_of
from cowork.core.quotes import readable_entry

CONTRIBUTOR_RESULTS = ("yes", "nearly", "no", "rather-not")
EVERYONE_RESULTS = ("same", "differ", "unsure", "rather-not")


@dataclass(frozen=True)
class CheckResult:
    """The result of one check of one wording. `asked` are the people asked; `counts` how many gave each answer;
    `answers` the entries; `unreached` how many cannot be asked (voices of imported talk, people who left)."""

    of: str
    asked: tuple[str, ...]
    counts: Counter[str]
    answers: dict[str, Entry]
    unreached: int

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    @property
    def unanswered(self) -> int:
        """How many were asked, can be reached, and have not answered."""
        return max(0, len(self.asked) - self.unreached - self.answered)


def check_by_contributors(view: ParticipantView, root: str) -> CheckResult:
    """The check by those whose words it rests on (for a view: its holders): is this what you meant?"""
    state = view.state
    first = state.entries[root]
    people = holders_of(state, root) if first.kind == "view" else contributors_to(state, root)
    return _check_result(view, root, "said", tuple(people))


def check_by_everyone(view: ParticipantView, root: str) -> CheckResult:
    """The check by everyone who takes part: do we see what they mean?"""
    state = view.state
    return _check_result(
        view, root, "all", tuple(position for position in state.participants() if state.takes_part(position))
    )


def _check_result(view: ParticipantView, root: str, of: str, asked: tuple[str, ...]) -> CheckResult:
    state = view.state
    answers = {person: entry for person, entry in latest_checks(view, root, of).items() if person in asked}
    unreached = sum(person not in answers and not state.takes_part(person) for person in asked)
    counts = Counter(str(entry.data.get("result", "")) for entry in answers.values())
    return CheckResult(
        of, asked, counts, {person: readable_entry(view, entry) for person, entry in answers.items()}, unreached
    )
