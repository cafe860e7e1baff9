"""An agreement never leaves without its reservations, the answers of that moment, and what changed under it."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Room, rows


@pytest.fixture
def agreed(room: Room) -> dict[str, str]:
    """An agreement with a worry that was answered."""
    said = room.write("ada", "The tray stands in the hall", kind="utterance")
    proposal = room.propose("cy", "The tray at ten", n=3)
    room.add("cy", "link", {}, ("from", proposal), ("rests-on", said))
    for name, level in (("ada", "want"), ("bo", "along"), ("cy", "want"), ("di", "unsure")):
        room.answer(name, proposal, level)
    room.reveal(proposal)
    worry = room.add(
        "bo", "reservation", {"text": "Who does it at night?", "sort": "condition"}, ("talks-about", proposal)
    )
    more = {"owner": room.ids["di"], "review": "in May"}
    answer = room.add(
        "fay", "utterance", {"text": "The night shift does", "more": more}, ("answers-reservation", worry)
    )
    outcome = room.add("fay", "outcome", {"text": "The tray at ten", "outcome": "agreed"}, ("closes", proposal))
    return {"said": said, "proposal": proposal, "worry": worry, "answer": answer, "outcome": outcome}


def outcome(room: Room, **options: Any) -> Any:
    table = room.opened().outcomes(**options)
    assert len(table) == 1
    return table.iloc[0]


def test_an_agreement_has_its_rule_and_the_answers_of_that_moment(room: Room, agreed: dict[str, str]) -> None:
    row = outcome(room)
    assert (row["id"], row["how"], row["text"]) == (agreed["outcome"], "agreed", "The tray at ten")
    assert (row["proposal"], row["version"], row["round"]) == (agreed["proposal"], agreed["proposal"], 1)
    assert row["rule"] == {"code": "answered"}
    assert [(c["level"], c["n"]) for c in row["counts"]] == [
        ("want", 2), ("fine", 0), ("along", 1), ("worry", 0), ("cannot", 0),
    ]  # fmt: skip
    assert [(c["level"], c["label"], c["n"]) for c in row["apart"]] == [
        ("unsure", "Not sure, needs more talk", 1), ("abstain", "I abstain", 0),
    ]  # fmt: skip
    assert (row["answered"], row["not_answered"], row["by"]) == (4, 2, "Fay")


def test_its_reservations_stand_inside_it_with_their_answers(room: Room, agreed: dict[str, str]) -> None:
    room.check("bo", agreed["worry"], "partly")
    (worry,) = outcome(room)["reservations"]
    assert worry == {
        "id": agreed["worry"], "text": "Who does it at night?", "gap": "", "sort": "condition", "by": "Bo",
        "answers": [{"id": agreed["answer"], "text": "The night shift does", "by": "Fay"}], "unread": 0,
        "reworded": False, "enough": "partly", "owner": "Di", "review": "in May", "named": False,
    }  # fmt: skip


def test_a_worry_whose_words_may_not_leave_is_still_there_with_the_reason(room: Room, agreed: dict[str, str]) -> None:
    room.consent("bo", "naming", "not")
    (worry,) = outcome(room)["reservations"]
    assert (worry["text"], worry["gap"], worry["by"]) == ("", "kept", "")
    room.consent("bo", "naming", "named")
    room.hide("fay", agreed["worry"])
    (worry,) = outcome(room)["reservations"]
    assert (worry["text"], worry["gap"]) == ("", "hidden")


def test_who_looks_after_it_is_named_only_where_they_agreed(room: Room, agreed: dict[str, str]) -> None:
    room.consent("di", "naming", "not")
    (worry,) = outcome(room)["reservations"]
    assert "Di" not in str(worry) and room.ids["di"] not in str(worry)
    typed = {"text": "Di goes round", "more": {"who": "Di", "when": "in May"}}
    room.add("fay", "action", typed, ("builds-on", agreed["outcome"]))
    (following,) = outcome(room)["next"]
    assert (following["who"], following["when"]) == ("…", "in May")
    assert outcome(room) is not None and room.opened().outcomes().attrs["hold_hidden_names"] == [following["id"]]


def test_a_change_under_it_is_marked_and_named_until_people_look_again(room: Room, agreed: dict[str, str]) -> None:
    assert not outcome(room)["on_changed_ground"]
    room.edit("ada", "The tray stands in the kitchen", agreed["said"])
    row = outcome(room)
    assert row["on_changed_ground"]
    (change,) = row["changed"]
    assert (change["id"], change["kind"], change["what"]) == (agreed["said"], "utterance", "changed")
    assert change["at"].endswith("+00:00")
    assert str(row["renewed"]) == "NaT"
    room.add("fay", "outcome", {"outcome": "renewed"}, ("renews", agreed["outcome"]))
    row = outcome(room)
    assert not row["on_changed_ground"] and row["changed"] == [] and str(row["renewed"]) != "NaT"


def test_a_kept_difference_and_an_open_question_are_endings_too(room: Room) -> None:
    view = room.write("ada", "Nobody asks", kind="view")
    room.add("ada", "outcome", {"text": "We differ", "outcome": "difference"}, ("rests-on", view))
    room.add("bo", "outcome", {"text": "Who pays?", "outcome": "open-question", "unwritten": True})
    table = room.opened().outcomes()
    assert rows(table, "how", "text", "unwritten") == [
        ("difference", "We differ", False),
        ("open-question", "Who pays?", True),
    ]
    assert table["answered"].isna().all() and list(table["counts"]) == [[], []]


def test_an_ending_that_was_opened_again_is_none(room: Room, agreed: dict[str, str]) -> None:
    room.add("fay", "outcome", {"outcome": "reopened"}, ("reopens", agreed["outcome"]))
    assert len(room.opened().outcomes()) == 0


def test_what_those_who_decide_answered_stands_with_it(room: Room, agreed: dict[str, str]) -> None:
    body = {"text": "From May", "did": "did", "on_behalf_of": "the board"}
    room.add("fay", "response", body, ("answers", agreed["outcome"]))
    (response,) = outcome(room)["responses"]
    assert (response["text"], response["did"], response["on_behalf_of"]) == ("From May", "did", "the board")


def test_answers_that_are_not_for_research_are_in_no_count(room: Room, agreed: dict[str, str]) -> None:
    for name in ("fay", "ada", "bo", "cy"):
        room.consent(name, "research", "yes", seen_by="only-me")
    row = outcome(room, research=True)
    assert (row["answered"], row["answers_kept_back"], row["not_answered"]) == (3, 1, 2)
    assert sum(c["n"] for c in row["apart"]) == 0
