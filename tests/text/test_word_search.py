"""Where words that are looked for stand in a text."""

from __future__ import annotations

import pytest

from cowork.text.word_search import word_ranges


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("We merge on Tuesday", ["tues"], ["Tues"]),
        ("Straße, STRASSE", ["strasse"], ["Straße", "STRASSE"]),  # one sign folds into two
        ("🙂🙂 Nobody told nobody", ["nobody"], ["Nobody", "nobody"]),
        ("again and again", ["again", "gain"], ["again", "again"]),  # places that overlap are one
        ("aaa", ["aa"], ["aa"]),
        ("Nothing of it", ["xyzzy"], []),
        ("Nothing at all", [], []),
        ("", ["word"], []),
    ],
)
def test_each_place_is_a_slice_of_the_text(text: str, words: list[str], found: list[str]) -> None:
    assert [text[start:end] for start, end in word_ranges(text, words)] == found


def test_places_that_meet_are_one_and_stand_in_order() -> None:
    assert word_ranges("one two one", ["two", "one"]) == [(0, 3), (4, 7), (8, 11)]
    assert word_ranges("onetwo", ["two", "one"]) == [(0, 6)]
