"""Wrong codes of either kind: a page has few, a source some more, and nobody else is kept out by them."""

from __future__ import annotations

import pytest
from support.page_sessions import Guest
from support.strategies import Group

from cowork.pages.session.entrance import MAX_WRONG_CODES_OF_PAGE
from cowork.store import credentials, memory_record
from cowork.widgets import Form


def _try(guest: Guest, box: str, code: str) -> str:
    """The sentence that a code typed at the front door is answered with."""
    guest.hello()
    return str(guest.send(guest.part(Form, box), fields={"code": code}).get("message", ""))


@pytest.mark.parametrize("box", ["door-return", "door-code"])
def test_one_page_has_few_wrong_codes_of_either_kind_and_shuts_out_nobody_else(
    box: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = memory_record()
    group = Group(record)
    code = credentials.new_return_code(record, group.workshop, group.ids["ada"])
    monkeypatch.setenv("COWORK_SOURCE", "guesser")
    guesser = Guest(record)
    for n in range(MAX_WRONG_CODES_OF_PAGE):
        assert "Too many" not in _try(guesser, ("door-return", "door-code")[n % 2], f"RIVER-PLUM-{n}")
    assert "Too many tries" in _try(guesser, box, code), "even the right one: else a guess would be answered"
    for _ in range(9):  # new pages do not help: they are one source
        page = Guest(record)
        for n in range(MAX_WRONG_CODES_OF_PAGE):
            _try(page, box, f"RIVER-OAK-{n}")
    with record.backend.reading() as rows:
        assert rows.wrong_codes(0, "guesser") == credentials.MAX_WRONG_CODES_OF_SOURCE
    monkeypatch.setenv("COWORK_SOURCE", "somebody")
    somebody = Guest(record)
    assert _try(somebody, "door-return", code) == ""
    assert {"do": "entered", "code": "KIND-742", "page": ""} in somebody.said
