"""A demo workshop as tables. Its people are invented, and every table and figure of it says so."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from cowork.imports import demo
from cowork.store import open_record
from cowork.tables.workshop import Workshop, open


def open_practice(name: str = "ward-letter") -> Workshop:
    """One of the practice workshops (ward-letter, bus-stop, youth-line), told into a temporary file.

    The file goes with the workshop, or when Python ends. Raises InvalidImport for another name.
    """
    folder = tempfile.mkdtemp(prefix="cowork-")
    path = Path(folder) / f"{name}.cowork"
    record = open_record(path)
    try:
        _, code = demo.load_demo(record, name)
    finally:
        record.close()
    workshop = open(path, code)
    weakref.finalize(workshop, shutil.rmtree, folder, ignore_errors=True)
    return workshop
