"""Did we get it right? Two checks, each with its own n of N: those who said it, and everyone. Silence is silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cowork.analysis.differences import checks
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Entry
from cowork.core.provenance import holders_of, voices
from cowork.core.quotes import quoted_text

SAID = ("yes", "nearly", "no", "rather-not")
ALL = ("same", "differ", "unsure", "rather-not")


@dataclass(frozen=True)
class CheckResult:
    """One check of one wording. `asked` are the people it is for; `counts` how many answered what; `words` what they
    wrote with it; `unreached` how many of those asked cannot be asked (voices of talk brought in, people who left)."""

    of: str
    asked: tuple[str, ...]
    counts: Counter[str]
    answers: dict[str, Entry]
    unreached: int

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    @property
    def silent(self) -> int:
        """Asked, reachable, and have not said."""
        return max(0, len(self.asked) - self.unreached - self.answered)


def check_said(view: ParticipantView, root: str) -> CheckResult:
    """Those whose words it rests on (for a view: its holders): is this what you meant?"""
    state = view.state
    first = state.entries[root]
    people = holders_of(state, root) if first.kind == "view" else voices(state, root)
    return _check(view, root, "said", tuple(people))


def check_all(view: ParticipantView, root: str) -> CheckResult:
    """Everyone who takes part: do we see what they mean?"""
    state = view.state
    return _check(view, root, "all", tuple(p for p in state.participants() if state.takes_part(p)))


def _check(view: ParticipantView, root: str, of: str, asked: tuple[str, ...]) -> CheckResult:
    state = view.state
    given = {person: entry for person, entry in checks(view, root, of).items() if person in asked}
    away = sum(person not in given and not state.takes_part(person) for person in asked)
    counts = Counter(str(e.data.get("result", "")) for e in given.values())
    return CheckResult(of, asked, counts, {person: quoted_text(view, entry) for person, entry in given.items()}, away)
