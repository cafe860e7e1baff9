"""Who took part and how they met: counts that point nobody out, and a path over nine cells that ranks none."""

from __future__ import annotations

import pytest
from golden.make_report import Making
from support.spreadsheets import Sheet, sheet, workshop

from cowork.core.fold import State
from cowork.reports import report
from cowork.reports.reader import Reader
from cowork.reports.sessions import CORNER_LABELS, cells, participation, response_rows, sessions
from cowork.text import translate


def many(*ways: str) -> Making:
    """A workshop in which as many take part as ways are given, each in one way."""
    made = Making()
    names = ["fay", "ada", "bo", "cem"]
    for n in range(len(names), len(ways)):
        names.append(f"p{n}")
        made.group.join(names[-1])
    made.fay("episode", {"name": "Once"})
    for name, way in zip(names, ways, strict=False):
        made.add(name, "attendance", {"way": way})
    return made


def test_a_name_is_told_only_where_it_was_chosen_for_outside() -> None:
    told = participation(Reader(workshop(), "en"))
    assert [who.text.split(" ")[0] for who in told.named] == ["Fay", "Ada", "Dee"]
    assert told.took_part == translate("report.took_part", n=5) and told.others == translate("report.others", n=2)
    assert told.voices == translate("report.voices", n=1)
    part = sheet(workshop()).parts["who"]
    assert "Cem" not in part and "Bo" not in part


def test_where_nobody_said_how_they_take_part_it_is_not_said_and_not_too_few() -> None:
    made = Making()
    assert sheet(made.state).parts["heard"].endswith(translate("report.not_said"))
    made.fay("episode", {"name": "Once"})
    made.add("ada", "attendance", {"way": "remote"})
    assert sheet(made.state).parts["heard"].endswith(translate("report.small"))


def test_nobody_is_more_where_nobody_is_named() -> None:
    made = Making()
    assert participation(Reader(made.state, "en")).others == translate("report.nobody_named")
    made.group.consent("ada", "naming", "named")
    assert participation(Reader(made.state, "en")).others == translate("report.others", n=3)


def test_what_people_are_here_as_is_not_told_where_it_would_point_someone_out() -> None:
    assert participation(Reader(workshop(), "en")).small == translate("report.small")
    made = many(*("room",) * 6)
    for name in ("fay", "ada", "bo", "cem", "p4"):
        made.add(name, "participant", {"perspectives": ["carer"]})
    told = participation(Reader(made.state, "en"))
    assert [(w.text, n) for w, n in told.perspectives] == [(translate("join.as.carer"), 5)] and not told.small
    made.add("p5", "participant", {"perspectives": ["staff"]})
    told = participation(Reader(made.state, "en"))
    assert told.perspectives == () and told.small == translate("report.small")


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        (("room",) * 4, [4]),
        (("room",) * 5 + ("remote",) * 5, [5, 5]),
        (("room",) * 5 + ("remote",) * 4, []),
        (("room",) * 9 + ("scribe",), []),
        (("remote",), []),  # one of several: the page says no more
        (("scribe",) * 4, []),
    ],
)
def test_how_people_took_part_is_counted_where_no_group_is_small(ways: tuple[str, ...], told: list[int]) -> None:
    (once,) = sessions(Reader(many(*ways).state, "en"))
    assert [n for _, n in once.ways] == told
    assert bool(once.small) == (not told)


def test_each_time_says_what_is_known_of_it_and_not_said_where_nothing_is() -> None:
    part = sheet(workshop()).parts["met"]
    for words in ("First meeting", "A room, with some on a screen", "A table", "10:00", "11:30", "Those at work"):
        assert words in part
    assert translate("common.written_by", n=4, N=5) in part
    assert "talk.vtt " + translate("report.no_cell") in part and translate("dialogue.brought_h") in part
    made = many()
    assert translate("report.not_said") in sheet(made.state).parts["met"]


def test_the_path_stands_in_the_nine_cells_with_the_corner_labels_and_their_source() -> None:
    reader = Reader(workshop(), "en")
    rows = cells(reader, sessions(reader))
    assert [len(row) for _, row in rows] == [3, 3, 3]
    assert [(r, c) for r, (_, row) in enumerate(rows) for c, cell in enumerate(row) if cell.numbers] == [(0, 1)]
    corners = {(r, c) for r, (_, row) in enumerate(rows) for c, cell in enumerate(row) if cell.corner}
    assert corners == {(0, 0), (0, 2), (2, 0), (2, 2)} and len(CORNER_LABELS) == 4
    part = sheet(workshop()).parts["met"]
    assert (
        translate("setting.trainer.corner_note") in part and "Blended Social Interaction and Learning Framework" in part
    )
    assert (
        translate("report.to_confirm") not in part
        and translate("report.to_confirm") in sheet(workshop()).parts["sources"]
    )


def test_who_could_not_be_there_is_named_as_they_wished_or_as_it_was_written() -> None:
    made = Making()
    made.group.consent("ada", "naming", "named")
    absent = [{"who": made.group.ids["ada"]}, {"who": made.group.ids["cem"]}, {"who": "night staff"}]
    made.fay("episode", {"name": "Once", "absent": absent})
    (once,) = sessions(Reader(made.state, "en"))
    assert [(who.text, who.typed) for who in once.absent] == [
        ("Ada", False), (translate("common.other_person"), False), ("night staff", True)
    ]  # fmt: skip


def test_whether_those_elsewhere_were_heard_is_told_only_where_no_row_is_small() -> None:
    assert response_rows(Reader(workshop(), "en")) == ()
    assert translate("report.small") in sheet(workshop()).parts["heard"]
    made = many(*("room",) * 5, *("remote",) * 5)
    said = made.say("p6", "From far away")
    made.say("ada", "So we see", ("rests-on", said), kind="understanding", who="we")
    rows = response_rows(Reader(made.state, "en"))
    assert [(r.way, r.people, r.wrote, r.texts, r.answered, r.taken_up) for r in rows] == [
        (translate("join.way.room"), 5, 1, 1, 0, 0),
        (translate("join.way.remote"), 5, 1, 1, 0, 1),
    ]
    table = Sheet(report(made.state))
    assert (
        translate("report.col.taken_up") in table.parts["heard"]
        and translate("report.heard_hint") in table.parts["heard"]
    )


def test_a_workshop_without_any_meeting_says_nothing_written_here() -> None:
    assert Sheet(report(State("none"))).parts["met"].endswith(translate("report.nothing"))
