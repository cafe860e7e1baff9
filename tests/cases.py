"""The practice cases as their files tell them, beside the workshop that was made of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.imports.practice import case, load
from cowork.store import memory_record


@cache
def told(name: str) -> tuple[State, dict[str, Entry]]:
    """A loaded case: its state, and its entries by their name in the data."""
    record = memory_record()
    workshop, _ = load(record, name)
    state = record.state(workshop)
    found = {e.data["told"]["ref"]: e for e in state.entries.values() if "ref" in e.data.get("told", {})}
    return state, found


def rows(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = case(name)["entries"]
    return entries


def kind(row: dict[str, Any]) -> str:
    """The model's word for a kind of the data."""
    if row["kind"] == "agreement":
        new_wording = any(link["rel"] == "replaces" for link in row["about"])
        return "outcome" if row["extra"]["status"] != "proposal" else "edit" if new_wording else "proposal"
    if row["kind"] == "stance" and "standing" in row["extra"]:
        return "standing"
    return str(row["kind"])


def person(state: State, name: str, ref: str) -> str:
    shown = next(p["name"] for p in case(name)["participants"] if p["id"] == ref)
    return next(p for p in state.participants() if state.person(p)["name"] == shown)
