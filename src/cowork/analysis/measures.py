"""Measures of answers for a researcher's notebook. No page and no report shows one of them.

Each answers one question, and none is a score of success: differences are of value here. Read the counts and the words
first. Below `MIN_ANSWERS` answers there is no figure, since one person would determine it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from statistics import quantiles

#: The fewest answers for which a median, a spread and a consensus are computed.
MIN_ANSWERS = 8


@dataclass(frozen=True)
class Spread:
    """How the answers lie on an ordered scale, its steps numbered from 1 in the order of the level set.

    `lower` and `upper` are the quartiles (by linear interpolation, the method of numpy and of R's type 7). `consensus`
    is Tastle and Wierman's: 1 where all gave the same answer, 0 where half stand at each end. It says nothing of which
    answer that was, so `towards` goes with it: "first" or "last", the end on whose side the median lies, or "middle".
    """

    n: int
    median: float
    lower: float
    upper: float
    consensus: float
    towards: str


def spread(counts: Sequence[int]) -> Spread | None:
    """Median, quartiles and consensus of the answers on a scale; None below `MIN_ANSWERS` answers.

    `counts` holds how many gave each answer, in the order of the scale and with every step in it, chosen or not.
    "Not sure" and "abstain" are no steps of a scale and stay out.
    """
    n = sum(_validated(counts))
    if n < MIN_ANSWERS:
        return None
    answers = [step for step, count in enumerate(counts, 1) for _ in range(count)]
    (lower, median, upper), middle = quantiles(answers, n=4, method="inclusive"), (1 + len(counts)) / 2
    towards = "middle" if median == middle else "first" if median < middle else "last"
    return Spread(n, median, lower, upper, consensus(counts), towards)


def consensus(counts: Sequence[int]) -> float:
    """Tastle and Wierman (2007): 1 + Σ pᵢ·log₂(1 − |Xᵢ − μ| / d), where d is the width of the whole scale.

    The width is that of the scale and not of the answers given: else four and five on a scale of five would count as
    the two ends of it. It ignores direction; `spread` says where the answers lie.
    """
    n = sum(_validated(counts))
    if not n:
        raise ValueError("there is no consensus of no answers: give at least one count above 0")
    width = len(counts) - 1
    mean = sum(step * count for step, count in enumerate(counts)) / n
    return 1 + sum(count / n * log2(1 - abs(step - mean) / width) for step, count in enumerate(counts) if count)


def divergence(agree: int, unsure: int, differ: int) -> float | None:
    """How likely two different people, drawn by lot, see it in opposite ways: 2·A·D / (n(n − 1)).

    "Not sure" is no opposite and counts among n alone. None below two answers. It orders a list of views at any size;
    a figure of it is to be printed from `MIN_ANSWERS` answers on.
    """
    n = sum(_validated((agree, unsure, differ)))
    return 2 * agree * differ / (n * (n - 1)) if n > 1 else None


def _validated(counts: Sequence[int]) -> Sequence[int]:
    if len(counts) < 2 or any(count < 0 for count in counts):
        raise ValueError(f"counts of answers on two steps or more are wanted, none below 0; got {list(counts)!r}")
    return counts
