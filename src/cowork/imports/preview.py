"""The preview of a transcript, for a person to confirm before the import. Command and page show the same."""

from __future__ import annotations

from typing import Any

from cowork.imports.encoding import candidate_encodings, encoding_samples
from cowork.imports.transcript import TOOL_NAMES, Remark, Transcript
from cowork.text import translate
from cowork.text.format import format_clock, shorten

#: Of a longer text or a longer list of names, the beginning says enough.
_MAX_TEXT, _MAX_NAME, _MAX_NAMES = 100, 60, 5
_FORMATS_WITH_SPEAKERS = ("teams", "stream", "webvtt", "webex", "whatsapp")
"""Kinds of file in which a name stands in a place of its own, so that one who speaks once is a person too."""


def preview_transcript(
    transcript: Transcript, voices: int, lang: str = "en", *, agreed: str = "", duplicate: str | None = None
) -> dict[str, Any]:
    """The preview as plain data: how the file was read, who becomes which voice, how it begins and ends, and warnings.

    `voices` is the highest voice number in the workshop (`last_voice_number`), `agreed` what was agreed about names,
    `duplicate` the name of a talk with the same words (`find_duplicate`). Every text is a sentence or line in `lang`:

    - `h`, and `lines` about the file;
    - `voices`: a row for each, `number`, `voice` ("Voice 1"), `who`, `n` turns, and all of it as `text`;
    - `names`: what becomes of them ("" where there are none), and `inside`, that names in the talk stay;
    - `look`: what to look at before saying yes; often empty;
    - `first_h`, `first` and `last_h`, `last`: the first three turns and the last one, each `at` (a time or ""),
      `voice`, `text` (its beginning) and the two as `line`.
    """
    named = [speaker for speaker in transcript.speakers if speaker is not None]
    numbers = {speaker: number for number, speaker in enumerate(transcript.speakers, voices + 1)}
    turns = [
        _turn(utterance.from_ms, translate("join.voice", lang, n=numbers[utterance.speaker]), utterance.text)
        for utterance in (*transcript.utterances[:3], transcript.utterances[-1])
    ]
    names_key = "import.summary.agreed" if agreed.strip() else "import.summary.no_names"
    return {
        "h": translate("import.summary.h", lang, name=transcript.name),
        "lines": _file_lines(transcript, len(named), voices, lang),
        "voices": [_voice(speaker, numbers[speaker], count, lang) for speaker, count in transcript.speakers.items()],
        "names": translate(names_key, lang) if named else "",
        "inside": translate("import.summary.inside", lang),
        "look": _warnings(transcript, lang, bool(agreed.strip()), duplicate),
        "first_h": translate("import.summary.first", lang),
        "first": turns[:-1],
        "last_h": translate("import.summary.last", lang),
        "last": turns[-1],
    }


def encoding_options(data: bytes, lang: str = "en") -> list[dict[str, str]]:
    """The encodings a person may choose from: `value` to read with, its `label`, and `sample`, how words then look."""
    return [
        {"value": name, "label": translate(f"import.letters.{name.replace('-', '_')}", lang), "sample": shown}
        for name, shown in encoding_samples(data, candidate_encodings(data)).items()
    ]


def _file_lines(transcript: Transcript, named: int, voices: int, lang: str) -> list[str]:
    known = transcript.format in TOOL_NAMES
    format = TOOL_NAMES[transcript.format] if known else translate("import.summary.plain", lang)
    start, end = transcript.starts_ms, transcript.ends_ms
    return [
        translate("import.summary.format", lang, format=format),
        translate("import.summary.encoding", lang, encoding=transcript.encoding),
        translate("import.summary.cues", lang, n=transcript.cues),
        translate("import.summary.turns", lang, n=len(transcript.utterances)),
        translate("import.summary.chat_times" if transcript.format == "whatsapp" else "import.summary.no_time", lang)
        if start is None
        else translate("import.summary.time", lang, start=format_clock(start), end=format_clock(end)),
        translate("import.summary.people", lang, n=named)
        if named
        else translate("import.no_names", lang, n=voices + 1),
    ]


def _voice(speaker: str | None, number: int, count: int, lang: str) -> dict[str, Any]:
    voice = translate("join.voice", lang, n=number)
    who = _one_line(speaker, _MAX_NAME) if speaker else translate("import.summary.unknown", lang)
    return {"number": number, "voice": voice, "who": who, "n": count, "text": f"{voice}: {who} ({count})"}


def _turn(ms: int | None, voice: str, text: str) -> dict[str, str]:
    clock, words = format_clock(ms), _one_line(text, _MAX_TEXT)
    return {"at": clock, "voice": voice, "text": words, "line": f"{clock} {words}".strip()}


def _warnings(transcript: Transcript, lang: str, agreed: bool, duplicate: str | None) -> list[str]:
    found = [_remark(remark, lang) for remark in transcript.remarks]
    if duplicate is not None:
        found.append(translate("import.summary.twin", lang, name=duplicate))
    named = [speaker for speaker in transcript.speakers if speaker is not None]
    once = tuple(name for name in named if transcript.speakers[name] == 1)
    if once and transcript.format not in _FORMATS_WITH_SPEAKERS:
        found.append(_remark(Remark("import.summary.once", {"names": once}), lang))
    if not agreed and _names_someone(transcript.name, named):
        found.append(translate("import.summary.file_name", lang, name=transcript.name))
    return found


def _remark(remark: Remark, lang: str) -> str:
    values: dict[str, Any] = {
        name: _joined_list(value, " · " if name == "lines" else ", ") if isinstance(value, tuple) else value
        for name, value in remark.values.items()
    }
    return translate(remark.key, lang, **values)


def _joined_list(pieces: tuple[str, ...], between: str) -> str:
    """Pieces of a file as one line: the first of them, and how many more there are. Lines hold commas of their own."""
    more = len(pieces) - _MAX_NAMES
    shown = between.join(_one_line(piece, _MAX_NAME) for piece in pieces[:_MAX_NAMES])
    return shown + (f" (+{more})" if more > 0 else "")


def _names_someone(file: str, names: list[str]) -> bool:
    """True where a part of somebody's name stands in the name of the file, which the workshop keeps and shows."""
    parts = {part for part in "".join(sign if sign.isalpha() else " " for sign in file.casefold()).split()}
    return any(len(part) > 2 and part in parts for name in names for part in name.casefold().split())


#: Signs that turn the rest of a line round on a screen: shown there, they would turn our own words too.
_DIRECTION_MARKS = str.maketrans(dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def _one_line(text: str, longest: int) -> str:
    """Somebody's words as one line, the beginning of them where they are long."""
    return shorten(text.translate(_DIRECTION_MARKS), longest, whole=False)
