"""Every door through which an agreement leaves carries its reservations with it.

A door is a way for an agreement to be read by somebody who was not there. Whoever opens a new one adds it to `DOORS`:
a function from a state to all the text that goes out through it.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from support.random_workshops import Weave, weaves
from support.spreadsheets import Sheet, one_line, workshop
from support.strategies import laws
from support.transcript_cases import DEMO_NAMES, told, words_inside

from cowork.analysis.proposals import outcomes as endings
from cowork.core.access.disclosure import DisclosedView
from cowork.core.fold import State
from cowork.reports import one_page, report

Door = Callable[[State], str]


def _tables(state: State) -> str:
    from cowork.tables.outcomes import outcome_table
    from cowork.tables.projection import TableProjection

    return json.dumps(outcome_table(TableProjection(state, False)).to_dict("records"), ensure_ascii=False, default=str)


DOORS: dict[str, Door] = {
    "report in English": lambda state: Sheet(report(state, "en")).words,
    "report in Swedish": lambda state: Sheet(report(state, "sv")).words,
    "one page in English": lambda state: Sheet(one_page(state, "en")).words,
    "one page in Swedish": lambda state: Sheet(one_page(state, "sv")).words,
    "the table of outcomes": _tables,
}


def expected(state: State) -> list[tuple[str, list[str]]]:
    """Each ending that may leave, in words, with the words of every worry and answer inside it that may."""
    found = []
    for ending in endings(DisclosedView(state)):
        found.append((ending.contribution.text, words_inside(ending.worries)))
    return found


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", ["the golden workshop", *DEMO_NAMES])
def test_no_agreement_leaves_without_its_worries(door: str, case: str) -> None:
    state = workshop() if case == "the golden workshop" else told(case)[0]
    out = one_line(DOORS[door](state).replace("\\n", " "))
    for agreement, inside in expected(state):
        assert one_line(agreement) in out, f"{door}: {agreement}"
        for words in inside:
            assert one_line(words) in out, f"{door}: {words}"


def test_there_are_worries_to_be_lost() -> None:
    assert sum(len(inside) for _, inside in expected(workshop())) > 2
    assert sum(len(inside) for case in DEMO_NAMES for _, inside in expected(told(case)[0])) > 4


@settings(laws, max_examples=40)
@given(weaves())
def test_with_any_thread_no_agreement_leaves_without_its_worries(weave: Weave) -> None:
    state = weave.state
    wanted = expected(state)
    for name, door in DOORS.items():
        if not wanted or name == "the table of outcomes":
            continue
        out = door(state)
        assert all(words in out for agreement, inside in wanted for words in (agreement, *inside)), name


@pytest.mark.parametrize("door", [name for name in DOORS if name != "the table of outcomes"])
def test_a_worry_whose_words_stay_inside_is_told_as_one(door: str) -> None:
    state = workshop()
    (kept,) = [w for e in endings(DisclosedView(state)) for w in e.worries if w.gap]
    assert kept.contribution is None
    without = State(state.workshop)
    for entry in state.entries.values():
        if state.root(entry.id) != kept.root:
            without.apply(entry)
    assert DOORS[door](state) != DOORS[door](without)
    from cowork.text import translate

    lang = "sv" if "Swedish" in door else "en"
    gap = translate("trace.kept_back", lang)
    assert DOORS[door](state).count(gap) > DOORS[door](without).count(gap)
