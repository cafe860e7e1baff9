"""One rule of what may leave: the same words go through every door, over random workshops."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.random_workshops import NAMES, WORD, Weave, weaves
from support.spreadsheets import Sheet
from support.strategies import few

from cowork.core.access.disclosure import DisclosedView
from cowork.core.elements import is_contribution
from cowork.core.fold import State, fold
from cowork.reports import report
from cowork.store import open_record
from cowork.store.export import export_workshop
from cowork.tables.projection import TableProjection
from cowork.tables.texts import wording_table

ANSWERS = st.sampled_from(("named", "perspective", "not", "not", ""))


def exported(weave: Weave) -> State:
    """The workshop as whoever is given a copy of it reads it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "copy.cowork")
        export_workshop(weave.group.record, weave.group.workshop, path)
        copy = open_record(path)
        entries = [entry for _, entry in copy.read_entries(weave.group.workshop)]
        copy.close()
    return fold(weave.group.workshop, entries)


def in_copy(state: State) -> set[str]:
    """Ids of the wordings of contributions whose words are there."""
    return {
        entry.id
        for entry in state.entries.values()
        if entry.body is not None and is_contribution(state.entries[state.root(entry.id)].kind)
    }


def outside(state: State) -> set[str]:
    return {v.id for c in DisclosedView(state).contributions() for v in (*c.earlier, *c.versions)}


@few
@given(weaves(), st.tuples(*[ANSWERS] * len(NAMES)), st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
def test_tables_reports_and_copies_let_out_the_same_words(
    weave: Weave, naming: tuple[str, ...], rewording: list[str]
) -> None:
    group = weave.group
    proposal = group.add(rewording[0], "proposal", {"text": "word900x", "rule": {"code": "talk"}})
    for n, name in enumerate(rewording):  # what belongs to all is worded by others than its author
        proposal = group.edit(name, f"word{901 + n}x", proposal)
    for name, answer in zip(NAMES, naming, strict=True):
        if answer:
            group.consent(name, "naming", answer)
    state, copy = group.state, exported(weave)
    allowed = outside(state)
    assert in_copy(copy) == allowed
    assert set(wording_table(TableProjection(state, False))["version"]) <= allowed
    words = {word for version in allowed for word in WORD.findall(str(state.entries[version].data))}
    assert set(WORD.findall(Sheet(report(state, "en")).words)) <= words
    # And whoever makes a table or a report of the copy reads there what they would have read of the workshop itself.
    assert outside(copy) == allowed
