"""What the practice workshops rest on, and what changed under it: counted here from the data itself."""

from __future__ import annotations

import pytest
from support.transcript_cases import BUS, WARD, YOUTH, linked, quoted, refs, row, rows, seen, told, words

from cowork.core.provenance import changed_provenance
from cowork.core.quotes import quotes
from cowork.imports.demo import DEMO_NAMES


def on_changed_ground(name: str) -> dict[str, set[tuple[str, str]]]:
    """What stands on changed ground, from the data alone: ref -> {(ref of what changed, how)}."""
    order = {r["key"]: place for place, r in enumerate(rows(name))}
    before = {r["key"]: key for r in rows(name) for key in linked(r, "replaces")}
    acts: list[tuple[str, str, int]] = []
    for r in rows(name):
        acts += [(key, "taken", order[r["key"]]) for key in linked(r, "withdraws")]
        acts += [(key, "hidden", order[r["key"]]) for key in linked(r, "hides")]

    def first(ref: str) -> str:
        return first(before[ref]) if ref in before else ref

    acts += [(first(ref), "changed", order[ref]) for ref in before]
    down = ("documents", "interprets", "rests-on", "builds-on", "groups", "renders", "closes")
    last = {first(r["key"]): r for r in rows(name)}
    under = {root: {first(key) for key in linked(r, *down)} for root, r in last.items()}

    def ground(root: str) -> set[str]:
        found: set[str] = set()
        todo = [root]
        while todo:
            fresh = under.get(todo.pop(), set()) - found
            found |= fresh
            todo += fresh
        return found

    found = {
        root: {(what, how) for what, how, place in acts if what in ground(root) and place > order[r["key"]]}
        for root, r in last.items()
    }
    return {root: changes for root, changes in found.items() if changes}


GROUND = {
    WARD: {
        "v5": {("u8", "taken")},
        "ag1": {("u20", "changed")},
        "ag3": {("u20", "changed")},
        "x1": {("u20", "changed")},
        "x2": {("u20", "changed")},
    },
    BUS: {},
    YOUTH: {"v4": {("u16", "taken")}},
}


@pytest.mark.parametrize("name", DEMO_NAMES)
def test_these_things_stand_on_changed_ground_and_no_others(name: str) -> None:
    state, _ = told(name)
    ref = refs(name)
    found = {
        ref[c.id]: {(ref[change.root], change.what) for change in changed_provenance(state, c.id)}
        for c in seen(name).contributions()
    }
    assert {root: changes for root, changes in found.items() if changes} == GROUND[name]
    assert on_changed_ground(name) == GROUND[name]


@pytest.mark.parametrize("name", DEMO_NAMES)
def test_every_quotation_is_exact_or_a_gap_that_says_why(name: str) -> None:
    _, found = told(name)
    taken = {key: r["kind"] for r in rows(name) for key in linked(r, "withdraws", "hides")}
    for r in rows(name):
        read = quotes(seen(name), found[r["key"]])
        for quote, (key, exact) in zip(read, quoted(r), strict=True):
            gap = {"withdrawal": "taken", "hide": "hidden", "": ""}[taken.get(key, "")]
            assert (quote.text, quote.gap) == ("" if gap else exact, gap), r["key"]


def test_words_chosen_behind_an_emoji_are_exact_though_a_browser_counts_it_twice() -> None:
    count = 0
    for name in DEMO_NAMES:
        for r in rows(name):
            for key, exact in quoted(r):
                text = words(row(name, key))
                start, end = text.index(exact), text.index(exact) + len(exact)
                if any(ord(sign) > 0xFFFF for sign in text[:start]):
                    count += 1
                    _, found = told(name)
                    (quote,) = [q for q in quotes(seen(name), found[r["key"]]) if q.version == found[key].id]
                    units = text.encode("utf-16-le")[start * 2 : end * 2].decode("utf-16-le", "replace")
                    assert quote.text == exact != units
    assert count >= 2
