"""The import command: what it shows before anything enters, what it refuses, and that nothing enters half."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from click.testing import Result
from support.command_line import PLAIN, TALK, begun, run, talk, texts

import cowork
from cowork.imports import detect
from cowork.imports.preview import preview_transcript
from cowork.text import LANGS

pytestmark = pytest.mark.usefixtures("in_english")


def test_import_shows_what_it_found_and_asks_before_anything_enters(record: Path, tmp_path: Path) -> None:
    code = begun(record)
    args = ("import", talk(tmp_path), "--workshop", code, "--record", record)
    for answer in ("n\n", "\n", "", "perhaps\n"):
        result = run(*args, answer=answer)
        assert (result.exit_code, texts(record, code)) == (6, [])
        assert "Nothing was brought in." in result.stderr
    assert "talk.vtt" in result.stdout and "Zoom" in result.stdout and "UTF-8" in result.stdout
    assert "Voice 1: Åsa Berg (2)" in result.stdout and "0:00:01 Good morning, Bo" in result.stdout
    assert "0:01:04 Shall we" in result.stdout  # the end, so that a cut is seen
    result = run(*args, answer="y\n")
    assert (result.exit_code, texts(record, code)) == (0, ["Good morning, Bo", "Morning", "Shall we"])
    assert set(cowork.open(record, code).contributions()["by"]) == {"Voice 1", "Voice 2"}


def test_import_with_yes_asks_nothing_and_keeps_names_only_with_what_was_agreed(record: Path, tmp_path: Path) -> None:
    code = begun(record)
    args = ("import", talk(tmp_path), "--workshop", code.lower().replace("-", " "), "--yes", "--record", record)
    assert run(*args, "--agreed", "Both said yes on Monday").exit_code == 0
    assert set(cowork.open(record, code).contributions()["by"]) == {"Åsa Berg", "Bo Ek"}


def test_the_same_file_twice_is_refused_unless_it_is_meant(record: Path, tmp_path: Path) -> None:
    code = begun(record)
    args = ("import", talk(tmp_path), "--workshop", code, "--yes", "--record", record)
    assert run(*args).exit_code == 0
    again = run(*args)
    assert (again.exit_code, len(texts(record, code))) == (4, 3)
    assert "already here" in again.stderr
    assert run(*args, "--again").exit_code == 0
    assert len(texts(record, code)) == 6


def test_letters_of_another_kind_need_their_name(record: Path, tmp_path: Path) -> None:
    code = begun(record)
    args = ("import", talk(tmp_path, encoding="cp1252"), "--workshop", code, "--yes", "--record", record)
    refused = run(*args)
    assert refused.exit_code == 4 and "--encoding" in refused.stderr
    taken = run(*args, "--encoding", "cp1252")
    assert taken.exit_code == 0 and "Åsa Berg" in taken.stdout and "cp1252" in taken.stdout


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r", "not text"),
        (b" \r\n\t", "empty"),
        (b"PK\x03\x04" + b"[Content_Types].xml" + bytes(40), "Word or PDF"),
        (b"{\\rtf1 hello}", "Word or PDF"),
        (b'{"segments": []}', "this kind of file"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nhello", "not WebVTT"),
        (b"Anna: hello\0there", "not text"),
        ("Anna: nå\nBo: ja".encode("utf-16-le"), "how its letters are written"),
        ("Bo: då\nAnna: nå\nBo: ä".encode("cp1252"), "--encoding"),
        ("Åsa: hej\nBo: då 👍".encode()[:-2], "line 2"),
        (b"Anna: hello\nBo: \xed\xa0\x80", "as UTF-8"),
        (b"Anna: hello\nBo: " + b"ja " * 70_000, "line 2 has more than 100000"),
        (b"Anna:\nBo:\nAnna:\n", "no talk"),
        (TALK[: TALK.rindex("-->") + 3].encode(), "line 12"),
        (b"WEBVTT\n\nx", "line 3"),
        (TALK.replace(" --> ", " -> ", 1).encode(), "line 3"),
        (b"WEBVTT\n\n" + b"0" * (10 * 1024 * 1024), "11 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_and_nothing_enters(
    record: Path, tmp_path: Path, data: bytes, words: str
) -> None:
    code, path = begun(record), tmp_path / "bad.vtt"
    path.write_bytes(data)
    result = run("import", path, "--workshop", code, "--yes", "--record", record)
    assert (result.exit_code, result.stdout, texts(record, code)) == (4, "", [])
    assert words in result.stderr


def test_fifty_megabytes_are_refused_without_being_read(record: Path, tmp_path: Path) -> None:
    code, path = begun(record), tmp_path / "big.vtt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    result = run("import", path, "--workshop", code, "--yes", "--record", record)
    assert result.exit_code == 4 and "50 MB" in result.stderr


def test_a_pipe_is_read_no_further_than_what_we_take(record: Path, tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    code, pipe = begun(record), tmp_path / "pipe"
    os.mkfifo(pipe)

    def pour(data: bytes) -> Result:
        writer = Thread(target=_pour, args=(pipe, data))
        writer.start()
        result = run("import", pipe, "--workshop", code, "--yes", "--record", record)
        writer.join()
        return result

    refused = pour(b"a" * (50 * 1024 * 1024))
    assert (refused.exit_code, texts(record, code)) == (4, []) and "larger than 10 MB" in refused.stderr
    assert pour(PLAIN.encode()).exit_code == 0
    assert texts(record, code) == ["Good morning, Bo", "Morning", "Shall we"]


def _pour(pipe: Path, data: bytes) -> None:
    with suppress(BrokenPipeError), pipe.open("wb") as opened:
        opened.write(data)


def test_plain_text_comes_in_whatever_the_file_is_called(record: Path, tmp_path: Path) -> None:
    code, path = begun(record), tmp_path / "talk.vtt"
    path.write_text(PLAIN, "utf-8")
    result = run("import", path, "--workshop", code, "--yes", "--record", record)
    assert result.exit_code == 0 and "Kind of file: Plain text" in result.stdout
    assert "The file does not say when it was said." in result.stdout
    assert "Voice 1: ÅSA BERG (2)" in result.stdout and "  Good morning, Bo" in result.stdout.splitlines()
    assert texts(record, code) == ["Good morning, Bo", "Morning", "Shall we"]
    assert set(cowork.open(record, code).contributions()["by"]) == {"Voice 1", "Voice 2"}


def test_a_text_that_names_nobody_says_so_and_becomes_one_voice(record: Path, tmp_path: Path) -> None:
    code, path = begun(record), tmp_path / "notes.txt"
    path.write_text("We met.\n\nIt rained.\n", "utf-8")
    result = run("import", path, "--workshop", code, "--yes", "--record", record)
    assert "does not say who spoke. All of it becomes Voice 1." in result.stdout
    assert texts(record, code) == ["We met.", "It rained."]


def test_the_command_shows_the_summary_that_a_page_shows(record: Path, tmp_path: Path) -> None:
    code, path = begun(record), tmp_path / "talk.txt"
    path.write_text(PLAIN, "utf-8")
    for lang in LANGS:
        shown = run("import", path, "--workshop", code, "--record", record, "--lang", lang).stdout
        found = preview_transcript(detect.read_transcript(PLAIN.encode(), "talk.txt"), 0, lang)
        rows = [found["h"], *found["lines"], found["names"], found["inside"], *found["look"], found["first_h"]]
        rows += [row for voice in found["voices"] for row in (f"  {voice['text']}",)]
        rows += [found["last_h"], *(f"  {turn['line']}" for turn in (*found["first"], found["last"]))]
        assert sorted(shown.splitlines()) == sorted(rows)


def test_the_same_words_in_another_file_come_in_and_it_is_said(record: Path, tmp_path: Path) -> None:
    code, typed = begun(record), tmp_path / "typed.txt"
    typed.write_text(PLAIN, "utf-8")
    assert run("import", talk(tmp_path), "--workshop", code, "--yes", "--record", record).exit_code == 0
    result = run("import", typed, "--workshop", code, "--yes", "--record", record)
    assert result.exit_code == 0 and "already, from talk.vtt. Both will be kept." in result.stdout
    assert len(texts(record, code)) == 6


def test_a_file_name_that_is_no_text_is_kept_as_far_as_it_can_be(record: Path, tmp_path: Path) -> None:
    code, path = begun(record), os.fsencode(tmp_path / "talk") + b"\xe9.txt"
    try:
        with open(path, "wb") as file:
            file.write(PLAIN.encode())
    except OSError:
        pytest.skip("this system keeps no such file names")
    result = run("import", os.fsdecode(path), "--workshop", code, "--yes", "--record", record)
    assert result.exit_code == 0 and len(texts(record, code)) == 3


def test_a_file_that_is_not_there_is_said(record: Path, tmp_path: Path) -> None:
    code = begun(record)
    for path in (tmp_path / "none.vtt", tmp_path):
        result = run("import", path, "--workshop", code, "--yes", "--record", record)
        assert result.exit_code == 4 and str(path) in result.stderr


def test_a_long_talk_says_how_far_it_has_come(shared: Path, record: Path) -> None:
    code = begun(record)
    path = shared / "transcripts/zoom_acde_239/transcript.vtt"
    result = run("import", path, "--workshop", code, "--yes", "--record", record)
    assert result.exit_code == 0 and "200 of 466 brought in" in result.stderr
    assert len(texts(record, code)) == 447
