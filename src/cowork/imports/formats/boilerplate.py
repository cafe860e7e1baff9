"""What a program puts around talk: a title, who was invited, a clock on a line of its own, a notice at the end.

Nobody said it. It is left out and named, so that a person sees what was taken for the frame. So far this reads the text
files of Google Meet; titles and notices are known in a few languages, and what is not known stays in the talk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cowork.imports.speaker_names import MAX_NAME_LENGTH, clean_name, is_label

#: (number of the line, its words, whether an empty line stands above it, the time that stands alone above it).
NumberedLine = tuple[int, str, bool, str]

CLOCK = r"(?:\d{1,3}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,3})?"
BRACKETED_CLOCK = rf"\[{CLOCK}\]|\({CLOCK}\)"

_CLOCK_LINE = re.compile(rf"#{{0,6}}\s*\**({BRACKETED_CLOCK}|{CLOCK})\**\s*:?")
_FULL_CLOCK = re.compile(r"[\[(]?\d{1,3}:\d{1,2}:\d{2}.*|[\[(].*")
_TITLES = r"transcript|transcription|transkript|transkription|transkribering|avskrift|trascrizione|transcripción"
_TITLE = re.compile(rf"(?:.*\s[-–—]\s)?(?:{_TITLES})", re.IGNORECASE)
_INVITED = re.compile(
    r"(?:attendees|invited|deltagare|inbjudna|teilnehmer(?:innen)?|eingeladen|participants|invités|asistentes):?",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\W*(?:transcription|meeting|session|mötet|transkriberingen|transkriptionen|besprechung|transkription)\s"
    r"(?:ended after|avslutades efter|slutade efter|endete nach|beendet nach)\s\d{1,2}:\d{2}(?::\d{2})?\W*",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"computer.generated|made by a machine|might contain errors|can hold mistakes", re.IGNORECASE)
_BOLD_NAME = re.compile(rf"\*\*([^*]{{1,{MAX_NAME_LENGTH}}}?)\s*(?::\*\*|\*\*\s?:)\s*")
_NAME_COLON = re.compile(rf"(\S.{{0,{MAX_NAME_LENGTH - 1}}}?):(?:\s|$)")

#: The title and who was invited stand in so many lines at the most.
_MAX_HEAD_LINES = 15


class StrippedText(NamedTuple):
    """The lines of the talk, those of the frame, and whether the frame is Google Meet's."""

    rows: list[NumberedLine]
    left_out: tuple[str, ...]
    is_google_meet: bool


def strip_boilerplate(rows: Sequence[NumberedLine]) -> StrippedText:
    """The lines without what a program put around them. A clock that stands alone goes to the line below it."""
    bare = [(number, strip_bold_name(text), empty, above) for number, text, empty, above in rows]
    head = _head_length(bare)
    ended = next((place for place, row in enumerate(bare) if _ENDED.fullmatch(row[1])), len(bare))
    meet = ended < len(bare) or head > 0
    names = {name for _, text, _, _ in bare[head:ended] if (name := _speaker_of(text))}
    kept_lines, left_lines = list(bare[head:ended]), [row[1] for row in bare[:head]]
    inside = False
    for row in bare[ended:]:
        # Several transcripts in one file: after the end of one comes the head of the next.
        inside = not _ENDED.fullmatch(row[1]) and (inside or _speaker_of(row[1]) in names)
        if inside:
            kept_lines.append(row)
        else:
            left_lines.append(row[1])
    return StrippedText(_attach_clocks(kept_lines, meet), tuple(left_lines), meet)


def strip_bold_name(text: str) -> str:
    """The line with `**Name:** words` as `Name: words`, as a document becomes when it is saved as text."""
    found = _BOLD_NAME.match(text)
    return f"{found[1]}: {text[found.end() :]}".strip() if found else text


def _head_length(rows: Sequence[NumberedLine]) -> int:
    """How many lines stand above the talk; 0 where no title says that this is a transcript."""
    ends = (
        place
        for place, row in enumerate(rows[:_MAX_HEAD_LINES])
        if _CLOCK_LINE.fullmatch(row[1]) or _ENDED.fullmatch(row[1])
    )
    begin = rows[: next(ends, _MAX_HEAD_LINES)]
    words = [re.sub(r"^\W+|[\s*]+$", "", text) for _, text, _, _ in begin]
    titles = [place for place, text in enumerate(words) if _TITLE.fullmatch(text)]
    invited = [place for place, text in enumerate(words) if _INVITED.fullmatch(text)]
    notices = [place for place, row in enumerate(begin) if _NOTICE.search(row[1])]
    clocks = [place for place, row in enumerate(rows) if _CLOCK_LINE.fullmatch(row[1])]
    ended = any(_ENDED.fullmatch(text) for _, text, _, _ in rows)
    if not titles or not (invited or clocks or notices or ended):
        return 0
    position = max([*titles, *(place + 1 for place in invited), *notices]) + 1
    while position < len(rows) and not _CLOCK_LINE.fullmatch(rows[position][1]) and not _speaker_of(rows[position][1]):
        position += 1
    return position if position < len(rows) else 0


def _speaker_of(text: str) -> str:
    found = _NAME_COLON.match(text)
    name = clean_name(found[1]) if found else ""
    return name if any(map(str.isalpha, name)) and not is_label(name) else ""


def _attach_clocks(rows: Sequence[NumberedLine], meet: bool) -> list[NumberedLine]:
    """The rows, where a clock that stands alone on a line is the time of what comes below it.

    In a text that is not Meet's, one such line may be what somebody said; several are a program's.
    """
    found = [
        place for place, row in enumerate(rows) if (m := _CLOCK_LINE.fullmatch(row[1])) and _FULL_CLOCK.match(m[1])
    ]
    if not meet and len(found) < 2:
        return list(rows)
    clocks, kept_lines, above, empty = set(found), [], "", False
    for place, (number, text, after_empty, _) in enumerate(rows):
        if place in clocks:
            match = _CLOCK_LINE.fullmatch(text)
            above, empty = match[1] if match else "", empty or after_empty
        else:
            kept_lines.append((number, text, after_empty or empty, above))
            above, empty = "", False
    return kept_lines
