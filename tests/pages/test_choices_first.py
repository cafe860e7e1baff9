"""Wherever an answer is asked for with words beside it, the answer comes first: on a phone, nothing covers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from support.page_sessions import Guest, at_device_of
from support.transcript_cases import DEMO_NAMES

from cowork.imports.demo import load_demo
from cowork.store import memory_record
from cowork.widgets import CardList

PAGES = ("agreement", "assets", "differ", "documentation", "interpretation", "understanding", "journey")
#: A proposal is words first, and its rule is fixed with them; nobody answers in these.
WORDS_FIRST = ("version",)


def boxes(cards: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for card in cards:
        yield from ((act["name"], act["box"]) for act in card.get("acts", []) if isinstance(act, dict) and "box" in act)
        yield from boxes(card.get("answers", []))


def order(box: dict[str, Any]) -> list[tuple[str, bool]]:
    """What a box asks, in the order it stands in: "fields" or "choices", and whether it has to be answered."""
    asked = [(kind, spec) for kind in ("fields", "choices", "picks") for spec in box.get(kind, [])]
    asked.sort(key=lambda one: one[1].get("place", 0))
    return [(kind, bool(spec.get("required"))) for kind, spec in asked]


def of_page(guest: Guest) -> list[tuple[str, dict[str, Any]]]:
    guest.part(CardList)
    walls = [part for part in guest.session.shell.parts if isinstance(part, CardList)]
    return [found for wall in walls for found in boxes(wall.items) if found[0] not in WORDS_FIRST]


def test_an_answer_that_is_asked_for_stands_before_every_box_to_write_in() -> None:
    looked: set[str] = set()
    for case in DEMO_NAMES:
        record = memory_record()
        workshop, code = load_demo(record, case)
        state = record.state(workshop)
        for person in [one for one in state.participants() if state.takes_part(one)][:3]:
            guest = at_device_of(record, workshop, person, code)
            for page in PAGES:
                guest.go(page)
                for name, box in of_page(guest):
                    asked = order(box)
                    kinds = [kind for kind, required in asked if kind == "fields" or (kind == "choices" and required)]
                    if "choices" in kinds and "fields" in kinds:
                        looked.add(name)
                        assert kinds == sorted(kinds), (case, page, name, asked)
    assert looked >= {"stance", "check-all"}, looked
