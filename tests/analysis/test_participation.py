"""How we met, and whether those elsewhere or later were heard as much: told in counts, and never of a few people."""

from __future__ import annotations

from collections import Counter

from support.strategies import Group

from cowork.analysis.participation import (
    MIN_GROUP_SIZE,
    GroupResponse,
    episodes,
    response_rates,
    setting_of,
    way_of,
    ways_in,
)
from cowork.analysis.uses import is_used
from cowork.core.access.participant_view import ParticipantView
from cowork.store import memory_record

ROOM = "ada bo cy dan eve"
ELSEWHERE = "una vic wim xia yrsa"


class Meeting(Group):
    def __init__(self, names: str = f"fay {ROOM} {ELSEWHERE}") -> None:
        super().__init__(memory_record(), names)
        self.first = self.open("The first time", "same", "blended")
        for name in names.split():
            if name != "fay":
                self.way(name, "room" if name in ROOM.split() else "remote")

    def open(self, name: str, time: str = "", space: str = "", **body: object) -> str:
        episode = self.add("fay", "episode", {"name": name, **body})
        if time:
            self.add("fay", "setting", {"time": time, "space": space}, episode=episode)
        return episode

    def way(self, name: str, way: str, episode: str = "") -> str:
        return self.add(name, "attendance", {"way": way}, episode=episode or self.state.current_episode())

    def rows(self) -> dict[str, GroupResponse]:
        return {row.way: row for row in response_rates(ParticipantView(self.state, ""))}


def test_an_episode_tells_its_setting_as_last_chosen_and_an_unknown_one_is_none() -> None:
    meeting = Meeting()
    assert setting_of(meeting.state, meeting.first) == ("same", "blended")
    meeting.add("fay", "setting", {"time": "different", "space": "on the moon"}, episode=meeting.first)
    assert setting_of(meeting.state, meeting.first) == ("different", "")
    second = meeting.open("The second", tool="a call", absent="The night shift\n\n  The porter ")
    (first, then) = episodes(ParticipantView(meeting.state, ""))
    assert (first.id, then.id) == (meeting.first, second)
    assert (then.time, then.space, then.tool) == ("", "", "a call")
    assert then.absent == ("The night shift", "The porter")


def test_how_somebody_took_part_is_what_they_last_said_in_it_else_what_they_said_before() -> None:
    meeting = Meeting("fay ada bo")
    meeting.way("bo", "remote")
    assert ways_in(meeting.state, meeting.first) == {meeting.ids["ada"]: "room", meeting.ids["bo"]: "remote"}
    second = meeting.open("The second")
    meeting.way("bo", "room")
    meeting.way("bo", "later")
    assert ways_in(meeting.state, second) == {meeting.ids["ada"]: "room", meeting.ids["bo"]: "later"}
    assert ways_in(meeting.state, meeting.first)[meeting.ids["bo"]] == "remote"
    meeting.consent("ada", "part", "no")
    assert meeting.ids["ada"] not in ways_in(meeting.state, second)


def test_words_belong_to_the_way_their_writer_took_part_when_they_were_written() -> None:
    meeting = Meeting("fay ada")
    early = meeting.write("ada", "Early", episode=meeting.first)
    second = meeting.open("The second")
    meeting.way("ada", "later")
    late = meeting.write("ada", "Late", episode=second)
    seen = ParticipantView(meeting.state, "")
    ways = [way_of(meeting.state, c) for c in (seen.of_id(early), seen.of_id(late)) if c]
    assert ways == ["room", "later"]


def test_each_way_is_told_by_people_and_by_what_became_of_their_words_and_who_listens_is_counted_too() -> None:
    meeting = Meeting()
    one = meeting.write("ada", "One", kind="utterance")
    two = meeting.write("una", "Two", kind="utterance")
    meeting.write("una", "Three", kind="utterance")
    meeting.write("bo", "Say more", ("answers", two), kind="utterance")
    meeting.write("fay", "So", ("documents", one), kind="view")
    rows = meeting.rows()
    assert set(rows) == {"room", "remote"}
    room, remote = rows["room"], rows["remote"]
    assert (room.people, room.wrote, room.texts, room.answered, room.taken_up) == (5, 2, 2, 0, 1)
    assert (remote.people, remote.wrote, remote.texts, remote.answered, remote.taken_up) == (5, 1, 2, 1, 0)


def test_words_taken_back_hidden_or_kept_to_oneself_are_counted_in_no_row() -> None:
    meeting = Meeting()
    before = {way: vars(row) for way, row in meeting.rows().items()}
    taken = meeting.write("ada", "Taken", kind="utterance")
    meeting.withdraw("ada", taken)
    hidden = meeting.write("una", "Hidden", kind="utterance")
    meeting.hide("fay", hidden)
    meeting.write("una", "Mine", kind="utterance", seen_by="only-me")
    assert {way: vars(row) for way, row in meeting.rows().items()} == before


def test_a_way_that_fewer_than_five_took_is_never_told_apart_nor_left_to_be_worked_out() -> None:
    meeting = Meeting(f"fay {ROOM} {' '.join(ELSEWHERE.split()[:4])}")
    meeting.write("ada", "One")
    assert MIN_GROUP_SIZE == 5 and meeting.rows() == {}
    meeting.join("yrsa")
    meeting.way("yrsa", "remote")
    assert set(meeting.rows()) == {"room", "remote"}
    meeting.way("yrsa", "later")  # one person alone took part later: she would be pointed out
    assert meeting.rows() == {}


def test_what_nobody_built_on_is_told_whatever_was_said_about_it() -> None:
    meeting = Meeting("fay ada")
    why, van = meeting.write("ada", "To be heard"), meeting.write("ada", "My van", kind="asset")
    need = meeting.write("fay", "A driver", kind="need")
    meeting.write("fay", "A van?", ("talks-about", van), kind="utterance")

    def left() -> list[str]:
        seen = ParticipantView(meeting.state, "")
        return [c.id for c in seen.of_kind("intention", "asset", "need") if not is_used(seen, c.id)]

    assert left() == [why, van, need]
    end = meeting.add("fay", "outcome", {"text": "Who drives?", "outcome": "open-question"}, ("rests-on", why))
    meeting.add("fay", "link", {}, ("from", van), ("went-unused", end))
    assert left() == [van, need]
    meeting.add("fay", "link", {}, ("from", van), ("meets-need", need))
    assert left() == []


def test_ways_are_counted_once_a_person_in_an_episode() -> None:
    meeting = Meeting("fay ada bo")
    meeting.way("ada", "remote")
    (only,) = episodes(ParticipantView(meeting.state, ""))
    assert only.ways == Counter({"remote": 1, "room": 1})
