"""The letter you go home with: agreed, with two worries inside, and later on changed ground.

What is expected is counted from the data itself, not by what replayed it.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.transcript_cases import (
    WARD,
    about,
    by_level,
    counted,
    ending,
    keys_of,
    levels,
    linked,
    person,
    refs,
    row,
    rows,
    seen,
    told,
    words,
)

from cowork.analysis import differences, trace
from cowork.analysis.proposals import outcomes, proposals
from cowork.core.provenance import changed_provenance
from cowork.core.quotes import quotes
from cowork.imports.demo import read_demo_case


def test_the_letter_is_agreed_with_two_worries_inside_and_the_third_met_by_the_new_wording() -> None:
    _, found = told(WARD)
    agreed = ending(WARD, "ag3")
    assert agreed.result == "agreed" and agreed.contribution.text == words(row(WARD, "ag3"))
    printed = row(WARD, "ag3")["body"]["prints"]
    assert [refs(WARD)[w.root] for w in agreed.carried_worries] == printed and len(printed) == 2
    assert agreed.contribution.entry.data["prints"] == [found[ref].id for ref in printed]
    for worry, ref in zip(agreed.carried_worries, printed, strict=True):
        body = row(WARD, ref)["body"]
        assert body["told"]["standing"] == "stands with its answer"
        assert worry.contribution is not None and worry.contribution.text == body["text"]
        assert [a.text for a in worry.answers] == [words(row(WARD, a)) for a in about(WARD, "answers-reservation", ref)]
        assert (worry.owner.casefold(), worry.review) == (body["owner"], body["review"])
    (other,) = [w for w in agreed.worries if w not in agreed.carried_worries]
    assert row(WARD, refs(WARD)[other.root])["body"]["told"]["standing"] == "answered"
    assert other.is_answered and other.reworded and not other.gap
    (answer,) = about(WARD, "answers-reservation", refs(WARD)[other.root])
    assert [a.entry.id for a in other.answers] == [found[answer].id] and row(WARD, answer)["kind"] == "edit"


def test_two_rounds_were_answered_under_the_rule_that_stood_before_and_who_moved_is_told() -> None:
    (proposal,) = proposals(seen(WARD))
    rule = next(r for r in read_demo_case(WARD).of_kind("setting") if "rule" in r["body"])
    (scale,) = next(
        r["body"]["level_sets"] for r in read_demo_case(WARD).of_kind("setting") if "level_sets" in r["body"]
    )
    wordings = ("ag1", "ag2")
    for number, (made, ref) in enumerate(zip(proposal.rounds, wordings, strict=True), 1):
        answers = levels(WARD, ref)
        assert (refs(WARD)[made.version.id], made.number, made.is_revealed) == (ref, number, True)
        assert made.rule == {"code": "answered", "text": rule["body"]["rule"]}
        assert [level.code for level in made.levels.levels] == [level["code"] for level in scale["levels"]]
        assert counted(WARD, made) == by_level(answers)
        assert (made.answered, made.asked) == (len(answers), len(rule["body"]["answering"]))
    first, second = (levels(WARD, ref) for ref in wordings)
    moved = {p: (first[p], second[p]) for p in second if first.get(p, second[p]) != second[p]}
    last = proposal.last
    told_by = {keys_of(WARD, [m.position.person])[0]: m for m in last.changes}
    assert {p: (m.before, m.after) for p, m in told_by.items()} == moved and len(moved) == 5
    again = {r["by"]: r["body"] for r in rows(WARD) if r["kind"] == "position" and r["body"]["round"] == 2}
    assert {p: m.position.entry.data.get("text") for p, m in told_by.items()} == {
        p: again[p].get("text") for p in moved
    }
    assert set(moved) == {p for p, body in again.items() if "moved_from" in body.get("told", {})}


def test_marianne_has_not_said_and_the_rule_is_met_without_her() -> None:
    (proposal,) = proposals(seen(WARD))
    asked = next(r["body"]["answering"] for r in rows(WARD) if "answering" in r.get("body", {}))
    assert set(asked) - set(levels(WARD, "ag2")) == {"marianne"}
    assert proposal.last.silent == 1
    verdict = proposal.last.verdict
    assert verdict is not None
    assert (verdict.met, verdict.answered, verdict.blocks, verdict.open_worries) == (True, 8, 0, 0)
    closed = ending(WARD, "ag3").round
    assert closed is not None and closed.verdict is not None and closed.verdict.met


def test_one_difference_is_kept_in_the_words_of_both_and_only_they_say_where_they_stand() -> None:
    (kept,) = [e for e in outcomes(seen(WARD)) if e.result == "difference"]
    assert refs(WARD)[kept.contribution.id] == "kd1" and not kept.worries and not kept.proposal
    ledger = {refs(WARD)[r.view.id]: r for r in differences.view_differences(seen(WARD))}
    said = {key: r for r in rows(WARD) if r["kind"] == "standing" for key in linked(r)}
    assert {"v4", "v5"} <= set(said)
    for ref in said:
        (stands,) = ledger[ref].standings
        assert (stands.code, stands.why) == (said[ref]["body"]["standing"], words(said[ref]))
        assert stands.person == person(told(WARD)[0], WARD, said[ref]["by"])
    silent = {ref for ref, r in ledger.items() if not any(s.code for s in r.standings)}
    assert silent == set(ledger) - set(said)  # nobody stands where they have not said


def test_the_agreement_stands_on_changed_ground_because_of_the_telephone_and_of_nothing_else() -> None:
    state, found = told(WARD)
    (change,) = changed_provenance(state, found["ag3"].id)
    (telephone,) = [r for r in rows(WARD) if "changes_ground_of" in r.get("body", {})]
    assert telephone["body"]["changes_ground_of"] == ["ag3"] and telephone["by"] == "ingrid"
    assert (refs(WARD)[change.root], change.what, change.entry) == ("u20", "changed", found[telephone["key"]].id)
    assert ending(WARD, "ag3").changed and not ending(WARD, "kd1").changed


def at(step: trace.Step, links: int = 0) -> Iterator[tuple[int, trace.Step]]:
    yield links, step
    for below in step.steps:
        yield from at(below, links + 1)


def test_somebody_to_sit_down_leads_in_three_links_to_the_exact_words_of_a_person() -> None:
    state, found = told(WARD)
    agreed = next(r for r in rows(WARD) if r["kind"] == "outcome" and "somebody to sit down" in words(r))
    start = trace.trace(seen(WARD), found[agreed["key"]].id)
    assert start is not None
    quoted = [
        (links, step, q.text)
        for links, step in at(start)
        for q in step.quotes
        if step.kind == "utterance" and "sit down" in q.text
    ]
    ((links, step, exact),) = quoted
    source = row(WARD, refs(WARD)[step.id])
    assert links <= 3 and source["by"] == "noor" and exact in words(source) == step.text
    assert step.contribution is not None and step.contribution.author == person(state, WARD, "noor")
    # No link is left out, and none of the way there ends without words.
    assert {s.gap for _, s in at(start)} == {""}


def test_the_story_that_was_taken_back_is_a_gap_in_the_view_that_still_stands() -> None:
    state, found = told(WARD)
    view = seen(WARD).of_id(found["v5"].id)
    assert view is not None and view.is_active and view.author == person(state, WARD, "leila")
    assert [q.gap for q in quotes(seen(WARD), view.entry)] == ["", "taken"]


def test_gunnar_answers_through_hanna_and_every_answer_is_his_own() -> None:
    state, found = told(WARD)
    gunnar, hanna = (person(state, WARD, who) for who in ("gunnar", "hanna"))
    assert {e.header.how for e in state.entries.values() if e.header.by == gunnar} == {"scribe"}
    asked = found["co2"]
    assert (asked.header.how, asked.data["written_by"], asked.data["answer"]) == ("scribe", hanna, "named")
    assert state.consent(gunnar, "naming") == asked.data
    assert {p.person for p in (r for row in proposals(seen(WARD))[0].last.rows for r in row.positions)} >= {gunnar}
