"""A line you can text: a kept difference, an open question, and an agreement on values only."""

from __future__ import annotations

from collections import Counter

from support.transcript_cases import (
    YOUTH,
    by_level,
    counted,
    ending,
    levels,
    linked,
    person,
    refs,
    row,
    rows,
    seen,
    told,
)

from cowork.analysis import differences, trace
from cowork.analysis.proposals import outcomes, proposals
from cowork.core.quotes import quotes
from cowork.imports.demo import read_demo_case


def test_the_line_ends_in_a_kept_difference_an_open_question_and_an_agreement_on_values_only() -> None:
    _, found = told(YOUTH)
    wanted = {r["key"]: r["body"]["outcome"] for r in rows(YOUTH) if r["kind"] == "outcome"}
    assert {refs(YOUTH)[e.contribution.id]: e.result for e in outcomes(seen(YOUTH))} == wanted
    assert Counter(wanted.values()) == {"agreed": 1, "difference": 1, "open-question": 1}
    agreed = ending(YOUTH, "ag2")
    assert agreed.contribution.entry.data["on"] == found["ag1"].data["on"] == "values"
    assert [refs(YOUTH)[w.root] for w in agreed.carried_worries] == row(YOUTH, "ag2")["body"]["prints"] == ["re1"]
    (proposal,) = proposals(seen(YOUTH))
    rule = next(r["body"] for r in rows(YOUTH) if r["kind"] == "setting" and "rule" in r["body"])
    assert proposal.last.rule == {"code": "consent", "text": rule["rule"]}
    assert proposal.last.levels.id == rule["level_set"]
    answers = levels(YOUTH, "ag1")
    assert counted(YOUTH, proposal.last) == by_level(answers)
    assert [r.n for r in proposal.last.beside_scale] == [1, 0]  # moth stays out of it, and is no point on the scale
    assert proposal.last.verdict is not None and proposal.last.verdict.met


def test_ali_and_kim_have_not_said_and_hedda_is_asked_nothing_more() -> None:
    state, _ = told(YOUTH)
    (proposal,) = proposals(seen(YOUTH))
    away = set(read_demo_case(YOUTH).people) - set(levels(YOUTH, "ag1"))
    assert away == {"ali", "kim", "hedda"} and not state.takes_part(person(state, YOUTH, "hedda"))
    assert proposal.last.silent == 2
    met = row(YOUTH, "ag2")["body"]["rule_met"]
    assert "not said by two (Ali, and Kim" in met and "Hedda" not in met


def test_where_hedda_took_everything_back_there_is_a_gap_and_the_rule_she_asked_for_stays() -> None:
    _, found = told(YOUTH)
    hers = [r["key"] for r in rows(YOUTH) if r["by"] == "hedda" and r["kind"] != "withdrawal"]
    assert len(hers) == 3 and all(seen(YOUTH).of_id(found[ref].id) is None for ref in hers)
    assert [q.gap for q in quotes(seen(YOUTH), found["v4"])] == ["", "taken"]
    start = trace.trace(seen(YOUTH), found["v4"].id)
    assert start is not None and [(refs(YOUTH)[s.id], s.gap, s.text) for s in start.steps][1] == ("u16", "taken", "")
    ground = [e.data["text"] for e in seen(YOUTH).context_entries("ground")]
    assert len(ground) == 4 and "Staff do not answer first." in ground
    # What was agreed after that was agreed with the gap in it: only the view written before stands on changed ground.
    assert not any(e.changed for e in outcomes(seen(YOUTH)))


def test_kim_is_five_times_in_the_record_through_ali_and_not_said_at_the_end() -> None:
    state, found = told(YOUTH)
    kim, ali = (person(state, YOUTH, who) for who in ("kim", "ali"))
    wrote = [c for c in seen(YOUTH).contributions() if c.author == kim]
    assert len(wrote) == 5 == sum(r["by"] == "kim" for r in rows(YOUTH))
    for c in wrote:
        assert (c.entry.header.how, c.entry.data["written_by"], c.entry.data["read_back"]) == ("scribe", ali, True)
    assert [state.consent_entry(kim, q).header.how for q in ("part", "naming", "research")] == ["scribe"] * 3  # type: ignore[union-attr]
    row_of = next(r for r in differences.view_differences(seen(YOUTH)) if r.view.id == found["v5"].id)
    assert [(s.person, s.code) for s in row_of.standings] == [(kim, "")]
    late = [t for c in wrote if (t := c.entry.data["told"]).get("late")]
    assert [t["said_t"] < t["t"] for t in late] == [True, True]


def test_moth_said_nearly_and_nobody_changed_the_sentence() -> None:
    state, found = told(YOUTH)
    (check,) = [r for r in rows(YOUTH) if r["kind"] == "check" and r["body"]["result"] == "nearly"]
    (asked,) = linked(check)
    assert found[check["key"]].data["of"] == "said"  # it rests on moth's own view
    assert [v.id for v in state.current(found[asked].id)] == [found[asked].id]
