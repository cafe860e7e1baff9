"""What stands in talk where words were hidden: that there were words, and neither which nor whose."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Order
from cowork.core.quotes import gap_in
from cowork.widgets.types import CardItem


def hidden_gaps(context: PageContext, view: ParticipantView, root: str) -> list[tuple[Order, CardItem]]:
    """A gap for each answer that is hidden from this reader, with its place in the order of the talk.

    Its id is made from the card that it stands under: that of the entry would lead to whoever wrote it.
    """
    talk = view.state.facts(root).referring("talks-about", "answers")
    firsts = {view.state.root(entry.id) for entry in talk}
    entries = [view.state.entries[first] for first in firsts if first in view.state.entries]
    hidden = [
        entry
        for entry in entries
        if entry.kind == "utterance"
        and entry.header.seen_by == "group"
        and view.state.hides(entry.id)
        and view.of_id(entry.id) is None
        and gap_in(view, entry.id) == "hidden"
    ]
    found: list[tuple[Order, CardItem]] = []
    for at, entry in enumerate(sorted(hidden, key=lambda one: one.header.order)):
        note = context.t("card.hidden_gap")
        gap: CardItem = {"id": f"{root}-hidden-{at}", "kind": "utterance", "text": "", "state": "gap", "note": [note]}
        found.append((entry.header.order, {**gap, "acts": [], "current": [], "earlier": []}))
    return found
