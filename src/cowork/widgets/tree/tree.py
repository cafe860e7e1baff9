"""Tree: the provenance of an agreement, step by step back to the contributions it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets as t

from cowork.widgets.component import Component
from cowork.widgets.manifest import files_of


class Tree(Component):
    """The list holds everything and comes first; the picture shows the same steps and no more.

    `begin`: ``[{id, label, text, href, here}]``, the starting points; `steps`: ``[node]``. A node: ``{id, label, text,
    lead, quotes: [{text, by, gap, lang}], by, when_text, lang, wheel, state, dashed, beside, note: [lines], mark,
    href, href_text, steps: [node]}``. `state` is here, gap (a text that cannot be shown: `text` says why) or unwritten.
    A node `beside` the step that leads to it is drawn in its column. A node that is reached by two ways may be shown
    twice: the second time it refers to the first.
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
        """Show these steps, and other starting points.

        Each node is sent with its steps once, where it first has them. A circle therefore ends, and a node that is
        reached by many ways is not repeated with all its steps for each of them.
        """
        expanded: set[str] = set()
        with self.hold_sync():
            if begin is not None:
                self.begin = [dict(one) for one in begin]
            self.steps = [_expand_once(node, expanded) for node in steps]


def _expand_once(node: Mapping[str, Any], expanded: set[str]) -> dict[str, Any]:
    if node["id"] in expanded:
        return {**node, "steps": []}
    if node.get("steps"):  # a node without steps leaves them to the place that has them
        expanded.add(node["id"])
    return {**node, "steps": [_expand_once(step, expanded) for step in node.get("steps") or ()]}
