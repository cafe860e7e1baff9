"""Which acts stand beside the words of a card, and which behind its More."""

from __future__ import annotations

from cowork.pages.kit.likely_actions import likely_actions

VIEW = ["stance", "differ", "talk", "use", "become"]


def test_beside_a_view_of_others_stand_both_ways_to_say_how_one_sees_it() -> None:
    assert likely_actions(VIEW, is_mine=False, acts_first=["stance", "differ"]) == ["stance", "differ"]


def test_beside_one_s_own_words_stand_changing_them_and_taking_them_back() -> None:
    assert likely_actions(["change", "take", *VIEW], is_mine=True, acts_first=["stance"]) == ["change", "take"]


def test_where_nothing_likely_is_offered_the_first_acts_stand_there() -> None:
    assert likely_actions(["become", "erase", "put-together"], is_mine=False) == ["become", "erase"]
