"""Brought-in talk on the Dialogue page: what is shown, what a reader leaves out, and taking it out again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.core.entries import Actor, Draft
from cowork.imports import detect, importer
from cowork.pages.elements.brought_talk import FIRST_TURNS, MORE_TURNS
from cowork.widgets import Transcript

NAMES = ["Anna", "Anna", "Bo"]
WORDS = ["We begin with the letter number", "Yeah.", "I could not read it, number"]
TURNS = 120


def said(n: int) -> str:
    return WORDS[n % 3] + ("" if n % 3 == 1 else f" {n}")


TALK = "WEBVTT\n\n" + "".join(
    f"00:{n // 60:02}:{n % 60:02}.000 --> 00:{n // 60:02}:{n % 60:02}.900\n{NAMES[n % 3]}: {said(n)}\n\n"
    for n in range(TURNS)
)


class Reader:
    """A facilitator at the Dialogue page of a workshop into which a talk was brought."""

    def __init__(self) -> None:
        self.guest: Guest = opened("Reading")
        self.record, self.workshop = self.guest.record, self.guest.session.workshop
        talk = detect.read_transcript(TALK.encode(), "talk.vtt")
        self.source = talk.source
        importer.import_transcript(self.record, self.workshop, talk, by=self.guest.session.me)
        self.guest.go("dialogue")

    @property
    def transcript(self) -> Transcript:
        return self.guest.part(Transcript)

    @property
    def texts(self) -> list[str]:
        return [item["text"] for item in self.transcript.items]

    def ids(self) -> list[str]:
        return [turn.id for turn in self.record.state(self.workshop).of_kind("utterance") if turn.data.get("source")]

    def press(self, do: str, **fields: Any) -> None:
        self.transcript.receive({"do": do, **fields})

    def answer(self, turn: str) -> None:
        me = self.guest.session.me
        draft = Draft(self.record.new_id(), "utterance", me, {"text": "About that"}, (("answers", turn),))
        self.record.append(self.workshop, draft, Actor(me))

    @property
    def left(self) -> list[str]:
        return [line["text"] for line in self.transcript.left.get("lines", [])]


@pytest.fixture
def reader() -> Reader:
    return Reader()


def test_a_good_number_of_turns_is_shown_and_more_come_when_asked_for(reader: Reader) -> None:
    assert reader.texts == [said(n) for n in range(FIRST_TURNS)]
    assert reader.transcript.total == TURNS
    reader.press("more")
    assert reader.texts == [said(n) for n in range(FIRST_TURNS + MORE_TURNS)]


def test_a_turn_says_whose_it_is_and_when(reader: Reader) -> None:
    first, second, third = reader.transcript.items[:3]
    assert first["voice"] == second["voice"] != third["voice"]
    assert (first["by"], third["by"], third["said"]) == ("Voice 1", "Voice 2", "0:00:02")
    assert "apart" not in first


def test_words_found_are_named_by_their_places_and_each_hit_stands_alone(reader: Reader) -> None:
    reader.press("find", q="LETTER", voice="")
    hit = reader.transcript.items[1]
    assert [hit["text"][start:end] for start, end in hit["found"]] == ["letter"]
    assert hit["apart"] and hit["href"].endswith(f"at={hit['id']}")
    assert reader.transcript.find["result"] == "40 places in the talk"
    assert reader.transcript.left == {}


def test_short_turns_are_left_out_for_this_reader_alone_and_said(reader: Reader) -> None:
    ali = reader.guest.with_guest("Ali")
    ali.go("dialogue")
    assert reader.transcript.left["short_button"] == "Leave out 40 short turns"
    reader.press("leave", begin="", short=True)
    assert "Yeah." not in reader.texts and len(reader.texts) == FIRST_TURNS
    assert reader.left == ["40 short turns are left out for you."]
    assert "Yeah." in [item["text"] for item in ali.part(Transcript).items]
    reader.press("leave", begin="", short=False)
    assert reader.texts == [said(n) for n in range(FIRST_TURNS)] and reader.left == []


def test_the_talk_begins_where_a_reader_says_and_what_is_answered_stays(reader: Reader) -> None:
    ids = reader.ids()
    reader.answer(ids[4])  # a short one
    reader.press("leave", begin=ids[10], short=True)
    assert reader.transcript.items[0]["id"] == ids[4] and reader.transcript.items[1]["id"] == ids[11]
    assert reader.left == [
        "9 turns before the beginning are left out for you.",
        "37 short turns are left out for you.",
    ]


def test_a_link_leads_to_a_turn_that_is_left_out(reader: Reader) -> None:
    ids = reader.ids()
    reader.press("leave", begin=ids[60], short=True)
    reader.guest.go("dialogue", at=ids[100])
    assert ids[100] in [item["id"] for item in reader.transcript.items]
    assert ids[100] == reader.transcript.items[3]["id"]
    # From the beginning that this reader chose, without the short turns.
    assert reader.transcript.before_button == "Show 24 before"
    reader.press("before")
    assert reader.transcript.items[0]["id"] == ids[60] and reader.transcript.items[27]["id"] == ids[100]
    assert reader.transcript.before_button == ""


def test_what_a_browser_sends_of_no_turn_leaves_nothing_out(reader: Reader) -> None:
    reader.press("leave", begin="nothing of ours", short="yes")
    assert reader.texts == [said(n) for n in range(FIRST_TURNS)] and reader.left == []


def test_a_whole_talk_is_taken_out_in_one_write_and_put_back_by_one_press(reader: Reader) -> None:
    ali = reader.guest.with_guest("Ali")
    ali.go("dialogue")
    reader.answer(reader.ids()[3])
    (talk,) = reader.transcript.talks
    assert (talk["act"], talk["text"]) == ("take_out", "talk.vtt: 120 turns")
    assert "1 turn is used. Where its words are quoted, a gap is shown." in talk["ask"]["lines"]
    assert ali.part(Transcript).talks == []
    before = len(reader.record.state(reader.workshop).entries)
    reader.press("take_out", source=reader.source)
    assert len(reader.record.state(reader.workshop).entries) == before + 1  # one act for 120 turns
    assert reader.texts == [] and ali.part(Transcript).items == [] and ali.part(Transcript).heading == ""
    (out,) = reader.transcript.talks
    assert (out["act"], out["text"]) == ("put_back", "talk.vtt is taken out: 120 turns.")
    reader.press("put_back", source=reader.source)
    assert reader.texts == [said(n) for n in range(FIRST_TURNS)]
    assert len(ali.part(Transcript).items) == FIRST_TURNS


def test_nobody_takes_out_what_others_brought_in(reader: Reader) -> None:
    ali = reader.guest.with_guest("Ali")
    ali.go("dialogue")
    part = ali.part(Transcript)
    ali._listen(part)
    part.receive({"do": "take_out", "source": reader.source})
    assert ali.said[-1]["done"] == "refused" and ali.said[-1]["do"] == "take_out"
    assert len(reader.texts) == FIRST_TURNS


def test_nothing_of_the_talk_is_in_a_trait_once_it_is_out(reader: Reader) -> None:
    reader.press("take_out", source=reader.source)
    assert "letter" not in json.dumps([reader.transcript.items, reader.transcript.talks, reader.transcript.find])
