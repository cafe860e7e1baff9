"""Steps as they are sent: each once with what it rests on, whatever leads to it."""

from __future__ import annotations

import json
from typing import Any

from cowork.widgets import Tree


def node(ident: str, *steps: Any) -> dict[str, Any]:
    return {"id": ident, "text": f"Words of {ident}.", "steps": list(steps)}


def names(steps: list[Any]) -> list[Any]:
    return [[step["id"], *names(step["steps"])] for step in steps]


def test_steps_and_beginnings_are_plain_data() -> None:
    tree = Tree()
    tree.show([node("a", node("b"))], [{"id": "a", "text": "Words of a.", "href": "?at=a", "here": True}])
    assert tree.steps == [node("a", node("b"))]
    assert tree.begin[0]["here"] is True
    tree.show([node("a")])
    assert len(tree.begin) == 1, "only the steps were told anew"


def test_a_step_that_two_ways_lead_to_is_told_once_with_what_it_rests_on() -> None:
    said = node("said")
    view = node("view", said)
    tree = Tree()
    tree.show([node("a", node("u1", view), node("u2", view, said))])
    assert names(tree.steps) == [["a", ["u1", ["view", ["said"]]], ["u2", ["view"], ["said"]]]]


def test_a_mention_that_leaves_its_steps_to_another_takes_none_away() -> None:
    tree = Tree()
    tree.show([node("a", node("proposal", node("view")), node("view", node("said")))])
    assert names(tree.steps) == [["a", ["proposal", ["view"]], ["view", ["said"]]]]


def test_a_step_that_leads_back_to_itself_ends_there() -> None:
    first = node("a", node("b"))
    first["steps"][0]["steps"].append(first)
    tree = Tree()
    tree.show([first])
    assert names(tree.steps) == [["a", ["b", ["a"]]]]
    json.dumps(tree.get_state()["steps"])


def test_many_ways_to_the_same_words_do_not_multiply_them() -> None:
    layer = [node("said")]
    for depth in range(60):
        layer = [node(f"{depth}-{n}", *layer) for n in range(3)]
    tree = Tree()
    tree.show(layer)
    assert len(json.dumps(tree.steps)) < 100_000


def test_what_is_given_is_not_changed() -> None:
    view = node("view", node("said"))
    steps = [node("a", view, view)]
    Tree().show(steps)
    assert names(steps) == [["a", ["view", ["said"]], ["view", ["said"]]]]
