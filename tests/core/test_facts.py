"""The facts of a text are gathered once, and are always those of the entries that have come."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.random_workshops import Weave, acts
from support.strategies import few

from cowork.analysis.proposals import outcomes, proposals
from cowork.core.access.participant_view import ParticipantView
from cowork.core.facts import Facts
from cowork.core.fold import State, fold
from cowork.core.provenance import changed_provenance, edges


@few
@given(acts(30).map(Weave), st.integers(0, 2**32))
def test_facts_that_were_read_before_an_entry_came_are_those_of_a_state_that_was_never_read(
    weave: Weave, seed: int
) -> None:
    entries = [weave.state.entries[entry_id] for entry_id in dict.fromkeys(weave.state.applied_ids)]
    random.Random(seed).shuffle(entries)  # as a merge brings them in: some acts before what they are about
    read = State(weave.state.workshop)
    for count, entry in enumerate(entries, 1):
        read.apply(entry)
        never_read = fold(weave.state.workshop, entries[:count])
        for known in entries:
            assert read.facts(known.id) == never_read.facts(known.id), (entry, known)


def test_a_body_that_arrives_later_stands_in_facts_that_were_read_without_it() -> None:
    weave = Weave([("say", 1, 0, 0)])
    entry = weave.state.entries[weave.state.applied_ids[-1]]
    state = fold(weave.state.workshop, [entry.without_body()])
    assert state.facts(entry.id).history[0].body is None
    state.apply(entry)
    assert state.facts(entry.id).history == (entry,)


def test_everything_that_is_asked_about_a_text_walks_its_versions_once(monkeypatch: pytest.MonkeyPatch) -> None:
    weave = Weave([(what, a, b, a + b) for what in ("say", "view", "proposal", "ending", "edit", "talk", "worry",
                                                    "action", "response", "withdraw") for a in range(4)
                   for b in range(3)])  # fmt: skip
    state = fold(weave.state.workshop, weave.state.entries.values())
    walked: Counter[str] = Counter()
    gather = State._gather_facts

    def count(state: State, root: str) -> Facts:
        walked[root] += 1
        return gather(state, root)

    monkeypatch.setattr(State, "_gather_facts", count)
    for viewer in ("", *weave.group.ids.values()):
        view = ParticipantView(state, viewer)
        assert outcomes(view) and proposals(view)
        for found in view.contributions():
            view.talk_about(found.id), view.talk_marks(found.id)
            edges(state, found.id), changed_provenance(state, found.id)
    assert len(walked) > 50 and set(walked.values()) == {1}
