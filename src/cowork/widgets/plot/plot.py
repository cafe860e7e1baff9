"""Plot: a plotly figure, and its numbers as a table.

For pages that researchers add. The figure is sent as data; the library that draws it, a megabyte and a half on the
wire, is fetched from this server when the figure comes into view and kept by the browser. plotly's own FigureWidget
sends the library through the kernel to each visitor instead. Small pictures that everybody sees are better drawn as
SVG.
"""

from __future__ import annotations

import os
from typing import Any

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import PLOTLY, files_of


class Plot(Component):
    """`figure`: what ``json.loads(fig.to_json())`` gives; `alt`: a sentence that describes it.

    `columns` and `rows` are the same numbers as a table: a figure without them is for some people no figure. Raises
    TraitError where a figure is given without an `alt` or a table.
    """

    SCRIPTS, STYLES = files_of("plot")
    WORDS = ("plot.loading", "plot.none", "plot.table")

    heading = t.Unicode("").tag(sync=True)
    alt = t.Unicode("").tag(sync=True)
    figure = t.Dict().tag(sync=True)
    columns = t.List(t.Unicode()).tag(sync=True)
    rows: t.List[Any] = t.List(help="One list of texts or numbers for each row.").tag(sync=True)
    library = t.Unicode().tag(sync=True)

    @t.default("library")
    def _default_library(self) -> str:
        return os.environ.get(PLOTLY, "")

    @t.validate("figure")
    def _validate_figure(self, proposal: Any) -> dict[str, Any]:
        figure: dict[str, Any] = proposal["value"]
        if figure and not (self.alt and self.columns and self.rows):
            raise t.TraitError("a figure needs `alt`, `columns` and `rows`: not everybody can see it")
        return figure
