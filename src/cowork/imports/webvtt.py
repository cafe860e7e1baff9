"""A meeting as WebVTT: who said what, when, in which order. Every word is kept, and no half file comes in.

webvtt-py reads the cues and their times. It leaves four things to us, and drops what it does not understand without a
word, so they are done here: a fault is found with its line; pieces of one utterance are joined (Teams); a voice is
found anywhere in a cue, not only at its beginning; entities are decoded, and only WebVTT's own tags taken away.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from webvtt import WebVTT

from cowork.core.errors import ImportError_
from cowork.imports.letters import lines_of, read_text
from cowork.imports.names import LONGEST_NAME, looks_like_name
from cowork.imports.transcript import Parsed, Transcript, Utterance, check_length, made_of

_TIME = r"(?:\d+:)?[0-5]?\d:[0-5]?\d\.\d{1,3}"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?=\s|$)")
_TEAMS_ID = re.compile(r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/\d+)-\d+")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>|</v>")
_TAG = re.compile(r"</?(?:c|i|b|u|ruby|rt|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>")
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_BEFORE_COLON = re.compile(rf"(\S.{{0,{LONGEST_NAME - 1}}}?):(?: +|$)")
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")


class _Cue(NamedTuple):
    id: str
    text: str
    from_ms: int
    to_ms: int
    line: int


class _Block(NamedTuple):
    """Lines that stand together. `line` is the number of the first one, counted from 1."""

    line: int
    lines: list[str]


def read(data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """Read a WebVTT file. Raises ImportError_, with the line where one is to blame; then nothing of it is used."""
    text, used = read_text(data, encoding)
    return made_of(data, name, used, parse(text))


def parse(text: str) -> Parsed:
    """The turns in the text of a WebVTT file. Raises ImportError_, with the line where one is to blame."""
    lines = [line if line.strip() else "" for line in lines_of(text)]
    if not _HEADER.fullmatch(lines[0]):
        raise ImportError_("import.not_vtt")
    blocks = list(_blocks(lines))
    cues = _cues(lines, blocks)
    if not text.endswith(("\n", "\r", "</v>")):
        # Every program ends its file with a line end (Teams perhaps with a tag). A cut inside the last words shows
        # only here, and half a name would stand in the talk as if it had been said.
        raise ImportError_("import.no_end", n=len(lines))
    format = _format(blocks, cues)
    return Parsed(format, len(cues), tuple(_utterances(cues, format)))


# ---- cues


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """Blocks as the WebVTT parser makes them: an empty line ends one, and so does a second line with an arrow."""
    block: list[str] = []
    header = True
    for number, line in enumerate(lines, 1):
        arrow = "-->" in line
        if block and (not line or (arrow and (header or len(block) > 1 or "-->" in block[0]))):
            if line and not header and _is_id(block[-1]):
                # Without an empty line between them, the id of this cue would be read as words of the last one.
                raise ImportError_("error.import", n=number)
            yield _Block(number - len(block), block)
            block, header = [], False
        if line:
            block.append(line)
    if block:
        yield _Block(len(lines) + 1 - len(block) - _empty_at_end(lines), block)


def _empty_at_end(lines: Sequence[str]) -> int:
    return next((count for count, line in enumerate(reversed(lines)) if line), 0)


def _is_id(line: str) -> bool:
    return line.strip().isdecimal() or bool(_TEAMS_ID.fullmatch(line.strip()))


def _cues(lines: Sequence[str], blocks: Sequence[_Block]) -> list[_Cue]:
    """Every cue, or the line that is to blame."""
    found: list[int] = []
    for block in blocks[1:]:
        last = block is blocks[-1]
        timing = next((place for place, line in enumerate(block.lines[:2]) if _TIMES.match(line)), None)
        if timing is not None and (timing == 0 or "-->" not in block.lines[0]):
            if last and timing + 1 == len(block.lines):
                raise ImportError_("import.cut_off", n=block.line + timing)
            found.append(block.line)
        elif not _is_remark(block.lines, before_cues=not found):
            broken = next((place for place, line in enumerate(block.lines) if "-->" in line), 0)
            raise ImportError_("import.cut_off" if last else "error.import", n=block.line + broken)
    captions = WebVTT.from_string("\n".join(lines)).captions
    if len(captions) != len(found):
        raise ImportError_("import.not_vtt")
    return [
        _Cue(c.identifier or "", "\n".join(c.lines), _ms(c.start), _ms(c.end), line)
        for c, line in zip(captions, found, strict=True)
    ]


def _is_remark(lines: Sequence[str], *, before_cues: bool) -> bool:
    """True for a block that is no speech: a note, a style, a region."""
    first = lines[0].rstrip()
    if first == "NOTE" or first.startswith(("NOTE ", "NOTE\t")):
        return not any("-->" in line for line in lines)
    return before_cues and first in ("STYLE", "REGION")


def _ms(time: str) -> int:
    """Milliseconds of a time as webvtt-py writes it, hh:mm:ss.mmm."""
    hours, minutes, seconds = time.split(":")
    whole, fraction = seconds.split(".")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * 1000 + int(fraction)


# ---- what made it


def _format(blocks: Sequence[_Block], cues: Sequence[_Cue]) -> str:
    if any(block.lines[0].startswith("NOTE Confidence") for block in blocks):
        return "stream"
    if any(_TEAMS_ID.fullmatch(cue.id.strip()) for cue in cues):
        return "teams"
    numbered = bool(cues) and all(cue.id.strip().isdecimal() for cue in cues)
    if numbered and not any(_VOICE.search(cue.text) for cue in cues) and _names(cues):
        return "zoom"
    return "webvtt"


def _names(cues: Sequence[_Cue]) -> set[str]:
    """The names that stand before a colon in a Zoom file; empty where it names nobody.

    Speech holds colons too. Zoom names the speaker of every cue, so there must be a name on most of them. A name that
    comes only once counts where it looks like one, or is short and no cue in the file goes without.
    """
    spoken = [cue.text for cue in cues if cue.text.strip()]
    before = Counter(found[1] for text in spoken if (found := _BEFORE_COLON.match(_plain(text))))
    again = {name for name, count in before.items() if count > 1}
    if sum(before[name] for name in again) * 2 > len(spoken):
        every = before.total() == len(spoken)
        return again | {name for name in before if looks_like_name(name) or (every and len(name.split()) <= 3)}
    few = before.total() == len(spoken) < 10 and all(map(looks_like_name, before))
    return set(before) if few else set()


# ---- utterances


def _utterances(cues: Sequence[_Cue], format: str) -> Iterator[Utterance]:
    names = _names(cues) if format == "zoom" else set()
    said: list[tuple[str | None, list[str], int, int, int]] = []
    open_by: dict[tuple[str, str | None], int] = {}
    for cue in cues:
        piece_of = _TEAMS_ID.fullmatch(cue.id.strip()) if format == "teams" else None
        for speaker, words in _spans(cue.text):
            if format == "stream":
                speaker = None
            elif format == "zoom":
                speaker, words = _split(words, names)
            if not words:
                continue
            before = open_by.get((piece_of[1], speaker)) if piece_of else None
            if before is not None:
                who, pieces, start, end, line = said[before]
                pieces.append(words)
                said[before] = (who, pieces, start, max(end, cue.to_ms), line)
                continue
            if piece_of:
                open_by[(piece_of[1], speaker)] = len(said)
            said.append((speaker, [words], cue.from_ms, cue.to_ms, cue.line))
    for position, (speaker, pieces, start, end, line) in enumerate(said):
        text = " ".join(pieces)
        check_length(text, line)
        yield Utterance(speaker, text, start, end, position)


def _spans(text: str) -> Iterator[tuple[str | None, str]]:
    """(speaker, words) of each voice in a cue, in order. A closing tag may be missing."""
    speaker: str | None = None
    at = 0
    for tag in _VOICE.finditer(text):
        if words := _plain(text[at : tag.start()]):
            yield speaker, words
        speaker = (_plain(tag[1] or "") or None) if not tag[0].startswith("</") else None
        at = tag.end()
    if words := _plain(text[at:]):
        yield speaker, words


def _plain(text: str) -> str:
    """Words without markup. A line break in a cue is only where the screen was full, so it becomes a space."""
    bare = _TAG.sub("", text)
    # Only with a semicolon: "R&D" and "?a=1&copy=2" are what was said.
    decoded = _ENTITY.sub(lambda entity: html.unescape(entity[0]), bare)
    return " ".join(line.strip() for line in decoded.split("\n") if line.strip()).strip()


def _split(words: str, names: set[str]) -> tuple[str | None, str]:
    found = _BEFORE_COLON.match(words)
    if found and found[1] in names:
        return found[1], words[found.end() :].strip()
    return None, words
