"""Wheels: the journey as a table, with the three wheels as its picture."""

from __future__ import annotations

from typing import Any

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of


class Wheels(Component):
    """The table holds everything and comes first; the picture has no counts, and nothing in it is "done".

    `wheels`: ``[{key, name, long, parts: [{key, name, plain, here, written, href}]}]``;
    `rows`: ``[{part, wheel, wrote, by, last, met, href}]``. `nudges`: ``[{key, text, note, href, href_text}]``: the
    first one that was not dismissed on this device today is shown, and never a second one beside or after it.
    """

    SCRIPTS, STYLES = files_of("wheels")
    WORDS = (
        "journey.around",
        "journey.col.by",
        "journey.col.last",
        "journey.col.met",
        "journey.col.part",
        "journey.col.wrote",
        "journey.nothing",
        "journey.nudge.h",
        "journey.nudge.leave",
        "journey.wheels_alt",
    )

    context = t.List(t.Unicode()).tag(sync=True)
    wheels: t.List[Any] = t.List().tag(sync=True)
    rows: t.List[Any] = t.List().tag(sync=True)
    meetings = t.List(t.Unicode()).tag(sync=True)
    meetings_h = t.Unicode("").tag(sync=True)
    nudges: t.List[Any] = t.List().tag(sync=True)
    nothing = t.Unicode("").tag(sync=True)
    truth = t.Unicode("").tag(sync=True)
    caption = t.Unicode("").tag(sync=True)
