"""Where words that are looked for stand in a text, whatever the case of their letters."""

from __future__ import annotations

from collections.abc import Iterable


def word_ranges(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """(start, end) in code points of each place where one of the words stands; places that meet are one."""
    folded, places = [], []
    for place, sign in enumerate(text):
        for part in sign.casefold():  # one sign may fold into two: each knows where it came from
            folded.append(part)
            places.append(place)
    whole = "".join(folded)
    found = []
    for word in {word.casefold() for word in words if word}:
        start = whole.find(word)
        while start >= 0:
            end = start + len(word)
            found.append((places[start], places[end - 1] + 1))
            start = whole.find(word, end)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
