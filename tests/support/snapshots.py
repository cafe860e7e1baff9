"""A state in one fixed form, so that two can be compared."""

from __future__ import annotations

from typing import Any

from cowork.core.fold import State


def snapshot(state: State) -> dict[str, Any]:
    """Everything the fold holds: equal states have equal snapshots."""
    entries = sorted(state.entries.items())
    return {
        "entries": {i: (e.header.canonical(), e.body) for i, e in entries},
        "about": {target: sorted(pairs) for target, pairs in sorted(state.references.items())},
        "erased": sorted(state.erased | state.erased_versions),
        "current": {i: [v.id for v in state.current(i)] for i, e in entries if not e.targets("replaces")},
        "withdrawn": sorted(i for i in state.entries if state.withdrawals(i)),
        "hidden": sorted(i for i in state.entries if state.hides(i)),
        "people": {p: (state.profile(p), sorted(state.roles(p))) for p in state.participants()},
        "anchor": state.anchor(),
    }
