"""How we meet: set by a facilitator for each session, seen by everyone, and counts that point nobody out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.analysis.participation import SPACES, TIMES, episodes
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor
from cowork.core.errors import NotAllowed
from cowork.core.fold import State
from cowork.pages.facilitation.meeting_blocks import we_will
from cowork.text import translate
from cowork.widgets import Form, Prose


class Room:
    def __init__(self, *names: str) -> None:
        self.fay = opened("How we meet")
        self.people = [self.fay.with_guest(name) for name in names or ("Ali",)]
        self.ali = self.people[0]
        for guest in (self.fay, *self.people):
            guest.go("setting")

    @property
    def state(self) -> State:
        return self.fay.record.state(self.fay.session.workshop)

    def form(self, guest: Guest | None = None) -> Form:
        return self._box(guest or self.fay, False)

    def new(self) -> Form:
        return self._box(self.fay, True)

    def _box(self, guest: Guest, new: bool) -> Form:
        guest.part(Form)  # a look at what is new
        asks = [part for part in guest.session.shell.parts if isinstance(part, Form) and not part.box.endswith(":way")]
        return next(ask for ask in asks if ask.box.startswith("setting:new") == new)

    def keep(self, cell: str = "", **fields: str) -> dict[str, Any]:
        choices = {"cell": cell} if cell else {}
        return self.fay.send(self.form(), fields=fields, choices=choices)

    def begin(self, name: str, cell: str = "", **more: Any) -> dict[str, Any]:
        choices = {"cell": cell} if cell else {}
        form = self.new()
        return self.fay.send(form, fields={"name": name, **more.pop("fields", {})}, choices=choices, **more)

    def way(self, guest: Guest, way: str) -> dict[str, Any]:
        return guest.send(guest.part(Form, "setting:way"), choices={"way": way})


@pytest.fixture
def room() -> Room:
    return Room("Ali", "Bo")


def blocks(guest: Guest) -> list[dict[str, Any]]:
    guest.part(Prose)  # a look at what is new
    return [block for part in guest.session.shell.parts if isinstance(part, Prose) for block in part.blocks]


def told(guest: Guest) -> list[dict[str, str]]:
    """The path: for each session or period, what stands beside its name."""
    found: list[dict[str, str]] = []
    for block in blocks(guest):
        if block.get("level") == 3:
            found.append({"name": block["h"]})
        elif "terms" in block and found:
            found[-1].update(dict(block["terms"]))
    return found


def shown(guest: Guest) -> str:
    parts = (guest.session.shell, *guest.session.shell.parts)
    return json.dumps([{k: v for k, v in p.get_state().items() if k not in ("_esm", "_css", "words")} for p in parts],
                      default=str)  # fmt: skip


# ---- what a facilitator sets


def test_the_nine_ways_are_asked_in_plain_words_as_rows_of_time_and_columns_of_space(room: Room) -> None:
    asked = room.form().choices[0]
    assert [option["value"] for option in asked["options"]] == [f"{t}/{s}" for t in TIMES for s in SPACES]
    assert asked["options"][1]["label"] == translate("setting.cell.same_blended")
    assert [row["key"] for row in asked["grid"]["rows"]] == list(TIMES)
    assert [col["label"] for col in asked["grid"]["cols"]] == [translate(f"setting.space.{space}") for space in SPACES]
    assert asked["value"] == ""


def test_the_first_choice_belongs_to_the_session_that_opening_began(room: Room) -> None:
    first = room.state.current_episode()
    assert room.keep("same/blended", tool="A room and a screen", absent="Those on nights")["done"] == "shared"
    assert room.state.current_episode() == first
    (found,) = episodes(ParticipantView(room.state, ""))
    assert (found.time, found.space, found.tool, found.absent) == (
        "same",
        "blended",
        "A room and a screen",
        ("Those on nights",),
    )
    assert room.form().choices[0]["value"] == "same/blended"
    assert {f["key"]: f["value"] for f in room.form().fields}["tool"] == "A room and a screen"
    for guest in (room.ali, room.people[1]):
        (told_now,) = told(guest)
        assert told_now[translate("setting.link")] == translate("setting.cell.same_blended")
        assert told_now[translate("setting.label.absent")] == "Those on nights"
    assert {"inset": translate("setting.cell.same_blended")} in blocks(room.ali)


def test_a_further_session_is_begun_at_any_time_and_later_words_belong_to_it(room: Room) -> None:
    first = room.state.current_episode()
    room.keep("same/same", name="First meeting")
    room.ali.go("intention")
    room.ali.share(room.ali.part(Form), "In the first")
    assert room.begin("Two weeks apart", "different/distributed", fields={"start": "1 May"})["done"] == "shared"
    assert room.state.current_episode() != first
    room.ali.share(room.ali.part(Form), "In the second")
    found = episodes(ParticipantView(room.state, ""))
    assert [(e.name, e.time, e.space, e.start, e.wrote) for e in found] == [
        ("First meeting", "same", "same", "", 1),
        ("Two weeks apart", "different", "distributed", "1 May", 1),
    ]
    # The one who began it stands at the form of the new one.
    assert {f["key"]: f["value"] for f in room.form().fields}["name"] == "Two weeks apart"
    room.ali.go("setting")
    assert [path["name"] for path in told(room.ali)] == ["First meeting", "Two weeks apart"]


def test_sending_again_adds_nothing(room: Room) -> None:
    for send, more in ((room.keep, ("same/same",)), (room.begin, ("Again", "same/blended"))):
        item = room.fay.record.new_id()
        before = len(room.state.entries)
        form = room.form() if send == room.keep else room.new()
        fields = {"name": "Again", "tool": "A table"}
        choices = {"cell": more[-1]}
        for _ in range(3):
            assert room.fay.send(form, id=item, fields=fields, choices=choices)["done"] == "shared"
        assert len(room.state.entries) == before + 2


def test_a_session_and_its_way_of_meeting_are_kept_together_or_not_at_all(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(room.state.entries)
    kept = room.fay.record._entry

    def full(workshop: str, draft: Any, *rest: Any) -> Any:
        if draft.kind == "setting":
            raise NotAllowed("error.may_not", who="facilitator")
        return kept(workshop, draft, *rest)

    monkeypatch.setattr(room.fay.record, "_entry", full)
    assert room.begin("Half", "same/same")["done"] == "refused"
    assert room.keep("same/same", tool="A table")["done"] == "refused"
    monkeypatch.undo()
    assert len(room.state.entries) == before


def test_a_form_stays_with_the_session_it_was_opened_for(room: Room) -> None:
    other = Guest(room.fay.record)
    other.key = room.fay.key
    other.hello(room.fay.code, "setting")
    first = room.state.current_episode()
    room.begin("The second", "same/blended")
    other.send(room.form(other), fields={"absent": "Three of us"}, choices={})
    held = {e.id: e.absent for e in episodes(ParticipantView(room.state, ""))}
    assert held[first] == ("Three of us",) and held[room.state.current_episode()] == ()


def test_nothing_chosen_and_a_way_that_is_none_of_the_nine_are_answered_in_words(room: Room) -> None:
    assert room.keep()["message"] == translate("error.no_choice")
    for cell in ("same/elsewhere", "same", "//"):
        assert room.keep(cell)["message"] == translate("error.no_choice")
    assert room.begin("   ", "same/same")["message"] == translate("error.no_words")
    assert room.keep("same/same", name="n" * 121)["done"] == "refused"
    assert [e.time for e in episodes(ParticipantView(room.state, ""))] == [""]


def test_only_a_facilitator_says_how_we_meet(room: Room) -> None:
    assert {getattr(p, "box", "") for p in room.ali.session.shell.parts} == {"", "setting:way"}
    before = len(room.state.entries)
    for kind in ("setting", "episode", "edit"):
        for part in (room.ali.part(Form, "setting:way"), room.ali.session.shell):
            for box in ("setting", "setting:new", "setting:way"):
                room.ali.send(part, box=box, kind=kind, fields={"name": "Mine", "tool": "Mine"},
                              choices={"cell": "same/same"})  # fmt: skip
    assert len(room.state.entries) == before
    with pytest.raises(NotAllowed):
        from cowork.core.entries import Draft

        draft = Draft(room.fay.record.new_id(), "episode", room.ali.session.me, {"name": "Mine"})
        room.fay.record.append(room.fay.session.workshop, draft, Actor(room.ali.session.me))


def test_what_a_way_asks_of_us_is_true_of_it() -> None:
    room = Room("Ali")
    here: Any = room.fay.session.context
    lines: Mapping[str, list[str]] = {f"{t}/{s}": we_will(here, t, s) for t in TIMES for s in SPACES}
    for cell, found in lines.items():
        time, space = cell.split("/")
        assert (translate("setting.we_will.code") in found) == (time != "different" and space != "distributed")
        assert (translate("setting.we_will.open") in found) == (time != "same")
        assert (translate("setting.we_will.remote") in found) == (space == "blended" and time != "different")
    form = room.form()
    assert form.seen_by_choice["cell"]["same/blended"][1:-1] == lines["same/blended"]
    assert all(found[-1] == translate("setting.seen") for found in form.seen_by_choice["cell"].values())


def test_the_corner_words_of_the_framework_never_stand_on_this_page(room: Room) -> None:
    room.keep("different/distributed")
    for lang in ("en", "sv"):
        words = [translate(f"setting.trainer.corner_{end}", lang) for end in ("tl", "tr", "bl", "br", "note")]
        for guest in (room.fay, room.ali):
            guest.hello(page="setting", lang=lang)
            assert not [one for one in words if one in json.loads(json.dumps(shown(guest)))]


# ---- how each person takes part


def test_everyone_says_for_themselves_how_they_take_part_and_may_change_it_within_a_session(room: Room) -> None:
    for way in ("room", "remote"):
        assert room.way(room.ali, way)["done"] == "shared"
        assert room.ali.part(Form, "setting:way").choices[0]["value"] == way
    held = room.state.of_person(room.ali.session.me, "attendance")
    assert [e.data["way"] for e in held] == ["room", "remote"]
    assert {e.header.episode for e in held} == {room.state.current_episode()}
    room.begin("The second", "same/same")
    room.ali.go("setting")
    assert room.ali.part(Form, "setting:way").choices[0]["value"] == "remote"  # until they say otherwise
    room.way(room.ali, "room")
    ways = [e.ways for e in episodes(ParticipantView(room.state, ""))]
    assert [dict(way) for way in ways] == [{"remote": 1}, {"room": 1}]


def test_a_way_that_was_not_offered_is_refused(room: Room) -> None:
    for way in ("", "flying", ["room"]):
        answer = room.ali.send(room.ali.part(Form, "setting:way"), choices={"way": way})
        assert answer["done"] == "refused" and answer["message"] == translate("error.no_choice")


def test_few_people_are_not_told_apart_by_how_they_take_part() -> None:
    room = Room(*"ABCDEFGHIJ")
    room.keep("same/blended")
    ways = translate("setting.ways_h")
    for guest in room.people[:4]:
        room.way(guest, "room")
    assert told(room.ali)[0][ways] == translate("setting.way.room", n=4)  # all the same: nobody is told apart
    room.way(room.people[4], "remote")
    small = f"{translate('setting.ways_said', n=5, N=11)} {translate('report.small')}"
    assert told(room.ali)[0][ways] == told(room.fay)[0][ways] == small
    assert translate("setting.way.remote", n=1) not in shown(room.ali)
    for guest in room.people[5:9]:
        room.way(guest, "remote")
    assert told(room.ali)[0][ways] == small.replace("5 of", "9 of")
    room.way(room.people[9], "room")
    assert told(room.ali)[0][ways] == f"{translate('setting.way.room', n=5)}\n{translate('setting.way.remote', n=5)}"
    assert all(name not in json.dumps(blocks(room.ali)) for name in ('"B"', '"C"', room.people[1].session.me))


def test_the_path_says_how_many_wrote_and_that_speech_is_not_counted(room: Room) -> None:
    room.ali.go("intention")
    room.ali.share(room.ali.part(Form), "A reason")
    room.ali.share(room.ali.part(Form), "Only mine", choices={"seen": "only-me"})
    assert told(room.people[1])[0][translate("setting.written_h")] == translate("common.written_by", n=1, N=3)


# ---- the way there


def test_a_facilitator_finds_the_question_first_on_start_until_it_is_answered(room: Room) -> None:
    room.fay.go("start")
    links = [link for block in blocks(room.fay) for link in block.get("links", [])]
    assert [(link["page"], link["text"]) for link in links] == [("setting", translate("setting.h"))]
    room.ali.go("start")
    assert not [block for block in blocks(room.ali) if "links" in block]
    room.fay.go("setting")
    room.keep("same/same")
    room.fay.go("start")
    assert not [block for block in blocks(room.fay) if "links" in block]
    assert "setting" in [link["key"] for link in room.ali.session.shell.more_nav]


def test_someone_who_only_looks_at_the_page_finds_nothing_chosen_said_so(room: Room) -> None:
    assert {"inset": translate("setting.empty")} in blocks(room.ali)
    assert told(room.ali)[0][translate("setting.link")] == translate("setting.empty")
