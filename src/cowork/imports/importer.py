"""Imports a transcript into a workshop: each speaker becomes a voice, each turn an utterance, all or nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.core.errors import InvalidImport, NotAllowed
from cowork.core.fold import State
from cowork.imports.transcript import Transcript, transcript_drafts
from cowork.store import Record


def already_imported(state: State, source: str) -> bool:
    """True where a file with this content was brought in before, even if its words were erased since."""
    brought = (state.entries[entry_id] for kind in ("episode", "utterance") for entry_id in state.by_kind.get(kind, ()))
    return any(isinstance(s := entry.data.get("source"), dict) and s.get("id") == source for entry in brought)


def find_duplicate(state: State, transcript: Transcript) -> str | None:
    """The name of a talk that is here with the same words in the same order, however its file was made; else None.

    Who spoke and where turns end does not count: programs part the same talk in different ways. A talk of which
    anything was erased has other words now.
    """
    words = _words(utterance.text for utterance in transcript.utterances)
    talks: dict[str, list[tuple[int, str]]] = {}
    names: dict[str, str] = {}
    for entry_id in state.by_kind.get("utterance", ()):
        data = state.entries[entry_id].data
        source = data.get("source")
        if isinstance(source, dict) and isinstance(place := source.get("position"), int):
            talk = str(source.get("id"))
            names[talk] = str(source.get("name", ""))
            talks.setdefault(talk, []).append((place, str(data.get("text", ""))))
    found = (talk for talk, turns in talks.items() if _words(text for _, text in sorted(turns)) == words)
    return next((names[talk] for talk in found), None)


def _words(texts: Iterable[str]) -> list[str]:
    return unicodedata.normalize("NFC", " ".join(texts)).casefold().split()


def last_voice_number(state: State) -> int:
    """The highest number that a voice here has."""
    numbers = (entry.data.get("voice") for entry in state.of_kind("participant"))
    return max((number for number in numbers if isinstance(number, int)), default=0)


def check_import_permission(state: State, by: str) -> None:
    """Return quietly where this participant may bring talk in, else raise NotAllowed.

    A facilitator and a scribe may: what others said enters the workshop through them in any case.
    """
    view = ParticipantView(state, by)
    if not state.takes_part(by):
        raise NotAllowed("error.no_consent")
    if "observer" in view.roles and not view.is_facilitator:
        raise NotAllowed("error.observer")
    if not view.is_scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")


def import_transcript(
    record: Record,
    workshop: str,
    transcript: Transcript,
    *,
    by: str = "",
    agreed: str = "",
    asked_by: str = "",
    lang: str = "",
    again: bool = False,
    episode: str = "",
    on_progress: Callable[[int, int], None] | None = None,
) -> int:
    """Add a transcript to a workshop in one write, and return how many entries that made.

    `by` is the participant who asks for it on a page; without it, it is whoever sits at the machine. Raises
    NotAllowed (`check_import_permission`), and InvalidImport where this file was imported already, unless `again`.
    `episode` is the id of the talk, where a device has made one. `on_progress(done, all)` is called before each entry.
    """
    state = record.state(workshop)
    if by:
        check_import_permission(state, by)
    if not again and already_imported(state, transcript.source):
        raise InvalidImport("import.already")
    actor = Actor(record.new_id(), operator=True)
    new_drafts = transcript_drafts(
        transcript,
        record.new_id,
        by=actor.id,
        after=last_voice_number(state),
        agreed=agreed.strip(),
        asked_by=asked_by or by,
        brought_by=by,
        lang=lang,
        episode=episode,
    )
    record.append_many(workshop, _DraftsWithProgress(new_drafts, on_progress) if on_progress else new_drafts, actor)
    return len(new_drafts)


class _DraftsWithProgress(list[Draft]):
    """Drafts that report progress as they are iterated: the append is one write and reads each of them once."""

    def __init__(self, new_drafts: list[Draft], on_progress: Callable[[int, int], None]) -> None:
        super().__init__(new_drafts)
        self._tell: Callable[[int, int], None] | None = on_progress

    def __iter__(self) -> Iterator[Draft]:
        on_progress, self._tell = self._tell, None
        for done, draft in enumerate(super().__iter__(), 1):
            if on_progress is not None:
                on_progress(done, len(self))
            yield draft
