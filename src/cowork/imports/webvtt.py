"""A meeting as WebVTT: who said what, when, in which order. Every word is kept, and no half file comes in.

webvtt-py reads the cues and their times. It leaves four things to us, and drops what it does not understand without a
word, so they are done here: a fault is found with its line; pieces of one utterance are joined (Teams); a voice is
found anywhere in a cue, not only at its beginning; entities are decoded, and only WebVTT's own tags taken away.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from webvtt import WebVTT

from cowork.core.entries import Draft
from cowork.core.errors import ImportError_
from cowork.imports.letters import lines_of, read_text

#: The kinds of file this tells apart, and what made them.
TOOLS = {"zoom": "Zoom", "teams": "Microsoft Teams", "stream": "Microsoft Stream", "webvtt": "WebVTT"}

#: No name of a person is longer; what stands before a colon further on is speech.
LONGEST_NAME = 80

_TIME = r"(?:\d+:)?[0-5]?\d:[0-5]?\d\.\d{1,3}"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?=\s|$)")
_TEAMS_ID = re.compile(r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/\d+)-\d+")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>|</v>")
_TAG = re.compile(r"</?(?:c|i|b|u|ruby|rt|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>")
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_BEFORE_COLON = re.compile(rf"(\S.{{0,{LONGEST_NAME - 1}}}?):(?: +|$)")
_SMALL_WORDS = re.compile(r"(?:van|von|der|den|de|da|di|du|del|la|le|el|al|af|av|bin|ibn|of|och|and|y)")


class Utterance(NamedTuple):
    """One turn at talk. `speaker` is the name as written in the file, or None; `position` its place in the order."""

    speaker: str | None
    text: str
    from_ms: int
    to_ms: int
    position: int


@dataclass(frozen=True)
class Transcript:
    """What a file holds. `source` names its content (SHA-256): the same file has the same source anywhere."""

    source: str
    name: str
    format: str
    encoding: str
    cues: int
    utterances: tuple[Utterance, ...]

    @property
    def speakers(self) -> dict[str | None, int]:
        """Speaker -> number of utterances, in the order they first speak. None is whoever is not named."""
        return dict(Counter(utterance.speaker for utterance in self.utterances))

    @property
    def ends_ms(self) -> int:
        return max(utterance.to_ms for utterance in self.utterances)


class _Cue(NamedTuple):
    id: str
    text: str
    from_ms: int
    to_ms: int


class _Block(NamedTuple):
    """Lines that stand together. `line` is the number of the first one, counted from 1."""

    line: int
    lines: list[str]


def read(data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """Read a WebVTT file. Raises ImportError_, with the line where one is to blame; then nothing of it is used."""
    text, used = read_text(data, encoding)
    lines = [line if line.strip() else "" for line in lines_of(text)]
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise ImportError_("import.not_vtt")
    blocks = list(_blocks(lines))
    cues = _cues(lines, blocks)
    if not text.endswith(("\n", "\r", "</v>")):
        # Every program ends its file with a line end (Teams perhaps with a tag). A cut inside the last words shows
        # only here, and half a name would stand in the talk as if it had been said.
        raise ImportError_("import.no_end", n=len(lines))
    format = _format(blocks, cues)
    utterances = tuple(_utterances(cues, format))
    if not utterances:
        raise ImportError_("import.no_words")
    return Transcript(hashlib.sha256(data).hexdigest(), name, format, used, len(cues), utterances)


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
    found = 0
    for block in blocks[1:]:
        last = block is blocks[-1]
        timing = next((place for place, line in enumerate(block.lines[:2]) if _TIMES.match(line)), None)
        if timing is not None and (timing == 0 or "-->" not in block.lines[0]):
            if last and timing + 1 == len(block.lines):
                raise ImportError_("import.cut_off", n=block.line + timing)
            found += 1
        elif not _is_remark(block.lines, before_cues=not found):
            broken = next((place for place, line in enumerate(block.lines) if "-->" in line), 0)
            raise ImportError_("import.cut_off" if last else "error.import", n=block.line + broken)
    captions = WebVTT.from_string("\n".join(lines)).captions
    if len(captions) != found:
        raise ImportError_("import.not_vtt")
    return [_Cue(c.identifier or "", "\n".join(c.lines), _ms(c.start), _ms(c.end)) for c in captions]


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
        return again | {name for name in before if _looks_like_name(name) or (every and len(name.split()) <= 3)}
    few = before.total() == len(spoken) < 10 and all(map(_looks_like_name, before))
    return set(before) if few else set()


def _looks_like_name(words: str) -> bool:
    parts = words.split()
    if len(parts) > 6 or any(sign in words for sign in '?!;"…'):
        return False
    return all(not part[0].islower() or bool(_SMALL_WORDS.fullmatch(part)) for part in parts)


# ---- utterances


def _utterances(cues: Sequence[_Cue], format: str) -> Iterator[Utterance]:
    names = _names(cues) if format == "zoom" else set()
    said: list[tuple[str | None, list[str], int, int]] = []
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
                who, pieces, start, end = said[before]
                pieces.append(words)
                said[before] = (who, pieces, start, max(end, cue.to_ms))
                continue
            if piece_of:
                open_by[(piece_of[1], speaker)] = len(said)
            said.append((speaker, [words], cue.from_ms, cue.to_ms))
    for position, (speaker, pieces, start, end) in enumerate(said):
        yield Utterance(speaker, " ".join(pieces), start, end, position)


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


# ---- into a workshop


def drafts(
    transcript: Transcript,
    new_id: Callable[[], str],
    *,
    by: str,
    after: int = 0,
    agreed: str = "",
    asked_by: str = "",
    lang: str = "",
) -> list[Draft]:
    """What a transcript becomes: one episode, a participant per voice, an utterance per turn, in order.

    Names stand nowhere in them, unless `agreed` says in words what was agreed with these people; then each of them
    also gets a consent entry that holds that statement and who made it. Names inside speech are speech and stay.
    `by` is whoever brings it in, `after` the last number that a voice here already has.
    """
    source = {"id": transcript.source, "name": transcript.name}
    episode = new_id()
    body: dict[str, object] = {"name": transcript.name, "tool": TOOLS[transcript.format], "source": source}
    found = [Draft(episode, "episode", by, body, how="import", episode=episode)]
    voices: dict[str | None, str] = {}
    for number, speaker in enumerate(transcript.speakers, after + 1):
        person = voices[speaker] = new_id()
        who: dict[str, object] = {"voice": number, "source": source}
        if speaker is None:
            who["unknown"] = True
        elif agreed:
            who["name"] = speaker
        found.append(Draft(person, "participant", person, who, how="import", episode=episode))
        if speaker is not None and agreed:
            said = {"question": "naming", "answer": "named", "statement": agreed, "asked_by": asked_by}
            found.append(Draft(new_id(), "consent", person, said, how="import", episode=episode))
    for speaker, text, from_ms, to_ms, position in transcript.utterances:
        words: dict[str, object] = {
            "text": text,
            "fidelity": "imported",
            "source": {**source, "position": position},
            "said": {"from_ms": from_ms, "to_ms": to_ms},
        }
        if lang:
            words["lang"] = lang
        found.append(Draft(new_id(), "utterance", voices[speaker], words, how="import", episode=episode))
    return found
