"""What anybody may make at the front door, as the page says it."""

from __future__ import annotations

import pytest
from support.page_sessions import Guest, opened

from cowork.store import Record, memory_record
from cowork.store.creation_quotas import EXAMPLE_QUOTA, WORKSHOP_QUOTA
from cowork.text import translate
from cowork.widgets import Form


def press_example(record: Record, lang: str = "en") -> tuple[Guest, str]:
    """Somebody on a new page presses "Open the example". Returns them and what they are told."""
    guest = Guest(record)
    guest.hello(lang=lang)
    return guest, str(guest.send(guest.part(Form, "door-example")).get("message", ""))


def workshops(record: Record) -> int:
    return len(record.opening_entries())


@pytest.mark.parametrize("lang", ["en", "sv"])
def test_one_visitor_opens_three_examples_and_no_fourth_however_many_pages(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = memory_record()
    monkeypatch.setenv("COWORK_SOURCE", "one")
    codes = []
    for _ in range(EXAMPLE_QUOTA.per_source):
        guest, told = press_example(record, lang)
        assert told == ""
        codes.append(next(m["code"] for m in guest.said if m.get("do") == "entered"))
    guest, told = press_example(record, lang)
    assert told == translate("error.many_examples", lang)
    assert workshops(record) == EXAMPLE_QUOTA.per_source
    # The examples that are there stay open to the same visitor, by their code.
    assert guest.send(guest.part(Form, "door-code"), fields={"code": codes[0]}).get("message", "") == ""
    assert {"do": "entered", "code": codes[0], "page": ""} in guest.said
    guest.hello(codes[0])
    assert guest.session.page == "join"
    monkeypatch.setenv("COWORK_SOURCE", "other")
    assert press_example(record, lang)[1] == ""


def test_starting_a_workshop_has_an_end_too_and_one_sent_again_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    record = memory_record()
    monkeypatch.setenv("COWORK_SOURCE", "one")
    for _ in range(WORKSHOP_QUOTA.per_source - 1):
        opened(record=record)
    guest = Guest(record)
    guest.hello()
    guest.session.go("opening")
    form, item = guest.session.shell.parts[0], {"id": record.new_id(), "fields": {"title": "Ours", "why": "To see."}}
    for _ in range(3):
        assert guest.send(form, **item)["done"] == "shared"
    assert workshops(record) == WORKSHOP_QUOTA.per_source
    refused = guest.send(form, fields=item["fields"])
    assert refused["message"] == translate("error.many_workshops")
    assert workshops(record) == WORKSHOP_QUOTA.per_source
