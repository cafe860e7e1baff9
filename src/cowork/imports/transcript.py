"""A transcript, whatever it was read from: who said what, when, in which order; and what it becomes in a workshop."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from cowork.core.entries import MAX_TEXT_LENGTH, Draft
from cowork.core.errors import InvalidImport
from cowork.imports.speaker_names import clean_name, is_phone_number, name_key
from cowork.text.format import format_clock, truncate

#: What made a file, for the kinds that one program alone makes. Its name is the same in every language.
TOOL_NAMES = {
    "zoom": "Zoom",
    "teams": "Microsoft Teams",
    "stream": "Microsoft Stream",
    "otter": "Otter",
    "webex": "Webex",
    "meet": "Google Meet",
    "whatsapp": "WhatsApp",
    "webvtt": "WebVTT",
}

#: A name longer than this is cut: nobody reads it, and a page may send anything as a file's name.
_MAX_FILE_NAME = 200


class Utterance(NamedTuple):
    """One turn at talk. `speaker` is the name as written in the file, or None; `position` its place in the order.

    `from_ms` and `to_ms` are None where the file does not say when: nought would claim that it was the first word.
    """

    speaker: str | None
    text: str
    from_ms: int | None
    to_ms: int | None
    position: int


class Remark(NamedTuple):
    """What a person should read before a file enters: the key of a sentence, and what stands in it.

    A value that is a tuple is a list of pieces of the file, of which the beginning is shown.
    """

    key: str
    values: Mapping[str, object] = MappingProxyType({})


class Parsed(NamedTuple):
    """What a reader of one format finds in a text. `cues` counts the pieces in the file, also those without words."""

    format: str
    cues: int
    utterances: tuple[Utterance, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """What a file holds. `source` names its content (SHA-256): the same file has the same source anywhere.

    `remarks` say what was understood, and what a person should look at, before this enters.
    """

    source: str
    name: str
    format: str
    encoding: str
    cues: int
    utterances: tuple[Utterance, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def speakers(self) -> dict[str | None, int]:
        """Speaker -> number of utterances, in the order they first speak. None is whoever is not named."""
        return dict(Counter(utterance.speaker for utterance in self.utterances))

    @property
    def starts_ms(self) -> int | None:
        """When the first turn with a time begins, or None where the file gives no times."""
        return min((utterance.from_ms for utterance in self.utterances if utterance.from_ms is not None), default=None)

    @property
    def ends_ms(self) -> int | None:
        """The last time in the file: the end of the last turn where it says so, else when that turn begins."""
        times = (ms for utterance in self.utterances for ms in (utterance.from_ms, utterance.to_ms) if ms is not None)
        return max(times, default=None)


def make_transcript(
    data: bytes, name: str, encoding: str, parsed: Parsed, remarks: tuple[Remark, ...] = ()
) -> Transcript:
    """A transcript of what was found in `data`. Raises InvalidImport where there is no talk in it."""
    if not parsed.utterances:
        raise InvalidImport("import.no_words")
    utterances, spelled = _merge_spellings(parsed.utterances)
    utterances, times = _drop_impossible_times(utterances)
    all_remarks = (*remarks, *parsed.remarks, *spelled, *times)
    return Transcript(hashlib.sha256(data).hexdigest(), _file_name(name), parsed.format, encoding, parsed.cues,
                      utterances, all_remarks)  # fmt: skip


def _merge_spellings(utterances: tuple[Utterance, ...]) -> tuple[tuple[Utterance, ...], list[Remark]]:
    """Names that look the same are one person, spelled as it first stands in the file."""
    first: dict[str, str] = {}
    written: dict[str, set[str]] = {}
    speakers: dict[str | None, str | None] = {None: None}
    for speaker in dict.fromkeys(utterance.speaker for utterance in utterances):
        if speaker is not None:
            name = clean_name(speaker)
            spelling = first.setdefault(name_key(name), name)
            speakers[speaker] = spelling or None
            written.setdefault(spelling, set()).add(name)
    several = tuple(name for name, spellings in written.items() if len(spellings) > 1)
    numbers = tuple(name for name in written if is_phone_number(name))
    remarks = [Remark("import.summary.same_name", {"names": several})] if several else []
    remarks += [Remark("import.summary.numbers", {"names": numbers})] if numbers else []
    return tuple(utterance._replace(speaker=speakers[utterance.speaker]) for utterance in utterances), remarks


def _drop_impossible_times(utterances: tuple[Utterance, ...]) -> tuple[tuple[Utterance, ...], list[Remark]]:
    """The turns without ends that are before their beginnings; and where time runs back from one turn to the next.

    The order of the file is kept: who spoke after whom is more often right than a clock.
    """
    kept_turns: list[Utterance] = []
    backward_times: list[str] = []
    ends: list[str] = []
    before = -1
    for utterance in utterances:
        start, end = utterance.from_ms, utterance.to_ms
        if start is not None:
            if start < before:
                backward_times.append(format_clock(start))
            before = start
            if end is not None and end < start:
                ends.append(format_clock(start))
                utterance = utterance._replace(to_ms=None)
        kept_turns.append(utterance)
    remarks = [Remark("import.summary.runs_back", {"times": tuple(backward_times)})] if backward_times else []
    remarks += [Remark("import.summary.ends_early", {"times": tuple(ends)})] if ends else []
    return tuple(kept_turns), remarks


def _file_name(name: str) -> str:
    """A file's name as a text may hold it: a system hands over signs that are no letters, and they cannot be kept."""
    kept = "".join("�" if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in name)
    return truncate(kept, _MAX_FILE_NAME)


def check_length(text: str, line: int) -> None:
    """Raise where one turn is longer than a text may be. Parting it here would make turns that nobody took."""
    if len(text) > MAX_TEXT_LENGTH:
        raise InvalidImport("import.too_long", n=line, limit=MAX_TEXT_LENGTH)


def transcript_drafts(
    transcript: Transcript,
    new_id: Callable[[], str],
    *,
    by: str,
    after: int = 0,
    agreed: str = "",
    asked_by: str = "",
    brought_by: str = "",
    lang: str = "",
    episode: str = "",
) -> list[Draft]:
    """What a transcript becomes: one episode, a participant per voice, an utterance per turn, in order.

    Names stand nowhere in them, unless `agreed` says in words what was agreed with these people; then each of them
    also gets a consent entry that holds that statement and who made it. Names inside speech are speech and stay.
    A telephone number is never kept as a name: it reaches its owner, and what was agreed was about names.
    `by` writes the entries, `brought_by` is the participant who asked for it, `after` the last number that a voice
    here already has, `episode` the id of the talk where it has one.
    """
    source = {"id": transcript.source, "name": transcript.name}
    episode = episode or new_id()
    body: dict[str, object] = {"name": transcript.name, "source": source}
    if transcript.format in TOOL_NAMES:
        body["tool"] = TOOL_NAMES[transcript.format]
    if brought_by:
        body["brought_by"] = brought_by
    found = [Draft(episode, "episode", by, body, how="import", episode=episode)]
    voices: dict[str | None, str] = {}
    for number, speaker in enumerate(transcript.speakers, after + 1):
        person = voices[speaker] = new_id()
        who: dict[str, object] = {"voice": number, "source": source}
        if speaker is None:
            who["unknown"] = True
        named = speaker is not None and bool(agreed) and not is_phone_number(speaker)
        if named:
            who["name"] = speaker
        found.append(Draft(person, "participant", person, who, how="import", episode=episode))
        if named:
            consent = {"question": "naming", "answer": "named", "statement": agreed, "asked_by": asked_by}
            found.append(Draft(new_id(), "consent", person, consent, how="import", episode=episode))
    for utterance in transcript.utterances:
        words: dict[str, object] = {
            "text": utterance.text,
            "fidelity": "imported",
            "source": {**source, "position": utterance.position},
        }
        times = {"from_ms": utterance.from_ms, "to_ms": utterance.to_ms}
        if said_at := {name: ms for name, ms in times.items() if ms is not None}:
            words["said"] = said_at
        if lang:
            words["lang"] = lang
        found.append(Draft(new_id(), "utterance", voices[utterance.speaker], words, how="import", episode=episode))
    return found
