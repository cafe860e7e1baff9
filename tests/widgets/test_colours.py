"""The colours of the pages: small words are read by people who see little, in daylight and in the dark (WCAG 1.4.6)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cowork import widgets

SHEET = (Path(widgets.__file__).parent / "runtime/base.css").read_text("utf-8")
#: An ink, and the grounds it stands on: the page, a card, and the tint that goes with it.
TINTS = {"ink": "eng-t", "muted": "ali-t", "eng": "eng-t", "ali": "ali-t", "agr": "agr-t", "act": "eng-t"}
PAIRS = sorted({(ink, ground) for ink, tint in TINTS.items() for ground in ("paper", "card", tint)})


def schemes() -> list[dict[str, str]]:
    """Each block that sets all colours: daylight, the system's dark, and the dark of a notebook's theme."""
    blocks = re.findall(r"\{([^{}]*--ink:[^{}]*--paper:[^{}]*--eng:[^{}]*)\}", SHEET)
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_stand_out_seven_to_one_from_what_they_stand_on(ink: str, ground: str) -> None:
    found = schemes()
    assert len(found) == 3
    for colours in found:
        assert contrast(colours[ink], colours[ground]) >= 7, (ink, colours[ink], ground, colours[ground])


def test_both_dark_schemes_are_one() -> None:
    _, system, theme = schemes()
    assert system == theme
