"""Blocks imports of large modules that the server's libraries load and the server never uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED_MODULES = ("rfc3987_syntax",)
"""jsonschema uses it to check whether a text is an IRI, and no schema of the server needs that. It builds its grammar
when it is imported, which costs sixteen megabytes and half a second of the server's start."""


@contextmanager
def blocked_imports(*names: str) -> Iterator[None]:
    """Make these modules impossible to import in this block. Use it only for optional imports."""
    blocked = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]  # None makes Python raise ImportError
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]
