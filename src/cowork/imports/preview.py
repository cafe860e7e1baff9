"""What was found in a file, said to a person before anything enters. The command and the page show the same."""

from __future__ import annotations

from typing import Any

from cowork.imports.encoding import is_uncertain, samples
from cowork.imports.transcript import TOOLS, Remark, Transcript
from cowork.text import translate
from cowork.text.format import format_clock, shorten

#: Of a longer text or a longer list of names, the beginning says enough.
_LONGEST_TEXT, _LONGEST_NAME, _MOST_NAMES = 100, 60, 5
_IN_PLACE = ("teams", "stream", "webvtt", "webex", "whatsapp")
"""Kinds of file in which a name stands in a place of its own, so that one who speaks once is a person too."""


def summary(
    transcript: Transcript, voices: int, lang: str = "en", *, agreed: str = "", twin: str | None = None
) -> dict[str, Any]:
    """How a file was read, who becomes which voice, how it begins and ends, and what to look at twice; plain data.

    `voices` is the highest number a voice in the workshop has (`last_voice`), `agreed` what was agreed about names,
    `twin` the name of a talk with the same words (`twin`). Every text is a whole sentence or line in `lang`:

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
    kept = "import.summary.agreed" if agreed.strip() else "import.summary.no_names"
    return {
        "h": translate("import.summary.h", lang, name=transcript.name),
        "lines": _about(transcript, len(named), voices, lang),
        "voices": [_voice(speaker, numbers[speaker], count, lang) for speaker, count in transcript.speakers.items()],
        "names": translate(kept, lang) if named else "",
        "inside": translate("import.summary.inside", lang),
        "look": _look(transcript, lang, bool(agreed.strip()), twin),
        "first_h": translate("import.summary.first", lang),
        "first": turns[:-1],
        "last_h": translate("import.summary.last", lang),
        "last": turns[-1],
    }


def offers(data: bytes, lang: str = "en") -> list[dict[str, str]]:
    """The encodings a person may choose from: `value` to read with, its `label`, and `sample`, how words then look."""
    return [
        {"value": name, "label": translate(f"import.letters.{name.replace('-', '_')}", lang), "sample": shown}
        for name, shown in samples(data, is_uncertain(data)).items()
    ]


def _about(transcript: Transcript, named: int, voices: int, lang: str) -> list[str]:
    known = transcript.format in TOOLS
    format = TOOLS[transcript.format] if known else translate("import.summary.plain", lang)
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
    who = _line(speaker, _LONGEST_NAME) if speaker else translate("import.summary.unknown", lang)
    return {"number": number, "voice": voice, "who": who, "n": count, "text": f"{voice}: {who} ({count})"}


def _turn(ms: int | None, voice: str, text: str) -> dict[str, str]:
    at, words = format_clock(ms), _line(text, _LONGEST_TEXT)
    return {"at": at, "voice": voice, "text": words, "line": f"{at} {words}".strip()}


def _look(transcript: Transcript, lang: str, agreed: bool, twin: str | None) -> list[str]:
    found = [_remark(remark, lang) for remark in transcript.remarks]
    if twin is not None:
        found.append(translate("import.summary.twin", lang, name=twin))
    named = [speaker for speaker in transcript.speakers if speaker is not None]
    once = tuple(name for name in named if transcript.speakers[name] == 1)
    if once and transcript.format not in _IN_PLACE:
        found.append(_remark(Remark("import.summary.once", {"names": once}), lang))
    if not agreed and _names_someone(transcript.name, named):
        found.append(translate("import.summary.file_name", lang, name=transcript.name))
    return found


def _remark(remark: Remark, lang: str) -> str:
    values: dict[str, Any] = {
        name: _several(value, " · " if name == "lines" else ", ") if isinstance(value, tuple) else value
        for name, value in remark.values.items()
    }
    return translate(remark.key, lang, **values)


def _several(pieces: tuple[str, ...], between: str) -> str:
    """Pieces of a file as one line: the first of them, and how many more there are. Lines hold commas of their own."""
    more = len(pieces) - _MOST_NAMES
    shown = between.join(_line(piece, _LONGEST_NAME) for piece in pieces[:_MOST_NAMES])
    return shown + (f" (+{more})" if more > 0 else "")


def _names_someone(file: str, names: list[str]) -> bool:
    """True where a part of somebody's name stands in the name of the file, which the workshop keeps and shows."""
    parts = {part for part in "".join(sign if sign.isalpha() else " " for sign in file.casefold()).split()}
    return any(len(part) > 2 and part in parts for name in names for part in name.casefold().split())


#: Signs that turn the rest of a line round on a screen: shown there, they would turn our own words too.
_TURNS = str.maketrans(dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def _line(text: str, longest: int) -> str:
    """Somebody's words as one line, the beginning of them where they are long."""
    return shorten(text.translate(_TURNS), longest, whole=False)
