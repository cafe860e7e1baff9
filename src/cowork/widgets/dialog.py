"""Dialog: a question that has to be answered before the page goes on."""

from __future__ import annotations

from collections.abc import Iterable

import traitlets as t

from cowork.widgets.files import files
from cowork.widgets.part import Part


class Dialog(Part):
    """Use it only for what leaves the workshop or cannot be undone.

    Hear it with `on_do("yes", …)` and `on_do("no", …)`. It stays open after "yes" until the kernel shows
    something in it or closes it: the person sees what came of it.
    """

    SCRIPTS, STYLES = files("dialog")
    MESSAGES = {"yes": {}, "no": {}}

    # Not `open`: that is how ipywidgets opens a widget's comm.
    is_open = t.Bool(False, help="Set it to open the box from the kernel.").tag(sync=True)
    heading = t.Unicode("").tag(sync=True)
    lines = t.List(t.Unicode()).tag(sync=True)
    yes = t.Unicode("").tag(sync=True)
    no = t.Unicode("").tag(sync=True)
    button = t.Unicode("", help="The button that opens it; none where the kernel does.").tag(sync=True)

    def show(self, lines: Iterable[str]) -> None:
        """Show lines that must stand in no trait (a return code): they are gone when the dialog closes."""
        self.send({"show": list(lines)})

    def close_box(self) -> None:
        """Close the box. (`close` is ipywidgets' own and ends the widget.)"""
        self.is_open = False
        self.send({"close": True})  # the browser may have opened it itself, which no trait tells
