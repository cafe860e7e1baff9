"""What a browser may send where texts can be picked: read, left aside, or refused in words; never a fault."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from cowork.widgets import CardList, Form, Rejected
from cowork.widgets.form.text_picker import SEARCH_MESSAGE
from cowork.widgets.submission import read_submission

ID, OTHER = "0190a5b1-7c00-7000-8000-000000000001", "0190a5b1-7c00-7000-8000-000000000002"


def item(chosen: object) -> dict[str, Any]:
    return {"id": ID, "box": "view", "kind": "view", "fields": {"text": "A view"}, "choices": {"from": chosen}}


@pytest.mark.parametrize(
    "chosen", [[7], [None], [[ID]], [{"id": ID}], {"a": ID}, [ID] * 51, ["x" * 1001], [f"{ID}\0"], ["\ud800"]], ids=repr
)
def test_what_is_no_list_of_short_texts_is_refused_in_words(chosen: object) -> None:
    with pytest.raises(Rejected) as refusal:
        read_submission(item(chosen))
    assert " " in refusal.value.message


@pytest.mark.parametrize("kind", [Form, CardList])
def test_what_is_looked_for_is_read_as_short_texts_and_ids(kind: type[Form] | type[CardList]) -> None:
    part = kind()
    heard: list[dict[str, Any]] = []
    part.on_message("look", heard.append)
    strange = (
        {"key": 7, "q": ["a"], "chosen": ID},
        {"key": "k" * 65, "q": "q" * 201},
        {"q": "\0", "card": "c" * 37},
        {},
    )
    for said in ({"key": "from", "q": "tea", "chosen": [ID, 7, "x", None, [ID], ID, OTHER]}, *strange):
        part.receive({"do": "look", **said})
    nothing = {"do": "look", "key": "", "q": "", "chosen": [], "card": "", "act": ""}
    assert heard == [{**nothing, "key": "from", "q": "tea", "chosen": [ID, OTHER]}, *[nothing] * 4]


def test_no_more_ids_are_read_than_can_be_chosen() -> None:
    assert len(SEARCH_MESSAGE["chosen"]([str(UUID(int=n)) for n in range(60)])) == 50


def test_an_ask_with_picks_alone_asks_for_no_text_besides() -> None:
    assert Form(question="Which?", picks=[{"key": "from", "items": []}]).fields == []
