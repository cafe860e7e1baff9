"""Rolling captions: each line stays on the screen for another cue, so the file holds the same words twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cowork.imports.formats.webvtt_cues import Cue

#: People say a thing again, but not in most of what they say.
_MIN_SHARE = 0.6


def merge_rolling_captions(cues: Sequence[Cue], shown: Sequence[list[str]]) -> tuple[list[Cue], int]:
    """The cues with each word once, and how many cues repeated others; (cues, 0) where captions do not roll.

    `shown` holds the lines of each cue without markup. Captions roll by lines, where a cue begins with the last lines
    of the one before, or they grow, where a cue begins with all words of the one before.
    """
    pairs = list(pairwise(shown))
    if len(pairs) < 2:
        return list(cues), 0
    by_line = [_repeated_lines(before, now) for before, now in pairs]
    adds = [len(now) > same for same, (_, now) in zip(by_line, pairs, strict=True)]
    grown = [_is_grown(" ".join(before), " ".join(now)) for before, now in pairs]
    if sum(map(bool, by_line)) >= _MIN_SHARE * len(pairs) and any(map(min, by_line, adds)):
        return _without_lines(cues, shown, by_line)
    if sum(grown) >= _MIN_SHARE * len(pairs):
        return _without_words(cues, shown, grown)
    return list(cues), 0


def _repeated_lines(before: list[str], now: list[str]) -> int:
    """How many lines at the beginning of `now` are the last ones of `before`."""
    most = min(len(before), len(now))
    return next((count for count in range(most, 0, -1) if before[-count:] == now[:count]), 0)


def _is_grown(before: str, now: str) -> bool:
    return bool(before) and now.startswith(before + " ")


def _without_lines(cues: Sequence[Cue], shown: Sequence[list[str]], same: list[int]) -> tuple[list[Cue], int]:
    merged = [cues[0]]
    for cue, lines, count in zip(cues[1:], shown[1:], same, strict=True):
        if len(lines) > count or not lines:
            merged.append(cue._replace(lines=lines[count:] if count else cue.lines))
        else:
            merged[-1] = merged[-1]._replace(to_ms=max(merged[-1].to_ms, cue.to_ms))
    return merged, sum(map(bool, same))


def _without_words(cues: Sequence[Cue], shown: Sequence[list[str]], grown: list[bool]) -> tuple[list[Cue], int]:
    merged = [cues[0]]
    for place, (cue, more) in enumerate(zip(cues[1:], grown, strict=True), 1):
        before, now = " ".join(shown[place - 1]), " ".join(shown[place])
        merged.append(cue._replace(lines=[now[len(before) :].strip()]) if more else cue)
    return merged, sum(grown)
