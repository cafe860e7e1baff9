"""Participation and sessions in a report: the nine cells of time and space, and the response rates.

The cells describe and never rank. No group smaller than `MIN_GROUP_SIZE` is reported.
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
from cowork.core.access.disclosure import participant_signature
from cowork.reports.reader import Reader, Who, Words

#: The corners of the framework's picture and what stands in them, by time and space.
CORNER_LABELS = {
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


def participation(reader: Reader) -> Participation:
    """How many took part, by what names, and as what where no group is small."""
    state = reader.state
    participants = [person for person in state.participants() if state.takes_part(person)]
    signed = [
        (person, participant_signature(state, person)) for person in participants if not reader.is_withheld(person)
    ]
    named = tuple(Who(found.name) for _, found in signed if found.name)
    voices = sum(isinstance(state.profile(person).get("voice"), int) for person in state.participants())
    counted = [person for person in participants if reader.may_count(person)]
    counts = Counter(str(code) for person in counted for code in state.profile(person).get("perspectives") or ())
    others = len(participants) - len(named)
    rows, small = _large_groups(reader, counts)
    return Participation(
        reader.t("report.took_part", n=len(participants)),
        named,
        (reader.t("report.others", n=others) if named else reader.t("report.nobody_named")) if others else "",
        reader.t("report.voices", n=voices) if voices else "",
        tuple((reader.typed(reader.perspective(code)), n) for code, n in rows),
        small,
    )


def _large_groups(reader: Reader, counts: Mapping[str, int]) -> tuple[list[tuple[str, int]], str]:
    """Counts by group where each has five people or more, else none of them and the sentence that says why."""
    rows = [(key, n) for key, n in counts.items() if n]
    if any(n < MIN_GROUP_SIZE for _, n in rows):
        return [], reader.t("report.small")
    return sorted(rows, key=lambda row: (-row[1], row[0])), ""


def sessions(reader: Reader) -> tuple[Session, ...]:
    """Every session, in the order of their beginning."""
    return tuple(_session(reader, number, episode) for number, episode in enumerate(episodes(reader.view), 1))


def _session(reader: Reader, number: int, episode: Episode) -> Session:
    ways = [(way, episode.ways[way]) for way in WAYS if episode.ways[way]]
    rows, small = (ways, "") if is_large_enough(episode.ways) else ([], reader.t("report.small"))
    cell = reader.t(f"setting.cell.{episode.time}_{episode.space}") if episode.time and episode.space else ""
    return Session(
        number,
        reader.typed(episode.name) or Words(reader.t("setting.episode")),
        cell or reader.t("report.no_cell"),
        episode.time,
        episode.space,
        reader.typed(episode.tool),
        reader.typed(episode.start),
        reader.typed(episode.end),
        tuple(reader.person_name(participant) for participant in episode.absent if participant),
        tuple((reader.t(f"join.way.{way}"), n) for way, n in rows),
        small,
        "" if episode.brought_in else reader.t("common.written_by", n=episode.wrote, N=episode.taking_part),
        reader.t("dialogue.brought_h") if episode.brought_in else "",
    )


def cells(reader: Reader, sessions_held: tuple[Session, ...]) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """The nine cells, row by row: time down, space across."""
    rows = []
    for time in TIMES:
        row = tuple(
            Cell(
                reader.t(f"setting.cell.{time}_{space}"),
                tuple(session.number for session in sessions_held if (session.time, session.space) == (time, space)),
                reader.t(CORNER_LABELS[time, space]) if (time, space) in CORNER_LABELS else "",
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
        ResponseRow(
            reader.t(f"join.way.{group_response.way}"),
            group_response.people,
            group_response.wrote,
            group_response.texts,
            group_response.answered,
            group_response.taken_up,
        )
        for group_response in response_rates(reader.view)
    )
