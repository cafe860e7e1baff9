"""Who took part and how they met, in a report: the path over the nine cells, and whether all were heard as much.

The cells describe and never rank. No group of fewer than five people is told apart (`analysis.voices.FEWEST`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from cowork.analysis.participation import (
    MIN_GROUP_SIZE,
    SPACES,
    TIMES,
    WAYS,
    Episode,
    episodes,
    is_large_enough,
    response_rates,
)
from cowork.core.access.disclosure import person_of
from cowork.reports.reader import Reader, Who, Words

#: The corners of the framework's picture and what stands in them, by time and space.
CORNERS = {
    ("same", "same"): "setting.trainer.corner_tl",
    ("same", "distributed"): "setting.trainer.corner_tr",
    ("different", "same"): "setting.trainer.corner_bl",
    ("different", "distributed"): "setting.trainer.corner_br",
}


@dataclass(frozen=True)
class Participation:
    """Who took part: named only where they chose a name for outside. `small` stands where groups would be too few."""

    took_part: str
    named: tuple[Who, ...]
    others: str
    voices: str
    perspectives: tuple[tuple[Words, int], ...]
    small: str


@dataclass(frozen=True)
class Session:
    """One session or period. `ways` are counts, or `small` where they would point someone out."""

    number: int
    name: Words
    cell: str
    time: str
    space: str
    tool: Words
    start: Words
    end: Words
    absent: tuple[Who, ...]
    ways: tuple[tuple[str, int], ...]
    small: str
    wrote: str
    note: str


@dataclass(frozen=True)
class Cell:
    """One of the nine: which times stand in it, by number, and the framework's word for its corner."""

    name: str
    numbers: tuple[int, ...]
    corner: str


@dataclass(frozen=True)
class ResponseRow:
    way: str
    people: int
    wrote: int
    texts: int
    answered: int
    taken_up: int


def people(reader: Reader) -> Participation:
    """How many took part, by what names, and as what where no group is small."""
    state = reader.state
    here = [p for p in state.participants() if state.takes_part(p)]
    signed = [(p, person_of(state, p)) for p in here if not reader.stays_inside(p)]
    named = tuple(Who(found.name) for _, found in signed if found.name)
    voices = sum(isinstance(state.person(p).get("voice"), int) for p in state.participants())
    counted = [p for p in here if reader.counts(p)]
    counts = Counter(str(code) for p in counted for code in state.person(p).get("perspectives") or ())
    others = len(here) - len(named)
    rows, small = _safe(reader, counts)
    return Participation(
        reader.t("report.took_part", n=len(here)),
        named,
        (reader.t("report.others", n=others) if named else reader.t("report.nobody_named")) if others else "",
        reader.t("report.voices", n=voices) if voices else "",
        tuple((reader.typed(reader.perspective(code)), n) for code, n in rows),
        small,
    )


def _safe(reader: Reader, counts: Mapping[str, int]) -> tuple[list[tuple[str, int]], str]:
    """Counts by group where each has five people or more, else none of them and the sentence that says why."""
    rows = [(key, n) for key, n in counts.items() if n]
    if any(n < MIN_GROUP_SIZE for _, n in rows):
        return [], reader.t("report.small")
    return sorted(rows, key=lambda row: (-row[1], row[0])), ""


def sessions(reader: Reader) -> tuple[Session, ...]:
    """Time by time, in the order they were begun."""
    return tuple(_gathering(reader, number, e) for number, e in enumerate(episodes(reader.seen), 1))


def _gathering(reader: Reader, number: int, e: Episode) -> Session:
    ways = [(way, e.ways[way]) for way in WAYS if e.ways[way]]
    rows, small = (ways, "") if is_large_enough(e.ways) else ([], reader.t("report.small"))
    cell = reader.t(f"setting.cell.{e.time}_{e.space}") if e.time and e.space else ""
    return Session(
        number,
        reader.typed(e.name) or Words(reader.t("setting.episode")),
        cell or reader.t("report.no_cell"),
        e.time,
        e.space,
        reader.typed(e.tool),
        reader.typed(e.start),
        reader.typed(e.end),
        tuple(reader.person(who) for who in e.absent if who),
        tuple((reader.t(f"join.way.{way}"), n) for way, n in rows),
        small,
        "" if e.brought_in else reader.t("common.written_by", n=e.wrote, N=e.taking_part),
        reader.t("dialogue.brought_h") if e.brought_in else "",
    )


def cells(reader: Reader, met: tuple[Session, ...]) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """The nine cells, row by row: time down, space across."""
    rows = []
    for time in TIMES:
        row = tuple(
            Cell(
                reader.t(f"setting.cell.{time}_{space}"),
                tuple(g.number for g in met if (g.time, g.space) == (time, space)),
                reader.t(CORNERS[time, space]) if (time, space) in CORNERS else "",
            )
            for space in SPACES
        )
        rows.append((reader.t(f"setting.time.{time}"), row))
    return tuple(rows)


def spaces(reader: Reader) -> tuple[str, ...]:
    return tuple(reader.t(f"setting.space.{space}") for space in SPACES)


def response_rows(reader: Reader) -> tuple[ResponseRow, ...]:
    """How much those in each way of taking part wrote, were answered and taken up; empty where a row is too small."""
    return tuple(
        ResponseRow(reader.t(f"join.way.{h.way}"), h.people, h.wrote, h.texts, h.answered, h.taken_up)
        for h in response_rates(reader.seen)
    )
