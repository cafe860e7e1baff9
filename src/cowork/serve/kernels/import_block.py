"""What the server's libraries load and the server never uses, left out where it is large."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED_MODULES = ("rfc3987_syntax",)
"""jsonschema would check with it whether a text is an IRI, if a schema said so; none of the server's does. It builds
its grammar when it is imported: sixteen megabytes, and half a second of the server's start."""


@contextmanager
def blocked_imports(*names: str) -> Iterator[None]:
    """Meanwhile these modules cannot be imported. Only for those that whoever imports them can do without."""
    held = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(held))  # type: ignore[arg-type]  # None is how Python says "not this one"
    try:
        yield
    finally:
        for name in held:
            del sys.modules[name]
