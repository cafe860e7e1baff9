"""Agreeing: the rule that was fixed first, everyone's answer, every worry, and what the rule says of them.

A proposal's rule and level set (`levels`) stand in the version that is answered, so neither can change under an answer;
a new wording is a new round. Nothing is averaged. `before` asks how things stood at a moment: of what people answered,
who took part and what was said of a worry, only that counts which was written before it, in whatever order it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cowork.core.entries import Entry, Order
from cowork.core.fold import State
from cowork.core.level_sets import level_set
from cowork.core.provenance import is_active

#: Rules a group may fix. Of "own", "advice" and "look" only people can say what came of it.
RULES = ("answered", "consent", "talk", "count", "look", "advice", "own")

#: Outcome -> the word that keys and fates name it by.
OUTCOME_KEYS = {"agreed": "agreed", "difference": "differ", "open-question": "open"}
#: A tuple, since a record may hold anything as an outcome: a list can be looked for here, and in no dict.
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
    before = [state.entries[t] for t in version.targets("replaces") if t in state.entries]
    return 1 + max((round_number(state, entry) for entry in before), default=0)


# ---- answers


@dataclass(frozen=True)
class Position:
    """One person's answer to one version, as it stood at the moment asked for. `left`: has stopped taking part."""

    person: str
    entry: Entry
    root: str
    level: str
    has_left: bool
    earlier: tuple[Entry, ...] = ()


def positions(state: State, version: str, before: Order | None = None) -> list[Position]:
    """Everyone's last answer to a version, in the order they were given; as of `before` where that is said.

    Whether anybody may see them is not asked here: a page asks `shown` first.
    """
    found: dict[str, Position] = {}
    for root in dict.fromkeys(state.root(entry_id) for entry_id in state.references_to(version, "answers")):
        first = state.entries.get(root)
        if first is None or first.kind != "position" or state.is_erased(root) or state.withdrawals(root):
            continue
        history = [v for v in state.history(root) if before is None or v.header.order < before]
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
    """Somebody's answer to taking part as it stood at a moment, or None where they had given none."""
    if before is None:
        return state.consent_entry(person, "part")
    answers = [e for e in state.of_person(person, "consent") if e.data.get("question") == "part"]
    answers = [e for e in answers if e.header.order < before]
    replaced = {target for entry in answers for target in entry.targets("replaces")}
    remaining = [entry for entry in answers if entry.id not in replaced]
    return remaining[-1] if remaining else None


def participants_at(state: State, before: Order | None = None) -> list[str]:
    """Who took part at a moment: had joined, had said yes, and had not stopped. Who comes later was not there."""
    found = [(person, consent_at(state, person, before)) for person in state.participants()]
    return [person for person, answer in found if answer is not None and answer.data.get("answer") == "yes"]


def withdrawn_since(state: State, version: str, before: Order) -> int:
    """How many people had answered at a moment and have taken their answer back or erased it since."""
    withdrawn = set()
    for root in {state.root(entry_id) for entry_id in state.references_to(version, "answers")}:
        first = state.entries.get(root)
        if first is None or first.kind != "position" or not first.header.order < before:
            continue
        acts = [act.header.order for act in state.withdrawals(root)]
        acts += [state.entries[e].header.order for v in state.versions_from(root) for e in state.references_to(v, "erases")]
        if acts and min(acts) > before:
            withdrawn.add(first.header.by)
    return len(withdrawn - {position.person for position in positions(state, version, before)})


def is_revealed(state: State, version: str) -> bool:
    """True once a facilitator has shown the answers to this version together."""
    return any(is_active(state, setting) for setting in state.references_to(version, "reveals"))


def is_position_revealed(state: State, entry: Entry) -> bool:
    """True where an answer has been shown to the group: by its version, or with all that was written alone then."""
    for ancestor in state.lineage(entry):
        answered = ancestor.targets("answers")
        if answered:
            if any(is_revealed(state, version) for version in answered):
                return True
            break
    _, last = state.reveal_status("agreement")  # goes through every setting: asked only where the version does not say
    return last is not None and entry.header.order < last


def are_positions_revealed(state: State, version: str) -> bool:
    """True where the answers to a version stand open: nothing of them, no count either, is told before."""
    answers = positions(state, version)
    return is_revealed(state, version) or (bool(answers) and all(is_position_revealed(state, p.entry) for p in answers))


# ---- worries and conditions


def reservations(state: State, proposal: str) -> list[Entry]:
    """Worries and conditions on any version of a proposal that stand, oldest first: they go where it goes."""
    found: dict[str, Entry] = {}
    for version in state.versions_from(proposal):
        for relation in ("talks-about", "answers"):
            for entry_id in state.references_to(version, relation):
                root = state.root(entry_id)
                entry = state.entries.get(root)
                taken = bool(state.withdrawals(root)) or state.is_erased(root)
                if entry is not None and entry.kind == "reservation" and not taken:
                    found[root] = entry
    return state.sorted(found.values())


def named_worries(state: State, proposal: str, before: Order | None = None) -> list[Position]:
    """Answers that name a worry, oldest first: each is a worry of its own, with words or without.

    Somebody's last answer to any wording counts, and only where the answers to it are shown. An answer without words is
    left out where the same person has written the worry down by itself and has not said that it is answered.
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
    named = [position for position, names in found.values() if names and not _has_own_reservation(state, position, written)]
    return sorted(named, key=lambda position: position.entry.header.order)


def worry_text(entry: Entry) -> str:
    """The words of the worry that an answer names, or "" where they were not written."""
    more = entry.data.get("more")
    return str(more.get("worry") or "") if isinstance(more, dict) else ""


def _has_own_reservation(state: State, position: Position, written: list[Entry]) -> bool:
    if worry_text(position.entry):
        return False
    mine = [worry for worry in written if worry.header.by == position.person]
    return any(owner_answer(state, worry.id, position.entry.header.order) != "yes" for worry in mine)


def worries(state: State, proposal: str, before: Order | None = None) -> list[Entry]:
    """Every worry and condition on a proposal at a moment, oldest first, by its first version: written down by itself,
    or named with an answer."""
    written = [e for e in reservations(state, proposal) if before is None or e.header.order < before]
    named = [state.entries[position.root] for position in named_worries(state, proposal, before)]
    return state.sorted([*written, *named])


def answers_to_reservation(state: State, worry: str, before: Order | None = None) -> list[Entry]:
    """What was written in answer to a worry and still stands, oldest first."""
    found = {
        entry_id: state.entries[entry_id]
        for version in state.versions_from(worry)
        for entry_id in state.references_to(version, "answers-reservation")
        if is_active(state, entry_id)
    }
    return [e for e in state.sorted(found.values()) if before is None or e.header.order < before]


def owner_answer(state: State, worry: str, before: Order | None = None) -> str:
    """What the one who has a worry says of its answer: "yes", "partly", "no", or "" where they have not said.

    A word counts for the worry as it stood then: a new wording of it asks again. So does a new answer to whoever said
    that there was too little; and a yes to answers that were all taken back is a yes to nothing.
    """
    first = state.entries[worry]
    checks = [
        check
        for version in state.versions_from(worry)
        for entry_id in state.references_to(version, "checks")
        if is_active(state, entry_id)
        for check in state.history(state.root(entry_id))
        if check.header.by == first.header.by and (before is None or check.header.order < before)
    ]
    if not checks:
        return ""
    last = state.sorted(checks)[-1]
    result, order = str(last.data.get("result", "")), last.header.order
    wording_orders = [e.header.order for e in state.history(worry) if before is None or e.header.order < before]
    answers = answers_to_reservation(state, worry, before)
    if wording_orders and max(wording_orders) > order:
        return ""
    if result != "yes":
        return "" if any(answer.header.order > order for answer in answers) else result
    was_ever_answered = any(state.references_to(version, "answers-reservation") for version in state.versions_from(worry))
    return "" if was_ever_answered and not answers else "yes"


def is_open_worry(state: State, worry: str, before: Order | None = None) -> bool:
    """True for a worry without an answer, and for one whose owner says that its answer is too little."""
    checks = owner_answer(state, worry, before)
    return checks in ("no", "partly") or (not checks and not answers_to_reservation(state, worry, before))


# ---- what the rule says, and how it ended


@dataclass(frozen=True)
class Verdict:
    """`met` is None where only people can say. `blocks`, `open_worries` and `along` say why; `unsaid` counts worries
    that have an answer of which their owners have not said whether it is enough: an agreement prints that."""

    code: str
    met: bool | None
    answered: int
    blocks: int
    open_worries: int
    in_favour: int
    unconfirmed: int = 0


def verdict(state: State, version: Entry, before: Order | None = None) -> Verdict:
    """What the fixed rule says of the answers of that moment. Silence is no answer and counts for nothing."""
    checks = rule_of(version)
    levels = level_set(state, version)
    counted = [p for p in positions(state, version.id, before) if not p.has_left]
    answers = [levels.level(p.level) for p in counted]
    blocks = sum(level is not None and level.blocks for level in answers)
    along = sum(level in levels.levels and not level.blocks for level in answers if level is not None)
    if len(levels.levels) > 3:  # "a worry that needs an answer first" goes along with nothing yet
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
    """The outcome that closes the present wording of a proposal and was not opened again, or None."""
    current_ids = {entry.id for entry in state.current(proposal)}
    found = [
        state.entries[entry_id]
        for version in current_ids
        for entry_id in state.references_to(version, "closes")
        if is_outcome(state, entry_id)
    ]
    return state.sorted(found)[-1] if found else None


def is_outcome(state: State, entry_id: str) -> bool:
    """True for an outcome that stands: written as an ending, not taken back, not opened again."""
    root = state.root(entry_id)
    entry = state.entries.get(root)
    if entry is None or entry.kind != "outcome" or entry.data.get("outcome") not in OUTCOME_KINDS:
        return entry is not None and entry.kind == "outcome" and entry.body is None and not state.is_erased(root)
    if not is_active(state, root):
        return False
    reopenings = (o for version in state.versions_from(root) for o in state.references_to(version, "reopens"))
    return not any(is_active(state, entry_id) for entry_id in reopenings)


def decided_version(state: State, outcome: Entry) -> Entry | None:
    """The version of the proposal that an outcome closed, or None where it closed none."""
    closes = outcome.targets("closes")
    return state.entries.get(closes[0]) if closes else None
