"""Plain text: a name and a colon before what each person says, as people and programs write talk down.

All words are kept. What becomes something else: a speaker's name before the colon becomes the speaker; a time mark in
a place of its own becomes the time of the turn; a line end inside a paragraph becomes a space, unless the lines are a
list; empty lines between two paragraphs of one turn become one line break. White space at the ends of a line falls
away. A speaker without words makes no turn. What a program put around the talk is left out and named (`frame`).

Speech holds colons too, so nothing before a colon is a name by itself: a name comes again, or looks like one in a file
where others do. What was taken for a name is shown to a person before anything enters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from cowork.core.errors import InvalidImport
from cowork.imports.encoding import split_lines
from cowork.imports.formats.boilerplate import BRACKETED_CLOCK as _BRACKETED_CLOCK
from cowork.imports.formats.boilerplate import CLOCK as _CLOCK
from cowork.imports.formats.boilerplate import NumberedLine, strip_boilerplate
from cowork.imports.formats.line_breaks import Turn, joined_lines_remark
from cowork.imports.speaker_names import MAX_NAME_LENGTH, clean_name, is_label, looks_like_name
from cowork.imports.transcript import Parsed, Remark, Utterance, check_length

_MARK_FIRST = re.compile(rf"(?:({_BRACKETED_CLOCK})\s*|({_CLOCK})(?:\s+|$))")
_MARK_LAST = re.compile(rf"(\S.*?)\s*({_BRACKETED_CLOCK}|{_CLOCK})")
_BEFORE_COLON = re.compile(rf"(\S.{{0,{MAX_NAME_LENGTH - 1}}}?)\s{{0,9}}(?::(?:\s+|$)|：\s*)")
_HEADING = re.compile(rf"(\S.{{0,{MAX_NAME_LENGTH - 1}}}?)\s{{1,40}}({_BRACKETED_CLOCK}|{_CLOCK})\s*:?")
_OTTER_END = re.compile(r"Transcribed by https?://otter\.ai/?")

#: More lines than any talk has: a thousand pages. Each is looked at in several ways, and that takes room.
MAX_TURN_LINES = 100_000

#: In so short a text names may come once each.
_SHORT_TEXT_LINES = 30


class _Line(NamedTuple):
    """A line with something on it, and how it reads if somebody begins to speak there.

    `words` and `words_marked` are those of a turn. A time mark is `placed`
    where it stands before a name, in brackets, or on a line of its own: there it is no part of a sentence.
    """

    number: int
    text: str
    after_empty: bool
    name: str
    mark: str
    words: str
    words_marked: str
    placed: bool = False
    above: bool = False


def parse(text: str) -> Parsed:
    """The turns in a plain text. Raises InvalidImport where a turn, or all of it, is longer than it may be."""
    found = list(islice(_numbered_lines(text), MAX_TURN_LINES + 1))
    if len(found) > MAX_TURN_LINES:
        raise InvalidImport("import.too_many", limit=MAX_TURN_LINES)
    rows, left_out, meet = strip_boilerplate(found)
    if not rows:
        return Parsed("plain", 0, ())
    format, lines = "meet" if meet else "plain", [_by_colon(*row) for row in rows]
    begins = _turn_starts(lines)
    headed = [_by_heading(*row) for row in rows]
    heads = _turn_starts(headed)
    if len(heads) > len(begins) and _mostly_in_order([headed[place].mark for place in sorted(heads)]):
        lines, begins = headed, heads
        if _OTTER_END.fullmatch(lines[-1].text):
            format, lines, left_out = "otter", lines[:-1], (*left_out, lines[-1].text)
    placed = meet or lines is headed or _marks_are_placed(lines, begins)
    turns = _turns(lines, begins, placed)
    marks = [turn.mark for turn in turns if turn.speaker is not None or not begins]
    every = len(marks) > 1 and all(marks) and _in_order(marks)
    utterances = tuple(_utterances(turns, format, lambda turn: every or (placed and turn.placed)))
    return Parsed(format, len(turns), utterances, tuple(_remarks(turns, left_out)))


def _remarks(turns: Iterable[Turn], left_out: tuple[str, ...]) -> Iterator[Remark]:
    if left_out:
        yield Remark("import.summary.left_out", {"lines": left_out})
    yield from joined_lines_remark(turns)


def _utterances(turns: Iterable[Turn], format: str, timed: Callable[[Turn], bool]) -> Iterator[Utterance]:
    position = 0
    for turn in turns:
        words = turn.words if timed(turn) else turn.words_marked
        if not words:
            continue
        check_length(words, turn.line)
        unknown = format == "otter" and turn.speaker == "Unknown Speaker"
        from_ms = _milliseconds(turn.mark) if timed(turn) and turn.mark else None
        yield Utterance(None if unknown else turn.speaker, words, from_ms, None, position)
        position += 1


def _marks_are_placed(lines: Sequence[_Line], begins: set[int]) -> bool:
    """True where half of the turns or more have a time in a place of its own: there such marks are times.

    Also where time runs back, or where some turns have none: one wrong figure must not make words of all marks.
    """
    starts = [lines[place] for place in sorted(begins)] if begins else lines
    marked = sum(bool(line.mark) and line.placed for line in starts)
    return marked > 1 and marked * 2 >= len(starts)


def _turns(lines: Sequence[_Line], begins: set[int], placed: bool) -> list[Turn]:
    """Turns in order. What stands before the first name, or where nobody is named, is a turn for each paragraph.

    Where times are `placed`, a line that begins with one begins a turn, of whoever speaks.
    """
    unbroken = not begins and not any(line.after_empty for line in lines[1:])
    turns: list[Turn] = []
    for place, line in enumerate(lines):
        again = placed and line.placed and bool(line.mark)
        if place in begins:
            turns.append(Turn(line.number, line.name, line.mark, line.placed, line.words, line.words_marked))
        elif turns and not again and not unbroken and (turns[-1].speaker is not None or not line.after_empty):
            turns[-1].add(line.text, line.after_empty)
        else:
            mark, words = (line.mark, line.text) if line.above else _split_time_mark(line.text)
            speaker = turns[-1].speaker if turns else None
            turns.append(Turn(line.number, speaker, mark, line.placed, words, line.text))
    return turns


# ---- lines


def _numbered_lines(text: str) -> Iterator[NumberedLine]:
    """Each line with something on it."""
    after_empty = True
    for number, line in enumerate(split_lines(text), 1):
        words = line.strip()
        if words:
            yield number, words, after_empty, ""
        after_empty = not words


def _by_colon(number: int, text: str, after_empty: bool, above: str) -> _Line:
    """A line read as `[00:12:03] Name: words`; the mark may stand on any side of the name, above it, or nowhere."""
    mark, rest = _split_time_mark(text)
    found = _BEFORE_COLON.match(rest)
    name = _speaker_name(found[1]) if found else ""
    if found is None or not name:
        placed = bool(above) or text.startswith(("[", "("))
        return _Line(number, text, after_empty, "", above or mark, text if above else rest, text, placed, bool(above))
    words = rest[found.end() :]
    marked = f"{mark} {words}".strip()
    placed = bool(mark)
    if not mark and (last := _MARK_LAST.fullmatch(name)) and _speaker_name(last[1]):
        name, mark, placed = _speaker_name(last[1]), last[2], True
        marked = f"{mark} {words}".strip()
    elif not mark and not above:
        placed = words.startswith(("[", "("))
        mark, words = _split_time_mark(words)
    if above and not mark:
        return _Line(number, text, after_empty, name, above, words, words, True, True)
    return _Line(number, text, after_empty, name, mark, words, marked, placed)


def _by_heading(number: int, text: str, after_empty: bool, above: str) -> _Line:
    """A line read as `Name  0:03`, with the words on the lines that follow."""
    found = _HEADING.fullmatch(text)
    name = _speaker_name(found[1]) if found else ""
    if found is None or not name:
        return _Line(number, text, after_empty, "", "", text, text)
    return _Line(number, text, after_empty, name, found[2], "", "", True)


def _speaker_name(words: str) -> str:
    """The words as a name, or "" where they cannot be one: figures alone name nobody, nor does "Note"."""
    name = clean_name(words)
    return name if any(sign.isalpha() for sign in name) and not is_label(name) else ""


def _split_time_mark(text: str) -> tuple[str, str]:
    """(time mark at the beginning or "", the rest)."""
    found = _MARK_FIRST.match(text)
    return (found[1] or found[2], text[found.end() :]) if found else ("", text)


def _milliseconds(mark: str) -> int:
    whole, _, part = mark.strip("[]()").replace(",", ".").partition(".")
    seconds = 0
    for figures in whole.split(":"):
        seconds = seconds * 60 + int(figures)
    return seconds * 1000 + int(part.ljust(3, "0") if part else 0)


def _in_order(marks: Sequence[str]) -> bool:
    """True where no time is before the one above it: figures that run back are no times of talk."""
    times = [_milliseconds(mark) for mark in marks]
    return times == sorted(times)


def _mostly_in_order(marks: Sequence[str]) -> bool:
    """True where time runs back at every second place at the most."""
    times = [_milliseconds(mark) for mark in marks]
    backward_times = sum(now < before for before, now in pairwise(times))
    return backward_times * 2 <= len(times) - 1


# ---- who speaks


def _turn_starts(lines: Sequence[_Line]) -> set[int]:
    """The places of the lines on which somebody begins to speak; empty where the text names nobody."""
    found = [place for place, line in enumerate(lines) if line.name]
    units = len(lines)
    for stands in (_is_marked, _follows_empty_line):
        # Where all names that come again stand in one way, a colon that stands otherwise is inside somebody's talk.
        # A name that comes again is never left out so: its person would speak under somebody else's.
        counts = Counter(lines[place].name for place in found)
        again = [place for place in found if counts[lines[place].name] > 1 and looks_like_name(lines[place].name)]
        if again and all(stands(lines[place]) for place in again):
            found = [place for place in found if stands(lines[place])]
            units = sum(map(stands, lines))
    names = _speaker_names([(place, lines[place].name) for place in found], units)
    return {place for place in found if lines[place].name in names}


def _is_marked(line: _Line) -> bool:
    return bool(line.mark)


def _follows_empty_line(line: _Line) -> bool:
    return line.after_empty


def _speaker_names(found: Sequence[tuple[int, str]], units: int) -> set[str]:
    """Which of the words before a colon, given with their places, are names; empty where the text names nobody."""
    if not found:
        return set()
    counts = Counter(name for _, name in found)
    looks = {name for name in counts if looks_like_name(name)}
    # Small letters may be a part ("interviewer") or the words before any colon ("and then").
    again = {
        name
        for name, count in counts.items()
        if count > 1 and (name in looks or (len(name.split()) <= 3 and count * 10 >= units))
    }
    spoken = sum(counts[name] for name in again)
    opens = next((place for place, name in found if name in again & looks), None)
    every = len(found) == units
    if spoken * 2 > units or opens == 0 or (opens is not None and opens <= 10 and len(again & looks) > 1):
        capitals = sum(counts[name] for name in again if name.isupper()) * 10 >= spoken * 9
        once = looks | {name for name in counts if every and len(name.split()) <= 3}
        return again | {name for name in once if name.isupper() or not capitals}
    first = next((place for place, name in found if name in looks), units)
    few = first <= 2 and units < _SHORT_TEXT_LINES and (len(looks) > 1 or (every and looks == set(counts)))
    return looks if few else set()
