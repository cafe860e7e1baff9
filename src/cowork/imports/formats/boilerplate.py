"""What a program puts around talk: a title, who was invited, a clock on a line of its own, a notice at the end.

Nobody said it. It is left out and named, so that a person sees what was taken for the frame. So far this reads the text
files of Google Meet; titles and notices are known in a few languages, and what is not known stays in the talk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cowork.imports.speaker_names import LONGEST_NAME, clean_name, is_label

#: (number of the line, its words, whether an empty line stands above it, the time that stands alone above it).
Row = tuple[int, str, bool, str]

CLOCK = r"(?:\d{1,3}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,3})?"
HELD = rf"\[{CLOCK}\]|\({CLOCK}\)"

_ALONE = re.compile(rf"#{{0,6}}\s*\**({HELD}|{CLOCK})\**\s*:?")
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
_BOLD_NAME = re.compile(rf"\*\*([^*]{{1,{LONGEST_NAME}}}?)\s*(?::\*\*|\*\*\s?:)\s*")
_NAMED = re.compile(rf"(\S.{{0,{LONGEST_NAME - 1}}}?):(?:\s|$)")

#: The title and who was invited stand in so many lines at the most.
_HEAD = 15


class Unframed(NamedTuple):
    """The lines of the talk, those of the frame, and whether the frame is Google Meet's."""

    rows: list[Row]
    left_out: tuple[str, ...]
    meet: bool


def unframe(rows: Sequence[Row]) -> Unframed:
    """The lines without what a program put around them. A clock that stands alone goes to the line below it."""
    bare = [(number, unbold(text), empty, above) for number, text, empty, above in rows]
    head = _head(bare)
    ended = next((place for place, row in enumerate(bare) if _ENDED.fullmatch(row[1])), len(bare))
    meet = ended < len(bare) or head > 0
    names = {name for _, text, _, _ in bare[head:ended] if (name := _name_of(text))}
    kept, left = list(bare[head:ended]), [row[1] for row in bare[:head]]
    inside = False
    for row in bare[ended:]:
        # Several transcripts in one file: after the end of one comes the head of the next.
        inside = not _ENDED.fullmatch(row[1]) and (inside or _name_of(row[1]) in names)
        if inside:
            kept.append(row)
        else:
            left.append(row[1])
    return Unframed(_clocks_above(kept, meet), tuple(left), meet)


def unbold(text: str) -> str:
    """The line with `**Name:** words` as `Name: words`, as a document becomes when it is saved as text."""
    found = _BOLD_NAME.match(text)
    return f"{found[1]}: {text[found.end() :]}".strip() if found else text


def _head(rows: Sequence[Row]) -> int:
    """How many lines stand above the talk; 0 where no title says that this is a transcript."""
    ends = (place for place, row in enumerate(rows[:_HEAD]) if _ALONE.fullmatch(row[1]) or _ENDED.fullmatch(row[1]))
    begin = rows[: next(ends, _HEAD)]
    words = [re.sub(r"^\W+|[\s*]+$", "", text) for _, text, _, _ in begin]
    titles = [place for place, text in enumerate(words) if _TITLE.fullmatch(text)]
    invited = [place for place, text in enumerate(words) if _INVITED.fullmatch(text)]
    told = [place for place, row in enumerate(begin) if _NOTICE.search(row[1])]
    clocks = [place for place, row in enumerate(rows) if _ALONE.fullmatch(row[1])]
    ended = any(_ENDED.fullmatch(text) for _, text, _, _ in rows)
    if not titles or not (invited or clocks or told or ended):
        return 0
    at = max([*titles, *(place + 1 for place in invited), *told]) + 1
    while at < len(rows) and not _ALONE.fullmatch(rows[at][1]) and not _name_of(rows[at][1]):
        at += 1
    return at if at < len(rows) else 0


def _name_of(text: str) -> str:
    found = _NAMED.match(text)
    name = clean_name(found[1]) if found else ""
    return name if any(map(str.isalpha, name)) and not is_label(name) else ""


def _clocks_above(rows: Sequence[Row], meet: bool) -> list[Row]:
    """The rows, where a clock that stands alone on a line is the time of what comes below it.

    In a text that is not Meet's, one such line may be what somebody said; several are a program's.
    """
    found = [place for place, row in enumerate(rows) if (m := _ALONE.fullmatch(row[1])) and _FULL_CLOCK.match(m[1])]
    if not meet and len(found) < 2:
        return list(rows)
    clocks, kept, above, empty = set(found), [], "", False
    for place, (number, text, after_empty, _) in enumerate(rows):
        if place in clocks:
            match = _ALONE.fullmatch(text)
            above, empty = match[1] if match else "", empty or after_empty
        else:
            kept.append((number, text, after_empty or empty, above))
            above, empty = "", False
    return kept
