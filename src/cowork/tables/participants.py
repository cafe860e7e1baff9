"""Who took part and how, time by time. Nothing here tells apart fewer people than `FEWEST`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cowork.analysis import participation
from cowork.analysis.participation import MIN_GROUP_SIZE, WAYS
from cowork.tables.columns import BOOL, BY, DATA, NUMBER, PERSON, TEXT, TIME, Column, frame
from cowork.tables.texts import texts

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.core.entries import Entry
    from cowork.core.fold import State
    from cowork.tables.projection import TableProjection

PARTICIPANTS = {
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

EPISODES = {
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


def participants(reading: TableProjection) -> DataFrame:
    state = reading.state
    here = [who for who in state.participants() if state.takes_part(who)]
    shared = Counter(p for who in here for p in dict.fromkeys(_perspectives(state, who)))
    ways = Counter(_way(state, who) for who in here)
    wrote = Counter(reading.key(found) for found in texts(reading) if found.written)
    rows = []
    for who in state.participants():
        if reading.keeps(who) or reading.leaves_out(who):
            continue
        said, key = state.person(who), reading.key_of(who)
        by = reading.name_of(who)
        way = _way(state, who)
        rows.append(
            {
                "person": key,
                "by": by,
                "brought_in": isinstance(said.get("voice"), int),
                "takes_part": who in here,
                "perspectives": reading.perspectives(
                    p for p in _perspectives(state, who) if shared[p] >= MIN_GROUP_SIZE
                ),
                "way": way if ways[way] >= MIN_GROUP_SIZE else "",
                "roles": sorted(state.roles(who)) if by and by == said.get("name") else [],
                "wrote": wrote[key],
                "joined": state.of_person(who, "participant")[0].header.at_ms,
            }
        )
    kept = {"people_kept_back": sum(map(reading.keeps, state.participants())) + reading.answers_kept_back}
    return frame(rows, PARTICIPANTS, reading.attrs() | kept)


def episodes(reading: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    for episode in participation.episodes(reading.inside):
        told = participation.is_large_enough(episode.ways)
        rows.append(
            {
                "episode": reading.episodes.get(episode.id, ""),
                "id": episode.id,
                "begun": reading.state.entries[episode.id].header.at_ms,
                "time": episode.time,
                "space": episode.space,
                "tool": reading.typed(episode.tool),
                "start": reading.typed(episode.start),
                "end": reading.typed(episode.end),
                "brought_in": episode.brought_in,
                "taking_part": episode.taking_part,
                "wrote": episode.wrote,
                **{way: episode.ways[way] if told else None for way in WAYS},
                "absent": [reading.typed(who) for who in episode.absent],
            }
        )
    return frame(rows, EPISODES, reading.attrs())


def response_table(reading: TableProjection) -> DataFrame:
    rows = [
        {name: getattr(made, name) for name in RESPONSE_COLUMNS}
        for made in participation.response_rates(reading.inside)
    ]
    return frame(rows, RESPONSE_COLUMNS, reading.attrs())


def _perspectives(state: State, who: str) -> list[str]:
    return [str(p) for p in state.person(who).get("perspectives") or ()]


def _way(state: State, who: str) -> str:
    said: list[Entry] = state.of_person(who, "attendance")
    ways = [str(entry.data["way"]) for entry in said if entry.data.get("way") in WAYS]
    return ways[-1] if ways else ""
