"""The practice cases as their files tell them, beside the workshop that was made of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from cowork.analysis.agreement import Ending, Round, Worry, endings
from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.core.seen import Seen
from cowork.imports.practice import NAMES, case, load
from cowork.store import memory_record

WARD, BUS, YOUTH = NAMES


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


def seen(name: str) -> Seen:
    return Seen(told(name)[0], "")


def row(name: str, ref: str) -> dict[str, Any]:
    return next(r for r in rows(name) if r["ref"] == ref)


def words_inside(worries: tuple[Worry, ...]) -> list[str]:
    """The words of worries, and of what was answered to them, as far as their reader may see them."""
    found = [w.contribution.text for w in worries if w.contribution is not None]
    return found + [a.text for w in worries for a in w.answers if a.kind != "proposal"]


def refs(name: str) -> dict[str, str]:
    """id -> name in the data."""
    return {entry.id: ref for ref, entry in told(name)[1].items()}


def ending(name: str, ref: str) -> Ending:
    return next(e for e in endings(seen(name)) if e.contribution.id == told(name)[1][ref].id)


def about(name: str, relation: str, ref: str) -> list[str]:
    """Names of the entries that are about one, in the data."""
    return [r["ref"] for r in rows(name) if {"rel": relation, "ref": ref} in [_bare(link) for link in r["about"]]]


def _bare(link: dict[str, Any]) -> dict[str, Any]:
    return {"rel": link["rel"], "ref": link["ref"]}


def levels(name: str, proposal: str) -> dict[str, str]:
    """person -> what they answered to one wording, in the data."""
    return {
        r["by"]: r["extra"]["level"] for r in rows(name) if r["kind"] == "position" and r["about"][0]["ref"] == proposal
    }


def counted(name: str, made: Round) -> dict[str, list[str]]:
    """level -> who answered so, as loaded."""
    names = {person(told(name)[0], name, p["id"]): p["id"] for p in case(name)["participants"]}
    found = {r.level.code: sorted(names[p.person] for p in r.positions) for r in (*made.rows, *made.apart)}
    return {code: people for code, people in found.items() if people}


def by_level(answers: dict[str, str]) -> dict[str, list[str]]:
    return {code: sorted(p for p, level in answers.items() if level == code) for code in set(answers.values())}
