"""An answer that names a worry is a worry: counted by every rule, met only by its owner, and frozen with its moment."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import dice, laws
from support.transcripts import Talk, refused

from cowork.analysis.proposals import Outcome, outcomes, proposal
from cowork.core.access.disclosure import DisclosedView
from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import CoworkError, InvalidEntry
from cowork.core.fold import fold
from cowork.core.level_sets import LEVELS
from cowork.core.proposals import is_open_worry, named_worries, owner_answer, verdict, worries
from cowork.store import memory_record


@pytest.fixture
def talk() -> Talk:
    return Talk(memory_record(random_bytes=dice("worries")), "fay ada bo cy")


def enough(talk: Talk, name: str, worry: str, result: str = "yes") -> str:
    return talk.add(name, "check", {"result": result}, ("checks", worry))


def only_ending(talk: Talk, viewer: str = "") -> Outcome:
    (found,) = outcomes(ParticipantView(talk.state, talk.ids.get(viewer, "")))
    return found


# ---- an answer that names a worry


def test_we_do_not_agree_over_an_answer_that_names_a_worry(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("fay", one, "want")
    named = talk.answer("ada", one, "worry", more={"worry": "Who answers at night?"})
    talk.reveal(one)
    with refused("ending.rule_not"):
        talk.end(one)
    talk.calm("bo", named)
    end = talk.end(one)
    (worry,) = only_ending(talk).worries
    assert (worry.root, worry.enough, worry.is_answered) == (named, "", True)
    assert worry.contribution and worry.contribution.text == "Who answers at night?"
    enough(talk, "ada", named)
    (worry,) = only_ending(talk).worries
    assert worry.enough == "yes" and only_ending(talk).contribution.id == end


@pytest.mark.parametrize("levels", sorted(LEVELS))
def test_every_level_that_names_a_worry_or_blocks_is_one_and_no_other(talk: Talk, levels: str) -> None:
    for level in (*LEVELS[levels].levels, *LEVELS[levels].beside_scale):
        one = talk.add("ada", "proposal", {"text": level.code, "rule": {"code": "own"}, "levels": levels})
        talk.answer("bo", one, level.code)
        assert named_worries(talk.state, one) == [], "nothing is told before all answers are shown"
        talk.reveal(one)
        talk.end(one)
        inside = next(e for e in outcomes(ParticipantView(talk.state, "")) if e.proposal == one).worries
        assert len(inside) == level.names_worry, level
        assert all(worry.wordless and not worry.enough for worry in inside)


@pytest.mark.parametrize(
    ("rule", "before", "answered"),
    [
        ("answered", False, True),
        ("talk", False, False),
        ("consent", True, True),
        ("own", None, None),
        ("look", False, False),
    ],
)
def test_every_rule_counts_it(talk: Talk, rule: str, before: bool | None, answered: bool | None) -> None:
    one = talk.propose(rule=rule)
    talk.answer("fay", one, "want")
    named = talk.answer("ada", one, "worry")
    talk.reveal(one)
    assert talk.met(one) is before
    talk.calm("bo", named)
    assert talk.met(one) is answered


def test_a_workshop_s_own_level_names_a_worry_where_it_says_so(talk: Talk) -> None:
    rows = [
        {"code": "yes", "label": "Yes"},
        {"code": "hm", "label": "Hm", "worry": True},
        {"code": "no", "label": "No"},
    ]
    talk.add("fay", "setting", {"level_sets": [{"id": "three", "levels": rows}]}, how="facilitator")
    one = talk.add("ada", "proposal", {"text": "x", "rule": {"code": "answered"}, "levels": "three"})
    talk.answer("bo", one, "hm")
    talk.reveal(one)
    assert [position.level for position in named_worries(talk.state, one)] == ["hm"]
    assert talk.met(one) is False


def test_an_answer_of_an_old_record_that_names_a_worry_without_words_counts_too(talk: Talk) -> None:
    one = talk.propose()
    named = talk.answer("ada", one, "worry")
    talk.reveal(one)
    assert talk.met(one) is False
    assert [entry.id for entry in worries(talk.state, one)] == [named]
    written = talk.worry("ada", one)  # its words, as they were written in those days: one worry, not two
    assert [entry.id for entry in worries(talk.state, one)] == [written]
    talk.calm("bo", written)
    enough(talk, "ada", written)
    assert talk.met(one) is True and [entry.id for entry in worries(talk.state, one)] == [written]


def test_who_says_it_again_after_their_worry_was_answered_has_another(talk: Talk) -> None:
    one = talk.propose()
    written = talk.worry("ada", one)
    talk.calm("bo", written)
    enough(talk, "ada", written)
    named = talk.answer("ada", one, "worry")
    talk.reveal(one)
    assert [entry.id for entry in worries(talk.state, one)] == [written, named]


def test_who_changes_their_answer_has_the_worry_no_longer(talk: Talk) -> None:
    one = talk.propose()
    named = talk.answer("ada", one, "worry")
    talk.reveal(one)
    talk.add("ada", "edit", {"level": "along"}, ("replaces", named), ("answers", one), seen_by="group-from-reveal")
    assert worries(talk.state, one) == [] and talk.met(one) is True


def test_a_worry_named_on_earlier_words_stands_until_its_owner_answers_the_new_ones(talk: Talk) -> None:
    one = talk.propose()
    named = talk.answer("ada", one, "worry")
    talk.reveal(one)
    two = talk.again("bo", one)
    talk.answer("cy", two, "want")
    assert [entry.id for entry in worries(talk.state, one)] == [named]
    talk.answer("ada", two, "want")
    assert [entry.id for entry in worries(talk.state, one)] == [named], "her new answer is told to nobody before"
    talk.reveal(two)
    assert worries(talk.state, one) == [] and talk.met(two) is True


def test_a_named_worry_is_read_without_the_name_of_its_owner(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("ada", one, "worry", more={"worry": "At night?"}, text="Since Cy spoke")
    talk.reveal(one)
    for seen in (ParticipantView(talk.state, talk.ids["bo"]), DisclosedView(talk.state)):
        found = proposal(seen, one)
        assert found is not None
        (worry,) = found.worries
        assert worry.contribution is not None
        assert seen.signature_of(worry.contribution) == ("", ())
        assert worry.contribution.text == "At night?"


@pytest.mark.parametrize("level", ["want", "worry", "cannot", "abstain"])
def test_before_answers_are_shown_only_their_number_is_told_and_only_inside(talk: Talk, level: str) -> None:
    one = talk.propose()
    talk.answer("ada", one, level, text="zebrafinch", more={"worry": "zebrafinch"})
    for name in ("fay", "bo", "cy", ""):
        found = proposal(ParticipantView(talk.state, talk.ids.get(name, "")), one)
        assert found is not None
        assert (found.last.given, found.last.asked) == (1 if name else 0, 4)
        assert (found.last.answered, found.last.verdict, found.worries, found.last.changes) == (0, None, (), ())
        assert "zebrafinch" not in repr(found)
    outside = proposal(DisclosedView(talk.state), one)
    assert outside and outside.last.given == 0


# ---- answered when its owner says so


@pytest.mark.parametrize("way", ["written", "named"])
def test_only_its_owner_says_that_a_worry_is_answered_and_too_little_is_too_little(talk: Talk, way: str) -> None:
    one = talk.propose()
    talk.answer("fay", one, "want")
    worry = talk.worry("ada", one) if way == "written" else talk.answer("ada", one, "worry")
    talk.reveal(one)
    first = talk.calm("bo", worry)
    said = verdict(talk.state, talk.state.entries[one])
    assert (said.met, said.unconfirmed) == (True, 1)
    with refused("error.not_holder"):
        enough(talk, "bo", worry)
    with refused("error.no_choice", InvalidEntry):
        enough(talk, "ada", worry, "nearly")
    for little in ("no", "partly"):
        enough(talk, "ada", worry, little)
        assert (owner_answer(talk.state, worry), talk.met(one)) == (little, False)
    second = talk.calm("fay", worry)
    assert owner_answer(talk.state, worry) == "", "a new answer asks again"
    enough(talk, "ada", worry)
    said = verdict(talk.state, talk.state.entries[one])
    assert (said.met, said.unconfirmed, said.open_worries) == (True, 0, 0)
    talk.withdraw("bo", first)
    talk.withdraw("fay", second)
    assert is_open_worry(talk.state, worry), "a yes to answers that were taken back is a yes to nothing"


def test_a_new_wording_of_a_worry_asks_its_owner_again(talk: Talk) -> None:
    one = talk.propose()
    worry = talk.worry("ada", one)
    talk.calm("bo", worry)
    enough(talk, "ada", worry)
    talk.edit("ada", "And on Sundays?", worry)
    assert owner_answer(talk.state, worry) == ""


# ---- the numbers of a moment


def test_who_joins_after_the_ending_was_not_asked(talk: Talk) -> None:
    one = talk.propose(rule="count", n=1)
    talk.answer("bo", one, "want")
    talk.reveal(one)
    talk.end(one)
    for name in ("late", "later"):
        talk.join(name)
    held = only_ending(talk).round
    assert held and (held.asked, held.answered, held.silent) == (4, 1, 3)
    found = proposal(ParticipantView(talk.state, ""), one)
    assert found and (found.last.asked, found.last.silent) == (4, 3)


def test_an_earlier_wording_has_the_numbers_of_the_moment_the_next_one_came(talk: Talk) -> None:
    one = talk.propose()
    talk.answer("bo", one, "want")
    talk.reveal(one)
    talk.again("ada", one)
    talk.join("late")
    found = proposal(ParticipantView(talk.state, ""), one)
    assert found and [r.asked for r in found.rounds] == [4, 5]


def test_who_stops_or_takes_an_answer_back_afterwards_changes_no_number_of_that_moment(talk: Talk) -> None:
    one = talk.propose(rule="count", n=1)
    answers = {name: talk.answer(name, one, "want") for name in ("ada", "bo", "cy")}
    talk.reveal(one)
    talk.end(one)
    talk.consent("ada", "part", "no")
    talk.withdraw("bo", answers["bo"])
    talk.erase("cy", answers["cy"])
    held = only_ending(talk).round
    assert held and (held.asked, held.answered, held.withdrawn, held.silent, held.left_count) == (4, 1, 2, 1, 0)


AFTER = ("join", "leave", "withdraw", "erase", "answer", "worry", "check", "hide")


@laws
@given(st.lists(st.tuples(st.sampled_from(AFTER), st.integers(0, 3)), max_size=12), st.randoms(use_true_random=False))
def test_whatever_comes_after_an_ending_its_numbers_stay_in_any_order_of_entries(
    after: list[tuple[str, int]], chance: random.Random
) -> None:
    talk = Talk(memory_record(random_bytes=dice("after")), "fay ada bo cy")
    one = talk.propose(rule="own", text="as we feel")
    given_ = {name: talk.answer(name, one, level) for name, level in (("ada", "want"), ("bo", "worry"), ("cy", "fine"))}
    talk.reveal(one)
    talk.end(one)
    held = only_ending(talk).round
    assert held is not None
    before = (held.asked, held.silent, held.left_count, held.answered)
    for number, (what, who) in enumerate(after):
        name = ["fay", "ada", "bo", "cy"][who]
        try:
            if what == "join":
                talk.join(f"new{number}")
            elif what == "leave":
                talk.consent(name, "part", "no")
            elif what == "withdraw":
                talk.withdraw(name, given_[name])
            elif what == "erase":
                talk.erase(name, given_[name])
            elif what == "answer":
                talk.answer(name, one, "cannot")
            elif what == "worry":
                talk.worry(name, one)
            elif what == "check":
                enough(talk, "bo", given_["bo"])
            else:
                talk.hide("fay", given_[name])
        except (CoworkError, KeyError):
            continue  # who left, or never answered, may not
    entries = talk.entries()
    chance.shuffle(entries)
    (mixed,) = outcomes(ParticipantView(fold(talk.workshop, entries), ""))
    (kept,) = outcomes(ParticipantView(talk.state, ""))
    for found in (mixed.round, kept.round):
        assert found is not None
        assert (found.asked, found.silent, found.left_count, found.answered + found.withdrawn) == before
    assert [w.root for w in mixed.worries] == [w.root for w in kept.worries]
