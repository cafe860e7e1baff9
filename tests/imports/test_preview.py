"""What a person is shown before anything enters: all of it in words, in their language, and nothing guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cowork.imports.detect import read_transcript
from cowork.imports.preview import encoding_options, preview_transcript
from cowork.imports.transcript import Remark, Transcript
from cowork.text import LANGS

PLAIN = b"Anna Berg: hello\nBo Ek: hi\nAnna Berg: so\nBo Ek: yes\nCarin: no\nAnna Berg: " + b"on and " * 40 + b"on\n"
VTT = b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nAnna: hello\n\n2\n01:00:02.000 --> 01:00:03.000\nAnna: you\n"


def plain(name: str = "talk.txt") -> Transcript:
    return read_transcript(PLAIN, name)


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    return [text for part in value for text in texts(part)] if isinstance(value, list) else []


def test_it_says_kind_letters_turns_times_and_people() -> None:
    found = preview_transcript(plain(), 0)
    assert found["h"] == "What we found in talk.txt"
    assert found["lines"] == [
        "Kind of file: Plain text",
        "Letters read as: UTF-8",
        "6 pieces of talk",
        "6 turns at talk",
        "The file does not say when it was said.",
        "3 people spoke",
    ]


def test_times_are_said_where_there_are_some() -> None:
    found = preview_transcript(read_transcript(VTT, "talk.vtt"), 0)
    assert "Kind of file: Zoom" in found["lines"] and "From 0:00:01 to 1:00:03" in found["lines"]
    assert found["first"][0]["line"] == "0:00:01 hello" and found["last"]["line"] == "1:00:02 you"


def test_every_speaker_stands_beside_the_voice_they_become() -> None:
    found = preview_transcript(plain(), 4)
    assert [(v["number"], v["who"], v["n"]) for v in found["voices"]] == [
        (5, "Anna Berg", 3),
        (6, "Bo Ek", 2),
        (7, "Carin", 1),
    ]
    assert found["voices"][0]["text"] == "Voice 5: Anna Berg (3)"
    assert [turn["voice"] for turn in found["first"]] == ["Voice 5", "Voice 6", "Voice 5"]


def test_the_first_three_turns_and_the_last_are_shown_by_their_beginnings() -> None:
    found = preview_transcript(plain(), 0)
    assert [turn["text"] for turn in found["first"]] == ["hello", "hi", "so"]
    assert found["last"]["text"].startswith("on and on") and len(found["last"]["text"]) == 100
    assert [turn["at"] for turn in (*found["first"], found["last"])] == [""] * 4


def test_names_stay_outside_unless_something_was_agreed() -> None:
    out, kept = preview_transcript(plain(), 0), preview_transcript(plain(), 0, agreed="All said yes")
    assert "voices with numbers" in out["names"] and "are kept" in kept["names"]
    assert "stay as they were said" in out["inside"]
    assert preview_transcript(plain(), 0, agreed="  ")["names"] == out["names"]


def test_a_file_that_names_nobody_says_so() -> None:
    found = preview_transcript(read_transcript(b"hello\n\nyou\n", "x.txt"), 2)
    assert found["lines"][-1] == "The file does not say who spoke. All of it becomes Voice 3."
    assert found["names"] == "" and found["voices"][0]["who"] == "who spoke is not said"


def test_who_speaks_only_once_is_to_be_looked_at() -> None:
    assert preview_transcript(plain(), 0)["look"] == [
        "These names speak once: Carin. If one is no person, mend the file and choose it again."
    ]
    many = b"Anna: a\nBo: b\nAnna: c\nBo: d\n" + b"".join(b"P%d: x\n" % n for n in range(9))
    assert "P4 (+4)." in preview_transcript(read_transcript(many, "x"), 0)["look"][0]
    assert preview_transcript(read_transcript(VTT, "talk.vtt"), 0)["look"] == []


def test_a_talk_with_the_same_words_and_letters_in_doubt_are_said() -> None:
    assert (
        "The same words are here already, from other.vtt. Both will be kept."
        in preview_transcript(plain(), 0, duplicate="other.vtt")["look"]
    )
    doubted = read_transcript("Åsa: hej\nBo: nej\nÅsa: ja\nBo: så\n".encode(), "x.txt", "cp1252")
    assert "also reads well as UTF-8" in preview_transcript(doubted, 0)["look"][0]


@pytest.mark.parametrize(("name", "told"), [("Interview Berg.txt", True), ("meeting.txt", False), ("ek_2.txt", False)])
def test_a_name_in_the_name_of_the_file_is_said_since_that_one_stays(name: str, told: bool) -> None:
    found = preview_transcript(plain(name), 0)
    assert any("file's name is kept" in text for text in found["look"]) is told
    assert not any("file's name is kept" in text for text in preview_transcript(plain(name), 0, agreed="yes")["look"])


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_plain_data_in_each_language(lang: str) -> None:
    loud = replace(plain("Anna.txt"), remarks=(Remark("import.summary.fits_too"),))
    found = preview_transcript(loud, 0, lang, duplicate="x")
    assert json.loads(json.dumps(found)) == found
    assert not any("import." in text for text in texts(found))
    assert len(found["look"]) == 4


def test_both_languages_say_different_things_about_the_same_file() -> None:
    en, sv = (preview_transcript(plain(), 0, lang) for lang in ("en", "sv"))
    assert en["lines"][0] == "Kind of file: Plain text" and sv["lines"][0] == "Typ av fil: Ren text"
    assert [v["who"] for v in en["voices"]] == [v["who"] for v in sv["voices"]]


def test_a_name_of_500_letters_is_shown_by_its_beginning() -> None:
    data = f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v {'A' * 500}>hello</v>\n".encode()
    who = preview_transcript(read_transcript(data, "x.vtt"), 0)["voices"][0]["who"]
    assert len(who) == 60 and who.endswith("A…")


def test_encodings_are_offered_in_words_with_the_words_they_give() -> None:
    data = "Åsa: då\n".encode("cp1252")
    found = {offer["value"]: offer for offer in encoding_options(data)}
    assert found["cp1252"] == {"value": "cp1252", "label": "Windows, western Europe", "sample": "Åsa: då"}
    assert found["mac_roman"]["sample"] != "Åsa: då"
    for lang in LANGS:
        assert all(
            offer["label"] for offer in encoding_options(data, lang) + encoding_options("Åsa".encode("utf-16-le"), lang)
        )
