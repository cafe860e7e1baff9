"""One visit from the door to a shared word, in the warm process, at a record that is thrown away.

What Python and its libraries work out the first time they come by (queries put together, patterns compiled, classes
made, modules loaded late) then stands before the fork and is shared. Otherwise each visitor's kernel works it out
again: a megabyte and a half and some milliseconds each.
"""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

import ipywidgets

from cowork import text
from cowork.pages.entry.create_workshop import open_workshop
from cowork.pages.session.session import VisitorSession
from cowork.store import Record, open_record
from cowork.widgets import Form


def warm_up() -> None:
    """Go through it. Nothing is left: no file, no socket, no widget. Raises whatever goes wrong in it."""
    with tempfile.TemporaryDirectory(prefix="cowork-rehearsal-") as folder:
        record = open_record(Path(folder, "rehearsal.cowork"))
        try:
            _visit(record)
        finally:
            record.close()
            ipywidgets.Widget.close_all()


def _visit(record: Record) -> None:
    workshop, somebody, secret = record.new_id(), record.new_id(), secrets.token_hex(16)
    code = open_workshop(record, workshop, somebody, secret, "A rehearsal", {"name": "N.", "why": "."}, "en")
    shell = VisitorSession(record=record).shell
    hello = {"do": "hello", "origin": "", "key": {"participant": somebody, "secret": secret}}
    for lang in text.LANGS:
        shell.receive({**hello, "lang": lang, "code": code, "page": "intention"})
    form = next(part for part in shell.parts if isinstance(part, Form))
    words = {"id": record.new_id(), "box": form.box, "kind": "intention", "fields": {"text": "."}, "lang": "en"}
    form.receive({"do": "share", "item": {**words, "about": [], "choices": {}, "at": 1}})
    shell.receive({**hello, "lang": "en", "code": ""})  # to the front door, which ends what was inside
    if words["id"] not in record.state(workshop).entries:
        raise RuntimeError("the words that were shared did not arrive")
