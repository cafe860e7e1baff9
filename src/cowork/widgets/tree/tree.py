"""Tree: how did we get here? From what was agreed, step by step back to what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of


class Tree(Component):
    """The list comes first and holds everything; the picture shows the same steps and no more.

    `begin`: ``[{id, label, text, href, here}]``, where to begin; `steps`: ``[node]``. A node: ``{id, label, text,
    lead, quotes: [{text, by, gap, lang}], by, when_text, lang, wheel, state, dashed, beside, note: [lines], mark,
    href, href_text, steps: [node]}``. `state` is here, gap (words that are not here: `text` says why) or unwritten.
    A node `beside` the step that leads to it is drawn in its column. A node that is reached by two ways may stand
    twice: the second time it says that it stands above.
    """

    SCRIPTS, STYLES = files_of("tree")
    WORDS = (
        "common.go",
        "common.in_language",
        "journey.button.picture",
        "journey.here",
        "trace.again",
        "trace.button.list",
        "trace.button.print",
        "trace.fold",
    )

    heading = t.Unicode("").tag(sync=True)
    level = t.Int(2, help="1 for the page's one heading, else 2 or 3.").tag(sync=True)
    hint = t.Unicode("").tag(sync=True)
    empty = t.Unicode("", help="Said where there are no steps.").tag(sync=True)
    begin_h = t.Unicode("").tag(sync=True)
    begin: t.List[Any] = t.List().tag(sync=True)
    steps: t.List[Any] = t.List().tag(sync=True)

    def show(self, steps: Iterable[Mapping[str, Any]], begin: Iterable[Mapping[str, Any]] | None = None) -> None:
        """Show these steps, and where else one may begin.

        Every node is sent with its steps once, where it stands first with them. What leads back to itself ends there,
        and what is reached by many ways does not grow with each of them.
        """
        told: set[str] = set()
        with self.hold_sync():
            if begin is not None:
                self.begin = [dict(one) for one in begin]
            self.steps = [_once(node, told) for node in steps]


def _once(node: Mapping[str, Any], told: set[str]) -> dict[str, Any]:
    if node["id"] in told:
        return {**node, "steps": []}
    if node.get("steps"):  # a mention without them leaves them to the one that has them
        told.add(node["id"])
    return {**node, "steps": [_once(step, told) for step in node.get("steps") or ()]}
