"""Over random threads: no table, no trace and no fate holds a word that may not leave."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st
from support.random_workshops import NAMES, WORD, Weave, weaves, words_of
from support.strategies import few

from cowork.core.access.disclosure import DisclosedView
from cowork.core.fold import State
from cowork.tables import TABLES, Workshop
from cowork.tables.projection import TableProjection, workshop_code

ANSWERS = st.sampled_from(("named", "perspective", "not", ""))


class Held(Workshop):
    """A workshop that is read from memory."""

    def __init__(self, state: State) -> None:
        self.held_state, self.id, self.code, self.title = state, state.workshop, workshop_code(state), ""
        self._projections = {}

    def _state(self) -> State:
        return self.held_state


def all_that_leaves(workshop: Workshop, research: bool) -> Iterator[tuple[str, str]]:
    for name in TABLES:
        table = getattr(workshop, name)(research=research)
        yield name, f"{table.to_dict('records')} {table.attrs}"
    for found in TableProjection(workshop._state(), research).disclosed_view.contributions():
        yield f"trace of a {found.kind}", str(workshop.trace(found.id, research=research))
        yield f"fate of a {found.kind}", str(workshop.fate(found.id, research=research))


@few
@given(weaves(), st.tuples(*[ANSWERS] * len(NAMES)), st.sets(st.sampled_from(NAMES)), st.booleans())
def test_no_word_leaves_that_its_writer_the_group_or_an_erasure_keeps_inside(
    weave: Weave, naming: tuple[str, ...], yes: set[str], research: bool
) -> None:
    group = weave.group
    for name, answer in zip(NAMES, naming, strict=True):
        if answer:
            group.consent(name, "naming", answer)
        if name in yes:
            group.consent(name, "research", "yes", seen_by="only-me")
    state = group.state
    allowed = words_of(DisclosedView(state, research=research))
    names = {name.capitalize() for name, answer in zip(NAMES, naming, strict=True) if answer != "named"}
    for where, told in all_that_leaves(Held(state), research):
        assert set(WORD.findall(told)) <= allowed, where
        assert not {name for name in names if f"'{name}'" in told}, where
