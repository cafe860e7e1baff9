"""Fourteen bus stops: it stops in the middle, for others to go on with."""

from __future__ import annotations

from collections import Counter

from support.transcript_cases import BUS, linked, person, refs, rows, seen, told

from cowork.analysis import differences, uses
from cowork.analysis.proposals import outcomes, proposals
from cowork.core.provenance import holders_of


def test_the_bus_stops_are_open_in_the_middle() -> None:
    """Five ways of seeing it, and a note that two people say is wrong; no ending, and no rule."""
    state, found = told(BUS)
    assert outcomes(seen(BUS)) == [] and proposals(seen(BUS)) == []
    assert not any("rule" in s.data for s in state.of_kind("setting"))
    held = {refs(BUS)[v.id]: holders_of(state, v.id) for v in seen(BUS).of_kind("view")}
    wanted = {r["key"]: r["body"]["holders"] for r in rows(BUS) if r["kind"] == "view"}
    assert held == {ref: [person(state, BUS, p) for p in people] for ref, people in wanted.items()}
    assert Counter(bool(people) for people in held.values()) == {True: 5, False: 1}
    (note,) = [ref for ref, people in held.items() if not people]
    said = {r["by"]: r["body"]["result"] for r in rows(BUS) if r["kind"] == "check" and linked(r) == [note]}
    checks = [state.entries[i] for i in state.references_to(found[note].id, "checks")]
    assert {e.header.by: e.data["result"] for e in checks} == {person(state, BUS, p): a for p, a in said.items()}
    assert set(said.values()) == {"no"} and len(said) == 2
    assert found[note].data["holder"] == "open" and differences.confirmations(seen(BUS), found[note].id) == []


def test_some_words_nobody_has_taken_up_and_others_lead_on() -> None:
    """For the class to go on from: the fate of every utterance, against the links in the data."""
    _, found = told(BUS)
    up = ("documents", "interprets", "rests-on", "builds-on", "groups")
    taken = {key for r in rows(BUS) for key in linked(r, *up)}
    here = [r["key"] for r in rows(BUS) if r["kind"] == "utterance" and not linked(r, "renders")]
    shown = {key for key in here if seen(BUS).of_id(found[key].id) is not None}
    assert {ref for ref in shown if uses.is_used(seen(BUS), found[ref].id)} == shown & taken
    assert shown - taken and shown & taken
