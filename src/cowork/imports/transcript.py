"""A transcript, whatever it was read from: who said what, when, in which order; and what it becomes in a workshop."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from cowork.core.entries import LONGEST, Draft
from cowork.core.errors import ImportError_

#: What made a file, for the kinds that one program alone makes. Its name is the same in every language.
TOOLS = {
    "zoom": "Zoom",
    "teams": "Microsoft Teams",
    "stream": "Microsoft Stream",
    "otter": "Otter",
    "webvtt": "WebVTT",
}

#: A name longer than this is cut: nobody reads it, and a page may send anything as a file's name.
_LONGEST_FILE_NAME = 200


class Utterance(NamedTuple):
    """One turn at talk. `speaker` is the name as written in the file, or None; `position` its place in the order.

    `from_ms` and `to_ms` are None where the file does not say when: nought would claim that it was the first word.
    """

    speaker: str | None
    text: str
    from_ms: int | None
    to_ms: int | None
    position: int


class Parsed(NamedTuple):
    """What a reader of one format finds in a text. `cues` counts the pieces in the file, also those without words."""

    format: str
    cues: int
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True)
class Transcript:
    """What a file holds. `source` names its content (SHA-256): the same file has the same source anywhere.

    `doubts` are keys of sentences that a person should read before this enters.
    """

    source: str
    name: str
    format: str
    encoding: str
    cues: int
    utterances: tuple[Utterance, ...]
    doubts: tuple[str, ...] = ()

    @property
    def speakers(self) -> dict[str | None, int]:
        """Speaker -> number of utterances, in the order they first speak. None is whoever is not named."""
        return dict(Counter(utterance.speaker for utterance in self.utterances))

    @property
    def starts_ms(self) -> int | None:
        """When the first turn with a time begins, or None where the file gives no times."""
        return min((u.from_ms for u in self.utterances if u.from_ms is not None), default=None)

    @property
    def ends_ms(self) -> int | None:
        """The last time in the file: the end of the last turn where it says so, else when that turn begins."""
        times = (ms for u in self.utterances for ms in (u.from_ms, u.to_ms) if ms is not None)
        return max(times, default=None)


def made_of(data: bytes, name: str, encoding: str, parsed: Parsed, doubts: tuple[str, ...] = ()) -> Transcript:
    """A transcript of what was found in `data`. Raises ImportError_ where there is no talk in it."""
    if not parsed.utterances:
        raise ImportError_("import.no_words")
    return Transcript(hashlib.sha256(data).hexdigest(), _file_name(name), parsed.format, encoding, parsed.cues,
                      parsed.utterances, doubts)  # fmt: skip


def _file_name(name: str) -> str:
    """A file's name as a text may hold it: a system hands over signs that are no letters, and they cannot be kept."""
    kept = "".join("�" if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in name)
    return kept if len(kept) <= _LONGEST_FILE_NAME else kept[: _LONGEST_FILE_NAME - 1] + "…"


def check_length(text: str, line: int) -> None:
    """Raise where one turn is longer than a text may be. Parting it here would make turns that nobody took."""
    if len(text) > LONGEST:
        raise ImportError_("import.too_long", n=line, limit=LONGEST)


def drafts(
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
    `by` writes the entries, `brought_by` is the participant who asked for it, `after` the last number that a voice
    here already has, `episode` the id of the talk where it has one.
    """
    source = {"id": transcript.source, "name": transcript.name}
    episode = episode or new_id()
    body: dict[str, object] = {"name": transcript.name, "source": source}
    if transcript.format in TOOLS:
        body["tool"] = TOOLS[transcript.format]
    if brought_by:
        body["brought_by"] = brought_by
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
