"""A browser that was changed by hand: what it sends may ask for anything and decides nothing.

Without a browser: the messages are given to the components as the kernel receives them.
"""

from __future__ import annotations

from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.core.entries import Actor, Draft
from cowork.core.ids import derive_id
from cowork.pages.entry.create_workshop import open_workshop
from cowork.store import credentials
from cowork.widgets import CardList, Form


class Forgery:
    """Fay holds a workshop, Bo has written in it, and Eve's browser says whatever she likes."""

    def __init__(self) -> None:
        self.fay = opened("A room")
        self.bo = self.fay.with_guest("Bo")
        self.eve = self.fay.with_guest("Eve")
        for one in (self.fay, self.bo, self.eve):
            one.go("intention")
        self.bo.share(self.bo.part(Form), "Written by Bo")
        self.words = self.bo.part(CardList).items[0]["id"]
        self.record, self.workshop = self.fay.record, self.fay.session.workshop

    def held(self) -> list[tuple[str, str, str]]:
        """Everything in the record that says something: kind, who, and the words."""
        state = self.record.state(self.workshop)
        return sorted((e.kind, e.header.by, str(e.body)) for e in state.entries.values())


@pytest.fixture
def forgery() -> Forgery:
    return Forgery()


ACTS: list[tuple[str, str, dict[str, str]]] = [
    ("hide", "hides", {}),
    ("show", "shows", {}),
    ("talked", "talks-about", {}),
    ("edit", "replaces", {"text": "In another's mouth"}),
    ("withdrawal", "withdraws", {}),
    ("erasure", "erases", {}),
    ("restore", "replaces", {}),
    ("role", "grants", {"role": "facilitator"}),
    ("setting", "talks-about", {"element": "intention"}),
    ("episode", "talks-about", {"name": "mine"}),
    ("workshop", "talks-about", {"title": "mine"}),
    ("consent", "talks-about", {"question": "research"}),
    ("key-rotation", "talks-about", {}),
    ("context", "replaces", {"field": "why", "text": "because"}),
    ("intention", "withdraws", {"text": "words that take words away"}),
    ("intention", "replaces", {"text": "words that stand in for words"}),
    ("invite", "talks-about", {"page": "dialogue"}),
]


@pytest.mark.parametrize("through", ["wall", "shell", "ask", "an unknown box", "a facilitator's box"])
@pytest.mark.parametrize(("kind", "relation", "fields"), ACTS, ids=[f"{a[0]} {a[1]}" for a in ACTS])
def test_no_message_acts_as_a_facilitator_or_for_somebody_else(
    forgery: Forgery, through: str, kind: str, relation: str, fields: dict[str, str]
) -> None:
    eve = forgery.eve
    part = {"wall": eve.part(CardList), "ask": eve.part(Form)}.get(through, eve.session.shell)
    box = {"a facilitator's box": "start-organiser", "an unknown box": "act:x:y"}.get(through, "intention")
    before = forgery.held()
    eve.send(
        part,
        box=box,
        kind=kind,
        about=[[relation, forgery.words]],
        fields={**fields, "by": forgery.bo.session.me, "how": "facilitator"},
        choices={"on": "yes", "page": "dialogue", "field": "why", "by": forgery.bo.session.me},
    )
    after = forgery.held()
    new = [entry for entry in after if entry not in before]
    assert [entry for entry in before if entry not in after] == []
    assert all(by == eve.session.me and k in ("intention", "utterance") for k, by, _ in new), new
    assert [card["text"] for card in forgery.fay.part(CardList).items if card["by"] == "Bo"] == ["Written by Bo"]
    assert not eve.session.context.facilitator  # type: ignore[union-attr]


def test_no_trait_can_be_set_from_a_browser(forgery: Forgery) -> None:
    eve = forgery.eve
    shell = eve.session.shell
    before = {part: part.get_state() for part in (shell, *shell.parts)}
    for part in before:
        forged = {name: True for name in part.keys if not name.startswith("_")}
        part._handle_msg(
            {"content": {"data": {"method": "update", "state": forged, "buffer_paths": []}}, "buffers": []}
        )
        part.set_state({"facilitator": True, "me": forgery.fay.session.me, "acts": ["hide"], "code": "X"})
    assert {part: part.get_state() for part in before} == before
    assert eve.session.me != forgery.fay.session.me


@pytest.mark.parametrize("message", [None, 3, [], "share", {}, {"do": 3}, {"do": "hello", "key": 7, "code": ["x"]},
                                     {"do": "go", "page": {"x": 1}}, {"do": "share"}, {"do": "share", "item": [1]},
                                     {"do": "ping", "t": {}}, {"do": "lang", "lang": "../sv"},
                                     {"do": "find", "q": ["x"], "voice": 3}])  # fmt: skip
def test_no_message_breaks_a_component(forgery: Forgery, message: Any) -> None:
    eve, before = forgery.eve, forgery.held()
    for part in (*eve.session.shell.parts, eve.session.shell):
        part._handle_msg({"content": {"data": {"method": "custom", "content": message}}, "buffers": []})
    assert forgery.held() == before


def test_an_id_of_somebody_is_not_a_key_to_be_them(forgery: Forgery) -> None:
    for one, name in ((forgery.bo, "Bo"), (forgery.fay, "Fay")):
        eve = Guest(forgery.record)
        eve.key["participant"] = one.session.me
        eve.hello(one.code)
        assert eve.session.page == "join"
        form = next(p for p in eve.session.shell.parts if getattr(p, "box", "") == "door-join")
        answer = eve.send(form, fields={"name": name, "own": ""}, choices={"part": "yes"})
        assert answer["done"] == "refused"  # that name is taken
        eve.send(form, fields={"name": "", "own": ""}, choices={"part": "yes"})
        assert eve.session.me not in ("", one.session.me)
        eve.go("intention")
        assert not any(card["mine"] for card in eve.part(CardList).items)
        assert not eve.session.context.facilitator  # type: ignore[union-attr]


def test_an_id_of_a_voice_that_was_brought_in_is_nobodys_to_take(forgery: Forgery) -> None:
    record = forgery.record
    voice = record.new_id()
    drafts = [
        Draft(voice, "participant", voice, {"voice": 1}, how="import"),
        Draft(record.new_id(), "utterance", voice, {"text": "Said in the room", "fidelity": "imported"}, how="import"),
    ]
    record.append_many(forgery.workshop, drafts, Actor(record.new_id(), operator=True))
    eve = Guest(record)
    eve.key["participant"] = voice
    eve.join(forgery.fay.code, "Someone")
    assert eve.session.me != voice
    state = record.state(forgery.workshop)
    assert [e.header.how for e in state.of_person(voice, "participant")] == ["import"]


def test_whoever_knows_the_ids_of_a_workshop_does_not_open_it_again_as_its_facilitator(forgery: Forgery) -> None:
    fay, eve = forgery.fay, Guest(forgery.record)
    state = forgery.record.state(forgery.workshop)
    opener = state.opening_entry()
    assert opener is not None
    eve.key["participant"] = opener.header.by
    eve.hello()
    eve.session.go("opening")
    before = forgery.held()
    fields = {"title": "A room", "why": "To find out.", "name": "Fay"}
    answer = eve.send(eve.session.shell.parts[0], id=forgery.workshop, fields=fields)
    assert answer["done"] == "refused"
    assert credentials.participant_of(forgery.record, forgery.workshop, eve.key["secret"]) is None
    assert forgery.held() == before
    # Its opener, whose answer was lost, is still told the code.
    args = (forgery.workshop, fay.key["participant"], fay.key["secret"], "A room", fields, "en")
    assert open_workshop(forgery.record, *args) == fay.code


def test_what_a_box_may_hold_is_decided_here_and_not_in_the_browser(forgery: Forgery) -> None:
    new = Guest(forgery.record)
    new.hello(forgery.fay.code)
    form = next(p for p in new.session.shell.parts if getattr(p, "box", "") == "door-join")
    before = forgery.held()
    for fields in ({"name": "N" * 81}, {"name": "N", "own": "O" * 121}, {"name": "N\x00"}, {"name": "\ud800"}):
        answer = new.send(form, fields=fields, choices={"part": "yes"})
        assert answer["done"] == "refused" and answer["message"].endswith(("in parts.", "share again."))
    assert forgery.held() == before
    forgery.eve.go("choices")
    answer = forgery.eve.send(forgery.eve.part(Form, "my-choices"), fields={"name": "N" * 81})
    assert answer["done"] == "refused"
    forgery.eve.go("intention")
    for words in ("x" * 100_001, "a\x00b", "\udfff"):
        assert forgery.eve.share(forgery.eve.part(Form), words)["done"] == "refused"
    assert forgery.held() == before
    assert forgery.eve.share(forgery.eve.part(Form), "x" * 100_000)["done"] == "shared"


def test_the_same_id_with_other_words_never_replaces_what_is_held(forgery: Forgery) -> None:
    bo = forgery.bo
    answer = bo.share(bo.part(Form), "Other words under the old id", id=forgery.words, kind="intention")
    assert answer["done"] == "refused"
    assert bo.part(CardList).items[0]["text"] == "Written by Bo"
    # An id that the house makes itself from a known one is no way round it either.
    bo.share(bo.part(Form), "Mine", id=derive_id(forgery.workshop + "why"))
    assert forgery.fay.session.context.view.context_entries("why")[0].data["text"] == "To find out."  # type: ignore[union-attr]


def test_somebody_who_stopped_may_say_yes_again_under_another_name(forgery: Forgery) -> None:
    bo = forgery.bo
    bo.go("choices")
    leave = next(p for p in bo.session.shell.parts if getattr(p, "button", "") == "Stop taking part")
    leave.receive({"do": "yes"})
    assert bo.session.page == "join"
    form = next(p for p in bo.session.shell.parts if getattr(p, "box", "") == "door-join")
    answer = bo.send(form, fields={"name": "Bo again", "own": ""}, choices={"part": "yes"})
    assert answer["done"] == "shared"
    bo.go("intention")
    assert [(card["by"], card["mine"]) for card in bo.part(CardList).items] == [("Bo again", True)]


def test_a_choice_changed_there_and_back_is_kept_both_times(forgery: Forgery) -> None:
    bo = forgery.bo
    bo.go("choices")
    for name, own in (("Bosse", "a neighbour"), ("Bo", "")):
        form = bo.part(Form, "my-choices")
        answer = bo.send(form, fields={"name": name, "own": own}, choices={"naming": "named", "as": ["staff"]})
        assert answer["done"] == "shared"
        assert forgery.fay.session.context.view.name_of(bo.session.me) == name  # type: ignore[union-attr]
        assert {f["key"]: f["value"] for f in bo.part(Form, "my-choices").fields} == {"name": name, "own": own}


def test_one_organisers_field_is_kept_without_bringing_the_others_old_words_back(forgery: Forgery) -> None:
    fay = forgery.fay
    fay.go("start")
    form = fay.part(Form, "start-organiser")
    fay.send(form, fields={"why": "A better reason"})
    assert next(f for f in fay.part(Form, "start-organiser").fields if f["key"] == "why")["value"] == "A better reason"
