"""Prose: text to read, in blocks. Text only; no browser reads it as markup."""

from __future__ import annotations

from typing import Any

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of


class Prose(Component):
    """`blocks` is a list of dicts, each with one or more of:

    ``{h, level}``, ``{p}``, ``{hint}``, ``{list: […]}``, ``{terms: [[term, text], …]}``,
    ``{eyebrow, wheel, half}``, ``{summary, lines}`` (a fold), ``{inset: text or […]}``,
    ``{link: {href, text, page}}``, ``{links: [{href, text, page}, …]}``,
    ``{qr: {path, size, label}, link: "address", code}``. A link with `page` stays in the shell. A block with
    ``ways: True`` only leads to another page: it is not printed.
    """

    SCRIPTS, STYLES = files_of("prose")

    blocks: t.List[Any] = t.List().tag(sync=True)
