"""What looks like a name, and what a person says before a colon."""

from __future__ import annotations

import pytest

from cowork.imports.speaker_names import looks_like_name


@pytest.mark.parametrize(
    "name",
    [
        "Anna",
        "SALLY JENKINS AM",
        "Juan de la Cruz",
        "Dr. Åsa af Berg",
        "P12",
        "Anna (she/her) | Ward",
        "張三",
        "دانا الف",
    ],
)
def test_names_of_many_kinds_look_like_names(name: str) -> None:
    assert looks_like_name(name)


@pytest.mark.parametrize(
    "words",
    ["and then", "Two things", "What? Anna", "“Well” Bo", "The Very Long Beginning Of One Sentence", "So…", "We; I"],
)
def test_the_beginning_of_a_sentence_does_not(words: str) -> None:
    assert not looks_like_name(words)
