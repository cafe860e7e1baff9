"""Words that are hidden leave a gap in the talk for the others: neither which words, nor whose."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast

from support.provenance import Threads

from cowork.context import PageContext
from cowork.pages.kit.cards import make_card


def talk_of(made: Threads, who: str, root: str) -> list[Any]:
    session = cast(Any, SimpleNamespace(code="OAK-222", only=""))
    context = PageContext(made.record, made.workshop, made.me(who), "en", session=session)
    found = context.view.of_id(root)
    assert found is not None
    return list(make_card(context, context.view, found)["answers"])


def test_hidden_words_leave_a_gap_where_they_stood() -> None:
    made = Threads()
    root = made.write("ada", "intention", "To be heard")
    made.write("bo", "utterance", "First", ("talks-about", root))
    rude = made.write("cy", "utterance", "What a rude word", ("talks-about", root))
    made.write("bo", "utterance", "Last", ("talks-about", root))
    made.hide(rude)
    first, gap, last = talk_of(made, "ada", root)
    assert (first["text"], last["text"]) == ("First", "Last")
    assert gap["note"] == ["Words were here. A facilitator has hidden them."] and gap["state"] == "gap"
    told = json.dumps(gap)
    assert not any(secret in told for secret in (rude, made.me("cy"), "Cy", "rude"))
    assert not gap["acts"]
    # Who wrote them, and who hid them, have the card itself.
    for who in ("cy", "fay"):
        assert [one["state"] for one in talk_of(made, who, root)] == ["here", "hidden", "here"]


def test_words_that_their_writer_took_back_leave_none() -> None:
    made = Threads()
    root = made.write("ada", "intention", "To be heard")
    taken = made.write("cy", "utterance", "A word", ("talks-about", root))
    made.hide(taken)
    made.take_back("cy", taken)
    assert talk_of(made, "bo", root) == []
