"""How we met, time by time, and whether those elsewhere or later were heard as much as those at the table.

Counts are not being heard: what is told is how many wrote, how many were answered and how many were taken up, and that
speech is not counted. A breakdown that would point somebody out is not made (`FEWEST`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cowork.analysis.trace import is_used
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
    counts = {way: n for way, n in ways.items() if n}
    alike = len(counts) == 1 and sum(counts.values()) > 1 and set(counts) <= {"room", "remote", "later"}
    return alike or all(n >= MIN_GROUP_SIZE for n in counts.values())


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
        time, space = setting_of(state, first.id)
        wrote = {contribution.author for contribution in _contributions_in(view, first.id) if contribution.has_text and state.takes_part(contribution.author)}
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
    counts = latest[-1].data.get("away") if latest else None
    unreached = set(counts) if isinstance(counts, list) else set()
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
    """How somebody took part when they wrote something: "room", "remote", "later" …, or ""."""
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
    ways = {position: _ways_of(state, position) for position in state.participants() if state.takes_part(position)}
    last = {position: answers[-1] for position, answers in ways.items() if answers}
    rows = {way: GroupResponse(way) for way in WAYS}
    for answers in ways.values():  # who took part in two ways stands among both
        for way in dict.fromkeys(answers):
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
    counts = [group_response for group_response in rows.values() if group_response.people or group_response.texts]
    return counts if all(max(group_response.people, group_response.wrote) >= MIN_GROUP_SIZE for group_response in counts) else []


def _ways_of(state: State, person: str) -> list[str]:
    return [str(entry.data["way"]) for entry in state.of_person(person, "attendance") if entry.data.get("way") in WAYS]


def _contributions_in(view: ParticipantView, episode: str) -> list[Contribution]:
    return [contribution for contribution in view.contributions() if contribution.first_version.header.episode == episode and contribution.is_active]


def _absent_people(entry: Entry) -> tuple[str, ...]:
    """Who could not be there, in words. A list of the record names people; it is for a page to say how."""
    answers = entry.data.get("absent")
    if isinstance(answers, str):
        return tuple(line.strip() for line in answers.splitlines() if line.strip())
    if isinstance(answers, list):
        return tuple(str(row.get("who", "")) if isinstance(row, dict) else str(row) for row in answers)
    return ()
