"""Bytes become text only where somebody knows how: by its mark, as UTF-8, or because a person said so."""

from __future__ import annotations

import pytest

from cowork.core.errors import InvalidImport
from cowork.imports.encoding import (
    MAX_FILE_BYTES,
    MAX_LINES,
    OFFERED_ENCODINGS,
    candidate_encodings,
    check_size,
    encoding_sample,
    encoding_samples,
    read_text,
    split_lines,
)
from cowork.text import LANGS, translate

WORDS = "WEBVTT\n\nÅsa säger: Größe, šum, 你好, 👍🏽\n"


def why(data: bytes, encoding: str | None = None) -> str:
    with pytest.raises(InvalidImport) as caught:
        read_text(data, encoding)
    for lang in LANGS:  # each refusal is a sentence in each language
        assert translate(caught.value.key, lang, **caught.value.values)
    return caught.value.key


@pytest.mark.parametrize(
    ("data", "used"),
    [
        (WORDS.encode(), "UTF-8"),
        (WORDS.encode("utf-8-sig"), "UTF-8"),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), "UTF-16"),
    ],
)
def test_utf8_and_marked_utf16_are_read_and_said(data: bytes, used: str) -> None:
    assert read_text(data) == (WORDS, used)


def test_letters_of_another_kind_are_refused_until_somebody_names_them() -> None:
    data = "WEBVTT\n\nÅsa säger: ja\n".encode("cp1252")
    assert why(data) == "import.encoding"
    assert read_text(data, "cp1252") == ("WEBVTT\n\nÅsa säger: ja\n", "cp1252")


def test_a_stated_encoding_has_to_fit_every_byte() -> None:
    assert why("ja, é".encode("cp1252"), "utf-8") == "import.encoding"
    assert why(b"\x81 is nothing", "cp1252") == "import.encoding"


@pytest.mark.parametrize("name", ["klingon", "rot13", "base64", "zlib", ""])
def test_an_encoding_that_does_not_exist_or_makes_no_text_is_refused(name: str) -> None:
    assert why(b"WEBVTT", name) == "import.encoding_unknown"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_not_guessed(codec: str) -> None:
    assert why(WORDS.encode(codec)) == "import.encoding_unsure"
    assert read_text(WORDS.encode(codec), codec)[0] == WORDS


@pytest.mark.parametrize("data", [b"", b"  \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf \n"])
def test_nothing_is_called_empty(data: bytes) -> None:
    assert why(data) == "import.empty"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\x1f\x8b\x08" + bytes(range(256)),
        b"PK\x03\x04" + bytes(range(1, 256)),
        b"WEBVTT\n\nhello\0there",
        "WEBVTT\n\nhello\0there".encode("utf-8-sig"),
    ],
)
def test_what_is_no_text_is_called_that(data: bytes) -> None:
    assert why(data) == "import.binary"


@pytest.mark.parametrize("data", ["hej då 👍".encode()[:-2], b"\xff\xfe" + "hej".encode("utf-16-le")[:-1]])
def test_half_a_letter_at_the_end_means_the_file_was_cut(data: bytes) -> None:
    assert why(b"a\nb\n" + data if data[:1] == b"h" else data) == "import.cut_off"


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidImport) as caught:
        check_size(50 * 1024 * 1024)
    assert caught.value.values == {"n": 50, "limit": 10}
    assert why(b"a" * (MAX_FILE_BYTES + 1)) == "import.too_big"
    check_size(MAX_FILE_BYTES)


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("begin", [b"Anna: hi", b"\xe5", b"WEBVTT\n\nNOTE"])
def test_millions_of_lines_are_refused_before_any_is_parted(begin: bytes, ends: bytes) -> None:
    assert why(begin + ends * (2 * MAX_LINES + 1)) == "import.too_many"


def test_lines_break_only_where_webvtt_breaks_them() -> None:
    assert split_lines("a\r\nb\rc\nd\u2028e\x0bf\x85g") == ["a", "b", "c", "d\u2028e\x0bf\x85g"]


# ---- what a person is offered


@pytest.mark.parametrize("used", ["cp1252", "mac_roman", "utf-16-le", "utf-16-be"])
def test_the_right_encoding_is_among_those_offered_and_its_words_show(used: str) -> None:
    data = "Anna: vi ses\nÅsa säger: då, på ön\n".encode(used)
    offered = candidate_encodings(data)
    assert used in offered and encoding_sample(data, used) == "Åsa säger: då, på ön"
    assert len({data.decode(name) for name in offered}) == len(offered)  # a choice between equal words is none


def test_cyrillic_and_central_european_letters_have_theirs_among_the_offers() -> None:
    assert "cp1251" in candidate_encodings("Анна: да\n".encode("cp1251"))
    assert "cp1250" in candidate_encodings("Zoë Dvořák: šest žlutých\n".encode("cp1250"))


def test_what_is_plain_enough_leaves_nothing_to_choose() -> None:
    assert candidate_encodings(b"Anna: yes\n") == ["utf-8"]
    assert candidate_encodings(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))) == []
    assert candidate_encodings("Åsa".encode())[0] == "utf-8"  # the likeliest first


def test_every_encoding_that_is_offered_can_be_read_with() -> None:
    for name in OFFERED_ENCODINGS:
        data = "Anna: yes\n".encode(name)
        assert read_text(data, name) == ("Anna: yes\n", name)


def test_a_sample_shows_the_letter_that_is_in_doubt_even_far_into_a_line() -> None:
    words = ("a " * 5000 + "på ön").encode("cp1252")
    shown = encoding_sample(words, "cp1252")
    assert shown.startswith("…") and "på ön" in shown and len(shown) <= 101
    assert encoding_sample(b"\n \nfirst\nsecond\n", "utf-8") == "first"


def test_two_that_look_alike_are_shown_where_they_differ() -> None:
    data = ("Märta: Väl.\n" * 50 + "Bo: It is £200 and no more.\r\nMärta: Nej.\n").encode("cp1252")
    shown = encoding_samples(data, candidate_encodings(data))
    assert shown["cp1252"] == "Märta: Väl. … Bo: It is £200 and no more."
    assert shown["cp1250"] == "Märta: Väl. … Bo: It is Ł200 and no more."
    assert "…" not in shown["mac_roman"]  # it differs from the first letter on


def test_a_sample_of_what_differs_is_short_in_a_line_that_is_a_whole_page() -> None:
    data = ("é " * 5000 + "£" + " b" * 5000).encode("cp1252")
    shown = encoding_samples(data, ["cp1252", "cp1250"])
    assert "£" in shown["cp1252"] and "Ł" in shown["cp1250"]
    assert all(len(words) < 200 for words in shown.values())


def test_an_only_foreign_letter_at_the_end_is_asked_about_rather_than_called_a_cut() -> None:
    assert why("vi ses då".encode("cp1252")) == "import.encoding"
    assert why("då, vi ses d👍".encode()[:-1]) == "import.cut_off"


def test_text_that_steers_a_machine_is_no_text() -> None:
    assert why(b"\x01\x02\x03 hello") == "import.binary"
    assert why(b"\x01\x02\x03 hello", "latin-1") == "import.binary"
    assert read_text(b"page one\x0cpage two\x0band \x1b[1mbold")[0]
