"""Labels: the catalogue keys for the codes of a record, one table per subject, for pages, reports and tables.

What is printed is read by people outside the group, who cannot ask. Where it is worded otherwise than on a page, a
second table stands beside the first and names the difference alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Labels = Mapping[str, str]
"""Code to the key of its words."""

OUTCOME_LABELS: Final[Labels] = {
    "agreed": "trace.step.agreed",
    "difference": "trace.step.differ",
    "open-question": "trace.step.open",
}
"""In which way a group ended a proposal for now."""

RESPONSE_LABELS: Final[Labels] = {
    "will": "response.will",
    "looking": "response.looking",
    "did": "response.did",
    "did-not": "response.did_not",
}
"""What those who decide answered to what they were asked for."""

OUTCOME_COUNTS: Final[Labels] = {
    "agreed": "journey.ended_agreed",
    "difference": "journey.ended_differ",
    "open-question": "journey.ended_open",
}
"""How many proposals ended in that way; in the order in which they are told."""

STEP_LABELS: Final[Labels] = {
    "utterance": "trace.step.said",
    "talked": "trace.step.talked",
    "view": "trace.step.view",
    "theme": "trace.step.theme",
    "image": "trace.step.image",
    "interpretation": "trace.step.reading",
    "understanding": "trace.step.understood",
    "proposal": "trace.step.proposal",
    "reservation": "trace.step.worry",
    "intention": "trace.step.intention",
    "asset": "trace.step.asset",
    "need": "trace.step.need",
    "action": "action.label",
    "response": "report.h.response",
}
"""What a step of the thread is called, by its kind."""

PRINTED_STEP_LABELS: Final[Labels] = {
    **STEP_LABELS,
    "theme": "report.theme",
    "proposal": "agreement.label.proposal",
    "reservation": "reservation.label.worry",
    "intention": "intention.label.why",
    "asset": "assets.label.offer",
    "need": "assets.label.need",
}
"""The same in a report, where each text stands under the question that it answers."""

GAP_SENTENCES: Final[Labels] = {
    "taken": "trace.taken_back",
    "erased": "trace.erased",
    "hidden": "trace.hidden",
    "kept": "trace.kept_back",
    "gone": "trace.kept_back",
    "unwritten": "trace.unwritten",
    "nothing": "trace.not_written",
}
"""What stands where words may not be read, by the reason."""

PRINTED_GAP_SENTENCES: Final[Labels] = {**GAP_SENTENCES, "gone": "report.gone"}
"""The same in a report; in the order in which it counts them."""

FIELD_LABELS: Final[Labels] = {
    "hope": "intention.label.hope",
    "reason": "reservation.label.reason",
    "surprise": "interpretation.label.surprise",
    "other_way": "interpretation.label.other_way",
    "changed": "understanding.label.changed",
    "next": "ending.label.who_next",
    "who": "action.who",
    "when": "action.when",
    "owner": "reservation.label.owner",
    "review": "reservation.label.review",
    "moved": "position.label.moved",
}
"""Further words that a contribution may hold beside its text; in the order in which they are printed."""

PERSPECTIVE_LABELS: Final[Labels] = {
    "lived": "join.as.lived",
    "carer": "join.as.carer",
    "staff": "join.as.staff",
    "researcher": "join.as.researcher",
    "decides": "join.as.decides",
}
"""What a person takes part as; in the order in which they are asked. Words of their own stand beside these."""

PERSPECTIVES: Final = tuple(PERSPECTIVE_LABELS)
"""The same as codes: what a browser sent may be a list, which can be looked for in a tuple and in no mapping."""

ASSET_SORTS: Final[Labels] = {
    "know": "assets.kind.know",
    "people": "assets.kind.people",
    "place": "assets.kind.place",
    "story": "assets.kind.story",
}
"""Which kind of asset something is, where that was said."""
