"""What a page may be made of: cowork's components and other anywidgets. Anything else is named in its place."""

from __future__ import annotations

import logging
from typing import Any

from cowork import text
from cowork.widgets import Prose

log = logging.getLogger("cowork.pages")


def can_be_shown(part: object) -> bool:
    """Whether both front ends, ours and JupyterLab's, draw this inside a page: both ask it for its own script."""
    return getattr(part, "_model_module", "") == "anywidget"


def shown_or_named(page: str, part: Any, lang: str) -> Any:
    """The part itself, or a sentence in its place: without one the front end would look for it and show nothing."""
    if can_be_shown(part):
        return part
    name = type(part).__name__
    log.error(
        "the page %s holds %s, which is no anywidget: a page shows cowork's components (cowork.widgets) and anywidgets;"
        " ipywidgets' own controls work in a cell of a notebook, outside a page",
        page,
        name,
    )
    return Prose(blocks=[{"inset": text.translate("error.part", lang, name=name)}])
