"""What leaves the group is what its people let go: by whose hand a wording came decides, and names are looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import Group, Time, dice, laws, memory_record

from cowork.core.access.disclosure import (
    DisclosedView,
    Signature,
    hidden_names,
    names_in,
    names_in_disclosed,
    participant_signature,
    signature_of,
)


@pytest.fixture
def group() -> Group:
    return Group(memory_record(now_ms=Time(), random_bytes=dice("leaving")), "fay ada bo")


def naming(group: Group, name: str, answer: str) -> None:
    group.consent(name, "naming", answer)


def outside(group: Group) -> list[str]:
    return [c.text for c in DisclosedView(group.state).contributions()]


def test_a_new_wording_by_one_who_keeps_theirs_inside_stays_inside(group: Group) -> None:
    naming(group, "bo", "not")
    proposal = group.write("ada", "the tray at ten", kind="proposal")
    group.edit("ada", "the tray at eleven", proposal)
    assert outside(group) == ["the tray at eleven"]
    last = group.state.current(proposal)[-1].id
    group.edit("bo", "the tray never", last)
    # Nor is the wording before it put in its place: it may be the one that was corrected.
    assert outside(group) == []
    assert DisclosedView(group.state).withheld_counts() == {"naming": 1}
    naming(group, "bo", "perspective")
    assert outside(group) == ["the tray never"]


def test_an_earlier_wording_by_one_who_keeps_theirs_inside_is_in_no_history(group: Group) -> None:
    naming(group, "bo", "not")
    proposal = group.write("ada", "at ten", kind="proposal")
    by_bo = group.edit("bo", "never", proposal)
    group.edit("ada", "at eleven", by_bo)
    found = DisclosedView(group.state).of_id(proposal)
    assert found is not None
    assert [version.data["text"] for version in (*found.earlier, *found.versions)] == ["at ten", "at eleven"]


def test_of_two_wordings_at_once_the_one_that_may_leave_leaves(group: Group) -> None:
    naming(group, "bo", "not")
    proposal = group.write("ada", "at ten", kind="proposal")
    group.edit("bo", "never", proposal)
    group.edit("ada", "at eleven", proposal)
    assert outside(group) == ["at eleven"]


def test_only_texts_are_counted_as_kept_back(group: Group) -> None:
    naming(group, "bo", "not")
    view = group.write("ada", "four stops", kind="view")
    group.add("bo", "stance", {"stance": "differ"}, ("answers", view))
    assert DisclosedView(group.state).withheld_counts() == {}
    group.add("bo", "stance", {"stance": "differ", "text": "there are five"}, ("answers", view))
    assert DisclosedView(group.state).withheld_counts() == {"naming": 1}


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Bo said it.", True),
        ("It was bo’s tray", True),
        ("Bos bricka", True),
        ("a boat", False),
        ("", False),
    ],
)
def test_a_name_that_was_to_stay_inside_is_found_where_others_typed_it(group: Group, text: str, stands: bool) -> None:
    naming(group, "ada", "named")
    assert (names_in(text, hidden_names(group.state)) == [group.ids["bo"]]) is stands
    root = group.write("ada", f"{text} Ada.")
    assert names_in_disclosed(group.state) == ([(group.ids["bo"], root)] if stands else [])


def test_who_asked_not_to_be_shown_is_told_by_no_perspective_either(group: Group) -> None:
    group.add("bo", "participant", {"perspectives": ["lived experience"]})
    naming(group, "bo", "perspective")
    assert participant_signature(group.state, group.ids["bo"]) == Signature(perspectives=("lived experience",))
    naming(group, "bo", "not")
    assert participant_signature(group.state, group.ids["bo"]) == Signature()


@pytest.mark.parametrize(
    "body",
    [
        {"more": {"hope": "That Bo is well"}},
        {"note": "Bo said it aloud"},
        {"names": ["Bo and others"]},
        {"rule": {"code": "advice", "name": "Bo"}},
    ],
)
def test_a_name_is_found_in_every_field_that_leaves(group: Group, body: dict[str, object]) -> None:
    naming(group, "bo", "perspective")
    root = group.add("ada", "intention", {"text": "We hope", "lang": "en", **body})
    assert names_in_disclosed(group.state) == [(group.ids["bo"], root)]


def test_a_name_is_found_in_an_earlier_wording_and_told_once(group: Group) -> None:
    naming(group, "bo", "perspective")
    root = group.write("ada", "As Bo said, and Bo again")
    group.edit("ada", "As somebody said", root)
    assert names_in_disclosed(group.state) == [(group.ids["bo"], root)]


@pytest.mark.parametrize(("before", "now"), [("named", "none"), ("none", "named")])
def test_of_what_was_chosen_for_a_wording_and_for_the_present_one_the_most_reserved_holds(
    group: Group, before: str, now: str
) -> None:
    naming(group, "ada", "named")
    root = group.add("ada", "view", {"text": "at ten", "shown": before})
    group.add("ada", "edit", {"text": "at eleven", "shown": now}, ("replaces", root))
    found = DisclosedView(group.state).of_id(root)
    assert found is not None and signature_of(group.state, found, found.earlier[0]) == Signature()


def test_what_somebody_chooses_anew_holds_at_once_in_a_reading_that_was_asked_before(group: Group) -> None:
    root = group.write("bo", "a tray")
    reading = DisclosedView(group.state)
    for answer, leaves in (("named", True), ("not", False), ("perspective", True)):
        naming(group, "bo", answer)
        assert (reading.of_id(root) is not None) is leaves
        assert reading.can_see_version(group.state.entries[root]) is leaves


def _stands_in(name: str, text: str) -> bool:
    """The same, word by word and sign by sign."""
    sought, words = (
        "".join(sign if sign.isalnum() else " " for sign in given.casefold()).split() for given in (name, text)
    )
    forms = (sought, [*sought[:-1], f"{sought[-1]}s"]) if sought else ()
    return any(words[at : at + len(sought)] in forms for at in range(len(words)))


_signs = st.text(st.sampled_from("ab sS'’_-.²Åß一\n"), max_size=12)


@laws
@given(_signs, _signs)
def test_a_name_is_found_as_whole_words_of_any_script_and_in_no_other_way(name: str, text: str) -> None:
    group = Group(memory_record(now_ms=Time(), random_bytes=dice("names")), "fay")
    naming(group, "fay", "perspective")
    group.add("fay", "participant", {"name": f"x {name}"})
    for typed in (text, f"{text} x {name}", f"x {name}s {text}"):
        expected = _stands_in(f"x {name}", typed) or _stands_in("Fay", typed)
        assert bool(names_in(typed, hidden_names(group.state))) is expected
