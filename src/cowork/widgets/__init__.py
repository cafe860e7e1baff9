"""Widgets: what people see and use on a page. A page sets plain data and receives submissions; no widget knows a
record.

Each widget is imported when it is first used: a server that only needs the list of their files stays small.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cowork.widgets.banner.banner import Banner
    from cowork.widgets.cards.card_list import CardList
    from cowork.widgets.choice.choice import Choice
    from cowork.widgets.component import Component
    from cowork.widgets.dialog.dialog import Dialog
    from cowork.widgets.document_preview.document_preview import DocumentPreview
    from cowork.widgets.form.form import Form
    from cowork.widgets.plot.plot import Plot
    from cowork.widgets.prose.prose import Prose
    from cowork.widgets.shell.shell import Shell
    from cowork.widgets.submission import Rejected, Submission
    from cowork.widgets.transcript.transcript import Transcript
    from cowork.widgets.tree.tree import Tree
    from cowork.widgets.upload.upload import Upload
    from cowork.widgets.wheels.wheels import Wheels

_MODULES = {
    "Banner": "banner.banner",
    "CardList": "cards.card_list",
    "Choice": "choice.choice",
    "Component": "component",
    "Dialog": "dialog.dialog",
    "DocumentPreview": "document_preview.document_preview",
    "Form": "form.form",
    "Plot": "plot.plot",
    "Prose": "prose.prose",
    "Rejected": "submission",
    "Shell": "shell.shell",
    "Submission": "submission",
    "Transcript": "transcript.transcript",
    "Tree": "tree.tree",
    "Upload": "upload.upload",
    "Wheels": "wheels.wheels",
}

__all__ = [
    "Banner",
    "CardList",
    "Choice",
    "Component",
    "Dialog",
    "DocumentPreview",
    "Form",
    "Plot",
    "Prose",
    "Rejected",
    "Shell",
    "Submission",
    "Transcript",
    "Tree",
    "Upload",
    "Wheels",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found
