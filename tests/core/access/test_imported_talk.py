"""Taking imported talk out: who may, what goes with it, and how it comes back."""

from __future__ import annotations

import pytest

from cowork.core.access.imported_talk import may_take_out, taken_out_by, turns_of
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.core.errors import NotAllowed
from cowork.core.fold import State
from cowork.core.quotes import quote_bodies, quotes
from cowork.imports import detect, importer
from cowork.store import Record, memory_record

TALK = b"WEBVTT\n\n" + b"".join(
    f"00:0{n}.000 --> 00:0{n + 1}.000\n{'Anna' if n % 2 else 'Bo'}: These are words {n}\n\n".encode() for n in range(6)
)


class Room:
    """Fay leads, Sam and Sol are scribes, Ada takes part; Sam brings the talk in."""

    def __init__(self) -> None:
        self.record: Record = memory_record()
        self.ids = {name: self.record.new_id() for name in ("fay", "sam", "sol", "ada")}
        self.workshop = self.record.new_id()
        fay = self.ids["fay"]
        opening = Draft(self.workshop, "workshop", fay, {"code": "TEST-1", "title": "A talk", "opened_by": fay})
        self.record.open_workshop(opening, Actor(fay))
        for name, person in self.ids.items():
            self.add(name, Draft(person, "participant", person, {"name": name}))
            consent = {"question": "part", "answer": "yes"}
            self.add(name, Draft(self.record.new_id(), "consent", person, consent))
        operator = Actor(self.record.new_id(), operator=True)
        for name, role in (("fay", "facilitator"), ("sam", "scribe"), ("sol", "scribe")):
            body = {"role": role, "on": True}
            draft = Draft(
                self.record.new_id(), "role", operator.id, body, (("grants", self.ids[name]),), how="operator"
            )
            self.record.append(self.workshop, draft, operator)
        talk = detect.read_transcript(TALK, "talk.vtt")
        self.source = talk.source
        importer.import_transcript(self.record, self.workshop, talk, by=self.ids["sam"])

    @property
    def state(self) -> State:
        return self.record.state(self.workshop)

    def view(self, name: str) -> ParticipantView:
        return ParticipantView(self.state, self.ids[name])

    def add(self, name: str, draft: Draft) -> str:
        self.record.append(self.workshop, draft, Actor(self.ids[name]))
        return draft.id

    def take_out(self, name: str) -> str:
        about = tuple(("withdraws", turn.id) for turn in turns_of(self.state, self.source))
        return self.add(name, Draft(self.record.new_id(), "withdrawal", self.ids[name], {}, about))

    def put_back(self, name: str, act: str) -> str:
        return self.add(name, Draft(self.record.new_id(), "restore", self.ids[name], {}, (("replaces", act),)))

    def seen(self, name: str) -> int:
        return len(self.view(name).of_kind("utterance"))


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.mark.parametrize(("who", "may"), [("sam", True), ("fay", True), ("sol", False), ("ada", False)])
def test_whoever_brought_talk_in_and_a_facilitator_may_take_it_out(room: Room, who: str, may: bool) -> None:
    turn = turns_of(room.state, room.source)[0]
    assert may_take_out(room.view(who), turn) is may
    if may:
        room.take_out(who)
        assert [room.seen(name) for name in room.ids] == [0, 0, 0, 0]
    else:
        with pytest.raises(NotAllowed):
            room.take_out(who)
        assert room.seen("fay") == 6


def test_words_that_were_typed_are_taken_out_by_nobody_else(room: Room) -> None:
    body = {"text": "My own", "source": {"id": room.source, "name": "talk.vtt", "position": 1}}  # as a forger would
    typed = room.add("ada", Draft(room.record.new_id(), "utterance", room.ids["ada"], body))
    assert typed not in [turn.id for turn in turns_of(room.state, room.source)]
    for name in ("sam", "fay"):
        with pytest.raises(NotAllowed):
            room.add(name, Draft(room.record.new_id(), "withdrawal", room.ids[name], {}, (("withdraws", typed),)))


def test_an_answer_stays_and_a_quotation_shows_a_gap_until_the_talk_is_back(room: Room) -> None:
    turn = turns_of(room.state, room.source)[2]
    answer = Draft(room.record.new_id(), "utterance", room.ids["ada"], {"text": "Yes"}, (("answers", turn.id),))
    room.add("ada", answer)
    body = {"text": "A view", "holder": "open", **{"quotes": quote_bodies(room.state, [(turn.id, 0, 5)])}}
    view = room.add("ada", Draft(room.record.new_id(), "view", room.ids["ada"], body, (("documents", turn.id),)))
    quoted = room.view("ada").of_id(view)
    assert quoted and [quote.text for quote in quotes(room.view("ada"), quoted.entry)] == ["These"]
    act = room.take_out("sam")
    (quote,) = quotes(room.view("ada"), room.state.entries[view])
    assert quote.gap and not quote.text
    assert room.seen("fay") == 1  # the answer
    (out,) = taken_out_by(room.state, room.ids["sam"])
    assert (out.name, out.turns, out.acts) == ("talk.vtt", 6, (act,))
    assert taken_out_by(room.state, room.ids["fay"]) == []
    room.put_back("sam", act)
    assert [quote.text for quote in quotes(room.view("ada"), room.state.entries[view])] == ["These"]
    assert room.seen("ada") == 7 and taken_out_by(room.state, room.ids["sam"]) == []


def test_only_who_took_it_out_puts_it_back(room: Room) -> None:
    act = room.take_out("sam")
    for name in ("fay", "ada", "sol"):
        with pytest.raises(NotAllowed):
            room.put_back(name, act)


def test_a_scribe_who_is_one_no_more_takes_nothing_out(room: Room) -> None:
    body = {"role": "scribe", "on": False}
    room.add("fay", Draft(room.record.new_id(), "role", room.ids["fay"], body, (("grants", room.ids["sam"]),)))
    with pytest.raises(NotAllowed):
        room.take_out("sam")
