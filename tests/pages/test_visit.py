"""A visit: where an address leads, and what it does where there is no address and where two browsers show one cell."""

from __future__ import annotations

import pytest
from visits import Guest, opened

from cowork.pages.device import notebook_mark
from cowork.text import say
from cowork.widgets import Ask


def come_in(guest: Guest) -> None:
    ask = next(p for p in guest.visit.shell.parts if getattr(p, "box", "") == "door-join")
    answer = guest.send(ask, fields={"name": "", "own": ""}, choices={"part": "yes"})
    assert answer["done"] == "shared", answer


def told(guest: Guest, what: str) -> dict[str, str]:
    return next(m for m in reversed(guest.said) if m.get("do") == what)


def test_the_page_an_address_asks_for_is_where_one_lands_after_joining() -> None:
    fay = opened()
    bo = Guest(fay.record)
    bo.hello(fay.code, page="dialogue")
    assert bo.visit.page == "join"
    assert told(bo, "gone")["page"] == "dialogue", "the address keeps it, so that a reload still leads there"
    come_in(bo)
    assert bo.visit.page == "dialogue"


def test_the_page_asked_for_comes_before_an_invitation_and_an_unknown_one_does_not() -> None:
    fay = opened()
    fay.go("start")
    fay.send(fay.part(Ask, "invite-all"), choices={"page": "assets"})
    for asked, lands in (("dialogue", "dialogue"), ("nothing-of-ours", "assets"), ("join", "assets"), ("", "assets")):
        bo = Guest(fay.record)
        bo.hello(fay.code, page=asked)
        come_in(bo)
        assert bo.visit.page == lands, asked


@pytest.mark.parametrize("box", ["door-code", "door-example"])
def test_the_page_asked_for_outlives_the_front_door(box: str) -> None:
    fay = opened()
    bo = Guest(fay.record)
    bo.code = ""
    bo.hello(page="journey")
    assert bo.visit.page == "front" and told(bo, "gone")["page"] == "journey"
    bo.send(bo.part(Ask, box), fields={"code": fay.code})
    assert told(bo, "entered")["page"] == "journey"


def test_whoever_stops_taking_part_and_comes_back_begins_where_the_group_is() -> None:
    fay = opened()
    bo = Guest(fay.record)
    bo.hello(fay.code, page="dialogue")
    come_in(bo)
    bo.go("choices")
    leave = next(p for p in bo.visit.shell.parts if getattr(p, "heading", "") == say("choices.leave_h"))
    leave._heard(None, {"do": "yes"}, None)
    assert bo.visit.page == "join"
    come_in(bo)
    assert bo.visit.page == "intention"


def test_without_an_address_a_wrong_code_leads_to_the_front_door_and_is_kept_nowhere() -> None:
    bo = Guest(opened().record)
    asked = {"do": "hello", "lang": "en", "code": "NOBODY-123", "key": bo.key, "origin": ""}
    bo.visit.shell._heard(None, asked, None)
    assert told(bo, "gone") == {"do": "gone", "page": "", "href": "?"}
    assert told(bo, "say-hello")
    bo.hello()
    assert bo.visit.page == "front" and bo.visit.shell.note == say("error.code")


def test_without_an_address_start_shows_the_code_and_no_link() -> None:
    fay = opened()
    fay.visit.origin = ""
    fay.go("start")
    blocks = [block for part in fay.visit.shell.parts for block in getattr(part, "blocks", [])]
    assert [block["code"] for block in blocks if "code" in block] == [fay.code]
    assert not any("link" in block or "qr" in block for block in blocks)


def test_one_cell_in_two_browsers_stays_with_whoever_was_first() -> None:
    fay = opened()
    one, other = fay.record.new_id(), fay.record.new_id()
    hello = {"do": "hello", "lang": "en", "code": fay.code, "key": fay.key}
    fay.visit.shell._heard(None, {**hello, "browser": one}, None)
    assert fay.visit.shell.browser == one
    stranger = Guest(fay.record)
    fay.visit.shell._heard(None, {**hello, "key": stranger.key, "browser": other}, None)
    assert fay.visit.me == fay.key["participant"] and fay.visit.shell.browser == one


def test_a_notebook_is_told_from_another_without_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = set()
    for path in ("/anna/notebooks/workbook.ipynb", "/anna/copy of workbook.ipynb", "/anna/\udcffbad.ipynb"):
        monkeypatch.setenv("JPY_SESSION_NAME", path)
        marks.add(notebook_mark())
        assert "anna" not in notebook_mark()
    assert len(marks) == 3
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert notebook_mark() == ""
