"""Small files that went wrong somewhere, each with what is right: who said what, when, and what the preview says.

The files stand in `cases`, made by hand; `expect.json` beside them holds turns as (speaker, words, from ms, to ms). The
numbers of the folders are those of a list of public faults in other programs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import begun, english, run, texts

from cowork.core.entries import Actor, Draft
from cowork.core.errors import InvalidImport
from cowork.imports.detect import read_transcript
from cowork.imports.importer import import_transcript
from cowork.imports.preview import preview_transcript
from cowork.store import memory_record
from cowork.text import LANGS

CASES = Path(__file__).parent / "cases"


def files() -> Iterator[tuple[str, list[list[object]]]]:
    for expected in sorted(CASES.glob("*/expect.json")):
        for name, turns in json.loads(expected.read_text("utf-8")).get("turns", {}).items():
            yield f"{expected.parent.name}/{name}", turns


@pytest.mark.parametrize(("file", "turns"), list(files()), ids=[file for file, _ in files()])
def test_each_case_gives_its_turns(file: str, turns: list[list[object]]) -> None:
    found = read_transcript((CASES / file).read_bytes(), "talk")
    assert [[u.speaker, u.text, u.from_ms, u.to_ms] for u in found.utterances] == turns


def look(file: str, lang: str = "en") -> str:
    """What a person is told to look at."""
    return "\n".join(preview_transcript(read_transcript((CASES / file).read_bytes(), "talk"), 0, lang)["look"])


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("01-no-final-newline/zoom-no-end.vtt", "Check the last words."),
        ("01-no-final-newline/voice-no-end.vtt", "Check the last words."),
        ("05-times-run-back/one-back.txt", "Time runs back here: 0:00:59."),
        ("05-times-run-back/otter-back.txt", "Time runs back here: 0:00:59."),
        ("05-times-run-back/whisper-back.vtt", "At 0:33:12 the end comes before the beginning."),
        ("07-meet-footer/meet.txt", "Left out, since nobody said it: 📖 Transcript"),
        ("07-meet-footer/markdown.txt", "Transcription ended after 00:06:12"),
        ("08-whatsapp/android.txt", "Left out, since nobody said it: Messages and calls are end-to-end encrypted."),
        ("08-whatsapp/android.txt", "telephone numbers, and are never kept as names: +46 70 000 00 00."),
        ("08-whatsapp/twelve-hours.txt", "changed the group name to “Garden: spring”"),
        ("08-whatsapp/swedish.txt", "Maja Lind lade till Otis Bell"),
        (
            "23-clock-speaker/clock.txt",
            "Broken lines are joined to one, as here: The programme is simple. 17:30: doors",
        ),
        ("23-clock-speaker/room.vtt", "Room 3 says these names: Ann Berg, Ola Ek."),
        ("24-captions/rolling.vtt", "4 pieces repeat words shown before."),
        ("24-captions/note-glued.vtt", "Left out, since nobody said it: NOTE Confidence"),
    ],
)
def test_the_preview_says_what_was_understood(file: str, words: str) -> None:
    assert words in look(file)
    assert look(file, "sv") and look(file, "sv") != look(file)


def test_a_chat_says_that_its_dates_stay_behind() -> None:
    lines = preview_transcript(read_transcript((CASES / "08-whatsapp/ios.txt").read_bytes(), "talk"), 0)["lines"]
    assert "The messages have dates. They come in without them." in lines and "Kind of file: WhatsApp" in lines


def test_names_in_ids_that_are_not_read_are_pointed_out() -> None:
    cues = "".join(
        f"{name}\n00:0{n}.000 --> 00:0{n}.500\nHey.\n\n" for n, name in enumerate(["Maja Lind", "Otis Bell"])
    )
    found = read_transcript(f"WEBVTT\n\n{cues}".encode(), "talk")
    assert list(found.speakers) == [None]
    assert "in a place we do not read: Maja Lind, Otis Bell." in preview_transcript(found, 0)["look"][0]


def test_a_thousand_milliseconds_are_refused_with_their_line() -> None:
    with pytest.raises(InvalidImport) as caught:
        read_transcript((CASES / "02-short-times/thousand-ms.vtt").read_bytes(), "talk")
    assert (caught.value.key, caught.value.values) == ("error.import", {"n": 3})


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_asked_about_and_read_when_it_is_said(codec: str) -> None:
    data = (CASES / "09-name-twins/twins.txt").read_bytes().decode().encode(codec)
    with pytest.raises(InvalidImport, match=r"import\.encoding_unsure"):
        read_transcript(data, "talk")
    assert set(read_transcript(data, "talk", codec).speakers) == {"Zoë Björk", "Otis Bell"}


def test_a_telephone_number_is_kept_nowhere_though_names_are_agreed() -> None:
    record = memory_record()
    who, workshop = record.new_id(), record.new_id()
    record.open_workshop(Draft(workshop, "workshop", who, {"title": "x", "code": "OAK-222"}), Actor(who))
    import_transcript(
        record, workshop, read_transcript((CASES / "08-whatsapp/android.txt").read_bytes(), "c"), agreed="All said yes"
    )
    held = " ".join(str(entry.body) for _, entry in record.read_entries(workshop))
    assert "Maja Lind" in held and "70 000" not in held


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    english(monkeypatch, tmp_path)


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    "file", ["01-no-final-newline/zoom-no-end.vtt", "07-meet-footer/meet.txt", "08-whatsapp/android.txt"]
)
def test_the_command_brings_a_case_in_as_it_was_shown(file: str, tmp_path: Path) -> None:
    record = tmp_path / "a.cowork"
    code = begun(record)
    result = run("import", CASES / file, "--workshop", code, "--yes", "--record", record)
    assert result.exit_code == 0, result.stderr
    assert texts(record, code) == [str(words) for _, words, _, _ in dict(files())[file]]
    for told in preview_transcript(read_transcript((CASES / file).read_bytes(), Path(file).name), 0)["look"]:
        assert told in result.stdout


def test_what_a_case_shows_is_plain_words_in_each_language() -> None:
    for file, _ in files():
        for lang in LANGS:
            shown = json.dumps(
                preview_transcript(read_transcript((CASES / file).read_bytes(), "talk"), 0, lang), ensure_ascii=False
            )
            assert "import." not in shown and "\u202e" not in shown, file
