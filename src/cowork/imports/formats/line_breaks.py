"""A turn at talk that is written on several lines, and which of its line breaks stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cowork.imports.transcript import Remark

_LIST_MARKER = re.compile(r"(?:[-–—•*·▪◦‣]|\d{1,2}[.)]|[a-zA-Z]\))\s+\S")
#: A line that was broken because it was full is longer than this.
_FULL_LINE_LENGTH = 40


@dataclass
class Turn:
    """What somebody says from one line on.

    `words` is what stays where the time `mark` becomes a time, `words_marked` where it does not. `joined` holds short
    lines that became one, for a person to look at: they may have been a verse.
    """

    line: int
    speaker: str | None
    mark: str
    placed: bool
    words: str
    words_marked: str
    listing: bool = False
    last: str = ""
    joined: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.last = self.words_marked
        self.listing = self.last.endswith((":", "："))

    def add(self, text: str, after_empty: bool) -> None:
        """Add a line. What follows a colon at a line's end, or begins with the sign of a list, stays a line."""
        if after_empty:
            between, self.listing = "\n", False
        elif self.listing or _LIST_MARKER.match(text):
            between = "\n"
        else:
            between = " "
            if self.last and len(self.last) < _FULL_LINE_LENGTH:
                self.joined.append(f"{self.last} {text}")
        self.listing = self.listing or text.endswith((":", "："))
        self.words += (between if self.words else "") + text
        self.words_marked += (between if self.words_marked else "") + text
        self.last = text


def joined_lines_remark(turns: Iterable[Turn]) -> Iterator[Remark]:
    """The remark that short lines became one, where any did."""
    if joined := tuple(words for turn in turns for words in turn.joined):
        yield Remark("import.summary.joined", {"lines": joined})
