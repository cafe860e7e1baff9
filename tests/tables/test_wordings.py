"""Earlier wordings, time of speech and language are in the tables, and nothing goes out with them that may not."""

from __future__ import annotations

import pytest

import cowork
from cowork.imports.formats.webvtt import read_webvtt
from cowork.imports.importer import import_transcript

from .conftest import Room, rows

TALK = b"""WEBVTT

00:00:01.500 --> 00:00:04.250
<v Ida>The stop is too far away.

00:00:05.000 --> 00:00:07.000
<v Ola>I never waited there.
"""


def test_every_wording_stands_under_the_id_of_its_text_and_the_present_one_last(room: Room) -> None:
    first = room.write("ada", "The tray at ten", kind="view")
    second = room.edit("ada", "The tray at eleven", first)
    table = room.opened().wordings()
    assert rows(table, "id", "number", "present", "version", "text", "by") == [
        (first, 1, False, first, "The tray at ten", "Ada"),
        (first, 2, True, second, "The tray at eleven", "Ada"),
    ]
    assert list(room.opened().contributions()["text"]) == ["The tray at eleven"]


def test_two_wordings_written_at_once_are_both_present(room: Room) -> None:
    first = room.write("ada", "four", kind="view")
    for text in ("five", "six"):
        room.edit("ada", text, first)
    assert rows(room.opened().wordings(), "text", "present") == [("four", False), ("five", True), ("six", True)]


@pytest.mark.parametrize("act", ["withdraw", "erase", "hide"])
def test_no_earlier_wording_of_what_was_taken_back_erased_or_hidden_leaves(room: Room, act: str) -> None:
    first = room.write("ada", "first words", kind="view")
    room.edit("ada", "second words", first)
    assert len(room.opened().wordings()) == 2
    getattr(room, act)("fay" if act == "hide" else "ada", first)
    table = room.opened().wordings()
    assert len(table) == 0 and "words" not in table.to_csv()


def test_a_wording_by_one_who_wants_nothing_outside_stays_inside(room: Room) -> None:
    first = room.propose("ada", "The tray at ten")
    second = room.add("bo", "edit", {"text": "The tray at eleven"}, ("replaces", first))
    room.add("ada", "edit", {"text": "The tray at twelve"}, ("replaces", second))
    workshop = room.opened()
    assert rows(workshop.wordings(), "text", "by") == [
        ("The tray at ten", "Ada"), ("The tray at eleven", "Bo"), ("The tray at twelve", "Ada"),
    ]  # fmt: skip
    room.consent("bo", "naming", "not")
    assert rows(workshop.wordings(), "text", "by") == [("The tray at ten", "Ada"), ("The tray at twelve", "Ada")]
    room.consent("bo", "naming", "perspective")
    assert rows(workshop.wordings(), "text", "by")[1] == ("The tray at eleven", "")


def test_for_research_a_wording_needs_its_writer_s_yes(room: Room) -> None:
    first = room.propose("ada", "The tray at ten")
    second = room.add("bo", "edit", {"text": "The tray at eleven"}, ("replaces", first))
    room.add("ada", "edit", {"text": "The tray at twelve"}, ("replaces", second))
    room.consent("ada", "research", "yes", seen_by="only-me")
    assert "eleven" not in room.opened().wordings(research=True).to_csv()


@pytest.mark.parametrize(("before", "now"), [("named", "none"), ("none", "named"), ("named", "perspective")])
def test_a_name_that_was_taken_off_a_text_stands_beside_none_of_its_wordings(room: Room, before: str, now: str) -> None:
    first = room.add("ada", "view", {"text": "The tray at ten", "shown": before})
    view = room.add("bo", "understanding", {"text": "We see a tray"}, ("rests-on", first))
    room.add("ada", "edit", {"text": "The tray at eleven", "shown": now}, ("replaces", first))
    workshop = room.opened()
    earlier = workshop.wordings().query("version == @first").iloc[0]
    assert (earlier["by"], earlier["person"]) == ("", "")
    step = next(step for step in workshop.trace(view)["steps"] if step["version"] == first)
    assert step["by"] == "", "a trace leads to the wording that was meant"


def test_a_hidden_name_in_an_earlier_wording_is_pointed_out(room: Room) -> None:
    room.consent("bo", "naming", "perspective")
    first = room.write("ada", "As Bo said", kind="view")
    assert room.opened().contributions().attrs["hold_hidden_names"] == [first]
    room.edit("ada", "As somebody said", first)
    assert room.opened().wordings().attrs["hold_hidden_names"] == [first]


def test_talk_brought_in_says_when_its_words_were_said_and_in_which_language(room: Room) -> None:
    import_transcript(room.record, room.workshop, read_webvtt(TALK, "meeting.vtt"), agreed="yes", lang="en")
    typed = room.add("ada", "utterance", {"text": "Här bor jag", "lang": "sv"})
    table = cowork.open(room.path).contributions(research=False)
    timed = table[table["said_from_ms"].notna()]
    assert rows(timed, "text", "said_from_ms", "said_to_ms", "lang") == [
        ("The stop is too far away.", 1500, 4250, "en"),
        ("I never waited there.", 5000, 7000, "en"),
    ]
    last = table.set_index("id").loc[typed]
    assert last["lang"] == "sv" and len(table) == 3, "typed words have no time of speech"
