"""Everything one person wrote, and nothing anybody else wrote."""

from __future__ import annotations

import pytest
from support.snapshots import snapshot
from support.strategies import Group, Time, dice

from cowork.core.access.erasure import written_by
from cowork.core.errors import NotAllowed, NotFound
from cowork.core.fold import State, fold
from cowork.store import memory_record

MINE = "zebrafinch"


@pytest.fixture
def group() -> Group:
    return Group(memory_record(now_ms=Time(), random_bytes=dice("erasing")), "fay ada bo")


def wrote_everywhere(group: Group) -> dict[str, str]:
    """Ada writes in each place where somebody's words can stand; Bo's words stand before and after hers."""
    proposal = group.write("bo", "bo's proposal", kind="proposal")
    hers = group.edit("ada", f"{MINE} proposal", proposal)
    later = group.edit("bo", "bo's newest proposal", hers)
    theme = group.write("bo", "bo's theme", kind="theme")
    group.edit("ada", f"{MINE} theme", theme)
    why = group.add("ada", "context", {"field": "ground", "text": f"{MINE} ground"})
    after = group.add("bo", "context", {"field": "ground", "text": "bo's ground"}, ("replaces", why))
    text = group.write("ada", f"{MINE} text")
    taken = group.withdraw("ada", text, text=f"{MINE} reason")
    group.edit("ada", f"{MINE} reason, said better", taken)
    group.add("ada", "participant", {"perspectives": [f"{MINE} nurse"]})
    group.write("ada", f"{MINE} for me", seen_by="only-me")
    group.add("ada", "unheard-of", {"text": f"{MINE} of a kind to come"})
    group.add("ada", "participant", {"name": f"Ada {MINE}"})
    return {"proposal": proposal, "hers": hers, "later": later, "theme": theme, "after": after, "text": text}


def holding(state: State) -> list[str]:
    return [entry.kind for entry in state.entries.values() if MINE in (entry.body or "")]


def erase_all(group: Group, name: str) -> None:
    group.add(name, "erasure", {}, *written_by(group.state, group.ids[name]).about())


def test_all_that_somebody_wrote_is_erased_but_their_name(group: Group) -> None:
    wrote_everywhere(group)
    assert len(holding(group.state)) == 10
    erase_all(group, "ada")
    assert holding(group.state) == ["participant"]
    assert written_by(group.state, group.ids["ada"]).about() == ()  # and a second time there is nothing to erase
    names = written_by(group.state, group.ids["ada"]).names
    group.add("ada", "erasure", {}, *(("erases-version", name) for name in names))
    assert holding(group.state) == []
    assert group.state.profile(group.ids["ada"]) == {}
    assert group.state.takes_part(group.ids["ada"])  # an answer is no word: she is still in


def test_what_others_wrote_before_and_after_stays(group: Group) -> None:
    ids = wrote_everywhere(group)
    others = {e.id: e.body for e in group.entries() if e.header.by != group.ids["ada"]}
    erase_all(group, "ada")
    assert {e.id: e.body for e in group.entries() if e.id in others} == others
    assert [v.id for v in group.state.current(ids["proposal"])] == [ids["later"]]
    assert group.state.withdrawals(ids["text"])  # what was taken back stays taken back, without a reason


def test_a_group_s_text_whose_newest_wording_was_erased_can_be_worded_anew(group: Group) -> None:
    ids = wrote_everywhere(group)
    erase_all(group, "ada")
    newest = group.state.current(ids["theme"])[0].id
    assert group.state.entries[newest].body is None
    group.edit("bo", "worded anew", newest)
    assert group.state.current(ids["theme"])[0].data["text"] == "worded anew"


def test_only_one_s_own_wording_can_be_erased_alone(group: Group) -> None:
    ids = wrote_everywhere(group)
    for name, version in (("ada", ids["later"]), ("bo", ids["hers"]), ("fay", ids["hers"])):
        with pytest.raises(NotAllowed):
            group.add(name, "erasure", {}, ("erases-version", version))
    consent = group.state.of_person(group.ids["ada"], "consent")[0].id
    with pytest.raises(NotAllowed):
        group.add("ada", "erasure", {}, ("erases-version", consent))
    with pytest.raises(NotFound):
        group.add("ada", "erasure", {}, ("erases-version", group.record.new_id()))


def test_the_order_in_which_entries_come_does_not_matter(group: Group) -> None:
    wrote_everywhere(group)
    before = group.entries()
    erase_all(group, "ada")
    erasure = group.entries()[-1]
    late, early = fold(group.workshop, [*before, erasure]), fold(group.workshop, [erasure, *before])
    assert snapshot(late) == snapshot(early) == snapshot(group.state)
    assert holding(early) == ["participant"]
