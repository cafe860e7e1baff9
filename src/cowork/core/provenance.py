"""Links: the provenance of a contribution, from an agreement back to the words, and what has changed in it since.

A link goes from a text to the version of another that its writer saw. It is stated in the `about` of the text, or in an
entry of kind `link` that names both ends. An edit keeps the links of the version it replaces unless it states others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cowork.core.entries import Entry, Order
from cowork.core.fold import State

#: Relations from a contribution to what it rests on: a change of the target is a change of its provenance.
PROVENANCE = ("documents", "interprets", "rests-on", "builds-on", "closes", "groups", "renders")

#: Every relation that links two contributions; acts (replaces, withdraws …) are no links.
LINKS = frozenset(
    {
        *PROVENANCE,
        "answers",
        "talks-about",
        "meets-need",
        "used-in",
        "went-unused",
        "differs-from",
        "checks",
        "answers-reservation",
        "becomes",
        "holds",
        "renews",
        "reopens",
        "reveals",
    }
)


@dataclass(frozen=True)
class Edge:
    """One link. `source` and `target` are first versions, `version` is the version of the target that was meant, and
    `entry` the id of the entry that states it."""

    relation: str
    source: str
    target: str
    version: str
    entry: str


@dataclass(frozen=True)
class Change:
    """A change in a contribution's provenance: "changed", "taken" (withdrawn), "hidden" or "erased", by which entry."""

    root: str
    what: str
    order: Order
    entry: str

    @property
    def at_ms(self) -> int:
        return self.order[0]


def stated_links(state: State, version: Entry) -> tuple[tuple[str, str], ...]:
    """The (relation, id) links of a version: its own, or those of the version it replaces where it states none."""
    visited: set[str] = set()
    found: dict[tuple[str, str], None] = {}
    pending = [version]
    while pending:
        current = pending.pop(0)
        if current.id in visited:
            continue  # a forged cycle of versions
        visited.add(current.id)
        own = [pair for pair in current.header.about if pair[0] in LINKS]
        # An edit may answer a reservation and still have the provenance of the version before.
        if any(relation in PROVENANCE for relation, _ in own) or not current.targets("replaces"):
            found.update(dict.fromkeys(own))
            continue
        found.update(dict.fromkeys(own))
        pending += [state.entries[target] for target in current.targets("replaces") if target in state.entries]
    return tuple(found)


def edges(state: State, root: str, *relations: str) -> list[Edge]:
    """The links from a contribution, in the order they were stated; only those of `relations` where given."""
    stated = [(pair, version.id) for version in state.current(root) for pair in stated_links(state, version)]
    for link in active_references(state, root, "from"):
        if link.kind == "link":
            stated += [(pair, link.id) for pair in link.header.about if pair[0] in LINKS]
    found: dict[tuple[str, str], Edge] = {}
    for (relation, target), entry_id in stated:
        if (relation, target) not in found and (not relations or relation in relations):
            found[relation, target] = Edge(relation, root, state.root(target), target, entry_id)
    return list(found.values())


def incoming(state: State, root: str, *relations: str) -> list[Edge]:
    """The links to a contribution, in any of its versions; oldest first."""
    sources: dict[str, None] = {}
    for entry in state.facts(root).referring(*(relations or LINKS)):
        for start in entry.targets("from") if entry.kind == "link" else (entry.id,):
            sources[state.root(start)] = None
    # An edit without links has those of the version before: ask the source, not the entry found here.
    found = [edge for source in sources for edge in edges(state, source, *relations) if edge.target == root]
    return sorted(found, key=lambda edge: _order_of(state, edge.entry))


def holders_of(state: State, view: str) -> list[str]:
    """The holders of a view: those its writer named, and those who linked themselves to it.

    Only holders set their standing, and only they confirm the wording.
    """
    first = state.entries.get(view)
    if first is None or first.kind != "view":
        return []
    named = first.data.get("holders")
    if isinstance(named, list):
        found = dict.fromkeys(str(person) for person in named if person)
    else:
        found = dict.fromkeys([first.header.by] if first.data.get("holder", "me") == "me" else [])
    found.update(dict.fromkeys(link.header.by for link in active_references(state, view, "holds")))
    return list(found)


def provenance(state: State, root: str) -> dict[str, int]:
    """Everything a contribution rests on, at any depth: id of the first version -> fewest links to it."""
    return reachable(root, lambda current: [edge.target for edge in edges(state, current, *PROVENANCE)])


def reachable(root: str, following: Callable[[str], list[str]]) -> dict[str, int]:
    """The ids reachable from `root` -> number of steps, nearest first; a cycle ends."""
    depth = {root: 0}
    pending = [root]
    while pending:
        current = pending.pop(0)
        for following_id in following(current):
            if following_id not in depth:
                depth[following_id] = depth[current] + 1
                pending.append(following_id)
    del depth[root]
    return depth


def last_reviewed(state: State, root: str) -> Order:
    """The order of the last review of a contribution: its newest version, or a renewal of it."""
    reviews = (*state.current(root), *active_references(state, root, "renews"))
    return max((entry.header.order for entry in reviews), default=(0, 0, "", 0))


def changed_provenance(state: State, root: str) -> tuple[Change, ...]:
    """The changes, withdrawals, hidings and erasures in a contribution's provenance since its last review.

    What was restored or shown again is no change any more. Newest last.
    """
    since = last_reviewed(state, root)
    found = [change for below in provenance(state, root) for change in changes(state, below) if change.order > since]
    return tuple(sorted(found, key=lambda change: change.order))


def changes(state: State, root: str) -> Iterator[Change]:
    """The changes of one contribution since it was first written, without those that were lifted."""
    for entry in state.history(root):
        if entry.targets("replaces") and entry.kind not in ("restore", "show"):
            yield Change(root, "changed", entry.header.order, entry.id)
        for erasure in (*state.references_to(entry.id, "erases"), *state.references_to(entry.id, "erases-version")):
            yield Change(root, "erased", state.entries[erasure].header.order, erasure)
    for act in state.withdrawals(root):
        yield Change(root, "taken", act.header.order, act.id)
    for act in state.hides(root):
        yield Change(root, "hidden", act.header.order, act.id)


def is_active(state: State, entry_id: str) -> bool:
    """True for an act, a link or a contribution that is not withdrawn, hidden or erased."""
    return state.facts(state.root(entry_id)).is_active


def active_references(state: State, root: str, relation: str) -> list[Entry]:
    """The active entries that refer to any version of a text by one relation, each once."""
    return [entry for entry in state.facts(root).referring(relation) if is_active(state, entry.id)]


def _order_of(state: State, entry_id: str) -> Order:
    entry = state.entries.get(entry_id)
    return entry.header.order if entry else (0, 0, "", 0)


#: Kinds that hold what a person said or brought themselves: provenance ends at them.
FIRSTHAND_KINDS = frozenset({"utterance", "intention", "asset", "need", "image", "talked"})


def contributors_to(state: State, root: str) -> list[str]:
    """The people whose words a contribution rests on, at any depth: authors of what was said, and holders of views."""
    found: dict[str, None] = {}
    for below in provenance(state, root):
        entry = state.entries.get(below)
        if entry is None or not is_active(state, below):
            continue
        if entry.kind == "view":
            found.update(dict.fromkeys(holders_of(state, below)))
        elif entry.kind in FIRSTHAND_KINDS:
            found[entry.header.by] = None
    return list(found)
