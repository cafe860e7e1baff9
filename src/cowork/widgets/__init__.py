"""Widgets: what people see and touch. Plain data in, what people shared out; no record is known here.

Each is loaded when it is first asked for: a server that only needs to know their files stays small.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cowork.widgets.ask import Ask
    from cowork.widgets.banner import Banner
    from cowork.widgets.choice import Choice
    from cowork.widgets.dialog import Dialog
    from cowork.widgets.paper import Paper
    from cowork.widgets.part import Part
    from cowork.widgets.plot import Plot
    from cowork.widgets.prose import Prose
    from cowork.widgets.sent import Refused, Sent
    from cowork.widgets.shell import Shell
    from cowork.widgets.tree import Tree
    from cowork.widgets.upload import Upload
    from cowork.widgets.wall import Wall
    from cowork.widgets.wheels import Wheels

__all__ = [
    "Ask",
    "Banner",
    "Choice",
    "Dialog",
    "Paper",
    "Part",
    "Plot",
    "Prose",
    "Refused",
    "Sent",
    "Shell",
    "Tree",
    "Upload",
    "Wall",
    "Wheels",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "sent" if name == "Refused" else name.lower()
    found = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found
