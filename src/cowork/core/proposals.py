"""Proposals: the rule that was fixed first, everyone's position, every worry, and the verdict of the rule.

The version that is answered holds the rule and the level set (`levels`), so neither can change under an answer; a new
wording is a new round. Nothing is averaged. `before` asks for the state at a moment: only entries before it in the
order of entries count, whatever the order of their arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cowork.core.entries import Entry, Order
from cowork.core.fold import State
from cowork.core.level_sets import level_set
from cowork.core.provenance import active_references, is_active

#: Rules that a group may fix. The result of "own", "advice" and "look" only people can tell.
RULES = ("answered", "consent", "talk", "count", "look", "advice", "own")

#: Outcome -> its word in catalogue keys and in uses.
OUTCOME_KEYS = {"agreed": "agreed", "difference": "differ", "open-question": "open"}
#: A tuple, since a record may hold any value as an outcome: a list is unhashable, so `in` a dict would raise.
OUTCOME_KINDS = tuple(OUTCOME_KEYS)


def rule_of(version: Entry) -> dict[str, Any]:
    """The rule of a version: {code, n, name, text}; empty where none was fixed."""
    found = version.data.get("rule")
    return dict(found) if isinstance(found, dict) and found.get("code") in RULES else {}


def round_number(state: State, version: Entry) -> int:
    """Which round a version of a proposal is, from 1."""
    stated = version.data.get("round")
    if type(stated) is int and stated > 0:
        return stated
    before = [state.entries[target] for target in version.targets("replaces") if target in state.entries]
    return 1 + max((round_number(state, entry) for entry in before), default=0)


# ---- answers


@dataclass(frozen=True)
class Position:
    """One person's answer to one version, at a moment. `has_left`: they have stopped taking part."""

    person: str
    entry: Entry
    root: str
    level: str
    has_left: bool
    earlier: tuple[Entry, ...] = ()


def positions(state: State, version: str, before: Order | None = None) -> list[Position]:
    """Everyone's last answer to a version, in the order they were given; as of `before` where given.

    This does not check whether anybody may see them: ask `are_positions_revealed` first.
    """
    found: dict[str, Position] = {}
    for root in dict.fromkeys(state.root(entry_id) for entry_id in state.references_to(version, "answers")):
        first = state.entries.get(root)
        if first is None or first.kind != "position" or state.is_erased(root) or state.withdrawals(root):
            continue
        history = [version for version in state.history(root) if before is None or version.header.order < before]
        history = [v for v in history if version in v.targets("answers") or not v.targets("answers")]
        if not history or history[-1].body is None:
            continue
        person, last = first.header.by, history[-1]
        known = found.get(person)
        if known is None or known.entry.header.order < last.header.order:
            level = str(last.data.get("level", ""))
            found[person] = Position(person, last, root, level, _has_left(state, person, before), tuple(history[:-1]))
    return sorted(found.values(), key=lambda position: position.entry.header.order)


def _has_left(state: State, person: str, before: Order | None) -> bool:
    answer = consent_at(state, person, before)
    return answer is not None and answer.data.get("answer") != "yes"


def consent_at(state: State, person: str, before: Order | None = None) -> Entry | None:
    """A person's consent to taking part at a moment, or None where they had given none."""
    if before is None:
        return state.consent_entry(person, "part")
    answers = [entry for entry in state.of_person(person, "consent") if entry.data.get("question") == "part"]
    answers = [entry for entry in answers if entry.header.order < before]
    replaced = {target for entry in answers for target in entry.targets("replaces")}
    remaining = [entry for entry in answers if entry.id not in replaced]
    return remaining[-1] if remaining else None


def participants_at(state: State, before: Order | None = None) -> list[str]:
    """The participants at a moment: those who had joined, had consented, and had not stopped."""
    found = [(person, consent_at(state, person, before)) for person in state.participants()]
    return [person for person, answer in found if answer is not None and answer.data.get("answer") == "yes"]


def withdrawn_since(state: State, version: str, before: Order) -> int:
    """How many people had answered at a moment and have withdrawn or erased their answer since."""
    withdrawn = set()
    for root in {state.root(entry_id) for entry_id in state.references_to(version, "answers")}:
        first = state.entries.get(root)
        if first is None or first.kind != "position" or not first.header.order < before:
            continue
        acts = [act.header.order for act in state.withdrawals(root)]
        acts += [erasure.header.order for erasure in state.facts(root).referring("erases")]
        if acts and min(acts) > before:
            withdrawn.add(first.header.by)
    return len(withdrawn - {position.person for position in positions(state, version, before)})


def is_revealed(state: State, version: str) -> bool:
    """True once a facilitator has revealed the answers to this version."""
    return any(is_active(state, setting) for setting in state.references_to(version, "reveals"))


def is_position_revealed(state: State, entry: Entry) -> bool:
    """True where an answer was revealed to the group: by its version, or with everything written alone."""
    for ancestor in state.lineage(entry):
        answered = ancestor.targets("answers")
        if answered:
            if any(is_revealed(state, version) for version in answered):
                return True
            break
    _, last = state.reveal_status("agreement")  # reads every setting: only where the version does not decide
    return last is not None and entry.header.order < last


def are_positions_revealed(state: State, version: str) -> bool:
    """True once the answers to a version are public. Before that nothing of them is disclosed, no count either."""
    answers = positions(state, version)
    return is_revealed(state, version) or (
        bool(answers) and all(is_position_revealed(state, person.entry) for person in answers)
    )


# ---- worries and conditions


def reservations(state: State, proposal: str) -> list[Entry]:
    """The active reservations (worries and conditions) on any version of a proposal, oldest first."""
    roots = {state.root(entry.id) for entry in state.facts(proposal).referring("talks-about", "answers")}
    found = [facts.first for facts in map(state.facts, roots) if not (facts.withdrawals or facts.is_erased)]
    return state.sorted(entry for entry in found if entry is not None and entry.kind == "reservation")


def named_worries(state: State, proposal: str, before: Order | None = None) -> list[Position]:
    """The positions that name a worry, oldest first: each is a worry of its own, with words or without.

    A person's last answer to any wording counts, and only where the answers to it are revealed. An answer without words
    is left out where the same person has a reservation of which they have not said that it is answered.
    """
    found: dict[str, tuple[Position, bool]] = {}
    for version in state.history(state.root(proposal)):
        if not are_positions_revealed(state, version.id):
            continue
        levels = level_set(state, version)
        for position in positions(state, version.id, before):
            level = levels.level(position.level)
            names = level is not None and level.names_worry and not position.has_left
            known = found.get(position.person)
            if known is None or known[0].entry.header.order < position.entry.header.order:
                found[position.person] = (position, names)
    written = reservations(state, proposal)
    named = [
        position for position, names in found.values() if names and not _has_own_reservation(state, position, written)
    ]
    return sorted(named, key=lambda position: position.entry.header.order)


def worry_text(entry: Entry) -> str:
    """The text of the worry that a position names; "" where it was not written."""
    more = entry.data.get("more")
    return str(more.get("worry") or "") if isinstance(more, dict) else ""


def _has_own_reservation(state: State, position: Position, written: list[Entry]) -> bool:
    if worry_text(position.entry):
        return False
    mine = [worry for worry in written if worry.header.by == position.person]
    return any(owner_answer(state, worry.id, position.entry.header.order) != "yes" for worry in mine)


def worries(state: State, proposal: str, before: Order | None = None) -> list[Entry]:
    """Every worry and condition on a proposal at a moment, oldest first, by its first version: a reservation, or a
    position that names a worry."""
    written = [entry for entry in reservations(state, proposal) if before is None or entry.header.order < before]
    named = [state.entries[position.root] for position in named_worries(state, proposal, before)]
    return state.sorted([*written, *named])


def answers_to_reservation(state: State, worry: str, before: Order | None = None) -> list[Entry]:
    """The active answers to a reservation, oldest first."""
    found = active_references(state, worry, "answers-reservation")
    return [entry for entry in state.sorted(found) if before is None or entry.header.order < before]


def owner_answer(state: State, worry: str, before: Order | None = None) -> str:
    """Whether the answer to a worry is enough for its owner: "yes", "partly", "no", or "" where they have not said.

    Their check counts for the wording of that moment: a new wording asks again. So does a new answer where they said
    that there was too little. A yes to answers that were all withdrawn counts for nothing.
    """
    first = state.entries[worry]
    checks = [
        check
        for entry in active_references(state, worry, "checks")
        for check in state.history(state.root(entry.id))
        if check.header.by == first.header.by and (before is None or check.header.order < before)
    ]
    if not checks:
        return ""
    last = state.sorted(checks)[-1]
    result, order = str(last.data.get("result", "")), last.header.order
    wording_orders = [
        entry.header.order for entry in state.history(worry) if before is None or entry.header.order < before
    ]
    answers = answers_to_reservation(state, worry, before)
    if wording_orders and max(wording_orders) > order:
        return ""
    if result != "yes":
        return "" if any(answer.header.order > order for answer in answers) else result
    return "" if state.facts(worry).referring("answers-reservation") and not answers else "yes"


def is_open_worry(state: State, worry: str, before: Order | None = None) -> bool:
    """True for a worry without an answer, and for one whose answer is not enough for its owner."""
    checks = owner_answer(state, worry, before)
    return checks in ("no", "partly") or (not checks and not answers_to_reservation(state, worry, before))


# ---- the verdict of the rule, and the outcome


@dataclass(frozen=True)
class Verdict:
    """Whether the rule is met; None where only people can tell. `blocks`, `open_worries` and `in_favour` say why.

    `unconfirmed` counts the answered worries whose owners have not said whether that is enough: an agreement prints it.
    """

    code: str
    met: bool | None
    answered: int
    blocks: int
    open_worries: int
    in_favour: int
    unconfirmed: int = 0


def verdict(state: State, version: Entry, before: Order | None = None) -> Verdict:
    """The verdict of the fixed rule on the positions at a moment. Silence counts for nothing."""
    checks = rule_of(version)
    levels = level_set(state, version)
    counted = [person for person in positions(state, version.id, before) if not person.has_left]
    answers = [levels.level(person.level) for person in counted]
    blocks = sum(level is not None and level.blocks for level in answers)
    along = sum(level in levels.levels and not level.blocks for level in answers if level is not None)
    if len(levels.levels) > 3:  # "a worry that needs an answer first" is not in favour yet
        along -= sum(level == levels.levels[-2] for level in answers)
    named = worries(state, state.root(version.id), before)
    unanswered = sum(is_open_worry(state, worry.id, before) for worry in named)
    waiting = [worry for worry in named if not owner_answer(state, worry.id, before)]
    unsaid = sum(not is_open_worry(state, worry.id, before) for worry in waiting)
    code = str(checks.get("code", ""))
    met: bool | None = None
    if code == "answered":
        met = bool(counted) and not blocks and not unanswered
    elif code == "consent":
        met = bool(counted) and not blocks
    elif code == "talk":
        met = not named and not blocks
    elif code == "count":
        needed = checks.get("n")
        met = isinstance(needed, int) and needed > 0 and along >= needed
    elif code == "look" or not code:
        met = False
    return Verdict(code, met, len(counted), blocks, unanswered, along, unsaid)


def outcome_of(state: State, proposal: str) -> Entry | None:
    """The outcome that closes the present wording of a proposal and was not reopened, or None."""
    current_ids = {entry.id for entry in state.current(proposal)}
    found = [
        state.entries[entry_id]
        for version in current_ids
        for entry_id in state.references_to(version, "closes")
        if is_outcome(state, entry_id)
    ]
    return state.sorted(found)[-1] if found else None


def is_outcome(state: State, entry_id: str) -> bool:
    """True for an active outcome: not withdrawn and not reopened."""
    root = state.root(entry_id)
    entry = state.entries.get(root)
    if entry is None or entry.kind != "outcome" or entry.data.get("outcome") not in OUTCOME_KINDS:
        return entry is not None and entry.kind == "outcome" and entry.body is None and not state.is_erased(root)
    return is_active(state, root) and not active_references(state, root, "reopens")


def decided_version(state: State, outcome: Entry) -> Entry | None:
    """The version of the proposal that an outcome closed, or None where it closed none."""
    closes = outcome.targets("closes")
    return state.entries.get(closes[0]) if closes else None
