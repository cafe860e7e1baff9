"""Before you share, we say who will see it: under every box of every page, and under every act that opens one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.page_sessions import at_device_of
from support.transcript_cases import DEMO_NAMES

from cowork.core.access.participant_view import ParticipantView
from cowork.imports.demo import load_demo
from cowork.pages.registry import pages
from cowork.store import memory_record
from cowork.widgets import CardList, Form

#: Boxes in which nobody writes: a role is given, somebody is taken out.
NOT_WRITTEN = ("participant: people-role", "participant: people-out")


def boxes(card: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every box that an act on a card opens, and on the cards inside it."""
    for act in card.get("acts", []):
        if isinstance(act, dict) and act.get("box"):
            yield f"{card['kind']}: {act['name']}", act["box"]
    for inner in card.get("answers", []):
        yield from boxes(inner)


def says(box: dict[str, Any]) -> bool:
    """True where a line stands there for every answer to the question that decides it."""
    lines = box.get("seen_by_choice") or {}
    chosen = [line for values in lines.values() for line in values.values()]
    return bool(box.get("seen")) or (bool(chosen) and all(chosen))


def walk(case: str) -> Iterator[tuple[str, str, Any]]:
    """(page, which box, the box) of everything that each person who takes part meets on every page."""
    record = memory_record()
    workshop, code = load_demo(record, case)
    state = record.state(workshop)
    for person in [one for one in state.participants() if state.takes_part(one)][:3]:
        guest = at_device_of(record, workshop, person, code)
        for page in pages().values():
            if page.front:
                continue
            if page.key == "join":
                continue  # nobody who takes part comes there
            if page.key == "people" and not ParticipantView(state, person).is_scribe:
                continue
            guest.go(page.key)
            for part in guest.session.shell.parts:
                if isinstance(part, Form) and part.fields and part.button:
                    yield page.key, part.box, {"seen": part.seen, "seen_by_choice": part.seen_by_choice}
                if isinstance(part, CardList):
                    yield page.key, "talk", part.talk
                    for card in part.items:
                        yield from ((page.key, name, box) for name, box in boxes(card))
                        if "change" in card.get("acts", []):
                            yield page.key, f"{card['kind']}: change", {"seen": card.get("seen")}


@pytest.mark.parametrize("case", DEMO_NAMES)
def test_every_box_says_who_will_see_what_is_written_in_it(case: str) -> None:
    met = [(page, name, says(box)) for page, name, box in walk(case)]
    silent = {(page, name) for page, name, said in met if not said and name not in NOT_WRITTEN}
    assert silent == set()
    assert len({name for _, name, _ in met}) > 15, "boxes were looked at"


@pytest.mark.parametrize("case", DEMO_NAMES[:1])
def test_words_that_others_read_may_be_shared_without_a_name_wherever_they_are_written(case: str) -> None:
    """Where a name would stand. Answers to a proposal and what is the group's own stand without one."""
    own = ("position", "end", "version", "keep-difference", "response", "renew", "action", "closing", "meets", "enough")
    for page, name, box in walk(case):
        act = name.split(": ")[-1]
        if page != "people" and (name == "talk" or ": " in name) and act not in (*own, "change", "reveal"):
            keys = [choice["key"] for choice in box.get("choices", [])]
            assert "shown" in keys, (page, name)
