"""Agreement as people read it: dots, counts and words, each worry inside, and never an average.

An `Outcome` always carries its worries: whoever shows one cannot forget them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cowork.core.access.disclosure import DisclosedView, participant_signature
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.entries import Entry, Order, body_text
from cowork.core.fold import State
from cowork.core.level_sets import Level, LevelSet, level_set
from cowork.core.proposals import (
    Position,
    Verdict,
    answers_to_reservation,
    are_positions_revealed,
    decided_version,
    is_outcome,
    named_worries,
    outcome_of,
    owner_answer,
    participants_at,
    positions,
    reservations,
    round_number,
    rule_of,
    verdict,
    withdrawn_since,
    worry_text,
)
from cowork.core.provenance import Change, active_references, changed_provenance, incoming
from cowork.core.quotes import gap_in, readable_entry


@dataclass(frozen=True)
class Worry:
    """A worry or condition as a viewer may read it: a reservation, or named by a position (`named`). `gap` says why its
    words are not shown; it is counted all the same. `wordless` is True where none were written.

    `answers` are the answers that may be read, `unread` how many there are beside them; `enough` is what its owner
    said of them: "yes", "partly", "no" or "", which is printed as not said. `reworded` is True where one answer is a
    new wording of the proposal. The words of an answer stand without a name, as all answers do.
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
    named: bool = False
    wordless: bool = False

    @property
    def is_met(self) -> bool:
        """True where the proposal was reworded for it, and its owner has not said that this is too little."""
        return self.reworded and self.enough not in ("no", "partly")

    @property
    def is_answered(self) -> bool:
        return bool(self.answers) or self.unread > 0


@dataclass(frozen=True)
class LevelCount:
    """One level and the positions that chose it, in the order they were given."""

    level: Level
    positions: tuple[Position, ...]

    @property
    def n(self) -> int:
        return len(self.positions)


@dataclass(frozen=True)
class PositionChange:
    """A position that changed between two rounds, or within one: from which level to which."""

    position: Position
    before: str
    after: str


@dataclass(frozen=True)
class Round:
    """One version of a proposal with the answers to it. Before the answers are shown together there is no count of any
    answer, and no row has one: `given`, how many have answered at all, is the one number that may be told then.

    A round that is over (a new wording, or an ending) has the numbers of that moment: who comes later was not asked.
    `taken` counts answers of that moment that were taken back or erased since.
    """

    version: Entry
    number: int
    rule: dict[str, object]
    levels: LevelSet
    is_revealed: bool
    rows: tuple[LevelCount, ...]
    beside_scale: tuple[LevelCount, ...]
    left_count: int
    asked: int
    verdict: Verdict | None
    changes: tuple[PositionChange, ...]
    given: int = 0
    withdrawn: int = 0

    @property
    def answered(self) -> int:
        return sum(row.n for row in (*self.rows, *self.beside_scale))

    @property
    def silent(self) -> int:
        """How many of those asked have not answered. Nothing is assumed about them."""
        return max(0, self.asked - (self.answered if self.is_revealed else self.given) - self.withdrawn)


@dataclass(frozen=True)
class Proposal:
    contribution: Contribution
    rounds: tuple[Round, ...]
    worries: tuple[Worry, ...]
    outcome: Outcome | None

    @property
    def last(self) -> Round:
        return self.rounds[-1]


@dataclass(frozen=True)
class Outcome:
    """An agreement, a kept difference or an open question, with everything that belongs inside it.

    `result` is agreed, difference or open-question. `closed` is the proposal it closed, where the viewer may see it.
    `renewed` are the reviews that kept it, `changed` is what changed under it since the last one. `actions` are what
    happens next, `responses` what those who decide answered to it, and `other_responses` to its proposal and actions.
    """

    contribution: Contribution
    result: str
    proposal: str
    closed: Contribution | None
    round: Round | None
    worries: tuple[Worry, ...]
    renewed: tuple[Entry, ...]
    changed: tuple[Change, ...]
    actions: tuple[Contribution, ...]
    responses: tuple[Contribution, ...]
    other_responses: tuple[Contribution, ...]

    @property
    def carried_worries(self) -> tuple[Worry, ...]:
        """The worries that the outcome carries wherever it is shown, without those that a rewording met."""
        return tuple(worry for worry in self.worries if not worry.is_met)

    @property
    def is_unilateral(self) -> bool:
        """True for a difference or a question that one person kept without a proposal: nobody else was asked, so it is
        shown in that person's name and not in the group's."""
        return closes_no_proposal(self.contribution.first_version)

    @property
    def rests_on_unwritten(self) -> bool:
        return bool(self.contribution.entry.data.get("unwritten"))


def closes_no_proposal(outcome: Entry) -> bool:
    """True for an outcome that closes no proposal."""
    return outcome.data.get("outcome") != "agreed" and not outcome.targets("closes")


def proposal(view: ParticipantView, root: str) -> Proposal | None:
    """A proposal with its rounds and worries, as this viewer may see it."""
    found = view.of_id(root)
    if found is None or found.kind != "proposal":
        return None
    history = [*found.earlier, *found.versions]
    closed = outcome_of(view.state, found.id)
    rounds: list[Round] = []
    for version in history:
        over = _answering_ended(view.state, version, closed)
        rounds.append(_round(view, version, rounds[-1] if rounds else None, over))
    return Proposal(found, tuple(rounds), worries(view, found.id), _outcome(view, closed.id) if closed else None)


def _answering_ended(state: State, version: Entry, closed: Entry | None) -> Order | None:
    """When answering a version ended: at the next wording, or at the outcome that closes it."""
    ends = [state.entries[entry_id].header.order for entry_id in state.references_to(version.id, "replaces")]
    if closed is not None and version.id in closed.targets("closes"):
        ends.append(closed.header.order)
    return min(ends, default=None)


def proposals(view: ParticipantView) -> list[Proposal]:
    """Every proposal, newest first."""
    found = [proposal(view, contribution.id) for contribution in view.active_of_kind("proposal")]
    return [position for position in reversed(found) if position is not None]


def outcomes(view: ParticipantView) -> list[Outcome]:
    """Every active outcome, oldest first."""
    found = [_outcome(view, contribution.id) for contribution in view.active_of_kind("outcome")]
    return [entry for entry in found if entry is not None]


def _outcome(view: ParticipantView, root: str) -> Outcome | None:
    found = view.of_id(root)
    if found is None or not is_outcome(view.state, root):
        return None
    version = decided_version(view.state, found.first_version)
    closes = view.state.root(version.id) if version else ""
    order = found.first_version.header.order
    named = worries(view, closes, before=order) if closes else ()
    inside = {worry.root: worry for worry in (*named, *worries(view, found.id))}
    actions = _active_sources(view, root, "builds-on", "action")
    return Outcome(
        found,
        str(found.entry.data.get("outcome", found.first_version.data.get("outcome", ""))),
        closes,
        view.of_id(closes) if closes else None,
        _round(view, version, None, before=order) if version else None,
        tuple(inside.values()),
        tuple(view.state.sorted(active_references(view.state, root, "renews"))),
        changed_provenance(view.state, root),
        actions,
        _responses_to(view, root),
        tuple(
            response
            for target in (*([closes] if closes else []), *(action.id for action in actions))
            for response in _responses_to(view, target)
        ),
    )


def _round(view: ParticipantView, version: Entry, previous_round: Round | None, before: Order | None = None) -> Round:
    state = view.state
    revealed = are_positions_revealed(state, version.id)
    all_positions = positions(state, version.id, before)
    answers = all_positions if revealed else []
    levels = level_set(state, version)
    active = [position for position in answers if not position.has_left]

    def row(level: Level) -> LevelCount:
        return LevelCount(
            level, tuple(_readable_position(view, position) for position in active if position.level == level.code)
        )

    return Round(
        version,
        round_number(state, version),
        rule_of(version),
        levels,
        revealed,
        tuple(row(level) for level in levels.levels),
        tuple(row(level) for level in levels.beside_scale),
        len(answers) - len(active),
        _asked_count(state, version, [position for position in all_positions if not position.has_left], before),
        verdict(state, version, before) if revealed or not rule_of(version) else None,
        tuple(_position_changes(view, active, previous_round)),
        0
        if isinstance(view, DisclosedView) or not view.viewer
        else sum(not position.has_left for position in all_positions),
        withdrawn_since(state, version.id, before) if revealed and before is not None else 0,
    )


def _asked_count(state: State, version: Entry, active: list[Position], before: Order | None) -> int:
    """How many people were asked: those that a version names, or everyone who took part."""
    part = set(participants_at(state, before))
    named = version.data.get("answering")
    if not isinstance(named, list):
        return len(part)
    return len(
        {str(position) for position in named if str(position) in part} | {position.person for position in active}
    )


def _readable_position(view: ParticipantView, position: Position) -> Position:
    """A position without the words that the viewer may not read; it counts all the same."""
    earlier = tuple(readable_entry(view, entry) for entry in position.earlier)
    return replace(position, entry=readable_entry(view, position.entry), earlier=earlier)


def _position_changes(
    view: ParticipantView, active: list[Position], previous_round: Round | None
) -> list[PositionChange]:
    """The positions that differ from the same person's in the round before, or earlier in this one."""
    last: dict[str, str] = {}
    if previous_round is not None and previous_round.is_revealed:
        last = {
            position.person: position.level
            for row in (*previous_round.rows, *previous_round.beside_scale)
            for position in row.positions
        }
    found = []
    for position in active:
        earlier = str(position.earlier[-1].data.get("level", "")) if position.earlier else last.get(position.person, "")
        if earlier and earlier != position.level:
            found.append(PositionChange(_readable_position(view, position), earlier, position.level))
    return found


def worries(view: ParticipantView, proposal_root: str, before: Order | None = None) -> tuple[Worry, ...]:
    """Every worry and condition on a proposal, with its answer. One whose words may not be read is counted too.

    `before` is the moment of an outcome: a position that names a worry counts as of then. A later reservation is
    included.
    """
    written = [(entry, None) for entry in reservations(view.state, proposal_root)]
    named = [(position.entry, position) for position in named_worries(view.state, proposal_root, before)]
    found = sorted([*written, *named], key=lambda pair: pair[0].header.order)
    return tuple(_worry(view, entry, position) for entry, position in found)


def _worry(view: ParticipantView, entry: Entry, position: Position | None = None) -> Worry:
    state = view.state
    root = state.root(entry.id)
    found = view.of_id(root)
    readable = found is not None and found.is_active
    if position is not None and readable and found is not None:
        readable = not gap_in(view, entry.id)
        found = _position_as_worry(found, entry)
    answers = answers_to_reservation(state, root)
    answer_roots = dict.fromkeys(state.root(answer.id) for answer in answers)
    contributions = tuple(one for one in map(view.of_id, answer_roots) if one is not None)
    unread = len(answer_roots) - len(contributions)
    fields: dict[str, str] = {}
    for answer in contributions:
        more_fields = answer.entry.data.get("more")
        fields.update(
            {str(key): str(version) for key, version in more_fields.items() if version}
            if isinstance(more_fields, dict)
            else {}
        )
    body = found.entry.data if readable and found else {}
    about = {state.root(target) for relation, target in entry.header.about if relation in ("talks-about", "answers")}
    return Worry(
        root,
        found if readable else None,
        "" if readable else gap_in(view, root) or gap_in(view, entry.id) or "hidden",
        str(body.get("sort") or "worry"),
        contributions,
        unread,
        owner_answer(state, root) if readable else "",
        _display_name(view, str(fields.get("owner") or body.get("owner") or "")),
        str(fields.get("review") or body.get("review") or ""),
        any(state.root(answer.id) in about for answer in answers),
        position is not None,
        readable and found is not None and not found.text,
    )


def _position_as_worry(found: Contribution, entry: Entry) -> Contribution:
    """A position as the worry that it names: the text of the worry alone, without a name."""
    kept_views = {key: entry.data[key] for key in ("lang", "fidelity", "read_back", "written_by") if key in entry.data}
    body = {**kept_views, "text": worry_text(entry), "sort": "worry", "shown": "none"}
    return replace(found, versions=(replace(entry, body=body_text(body)),), earlier=())


def _display_name(view: ParticipantView, answers: str) -> str:
    """A person's name as this viewer may see it; typed text where nobody was chosen."""
    if answers not in view.state.by_person:
        return answers
    if not isinstance(view, DisclosedView):
        return view.name_of(answers)
    outside = participant_signature(view.state, answers)
    return outside.name or ", ".join(outside.perspectives)


def _responses_to(view: ParticipantView, root: str) -> tuple[Contribution, ...]:
    """The responses of those who decide."""
    return _active_sources(view, root, "answers", "response")


def _active_sources(view: ParticipantView, root: str, relation: str, kind: str) -> tuple[Contribution, ...]:
    """The active contributions of one kind that point to this one."""
    found = (view.of_id(edge.source) for edge in incoming(view.state, root, relation))
    return tuple(one for one in found if one is not None and one.kind == kind and one.is_active)
