"""Banner: a sentence that stands out, with a button or a link where there is something to do."""

from __future__ import annotations

import traitlets as t

from cowork.widgets.files import files
from cowork.widgets.part import Part


class Banner(Part):
    """Hear its button with `on_do("press", …)`; with `href` the button is a link."""

    SCRIPTS, STYLES = files("banner")
    MESSAGES = {"press": {}}

    text = t.Unicode("").tag(sync=True)
    kind = t.Enum(("info", "warn", "error"), "info").tag(sync=True)
    button = t.Unicode("").tag(sync=True)
    href = t.Unicode("").tag(sync=True)
