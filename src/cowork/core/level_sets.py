"""Level sets: the words a proposal is answered with, as versioned data. Some of them name a worry, and some block.

"Not sure" and "abstain" are no points on a scale and are counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cowork.core.entries import Entry
from cowork.core.fold import State


@dataclass(frozen=True)
class Level:
    """One answer. `key` names its words in the catalogue; a workshop's own set brings `label` instead.

    Whoever answers with a level that has `worry`, or that blocks, has a worry: it is asked for, counted by the rule and
    printed inside the agreement, just like one that was written down by itself.
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
    """Versioned data: an old answer keeps the words it was given with."""

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
    """The words a version of a proposal is answered with; the workshop's own sets go before ours."""
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
    """A set of a workshop's own as data: its last level is the one that blocks, unless it says otherwise, and levels
    name a worry where they say so."""
    if not isinstance(data, Mapping) or not data.get("levels"):
        return None
    try:
        rows = [(str(r["code"]), str(r["label"]), r.get("blocks"), bool(r.get("worry"))) for r in data["levels"]]
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
