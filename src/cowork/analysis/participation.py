"""How we met, time by time, and whether those elsewhere or later were heard as much as those at the table.

Counts are not being heard: what is told is how many wrote, how many were answered and how many were taken up, and that
speech is not counted. A breakdown that would point somebody out is not made (`FEWEST`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cowork.analysis.trace import is_taken_up
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.entries import Entry
from cowork.core.fold import State

TIMES = ("same", "blended", "different")
SPACES = ("same", "blended", "distributed")
WAYS = ("room", "remote", "later", "scribe", "listen")

#: Fewer people than this are not told apart by how they took part, or by what they are here as.
MIN_GROUP_SIZE = 5


def is_large_enough(ways: Mapping[str, int]) -> bool:
    """True where the counts by way of taking part point nobody out: each has `FEWEST` people or more, or more than one
    person took part and all in the same way. One rule for pages, reports and tables: what one hides, no other tells."""
    told = {way: n for way, n in ways.items() if n}
    alike = len(told) == 1 and sum(told.values()) > 1 and set(told) <= {"room", "remote", "later"}
    return alike or all(n >= MIN_GROUP_SIZE for n in told.values())


@dataclass(frozen=True)
class Episode:
    """One session or period: its setting ("" where none was chosen), and how people took part in it."""

    id: str
    entry: Entry
    name: str
    time: str
    space: str
    tool: str
    start: str
    end: str
    absent: tuple[str, ...]
    ways: Counter[str]
    wrote: int
    taking_part: int
    brought_in: bool


def episodes(view: ParticipantView) -> list[Episode]:
    """Every session or period, in the order they were begun."""
    state = view.state
    found = []
    for first in state.of_kind("episode"):
        if first.targets("replaces"):
            continue
        entry = (state.current(first.id) or [first])[-1]
        time, space = setting(state, first.id)
        wrote = {c.author for c in _of(view, first.id) if c.written and state.takes_part(c.author)}
        ways = ways_in(state, first.id)
        found.append(
            Episode(
                first.id,
                entry,
                str(entry.data.get("name", "")),
                time,
                space,
                str(entry.data.get("tool", "")),
                str(entry.data.get("start", "")),
                str(entry.data.get("end", "")),
                _absent(entry),
                Counter(ways.values()),
                len(wrote),
                view.taking_part(),
                first.header.how == "import",
            )
        )
    return found


def setting(state: State, episode: str) -> tuple[str, str]:
    """(time, space) last chosen in an episode, or two empty strings."""
    chosen = ("", "")
    for entry in state.of_kind("setting"):
        if entry.header.episode == episode and "time" in entry.data:
            time, space = str(entry.data.get("time")), str(entry.data.get("space"))
            chosen = (time if time in TIMES else "", space if space in SPACES else "")
    return chosen


def ways_in(state: State, episode: str) -> dict[str, str]:
    """person -> how they took part in an episode, as last said in it; who said nothing there, as last said before.

    Whom the episode itself tells of as away (`away`: their ids) took no part in it, however they did before.
    """
    found: dict[str, str] = {}
    begun = state.entries.get(episode)
    latest = state.current(episode)
    told = latest[-1].data.get("away") if latest else None
    away = set(told) if isinstance(told, list) else set()
    for entry in state.of_kind("attendance"):
        way = str(entry.data.get("way", ""))
        here = entry.header.episode == episode
        earlier = begun is not None and entry.header.order < begun.header.order
        if earlier and not here and entry.header.by in away:
            continue
        if way in WAYS and (here or earlier) and state.takes_part(entry.header.by):
            found[entry.header.by] = way
    return found


def way_of(state: State, contribution: Contribution) -> str:
    """How somebody took part when they wrote something: "room", "remote", "later" …, or ""."""
    way = ""
    for entry in state.of_person(contribution.author, "attendance"):
        if (
            entry.header.order < contribution.first.header.order
            or entry.header.episode == contribution.first.header.episode
        ):
            way = str(entry.data.get("way", way))
    return way


@dataclass
class GroupResponse:
    """One way of taking part: how many people, how many of them wrote, and what became of their words."""

    way: str
    people: int = 0
    wrote: int = 0
    texts: int = 0
    answered: int = 0
    taken_up: int = 0
    _writers: set[str] = field(default_factory=set, repr=False)


def response_rates(view: ParticipantView) -> list[GroupResponse]:
    """By way of taking part: written by n of N, replied to, taken up. Empty where a row would point somebody out.

    The person who only listens is counted among the people, so that silence does not vanish.
    """
    state = view.state
    ways = {p: _ways(state, p) for p in state.participants() if state.takes_part(p)}
    last = {p: said[-1] for p, said in ways.items() if said}
    rows = {way: GroupResponse(way) for way in WAYS}
    for said in ways.values():  # who took part in two ways stands among both
        for way in dict.fromkeys(said):
            rows[way].people += 1
    for c in view.contributions():
        if not c.written or c.standing != "here" or not state.takes_part(c.author):
            continue
        way = way_of(state, c) or last.get(c.author, "")
        if way not in rows:
            continue
        made = rows[way]
        made._writers.add(c.author)
        made.texts += 1
        made.answered += bool(view.said_about(c.id) or view.talked_about(c.id))
        made.taken_up += is_taken_up(view, c.id)
    for made in rows.values():
        made.wrote = len(made._writers)
    told = [made for made in rows.values() if made.people or made.texts]
    return told if all(max(made.people, made.wrote) >= MIN_GROUP_SIZE for made in told) else []


def _ways(state: State, person: str) -> list[str]:
    return [str(e.data["way"]) for e in state.of_person(person, "attendance") if e.data.get("way") in WAYS]


def _of(view: ParticipantView, episode: str) -> list[Contribution]:
    return [c for c in view.contributions() if c.first.header.episode == episode and c.standing == "here"]


def _absent(entry: Entry) -> tuple[str, ...]:
    """Who could not be there, in words. A list of the record names people; it is for a page to say how."""
    said = entry.data.get("absent")
    if isinstance(said, str):
        return tuple(line.strip() for line in said.splitlines() if line.strip())
    if isinstance(said, list):
        return tuple(str(row.get("who", "")) if isinstance(row, dict) else str(row) for row in said)
    return ()
