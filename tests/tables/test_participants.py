"""People: a key that joins their rows, a name as they agreed, and no group so small that it points somebody out."""

from __future__ import annotations

from typing import Any

from .conftest import Room, rows


def participants(room: Room, **options: Any) -> Any:
    return room.opened().participants(**options)


def test_one_key_joins_the_rows_of_one_person_in_every_table(room: Room) -> None:
    room.consent("bo", "naming", "perspective")
    view = room.write("ada", "Nobody asks", kind="view")
    room.stance("bo", view, "differ", "They do")
    workshop = room.opened()
    texts, stances, people = workshop.contributions(person=True), workshop.stances(), workshop.participants()
    key = people.query("by == ''")["person"].iloc[0]
    assert key == "P03"
    assert set(texts.query("person == @key")["text"]) == set(stances.query("person == @key")["text"]) == {"They do"}
    assert room.ids["bo"] not in "".join(table.to_csv() for table in (texts, stances, people))


def test_keys_are_given_in_the_order_people_came_and_stay_when_somebody_is_left_out(room: Room) -> None:
    before = dict(rows(participants(room), "by", "person"))
    assert before == {"Fay": "P01", "Ada": "P02", "Bo": "P03", "Cy": "P04", "Di": "P05", "Eli": "P06"}
    room.consent("ada", "naming", "not")
    table = participants(room)
    assert dict(rows(table, "by", "person")) == {name: key for name, key in before.items() if name != "Ada"}
    assert table.attrs["people_kept_back"] == 1
    room.consent("di", "research", "yes", seen_by="only-me")
    assert dict(rows(participants(room, research=True), "by", "person")) == {"Di": "P05"}


def test_words_that_were_to_stand_alone_have_no_key_that_ties_them_to_a_name(room: Room) -> None:
    room.write("ada", "with my name", kind="utterance")
    room.add("ada", "utterance", {"text": "without one", "shown": "none"})
    quoted = room.write("ada", "by what I am", kind="utterance")
    room.consent("ada", "quote", "perspective", ("talks-about", quoted))
    table = room.opened().contributions(person=True)
    assert rows(table, "text", "by", "person") == [
        ("with my name", "Ada", "P02"),
        ("without one", "", ""),
        ("by what I am", "", ""),
    ]
    assert list(participants(room).query("by == 'Ada'")["wrote"]) == [1], "a count would tell as well"


def test_one_text_with_a_name_gives_the_others_of_that_person_none(room: Room) -> None:
    room.consent("ada", "naming", "perspective")
    room.write("ada", "as always", kind="utterance")
    named = room.write("ada", "with my name", kind="utterance")
    room.consent("ada", "quote", "named", ("talks-about", named))
    table = room.opened().contributions(person=True)
    assert rows(table, "text", "by", "person") == [("as always", "", "P02"), ("with my name", "Ada", "")]


def test_a_perspective_stands_there_only_where_five_share_it(room: Room) -> None:
    for name in ("fay", "ada", "bo", "cy"):
        room.add(name, "participant", {"perspectives": ["carer", *(["mayor"] if name == "bo" else [])]})
    assert not any(participants(room)["perspectives"])
    room.add("di", "participant", {"perspectives": ["carer"]})
    table = participants(room)
    assert rows(table, "by", "perspectives") == [
        *((name, ["carer"]) for name in ("Fay", "Ada", "Bo", "Cy", "Di")),
        ("Eli", []),
    ]
    assert "mayor" not in table.to_csv()
    room.consent("di", "part", "no")
    assert not any(participants(room)["perspectives"])


def test_a_way_of_taking_part_stands_there_only_where_five_share_it(room: Room) -> None:
    for name in ("fay", "ada", "bo", "cy"):
        room.add(name, "attendance", {"way": "room"})
    room.add("di", "attendance", {"way": "remote"})
    assert set(participants(room)["way"]) == {""}
    room.add("di", "attendance", {"way": "room"})
    room.add("eli", "attendance", {"way": "later"})
    assert rows(participants(room), "way") == ["room"] * 5 + [""]


def test_a_role_is_told_only_of_those_who_are_named(room: Room) -> None:
    assert participants(room).query("by == 'Fay'")["roles"].iloc[0] == ["facilitator"]
    room.add("fay", "participant", {"perspectives": ["staff"]})
    room.consent("fay", "naming", "perspective")
    assert rows(participants(room).iloc[[0]], "by", "roles") == [("staff", [])]


def test_who_has_stopped_is_there_and_does_not_take_part(room: Room) -> None:
    room.consent("eli", "part", "no")
    assert rows(participants(room), "takes_part") == [True] * 5 + [False]


# ---- time by time


def test_an_episode_has_its_setting_and_its_counts(room: Room) -> None:
    first = room.add("fay", "episode", {"name": "Monday", "tool": "A hall", "start": "10:00", "absent": "Una: ill"})
    room.add("fay", "setting", {"time": "same", "space": "blended"})
    for name in ("fay", "ada", "bo", "cy", "di", "eli"):
        room.add(name, "attendance", {"way": "room"})
    room.write("ada", "here", kind="utterance")
    room.add("fay", "episode", {"name": "Monday"})
    table = room.opened().episodes()
    columns = ("episode", "id", "time", "space", "tool", "start", "wrote", "taking_part", "room", "absent")
    assert rows(table.iloc[[0]], *columns) == [
        ("Monday", first, "same", "blended", "A hall", "10:00", 1, 6, 6, ["Una: ill"])
    ]
    assert rows(table, "episode") == ["Monday", "Monday (2)"]
    assert rows(room.opened().contributions(), "episode") == ["Monday"]


def test_ways_of_taking_part_are_counted_in_an_episode_only_where_none_points_somebody_out(room: Room) -> None:
    room.add("fay", "episode", {"name": "Monday"})
    for name in ("fay", "ada", "bo", "cy", "di"):
        room.add(name, "attendance", {"way": "room"})
    assert rows(room.opened().episodes(), "room", "remote") == [(5, 0)]
    room.add("eli", "attendance", {"way": "remote"})
    table = room.opened().episodes()
    assert table[["room", "remote", "later", "scribe", "listen"]].isna().all(axis=None), (
        "five of six tells of the sixth"
    )


def test_of_those_who_were_away_a_name_stands_there_only_where_it_may(room: Room) -> None:
    room.consent("ada", "naming", "not")
    away = [{"who": room.ids["ada"]}, {"who": room.ids["bo"]}, {"who": "night staff"}, {"who": "Ada’s sister"}]
    room.add("fay", "episode", {"name": "Monday", "absent": away})
    (absent,) = rows(room.opened().episodes(), "absent")
    assert absent == ["…", "Bo", "night staff", "…"]


def test_being_heard_is_told_by_way_of_taking_part_from_five_people_in_each_on(room: Room) -> None:
    for name in ("fay", "ada", "bo", "cy", "di"):
        room.add(name, "attendance", {"way": "room"})
    said = room.write("ada", "here", kind="utterance")
    room.write("bo", "And why?", ("talks-about", said), kind="utterance")
    room.write("cy", "A view", ("documents", said), kind="view")
    table = room.opened().heard()
    assert rows(table, "way", "people", "wrote", "texts", "answered", "taken_up") == [("room", 5, 3, 3, 1, 1)]
    room.add("eli", "attendance", {"way": "remote"})
    assert len(room.opened().heard()) == 0
