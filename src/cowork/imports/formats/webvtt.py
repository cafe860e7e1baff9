"""A meeting as WebVTT: who said what, when, in which order. Every word is kept, and no half file comes in unseen.

Pieces of one utterance are joined (Teams); a voice is found anywhere in a cue, before a colon, or in the id of a cue;
entities are decoded, and only WebVTT's own tags taken away.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cowork.core.errors import InvalidImport
from cowork.imports.encoding import read_text, split_lines
from cowork.imports.formats.rolling_captions import merge_rolling_captions
from cowork.imports.formats.webvtt_cues import MAX_CUES, Cue, CueFile, read_cues, teams_utterance_id
from cowork.imports.speaker_names import MAX_NAME_LENGTH, clean_name, is_label, looks_like_name
from cowork.imports.transcript import Parsed, Remark, Transcript, Utterance, check_length, make_transcript

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>|</v>")
_TAG = re.compile(r"</?(?:c|i|b|u|ruby|rt|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>")
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_BEFORE_COLON = re.compile(rf"(\S.{{0,{MAX_NAME_LENGTH - 1}}}?)\s?:(?:\s+|$)")
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
#: Webex: the number of the cue, who speaks, and a number of theirs, which is nobody's business.
_WEBEX_ID = re.compile(r'\d+\s+"(.*)"\s+\(\d*\)')
#: A tag that the end of the file has cut.
_HALF_TAG = re.compile(r"<(?:/?(?:v|c|i|b|u|ruby|rt|lang)?|v[.\s][^<>]*|/v)$")
_NOT_A_NAME = re.compile(r"[0-9a-fA-F-]{8,}|.*://.*|.*[<>&].*")


def read_webvtt(data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """Read a WebVTT file. Raises InvalidImport, with the line where one is to blame; then nothing of it is used."""
    text, used = read_text(data, encoding)
    return make_transcript(data, name, used, parse(text))


def parse(text: str) -> Parsed:
    """The turns in the text of a WebVTT file. Raises InvalidImport, with the line where one is to blame."""
    lines = split_lines(text)
    if not _HEADER.fullmatch(lines[0].rstrip()):
        raise InvalidImport("import.not_vtt")
    cue_file = read_cues(lines)
    remarks = [*_check_file_end(text, lines), *_note_remarks(cue_file)]
    cues = cue_file.cues
    format = _detect_format(cue_file)
    voiced = any("<v" in line for cue in cues for line in cue.lines)
    names: set[str] = set()
    if not voiced and format == "webvtt":
        cues, names, found = _find_speakers(cues)
        remarks += found
        if names and cues and all(cue.id.strip().isdecimal() for cue in cues):
            format = "zoom"
    utterances = tuple(_utterances(cues, format, names))
    if names and format == "webvtt":
        remarks += _single_turn_remark(utterances)
    return Parsed(format, len(cue_file.cues), utterances, (*remarks, *_shared_microphones(utterances)))


def _check_file_end(text: str, lines: Sequence[str]) -> Iterator[Remark]:
    """Every program ends its file with a line end (Teams perhaps with a tag): without one it may have been cut.

    Half a tag shows that it was. Half a word does not, and a person who sees the last turn knows.
    """
    if text.endswith(("\n", "\r", "</v>")):
        return
    if _HALF_TAG.search(lines[-1]):
        raise InvalidImport("import.cut_off", n=len(lines))
    yield Remark("import.summary.maybe_cut")


def _note_remarks(cue_file: CueFile) -> Iterator[Remark]:
    if cue_file.notes:
        yield Remark("import.summary.left_out", {"lines": tuple(cue_file.notes)})
    inside = [line for cue in cue_file.cues for line in cue.lines[1:] if line.startswith("NOTE ")]
    if inside:
        yield Remark("import.summary.note_inside", {"lines": tuple(inside)})


# ---- who speaks


def _detect_format(cue_file: CueFile) -> str:
    if cue_file.graded:
        return "stream"
    if any(teams_utterance_id(cue.id) for cue in cue_file.cues):
        return "teams"
    if any(_WEBEX_ID.fullmatch(cue.id) for cue in cue_file.cues):
        return "webex"
    return "webvtt"


def _find_speakers(cues: list[Cue]) -> tuple[list[Cue], set[str], list[Remark]]:
    """Cues without a voice of their own: (each word once, the names before colons or in ids, what to say of it)."""
    shown = [[plain for line in cue.lines if (plain := _plain_text(line))] for cue in cues]
    cues, repeated = merge_rolling_captions(cues, shown)
    remarks = [Remark("import.summary.rolled", {"n": repeated})] if repeated else []
    names = _names_before_colons(cues)
    if names:
        return cues, names, remarks
    ids, unread = _names_in_ids(cues)
    if ids:
        cues = [cue._replace(lines=[f"<v {cue.id}>", *cue.lines]) if clean_name(cue.id) in ids else cue for cue in cues]
    if unread:
        remarks.append(Remark("import.summary.names_unread", {"names": tuple(unread)}))
    return cues, set(), remarks


def _names_before_colons(cues: Sequence[Cue]) -> set[str]:
    """The names that stand before a colon; empty where the file names nobody.

    Speech holds colons too. A program that names speakers names the one of every cue, so there must be a name on most
    of them. A name that comes only once counts where it looks like one, or is short and no cue goes without.
    """
    spoken = [words for cue in cues if (words := _plain_text(cue.text))]
    before = Counter(name for words in spoken if (name := _split_speaker(words, None)[0]))
    again = {name for name, count in before.items() if count > 1}
    if sum(before[name] for name in again) * 2 > len(spoken):
        every = before.total() == len(spoken)
        return again | {name for name in before if looks_like_name(name) or (every and len(name.split()) <= 3)}
    few = before.total() == len(spoken) < 10 and all(map(looks_like_name, before))
    return set(before) if few else set()


def _names_in_ids(cues: Sequence[Cue]) -> tuple[set[str], list[str]]:
    """(names that stand in the ids of cues, words in ids that may be names and are not read as such)."""
    ids = [clean_name(cue.id) for cue in cues if cue.id]
    found = Counter(
        name
        for name in ids
        if len(name) <= MAX_NAME_LENGTH
        and looks_like_name(name)
        and any(map(str.isalpha, name))
        and not _NOT_A_NAME.fullmatch(name)
    )
    if found and found.total() == len(ids) and len(found) < len(ids) and len(ids) * 2 >= len(cues):
        return set(found), []
    return set(), [name for name in found if name.isupper() or not any(sign.isdecimal() for sign in name)]


def _single_turn_remark(utterances: Iterable[Utterance]) -> Iterator[Remark]:
    counts = Counter(utterance.speaker for utterance in utterances if utterance.speaker)
    if once := tuple(name for name, count in counts.items() if count == 1):
        yield Remark("import.summary.once", {"names": once})


def _shared_microphones(utterances: Iterable[Utterance]) -> Iterator[Remark]:
    """Where the words of one speaker begin with names, again and again, several people share a microphone."""
    inside: dict[str, Counter[str]] = {}
    for utterance in utterances:
        name = _split_speaker(utterance.text, None)[0] if utterance.speaker else None
        if utterance.speaker and name and looks_like_name(name) and " " in name:
            inside.setdefault(utterance.speaker, Counter())[name] += 1
    for speaker, names in inside.items():
        if max(names.values()) > 1 and clean_name(speaker) not in names:
            yield Remark("import.summary.microphone", {"who": speaker, "names": tuple(names)})


# ---- utterances


def _utterances(cues: Sequence[Cue], format: str, names: set[str]) -> Iterator[Utterance]:
    utterances: list[tuple[str | None, list[str], int, int, int]] = []
    open_by: dict[tuple[str, str | None], int] = {}
    for cue in cues:
        piece_of = teams_utterance_id(cue.id) if format == "teams" else None
        for speaker, words in _turns_of_cue(cue, format, names):
            before = open_by.get((piece_of, speaker)) if piece_of else None
            if before is not None:
                who, pieces, start, end, line = utterances[before]
                pieces.append(words)
                utterances[before] = (who, pieces, start, max(end, cue.to_ms), line)
                continue
            if piece_of:
                open_by[(piece_of, speaker)] = len(utterances)
            if len(utterances) == MAX_CUES:
                raise InvalidImport("import.too_many", limit=MAX_CUES)
            utterances.append((speaker, [words], cue.from_ms, cue.to_ms, cue.line))
    for position, (speaker, pieces, start, end, line) in enumerate(utterances):
        text = " ".join(pieces)
        check_length(text, line)
        yield Utterance(speaker, text, start, end, position)


def _turns_of_cue(cue: Cue, format: str, names: set[str]) -> Iterator[tuple[str | None, str]]:
    """(speaker, words) of each voice in a cue, in order."""
    if names:
        yield from _by_colon(cue.lines, names)
        return
    named = _WEBEX_ID.fullmatch(cue.id) if format == "webex" else None
    for speaker, words in _voice_spans(cue.text):
        yield speaker or (clean_name(named[1]) or None if named else None), words


def _by_colon(lines: Sequence[str], names: set[str]) -> Iterator[tuple[str | None, str]]:
    """(speaker, words): a line that begins with a name begins to be somebody's, also inside a cue."""
    speaker: str | None = None
    lines_of_turn: list[str] = []
    for line in lines:
        name, words = _split_speaker(_plain_text(line), names)
        if name:
            if utterances := " ".join(filter(None, lines_of_turn)):
                yield speaker, utterances
            speaker, lines_of_turn = name, []
        lines_of_turn.append(words)
    if utterances := " ".join(filter(None, lines_of_turn)):
        yield speaker, utterances


def _voice_spans(text: str) -> Iterator[tuple[str | None, str]]:
    """(speaker, words) of each voice in a cue, in order. A closing tag may be missing."""
    if "<v" not in text and "</v>" not in text:
        if words := _plain_text(text):
            yield None, words
        return
    speaker: str | None = None
    position = 0
    for tag in _VOICE.finditer(text):
        if words := _plain_text(text[position : tag.start()]):
            yield speaker, words
        # `<v ->` is how some say "somebody else": no name, and nothing to see in it.
        speaker = (clean_name(_plain_text(tag[1] or "")) or None) if not tag[0].startswith("</") else None
        position = tag.end()
    if words := _plain_text(text[position:]):
        yield speaker, words


def _plain_text(text: str) -> str:
    """Words without markup. A line break in a cue is only where the screen was full, so it becomes a space."""
    bare = _TAG.sub("", text) if "<" in text else text
    if "&" in bare:
        # Only with a semicolon: "R&D" and "?a=1&copy=2" are what was said.
        bare = _ENTITY.sub(lambda entity: html.unescape(entity[0]), bare)
    if "\n" not in bare:
        return bare.strip()
    return " ".join(line.strip() for line in bare.split("\n") if line.strip()).strip()


def _split_speaker(words: str, names: set[str] | None) -> tuple[str | None, str]:
    """(name before the first colon, the words after it), or (None, all words). Without `names` any name counts."""
    found = _BEFORE_COLON.match(words) if ":" in words[: MAX_NAME_LENGTH + 2] else None
    name = clean_name(found[1]) if found else ""
    if found is None or not any(map(str.isalpha, name)) or is_label(name):
        return None, words
    if names is not None and name not in names:
        return None, words
    return name, words[found.end() :].strip()
