"""Where we see it differently: each view that differs, in its holder's words, with the standing only they set.

Nothing here averages, counts a majority, or waits for anybody: where nothing was said, "not said" is what stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.links import edges, holders, into
from cowork.core.seen import Contribution, Seen


@dataclass(frozen=True)
class Standing:
    """Where one holder stands now: "still", "partly", "changed", or "" where they have not said. `why` are their words.

    `history` holds what they said before, oldest first.
    """

    person: str
    code: str
    why: str
    entry: Entry | None
    history: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Confirmation:
    """What one holder said of a view that was written for them: "yes", "nearly", "no", "out", or "" for not said."""

    person: str
    code: str
    words: str
    entry: Entry | None


@dataclass(frozen=True)
class Row:
    """One view of the ledger. `differs` are the first versions of the views it differs from, whoever marked it."""

    view: Contribution
    holders: tuple[str, ...]
    differs: tuple[str, ...]
    standings: tuple[Standing, ...]


def ledger(seen: Seen) -> list[Row]:
    """Every view that differs from another, and every view that a kept difference rests on; oldest first."""
    kept = {
        edge.target
        for outcome in seen.of_kind("outcome")
        if outcome.standing == "here" and outcome.entry.data.get("outcome") == "difference"
        for edge in edges(seen.state, outcome.id, "rests-on")
    }
    found = []
    for view in seen.of_kind("view"):
        others = differs(seen, view.id)
        if view.standing == "here" and (others or view.id in kept):
            found.append(row(seen, view, others))
    return found


def row(seen: Seen, view: Contribution, others: tuple[str, ...] | None = None) -> Row:
    """One view with its holders and where they stand."""
    who = tuple(holders(seen.state, view.id))
    stand = tuple(standing(seen.state, view.id, person) for person in who)
    return Row(view, who, differs(seen, view.id) if others is None else others, stand)


def differs(seen: Seen, root: str) -> tuple[str, ...]:
    """The views this one differs from, as far as they may be seen. A difference stands on both, whoever marked it."""
    state = seen.state
    there = [edge.target for edge in edges(state, root, "differs-from")]
    back = [edge.source for edge in into(state, root, "differs-from")]
    found = dict.fromkeys(other for other in (*there, *back) if other != root)
    return tuple(other for other in found if (c := seen.of_id(other)) is not None and c.standing == "here")


def standing(state: State, root: str, person: str) -> Standing:
    """Where one holder stands on a view, as they last said; a new wording of the view leaves it standing."""
    said = _said(state, root, "answers", "standing", person)
    if not said:
        return Standing(person, "", "", None)
    last = said[-1]
    words = "" if state.hides(state.root(last.id)) else str(last.data.get("text", ""))
    return Standing(person, str(last.data.get("standing", "")), words, last, tuple(said[:-1]))


def stance(state: State, root: str, person: str) -> Entry | None:
    """Somebody's last answer to a view, in its present wording."""
    tips = {entry.id for entry in state.current(root)}
    said = [e for e in _said(state, root, "answers", "stance", person) if tips & set(_answered(state, e, "answers"))]
    return said[-1] if said else None


def stances(seen: Seen, root: str) -> list[Contribution]:
    """Everyone's last answer to a view in its present wording, oldest first."""
    people = {e.header.by for v in seen.state.versions_from(root) for e in _answers(seen.state, v, "answers", "stance")}
    last = [stance(seen.state, root, person) for person in sorted(people)]
    found = [seen.of_id(entry.id) for entry in seen.state.sorted(e for e in last if e is not None)]
    return [c for c in found if c is not None]


def confirmations(seen: Seen, root: str) -> list[Confirmation]:
    """What each holder said of the present wording. Whose own words stand there has confirmed them by writing."""
    state = seen.state
    tips = state.current(root)
    found = []
    for person in holders(state, root):
        if any(entry.header.by == person for entry in tips):
            own = next(entry for entry in tips if entry.header.by == person)
            found.append(Confirmation(person, "yes", "", own))
            continue
        found.append(_confirmation(state, root, person, {entry.id for entry in tips}))
    return found


def _confirmation(state: State, root: str, person: str, tips: set[str]) -> Confirmation:
    said = _said(state, root, "checks", "check", person)
    said = [entry for entry in said if tips & set(_answered(state, entry, "checks"))]
    if not said:
        return Confirmation(person, "", "", None)
    last = said[-1]
    words = "" if state.hides(state.root(last.id)) else str(last.data.get("text", ""))
    return Confirmation(person, str(last.data.get("result", "")), words, last)


def checks(state: State, root: str, of: str) -> dict[str, Entry]:
    """person -> their last answer to a check of the present wording; `of` is "said" or "all"."""
    tips = {entry.id for entry in state.current(root)}
    found: dict[str, Entry] = {}
    for entry in _all_said(state, root, "checks", "check"):
        given = str(
            entry.data.get("of") or ("all" if entry.data.get("result") in ("same", "differ", "unsure") else "said")
        )
        if given == of and tips & set(_answered(state, entry, "checks")):
            found[state.entries[state.root(entry.id)].header.by] = entry
    return found


def _said(state: State, root: str, relation: str, kind: str, person: str) -> list[Entry]:
    return [e for e in _all_said(state, root, relation, kind) if state.entries[state.root(e.id)].header.by == person]


def _all_said(state: State, root: str, relation: str, kind: str) -> list[Entry]:
    """Every version of every answer of a kind to a text, oldest first, without what was taken back or erased."""
    firsts = {e.id: e for version in state.versions_from(root) for e in _answers(state, version, relation, kind)}
    versions = {v.id: v for first in firsts for v in state.history(first) if v.body is not None}
    return state.sorted(versions.values())


def _answers(state: State, version: str, relation: str, kind: str) -> list[Entry]:
    roots = dict.fromkeys(state.root(entry_id) for entry_id in state.about(version, relation))
    found = (state.entries[r] for r in roots if r in state.entries)
    return [e for e in found if e.kind == kind and not state.is_erased(e.id) and not state.withdrawals(e.id)]


def _answered(state: State, entry: Entry, relation: str) -> tuple[str, ...]:
    """The versions an answer is to; an edit that names none is to the same as before."""
    seen: set[str] = set()
    todo = [entry]
    while todo:
        here = todo.pop(0)
        if here.id in seen:
            continue
        seen.add(here.id)
        if here.targets(relation):
            return here.targets(relation)
        todo += [state.entries[t] for t in here.targets("replaces") if t in state.entries]
    return ()
