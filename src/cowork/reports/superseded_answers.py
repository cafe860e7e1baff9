"""Answers to earlier words: what people wrote with a check, a stance or a standing before a text was changed.

A new wording asks again, so these count for nothing any more; they stand as what they are, answers to the old words.
"""

from __future__ import annotations

from cowork.core.access.participant_view import Contribution
from cowork.core.elements import ANSWERS
from cowork.core.provenance import incoming
from cowork.reports.reader import Item, Reader

#: How an answer is called, by its kind or by what it checks, and its code.
_CALLED = {
    "stance": {code: f"documentation.stance.{code}" for code in ("with", "unsure", "differ")},
    "standing": {code: f"differ.standing.{code}" for code in ("still", "partly", "changed")},
    "reservation": {code: f"reservation.enough.{code}" for code in ("yes", "partly", "no")},
    "view": {
        "yes": "documentation.confirm.yes",
        "nearly": "documentation.confirm.change",
        "no": "documentation.confirm.no",
        "out": "documentation.confirm.out",
    },
    "check": {
        "yes": "check.said.yes",
        "nearly": "check.said.nearly",
        "no": "check.said.no",
        "rather-not": "check.said.rather_not",
        "same": "check.all.same",
        "differ": "check.all.differ",
        "unsure": "check.all.unsure",
    },
}


def answers_left(reader: Reader, root: str) -> tuple[Item, ...]:
    """Words given with answers to a text that stand nowhere else, oldest first. Ask when the present ones are laid
    out."""
    found = {}
    for edge in incoming(reader.state, root, "checks", "answers"):
        c = reader.seen.of_id(edge.source)
        if c is not None and c.kind in ("check", "stance", "standing") and c.standing == "here" and c.written:
            found[c.id] = c
    return tuple(reader.item(c, label=_label(reader, root, c)) for c in found.values() if not reader.is_printed(c.id))


def _label(reader: Reader, root: str, contribution: Contribution) -> str:
    about = reader.state.entries[root].kind
    called = _CALLED.get(about if contribution.kind == "check" and about in _CALLED else contribution.kind, {})
    key = called.get(str(contribution.entry.data.get(ANSWERS[contribution.kind][0], "")))
    return reader.t(key) if key else ""
