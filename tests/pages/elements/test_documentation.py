"""A view that differs, written in place, rests on exact words as any other view does."""

from __future__ import annotations

from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.core.access.participant_view import ParticipantView
from cowork.core.provenance import edges
from cowork.core.quotes import quotes
from cowork.widgets import CardList, Form

SAID = "Nobody told us when she would come home."


class Writer:
    """A facilitator at Documentation, where a view and something that was said are."""

    def __init__(self) -> None:
        self.guest: Guest = opened("Differing")
        self.guest.go("dialogue")
        self.guest.share(self.guest.part(Form, "dialogue"), SAID)
        self.guest.go("documentation")
        self.guest.send(self.guest.part(Form, "documentation"), kind="view", fields={"text": "We were told"})

    @property
    def cards(self) -> CardList:
        return self.guest.part(CardList)

    @property
    def state(self) -> Any:
        return self.guest.record.state(self.guest.session.workshop)

    def version(self, kind: str, text: str) -> str:
        return next(entry.id for entry in self.state.of_kind(kind) if entry.data.get("text") == text)

    @property
    def picker(self) -> Any:
        (card,) = self.cards.items
        act = next(act for act in card["acts"] if isinstance(act, dict) and act["name"] == "differ")
        return act["box"]["picks"][0]

    def look(self, words: str, card: str = "") -> None:
        card = card or self.cards.items[0]["id"]
        self.cards.receive({"do": "look", "key": "words", "q": words, "chosen": [], "card": card, "act": "differ"})

    def differ(self, *chosen: str) -> dict[str, Any]:
        view = self.version("view", "We were told")
        return self.guest.send(
            self.cards,
            box=f"act:{view}:differ",
            kind="view",
            about=[["differs-from", view]],
            fields={"text": "We were not"},
            choices={"words": list(chosen)},
        )


@pytest.fixture
def writer() -> Writer:
    return Writer()


def test_a_card_holds_no_texts_until_its_reader_looks_for_words(writer: Writer) -> None:
    assert writer.picker["search"] and writer.picker["items"] == []
    writer.look("told us")
    assert [item["text"] for item in writer.picker["items"]] == [SAID]
    writer.look("told us", card="another card")
    assert writer.picker["items"] == []


def test_the_exact_words_go_with_a_view_that_differs(writer: Writer) -> None:
    said = writer.version("utterance", SAID)
    assert writer.differ(f"{said}:0:14")["done"] == "shared"
    view = writer.version("view", "We were not")
    assert [edge.target for edge in edges(writer.state, view, "documents")] == [said]
    seen = ParticipantView(writer.state, writer.guest.session.me)
    assert [quote.text for quote in quotes(seen, writer.state.entries[view])] == ["Nobody told us"]


def test_words_that_are_no_place_in_a_text_are_refused(writer: Writer) -> None:
    said = writer.version("utterance", SAID)
    assert writer.differ(f"{said}:0:9999")["done"] == "refused"
    assert writer.differ("not an id")["done"] == "refused"
