"""A transcript into a workshop's dialogue: people become voices, every turn an utterance, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cowork.core.entries import Actor, Draft
from cowork.core.errors import ImportError_
from cowork.core.fold import State
from cowork.imports.webvtt import Transcript, drafts
from cowork.store import Record


def is_here(state: State, source: str) -> bool:
    """True where a file with this content was brought in before, even if its words were erased since."""
    brought = (state.entries[entry_id] for kind in ("episode", "utterance") for entry_id in state.by_kind.get(kind, ()))
    return any(isinstance(s := entry.data.get("source"), dict) and s.get("id") == source for entry in brought)


def last_voice(state: State) -> int:
    """The highest number that a voice here has."""
    numbers = (entry.data.get("voice") for entry in state.of_kind("participant"))
    return max((number for number in numbers if isinstance(number, int)), default=0)


def bring_in(
    record: Record,
    workshop: str,
    transcript: Transcript,
    *,
    agreed: str = "",
    asked_by: str = "",
    lang: str = "",
    again: bool = False,
    tell: Callable[[int, int], None] | None = None,
) -> int:
    """Add a transcript to a workshop in one write, and return how many entries that made.

    Raises ImportError_ where this file is here already, unless `again`. `tell(done, all)` is called before each entry.
    """
    state = record.state(workshop)
    if not again and is_here(state, transcript.source):
        raise ImportError_("import.already")
    actor = Actor(record.new_id(), operator=True)
    made = drafts(
        transcript, record.new_id, by=actor.id, after=last_voice(state), agreed=agreed, asked_by=asked_by, lang=lang
    )
    record.append_many(workshop, _Told(made, tell) if tell else made, actor)
    return len(made)


class _Told(list[Draft]):
    """Drafts that say how far the append has come: the append is one write, and looks at each of them once."""

    def __init__(self, made: list[Draft], tell: Callable[[int, int], None]) -> None:
        super().__init__(made)
        self._tell: Callable[[int, int], None] | None = tell

    def __iter__(self) -> Iterator[Draft]:
        tell, self._tell = self._tell, None
        for done, draft in enumerate(super().__iter__(), 1):
            if tell is not None:
                tell(done, len(self))
            yield draft
