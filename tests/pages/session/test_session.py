"""A visit: where an address leads, and what it does where there is no address and where two browsers show one cell."""

from __future__ import annotations

import pytest
from support.page_sessions import Guest, opened

from cowork.pages.session.credentials import notebook_mark
from cowork.text import translate
from cowork.widgets import Form


def come_in(guest: Guest) -> None:
    ask = next(p for p in guest.session.shell.parts if getattr(p, "box", "") == "door-join")
    answer = guest.send(ask, fields={"name": "", "own": ""}, choices={"part": "yes"})
    assert answer["done"] == "shared", answer


def told(guest: Guest, what: str) -> dict[str, str]:
    return next(m for m in reversed(guest.said) if m.get("do") == what)


def test_the_page_an_address_asks_for_is_where_one_lands_after_joining() -> None:
    fay = opened()
    bo = Guest(fay.record)
    bo.hello(fay.code, page="dialogue")
    assert bo.session.page == "join"
    assert told(bo, "gone")["page"] == "dialogue", "the address keeps it, so that a reload still leads there"
    come_in(bo)
    assert bo.session.page == "dialogue"


def test_the_page_asked_for_comes_before_an_invitation_and_an_unknown_one_does_not() -> None:
    fay = opened()
    fay.go("start")
    fay.send(fay.part(Form, "invite-all"), choices={"page": "assets"})
    for asked, lands in (("dialogue", "dialogue"), ("nothing-of-ours", "assets"), ("join", "assets"), ("", "assets")):
        bo = Guest(fay.record)
        bo.hello(fay.code, page=asked)
        come_in(bo)
        assert bo.session.page == lands, asked


@pytest.mark.parametrize("box", ["door-code", "door-example"])
def test_the_page_asked_for_outlives_the_front_door(box: str) -> None:
    fay = opened()
    bo = Guest(fay.record)
    bo.code = ""
    bo.hello(page="journey")
    assert bo.session.page == "front" and told(bo, "gone")["page"] == "journey"
    bo.send(bo.part(Form, box), fields={"code": fay.code})
    assert told(bo, "entered")["page"] == "journey"


def test_whoever_stops_taking_part_and_comes_back_begins_where_the_group_is() -> None:
    fay = opened()
    bo = Guest(fay.record)
    bo.hello(fay.code, page="dialogue")
    come_in(bo)
    bo.go("choices")
    leave = next(p for p in bo.session.shell.parts if getattr(p, "heading", "") == translate("choices.leave_h"))
    leave.receive({"do": "yes"})
    assert bo.session.page == "join"
    come_in(bo)
    assert bo.session.page == "intention"


def test_without_an_address_a_wrong_code_leads_to_the_front_door_and_is_kept_nowhere() -> None:
    bo = Guest(opened().record)
    asked = {"do": "hello", "lang": "en", "code": "NOBODY-123", "key": bo.key, "origin": ""}
    bo.session.shell.receive(asked)
    assert told(bo, "gone") == {"do": "gone", "page": "", "href": "?"}
    assert told(bo, "say-hello")
    bo.hello()
    assert bo.session.page == "front" and bo.session.shell.note == translate("error.code")


def test_without_an_address_start_shows_the_code_and_no_link() -> None:
    fay = opened()
    fay.session.origin = ""
    fay.go("start")
    blocks = [block for part in fay.session.shell.parts for block in getattr(part, "blocks", [])]
    assert [block["code"] for block in blocks if "code" in block] == [fay.code]
    assert not any("link" in block or "qr" in block for block in blocks)


def test_one_cell_in_two_browsers_stays_with_whoever_was_first() -> None:
    fay = opened()
    one, other = fay.record.new_id(), fay.record.new_id()
    hello = {"do": "hello", "lang": "en", "code": fay.code, "key": fay.key}
    fay.session.shell.receive({**hello, "browser": one})
    assert fay.session.shell.browser == one
    stranger = Guest(fay.record)
    fay.session.shell.receive({**hello, "key": stranger.key, "browser": other})
    assert fay.session.me == fay.key["participant"] and fay.session.shell.browser == one


def test_a_notebook_is_told_from_another_without_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = set()
    for path in ("/anna/notebooks/workbook.ipynb", "/anna/copy of workbook.ipynb", "/anna/\udcffbad.ipynb"):
        monkeypatch.setenv("JPY_SESSION_NAME", path)
        marks.add(notebook_mark())
        assert "anna" not in notebook_mark()
    assert len(marks) == 3
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert notebook_mark() == ""
