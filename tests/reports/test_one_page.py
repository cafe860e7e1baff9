"""The summary on one page: agreements with their worries are never cut; the rest says how much more there is."""

from __future__ import annotations

import pytest
from golden.make_report import LANGS, Making, written
from hypothesis import given
from hypothesis import strategies as st
from support.spreadsheets import Sheet, workshop

from cowork.reports import one_page
from cowork.reports.one_page import line_count, share_lines
from cowork.text import translate

HEADINGS = ("why", "change", "who", "heard", "see", "agreed", "differ", "open", "next", "ask")


@pytest.mark.parametrize("lang", LANGS)
def test_every_part_has_its_heading_in_order(lang: str) -> None:
    found = Sheet(one_page(workshop(), lang))
    assert [text for level, text in found.headings if level == 2] == [
        translate(f"onepage.h.{key}", lang) for key in HEADINGS
    ]
    assert translate("report.always", lang) in found.words


def test_the_agreement_stands_with_every_worry_its_answer_and_who_looks_after_it() -> None:
    words = Sheet(one_page(workshop())).words
    for one in ("We say how long it takes, each time", "What if the time is wrong?", "Then it is worse",
                "Then we say that too", "The desk", "In May", translate("reservation.enough.partly"),
                "I can go along if it is in Swedish too",
                translate("reservation.no_answer"), translate("trace.kept_back"), translate("ending.changed"),
                f"{translate('position.1')}: 1"):  # fmt: skip
        assert one in words, one


def test_differences_questions_and_open_proposals_stand_as_equals() -> None:
    words = Sheet(one_page(workshop())).words
    for one in ("We do not agree if a wrong time", "Who reads it at night?", "A second telephone",
                "Better to say nothing than a wrong time", translate("report.not_said")):  # fmt: skip
        assert one in words, one


@pytest.mark.parametrize("worries", [1, 6, 30])
def test_however_much_was_written_no_worry_is_cut(worries: int) -> None:
    made = Making()
    agreed = written(made, 20, worries)
    words = Sheet(one_page(made.state)).words
    assert agreed in words
    for n in range(worries):
        for one in ("Worry", "Answer", "Review"):
            assert f"{one} {n}" in words
    assert words.count("This sentence is of a usual length") >= 2 * worries + 2
    assert translate("onepage.rest") in words and "View 19." not in words
    assert "more in the report" in words


def test_what_fits_is_not_cut() -> None:
    made = Making()
    written(made, 2, 1)
    words = Sheet(one_page(made.state)).words
    assert translate("onepage.rest") not in words.split("View 0.", 1)[1] and "View 1." in words and "Seen 1." in words


def test_the_organiser_s_can_change_stands_without_what_was_decided() -> None:
    made = Making()
    made.fay("context", {"field": "decided", "text": "The house is sold", "lang": "en"})
    made.fay("context", {"field": "can_change", "text": "What moves along", "lang": "en"})
    words = Sheet(one_page(made.state)).words
    assert "What moves along" in words and "The house is sold" not in words


def test_room_is_shared_so_that_little_is_whole_and_much_is_cut_alike() -> None:
    assert share_lines([2, 30, 30], 22) == [2, 10, 10]
    assert share_lines([0, 5, 4], 20) == [0, 5, 4]
    assert share_lines([9, 9], -5) == [2, 2], "each part gets a little, even where there is no room at all"


@given(st.lists(st.floats(0, 90), max_size=8), st.floats(-20, 90))
def test_no_band_gets_more_than_it_wants_nor_all_more_than_there_is(wanted: list[float], free: float) -> None:
    limits = share_lines(wanted, free)
    assert all(0 <= limit <= want for limit, want in zip(limits, wanted, strict=True))
    assert sum(limits) <= max(free, 2 * len(wanted)) + 1e-6


def test_wide_letters_and_their_own_line_breaks_are_counted() -> None:
    assert line_count("", 10) == 0 and line_count("a" * 10, 10) == 1 and line_count("a" * 11, 10) == 2
    assert line_count("字" * 10, 10) == 2 and line_count("a\nb\n", 10) == 3


def test_it_says_where_the_owner_of_a_worry_has_not_said_that_it_is_answered() -> None:
    made = Making()
    proposal = made.say("ada", "We visit", kind="proposal", rule={"code": "answered"}, round=1)
    worry = made.say("cem", "Too far", ("talks-about", proposal), kind="reservation", sort="worry")
    made.say("ada", "By bus", ("answers-reservation", worry))
    told = f"{translate('reservation.enough_h')} {translate('reservation.enough.not_said')}"
    assert told in Sheet(one_page(made.state)).words
    made.add("cem", "check", {"result": "yes"}, ("checks", worry))
    assert told not in Sheet(one_page(made.state)).words
