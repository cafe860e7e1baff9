"""Any file that is brought: what it is shows in what it holds, and what cannot be brought in is said in words."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import laws

from cowork.core.errors import InvalidImport
from cowork.imports.detect import read_transcript
from cowork.imports.encoding import MAX_FILE_BYTES
from cowork.imports.transcript import Remark
from cowork.text import LANGS, translate

TALK = "Åsa Berg: Good morning, Bo\n\nBo Ek: Morning\n\nÅsa Berg: Shall we\n"
VTT = (
    "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nÅsa Berg: Good morning, Bo\n\n"
    "2\n00:00:02.000 --> 00:00:03.000\nBo Ek: Morning\n\n3\n00:01:04.000 --> 00:01:05.500\nÅsa Berg: Shall we\n"
)
TURNS = [("Åsa Berg", "Good morning, Bo"), ("Bo Ek", "Morning"), ("Åsa Berg", "Shall we")]


def said(data: bytes, encoding: str | None = None) -> list[tuple[str | None, str]]:
    return [(u.speaker, u.text) for u in read_transcript(data, "talk", encoding).utterances]


def why(data: bytes, encoding: str | None = None) -> tuple[str, object]:
    with pytest.raises(InvalidImport) as caught:
        read_transcript(data, "talk", encoding)
    for lang in LANGS:  # a sentence in each language
        assert translate(caught.value.key, lang, **caught.value.values)
    return caught.value.key, caught.value.values.get("n")


def zipped(**files: bytes) -> bytes:
    with io.BytesIO() as held:
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in files.items():
                made.writestr(name.replace("__", "/"), data)
        return held.getvalue()


# ---- what it is


@pytest.mark.parametrize("name", ["talk.txt", "talk.vtt", "talk", "ljud.mp3"])
def test_the_kind_shows_in_what_a_file_holds_and_not_in_what_it_is_called(name: str) -> None:
    assert read_transcript(VTT.encode(), name).format == "zoom"
    assert read_transcript(TALK.encode(), name).format == "plain"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", [TALK, VTT])
def test_the_same_turns_come_from_either_kind_with_the_line_ends_of_any_machine(text: str, ends: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert said(text.replace("\n", ends).encode(encoding)) == TURNS


def test_letters_as_windows_and_old_macs_wrote_them_are_read_where_somebody_says_so() -> None:
    words = "Åsa: “Ja” – så här…\nBo: nej\nÅsa: då"
    for encoding in ("cp1252", "mac_roman"):
        assert why(words.encode(encoding))[0] == "import.encoding"
        assert said(words.encode(encoding), encoding)[0] == ("Åsa", "“Ja” – så här…")


def test_another_encoding_where_utf8_fits_as_well_is_a_doubt_and_no_refusal() -> None:
    found = read_transcript(TALK.encode(), "talk", "cp1252")
    assert found.speakers == {"Ã…sa Berg": 2, "Bo Ek": 1} and found.remarks == (Remark("import.summary.fits_too"),)
    assert read_transcript(TALK.encode("cp1252"), "talk", "cp1252").remarks == ()
    assert read_transcript(TALK.encode("utf-16-le"), "talk", "utf-16-le").remarks == ()
    assert read_transcript(b"Anna: ja\nBo: nej\n", "talk", "cp1252").remarks == ()


@pytest.mark.parametrize("name", ["talk\udce9.txt", "a\0b", "x" * 5000])
def test_a_file_name_is_kept_as_a_text_may_hold_it(name: str) -> None:
    held = read_transcript(TALK.encode(), name).name
    assert held.encode() and "\0" not in held and len(held) <= 200


# ---- what it is not


@pytest.mark.parametrize("data", [b"", b" \r\n\t \n", b"\xef\xbb\xbf\n", "\u3000\n\u00a0".encode(), b"\xff\xfe"])
def test_nothing_is_called_empty(data: bytes) -> None:
    assert why(data)[0] == "import.empty"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)),
        zipped(a=b"hello"),
        bytes(range(1, 32)) * 9,
        b"Anna: hello\0there\nBo: hi\n",
    ],
)
def test_what_is_no_text_is_called_that(data: bytes) -> None:
    assert why(data)[0] == "import.binary"
    assert why(data, "cp1252")[0] in ("import.binary", "import.encoding")


@pytest.mark.parametrize(
    "data",
    [
        zipped(word__document=b"<w:p>Anna: hello</w:p>"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"%PDF-1.7\n1 0 obj\n",
        b"{\\rtf1\\ansi Anna: hello\\par}",
    ],
)
def test_a_document_is_told_to_be_saved_as_text(data: bytes) -> None:
    assert why(data)[0] == "import.document"
    assert "plain text" in translate("import.document")


def test_the_word_file_of_a_real_program_is_told_to_be_saved_as_text(shared: Path) -> None:
    assert why((shared / "transcripts/rendered/teams.docx").read_bytes())[0] == "import.document"


@pytest.mark.parametrize(
    "data",
    [b"<!DOCTYPE html>\n<p>Anna: hi", b"\n<?xml version='1.0'?>\n<tt>", json.dumps({"a": [1]}).encode(),
     b"[" * 100_000, b"[" + b"[]," * 1_000_000, b'{"a": "' + b"b" * 100_000 + b'"}',
     b"0:00:00.599,0:00:04.160\nhello\n", b"start\tend\ttext\n0\t1\thello\n"],
)  # fmt: skip
def test_codes_of_a_program_do_not_stand_as_if_somebody_had_said_them(data: bytes) -> None:
    assert why(data)[0] == "import.other_kind"


@pytest.mark.parametrize("name", ["whisper.json", "whisperx.json", "whisper.tsv", "whisper.srt"])
def test_what_we_do_not_read_yet_is_refused(shared: Path, name: str) -> None:
    data = (shared / "transcripts/rendered" / name).read_bytes()
    assert why(data)[0] in ("import.other_kind", "import.not_vtt")


def test_brackets_at_the_beginning_of_talk_are_no_code() -> None:
    assert said(b"[laughs]\nAnna: so\nBo: yes\nAnna: no\n")[0] == (None, "[laughs]")
    assert said(b"{Anna}: so\nBo: yes\n{Anna}: no\n")[0] == ("{Anna}", "so")


def test_pieces_with_times_that_are_not_webvtt_are_said_to_be_that() -> None:
    assert why(b"1\n00:00:01,000 --> 00:00:02,000\nhello\n")[0] == "import.not_vtt"
    assert why(b"\n" + VTT.encode())[0] == "import.not_vtt"
    assert why(b"WEBVTTX\n\nhello\n")[0] == "import.not_vtt"
    assert why(b"WEBV")[0] == "import.not_vtt"


# ---- what is broken


def test_a_letter_cut_in_two_at_the_end_means_that_the_file_was_cut() -> None:
    for text in (TALK, VTT):
        cut = (text + "Bo Ek: då 👍").encode()[:-2]
        assert why(cut) == ("import.cut_off", text.count("\n") + 1)
        assert why(cut, "utf-8") == ("import.cut_off", text.count("\n") + 1)
    assert why(TALK.encode("utf-16")[:-1])[0] == "import.cut_off"


def test_one_foreign_letter_at_the_very_end_may_be_another_encoding() -> None:
    data = "Anna: vi ses\nBo: nå".encode("cp1252")
    assert why(data)[0] == "import.encoding"
    assert said(data, "cp1252")[1] == ("Bo", "nå")


@laws
@given(cut=st.integers(0, len(VTT.encode()) - 1))
def test_every_cut_of_a_webvtt_file_is_refused_or_asked_about_or_leaves_whole_turns(cut: int) -> None:
    try:
        found = said(VTT.encode()[:cut])
    except InvalidImport as error:
        assert translate(error.key, **error.values)
        return
    if Remark("import.summary.maybe_cut") in read_transcript(VTT.encode()[:cut], "talk").remarks:
        return
    assert [text for _, text in found] in ([text for _, text in TURNS[:n]] for n in range(1, 4)) or (
        found == [(None, "Åsa Berg: Good morning, Bo")]  # alone, nothing says yet that this is a name
    )


@laws
@given(cut=st.integers(0, len(TALK.encode()) - 1))
def test_every_cut_of_a_plain_text_is_refused_or_leaves_the_words_before_the_cut(cut: int) -> None:
    data = TALK.encode()[:cut]
    try:
        found = said(data)
    except InvalidImport as error:
        assert translate(error.key, **error.values)
        return
    held = "".join((f"{who}:" if who else "") + text for who, text in found)
    begun = re.sub(r"\n(Bo Ek|Åsa Berg):\s*$", "", data.decode())  # a name at the very end has said nothing yet
    assert "".join(held.split()) == "".join(begun.split())


def test_fifty_megabytes_are_refused_by_their_size() -> None:
    assert why(b"a" * (MAX_FILE_BYTES + 1)) == ("import.too_big", 11)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_asked_about(codec: str) -> None:
    assert why(TALK.encode(codec))[0] == "import.encoding_unsure"
    assert said(TALK.encode(codec), codec) == TURNS


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"\xff\xfeA\0\0\xd8:\0 \0", None),  # half a pair, marked as UTF-16
        (b"Anna: \xed\xa0\x80\n", None),  # half a pair, written as UTF-8 never does
        (b"Anna: \\ud800 hello\n", "unicode_escape"),
        (b"Anna: +2AA- hello\n", "utf-7"),
    ],
)
def test_half_of_a_pair_of_signs_is_refused(data: bytes, encoding: str | None) -> None:
    assert why(data, encoding)[0] in ("import.encoding", "import.cut_off", "import.binary")


@pytest.mark.parametrize("between", [" ", ""])
def test_a_single_line_of_200000_letters_is_refused_with_its_line(between: str) -> None:
    long = between.join("a" * 200_000)[:200_000]
    assert why(f"Anna: hi\n\nBo: {long}\n\nAnna: oh\n\nBo: no\n".encode()) == ("import.too_long", 3)
    assert why(long.encode()) == ("import.too_long", 1)
    assert why(VTT.replace("Morning", long).encode())[0] == "import.too_long"
    assert why(VTT.replace("Bo Ek: Morning", f"Bo Ek: {long}").encode()) == ("import.too_long", 7)


def test_a_name_of_500_letters_is_no_name_before_a_colon_and_one_in_its_own_place() -> None:
    name = "A" * 500
    assert said(f"{name}: hello\n".encode()) == [(None, f"{name}: hello")]
    data = f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v {name}>hello</v>\n".encode()
    assert said(data) == [(name, "hello")]
