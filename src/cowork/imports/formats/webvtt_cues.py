"""The cues of a WebVTT file, read strictly: each line is a time, an id, a note or words, or the file is refused.

A reader made for showing captions skips what it does not understand. Here a line that was skipped would be words that
are lost, so whatever fits nowhere is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cowork.core.errors import ImportError_

_TIME = r"(?:(\d+):)?([0-5]?\d):([0-5]?\d)\.(\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?=\s|$)")
#: An arrow beside what was meant as a time: never words, though it is no time either.
_BROKEN_TIMES = re.compile(r"\s*\d+:[\d:.,]*\s*-->|.*-->\s*\d+:[\d:.,]*\s*$")
_TEAMS_ID = re.compile(r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/\d+)-\d+")
_NOTE = re.compile(r"NOTE(?:[ \t]|$)")
#: What recognition writes about itself. Some programs leave out the empty line that keeps a note from the words.
_MACHINE_NOTE = re.compile(r"NOTE[ \t]+(?:Confidence|duration|language|recognizability)[ \t]*[:=]", re.IGNORECASE)

#: More cues than any meeting has: one for each word that is said in ten hours.
MAX_CUES = 100_000


class Cue(NamedTuple):
    """Words on a screen for some time. `lines` hold no empty one; `line` is where the cue begins, counted from 1."""

    id: str
    lines: list[str]
    from_ms: int
    to_ms: int
    line: int

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class Cues(NamedTuple):
    """What stands in a file: its cues, the notes that stood among words, and whether recognition graded itself."""

    cues: list[Cue]
    notes: list[str]
    graded: bool


def teams_utterance(cue_id: str) -> str | None:
    """The utterance in Teams of which the cue with this id is a piece, or None for any other id."""
    found = _TEAMS_ID.fullmatch(cue_id.strip())
    return found[1] if found else None


def read_cues(lines: Sequence[str]) -> Cues:
    """Every cue in these lines, of which the first is the header. Raises ImportError_ with the line to blame."""
    return _Reader(lines).read()


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.found = Cues([], [], False)
        self.graded = False

    def read(self) -> Cues:
        at = 1
        while at < len(self.lines) and self.lines[at].strip() and not self._times(at):
            at += 1  # the header may have lines of its own
        while (at := self._next(at)) < len(self.lines):
            at = self._cue(at) if self._begins_cue(at) else self._other(at)
        return self.found._replace(graded=self.graded)

    def _times(self, at: int) -> re.Match[str] | None:
        line = self.lines[at] if at < len(self.lines) else ""
        return _TIMES.match(line) if "-->" in line else None

    def _next(self, at: int) -> int:
        """The place of the next line with something on it, or of the end."""
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        return at

    def _begins_cue(self, at: int) -> bool:
        """True where a time stands on this line, or on the next one below an id."""
        if at >= len(self.lines) or not self.lines[at].strip():
            return False
        return bool(self._times(at) or ("-->" not in self.lines[at] and self._times(at + 1)))

    def _cue(self, at: int, cue_id: str = "") -> int:
        """Take the cue that begins here, and return the place after it."""
        begin, id_line = at, self.lines[at].strip()
        times = self._times(at)
        if times is None:
            times, at = self._times(at + 1), at + 1
            if _NOTE.match(id_line):
                self._note(id_line)
            else:
                cue_id = id_line
        assert times is not None
        words, after = self._words(at + 1)
        if not words and self._next(after) == len(self.lines):
            raise ImportError_("import.cut_off", n=at + 1)
        if len(self.found.cues) == MAX_CUES:
            raise ImportError_("import.too_many", limit=MAX_CUES)
        self.found.cues.append(Cue(cue_id, words, _ms(times, 1), _ms(times, 5), begin + 1))
        return after

    def _words(self, at: int) -> tuple[list[str], int]:
        """The words under a time, and the place after them. An empty line between the two is no end."""
        first = self._next(at)
        if first > at and (first == len(self.lines) or self._begins_cue(first) or self._is_remark(first)):
            return [], at
        words: list[str] = []
        at = first
        while at < len(self.lines):
            line = self.lines[at]
            if not line or (not line.strip() and self._ends_words(at + 1)):
                break
            if "-->" in line:
                if self._times(at):
                    if words and _is_id(words[-1]):
                        # Without an empty line between them, the id of the next cue would be read as words.
                        raise ImportError_("error.import", n=at + 1)
                    break
                if _BROKEN_TIMES.match(line):
                    raise ImportError_("error.import", n=at + 1)
            if _MACHINE_NOTE.match(line):
                self._note(line.strip())
            elif line.strip():
                words.append(line.strip())
            at += 1
        return words, at

    def _ends_words(self, at: int) -> bool:
        """True where a line of white space above this one parts two cues. Rolling captions have such lines inside."""
        if at >= len(self.lines) or not self.lines[at].strip():
            return True
        return self._begins_cue(at) or self._is_remark(at)

    def _is_remark(self, at: int) -> bool:
        return bool(_NOTE.match(self.lines[at])) or (
            not self.found.cues and self.lines[at].strip() in ("STYLE", "REGION")
        )

    def _other(self, at: int) -> int:
        """Pass over a note, a style, a region or the id of a cue further down; anything else is refused."""
        end = at
        while end < len(self.lines) and self.lines[end].strip() and not self._times(end):
            end += 1
        block = [line.strip() for line in self.lines[at:end]]
        follows = self._next(end)
        if len(block) == 1 and _is_id(block[0]) and self._times(follows):
            return self._cue(follows, block[0])
        if self._is_remark(at) and not any("-->" in line for line in block):
            self.graded = self.graded or block[0].startswith("NOTE Confidence")
            if end < len(self.lines) and self._times(end) and _is_id(block[-1]):
                return self._cue(end, block[-1])
            return end
        broken = next((place for place, line in enumerate(block) if "-->" in line), 0)
        raise ImportError_("import.cut_off" if follows == len(self.lines) else "error.import", n=at + 1 + broken)

    def _note(self, line: str) -> None:
        self.graded = self.graded or line.startswith("NOTE Confidence")
        self.found.notes.append(line)


def _is_id(line: str) -> bool:
    return line.isdecimal() or bool(_TEAMS_ID.fullmatch(line))


def _ms(times: re.Match[str], group: int) -> int:
    hours, minutes, seconds, part = times.group(group, group + 1, group + 2, group + 3)
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(part.ljust(3, "0"))
