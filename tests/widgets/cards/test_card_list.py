"""A wall of cards: a browser that shows it is told what is new, and not everything again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cowork.widgets import CardList
from cowork.widgets.batching import batch_updates


class Told:
    """What goes to the browser: whole traits, and messages."""

    def __init__(self, wall: CardList, monkeypatch: pytest.MonkeyPatch) -> None:
        self.traits: list[Any] = []
        self.said: list[Any] = []
        monkeypatch.setattr("anywidget.AnyWidget.send_state", lambda _, key=None: self.traits.append(key))
        monkeypatch.setattr(wall, "send", lambda message, *rest: self.said.append(message))
        wall.comm = SimpleNamespace(comm_id="1", kernel=True, on_msg=lambda heard: None, close=lambda: None)


def cards(n: int, **other: str) -> list[dict[str, Any]]:
    return [{"id": str(i), "text": other.get(f"t{i}", f"text {i}")} for i in range(n)]


@pytest.fixture
def wall() -> CardList:
    made = CardList()
    made.show(cards(100))
    return made


def test_before_a_browser_shows_it_the_list_goes_whole(wall: CardList, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(wall, monkeypatch)
    wall.items = cards(101)
    assert "items" in str(told.traits) and not told.said


def test_then_only_the_cards_that_are_new_or_other_go(wall: CardList, monkeypatch: pytest.MonkeyPatch) -> None:
    wall.receive({"do": "here", "again": False})
    told = Told(wall, monkeypatch)
    wall.items = cards(101, t7="other words")
    assert not told.traits
    changed = [{"id": "7", "text": "other words"}, {"id": "100", "text": "text 100"}]
    assert told.said[0] == {"cards": {"changed": changed, "n": 101, "gone": [], "at": [["100", 100]]}, "also": {}}
    with batch_updates():
        wall.heading = "Ninety-nine texts"
        wall.items = cards(99, t7="other words")
    cut = {"changed": [], "n": 99, "gone": ["99", "100"], "at": []}
    assert told.said[1:] == [{"cards": cut, "also": {"heading": "Ninety-nine texts"}}] and not told.traits
    wall.items = list(reversed(wall.items))
    assert told.said[2]["cards"] == {"changed": [], "n": 99, "order": [str(i) for i in reversed(range(99))]}
    assert len(wall.get_state("items")["items"]) == 99, "whoever asks for the state gets all of it"


def test_a_list_that_is_mostly_new_goes_whole(wall: CardList, monkeypatch: pytest.MonkeyPatch) -> None:
    wall.receive({"do": "here", "again": False})
    told = Told(wall, monkeypatch)
    wall.items = [{"id": f"n{i}", "text": "new"} for i in range(100)]
    assert "items" in str(told.traits) and not told.said


@pytest.mark.parametrize("again", [True, "yes", 1, None])
def test_who_has_missed_a_card_asks_for_all(wall: CardList, monkeypatch: pytest.MonkeyPatch, again: object) -> None:
    told = Told(wall, monkeypatch)
    wall.receive({"do": "here", "again": again})
    assert bool(told.traits) is (again is True)


def test_what_changes_together_goes_in_one_message_even_where_it_ends_in_a_fault(
    wall: CardList, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(wall, monkeypatch)
    with pytest.raises(ZeroDivisionError), batch_updates():
        wall.heading, wall.hint = "Two", "at once"
        assert not told.traits
        raise ZeroDivisionError
    assert told.traits == [{"heading", "hint"}]


def test_what_is_shown_before_the_wall_stands_in_a_page_is_drawn_when_it_does() -> None:
    wall = CardList()
    wall.show(["Patience", "A van"], total=9)
    assert wall.items == []
    wall.make_cards_by(lambda found: {"id": found, "text": found})
    assert [item["text"] for item in wall.items] == ["Patience", "A van"]
    assert (wall.shown, wall.total) == (2, 9)
    wall.show(["Humour"])
    assert [item["text"] for item in wall.items] == ["Humour"]


def test_plain_data_waits_for_no_page_and_replaces_what_waits() -> None:
    wall = CardList()
    wall.show(["Patience"])
    wall.show(cards(1))
    wall.make_cards_by(lambda found: {"id": found})
    assert wall.items == cards(1)
