"""Answers outside the group have what they have inside it, and no more: a name, words, or a place in a count."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Room, rows

# ---- to a proposal


def test_answers_to_a_proposal_stand_there_once_they_are_shown_together(room: Room) -> None:
    proposal = room.propose()
    room.answer("ada", proposal, "want")
    room.answer("bo", proposal, "unsure", "What of the nights?")
    before = room.opened().positions()
    assert len(before) == 0 and before.attrs["not_answered"] == {}
    room.reveal(proposal)
    table = room.opened().positions()
    assert rows(table, "round", "rule", "levels", "level", "level_label", "apart", "text") == [
        (1, "answered", "five/1", "want", "I want this", False, ""),
        (1, "answered", "five/1", "unsure", "Not sure, needs more talk", True, "What of the nights?"),
    ]
    assert rows(table, "proposal", "version") == [(proposal, proposal)] * 2
    assert list(table["step"].isna()) == [False, True]
    assert table.attrs["not_answered"] == {proposal: 4}


def test_no_table_ties_an_answer_to_a_proposal_to_anybody(room: Room) -> None:
    """The page says: dots and counts, without names. Neither a name, nor an id, nor a time leads to one here."""
    proposal = room.propose()
    given = [room.answer(name, proposal, "worry", f"why {name}") for name in ("ada", "bo", "cy", "di", "eli")]
    room.reveal(proposal)
    workshop = room.opened()
    positions = workshop.positions()
    assert not {"id", "by", "person", "at", "episode"} & set(positions.columns)
    assert sorted(positions["text"]) == [f"why {name}" for name in ("ada", "bo", "cy", "di", "eli")]
    for table in (workshop.contributions(person=True), workshop.links()):
        assert not set(given) & set(table.to_numpy().ravel().tolist())
        assert "why ada" not in table.to_csv()


def test_from_five_answers_on_one_person_can_be_followed_through_the_rounds(room: Room) -> None:
    first = room.propose(round=1)
    people = ("ada", "bo", "cy", "di", "eli")
    for name in people:
        room.answer(name, first, "fine" if name == "ada" else "want")
    room.reveal(first)
    second = room.add(
        "fay", "edit", {"text": "At eleven", "round": 2, "rule": {"code": "answered"}}, ("replaces", first)
    )
    for name in people:
        room.answer(name, second, "cannot" if name == "ada" else "want")
    room.reveal(second)
    table = room.opened().positions()
    keys = {number: set(table[table["round"] == number]["answerer"]) for number in (1, 2)}
    assert keys[1] == keys[2] == {"A1", "A2", "A3", "A4", "A5"}
    moved = table[table["moved_from"] != ""]
    assert rows(moved, "round", "level", "moved_from") == [(2, "cannot", "fine")]
    before = table[(table["round"] == 1) & (table["level"] == "fine")]
    assert list(before["answerer"]) == list(moved["answerer"])


def test_below_five_answers_nobody_can_be_followed(room: Room) -> None:
    proposal = room.propose()
    for name in ("ada", "bo", "cy", "di"):
        room.answer(name, proposal, "want")
    room.reveal(proposal)
    assert set(room.opened().positions()["answerer"]) == {""}
    room.answer("eli", proposal, "want")
    assert len(set(room.opened().positions()["answerer"]) - {""}) == 5


def test_the_keys_of_answers_do_not_say_who_came_or_answered_first(room: Room) -> None:
    orders = set()
    for _ in range(6):
        proposal = room.propose()
        for name in ("ada", "bo", "cy", "di", "eli"):
            room.answer(name, proposal, "want", name)
        room.reveal(proposal)
        table = room.opened().positions()
        orders.add(tuple(rows(table[table["proposal"] == proposal].sort_values("answerer"), "text")))
    assert len(orders) > 1


def test_whoever_wants_nothing_outside_is_one_of_the_count_and_no_more(room: Room) -> None:
    proposal = room.propose()
    for name in ("ada", "bo", "cy", "di", "eli"):
        room.answer(name, proposal, "cannot" if name == "bo" else "want", f"why {name}")
    room.reveal(proposal)
    room.consent("bo", "naming", "not")
    table = room.opened().positions()
    kept = table[table["level"] == "cannot"]
    assert rows(kept, "text", "answerer") == [("", "")]
    assert len(table) == 5 and "why bo" not in table.to_csv()


def test_an_answer_that_is_not_for_research_is_not_counted_and_said_to_be_left_out(room: Room) -> None:
    proposal = room.propose()
    for name in ("ada", "bo"):
        room.answer(name, proposal, "want")
    room.reveal(proposal)
    for name in ("fay", "ada"):
        room.consent(name, "research", "yes", seen_by="only-me")
    table = room.opened().positions(research=True)
    assert len(table) == 1 and table.attrs["answers_kept_back"] == 1
    assert len(room.opened().positions(research=False)) == 2


# ---- to a view


def test_a_stance_has_its_author_and_its_words(room: Room) -> None:
    view = room.write("ada", "Nobody asks", kind="view")
    one = room.stance("bo", view, "differ", "They do ask")
    room.stance("cy", view, "with")
    table = room.opened().stances()
    given = table[table["kind"] == "stance"]
    assert rows(given, "view", "version", "answer", "by", "text") == [
        (view, view, "differ", "Bo", "They do ask"),
        (view, view, "with", "Cy", ""),
    ]
    assert one in set(given["id"]) and set(given["person"]) == {"P03", "P04"}


def test_only_the_last_answer_to_the_present_wording_is_a_stance(room: Room) -> None:
    view = room.write("ada", "Nobody asks", kind="view")
    room.stance("bo", view, "differ")
    newer = room.edit("ada", "Few ask", view)
    assert "stance" not in set(room.opened().stances()["kind"])
    first = room.stance("bo", newer, "differ")
    room.add("bo", "edit", {"stance": "unsure"}, ("replaces", first))
    given = room.opened().stances().query("kind == 'stance'")
    assert rows(given, "answer", "earlier", "version") == [("unsure", ["differ"], newer)]


def test_each_holder_of_a_view_has_a_row_and_not_said_is_what_stands_there(room: Room) -> None:
    holders = {"holder": "several", "holders": [room.ids["ada"], room.ids["bo"]]}
    view = room.add("ada", "view", {"text": "Nobody asks", **holders})
    room.add("bo", "standing", {"standing": "still", "text": "Nobody does"}, ("answers", view))
    room.add("bo", "standing", {"standing": "partly", "text": "Some do"}, ("answers", view))
    stands = room.opened().stances().query("kind == 'standing'")
    assert rows(stands, "by", "answer", "text", "earlier") == [
        ("Ada", "", "", []),
        ("Bo", "partly", "Some do", ["still"]),
    ]


def test_a_stance_of_one_who_wants_nothing_outside_has_no_name_key_words_id_or_time(room: Room) -> None:
    view = room.write("ada", "Nobody asks", kind="view")
    room.stance("bo", view, "differ", "hall table")
    room.consent("bo", "naming", "not")
    row = room.opened().stances().query("kind == 'stance'").iloc[0]
    assert row["answer"] == "differ"
    assert [row[name] for name in ("id", "by", "person", "text", "episode")] == [""] * 5 and str(row["at"]) == "NaT"


def test_an_answer_the_group_does_not_see_is_in_no_table(room: Room) -> None:
    view = room.write("ada", "Nobody asks", kind="view")
    room.stance("bo", view, "differ", "for me alone", seen_by="only-me")
    table = room.opened().stances()
    assert list(table["kind"]) == ["standing"] and "for me alone" not in table.to_csv()


# ---- did we get it right?


@pytest.fixture
def understood(room: Room) -> str:
    """An understanding that rests on words of Ada and Bo."""
    said = [room.write(name, f"{name} said so", kind="utterance") for name in ("ada", "bo")]
    return room.write("fay", "We see it now", *(("rests-on", one) for one in said), kind="understanding")


def checks(room: Room, **options: Any) -> Any:
    return room.opened().checks(**options)


def test_everyone_who_was_asked_has_a_row_so_that_n_of_n_can_be_counted(room: Room, understood: str) -> None:
    room.check("ada", understood, "nearly", "said")
    room.check("cy", understood, "same", "all")
    table = checks(room)
    counted = {of: (len(group), sum(group["result"] != "")) for of, group in table.groupby("of")}
    assert counted == {"said": (2, 1), "all": (6, 1)}
    assert set(table["about"]) == set(table["version"]) == {understood}


def test_an_answer_that_was_only_chosen_is_one_of_the_count_and_words_have_their_name(
    room: Room, understood: str
) -> None:
    room.check("ada", understood, "nearly", "said")
    written = room.check("bo", understood, "no", "said", "I meant the nights")
    table = checks(room).query("of == 'said'")
    assert rows(table, "id", "result", "by", "person", "text") == [
        (written, "no", "Bo", "P03", "I meant the nights"),
        ("", "nearly", "", "", ""),
    ]
    texts = room.opened().contributions()
    assert rows(texts.query("kind == 'check'"), "id", "by") == [(written, "Bo")], "no row tells who chose without words"


def test_whoever_cannot_be_asked_is_told_apart_from_whoever_has_not_said(room: Room, understood: str) -> None:
    room.consent("bo", "part", "no")
    table = checks(room).query("of == 'said'")
    assert sorted(rows(table, "result", "reached")) == [("", False), ("", True)]


def test_a_holder_confirms_by_name_and_own_words_need_no_confirming(room: Room) -> None:
    holders = {"holder": "several", "holders": [room.ids["ada"], room.ids["bo"], room.ids["cy"]]}
    view = room.add("ada", "view", {"text": "Nobody asks", **holders})
    room.check("bo", view, "yes")
    table = checks(room)
    assert rows(table, "of", "result", "by") == [
        ("holder", "own", "Ada"),
        ("holder", "yes", "Bo"),
        ("holder", "", "Cy"),
    ]


def test_the_author_of_a_worry_says_whether_its_answer_is_enough(room: Room) -> None:
    proposal = room.propose()
    worry = room.write("bo", "Who does it at night?", ("talks-about", proposal), kind="reservation")
    assert rows(checks(room), "of", "result", "by") == [("author", "", "Bo")]
    room.write("fay", "The night shift", ("answers-reservation", worry), kind="utterance")
    room.check("bo", worry, "partly")
    assert rows(checks(room), "of", "about", "result", "by") == [("author", worry, "partly", "Bo")]
