"""The practice cases as their files hold them, beside the workshop that was made of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from cowork.analysis.proposals import Outcome, Round, Worry, outcomes
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Entry
from cowork.core.fold import State
from cowork.imports.demo import DEMO_NAMES, load_demo, read_demo_case
from cowork.imports.demo_format import DemoRow
from cowork.store import memory_record

WARD, BUS, YOUTH = DEMO_NAMES


@cache
def told(name: str) -> tuple[State, dict[str, Entry]]:
    """A loaded case: its state, and its entries by their key in the data."""
    record = memory_record()
    workshop, _ = load_demo(record, name)
    state = record.state(workshop)
    found = {e.data["told"]["ref"]: e for e in state.entries.values() if "ref" in e.data.get("told", {})}
    return state, found


@cache
def rows(name: str) -> list[DemoRow]:
    """The lines of a case that have a key; episodes stand apart."""
    return [row for row in read_demo_case(name).entries if "key" in row and row["kind"] != "episode"]


def row(name: str, key: str) -> DemoRow:
    return next(r for r in rows(name) if r["key"] == key)


def words(r: DemoRow) -> str:
    return str(r.get("body", {}).get("text") or "")


def linked(r: DemoRow, *relations: str) -> list[str]:
    """The keys that a line is about, with any relation or with these."""
    return [key for relation, key in r.get("about", ()) if not relations or relation in relations]


def quoted(r: DemoRow) -> list[tuple[str, str]]:
    """(key, words) of what a line quotes."""
    return [(q["version"], q["words"]) for q in r.get("body", {}).get("quotes", ())]


@cache
def _names(name: str) -> dict[str, str]:
    """key -> name of the people of a case."""
    return {r["by"]: r["body"]["name"] for r in read_demo_case(name).of_kind("participant") if "name" in r["body"]}


def person(state: State, name: str, key: str) -> str:
    return next(p for p in state.participants() if state.profile(p)["name"] == _names(name)[key])


def seen(name: str) -> ParticipantView:
    return ParticipantView(told(name)[0], "")


def words_inside(worries: tuple[Worry, ...]) -> list[str]:
    """The words of worries, and of what was answered to them, as far as their reader may see them."""
    found = [w.contribution.text for w in worries if w.contribution is not None]
    return found + [a.text for w in worries for a in w.answers if a.kind != "proposal"]


def refs(name: str) -> dict[str, str]:
    """id -> key in the data."""
    return {entry.id: key for key, entry in told(name)[1].items()}


def ending(name: str, key: str) -> Outcome:
    return next(e for e in outcomes(seen(name)) if e.contribution.id == told(name)[1][key].id)


def about(name: str, relation: str, key: str) -> list[str]:
    """Keys of the lines that are about one."""
    return [r["key"] for r in rows(name) if [relation, key] in r.get("about", ())]


def levels(name: str, proposal: str) -> dict[str, str]:
    """person -> what they answered to one wording, in the data."""
    return {r["by"]: r["body"]["level"] for r in rows(name) if r["kind"] == "position" and linked(r) == [proposal]}


def keys_of(name: str, people: Iterable[str]) -> list[str]:
    """The keys of people, in order."""
    state = told(name)[0]
    found = {person(state, name, key): key for key in read_demo_case(name).people}
    return sorted(found[p] for p in people)


def counted(name: str, made: Round) -> dict[str, list[str]]:
    """level -> who answered so, as loaded."""
    found = {r.level.code: keys_of(name, (p.person for p in r.positions)) for r in (*made.rows, *made.beside_scale)}
    return {code: people for code, people in found.items() if people}


def by_level(answers: dict[str, str]) -> dict[str, list[str]]:
    return {code: sorted(p for p, level in answers.items() if level == code) for code in set(answers.values())}
