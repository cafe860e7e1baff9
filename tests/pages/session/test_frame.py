"""What stands around every page: how much people wrote in each part, and who has the workshop open now."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from support.page_sessions import Guest, at_device_of, opened

from cowork.core.entries import Actor, Draft
from cowork.imports.demo import load_demo
from cowork.pages.session.frame import here_lines
from cowork.text import translate
from cowork.widgets import CardList


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def notes(guest: Guest) -> dict[str, str]:
    assert guest.session.feed
    guest.session.feed.poll()
    return {part["key"]: part["note"] for wheel in guest.session.shell.nav for part in wheel["parts"] if part["note"]}


def write(guest: Guest, kind: str, text: str = "Words", **more: object) -> str:
    """Append an entry of this person; returns its id."""
    state = dict(more)
    about = tuple(state.pop("about", ()))  # type: ignore[arg-type]
    seen_by = str(state.pop("seen_by", "group"))
    draft = Draft(
        guest.record.new_id(), kind, guest.session.me, {"text": text, "lang": "en", **state}, about, seen_by=seen_by
    )
    guest.record.append(guest.session.workshop, draft, Actor(guest.session.me))
    return draft.id


def test_only_words_written_here_for_the_group_count_as_written() -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    write(fay, "utterance", "Said here")
    view = write(fay, "view", "A way of seeing it")
    write(bo, "stance", "Because", about=[("answers", view)], stance="differ")
    write(fay, "intention", "For me alone", seen_by="only-me")
    one = translate("common.wrote", n=1)
    assert notes(fay) == {"dialogue": one, "documentation": one}
    proposal = write(fay, "proposal", "We ring", levels="five-step", round=1, rule={"code": "answered", "text": "."})
    worry = write(bo, "reservation", "When?", about=[("answers", proposal)])
    write(fay, "utterance", "At four", about=[("answers-reservation", worry)])
    assert notes(fay) == {"dialogue": one, "documentation": one, "agreement": one}


def test_brought_in_talk_is_not_counted_as_written() -> None:
    fay = opened()
    record, workshop = fay.record, fay.session.workshop
    voice, talk = record.new_id(), record.new_id()
    person = Draft(voice, "participant", voice, {"name": "", "voice": 1}, how="import")
    words = {"text": "Hey.", "lang": "en", "fidelity": "imported", "source": {"id": record.new_id(), "position": 1}}
    said = Draft(talk, "utterance", voice, words, how="import")
    record.append_many(workshop, [person, said], Actor("", operator=True))
    assert notes(fay) == {}
    fay.go("dialogue")
    assert any(
        item["id"] == talk for part in fay.session.shell.parts if isinstance(part, CardList) for item in part.items
    )


def test_a_part_s_number_in_the_list_is_the_one_on_its_page(practice: Guest) -> None:
    for page in ("intention", "assets", "documentation", "interpretation", "understanding"):
        practice.go(page)
        headings = [part.heading for part in practice.session.shell.parts if isinstance(part, CardList)]
        on_page = sum(int(heading.rsplit("(", 1)[1][:-1]) for heading in headings if heading.endswith(")"))
        assert notes(practice)[page] == translate("common.wrote", n=on_page), page


@pytest.fixture
def practice() -> Guest:
    """Somebody who takes part in a practice workshop."""
    fay = opened()
    workshop, _ = load_demo(fay.record, "ward-letter")
    opening = fay.record.state(workshop).opening_entry()
    assert opening
    return at_device_of(fay.record, workshop, opening.header.by, str(opening.data["code"]))


def test_a_facilitator_s_reload_is_answered_before_any_page_is_shown(practice: Guest) -> None:
    assert practice.session.shell.may_invite
    assert not [message for message in practice.said if message.get("done") == "failed"]


def test_who_is_here_is_told_by_the_names_people_gave_and_by_number_without() -> None:
    fay = opened()
    bo, noname = fay.with_guest("Bo"), fay.with_guest("")
    state_of = fay.record.state
    ann = fay.record.new_id()
    enrol = [
        Draft(ann, "participant", ann, {"name": "Ann", "lang": "en"}, how="scribe"),
        Draft(fay.record.new_id(), "consent", ann, {"question": "part", "answer": "yes"}, how="scribe"),
    ]
    fay.record.append_many(fay.session.workshop, enrol, Actor(fay.session.me))
    fay.session.shell.receive({"do": "ping", "t": 1, "hidden": False})
    expected = [
        translate("here.online", names="Bo, Fay"),
        translate("here.online_unnamed", n=1),
        translate("here.no_device", names="Ann"),
    ]
    assert fay.session.shell.here == expected
    noname.session.frame.stop()
    bo.session.frame.stop()
    presence = fay.session.frame._presence
    assert presence
    presence._counted = (0, 0.0, {})
    lines = here_lines(fay.session.view(state_of(fay.session.workshop)), presence, "en")
    assert lines == [translate("here.online", names="Fay"), translate("here.no_device", names="Ann")]


def test_a_name_given_later_is_told_though_nobody_came_or_left() -> None:
    fay = opened()
    bo = fay.with_guest("")
    fay.session.shell.receive({"do": "ping", "t": 1, "hidden": False})
    online = translate("here.online", names="Fay")
    assert fay.session.shell.here == [online, translate("here.online_unnamed", n=1)]
    named = Draft(fay.record.new_id(), "participant", bo.session.me, {"name": "Bo", "lang": "en"})
    fay.record.append(fay.session.workshop, named, Actor(bo.session.me))
    assert fay.session.feed
    fay.session.feed.poll()
    assert fay.session.shell.here == [translate("here.online", names="Bo, Fay")]
