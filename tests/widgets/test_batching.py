"""What a page does at once goes to the browser in few messages, and in an order it can follow."""

from __future__ import annotations

from typing import Any

import pytest
from comm import DummyComm

from cowork.widgets import Form, Prose, Shell, batching
from cowork.widgets.batching import batch_updates


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """(widget's id, what): "open" with its state, "close", the names that changed, or what was said."""
    found: list[tuple[Any, ...]] = []

    def publish(comm: Any, kind: str, data: Any = None, *_: Any, **__: Any) -> None:
        data = data or {}
        if kind == "comm_msg":
            what: Any = data["content"] if data["method"] == "custom" else set(data["state"])
        else:
            what = kind.removeprefix("comm_")
        found.append((comm.comm_id, what, data.get("state", {})))

    monkeypatch.setattr("comm.DummyComm.publish_msg", publish)
    monkeypatch.setattr("comm.create_comm", DummyComm)  # another test in this process may have loaded ipykernel's
    return found


def test_a_widget_made_meanwhile_comes_whole_and_before_whoever_shows_it(told: list[tuple[Any, ...]]) -> None:
    shell = Shell()
    told.clear()
    with batch_updates():
        shell.title = "The stops"
        ask = Form(question="Why?")
        ask.hint = "In your own words."
        shell.parts = (ask, Prose())
        assert told == []
    opened = [(who, what) for who, what, _ in told]
    ids = [part.model_id for part in shell.parts]
    assert opened == [(ids[0], "open"), (ids[1], "open"), (shell.model_id, {"title", "parts"})]
    assert (told[0][2]["hint"], told[0][2]["question"]) == ("In your own words.", "Why?")
    assert told[2][2]["parts"] == [f"IPY_MODEL_{one}" for one in ids]


def test_what_is_said_keeps_its_place_among_what_changes(told: list[tuple[Any, ...]]) -> None:
    shell = Shell()
    told.clear()
    with batch_updates():
        shell.title, shell.code = "One", "KIND-7"
        part = Prose()
        shell.send({"do": "gone"})
        shell.title = "Two"
    ours = [(who, what) for who, what, _ in told]
    assert ours == [
        (part.model_id, "open"),
        (shell.model_id, {"title", "code"}),
        (shell.model_id, {"do": "gone"}),
        (shell.model_id, {"title"}),
    ]


def test_what_is_held_back_anyway_joins_the_rest(told: list[tuple[Any, ...]]) -> None:
    shell = Shell()
    told.clear()
    with batch_updates():
        shell.code = "KIND-7"
        with shell.hold_sync():
            shell.title = "One"
    assert [what for _, what, _ in told] == [{"code", "title"}]


def test_a_widget_that_is_closed_before_it_was_shown_is_never_spoken_of(told: list[tuple[Any, ...]]) -> None:
    with batch_updates():
        part = Prose()
        part.lang = "sv"
        part.close()
    assert told == []


def test_whoever_asks_for_its_name_has_it_shown_at_once(told: list[tuple[Any, ...]]) -> None:
    with batch_updates():
        part = Prose()
        assert part.model_id
        assert [what for _, what, _ in told] == ["open"]
        part.lang = "sv"
    assert [what for _, what, _ in told] == ["open", {"lang"}]
    part.close()
    assert told[-1][1] == "close"


def test_a_fault_in_the_middle_loses_nothing(told: list[tuple[Any, ...]]) -> None:
    with pytest.raises(ZeroDivisionError), batch_updates():
        part = Prose()
        raise ZeroDivisionError
    assert [(who, what) for who, what, _ in told] == [(part.model_id, "open")]
    told.clear()
    part.lang = "sv"
    assert "lang" in told[0][1], "after it, changes go at once again"


def test_with_batching_switched_off_each_change_is_sent_at_once(
    told: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "ENABLED", False)
    shell = Shell()
    told.clear()
    with batch_updates():
        shell.title = "One"
        shell.code = "KIND-7"
        assert [what for _, what, _ in told] == [{"title"}, {"code"}]
