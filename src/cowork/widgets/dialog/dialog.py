"""Dialog: a question that blocks the page until it is answered."""

from __future__ import annotations

from collections.abc import Iterable

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of


class Dialog(Component):
    """Use it only for what leaves the workshop or cannot be undone.

    Handle it with `on_message("yes", …)` and `on_message("no", …)`. It stays open after "yes": the kernel shows
    the result in it, and the person closes it. Without a text for `yes` its button asks nothing: it is the yes.
    """

    SCRIPTS, STYLES = files_of("dialog")
    MESSAGES = {"yes": {}, "no": {}}

    heading = t.Unicode("").tag(sync=True)
    lines = t.List(t.Unicode()).tag(sync=True)
    yes = t.Unicode("").tag(sync=True)
    no = t.Unicode("").tag(sync=True)
    button = t.Unicode("", help="The button that opens it; none where `show` does.").tag(sync=True)

    def show(self, lines: Iterable[str]) -> None:
        """Show lines that no trait may hold (a return code). They are gone when the dialog closes."""
        self.send({"show": list(lines)})
