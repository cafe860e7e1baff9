"""The cues of a WebVTT file, read strictly: each line is a time, an id, a note or words, or the file is refused.

A reader made for showing captions skips what it does not understand. Here a line that was skipped would be words that
are lost, so whatever fits nowhere is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cowork.core.errors import InvalidImport

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


class CueFile(NamedTuple):
    """What stands in a file: its cues, the notes that stood among words, and whether recognition graded itself."""

    cues: list[Cue]
    notes: list[str]
    graded: bool


def teams_utterance_id(cue_id: str) -> str | None:
    """The utterance in Teams of which the cue with this id is a piece, or None for any other id."""
    found = _TEAMS_ID.fullmatch(cue_id.strip())
    return found[1] if found else None


def read_cues(lines: Sequence[str]) -> CueFile:
    """Every cue in these lines, of which the first is the header. Raises InvalidImport with the line to blame."""
    return _CueReader(lines).read()


class _CueReader:
    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.found = CueFile([], [], False)
        self.graded = False

    def read(self) -> CueFile:
        position = 1
        while position < len(self.lines) and self.lines[position].strip() and not self._cue_times(position):
            position += 1  # the header may have lines of its own
        while (position := self._next_line_with_text(position)) < len(self.lines):
            position = self._read_cue(position) if self._begins_cue(position) else self._skip_block(position)
        return self.found._replace(graded=self.graded)

    def _cue_times(self, position: int) -> re.Match[str] | None:
        line = self.lines[position] if position < len(self.lines) else ""
        return _TIMES.match(line) if "-->" in line else None

    def _next_line_with_text(self, position: int) -> int:
        """The place of the next line with something on it, or of the end."""
        while position < len(self.lines) and not self.lines[position].strip():
            position += 1
        return position

    def _begins_cue(self, position: int) -> bool:
        """True where a time stands on this line, or on the next one below an id."""
        if position >= len(self.lines) or not self.lines[position].strip():
            return False
        return bool(self._cue_times(position) or ("-->" not in self.lines[position] and self._cue_times(position + 1)))

    def _read_cue(self, position: int, cue_id: str = "") -> int:
        """Take the cue that begins here, and return the place after it."""
        begin, id_line = position, self.lines[position].strip()
        times = self._cue_times(position)
        if times is None:
            times, position = self._cue_times(position + 1), position + 1
            if _NOTE.match(id_line):
                self._note(id_line)
            else:
                cue_id = id_line
        assert times is not None
        words, after = self._cue_lines(position + 1)
        if not words and self._next_line_with_text(after) == len(self.lines):
            raise InvalidImport("import.cut_off", n=position + 1)
        if len(self.found.cues) == MAX_CUES:
            raise InvalidImport("import.too_many", limit=MAX_CUES)
        self.found.cues.append(Cue(cue_id, words, _milliseconds(times, 1), _milliseconds(times, 5), begin + 1))
        return after

    def _cue_lines(self, position: int) -> tuple[list[str], int]:
        """The words under a time, and the place after them. An empty line between the two is no end."""
        first = self._next_line_with_text(position)
        if first > position and (first == len(self.lines) or self._begins_cue(first) or self._is_remark(first)):
            return [], position
        words: list[str] = []
        position = first
        while position < len(self.lines):
            line = self.lines[position]
            if not line or (not line.strip() and self._ends_cue(position + 1)):
                break
            if "-->" in line:
                if self._cue_times(position):
                    if words and _is_id(words[-1]):
                        # Without an empty line between them, the id of the next cue would be read as words.
                        raise InvalidImport("error.import", n=position + 1)
                    break
                if _BROKEN_TIMES.match(line):
                    raise InvalidImport("error.import", n=position + 1)
            if _MACHINE_NOTE.match(line):
                self._note(line.strip())
            elif line.strip():
                words.append(line.strip())
            position += 1
        return words, position

    def _ends_cue(self, position: int) -> bool:
        """True where a line of white space above this one parts two cues. Rolling captions have such lines inside."""
        if position >= len(self.lines) or not self.lines[position].strip():
            return True
        return self._begins_cue(position) or self._is_remark(position)

    def _is_remark(self, position: int) -> bool:
        return bool(_NOTE.match(self.lines[position])) or (
            not self.found.cues and self.lines[position].strip() in ("STYLE", "REGION")
        )

    def _skip_block(self, position: int) -> int:
        """Pass over a note, a style, a region or the id of a cue further down; anything else is refused."""
        end = position
        while end < len(self.lines) and self.lines[end].strip() and not self._cue_times(end):
            end += 1
        block = [line.strip() for line in self.lines[position:end]]
        follows = self._next_line_with_text(end)
        if len(block) == 1 and _is_id(block[0]) and self._cue_times(follows):
            return self._read_cue(follows, block[0])
        if self._is_remark(position) and not any("-->" in line for line in block):
            self.graded = self.graded or block[0].startswith("NOTE Confidence")
            if end < len(self.lines) and self._cue_times(end) and _is_id(block[-1]):
                return self._read_cue(end, block[-1])
            return end
        broken = next((place for place, line in enumerate(block) if "-->" in line), 0)
        raise InvalidImport("import.cut_off" if follows == len(self.lines) else "error.import", n=position + 1 + broken)

    def _note(self, line: str) -> None:
        self.graded = self.graded or line.startswith("NOTE Confidence")
        self.found.notes.append(line)


def _is_id(line: str) -> bool:
    return line.isdecimal() or bool(_TEAMS_ID.fullmatch(line))


def _milliseconds(times: re.Match[str], group: int) -> int:
    hours, minutes, seconds, part = times.group(group, group + 1, group + 2, group + 3)
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(part.ljust(3, "0"))
