"""Changed ground: a change marks exactly what rests on it, at any depth, and no more; words that went are gone."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from support.provenance_cases import Played, acts
from support.strategies import Group, dice, few, laws

from cowork.core.access.disclosure import DisclosedView
from cowork.core.access.participant_view import ParticipantView
from cowork.core.fold import fold
from cowork.core.provenance import (
    PROVENANCE,
    changed_provenance,
    contributors_to,
    edges,
    holders_of,
    incoming,
    provenance,
    reachable,
)
from cowork.core.quotes import quotes
from cowork.store import memory_record


@laws
@given(acts().map(Played))
def test_a_change_marks_exactly_what_rests_on_it(played: Played) -> None:
    state = played.group.state
    found = {
        root: {(change.root, change.what) for change in changed_provenance(state, root)}
        for root in played.texts
        if changed_provenance(state, root)
    }
    assert found == played.marked()


@laws
@given(acts().map(Played), st.randoms(use_true_random=False))
def test_the_mark_is_the_same_in_whatever_order_entries_come(played: Played, chance: random.Random) -> None:
    entries = played.group.entries()
    state = fold(played.group.workshop, chance.sample(entries, len(entries)))
    for root in played.texts:
        assert changed_provenance(state, root) == changed_provenance(played.group.state, root)


@laws
@given(acts().map(Played))
def test_what_rests_on_a_text_is_the_other_way_round(played: Played) -> None:
    state = played.group.state

    def resting_on(root: str) -> dict[str, int]:
        return reachable(root, lambda here: [edge.source for edge in incoming(state, here, *PROVENANCE)])

    for root in played.texts:
        for below in provenance(state, root):
            assert root in resting_on(below)
        for above in resting_on(root):
            assert root in provenance(state, above)
        for edge in edges(state, root):
            assert edge in incoming(state, edge.target)


@laws
@given(acts().map(Played))
def test_no_words_that_went_are_seen_or_quoted_afterwards(played: Played) -> None:
    gone = played.gone_tokens()
    for seen in (DisclosedView(played.group.state), ParticipantView(played.group.state, "")):
        words = {v.data["text"] for c in seen.contributions() for v in (*c.versions, *c.earlier) if "text" in v.data}
        quoted = {q.text for c in seen.contributions() for q in quotes(seen, c.entry)}
        assert not gone & (words | quoted)
        assert played.here_tokens() <= words


def test_random_workshops_hold_what_the_laws_are_about() -> None:
    chance, seen = random.Random(5), dict.fromkeys(("changed", "taken", "hidden", "erased", "deep", "renewed"), 0)
    from support.provenance_cases import WHAT

    for _ in range(60):
        played = Played([(chance.choice(WHAT), *(chance.randrange(64) for _ in range(3))) for _ in range(40)])
        for root, changes in played.marked().items():
            for _, what in changes:
                seen[what] += 1
            seen["deep"] += any(provenance(played.group.state, root)[below] > 2 for below, _ in changes)
        seen["renewed"] += sum(bool(t.renewed) for t in played.texts.values())
    assert all(count >= 5 for count in seen.values()), seen


# ---- in particular


def group() -> Group:
    return Group(memory_record(random_bytes=dice("links")), "fay ada bo")


def test_an_edit_keeps_the_links_of_what_it_replaces_unless_it_states_others() -> None:
    here = group()
    one, two = here.write("ada", "one", kind="utterance"), here.write("ada", "two", kind="utterance")
    view = here.write("bo", "a view", ("documents", one), kind="view")
    here.edit("bo", "the same in other words", view)
    assert [edge.target for edge in edges(here.state, view)] == [one]
    tip = here.state.current(view)[-1].id
    here.write("bo", "on other ground", ("replaces", tip), ("documents", two), kind="edit")
    assert [edge.target for edge in edges(here.state, view)] == [two]
    assert [edge.source for edge in incoming(here.state, one, "documents")] == []


def test_two_wordings_at_once_have_the_links_of_both() -> None:
    here = group()
    one, two = here.write("ada", "one", kind="utterance"), here.write("ada", "two", kind="utterance")
    view = here.write("bo", "a view", ("documents", one), kind="view")
    here.write("bo", "here", ("replaces", view), ("documents", one), kind="edit")
    here.write("bo", "there", ("replaces", view), ("documents", two), kind="edit")
    assert {edge.target for edge in edges(here.state, view)} == {one, two}


def test_looking_again_takes_the_mark_away_until_something_else_changes() -> None:
    here = group()
    said = here.write("ada", "eight", kind="utterance")
    kept = here.add("ada", "outcome", {"text": "we differ", "outcome": "difference"}, ("rests-on", said))
    assert changed_provenance(here.state, kept) == ()
    four = here.edit("ada", "four", said)
    assert [c.what for c in changed_provenance(here.state, kept)] == ["changed"]
    renewal = here.add("fay", "outcome", {"outcome": "renewed"}, ("renews", kept))
    assert changed_provenance(here.state, kept) == ()
    here.edit("ada", "five", four)
    assert [c.what for c in changed_provenance(here.state, kept)] == ["changed"]
    here.withdraw("fay", renewal)
    assert len(changed_provenance(here.state, kept)) == 2


def test_a_link_taken_back_leads_nowhere() -> None:
    here = group()
    need, asset = here.write("ada", "a need", kind="need"), here.write("bo", "an offer", kind="asset")
    link = here.add("fay", "link", {}, ("from", asset), ("meets-need", need))
    assert [(e.relation, e.target) for e in edges(here.state, asset)] == [("meets-need", need)]
    here.withdraw("fay", link)
    assert edges(here.state, asset) == []


def test_a_view_is_held_by_whom_it_names_and_by_whoever_ties_themselves_to_it() -> None:
    here = group()
    named = here.add("fay", "view", {"text": "v", "holder": "other", "holders": [here.ids["ada"]]})
    mine = here.add("fay", "view", {"text": "w"})
    nobody = here.add("fay", "view", {"text": "x", "holders": []})
    assert holders_of(here.state, named) == [here.ids["ada"]]
    assert holders_of(here.state, mine) == [here.ids["fay"]]
    assert holders_of(here.state, nobody) == []
    link = here.add("bo", "link", {}, ("holds", named))
    assert holders_of(here.state, named) == [here.ids["ada"], here.ids["bo"]]
    here.withdraw("bo", link)
    assert holders_of(here.state, named) == [here.ids["ada"]]


def test_the_voices_under_a_text_are_those_who_said_it_and_those_who_hold_the_views() -> None:
    here = group()
    said = here.write("ada", "said", kind="utterance")
    view = here.add("fay", "view", {"text": "v", "holders": [here.ids["bo"]]}, ("documents", said))
    seen = here.write("fay", "we see", ("rests-on", view), kind="understanding")
    assert set(contributors_to(here.state, seen)) == {here.ids["ada"], here.ids["bo"]}


@few
@given(acts(25).map(Played))
def test_ties_that_lead_in_a_ring_come_to_an_end(played: Played) -> None:
    """No honest page makes a ring; merged copies and forged files can."""
    here, roots = played.group, list(played.texts)
    for one, other in zip(roots, roots[1:] + roots[:1], strict=True):
        try:
            here.add("bo", "link", {}, ("from", one), ("rests-on", other))
        except Exception:
            continue
    for root in roots:
        assert root not in provenance(here.state, root)
        changed_provenance(here.state, root)
