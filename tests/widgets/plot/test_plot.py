"""A figure is for everybody: it has a sentence and a table, or it is refused."""

from __future__ import annotations

import pytest
from traitlets import TraitError

from cowork.widgets import Plot

FIGURE = {"data": [{"type": "bar", "x": ["a"], "y": [1]}], "layout": {}}


@pytest.mark.parametrize("without", ["alt", "columns", "rows"])
def test_a_figure_without_its_words_and_numbers_is_refused(without: str) -> None:
    twin = {"alt": "One bar.", "columns": ["name", "n"], "rows": [["a", 1]]}
    del twin[without]
    with pytest.raises(TraitError, match="not everybody can see it"):
        Plot(**twin).figure = FIGURE


def test_the_figure_is_data_and_brings_no_library_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWORK_PLOTLY", "/cowork/plotly/0123.js")
    plot = Plot(alt="One bar.", columns=["name", "n"], rows=[["a", 1]])
    plot.figure = FIGURE
    assert plot.library == "/cowork/plotly/0123.js"
    assert len(str(plot.get_state())) < 40_000
