"""A quotation holds a place and no words: what becomes of its source becomes of it, in every place that quotes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import Group, dice, few

from cowork.core.access.disclosure import DisclosedView
from cowork.core.access.participant_view import ParticipantView
from cowork.core.quotes import quote_bodies, quotes
from cowork.store import memory_record

SAID = "🙂 I never know who to ring."


@pytest.fixture
def group() -> Group:
    return Group(memory_record(random_bytes=dice("quotes")), "fay ada bo")


def quoting(here: Group, source: str, start: int | None, end: int | None) -> str:
    place = {} if start is None else {"start": start, "end": end}
    body = {"text": "a view", "quotes": [{"source": source, "version": source, **place}]}
    return here.add("bo", "view", body, ("documents", source))


def read(here: Group, view: str, seen: ParticipantView | None = None) -> list[tuple[str, str]]:
    seen = seen or ParticipantView(here.state, here.ids["fay"])
    return [(q.text, q.gap) for q in quotes(seen, here.state.current(view)[-1])]


def test_places_are_code_points_and_the_words_are_exact(group: Group) -> None:
    said = group.write("ada", SAID, kind="utterance")
    assert read(group, quoting(group, said, 2, 14)) == [("I never know", "")]
    assert read(group, quoting(group, said, 0, 1)) == [("🙂", "")]
    assert read(group, quoting(group, said, None, None)) == [(SAID, "")]


def test_no_words_of_the_source_stand_in_what_quotes_it(group: Group) -> None:
    said = group.write("ada", SAID, kind="utterance")
    view = quoting(group, said, 2, 14)
    assert "never know" not in (group.state.entries[view].body or "")


def test_a_source_that_is_changed_leaves_the_quoted_words_as_they_were_said(group: Group) -> None:
    said = group.write("ada", SAID, kind="utterance")
    view = quoting(group, said, 2, 14)
    group.edit("ada", "I know now.", said)
    assert read(group, view) == [("I never know", "")]


@pytest.mark.parametrize(("act", "gap"), [("withdraw", "taken"), ("erase", "erased"), ("hide", "hidden")])
def test_a_source_that_goes_leaves_a_gap_that_says_why(group: Group, act: str, gap: str) -> None:
    said = group.write("ada", SAID, kind="utterance")
    view = quoting(group, said, 2, 14)
    getattr(group, act)("fay" if act == "hide" else "ada", said)
    assert read(group, view, ParticipantView(group.state, group.ids["bo"])) == [("", gap)]
    assert read(group, view, DisclosedView(group.state)) == [("", gap)]


def test_words_put_back_stand_in_their_quotations_again(group: Group) -> None:
    said = group.write("ada", SAID, kind="utterance")
    view = quoting(group, said, 2, 14)
    group.restore("ada", group.withdraw("ada", said))
    assert read(group, view) == [("I never know", "")]


def test_what_stays_inside_the_group_is_a_gap_outside_it_and_not_within(group: Group) -> None:
    said = group.write("ada", SAID, kind="utterance")
    view = quoting(group, said, 2, 14)
    group.consent("ada", "naming", "not")
    assert read(group, view) == [("I never know", "")]
    assert read(group, view, DisclosedView(group.state)) == [("", "kept")]


@pytest.mark.parametrize("place", [(0, 400), (20, 400), (400, 500)])
def test_a_place_outside_the_text_quotes_nothing(group: Group, place: tuple[int, int]) -> None:
    said = group.write("ada", SAID, kind="utterance")
    assert read(group, quoting(group, said, *place)) == [("", "gone")]
    with pytest.raises(ValueError):
        quote_bodies(group.state, [(said, *place)])


@pytest.mark.parametrize(
    "wrong", ["x", [1], [{"version": 3}], [{"version": "v", "start": 3, "end": 1}], [{"start": 1}]]
)
def test_quotations_of_a_wrong_shape_are_left_aside(group: Group, wrong: object) -> None:
    view = group.add("bo", "view", {"text": "a view", "quotes": wrong})
    assert read(group, view) == []


def test_an_edit_keeps_the_quotations_of_what_it_replaces(group: Group) -> None:
    said = group.write("ada", SAID, kind="utterance")
    view = quoting(group, said, 2, 14)
    group.edit("bo", "the same view in other words", view)
    assert read(group, view) == [("I never know", "")]


@few
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40), st.data())
def test_any_slice_of_any_text_comes_back_exactly(text: str, data: st.DataObject) -> None:
    here = Group(memory_record(random_bytes=dice("slices")), "fay ada bo")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    said = here.add("ada", "utterance", {"text": text, "lang": "en"})
    assert read(here, quoting(here, said, start, end)) == [(text[start:end], "")]
