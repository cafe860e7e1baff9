"""Did we get it right? Two checks, each with its own n of N: those who said it, and everyone. Silence is silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cowork.analysis.differences import checks
from cowork.core.entries import Entry
from cowork.core.links import holders, voices
from cowork.core.quotes import as_read
from cowork.core.seen import Seen

SAID = ("yes", "nearly", "no", "rather-not")
ALL = ("same", "differ", "unsure", "rather-not")


@dataclass(frozen=True)
class Check:
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


def check_said(seen: Seen, root: str) -> Check:
    """Those whose words it rests on (for a view: its holders): is this what you meant?"""
    state = seen.state
    first = state.entries[root]
    people = holders(state, root) if first.kind == "view" else voices(state, root)
    return _check(seen, root, "said", tuple(people))


def check_all(seen: Seen, root: str) -> Check:
    """Everyone who takes part: do we see what they mean?"""
    state = seen.state
    return _check(seen, root, "all", tuple(p for p in state.participants() if state.takes_part(p)))


def _check(seen: Seen, root: str, of: str, asked: tuple[str, ...]) -> Check:
    state = seen.state
    given = {person: entry for person, entry in checks(seen, root, of).items() if person in asked}
    away = sum(person not in given and not state.takes_part(person) for person in asked)
    counts = Counter(str(e.data.get("result", "")) for e in given.values())
    return Check(of, asked, counts, {person: as_read(seen, entry) for person, entry in given.items()}, away)
