"""Words cut to a length, and places in talk by the clock."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cowork.text.format import format_clock, shorten, truncate

WORDS = st.text(st.sampled_from("abå🌿 \n\t\u00a0"), max_size=60)
MOST = st.integers(2, 50)


@given(WORDS, MOST, st.booleans())
def test_shortened_words_stand_on_one_line_and_are_a_beginning_of_what_was_written(
    words: str, most: int, whole: bool
) -> None:
    one, shown = " ".join(words.split()), shorten(words, most, whole=whole)
    assert len(shown) <= most and len(shown.splitlines()) <= 1
    assert shown == one or (shown.endswith("…") and one.startswith(shown[:-1]) and len(one) > most)
    assert not shown.endswith(" …")


@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1).map(" ".join), st.integers(14, 50))
def test_no_word_is_cut_in_half_where_words_are_short(words: str, most: int) -> None:
    shown = shorten(words, most)
    assert shown == words or f"{words} ".startswith(f"{shown[:-1]} ")


def test_a_word_that_is_half_of_all_is_cut_for_what_stands_before_it_says_too_little() -> None:
    assert shorten("Oh, incomprehensibilities", 12) == "Oh, incompr…"


@given(WORDS, MOST)
def test_a_text_that_is_only_cut_keeps_its_white_space(text: str, most: int) -> None:
    found = truncate(text, most)
    assert found == text or (text.startswith(found[:-1]) and found.endswith("…") and len(found) <= most)


@given(st.integers(0, 10**9))
def test_a_place_in_talk_is_told_in_hours_minutes_and_whole_seconds(ms: int) -> None:
    hours, minutes, seconds = map(int, format_clock(ms).split(":"))
    assert (hours * 60 + minutes) * 60 + seconds == ms // 1000
    assert re.fullmatch(r"\d+:[0-5]\d:[0-5]\d", format_clock(ms))


def test_a_place_nobody_knows_is_not_told() -> None:
    assert (format_clock(None), format_clock(0), format_clock(3_725_999)) == ("", "0:00:00", "1:02:05")
