"""The fold takes entries as they come: late, twice, two at once, of kinds it does not know."""

from __future__ import annotations

import itertools

import pytest
from support.strategies import YEAR, Clock, Group, Time, copied, dice, memory_record

from cowork.core.entries import Entry
from cowork.core.fold import State, fold


@pytest.fixture
def group() -> Group:
    return Group(memory_record(now_ms=Time(), random_bytes=dice("fold")))


def every_order(group: Group, *ids: str) -> list[State]:
    """The state after these entries came in each possible order, behind all the others."""
    entries = group.entries()
    rest = [entry for entry in entries if entry.id not in ids]
    chosen = [entry for entry in entries if entry.id in ids]
    return [fold(group.workshop, [*rest, *order]) for order in itertools.permutations(chosen)]


def texts(state: State, root: str) -> list[str]:
    return [entry.data.get("text", "") for entry in state.current(root)]


def with_words(group: Group) -> dict[str, Entry]:
    return {entry.id: entry for entry in group.entries()}


def test_an_edit_that_comes_before_its_first_version_waits_for_it(group: Group) -> None:
    root = group.write("ada", "first")
    edit = group.edit("ada", "second", root)
    again = group.edit("ada", "third", edit)
    for state in every_order(group, root, edit, again):
        assert texts(state, root) == ["third"]
        assert [e.id for e in state.history(root)] == [root, edit, again]
        assert state.root(again) == root
    early = fold(group.workshop, [e for e in group.entries() if e.id != root])
    assert root not in early.entries
    assert texts(early, root) == ["third"]


def test_an_erasure_that_comes_before_what_it_erases_still_erases_it(group: Group) -> None:
    root = group.write("ada", "to be gone")
    edit = group.edit("ada", "also gone", root)
    before = with_words(group)
    erasure = group.erase("ada", root)
    entries = [*before.values(), group.entries()[-1]]
    for order in itertools.permutations([e for e in entries if e.id in (root, edit, erasure)]):
        state = fold(group.workshop, [*(e for e in entries if e.id not in (root, edit, erasure)), *order])
        assert state.entries[root].body is None and state.entries[edit].body is None
        assert state.entries[root].salt is None and state.entries[edit].salt is None
        assert state.erased_ids() == {root, edit}


def test_an_edit_of_erased_words_that_comes_later_loses_its_own(group: Group) -> None:
    root = group.write("ada", "to be gone")
    there = group.on(copied(group.record))
    edit = there.edit("ada", "written elsewhere meanwhile", root)
    deeper = there.edit("ada", "and once more", edit)
    group.erase("ada", root)
    late = [e for e in there.entries() if e.id in (edit, deeper)]
    for order in itertools.permutations(late):
        state = fold(group.workshop, [*group.entries(), *order])
        assert state.entries[edit].body is None and state.entries[deeper].body is None


def test_a_missing_middle_version_does_not_shield_later_words_from_erasure(group: Group) -> None:
    root = group.write("ada", "one")
    middle = group.edit("ada", "two", root)
    last = group.edit("ada", "three", middle)
    words = with_words(group)
    group.erase("ada", root)
    state = fold(group.workshop, [e for e in group.entries() if e.id not in (middle, last)])
    state.apply(words[last])
    assert state.entries[last].body is not None  # nothing here says yet what it is a version of
    state.apply(words[middle])
    assert state.entries[last].body is None and state.entries[middle].body is None


def test_two_edits_at_once_both_stand_until_a_third_settles_them(group: Group) -> None:
    root = group.write("ada", "as it was")
    there = group.on(copied(group.record))
    here_edit, there_edit = group.edit("ada", "from here", root), there.edit("ada", "from there", root)
    group.record.merge(there.record)
    assert sorted(texts(group.state, root)) == ["from here", "from there"]
    group.edit("ada", "from both", here_edit, there_edit)
    assert texts(group.state, root) == ["from both"]
    assert len(group.state.history(root)) == 4


def test_settling_one_of_two_leaves_the_other_standing(group: Group) -> None:
    root = group.write("ada", "as it was")
    one, two = group.edit("ada", "one", root), group.edit("ada", "two", root)
    group.edit("ada", "one, better", one)
    assert sorted(texts(group.state, root)) == ["one, better", "two"]
    assert group.state.entries[two].body is not None


def test_a_restore_lifts_only_the_withdrawal_it_names(group: Group) -> None:
    root = group.write("ada", "mine")
    there = group.on(copied(group.record))
    one, two = group.withdraw("ada", root), there.withdraw("ada", root)
    group.record.merge(there.record)
    group.restore("ada", one)
    assert [w.id for w in group.state.withdrawals(root)] == [two]
    group.restore("ada", two)
    assert not group.state.withdrawals(root)


def test_a_reason_given_later_does_not_lift_a_hide(group: Group) -> None:
    root = group.write("ada", "loud")
    hide = group.hide("fay", root)
    group.add("fay", "edit", {"text": "the reason"}, ("replaces", hide))
    assert [h.id for h in group.state.hides(root)] == [hide]
    group.show("fay", root, hide)
    assert not group.state.hides(root)


def test_an_unknown_kind_is_kept_and_can_be_changed_and_erased_like_any_other(group: Group) -> None:
    root = group.write("ada", "thank you", kind="gratitude")
    group.edit("ada", "thank you all", root)
    assert texts(group.state, root) == ["thank you all"]
    group.erase("ada", root)
    assert group.state.entries[root].body is None


def test_a_no_holds_although_the_yes_came_from_a_clock_a_year_ahead(group: Group) -> None:
    ahead = group.on(memory_record(now_ms=Clock(Time(), YEAR), random_bytes=dice("ahead")))
    ahead.record.merge(group.record)
    yes = ahead.consent("ada", "naming", "named")
    group.record.merge(ahead.record)
    group.consent("ada", "naming", "not", ("replaces", yes))
    assert group.state.consent(group.ids["ada"], "naming")["answer"] == "not"
    root = group.write("ada", "to be quoted")
    ahead.record.merge(group.record)
    yes = ahead.consent("ada", "quote", "named", ("talks-about", root))
    group.record.merge(ahead.record)
    group.consent("ada", "quote", "not", ("talks-about", root), ("replaces", yes))
    assert group.state.quote_consent(root) == "not"
    given = ahead.role("fay", "bo", "facilitator")
    group.record.merge(ahead.record)
    group.role("fay", "bo", "facilitator", False, ("replaces", given))
    assert "facilitator" not in group.state.roles(group.ids["bo"])


def test_only_a_role_gives_a_role(group: Group) -> None:
    entry = group.entries()[-1]
    forged = [
        Entry(
            type(entry.header)(
                **{
                    **{name: getattr(entry.header, name) for name in entry.header.__dataclass_fields__},
                    "id": group.record.new_id(),
                    "kind": kind,
                    "about": (("grants", group.ids["ada"]),),
                }
            ),
            '{"on":true,"role":"facilitator"}',
            b"",
        )
        for kind in ("utterance", "link", "edit")
    ]
    assert fold(group.workshop, [*group.entries(), *forged]).roles(group.ids["ada"]) == set()


def test_the_anchor_changes_with_every_entry_and_not_with_an_erasure_of_words(group: Group) -> None:
    root = group.write("ada", "words")
    before = group.state.anchor()
    bare = [entry.without_body() for entry in group.entries()]
    assert fold(group.workshop, bare).anchor() == before
    group.edit("ada", "others", root)
    assert group.state.anchor() != before
