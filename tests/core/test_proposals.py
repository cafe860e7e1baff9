"""Agreeing: the rule is fixed first, answers are shown together, every worry stays inside, silence is no answer."""

from __future__ import annotations

import pytest
from support.strategies import dice
from support.transcripts import Talk, refused

from cowork.analysis.proposals import outcomes, proposal
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor
from cowork.core.errors import InvalidEntry, NotFound
from cowork.core.level_sets import LEVELS, level_set
from cowork.core.proposals import outcome_of, positions, reservations, round_number, verdict
from cowork.store import memory_record


@pytest.fixture
def talk() -> Talk:
    return Talk(memory_record(random_bytes=dice("agreeing")), "fay ada bo cy")


# ---- the rule


def test_nobody_answers_before_a_rule_is_fixed(talk: Talk) -> None:
    bare = talk.write("ada", "One number", kind="proposal")
    with refused("error.no_rule"):
        talk.answer("bo", bare, "want")


def test_a_rule_cannot_change_while_its_round_has_answers(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("bo", one, "want")
    for name in ("ada", "bo", "fay"):
        with refused("error.rule_late"):
            talk.again(name, one, round=1, rule="look")
    two = talk.again("ada", one, round=2, rule="consent")
    assert round_number(talk.state, talk.state.entries[two]) == 2
    assert [p.level for p in positions(talk.state, one)] == ["want"]
    assert positions(talk.state, two) == []


def test_a_rule_may_change_while_nobody_has_answered(talk: Talk) -> None:
    one = talk.propose()
    two = talk.again("bo", one, round=1, rule="consent")
    assert verdict(talk.state, talk.state.entries[two]).code == "consent"


@pytest.mark.parametrize("rule", [{"code": "loudest"}, {"code": 3}, "answered", {}])
def test_a_rule_nobody_knows_is_refused(talk: Talk, rule: object) -> None:
    with refused("error.no_rule", InvalidEntry):
        talk.add("ada", "proposal", {"text": "x", "rule": rule})


def test_answered_is_met_without_a_block_and_with_an_answer_to_each_worry(talk: Talk) -> None:
    one = talk.propose()
    assert talk.met(one) is False, "silence is no answer"
    talk.answer("bo", one, "along")
    assert talk.met(one) is True
    worry = talk.worry("cy", one)
    assert talk.met(one) is False
    calmed = talk.calm("ada", worry)
    assert talk.met(one) is True
    talk.withdraw("ada", calmed)
    assert talk.met(one) is False
    talk.calm("ada", worry)
    talk.answer("cy", one, "cannot")
    assert talk.met(one) is False


def test_off_the_scale_is_neither_for_nor_against(talk: Talk) -> None:
    one = talk.propose(rule="count", n=1)
    for name, level in (("bo", "unsure"), ("cy", "abstain"), ("fay", "worry")):
        talk.answer(name, one, level)
    assert talk.met(one) is False
    said = verdict(talk.state, talk.state.entries[one])
    assert (said.answered, said.in_favour, said.blocks) == (3, 0, 0)
    talk.answer("ada", one, "along")
    assert talk.met(one) is True


@pytest.mark.parametrize(("rule", "met"), [("look", False), ("advice", None), ("own", None), ("talk", True)])
def test_what_only_people_can_say_is_not_decided_here(talk: Talk, rule: str, met: bool | None) -> None:
    one = talk.propose(rule=rule)
    talk.answer("bo", one, "want")
    assert talk.met(one) is met
    if rule == "talk":
        talk.worry("cy", one)
        assert talk.met(one) is False


def test_consent_is_met_with_worries_and_not_with_a_serious_objection(talk: Talk) -> None:
    one = talk.add("ada", "proposal", {"text": "x", "rule": {"code": "consent"}, "levels": "consent"})
    talk.answer("bo", one, "worry")
    assert talk.met(one) is True
    talk.answer("cy", one, "objection")
    assert talk.met(one) is False


def test_a_workshop_s_own_level_set_goes_before_ours_and_its_last_level_blocks(talk: Talk) -> None:
    own = {"id": "three", "version": 2, "levels": [{"code": c, "label": c.upper()} for c in ("yes", "hm", "no")],
           "apart": [{"code": "pass", "label": "I pass"}]}  # fmt: skip
    talk.add("fay", "setting", {"level_sets": [own]}, how="facilitator")
    one = talk.add("ada", "proposal", {"text": "x", "rule": {"code": "answered"}, "levels": "three"})
    levels = level_set(talk.state, talk.state.entries[one])
    assert [level.blocks for level in levels.levels] == [False, False, True]
    with refused("error.no_choice", InvalidEntry):
        talk.answer("bo", one, "want")
    talk.answer("bo", one, "pass")
    talk.answer("cy", one, "no")
    assert talk.met(one) is False


def test_no_level_of_ours_stands_in_two_places() -> None:
    for levels in LEVELS.values():
        assert len(levels.codes()) == len(levels.levels) + len(levels.beside_scale)
        assert sum(level.blocks for level in levels.levels) == 1


# ---- answers


def test_no_answer_and_no_count_is_seen_before_all_are_shown(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("bo", one, "cannot", text="Not like this")
    for viewer in ("fay", "ada", "cy", ""):
        seen = ParticipantView(talk.state, talk.ids.get(viewer, ""))
        assert seen.of_kind("position") == []
        found = proposal(seen, one)
        assert found and not found.last.is_revealed and found.last.rows[4].n == 0 and found.last.answered == 0
        assert found.last.verdict is None
    talk.reveal(one)
    found = proposal(ParticipantView(talk.state, talk.ids["ada"]), one)
    assert found and (found.last.rows[4].n, found.last.silent) == (1, 3)


def test_only_a_facilitator_shows_them_and_no_answer_is_given_openly_before(talk: Talk) -> None:
    one = talk.propose()
    with refused("error.may_not"):
        talk.add("bo", "setting", {"shows": "positions"}, ("reveals", one))
    with refused("error.letters", InvalidEntry):
        talk.add("bo", "utterance", {"text": "x"}, ("reveals", one))
    with refused("error.letters", InvalidEntry):
        talk.add("bo", "position", {"level": "want"}, ("answers", one), seen_by="group")


def test_changing_an_answer_keeps_the_earlier_one_and_shows_who_moved(talk: Talk) -> None:
    one = talk.propose()
    first = talk.answer("bo", one, "cannot")
    talk.answer("cy", one, "want")
    talk.reveal(one)
    talk.add("bo", "edit", {"level": "along", "text": "Since Cy spoke"}, ("replaces", first), ("answers", one),
             seen_by="group-from-reveal")  # fmt: skip
    found = proposal(ParticipantView(talk.state, ""), one)
    assert found and [(m.before, m.after) for m in found.last.changes] == [("cannot", "along")]
    assert found.last.answered == 2
    assert [v.data["level"] for v in talk.state.history(first)] == ["cannot", "along"]


def test_old_answers_stand_as_answers_to_the_old_words(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("bo", one, "want")
    talk.reveal(one)
    two = talk.again("ada", one)
    found = proposal(ParticipantView(talk.state, ""), one)
    assert found and [(r.number, r.is_revealed, r.answered) for r in found.rounds] == [(1, True, 1), (2, False, 0)]
    with refused("error.changed_meanwhile", NotFound):
        talk.answer("cy", one, "want")
    talk.answer("bo", two, "fine")
    talk.reveal(two)
    found = proposal(ParticipantView(talk.state, ""), one)
    assert found and [(m.before, m.after) for m in found.last.changes] == [("want", "fine")]


def test_an_answer_of_somebody_who_left_is_kept_and_not_counted(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("bo", one, "cannot")
    talk.answer("cy", one, "want")
    talk.reveal(one)
    talk.consent("bo", "part", "no")
    assert talk.met(one) is True
    found = proposal(ParticipantView(talk.state, ""), one)
    assert found and (found.last.left_count, found.last.answered, found.last.asked) == (1, 1, 3)
    assert [p.level for p in positions(talk.state, one)] == ["cannot", "want"]


def test_nobody_answers_for_somebody_else(talk: Talk) -> None:
    one = talk.propose()
    talk.role("fay", "cy", "scribe")
    draft = talk.draft("bo", "position", {"level": "want"}, ("answers", one), how="scribe", seen_by="group-from-reveal")
    with refused("error.not_holder"):
        talk.record.append(talk.workshop, draft, Actor(talk.ids["cy"]))
    talk.add("bo", "attendance", {"way": "scribe"})  # "Someone writes for me"
    talk.record.append(talk.workshop, draft, Actor(talk.ids["cy"]))
    assert [p.person for p in positions(talk.state, one)] == [talk.ids["bo"]]


# ---- endings


def test_agreed_is_refused_where_the_rule_says_no_and_the_other_endings_are_not(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("bo", one, "cannot")
    with refused("error.not_shown"):
        talk.end(one)
    talk.reveal(one)
    with refused("ending.rule_not"):
        talk.end(one)
    assert outcome_of(talk.state, one) is None
    talk.end(one, "difference")
    assert [e.result for e in outcomes(ParticipantView(talk.state, ""))] == ["difference"]


def test_an_agreement_carries_every_worry_also_one_that_may_not_be_read(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("bo", one, "want")
    first, second, third = (talk.worry(name, one, f"worry of {name}") for name in ("bo", "cy", "ada"))
    for worry in (first, second, third):
        talk.calm("fay", worry)
    talk.reveal(one)
    talk.end(one)
    talk.hide("fay", second)
    talk.erase("ada", third)
    (found,) = outcomes(ParticipantView(talk.state, ""))
    assert [(w.contribution.text if w.contribution else "", w.gap, w.is_answered) for w in found.worries] == [
        ("worry of bo", "", True),
        ("", "hidden", True),
    ]
    assert {entry.id for entry in reservations(talk.state, one)} == {first, second}


def test_a_worry_on_an_earlier_wording_goes_along_with_the_later_one(talk: Talk) -> None:
    one = talk.propose()
    worry = talk.worry("bo", one)
    two = talk.again("ada", one)
    talk.answer("cy", two, "want")
    talk.reveal(two)
    with refused("ending.rule_not"):
        talk.end(two)
    talk.calm("ada", worry)
    talk.end(two)
    (found,) = outcomes(ParticipantView(talk.state, ""))
    assert [w.root for w in found.worries] == [worry]


def test_an_ending_shows_the_answers_of_its_moment(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("bo", one, "want")
    talk.reveal(one)
    end = talk.end(one)
    with refused("error.ended"):
        talk.answer("cy", one, "cannot")
    talk.add("fay", "outcome", {"outcome": "reopened"}, ("reopens", end))
    assert outcome_of(talk.state, one) is None and outcomes(ParticipantView(talk.state, "")) == []
    talk.answer("cy", one, "cannot")
    with refused("ending.rule_not"):
        talk.end(one)


def test_only_facilitator_or_scribe_closes_and_anybody_keeps_a_difference(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("bo", one, "want")
    talk.reveal(one)
    with refused("error.may_not"):
        talk.end(one, name="bo")
    talk.add("bo", "outcome", {"text": "where we differ", "outcome": "difference"})
    talk.add("cy", "outcome", {"text": "what is open", "outcome": "open-question"})
    with refused("error.no_rule", NotFound):
        talk.add("fay", "outcome", {"text": "agreed!", "outcome": "agreed"})
    assert {e.result for e in outcomes(ParticipantView(talk.state, ""))} == {"difference", "open-question"}


def test_the_same_wording_is_ended_once(talk: Talk) -> None:
    one = talk.propose(rule="own", text="as we feel")
    talk.end(one)
    with refused("error.ended"):
        talk.end(one, "open-question")
