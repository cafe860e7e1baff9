"""Banner: a notice, with a button or a link where there is something to do."""

from __future__ import annotations

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of


class Banner(Component):
    """Handle its button with `on_message("press", …)`; with `href` the button is a link."""

    SCRIPTS, STYLES = files_of("banner")
    MESSAGES = {"press": {}}

    text = t.Unicode("").tag(sync=True)
    kind = t.Enum(("info", "warn", "error"), "info").tag(sync=True)
    button = t.Unicode("").tag(sync=True)
    href = t.Unicode("").tag(sync=True)
