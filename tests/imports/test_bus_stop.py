"""Fourteen bus stops: it stops in the middle, for others to go on with."""

from __future__ import annotations

from collections import Counter

from cases import BUS, person, refs, rows, seen, told

from cowork.analysis import differences, trace
from cowork.analysis.agreement import endings, proposals
from cowork.core.links import holders


def test_the_bus_stops_are_open_in_the_middle() -> None:
    """Five ways of seeing it, and a note that two people say is wrong; no ending, and no rule."""
    state, found = told(BUS)
    assert endings(seen(BUS)) == [] and proposals(seen(BUS)) == []
    assert not any("rule" in s.data for s in state.of_kind("setting"))
    held = {refs(BUS)[v.id]: holders(state, v.id) for v in seen(BUS).of_kind("view")}
    wanted = {r["ref"]: r["extra"]["holders"] for r in rows(BUS) if r["kind"] == "view"}
    assert held == {ref: [person(state, BUS, p) for p in people] for ref, people in wanted.items()}
    assert Counter(bool(people) for people in held.values()) == {True: 5, False: 1}
    (note,) = [ref for ref, people in held.items() if not people]
    said = {r["by"]: r["extra"]["result"] for r in rows(BUS) if r["kind"] == "check" and r["about"][0]["ref"] == note}
    checks = [state.entries[i] for i in state.about(found[note].id, "checks")]
    assert {e.header.by: e.data["result"] for e in checks} == {person(state, BUS, p): a for p, a in said.items()}
    assert set(said.values()) == {"no"} and len(said) == 2
    assert found[note].data["holder"] == "open" and differences.confirmations(seen(BUS), found[note].id) == []


def test_some_words_nobody_has_taken_up_and_others_lead_on() -> None:
    """For the class to go on from: the fate of every utterance, against the links in the data."""
    _, found = told(BUS)
    up = {"documents", "interprets", "rests-on", "builds-on", "groups"}
    taken = {link["ref"] for r in rows(BUS) for link in r["about"] if link["rel"] in up}
    here = [r for r in rows(BUS) if r["kind"] == "utterance" and "rendering_of" not in r["extra"]]
    shown = {r["ref"] for r in here if seen(BUS).of_id(found[r["ref"]].id) is not None}
    assert {ref for ref in shown if trace.taken_up(seen(BUS), found[ref].id)} == shown & taken
    assert shown - taken and shown & taken


def test_an_answer_to_a_view_is_one_of_three_and_the_case_s_own_word_stands_beside_it() -> None:
    _, found = told(BUS)
    near, unsure = (r for r in rows(BUS) if r["kind"] == "stance" and "stance" in r["extra"])
    for r, ours in ((near, "with"), (unsure, "unsure")):
        data = found[r["ref"]].data
        assert (data["stance"], data["told"]["stance"]) == (ours, r["extra"]["stance"])
    (holds,) = (r for r in rows(BUS) if "standing" in r["extra"])
    assert found[holds["ref"]].data["standing"] == found[holds["ref"]].data["told"]["standing"] == "partly"
