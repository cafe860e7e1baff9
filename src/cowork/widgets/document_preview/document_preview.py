"""Paper: a made document, read here before it leaves."""

from __future__ import annotations

from typing import Any

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of


class DocumentPreview(Component):
    """A document in a frame of its own, in which nothing runs, and the question before it is saved.

    Hear its button with `on_do("read", …)` and answer with `show(data, file)`; hear that somebody took it with
    `on_do("saved", …)`. The document stands in no trait: it goes to a browser when it is shown, and again to one that
    draws the page anew, until `clear`.
    """

    SCRIPTS, STYLES = files_of("paper")
    WORDS = (
        "report.button.print",
        "report.button.read",
        "report.here",
        "report.leave.h",
        "report.leave.hint",
        "report.leave.no",
        "report.leave.yes",
        "report.link",
        "report.making",
        "report.saved",
    )
    MESSAGES = {"read": {}, "saved": {}, "fetch": {}}

    heading = t.Unicode("").tag(sync=True)
    level = t.Int(2).tag(sync=True)
    hint = t.Unicode("").tag(sync=True)
    leaves = t.Bool(True, help="It may be saved from here; else it is only read.").tag(sync=True)
    made = t.Bool(False, help="Something can be read here.").tag(sync=True)
    file = t.Unicode("", help="The name it is saved under.").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._paper: bytes | None = None
        super().__init__(**traits)

    def show(self, data: bytes, file: str) -> None:
        """Show this HTML document, in UTF-8; it is saved as `file`, byte for byte."""
        self._paper = data
        with self.hold_sync():
            self.file = file
            self.made = True
        self._send_paper()

    def clear(self) -> None:
        """Take it away: what it was made of has changed, or may no longer be shown."""
        self._paper = None
        with self.hold_sync():
            self.file = ""
            self.made = False

    def _do(self, message: dict[str, Any]) -> None:
        if message["do"] == "fetch":
            self._send_paper()
        super()._do(message)
        if message["do"] == "read":
            self.send({"did": "read"})  # whatever came of it, the button can be pressed again

    def _send_paper(self) -> None:
        if self._paper is not None:
            self.send({"paper": self.file}, [self._paper])
