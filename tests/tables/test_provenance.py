"""Links, trace and fate: the same thread as on the page, with a gap that says why where words may not leave."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cowork.analysis import trace as analysis
from cowork.analysis.trace import Step
from cowork.core.access.disclosure import DisclosedView
from cowork.core.errors import NotFound

from .conftest import Room, rows


class Thread:
    """Ada said something, and it was carried to an agreement with a worry."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.said = room.write("ada", "😀 Nobody asked my mother", kind="utterance")
        self.quote = {"source": self.said, "version": self.said, "start": 9, "end": 14}
        body = {"text": "We do not ask", "quotes": [self.quote]}
        self.view = room.add("bo", "view", body, ("documents", self.said))
        self.now = room.write("fay", "Asking costs little", ("rests-on", self.view), kind="understanding")
        self.proposal = room.propose("cy", "We ask each time", code="talk")
        room.add("cy", "link", {}, ("from", self.proposal), ("rests-on", self.now))
        self.agreed = room.add(
            "fay", "outcome", {"text": "We ask each time", "outcome": "agreed"}, ("closes", self.proposal)
        )


@pytest.fixture
def thread(room: Room) -> Thread:
    return Thread(room)


def test_a_link_leads_from_what_was_made_to_the_version_that_was_meant(thread: Thread) -> None:
    thread.room.edit("ada", "Nobody ever asks", thread.said)
    table = thread.room.opened().links()
    assert rows(table, "source", "relation", "target", "target_version", "stated_by_link") == [
        (thread.view, "documents", thread.said, thread.said, False),
        (thread.now, "rests-on", thread.view, thread.view, False),
        (thread.proposal, "rests-on", thread.now, thread.now, True),
        (thread.agreed, "closes", thread.proposal, thread.proposal, False),
    ]
    assert rows(table.iloc[[0]], "source_kind", "target_kind", "start", "end", "gap") == [
        ("view", "utterance", 9, 14, "")
    ]
    assert table["start"].isna().sum() == 3


def test_each_quotation_has_a_row_and_no_words(room: Room) -> None:
    said = room.write("ada", "Nobody asked my mother", kind="utterance")
    quotes = [{"source": said, "version": said, "start": start, "end": start + 6} for start in (0, 16)]
    view = room.add("bo", "view", {"text": "A view", "quotes": quotes}, ("documents", said))
    answer = room.add("cy", "utterance", {"text": "Mine too", "quotes": quotes[:1]}, ("answers", said))
    loose = room.add("di", "interpretation", {"text": "Asked", "quotes": quotes[:1]})
    table = room.opened().links()
    assert rows(table, "source", "relation", "start", "end") == [
        (view, "documents", 0, 6),
        (view, "documents", 16, 22),
        (answer, "answers", 0, 6),
        (loose, "quotes", 0, 6),
    ]
    assert "Nobody" not in table.to_csv() and "mother" not in table.to_csv()


def test_what_a_text_answers_and_stands_on_is_quoted_once_where_it_stands_on_it(room: Room) -> None:
    said = room.write("ada", "Nobody asked my mother", kind="utterance")
    quotes = [{"source": said, "version": said, "start": 0, "end": 6}]
    room.add("bo", "view", {"text": "A view", "quotes": quotes}, ("talks-about", said), ("builds-on", said))
    table = room.opened().links()
    assert sorted(rows(table.fillna(-1), "relation", "start")) == [("builds-on", 0), ("talks-about", -1)]


@pytest.mark.parametrize("gap", ["taken", "erased", "hidden", "kept"])
def test_what_may_not_leave_is_a_gap_that_says_why_in_links_and_trace(thread: Thread, gap: str) -> None:
    room = thread.room
    {
        "taken": lambda: room.withdraw("ada", thread.said),
        "erased": lambda: room.erase("ada", thread.said),
        "hidden": lambda: room.hide("fay", thread.said),
        "kept": lambda: room.consent("ada", "naming", "not"),
    }[gap]()
    links = room.opened().links().query("relation == 'documents'")
    assert rows(links, "target", "gap") == [(thread.said, gap)]
    trace = room.opened().trace(thread.agreed)
    last = trace.table().iloc[-1]
    assert (last["gap"], last["text"], last["by"], last["quoted"]) == (gap, "", "", [])
    assert "mother" not in json.dumps(trace) and "asked" not in json.dumps(trace)


def as_steps(step: Step) -> dict[str, Any]:
    """A trace of the analysis in the words that page and report use of it."""
    return {
        "id": step.id,
        "relation": step.relation,
        "text": step.text,
        "gap": step.gap,
        "quoted": [quote.text for quote in step.quotes],
        "again": step.again,
        "steps": [as_steps(below) for below in step.steps],
    }


def told(step: dict[str, Any]) -> dict[str, Any]:
    same = {name: step[name] for name in ("id", "relation", "text", "gap", "again")}
    return same | {"quoted": [q["text"] for q in step["quotes"]], "steps": [told(below) for below in step["steps"]]}


def test_the_trace_says_what_the_page_and_the_report_say(thread: Thread) -> None:
    trace = thread.room.opened().trace(thread.agreed)
    start = analysis.trace(DisclosedView(thread.room.state), thread.agreed)
    assert start is not None
    assert told(trace) == as_steps(start)
    table = trace.table()
    assert rows(table, "kind", "depth", "under", "by")[1:] == [
        ("proposal", 1, 0, "Cy"),
        ("understanding", 2, 1, "Fay"),
        ("view", 3, 2, "Bo"),
        ("utterance", 4, 3, "Ada"),
    ]
    assert list(table["quoted"])[-1] == ["asked"], "code points: an emoji stands before the words"


def test_a_trace_is_plain_data(thread: Thread) -> None:
    trace = thread.room.opened().trace(thread.agreed)
    assert json.loads(json.dumps(trace)) == trace
    assert trace["at"].endswith("+00:00") and trace["by"] == "Fay"
    thread.room.edit("ada", "Nobody ever asks", thread.said)
    changed = thread.room.opened().trace(thread.agreed)["changed"]
    assert [(change["id"], change["what"]) for change in changed] == [(thread.said, "changed")]


def test_talk_that_was_not_written_down_ends_a_trace_and_says_so(room: Room) -> None:
    view = room.add("ada", "view", {"text": "Nobody asks", "unwritten": True})
    table = room.opened().trace(view).table()
    assert rows(table, "id", "gap") == [(view, ""), ("", "unwritten")]


def test_what_became_of_words_is_told_nearest_first(thread: Thread) -> None:
    room = thread.room
    assert [(f["what"], f["links"]) for f in room.opened().fate(thread.said)] == [
        ("view", 1), ("understood", 2), ("proposal", 3), ("agreed", 4),
    ]  # fmt: skip
    found = room.opened().fate(thread.said)[0]
    assert (found["id"], found["kind"], found["text"], found["by"]) == (thread.view, "view", "We do not ask", "Bo")
    alone = room.write("ada", "Nobody took this up", kind="utterance")
    assert room.opened().fate(alone) == []


@pytest.mark.parametrize("which", ["trace", "fate"])
def test_an_id_under_which_nothing_may_be_shown_is_said_in_a_sentence(thread: Thread, which: str) -> None:
    private = thread.room.write("ada", "for me alone", kind="utterance", seen_by="only-me")
    for wrong in ("no-such-id", "", private, thread.room.ids["ada"]):
        with pytest.raises(NotFound) as caught:
            getattr(thread.room.opened(), which)(wrong)
        assert str(caught.value) == (
            f"Nothing may be shown under {wrong}. Take an id from contributions() or outcomes()."
        )


def test_any_version_of_a_text_leads_to_its_trace(thread: Thread) -> None:
    newer = thread.room.edit("bo", "We never ask", thread.view)
    workshop = thread.room.opened()
    assert workshop.trace(newer) == workshop.trace(thread.view)
    assert workshop.trace(newer)["text"] == "We never ask"


def test_answers_to_a_proposal_are_no_links(room: Room) -> None:
    proposal = room.propose()
    room.answer("ada", proposal, "want", "Yes")
    room.reveal(proposal)
    assert len(room.opened().links()) == 0
