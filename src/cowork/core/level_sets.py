"""Level sets: the answers to a proposal, as versioned data. Some levels name a worry, and some block.

"Not sure" and "abstain" are no points on the scale and are counted beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cowork.core.entries import Entry
from cowork.core.fold import State


@dataclass(frozen=True)
class Level:
    """One possible answer. `key` names its text in the catalogue; a workshop's own set has a `label` instead.

    A level with `worry`, or one that blocks, names a worry: the page asks for its words, the rule counts it and the
    agreement prints it, exactly like a reservation.
    """

    code: str
    key: str = ""
    label: str = ""
    blocks: bool = False
    worry: bool = False

    @property
    def names_worry(self) -> bool:
        return self.worry or self.blocks


@dataclass(frozen=True)
class LevelSet:
    """A versioned set of levels: an old answer keeps the labels it was given with."""

    id: str
    version: int
    levels: tuple[Level, ...]
    beside_scale: tuple[Level, ...]

    def codes(self) -> set[str]:
        return {level.code for level in (*self.levels, *self.beside_scale)}

    def level(self, code: str) -> Level | None:
        return next((one for one in (*self.levels, *self.beside_scale) if one.code == code), None)


_BESIDE_THE_SCALE = (Level("unsure", "position.unsure"), Level("abstain", "position.abstain"))

LEVELS: dict[str, LevelSet] = {
    "five": LevelSet(
        "five",
        1,
        (
            Level("want", "position.1"),
            Level("fine", "position.2"),
            Level("along", "position.3"),
            Level("worry", "position.4", worry=True),
            Level("cannot", "position.5", blocks=True),
        ),
        _BESIDE_THE_SCALE,
    ),
    "consent": LevelSet(
        "consent",
        1,
        (
            Level("none", "levels.consent.1"),
            Level("worry", "levels.consent.2", worry=True),
            Level("objection", "levels.consent.3", blocks=True),
        ),
        _BESIDE_THE_SCALE,
    ),
}


def level_set(state: State, version: Entry) -> LevelSet:
    """The level set of a version of a proposal; the workshop's own sets take precedence."""
    workshop_sets: dict[str, LevelSet] = {}
    chosen = ""
    for setting in state.of_kind("setting"):
        for data in setting.data.get("level_sets") or ():
            level_set_of_workshop = _workshop_level_set(data)
            if level_set_of_workshop is not None:
                workshop_sets[level_set_of_workshop.id] = level_set_of_workshop
        chosen = str(setting.data.get("level_set") or chosen)
    wanted_id = str(version.data.get("levels") or chosen)
    found = workshop_sets.get(wanted_id) or LEVELS.get(wanted_id)
    return found or next(iter(workshop_sets.values()), LEVELS["five"])


def _workshop_level_set(data: object) -> LevelSet | None:
    """The level set in a workshop's setting: its last level blocks unless stated otherwise; levels name a worry only
    where stated."""
    if not isinstance(data, Mapping) or not data.get("levels"):
        return None
    try:
        rows = [
            (str(row["code"]), str(row["label"]), row.get("blocks"), bool(row.get("worry"))) for row in data["levels"]
        ]
        beside_scale = tuple(Level(str(row["code"]), label=str(row["label"])) for row in data.get("apart") or ())
        version = int(data.get("version", 1))
    except (KeyError, TypeError, ValueError):
        return None
    last = len(rows) - 1
    levels = tuple(
        Level(code, label=label, blocks=place == last if blocks is None else bool(blocks), worry=worry)
        for place, (code, label, blocks, worry) in enumerate(rows)
    )
    return LevelSet(str(data.get("id", "")), version, levels, beside_scale)
