"""Trace: from an agreement back to the words, and from any words on to what became of them.

Only links that somebody made are followed, and none is left out. What this viewer may not read is a gap that says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.entries import Entry
from cowork.core.proposals import ENDING_WORDS, OUTCOME_KINDS, is_outcome
from cowork.core.provenance import PROVENANCE, SAID, Change, Edge, changed_provenance, edges, incoming
from cowork.core.quotes import Quote, gap_in, quotes

#: Gaps of a trace beside those of a quotation: talk that was not written down, and no link to earlier words.
UNWRITTEN, NOTHING = "unwritten", "nothing"


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
    return _step(view, found.id, found.entry, "", (), "", _nearest(view, found.id))


def _nearest(view: ParticipantView, start: str) -> dict[str, str]:
    """Each step -> the step it is told under: the one that comes to it by the fewest links."""
    above = {start: ""}
    todo = [start]
    while todo:
        here = todo.pop(0)
        if view.state.entries[here].kind == "talked":
            continue
        for target, edge in _targets(view, here).items():
            if target not in above and not gap_in(view, edge.version):
                above[target] = here
                todo.append(target)
    return above


def _step(
    view: ParticipantView,
    root: str,
    version: Entry,
    relation: str,
    quoted: tuple[Quote, ...],
    by: str,
    above: dict[str, str],
) -> Step:
    state = view.state
    found = view.of_id(root)
    gap = gap_in(view, version.id)
    kind = state.entries[root].kind if root in state.entries else version.kind
    if kind == "talked" and not gap:
        gap = UNWRITTEN
    if gap or found is None:
        # What it led to is not followed: the way through words that were taken back was their author's too.
        return Step(root, version.id, kind, relation, "", gap or "gone", None, quoted)
    text = str(version.data.get("text", ""))
    changed = changed_provenance(state, root)
    if above[root] != by:
        return Step(root, version.id, kind, relation, text, "", found, quoted, changed, again=True)
    below: list[Step] = []
    taken = quotes(view, found.entry)
    for target, edge in _targets(view, root).items():
        meant = state.entries.get(edge.version)
        words = tuple(q for q in taken if q.source == target)
        if meant is None:
            below.append(Step(target, edge.version, "", edge.relation, "", "gone", None, words))
        else:
            below.append(_step(view, target, meant, edge.relation, words, root, above))
    if found.entry.data.get("unwritten"):
        below.append(Step("", "", "", "rests-on", "", UNWRITTEN, None))
    if not below and kind not in SAID:
        below.append(Step("", "", "", "", "", NOTHING, None))
    return Step(root, version.id, kind, relation, text, "", found, quoted, changed, tuple(below))


def _targets(view: ParticipantView, root: str) -> dict[str, Edge]:
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


_FATE = {
    "view": "view",
    "theme": "theme",
    "interpretation": "reading",
    "understanding": "understood",
    "proposal": "proposal",
    "action": "action",
}
_DIRECT = {
    "talks-about": "talked",
    "answers": "talked",
    "used-in": "used",
    "went-unused": "unused",
    "meets-need": "need-met",
}


def uses_of(view: ParticipantView, entry_id: str) -> list[Use]:
    """What became of these words, nearest first; an empty list means that nobody has taken them up as yet."""
    found: dict[tuple[str, str], Use] = {}
    for one in _fates(view, entry_id):
        found.setdefault((one.key, one.contribution.id), one)
    return sorted(found.values(), key=lambda f: (f.links, f.contribution.first.header.order))


def _fates(view: ParticipantView, entry_id: str) -> Iterator[Use]:
    """The same as it is found, some of it more than once: whoever asks only if there is any stops at the first."""
    start = view.of_id(entry_id)
    if start is None:
        return
    state = view.state
    for edge in incoming(state, start.id, *_DIRECT):
        yield from _became(view, _direct(state.entries[edge.source], edge), edge.source, 1)
    for edge in edges(state, start.id, "used-in", "went-unused", "meets-need"):
        if edge.relation != "meets-need" or start.kind != "need":
            yield from _became(view, _DIRECT[edge.relation], edge.target, 1)
    depth = {start.id: 0}
    todo = [start.id]
    while todo:
        here = todo.pop(0)
        for edge in incoming(state, here, *PROVENANCE):
            source = edge.source
            above = view.of_id(source)
            # No way leads through words that were taken back or hidden, also for who still sees them.
            if source in depth or above is None or above.standing != "here" or gap_in(view, edge.version):
                continue
            depth[source] = depth[here] + 1
            todo.append(source)
            kind = state.entries[source].kind
            key = _FATE.get(kind, "")
            if kind == "outcome" and is_outcome(state, source):
                key = ENDING_WORDS.get(str(state.entries[source].data.get("outcome")), "")
            yield from _became(view, key, source, depth[source])
            for answer in incoming(state, source, "answers"):
                if state.entries[answer.source].kind == "response":
                    yield from _became(view, "response", answer.source, depth[source] + 1)


def _direct(source: Entry, edge: Edge) -> str:
    if source.kind == "reservation":
        return "worry"
    if source.kind == "response":
        return "response"
    if source.kind in ("utterance", "talked"):
        return "talked"
    return "need-met" if edge.relation == "meets-need" else ""


def _became(view: ParticipantView, key: str, root: str, links: int) -> Iterator[Use]:
    c = view.of_id(root)
    if key and c is not None and c.standing == "here":
        yield Use(key, c, links)


def starting_points(view: ParticipantView) -> list[Contribution]:
    """Where a trace may begin: every ending that stands, agreements first, and then proposals that are open."""
    rank = {how: place for place, how in enumerate(OUTCOME_KINDS)}
    ended = [c for c in view.of_kind("outcome") if c.standing == "here" and is_outcome(view.state, c.id)]
    ended.sort(key=lambda c: (rank.get(str(c.entry.data.get("outcome")), 9), c.first.header.order))
    closed = {edge.target for c in ended for edge in edges(view.state, c.id, "closes")}
    return ended + [c for c in view.of_kind("proposal") if c.standing == "here" and c.id not in closed]


def is_taken_up(view: ParticipantView, root: str) -> bool:
    """True where somebody built on these words, beyond talking about them or noting that they were not used."""
    return any(f.key not in ("talked", "unused") for f in _fates(view, root))
