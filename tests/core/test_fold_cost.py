"""One more entry costs the same at ten and at a hundred thousand: counted, never timed.

Counted are the lines run in the fold, the calls it makes, and how many members it walks of any table of the state
(`list(table)` is one call and may be a hundred thousand steps).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from cowork.core import fold as fold_module
from cowork.core.entries import Entry, Header
from cowork.core.fold import State

ME = "00000000-0000-7000-8000-000000000001"
MANY = 100_000
WALKED = [0]


class Watched(dict[Any, Any]):
    """A table that counts every member somebody walks past."""

    def _walk(self, items: Any) -> Iterator[Any]:
        for item in items:
            WALKED[0] += 1
            yield item

    def __iter__(self) -> Iterator[Any]:
        return self._walk(dict.keys(self))

    def keys(self) -> Any:
        return self._walk(dict.keys(self))

    def values(self) -> Any:
        return self._walk(dict.values(self))

    def items(self) -> Any:
        return self._walk(dict.items(self))

    def copy(self) -> dict[Any, Any]:
        return dict(self.items())


class WatchedSet(set[str]):
    def __iter__(self) -> Iterator[Any]:
        for item in set.__iter__(self):
            WALKED[0] += 1
            yield item


def name(n: int) -> str:
    return f"00000000-0000-7000-8000-{n:012x}"


def entry(n: int, kind: str = "utterance", *about: tuple[str, str], by: str = ME) -> Entry:
    header = Header(name(n), ME, "writer", n, "", n, 0, by, "self", kind, about, "", "group", "")
    return Entry(header, '{"text":"words"}', b"salt")


def filled(count: int) -> State:
    """A state of `count` entries: words, talk about them, edits, erasures, by a hundred people."""
    state = State(ME)
    for n in range(10, count + 10):
        by = name(n % 100)
        near = name(n // 20 * 20)  # each family is small; there are many of them
        step = n % 20
        if step == 1:
            state.apply(entry(n, "edit", ("replaces", near), by=by))
        elif step == 2:
            state.apply(entry(n, "utterance", ("talks-about", near), by=by))
        elif step == 3:
            state.apply(entry(n, "withdrawal", ("withdraws", near), by=by))
        elif step == 4:
            state.apply(entry(n, "erasure", ("erases", name(n // 20 * 20 + 6)), by=by))
        else:
            state.apply(entry(n, by=by))
    state.entries = Watched(state.entries)
    state.by_kind = Watched({kind: Watched(ids) for kind, ids in state.by_kind.items()})
    state.references = Watched({target: Watched(pairs) for target, pairs in state.references.items()})
    state.by_person = Watched({who: Watched(ids) for who, ids in state.by_person.items()})
    state.erased = WatchedSet(state.erased)
    return state


def cost(work: Callable[[], object]) -> tuple[int, int, int]:
    """(lines run in the fold, calls of any kind, members walked) while `work` runs."""
    lines = calls = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_filename != fold_module.__file__:
            return None
        lines += event == "line"
        return trace

    def profile(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    WALKED[0] = 0
    traced, profiled = sys.gettrace(), sys.getprofile()
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(profiled)
        sys.settrace(traced)
    return lines, calls, WALKED[0]


@pytest.fixture(scope="module")
def small_and_large() -> tuple[State, State]:
    return filled(10), filled(MANY)


#: Every family used here (20 …) stands in the small state as in the large one.
NEW = 1 << 40
CASES = {
    "a contribution": entry(NEW, "intention"),
    "talk about something": entry(NEW + 1, "utterance", ("talks-about", name(15))),
    "an edit": entry(NEW + 2, "edit", ("replaces", name(15))),
    "an edit of an edit": entry(NEW + 3, "edit", ("replaces", name(NEW + 2))),
    "a withdrawal": entry(NEW + 4, "withdrawal", ("withdraws", name(15))),
    "an erasure": entry(NEW + 5, "erasure", ("erases", name(16))),
    "an edit of what was erased": entry(NEW + 6, "edit", ("replaces", name(16))),
    "an edit of what is not here yet": entry(NEW + 7, "edit", ("replaces", name(NEW + 8))),
    "a first version that comes late": entry(NEW + 8, "intention"),
    "an unknown kind": entry(NEW + 9, "gratitude"),
    "a new person": entry(NEW + 10, "participant", by=name(NEW + 10)),
    "the same again": entry(NEW + 2, "edit", ("replaces", name(15))),
}


def test_one_apply_costs_the_same_at_ten_and_at_a_hundred_thousand(small_and_large: tuple[State, State]) -> None:
    small, large = small_and_large
    assert len(large.entries) == MANY > len(small.entries) == 10
    for what, one in CASES.items():
        at_ten, at_many = cost(lambda: small.apply(one)), cost(lambda: large.apply(one))  # noqa: B023
        assert at_ten == at_many, what
        assert at_ten[0] > 2, f"{what}: nothing was counted"
    assert small.entries[name(16)].body is None and large.entries[name(16)].body is None


def test_the_counting_sees_a_walk_over_everything(small_and_large: tuple[State, State]) -> None:
    small, large = small_and_large
    for walk in (State.heads, State.erased_ids, lambda state: sorted(state.entries), lambda state: list(state.erased)):
        few, many = cost(lambda: walk(small)), cost(lambda: walk(large))  # noqa: B023
        assert sum(many) > 100 * sum(few)
