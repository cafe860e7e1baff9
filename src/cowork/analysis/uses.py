"""The uses of a contribution: what was made of its words, followed along the links that somebody made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.entries import Entry
from cowork.core.proposals import OUTCOME_KEYS, is_outcome
from cowork.core.provenance import PROVENANCE, Edge, edges, incoming
from cowork.core.quotes import gap_in


@dataclass(frozen=True)
class Use:
    """One use of a contribution. `key` names it (talked, view, reading, understood, proposal, agreed, differ, open,
    worry, response, action, used, unused, need-met, theme); `contribution` is what was made of it."""

    key: str
    contribution: Contribution
    links: int


_USE_KEYS = {
    "view": "view",
    "theme": "theme",
    "interpretation": "reading",
    "understanding": "understood",
    "proposal": "proposal",
    "action": "action",
}
_DIRECT_USE_KEYS = {
    "talks-about": "talked",
    "answers": "talked",
    "used-in": "used",
    "went-unused": "unused",
    "meets-need": "need-met",
}


def uses_of(view: ParticipantView, entry_id: str) -> list[Use]:
    """The uses of a contribution, nearest first; empty where nobody has used it yet."""
    found: dict[tuple[str, str], Use] = {}
    for one in _uses(view, entry_id):
        found.setdefault((one.key, one.contribution.id), one)
    return sorted(found.values(), key=lambda use: (use.links, use.contribution.first_version.header.order))


def _uses(view: ParticipantView, entry_id: str) -> Iterator[Use]:
    """The uses as they are found, some more than once: a caller that asks only if there is any stops at the first."""
    start = view.of_id(entry_id)
    if start is None:
        return
    state = view.state
    for edge in incoming(state, start.id, *_DIRECT_USE_KEYS):
        yield from _use(view, _direct_use_key(state.entries[edge.source], edge), edge.source, 1)
    for edge in edges(state, start.id, "used-in", "went-unused", "meets-need"):
        if edge.relation != "meets-need" or start.kind != "need":
            yield from _use(view, _DIRECT_USE_KEYS[edge.relation], edge.target, 1)
    depth = {start.id: 0}
    pending = [start.id]
    while pending:
        active = pending.pop(0)
        for edge in incoming(state, active, *PROVENANCE):
            source = edge.source
            parents = view.of_id(source)
            # No use is reached through withdrawn or hidden words, even for a viewer who still sees them.
            if source in depth or parents is None or not parents.is_active or gap_in(view, edge.version):
                continue
            depth[source] = depth[active] + 1
            pending.append(source)
            kind = state.entries[source].kind
            key = _USE_KEYS.get(kind, "")
            if kind == "outcome" and is_outcome(state, source):
                key = OUTCOME_KEYS.get(str(state.entries[source].data.get("outcome")), "")
            yield from _use(view, key, source, depth[source])
            for answer in incoming(state, source, "answers"):
                if state.entries[answer.source].kind == "response":
                    yield from _use(view, "response", answer.source, depth[source] + 1)


def _direct_use_key(source: Entry, edge: Edge) -> str:
    if source.kind == "reservation":
        return "worry"
    if source.kind == "response":
        return "response"
    if source.kind in ("utterance", "talked"):
        return "talked"
    return "need-met" if edge.relation == "meets-need" else ""


def _use(view: ParticipantView, key: str, root: str, links: int) -> Iterator[Use]:
    contribution = view.of_id(root)
    if key and contribution is not None and contribution.is_active:
        yield Use(key, contribution, links)


def is_used(view: ParticipantView, root: str) -> bool:
    """True where somebody built on a contribution, beyond talking about it or noting that it was not used."""
    return any(use.key not in ("talked", "unused") for use in _uses(view, root))
