"""Agreement as people read it: dots, counts and words, each worry inside, and never an average.

An `Ending` always carries its reservations: whoever shows one cannot leave them out by forgetting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cowork.core.agreeing import (
    Level,
    LevelSet,
    Position,
    Verdict,
    answers_to,
    closed_version,
    ending,
    is_ending,
    level_set,
    positions,
    reservations,
    round_of,
    rule,
    shown,
    verdict,
)
from cowork.core.entries import Entry, Order
from cowork.core.fold import State
from cowork.core.leaving import Outside, person
from cowork.core.links import changed_ground, edges, into, stands
from cowork.core.quotes import as_read, gap_of
from cowork.core.seen import Contribution, Seen


@dataclass(frozen=True)
class Worry:
    """A reservation as this viewer may read it. `gap` says why its words are not shown; it is counted all the same.

    `answers` are the answers that may be read, `unread` how many there are beside them; `enough` is what its author
    said of them: "yes", "partly", "no" or "". `reworded` is True where one answer is a new wording of the proposal.
    """

    root: str
    contribution: Contribution | None
    gap: str
    sort: str
    answers: tuple[Contribution, ...]
    unread: int
    enough: str
    owner: str
    review: str
    reworded: bool = False

    @property
    def met(self) -> bool:
        """True where the words it is about were changed for it, and its author has not said: that is too little."""
        return self.reworded and self.enough not in ("no", "partly")

    @property
    def answered(self) -> bool:
        return bool(self.answers) or self.unread > 0


@dataclass(frozen=True)
class Row:
    """One answer and who gave it, in the order they answered."""

    level: Level
    positions: tuple[Position, ...]

    @property
    def n(self) -> int:
        return len(self.positions)


@dataclass(frozen=True)
class Moved:
    """Somebody whose answer changed between two rounds, or within one: from which to which, and why if they said."""

    position: Position
    before: str
    after: str


@dataclass(frozen=True)
class Round:
    """One version of a proposal with the answers to it. Before the answers are shown together there is no count."""

    version: Entry
    number: int
    rule: dict[str, object]
    levels: LevelSet
    shown: bool
    rows: tuple[Row, ...]
    apart: tuple[Row, ...]
    left: int
    asked: int
    verdict: Verdict | None
    moved: tuple[Moved, ...]

    @property
    def answered(self) -> int:
        return sum(row.n for row in (*self.rows, *self.apart))

    @property
    def silent(self) -> int:
        """How many of those asked have not answered. Nobody guesses for them."""
        return max(0, self.asked - self.answered)


@dataclass(frozen=True)
class Proposal:
    contribution: Contribution
    rounds: tuple[Round, ...]
    worries: tuple[Worry, ...]
    ending: Ending | None

    @property
    def last(self) -> Round:
        return self.rounds[-1]


@dataclass(frozen=True)
class Ending:
    """An agreement, a kept difference or an open question, with everything that belongs inside it.

    `how` is agreed, difference or open-question. `changed` is what changed under it since people last looked.
    """

    contribution: Contribution
    how: str
    proposal: str
    round: Round | None
    worries: tuple[Worry, ...]
    renewed: tuple[Entry, ...]

    @property
    def inside(self) -> tuple[Worry, ...]:
        """The worries and conditions that stand in it wherever it goes. What a new wording met is told beside it."""
        return tuple(worry for worry in self.worries if not worry.met)

    def changed(self, seen: Seen) -> bool:
        return bool(changed_ground(seen.state, self.contribution.id))


def proposal(seen: Seen, root: str) -> Proposal | None:
    """A proposal with its rounds and worries, as this viewer may see it."""
    found = seen.of_id(root)
    if found is None or found.kind != "proposal":
        return None
    history = [*found.earlier, *found.versions]
    rounds: list[Round] = []
    for version in history:
        rounds.append(_round(seen, version, rounds[-1] if rounds else None))
    closed = ending(seen.state, found.id)
    return Proposal(found, tuple(rounds), worries(seen, found.id), _ending(seen, closed.id) if closed else None)


def proposals(seen: Seen) -> list[Proposal]:
    """Every proposal, newest first."""
    found = [proposal(seen, c.id) for c in seen.of_kind("proposal") if c.standing == "here"]
    return [p for p in reversed(found) if p is not None]


def endings(seen: Seen) -> list[Ending]:
    """Every ending that stands, oldest first."""
    found = [_ending(seen, c.id) for c in seen.of_kind("outcome") if c.standing == "here"]
    return [e for e in found if e is not None]


def _ending(seen: Seen, root: str) -> Ending | None:
    found = seen.of_id(root)
    if found is None or not is_ending(seen.state, root):
        return None
    version = closed_version(seen.state, found.first)
    closes = seen.state.root(version.id) if version else ""
    order = found.first.header.order
    inside = {worry.root: worry for worry in (*(worries(seen, closes) if closes else ()), *worries(seen, found.id))}
    renewals = (
        seen.state.entries[entry_id]
        for v in seen.state.versions_from(root)
        for entry_id in seen.state.about(v, "renews")
        if stands(seen.state, entry_id)
    )
    return Ending(
        found,
        str(found.entry.data.get("outcome", found.first.data.get("outcome", ""))),
        closes,
        _round(seen, version, None, before=order) if version else None,
        tuple(inside.values()),
        tuple(seen.state.sorted({e.id: e for e in renewals}.values())),
    )


def _round(seen: Seen, version: Entry, before_it: Round | None, before: Order | None = None) -> Round:
    state = seen.state
    open_ = shown(state, version.id)
    given = positions(state, version.id, before) if open_ else []
    levels = level_set(state, version)
    here = [p for p in given if not p.left]

    def row(level: Level) -> Row:
        return Row(level, tuple(_position(seen, p) for p in here if p.level == level.code))

    return Round(
        version,
        round_of(state, version),
        rule(version),
        levels,
        open_,
        tuple(row(level) for level in levels.levels),
        tuple(row(level) for level in levels.apart),
        len(given) - len(here),
        _asked(seen, version, here),
        verdict(state, version, before) if open_ or not rule(version) else None,
        tuple(_moved(seen, here, before_it)),
    )


def _asked(seen: Seen, version: Entry, here: list[Position]) -> int:
    """How many were to answer: those a version names (a scribe may stay out of it), or everyone who takes part."""
    named = version.data.get("answering")
    if not isinstance(named, list):
        return seen.taking_part()
    return len({str(p) for p in named if seen.state.takes_part(str(p))} | {position.person for position in here})


def _position(seen: Seen, position: Position) -> Position:
    """An answer without the words this viewer may not read; it counts all the same."""
    earlier = tuple(as_read(seen, entry) for entry in position.earlier)
    return replace(position, entry=as_read(seen, position.entry), earlier=earlier)


def _moved(seen: Seen, here: list[Position], before_it: Round | None) -> list[Moved]:
    """Who answers otherwise than they did: in the round before, or earlier in this one."""
    last: dict[str, str] = {}
    if before_it is not None and before_it.shown:
        last = {p.person: p.level for row in (*before_it.rows, *before_it.apart) for p in row.positions}
    found = []
    for position in here:
        earlier = str(position.earlier[-1].data.get("level", "")) if position.earlier else last.get(position.person, "")
        if earlier and earlier != position.level:
            found.append(Moved(_position(seen, position), earlier, position.level))
    return found


def worries(seen: Seen, proposal_root: str) -> tuple[Worry, ...]:
    """Every worry and condition on a proposal, with its answer. One whose words may not be read is counted."""
    return tuple(_worry(seen, entry) for entry in reservations(seen.state, proposal_root))


def _worry(seen: Seen, entry: Entry) -> Worry:
    state = seen.state
    found = seen.of_id(entry.id)
    readable = found is not None and found.standing == "here"
    answers = answers_to(state, entry.id)
    read = [c for c in dict.fromkeys(state.root(a.id) for a in answers) if seen.of_id(c) is not None]
    contributions = tuple(c for c in (seen.of_id(root) for root in read) if c is not None)
    unread = len({state.root(a.id) for a in answers}) - len(contributions)
    more: dict[str, str] = {}
    for answer in contributions:
        given = answer.entry.data.get("more")
        more.update({str(k): str(v) for k, v in given.items() if v} if isinstance(given, dict) else {})
    data = found.entry.data if readable and found else {}
    about = {state.root(target) for relation, target in entry.header.about if relation in ("talks-about", "answers")}
    return Worry(
        entry.id,
        found if readable else None,
        "" if readable else gap_of(seen, entry.id) or "hidden",
        str(data.get("sort") or "worry"),
        contributions,
        unread,
        _enough(state, entry) if readable else "",
        _who(seen, str(more.get("owner") or data.get("owner") or "")),
        str(more.get("review") or data.get("review") or ""),
        any(state.root(answer.id) in about for answer in answers),
    )


def _who(seen: Seen, said: str) -> str:
    """Somebody as they may be named to this viewer; where words were written instead of choosing one, these."""
    if said not in seen.state.by_person:
        return said
    if not isinstance(seen, Outside):
        return seen.name(said)
    outside = person(seen.state, said)
    return outside.name or ", ".join(outside.perspectives)


def _enough(state: State, entry: Entry) -> str:
    checks = [
        state.entries[c]
        for version in state.versions_from(entry.id)
        for c in state.about(version, "checks")
        if state.entries[c].header.by == entry.header.by and stands(state, c)
    ]
    last = state.sorted(checks)[-1:] if checks else []
    return str(state.current(state.root(last[0].id))[-1].data.get("result", "")) if last else ""


def rests_on_unwritten(c: Contribution) -> bool:
    return bool(c.entry.data.get("unwritten"))


def actions(seen: Seen, ending_root: str) -> list[Contribution]:
    """What happens next, written under an ending."""
    found = (seen.of_id(edge.source) for edge in into(seen.state, ending_root, "builds-on"))
    return [c for c in found if c is not None and c.kind == "action" and c.standing == "here"]


def responses(seen: Seen, root: str) -> list[Contribution]:
    """What those who decide answered."""
    found = (seen.of_id(edge.source) for edge in into(seen.state, root, "answers"))
    return [c for c in found if c is not None and c.kind == "response" and c.standing == "here"]


def rests(seen: Seen, root: str) -> list[str]:
    """First versions of what a contribution states that it rests on."""
    return [edge.target for edge in edges(seen.state, root, "rests-on", "documents", "interprets", "builds-on")]
