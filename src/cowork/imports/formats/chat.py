"""A chat as WhatsApp writes it to a file: a date, a time, a name, a colon, words.

Telephones write the date in the way of their country, so its parts are not told apart and no time is read from it. Who
wrote stands between the date and the first colon. A line without that colon is a notice of the program, and so is one
in which what stands before it is no name; nobody said them, so they are left out and named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from cowork.core.errors import InvalidImport
from cowork.imports.encoding import split_lines
from cowork.imports.formats.line_breaks import Turn, joined_lines_remark
from cowork.imports.speaker_names import MAX_NAME_LENGTH, clean_name, is_phone_number
from cowork.imports.transcript import Parsed, Remark, Utterance, check_length

#: More lines than any chat has that people read.
MAX_MESSAGE_LINES = 200_000

_DATE = r"\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,4}\.?"
_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?\s?[Mm]\.?)?"
_DATE_TIME = rf"{_DATE},?\s(?:(?:kl|klo|um|at|a las|à|om|alle)\.?\s)?{_TIME}"
#: On an iPhone in brackets, on Android with a dash; signs for the direction of the line may stand before either.
_MESSAGE_START = re.compile(rf"[\u200e\u200f\u202a-\u202c\ufeff]*(?:\[{_DATE_TIME}\]\s?|{_DATE_TIME}(?:\s[-–]\s|:\s))")
_SENDER = re.compile(rf"(\S.{{0,{MAX_NAME_LENGTH - 1}}}?):(?:\s|$)")
_SYSTEM_NOTICE = re.compile(
    r"end-to-end.encrypted|ende-zu-ende-verschlüsselt|totalsträckskrypter|krypterade från början till slut"
    r"|chiffrés de bout en bout|cifrados? de extremo a extremo|päästä päähän",
    re.IGNORECASE,
)


def parse(text: str) -> Parsed | None:
    """The messages of a chat, or None where the text is none. Raises InvalidImport where one is too long."""
    lines = split_lines(text)
    first = next((line for line in lines if line.strip()), "")
    if not _MESSAGE_START.match(first.strip()):
        return None
    if len(lines) > MAX_MESSAGE_LINES:
        raise InvalidImport("import.too_many", limit=MAX_MESSAGE_LINES)
    found = list(_messages(lines))
    if len(found) < 2 or not any(turn.speaker for turn in found):
        return None
    notices = _notices(found)
    messages = [turn for place, turn in enumerate(found) if place not in notices]
    left_lines = tuple(
        f"{turn.speaker or ''}: {turn.words}".lstrip(": ") for place, turn in enumerate(found) if place in notices
    )
    remarks = [Remark("import.summary.left_out", {"lines": left_lines})] if left_lines else []
    return Parsed("whatsapp", len(found), tuple(_utterances(messages)), (*remarks, *joined_lines_remark(messages)))


def _messages(lines: Sequence[str]) -> Iterator[Turn]:
    """Each message with the lines that belong to it; without a speaker where no name stands before a colon."""
    message: Turn | None = None
    after_empty = False
    for number, line in enumerate(lines, 1):
        if begins := _MESSAGE_START.match(line.lstrip()):
            if message is not None:
                yield message
            rest = line.lstrip()[begins.end() :].strip()
            found = _SENDER.match(rest)
            name = _sender(found[1]) if found else ""
            words = rest[found.end() :].strip() if found and name else rest
            message = Turn(number, name or None, "", False, words, words)
        elif message is not None and line.strip():
            message.add(line.strip(), after_empty)
        after_empty = not line.strip()
    if message is not None:
        yield message


def _sender(words: str) -> str:
    """Who sent a message: "~" stands before the name that a stranger has given themselves."""
    name = clean_name(clean_name(words).lstrip("~ "))
    return name if any(map(str.isalpha, name)) or is_phone_number(name) else ""


def _notices(found: Sequence[Turn]) -> set[int]:
    """The places of what the program wrote. Such a line may hold a colon, in the name that a group was given."""
    counts = Counter(turn.speaker for turn in found if turn.speaker)
    often = tuple(f"{name} " for name, count in counts.items() if count > 1)
    notices = set()
    for place, turn in enumerate(found):
        name = turn.speaker or ""
        once = counts[name] == 1 and not is_phone_number(name)
        quotes = any(sign in name for sign in '"“”„«»')
        goes_on = name.startswith(often) and name[len(max((o for o in often if name.startswith(o)), key=len)) :][:1]
        if (
            not name
            or (once and (quotes or (goes_on and goes_on.islower())))
            or (turn.words.startswith("\u200e") and _SYSTEM_NOTICE.search(turn.words))
        ):
            notices.add(place)
    return notices


def _utterances(messages: Sequence[Turn]) -> Iterator[Utterance]:
    position = 0
    for turn in messages:
        words = turn.words.lstrip("\u200e\u200f").strip()
        if not words:
            continue
        check_length(words, turn.line)
        yield Utterance(turn.speaker, words, None, None, position)
        position += 1
