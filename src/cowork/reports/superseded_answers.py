"""Answers to earlier words: what people wrote with a check, a stance or a standing before a text was changed.

A new wording asks again, so these count for nothing any more; they stand as what they are, answers to the old words.
"""

from __future__ import annotations

from cowork.core.access.participant_view import Contribution
from cowork.core.elements import ANSWER_FIELDS
from cowork.core.provenance import incoming
from cowork.reports.reader import Item, Reader

#: How an answer is called, by its kind or by what it checks, and its code.
_ANSWER_LABELS = {
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


def superseded_answers(reader: Reader, root: str) -> tuple[Item, ...]:
    """Words given with answers to a text that stand nowhere else, oldest first. Ask when the present ones are laid
    out."""
    found = {}
    for edge in incoming(reader.state, root, "checks", "answers"):
        contribution = reader.view.of_id(edge.source)
        if (
            contribution is not None
            and contribution.kind in ("check", "stance", "standing")
            and contribution.is_active
            and contribution.has_text
        ):
            found[contribution.id] = contribution
    return tuple(
        reader.item(contribution, label=_answer_label(reader, root, contribution))
        for contribution in found.values()
        if not reader.is_printed(contribution.id)
    )


def _answer_label(reader: Reader, root: str, contribution: Contribution) -> str:
    about = reader.state.entries[root].kind
    called = _ANSWER_LABELS.get(
        about if contribution.kind == "check" and about in _ANSWER_LABELS else contribution.kind, {}
    )
    key = called.get(str(contribution.entry.data.get(ANSWER_FIELDS[contribution.kind][0], "")))
    return reader.t(key) if key else ""
