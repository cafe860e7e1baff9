"""The trace of a contribution: a tree from an agreement back to the words it rests on.

It follows every link that somebody made, and no other. What the viewer may not read is a gap that says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.entries import Entry
from cowork.core.proposals import OUTCOME_KINDS, is_outcome
from cowork.core.provenance import FIRSTHAND_KINDS, PROVENANCE, Change, Edge, changed_provenance, edges
from cowork.core.quotes import Quote, gap_in, quotes

#: Gaps of a trace beside those of a quotation: unwritten talk, and no link to earlier words.
GAP_UNWRITTEN, GAP_NO_LINK = "unwritten", "nothing"


@dataclass(frozen=True)
class Step:
    """One step of a trace. `relation` says how the step above leads here.

    `version` is the linked version, and `text` its words as the viewer may read them; `contribution` is the present
    one. `quotes` are the exact words that the step above quotes. `gap` says why there are no words. `again` is True
    where the same step occurs nearer to the beginning: its own steps are there.
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
        """This step and all below it, in reading order."""
        yield self
        for step in self.steps:
            yield from step.walk()

    def depth(self) -> int:
        """How many links lead to the farthest step below."""
        return 1 + max((step.depth() for step in self.steps), default=-1)


def trace(view: ParticipantView, entry_id: str) -> Step | None:
    """The trace of a contribution; None where the viewer may not see it."""
    found = view.of_id(entry_id)
    if found is None:
        return None
    return _step(view, found.id, found.entry, "", (), "", _parents(view, found.id))


def _parents(view: ParticipantView, start: str) -> dict[str, str]:
    """Each step -> its parent in the tree: the step that reaches it by the fewest links."""
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
        # Its own links are not followed: those of withdrawn words were their author's words, too.
        return Step(root, version.id, kind, relation, "", gap or "gone", None, quoted)
    text = str(version.data.get("text", ""))
    changed = changed_provenance(state, root)
    if parents[root] != parent:
        return Step(root, version.id, kind, relation, text, "", found, quoted, changed, again=True)
    below: list[Step] = []
    taken_quotes = quotes(view, found.entry)
    for target, edge in _provenance_links(view, root).items():
        linked_version = state.entries.get(edge.version)
        words = tuple(quote for quote in taken_quotes if quote.source == target)
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
    """The links to what a contribution rests on, each target once."""
    found: dict[str, Edge] = {}
    for edge in edges(view.state, root, *PROVENANCE):
        found.setdefault(edge.target, edge)
    return found


def starting_points(view: ParticipantView) -> list[Contribution]:
    """Where a trace may begin: every active outcome, agreements first, and then open proposals."""
    rank = {how: place for place, how in enumerate(OUTCOME_KINDS)}
    outcomes = [found for found in view.active_of_kind("outcome") if is_outcome(view.state, found.id)]
    outcomes.sort(
        key=lambda contribution: (
            rank.get(str(contribution.entry.data.get("outcome")), 9),
            contribution.first_version.header.order,
        )
    )
    closed = {edge.target for contribution in outcomes for edge in edges(view.state, contribution.id, "closes")}
    return outcomes + [found for found in view.active_of_kind("proposal") if found.id not in closed]
