"""What a form does is registered by the name of its box: its page need not be open, and is never drawn to find it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.context import PageContext
from cowork.imports import demo
from cowork.pages import page, registry, submissions, submit
from cowork.pages.registry import pages
from cowork.store import credentials, memory_record
from cowork.widgets import CardList, Form, Submission


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """What a test registers ends with it."""
    pages()
    rules, known = dict(submissions._rules), dict(registry._pages)
    yield
    submissions._rules.clear()
    submissions._rules.update(rules)
    registry._pages.clear()
    registry._pages.update(known)


def _keep(name: str, **more: Any) -> list[Submission]:
    """Register a handler that remembers what it was given."""
    received: list[Submission] = []

    @submit(name, **more)
    def add(context: PageContext, submission: Submission) -> None:
        received.append(submission)

    return received


def _kept(guest: Guest, text: str, box: str, **item: Any) -> dict[str, Any]:
    """Words that a device kept come through the shell, as outbox.js sends them where their form is not on the page."""
    return guest.share(guest.session.shell, text, box=box, **item)


def test_words_kept_for_a_closed_page_are_written_and_nothing_is_drawn() -> None:
    drawn = []

    @page("gratitude")
    def gratitude(context: PageContext) -> list[Any]:
        drawn.append(context)
        return []

    received = _keep("gratitude")
    fay = opened()
    fay.go("intention")
    assert _kept(fay, "Patience", "gratitude")["done"] == "shared"
    assert [one.text for one in received] == ["Patience"] and drawn == []


def test_words_kept_for_a_closed_page_hold_the_fields_and_limits_of_its_form() -> None:
    received = _keep("gratitude", fields={"text": 10, "why": 0})
    fay = opened()
    answer = _kept(fay, "Patience and more", "gratitude")
    assert answer["done"] == "refused" and answer["field"] == "text" and received == []
    fay.send(fay.session.shell, box="gratitude", fields={"text": "Patience", "why": "So", "scope": "forged"})
    assert received[0].fields == {"text": "Patience", "why": "So"}


def test_a_form_that_keeps_nothing_on_a_device_is_submitted_by_its_open_page_alone() -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    for box in ("alone-intention", "waiting", "invite-all", "people", "setting:way", "door-join"):
        answer = _kept(bo, "", box, kind="setting", choices={"page": "assets", "part": "yes", "way": "room"})
        assert answer["done"] == "refused", box
    state = fay.record.state(fay.session.workshop)
    assert not state.reveal_status("intention")[0] and not state.of_kind("invite") and not state.of_kind("attendance")


def test_a_press_that_chooses_whom_to_write_for_counts_from_the_open_page_alone() -> None:
    fay = opened()
    fay.with_guest("Bo")
    fay.go("people")
    card = fay.part(CardList).items[0]
    press = {"box": f"act:{card['id']}:people-write", "kind": "participant", "choices": {"who": card["id"]}}
    assert fay.send(fay.session.shell, **press)["done"] == "refused"
    assert fay.session.writing_for == ""
    assert fay.send(fay.part(CardList), **press)["done"] == "shared"
    assert fay.session.writing_for == card["id"]


def test_a_handler_reads_which_element_is_meant_from_the_form_and_not_from_the_browser() -> None:
    fay = opened()
    fay.go("intention")
    fay.send(fay.part(Form, "alone-intention"), box="alone-assets")
    state = fay.record.state(fay.session.workshop)
    assert state.reveal_status("intention")[0] and not state.reveal_status("assets")[0]


def test_of_several_beginnings_that_fit_a_box_the_longest_holds_and_its_whole_name_before_all() -> None:
    names = ("gratitude", "gratitude:*", "gratitude:new:*")
    received = {name: _keep(name) for name in names}
    fay = opened()
    for box in ("gratitude", "gratitude:old", "gratitude:new:1", f"gratitude:new:2@{fay.session.me}"):
        assert _kept(fay, box, box)["done"] == "shared"
    assert [len(received[name]) for name in names] == [1, 1, 2]


def test_words_of_a_page_that_sets_its_handler_on_the_form_wait_until_that_page_is_open() -> None:
    received: list[Submission] = []

    @page("gratitude")
    def gratitude(context: PageContext) -> list[Any]:
        form = Form(question=context.t("What did someone else bring today?"))
        form.on_submit(received.append)
        return [form]

    fay = opened()
    fay.go("intention")
    assert _kept(fay, "Patience", "gratitude")["done"] == "failed", "the device keeps the words and sends them again"
    fay.go("gratitude")
    assert fay.share(fay.part(Form), "Patience")["done"] == "shared"
    assert [one.text for one in received] == ["Patience"]
    assert not fay.record.state(fay.session.workshop).of_kind("utterance")


def test_words_of_the_group_that_a_device_sends_twice_are_written_once_and_not_refused() -> None:
    fay = opened()
    fay.go("intention")
    item = {"id": fay.record.new_id(), "box": "start", "fields": {"ground": "Everything"}, "kind": "context"}
    for _ in range(2):  # the answer was lost on its way
        assert fay.send(fay.session.shell, **item)["done"] == "shared"
    context = fay.session.context
    assert context is not None
    assert [entry.data["text"] for entry in context.view.context_entries("ground")] == ["Everything"]


def _facilitator_of_the_practice_workshop() -> Guest:
    record = memory_record()
    workshop, code = demo.load_demo(record, "ward-letter")
    state = record.state(workshop)
    person = next(p for p in state.participants() if "facilitator" in state.roles(p) and state.takes_part(p))
    guest = Guest(record)
    credentials.register_device(record, workshop, person, guest.key["secret"])
    guest.key["participant"] = person
    guest.hello(code)
    return guest


@pytest.mark.parametrize("guest", [_facilitator_of_the_practice_workshop, opened])
def test_words_that_come_without_their_page_have_the_fields_and_limits_of_the_form_as_drawn(guest: Any) -> None:
    """A field that a handler does not know would be lost without a word, and a limit would hold on the page alone."""
    fay, compared = guest(), 0
    for key in pages():
        fay.session.go(key)
        for form in (part for part in fay.session.shell.parts if isinstance(part, Form)):
            rule = submissions.find_rule(form.box)
            if rule is None or not rule.replay or not form.fields:  # without a field there is nothing to write yet
                continue
            assert rule.fields is not None and not form.quick, form.box
            held = {field["key"]: rule.fields.get(field["key"]) for field in form.fields}
            assert held == {field["key"]: field.get("limit") or 0 for field in form.fields}, form.box
            compared += 1
    assert compared > 8


def test_every_form_of_every_page_has_a_handler() -> None:
    guest = _facilitator_of_the_practice_workshop()
    unheard = []
    for key in pages():
        guest.session.go(key)
        unheard += [
            p.box for p in guest.session.shell.parts if isinstance(p, (Form, CardList)) and not p.has_submit_handler
        ]
    assert unheard == []
