"""Measures for a researcher: against published test values, and none where one person would make the figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowork.analysis.measures import MIN_ANSWERS, consensus, divergence, spread

COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=9).filter(any)


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        ([30, 40, 210, 130, 530, 50, 10], 0.7256876),  # the example of R's package agrmt
        ([0, 0, 0, 3, 3], 0.807),  # the width is the scale's, not that of the answers given
        ([7, 7, 7, 7, 7], 0.434),
        ([6, 0, 0, 0, 6], 0),
        ([0, 0, 0, 0, 9], 1),
        ([9, 0, 0, 0, 0], 1),  # all block: as one as can be, hence never without its direction
    ],
)
def test_consensus_has_the_published_values(counts: list[int], value: float) -> None:
    assert consensus(counts) == pytest.approx(value, abs=0.0005)


def test_the_published_value_holds_to_its_last_digit() -> None:
    assert round(consensus([30, 40, 210, 130, 530, 50, 10]), 7) == 0.7256876


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ((4, 0, 0), 0),
        ((3, 0, 1), 0.50),
        ((2, 0, 2), 0.67),
        ((8, 0, 4), 0.48),
        ((10, 1, 1), 0.15),
        ((6, 6, 0), 0),  # not being sure is no conflict
    ],
)
def test_divergence_has_the_values_of_the_design(answers: tuple[int, int, int], value: float) -> None:
    assert divergence(*answers) == pytest.approx(value, abs=0.005)


def test_of_one_answer_there_is_no_divergence() -> None:
    assert divergence(1, 0, 0) is None and divergence(0, 0, 0) is None


@given(st.integers(0, MIN_ANSWERS - 1), st.integers(0, 4))
def test_below_eight_answers_there_is_no_figure(n: int, step: int) -> None:
    assert spread([n if place == step else 0 for place in range(5)]) is None


def test_from_eight_answers_the_figure_says_on_which_side_they_lie() -> None:
    found = spread([1, 3, 2, 1, 1])
    assert found is not None
    assert (found.n, found.median, found.lower, found.upper, found.towards) == (8, 2.5, 2.0, 3.25, "first")
    lies = [spread(counts) for counts in ([0, 0, 0, 0, 9], [9, 0, 0, 0, 0], [4, 0, 0, 0, 4])]
    assert [one.towards for one in lies if one] == ["last", "first", "middle"]


@given(COUNTS)
def test_consensus_lies_between_none_and_all_and_is_the_same_from_either_end(counts: list[int]) -> None:
    assert -1e-9 <= consensus(counts) <= 1 + 1e-9
    assert consensus(counts) == pytest.approx(consensus(counts[::-1]))


@pytest.mark.parametrize("counts", [[], [3], [2, -1, 0]])
def test_counts_that_are_none_are_refused_with_what_was_given(counts: list[int]) -> None:
    with pytest.raises(ValueError, match=r"got \["):
        consensus(counts)


def test_no_answers_have_no_consensus() -> None:
    with pytest.raises(ValueError, match="no answers"):
        consensus([0, 0])
    assert spread([0, 0]) is None
