"""Formats texts and times for the screen: shortening and clock times, the same in every language."""

from __future__ import annotations


def format_clock(ms: int | None) -> str:
    """A place in talk as hours, minutes and seconds, 0:04:34; "" where nobody knows."""
    if ms is None:
        return ""
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def shorten(words: str, most: int, *, whole: bool = True) -> str:
    """Words on one line, of at most so many signs. `whole` cuts between two words where that leaves half or more:
    half a word is read as another."""
    return truncate(" ".join(words.split()), most, whole=whole)


def truncate(text: str, most: int, *, whole: bool = False) -> str:
    """The beginning of a text that has more signs than `most`, with … for the rest; its white space stays."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    space = kept.rfind(" ") if whole else -1
    return (kept[:space] if space > most // 2 else kept).rstrip() + "…"
