"""The tables of participants, episodes and response rates. No row describes fewer than `MIN_GROUP_SIZE` people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cowork.analysis import participation
from cowork.analysis.participation import MIN_GROUP_SIZE, WAYS
from cowork.tables.columns import BOOL, BY, DATA, NUMBER, PERSON, TEXT, TIME, Column, make_table
from cowork.tables.texts import disclosed_contributions

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.core.entries import Entry
    from cowork.core.fold import State
    from cowork.tables.projection import TableProjection

PARTICIPANT_COLUMNS = {
    "person": PERSON,
    "by": BY,
    "brought_in": Column(BOOL, "a voice of talk that was brought in, not somebody who joined"),
    "takes_part": Column(BOOL, "said yes to taking part and has not stopped"),
    "perspectives": Column(
        DATA, f"list of what they are here as, each only where {MIN_GROUP_SIZE} or more take part as that"
    ),
    "way": Column(
        TEXT, f"room, remote, later, scribe, listen, as last said; only where {MIN_GROUP_SIZE} or more said so"
    ),
    "roles": Column(DATA, "list: facilitator, scribe; only of those who are named"),
    "wrote": Column(NUMBER, "how many texts of theirs stand in contributions() under this key"),
    "joined": Column(TIME, "when they came, in UTC"),
}

EPISODE_COLUMNS = {
    "episode": Column(TEXT, "its name, as the other tables have it"),
    "id": Column(TEXT, "its id"),
    "begun": Column(TIME, "when it was begun here, in UTC"),
    "time": Column(TEXT, "same, blended or different; empty where nothing was chosen"),
    "space": Column(TEXT, "same, blended or distributed; empty where nothing was chosen"),
    "tool": Column(TEXT, "what was used to meet"),
    "start": Column(TEXT, "when it began, as it was written"),
    "end": Column(TEXT, "when it ended, as it was written"),
    "brought_in": Column(BOOL, "talk brought in from elsewhere, not a meeting of this group"),
    "taking_part": Column(NUMBER, "how many take part in the workshop now"),
    "wrote": Column(NUMBER, "how many of them wrote something in it; speech is not counted"),
    **{way: Column(NUMBER, f"how many took part this way; empty where fewer than {MIN_GROUP_SIZE} would be told apart")
       for way in WAYS},
    "absent": Column(DATA, "list of who could not be there, as it was written; a name that may not leave is …"),
}  # fmt: skip

RESPONSE_COLUMNS = {
    "way": Column(TEXT, "room, remote, later, scribe, listen"),
    "people": Column(NUMBER, "how many took part this way; who took part in two ways stands among both"),
    "wrote": Column(NUMBER, "how many of them wrote"),
    "texts": Column(NUMBER, "how many texts that was"),
    "answered": Column(NUMBER, "how many of these were talked about or answered"),
    "taken_up": Column(NUMBER, "on how many of these somebody built"),
}


def participant_table(projection: TableProjection) -> DataFrame:
    state = projection.state
    active = [participant for participant in state.participants() if state.takes_part(participant)]
    perspective_counts = Counter(
        perspective for participant in active for perspective in dict.fromkeys(_perspectives_of(state, participant))
    )
    way_counts = Counter(_way_of(state, participant) for participant in active)
    wrote = Counter(projection.key_of_author(found) for found in disclosed_contributions(projection) if found.has_text)
    rows = []
    for participant in state.participants():
        if projection.withholds_all(participant) or projection.excludes_from_research(participant):
            continue
        profile, key = state.profile(participant), projection.key_of_person(participant)
        by = projection.name_of_person(participant)
        way = _way_of(state, participant)
        rows.append(
            {
                "person": key,
                "by": by,
                "brought_in": isinstance(profile.get("voice"), int),
                "takes_part": participant in active,
                "perspectives": projection.perspectives(
                    perspective
                    for perspective in _perspectives_of(state, participant)
                    if perspective_counts[perspective] >= MIN_GROUP_SIZE
                ),
                "way": way if way_counts[way] >= MIN_GROUP_SIZE else "",
                "roles": sorted(state.roles(participant)) if by and by == profile.get("name") else [],
                "wrote": wrote[key],
                "joined": state.of_person(participant, "participant")[0].header.at_ms,
            }
        )
    withheld = {
        "people_kept_back": sum(map(projection.withholds_all, state.participants())) + projection.answers_kept_back
    }
    return make_table(rows, PARTICIPANT_COLUMNS, projection.attrs() | withheld)


def episode_table(projection: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    for episode in participation.episodes(projection.group_view):
        may_tell = participation.is_large_enough(episode.ways)
        rows.append(
            {
                "episode": projection.episodes.get(episode.id, ""),
                "id": episode.id,
                "begun": projection.state.entries[episode.id].header.at_ms,
                "time": episode.time,
                "space": episode.space,
                "tool": projection.disclosed_text(episode.tool),
                "start": projection.disclosed_text(episode.start),
                "end": projection.disclosed_text(episode.end),
                "brought_in": episode.brought_in,
                "taking_part": episode.taking_part,
                "wrote": episode.wrote,
                **{way: episode.ways[way] if may_tell else None for way in WAYS},
                "absent": [projection.disclosed_text(absent) for absent in episode.absent],
            }
        )
    return make_table(rows, EPISODE_COLUMNS, projection.attrs())


def response_table(projection: TableProjection) -> DataFrame:
    rows = [
        {name: getattr(group_response, name) for name in RESPONSE_COLUMNS}
        for group_response in participation.response_rates(projection.group_view)
    ]
    return make_table(rows, RESPONSE_COLUMNS, projection.attrs())


def _perspectives_of(state: State, participant: str) -> list[str]:
    return [str(perspective) for perspective in state.profile(participant).get("perspectives") or ()]


def _way_of(state: State, participant: str) -> str:
    attendances: list[Entry] = state.of_person(participant, "attendance")
    ways = [str(entry.data["way"]) for entry in attendances if entry.data.get("way") in WAYS]
    return ways[-1] if ways else ""
