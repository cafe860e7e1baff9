"""A card that is kept says what a card made anew would say, whatever has come since."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_workshops import NAMES, Weave, acts
from support.strategies import Group, few

from cowork.context import PageContext, PageView
from cowork.core.card_cache import CardCache
from cowork.core.entries import Actor, Draft, Entry
from cowork.core.fold import State
from cowork.pages.kit.cards import make_card
from cowork.store import memory_record


def reader(state: State, me: str) -> PageContext:
    record = cast(Any, SimpleNamespace(state=lambda workshop: state))
    visit = SimpleNamespace(code="ABC-1", only="")
    return PageContext(record, state.workshop, me, "en", feed=cast(Any, SimpleNamespace()), session=visit)


def cards(here: PageContext, state: State) -> dict[str, Any]:
    seen = PageView(state, here)
    return {c.id: make_card(here, seen, c) for c in seen.contributions()}


def in_turn(weave: Weave) -> list[Entry]:
    return [weave.state.entries[entry_id] for entry_id in dict.fromkeys(weave.state.applied_ids)]


@settings(few, max_examples=40)
@given(acts(30).map(Weave), st.sampled_from(NAMES), st.integers(0, 2**32), st.booleans())
def test_any_workshop_is_shown_as_if_nothing_had_been_kept(weave: Weave, name: str, seed: int, late: bool) -> None:
    import random

    entries = in_turn(weave)
    if late:  # as a merge brings them in: some acts before what they are about
        random.Random(seed).shuffle(entries)
    state = State(weave.state.workshop)
    me = weave.group.ids[name]
    keeps = reader(state, me)
    for entry in entries:
        state.apply(entry)
        assert cards(keeps, state) == cards(reader(state, me), state), entry


def test_a_new_text_leaves_the_others_as_they_are_and_an_answer_changes_what_it_answers() -> None:
    weave = Weave([("say", 1, 0, 0), ("say", 2, 0, 0)])
    first, second = (weave.group.write("ada", word) for word in ("one", "two"))
    kept, made = CardCache(), []

    def look() -> list[str]:
        made.clear()
        for root in (first, second):
            kept.get(weave.state, root, "it", lambda root=root: made.append(root))  # type: ignore[misc]
        return list(made)

    assert look() == [first, second]
    assert look() == []
    weave.group.write("bo", "three")
    assert look() == []
    weave.group.write("bo", "of the first", ("talks-about", first))
    assert look() == [first]
    weave.group.edit("ada", "one, said otherwise", first)
    assert look() == [first, second]


def test_a_name_a_setting_and_words_entered_for_somebody_are_seen_on_every_card_at_once() -> None:
    group = Group(memory_record())
    group.write("ada", "The desk by the lift is empty on Fridays")
    group.write("bo", "Kept until all have written", seen_by="group-from-reveal")
    keeps = reader(group.state, group.ids["bo"])

    def look() -> dict[str, Any]:
        made = cards(keeps, group.state)
        assert made == cards(reader(group.state, group.ids["bo"]), group.state)
        return made

    before = look()
    group.add("ada", "participant", {"name": "Ada-Maria"})
    named = look()
    assert "Ada-Maria" in str(named) and "Ada-Maria" not in str(before)
    group.add("fay", "setting", {"element": "intention", "alone": True})
    assert look() != named, "it is said that the others do not see it yet"
    group.add("fay", "setting", {"element": "intention", "alone": False})
    shown = look()
    actor = Actor(group.ids["fay"])
    said = "Nobody told us which day it would be"
    body = {"text": said, "lang": "en", "written_by": group.ids["fay"], "fidelity": "word-for-word"}
    entered = Draft(group.record.new_id(), "intention", group.ids["bo"], body, how="scribe")
    group.record.append(group.workshop, entered, actor)
    alone = look()
    assert len(alone) == len(shown) + 1
    group.write("ada", said)
    assert look()[entered.id]["note"] != alone[entered.id]["note"], "the same words stand here twice"
