"""DocumentPreview: a report, read on the page before it is saved."""

from __future__ import annotations

from typing import Any

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of


class DocumentPreview(Component):
    """A document in a frame of its own, in which nothing runs, and the question before it is saved.

    Handle its button with `on_message("read", …)` and answer with `show(data, file)`; `on_message("saved", …)` reports
    that somebody saved it. No trait holds the document: it is sent when it is shown, and again to a browser that
    redraws the page, until `clear`.
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
        self._document: bytes | None = None
        super().__init__(**traits)

    def show(self, data: bytes, file: str) -> None:
        """Show this HTML document, in UTF-8; it is saved as `file`, byte for byte."""
        self._document = data
        with self.hold_sync():
            self.file = file
            self.made = True
        self._send_document()

    def clear(self) -> None:
        """Remove the document: its sources have changed, or may no longer be shown."""
        self._document = None
        with self.hold_sync():
            self.file = ""
            self.made = False

    def _handle_message(self, message: dict[str, Any]) -> None:
        if message["do"] == "fetch":
            self._send_document()
        super()._handle_message(message)
        if message["do"] == "read":
            self.send({"did": "read"})  # whatever happened, the button can be pressed again

    def _send_document(self) -> None:
        if self._document is not None:
            self.send({"paper": self.file}, [self._document])
