"""Simulates one visit in the fork server, against a temporary record, to warm caches before kernels are forked.

Python and its libraries do some work only once: they build queries, compile patterns, make classes and load modules
late. Done before the fork, its results are shared. Otherwise each visitor's kernel repeats it, for a megabyte and a
half and some milliseconds each.
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
    """Run the visit. It leaves no file, no socket and no widget. An error in it is raised."""
    with tempfile.TemporaryDirectory(prefix="cowork-rehearsal-") as folder:
        record = open_record(Path(folder, "rehearsal.cowork"))
        try:
            _simulate_visit(record)
        finally:
            record.close()
            ipywidgets.Widget.close_all()


def _simulate_visit(record: Record) -> None:
    workshop, participant, secret = record.new_id(), record.new_id(), secrets.token_hex(16)
    code = open_workshop(record, workshop, participant, secret, "A rehearsal", {"name": "N.", "why": "."}, "en")
    shell = VisitorSession(record=record).shell
    hello = {"do": "hello", "origin": "", "key": {"participant": participant, "secret": secret}}
    for lang in text.LANGS:
        shell.receive({**hello, "lang": lang, "code": code, "page": "intention"})
    form = next(component for component in shell.parts if isinstance(component, Form))
    submission = {"id": record.new_id(), "box": form.box, "kind": "intention", "fields": {"text": "."}, "lang": "en"}
    form.receive({"do": "share", "item": {**submission, "about": [], "choices": {}, "at": 1}})
    shell.receive({**hello, "lang": "en", "code": ""})  # back to the entry page, which closes the workshop's page
    if submission["id"] not in record.state(workshop).entries:
        raise RuntimeError("the simulated submission did not arrive in the record")
