"""Trace: from an agreement back to the words, and from any words on to what became of them.

Only links that somebody made are followed, and none is left out. What this viewer may not read is a gap that says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.entries import Entry
from cowork.core.proposals import OUTCOME_KEYS, OUTCOME_KINDS, is_outcome
from cowork.core.provenance import PROVENANCE, FIRSTHAND_KINDS, Change, Edge, changed_provenance, edges, incoming
from cowork.core.quotes import Quote, gap_in, quotes

#: Gaps of a trace beside those of a quotation: talk that was not written down, and no link to earlier words.
GAP_UNWRITTEN, GAP_NO_LINK = "unwritten", "nothing"


@dataclass(frozen=True)
class Step:
    """One stop on the way. `relation` says how the step above leads here.

    `version` is the version that was meant, and `text` its words as this viewer may read them; `contribution` is what
    stands now. `quotes` are the exact words that the step above takes from here. `gap` says why no words stand here.
    `again` is True where the same step stands in the trace nearer to the beginning: what it leads to is shown there.
    """

    id: str
    version: str
    kind: str
    relation: str
    text: str
    gap: str
    contribution: Contribution | None
    quotes: tuple[Quote, ...] = ()
    changed: tuple[Change, ...] = ()
    steps: tuple[Step, ...] = ()
    again: bool = False

    def walk(self) -> Iterator[Step]:
        """This step and all below it, in the order they are read."""
        yield self
        for step in self.steps:
            yield from step.walk()

    def depth(self) -> int:
        """How many links lead to the farthest step below."""
        return 1 + max((step.depth() for step in self.steps), default=-1)


def trace(view: ParticipantView, entry_id: str) -> Step | None:
    """The way back from a contribution to the words it rests on; None where there is nothing to be seen."""
    found = view.of_id(entry_id)
    if found is None:
        return None
    return _step(view, found.id, found.entry, "", (), "", _parents(view, found.id))


def _parents(view: ParticipantView, start: str) -> dict[str, str]:
    """Each step -> the step it is told under: the one that comes to it by the fewest links."""
    parents = {start: ""}
    pending = [start]
    while pending:
        active = pending.pop(0)
        if view.state.entries[active].kind == "talked":
            continue
        for target, edge in _provenance_links(view, active).items():
            if target not in parents and not gap_in(view, edge.version):
                parents[target] = active
                pending.append(target)
    return parents


def _step(
    view: ParticipantView,
    root: str,
    version: Entry,
    relation: str,
    quoted: tuple[Quote, ...],
    parent: str,
    parents: dict[str, str],
) -> Step:
    state = view.state
    found = view.of_id(root)
    gap = gap_in(view, version.id)
    kind = state.entries[root].kind if root in state.entries else version.kind
    if kind == "talked" and not gap:
        gap = GAP_UNWRITTEN
    if gap or found is None:
        # What it led to is not followed: the way through words that were taken back was their author's too.
        return Step(root, version.id, kind, relation, "", gap or "gone", None, quoted)
    text = str(version.data.get("text", ""))
    changed = changed_provenance(state, root)
    if parents[root] != parent:
        return Step(root, version.id, kind, relation, text, "", found, quoted, changed, again=True)
    below: list[Step] = []
    taken = quotes(view, found.entry)
    for target, edge in _provenance_links(view, root).items():
        linked_version = state.entries.get(edge.version)
        words = tuple(q for q in taken if q.source == target)
        if linked_version is None:
            below.append(Step(target, edge.version, "", edge.relation, "", "gone", None, words))
        else:
            below.append(_step(view, target, linked_version, edge.relation, words, root, parents))
    if found.entry.data.get("unwritten"):
        below.append(Step("", "", "", "rests-on", "", GAP_UNWRITTEN, None))
    if not below and kind not in FIRSTHAND_KINDS:
        below.append(Step("", "", "", "", "", GAP_NO_LINK, None))
    return Step(root, version.id, kind, relation, text, "", found, quoted, changed, tuple(below))


def _provenance_links(view: ParticipantView, root: str) -> dict[str, Edge]:
    """What a contribution rests on, each once, by the version that was meant."""
    found: dict[str, Edge] = {}
    for edge in edges(view.state, root, *PROVENANCE):
        found.setdefault(edge.target, edge)
    return found


# ---- forward


@dataclass(frozen=True)
class Use:
    """What became of words: `key` names it (talked, view, reading, understood, proposal, agreed, differ, open, worry,
    response, action, used, unused, need-met, theme), `contribution` is where."""

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
    """What became of these words, nearest first; an empty list means that nobody has taken them up as yet."""
    found: dict[tuple[str, str], Use] = {}
    for one in _uses(view, entry_id):
        found.setdefault((one.key, one.contribution.id), one)
    return sorted(found.values(), key=lambda use: (use.links, use.contribution.first_version.header.order))


def _uses(view: ParticipantView, entry_id: str) -> Iterator[Use]:
    """The same as it is found, some of it more than once: whoever asks only if there is any stops at the first."""
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
            # No way leads through words that were taken back or hidden, also for who still sees them.
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


def starting_points(view: ParticipantView) -> list[Contribution]:
    """Where a trace may begin: every ending that stands, agreements first, and then proposals that are open."""
    rank = {how: place for place, how in enumerate(OUTCOME_KINDS)}
    outcomes = [contribution for contribution in view.of_kind("outcome") if contribution.is_active and is_outcome(view.state, contribution.id)]
    outcomes.sort(key=lambda contribution: (rank.get(str(contribution.entry.data.get("outcome")), 9), contribution.first_version.header.order))
    closed = {edge.target for contribution in outcomes for edge in edges(view.state, contribution.id, "closes")}
    return outcomes + [contribution for contribution in view.of_kind("proposal") if contribution.is_active and contribution.id not in closed]


def is_used(view: ParticipantView, root: str) -> bool:
    """True where somebody built on these words, beyond talking about them or noting that they were not used."""
    return any(use.key not in ("talked", "unused") for use in _uses(view, root))
