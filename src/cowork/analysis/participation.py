"""Participation: the sessions, the ways of taking part, and the response rates of each way.

Being counted is not being heard: the counts are how many wrote, were answered and were used; speech is not counted. A
breakdown that would identify somebody is not made (`MIN_GROUP_SIZE`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cowork.analysis.uses import is_used
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.entries import Entry
from cowork.core.fold import State

TIMES = ("same", "blended", "different")
SPACES = ("same", "blended", "distributed")
WAYS = ("room", "remote", "later", "scribe", "listen")

#: Groups smaller than this are not reported by way of taking part or by perspective.
MIN_GROUP_SIZE = 5


def is_large_enough(ways: Mapping[str, int]) -> bool:
    """True where counts by way of taking part identify nobody: each way has `MIN_GROUP_SIZE` or more, or several
    people took part, all in one way. One rule for pages, reports and tables: none reveals what another hides."""
    counts = {way: n for way, n in ways.items() if n}
    alike = len(counts) == 1 and sum(counts.values()) > 1 and set(counts) <= {"room", "remote", "later"}
    return alike or all(n >= MIN_GROUP_SIZE for n in counts.values())


@dataclass(frozen=True)
class Episode:
    """One session or period: its setting ("" where none was chosen), and the ways of taking part in it."""

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
    """Every session or period, in the order of their beginning."""
    state = view.state
    found = []
    for first in state.of_kind("episode"):
        if first.targets("replaces"):
            continue
        entry = (state.current(first.id) or [first])[-1]
        time, space = setting_of(state, first.id)
        wrote = {
            contribution.author
            for contribution in _contributions_in(view, first.id)
            if contribution.has_text and state.takes_part(contribution.author)
        }
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
                _absent_people(entry),
                Counter(ways.values()),
                len(wrote),
                view.participant_count(),
                first.header.how == "import",
            )
        )
    return found


def setting_of(state: State, episode: str) -> tuple[str, str]:
    """The (time, space) setting last chosen in an episode, or two empty strings."""
    chosen = ("", "")
    for entry in state.of_kind("setting"):
        if entry.header.episode == episode and "time" in entry.data:
            time, space = str(entry.data.get("time")), str(entry.data.get("space"))
            chosen = (time if time in TIMES else "", space if space in SPACES else "")
    return chosen


def ways_in(state: State, episode: str) -> dict[str, str]:
    """person -> their way of taking part in an episode: as last stated in it, else as last stated before.

    Those whom the episode lists as away (`away`: their ids) took no part in it.
    """
    found: dict[str, str] = {}
    begun = state.entries.get(episode)
    latest = state.current(episode)
    stated = latest[-1].data.get("away") if latest else None
    unreached = set(stated) if isinstance(stated, list) else set()
    for entry in state.of_kind("attendance"):
        way = str(entry.data.get("way", ""))
        active = entry.header.episode == episode
        earlier = begun is not None and entry.header.order < begun.header.order
        if earlier and not active and entry.header.by in unreached:
            continue
        if way in WAYS and (active or earlier) and state.takes_part(entry.header.by):
            found[entry.header.by] = way
    return found


def way_of(state: State, contribution: Contribution) -> str:
    """The author's way of taking part when they wrote a contribution: "room", "remote", "later" …, or ""."""
    way = ""
    for entry in state.of_person(contribution.author, "attendance"):
        if (
            entry.header.order < contribution.first_version.header.order
            or entry.header.episode == contribution.first_version.header.episode
        ):
            way = str(entry.data.get("way", way))
    return way


@dataclass
class GroupResponse:
    """One way of taking part: how many people, how many of them wrote, and how their texts were used."""

    way: str
    people: int = 0
    wrote: int = 0
    texts: int = 0
    answered: int = 0
    taken_up: int = 0
    _writers: set[str] = field(default_factory=set, repr=False)


def response_rates(view: ParticipantView) -> list[GroupResponse]:
    """By way of taking part: how many wrote, were answered, were used. Empty where a row would identify somebody.

    Those who only listen are counted among the people, so that silence stays visible.
    """
    state = view.state
    ways = {position: _ways_of(state, position) for position in state.participants() if state.takes_part(position)}
    last = {position: ways_of_person[-1] for position, ways_of_person in ways.items() if ways_of_person}
    rows = {way: GroupResponse(way) for way in WAYS}
    for ways_of_person in ways.values():  # whoever took part in two ways counts in both
        for way in dict.fromkeys(ways_of_person):
            rows[way].people += 1
    for contribution in view.contributions():
        if not contribution.has_text or not contribution.is_active or not state.takes_part(contribution.author):
            continue
        way = way_of(state, contribution) or last.get(contribution.author, "")
        if way not in rows:
            continue
        group_response = rows[way]
        group_response._writers.add(contribution.author)
        group_response.texts += 1
        group_response.answered += bool(view.talk_about(contribution.id) or view.talk_marks(contribution.id))
        group_response.taken_up += is_used(view, contribution.id)
    for group_response in rows.values():
        group_response.wrote = len(group_response._writers)
    told_rows = [group_response for group_response in rows.values() if group_response.people or group_response.texts]
    return (
        told_rows
        if all(max(group_response.people, group_response.wrote) >= MIN_GROUP_SIZE for group_response in told_rows)
        else []
    )


def _ways_of(state: State, person: str) -> list[str]:
    return [str(entry.data["way"]) for entry in state.of_person(person, "attendance") if entry.data.get("way") in WAYS]


def _contributions_in(view: ParticipantView, episode: str) -> list[Contribution]:
    return [
        contribution
        for contribution in view.contributions()
        if contribution.first_version.header.episode == episode and contribution.is_active
    ]


def _absent_people(entry: Entry) -> tuple[str, ...]:
    """The people who could not be there, as text. A list in the record holds ids; a page words them."""
    stated = entry.data.get("absent")
    if isinstance(stated, str):
        return tuple(line.strip() for line in stated.splitlines() if line.strip())
    if isinstance(stated, list):
        return tuple(str(row.get("who", "")) if isinstance(row, dict) else str(row) for row in stated)
    return ()
