"""Agreeing: the words people answer with, the rule that was fixed first, everyone's answer, and what the rule says.

A proposal's rule and level set stand in the version that is answered, so neither can change under an answer; a new
wording is a new round. "Not sure" and "abstain" are no points on a scale and are counted apart. Nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cowork.core.entries import Entry, Order
from cowork.core.fold import State
from cowork.core.links import stands

#: Rules a group may fix. Of "own", "advice" and "look" only people can say what came of it.
RULES = ("answered", "consent", "talk", "count", "look", "advice", "own")

#: Off every scale of ours: counted apart, never averaged in.
APART = ("unsure", "abstain")

ENDINGS = ("agreed", "difference", "open-question")


@dataclass(frozen=True)
class Level:
    """One answer. `key` names its words in the catalogue; a workshop's own set brings `label` instead."""

    code: str
    key: str = ""
    label: str = ""
    blocks: bool = False


@dataclass(frozen=True)
class LevelSet:
    """Versioned data: an old answer keeps the words it was given with."""

    id: str
    version: int
    levels: tuple[Level, ...]
    apart: tuple[Level, ...]

    def codes(self) -> set[str]:
        return {level.code for level in (*self.levels, *self.apart)}

    def level(self, code: str) -> Level | None:
        return next((one for one in (*self.levels, *self.apart) if one.code == code), None)


_OFF = (Level("unsure", "position.unsure"), Level("abstain", "position.abstain"))

LEVELS: dict[str, LevelSet] = {
    "five": LevelSet(
        "five",
        1,
        (
            Level("want", "position.1"),
            Level("fine", "position.2"),
            Level("along", "position.3"),
            Level("worry", "position.4"),
            Level("cannot", "position.5", blocks=True),
        ),
        _OFF,
    ),
    "consent": LevelSet(
        "consent",
        1,
        (
            Level("none", "levels.consent.1"),
            Level("worry", "levels.consent.2"),
            Level("objection", "levels.consent.3", blocks=True),
        ),
        _OFF,
    ),
}


def level_set(state: State, version: Entry) -> LevelSet:
    """The words a version of a proposal is answered with; the workshop's own sets go before ours."""
    own: dict[str, LevelSet] = {}
    chosen = ""
    for setting in state.of_kind("setting"):
        for given in setting.data.get("level_sets") or ():
            made = _own_set(given)
            if made is not None:
                own[made.id] = made
        chosen = str(setting.data.get("level_set") or chosen)
    wanted = str(version.data.get("levels") or chosen)
    found = own.get(wanted) or LEVELS.get(wanted)
    return found or next(iter(own.values()), LEVELS["five"])


def _own_set(given: object) -> LevelSet | None:
    """A set of a workshop's own as data: its last level is the one that blocks, unless it says otherwise."""
    if not isinstance(given, Mapping) or not given.get("levels"):
        return None
    try:
        rows = [(str(row["code"]), str(row["label"]), row.get("blocks")) for row in given["levels"]]
        apart = tuple(Level(str(row["code"]), label=str(row["label"])) for row in given.get("apart") or ())
        version = int(given.get("version", 1))
    except (KeyError, TypeError, ValueError):
        return None
    last = len(rows) - 1
    levels = tuple(
        Level(code, label=label, blocks=place == last if blocks is None else bool(blocks))
        for place, (code, label, blocks) in enumerate(rows)
    )
    return LevelSet(str(given.get("id", "")), version, levels, apart)


def rule(version: Entry) -> dict[str, Any]:
    """The rule of a version: {code, n, name, text}; empty where none was fixed."""
    found = version.data.get("rule")
    return dict(found) if isinstance(found, dict) and found.get("code") in RULES else {}


def round_of(state: State, version: Entry) -> int:
    """Which round a version of a proposal is, from 1."""
    stated = version.data.get("round")
    if type(stated) is int and stated > 0:
        return stated
    before = [state.entries[t] for t in version.targets("replaces") if t in state.entries]
    return 1 + max((round_of(state, entry) for entry in before), default=0)


# ---- answers


@dataclass(frozen=True)
class Position:
    """One person's answer to one version, as it stood at the moment asked for. `left`: has stopped taking part."""

    person: str
    entry: Entry
    root: str
    level: str
    left: bool
    earlier: tuple[Entry, ...] = ()


def positions(state: State, version: str, before: Order | None = None) -> list[Position]:
    """Everyone's last answer to a version, in the order they were given; as of `before` where that is said.

    Whether anybody may see them is not asked here: a page asks `shown` first.
    """
    found: dict[str, Position] = {}
    for root in dict.fromkeys(state.root(entry_id) for entry_id in state.about(version, "answers")):
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
    answer = state.consent_entry(person, "part")
    if answer is None or answer.data.get("answer") == "yes":
        return False
    return before is None or answer.header.order < before


def revealed(state: State, version: str) -> bool:
    """True once a facilitator has shown the answers to this version together."""
    return any(stands(state, setting) for setting in state.about(version, "reveals"))


def sees_position(state: State, entry: Entry) -> bool:
    """True where an answer has been shown to the group: by its version, or with all that was written alone then."""
    _, last = state.reveals("agreement")
    if last is not None and entry.header.order < last:
        return True
    for here in state.lineage(entry):
        answered = here.targets("answers")
        if answered:
            return any(revealed(state, version) for version in answered)
    return False


def shown(state: State, version: str) -> bool:
    """True where the answers to a version stand open: nothing of them, no count either, is told before."""
    given = positions(state, version)
    return revealed(state, version) or (bool(given) and all(sees_position(state, p.entry) for p in given))


# ---- worries and conditions


def reservations(state: State, proposal: str) -> list[Entry]:
    """Worries and conditions on any version of a proposal that stand, oldest first: they go where it goes."""
    found: dict[str, Entry] = {}
    for version in state.versions_from(proposal):
        for relation in ("talks-about", "answers"):
            for entry_id in state.about(version, relation):
                root = state.root(entry_id)
                entry = state.entries.get(root)
                taken = bool(state.withdrawals(root)) or state.is_erased(root)
                if entry is not None and entry.kind == "reservation" and not taken:
                    found[root] = entry
    return state.sorted(found.values())


def answers_to(state: State, reservation: str, before: Order | None = None) -> list[Entry]:
    """What was written in answer to a worry and still stands, oldest first."""
    found = {
        entry_id: state.entries[entry_id]
        for version in state.versions_from(reservation)
        for entry_id in state.about(version, "answers-reservation")
        if stands(state, entry_id)
    }
    return [e for e in state.sorted(found.values()) if before is None or e.header.order < before]


# ---- what the rule says, and how it ended


@dataclass(frozen=True)
class Verdict:
    """`met` is None where only people can say. `blocks`, `open_worries` and `along` say why."""

    code: str
    met: bool | None
    answered: int
    blocks: int
    open_worries: int
    along: int


def verdict(state: State, version: Entry, before: Order | None = None) -> Verdict:
    """What the fixed rule says of the answers of that moment. Silence is no answer and counts for nothing."""
    said = rule(version)
    levels = level_set(state, version)
    counted = [p for p in positions(state, version.id, before) if not p.left]
    given = [levels.level(p.level) for p in counted]
    blocks = sum(level is not None and level.blocks for level in given)
    along = sum(level in levels.levels and not level.blocks for level in given if level is not None)
    if len(levels.levels) > 3:  # "a worry that needs an answer first" goes along with nothing yet
        along -= sum(level == levels.levels[-2] for level in given)
    worries = reservations(state, state.root(version.id))
    if before is not None:
        worries = [worry for worry in worries if worry.header.order < before]
    unanswered = sum(not answers_to(state, worry.id, before) for worry in worries)
    code = str(said.get("code", ""))
    met: bool | None = None
    if code == "answered":
        met = bool(counted) and not blocks and not unanswered
    elif code == "consent":
        met = bool(counted) and not blocks
    elif code == "talk":
        met = not worries and not blocks
    elif code == "count":
        needed = said.get("n")
        met = isinstance(needed, int) and needed > 0 and along >= needed
    elif code == "look" or not code:
        met = False
    return Verdict(code, met, len(counted), blocks, unanswered, along)


def ending(state: State, proposal: str) -> Entry | None:
    """The outcome that closes the present wording of a proposal and was not opened again, or None."""
    tips = {entry.id for entry in state.current(proposal)}
    found = [
        state.entries[entry_id]
        for version in tips
        for entry_id in state.about(version, "closes")
        if is_ending(state, entry_id)
    ]
    return state.sorted(found)[-1] if found else None


def is_ending(state: State, entry_id: str) -> bool:
    """True for an outcome that stands: written as an ending, not taken back, not opened again."""
    root = state.root(entry_id)
    entry = state.entries.get(root)
    if entry is None or entry.kind != "outcome" or entry.data.get("outcome") not in ENDINGS:
        return entry is not None and entry.kind == "outcome" and entry.body is None and not state.is_erased(root)
    if not stands(state, root):
        return False
    again = (o for version in state.versions_from(root) for o in state.about(version, "reopens"))
    return not any(stands(state, entry_id) for entry_id in again)


def closed_version(state: State, outcome: Entry) -> Entry | None:
    """The version of the proposal that an outcome closed, or None where it closed none."""
    closes = outcome.targets("closes")
    return state.entries.get(closes[0]) if closes else None
