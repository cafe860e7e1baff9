"""Talk that was imported: who may take it out of the workshop again, and what was taken out."""

from __future__ import annotations

from dataclasses import dataclass

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Entry
from cowork.core.fold import State

MAX_TARGETS = 400
"""Turns that one withdrawal names: an entry holds at most 500 references."""


@dataclass(frozen=True)
class TakenOutTalk:
    """Turns of one talk that one person took out. `acts` are the withdrawals: lifting them all brings it back."""

    source: str
    name: str
    turns: int
    acts: tuple[str, ...]


def source_of(entry: Entry) -> tuple[str, str]:
    """(id of the file's content, its name) of an imported turn; ("", "") for anything else."""
    source = entry.data.get("source")
    if entry.header.how != "import" or entry.kind != "utterance" or not isinstance(source, dict):
        return "", ""
    return str(source.get("id", "")), str(source.get("name", ""))


def may_take_out(view: ParticipantView, entry: Entry) -> bool:
    """True where the viewer may withdraw an imported turn: a facilitator, or the scribe who brought the talk in.

    Who brought it in is read from an episode that was imported itself: anybody else's word for it counts nothing.
    """
    if not source_of(entry)[0]:
        return False
    if view.is_facilitator:
        return True
    episode = view.state.entries.get(entry.header.episode)
    if episode is None or episode.header.how != "import" or not view.is_scribe:
        return False
    return bool(view.viewer) and episode.data.get("brought_by") == view.viewer


def turns_of(state: State, source: str) -> list[Entry]:
    """The turns of a talk that are neither withdrawn nor erased, in the order of the file."""
    found = [entry for entry in state.of_kind("utterance") if source_of(entry)[0] == source]
    return [entry for entry in found if not state.withdrawals(entry.id) and not state.is_erased(entry.id)]


def taken_out_by(state: State, person: str) -> list[TakenOutTalk]:
    """The talks of which this person took turns out that are still out, each once."""
    turns: dict[str, int] = {}
    names: dict[str, str] = {}
    acts: dict[str, dict[str, None]] = {}
    own_acts = (state.entries[one] for one in state.by_person.get(person, ()))
    for act in State.sorted(entry for entry in own_acts if entry.kind == "withdrawal"):
        for target in act.targets("withdraws"):
            source, name = source_of(state.entries[target]) if target in state.entries else ("", "")
            if source and not state.is_erased(target) and act in state.withdrawals(target):
                turns[source] = turns.get(source, 0) + 1
                names[source] = name
                acts.setdefault(source, {})[act.id] = None
    return [TakenOutTalk(source, names[source], turns[source], tuple(acts[source])) for source in turns]
