"""Something to ask yourselves: what the group might look at next, one thing at a time, never about who.

Each is true of what this reader sees, is a question and no advice, and can be left. What is asked of how people take
part reaches only the facilitator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cowork.analysis.differences import confirmations, view_differences
from cowork.analysis.participation import response_rates
from cowork.analysis.proposals import outcomes, proposals
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import WHEELS
from cowork.core.provenance import incoming
from cowork.pages.kit.cards import shared_contributions
from cowork.pages.kit.uses import trace_address

#: "A while ago", of the reasons people wrote.
WHILE_MS = 14 * 86_400_000

#: "A lot", of turns at talk of which no view was kept.
LOT = 12

#: Who has written is not asked about in a group smaller than this: everybody knows who that would be.
FEWEST = 3

#: What is asked of the facilitator alone.
PRIVATE = ("voices", "remote")

Suggestion = tuple[str, str, dict[str, Any]]  # (key, the page it leads to, what its sentence is filled with)


def suggestions(context: PageContext, view: ParticipantView) -> list[dict[str, str]]:
    """Everything that might be asked now, what waits for an answer first. A screen shows one of them."""
    found = []
    for key, page, values in _is_asked(context, view):
        if key in PRIVATE and not view.is_facilitator:
            continue
        name = context.t(f"{page}.link")
        words = "empty" if key.startswith("empty-") else key
        found.append(
            {
                "key": key,
                "text": context.t(f"journey.nudge.{words}", **values),
                "note": context.t("journey.seen_voices") if key in PRIVATE else context.t("journey.nudge.hint"),
                "href": trace_address(context, page, ""),
                "href_text": context.t("journey.button.go", part=name),
            }
        )
    return found


def _is_asked(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    for ask in (_ground, _worry, _holder, _differ, _reading, _written, _intention, _assets, _voices, _back, _empty):
        yield from ask(context, view)


def _ground(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    if any(ending.changed and ending.result == "agreed" for ending in outcomes(view)):
        yield "ground", "agreement", {}


def _worry(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    ended = [worry for ending in outcomes(view) for worry in ending.carried_worries]
    asked = [worry for proposal in proposals(view) if proposal.outcome is None for worry in proposal.worries]
    if any(not worry.is_answered for worry in (*asked, *ended)):
        yield "worry", "agreement", {}


def _holder(context: PageContext, seen: ParticipantView) -> Iterator[Suggestion]:
    """A view written for somebody who takes part, and who has not been heard on it."""
    for view in shared_contributions(seen, "view"):
        if any(not said.code and seen.state.takes_part(said.person) for said in confirmations(seen, view.id)):
            yield "holder", "documentation", {}
            return


def _differ(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    if any(not talked(view, row.view) for row in view_differences(view)):
        yield "differ", "differ", {}


def _reading(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    if any(
        not talked(view, contribution) and not _leads_to(view, contribution, "rests-on")
        for contribution in shared_contributions(view, "interpretation")
    ):
        yield "reading", "interpretation", {}


def _written(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    if len(shared_contributions(view, "utterance")) >= LOT and not shared_contributions(view, "view"):
        yield "written", "documentation", {}


def _intention(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    found = shared_contributions(view, "intention")
    if found and not any(talked(view, contribution) for contribution in found):
        yield "intention", "intention", {}


def _assets(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    if any(not _leads_to(view, need, "meets-need", "rests-on") for need in shared_contributions(view, "need")):
        yield "assets", "assets", {}


def _voices(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    """Counts only, and of ways of taking part only where no way would point somebody out."""
    written = [one for one in view.contributions() if one.has_text and one.is_active]
    wrote = {one.author for one in written if view.state.takes_part(one.author)}
    everyone = view.participant_count()
    if everyone >= FEWEST and wrote and len(wrote) * 2 <= everyone:
        yield "voices", "dialogue", {"n": len(wrote), "N": everyone}
    rows = {row.way: row for row in response_rates(view)}
    others = sum(row.texts for way_, row in rows.items() if way_ != "room")
    if len(rows) > 1 and "room" in rows and rows["room"].texts > 2 * others:
        yield "remote", "dialogue", {}


def _back(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    found = shared_contributions(view, "intention")
    last = max((contribution.entry.header.at_ms for contribution in found), default=0)
    since = any(one.entry.header.at_ms > last for one in view.contributions() if one.element != "intention")
    if found and since and context.record.now_ms() - last > WHILE_MS:
        yield "back", "intention", {}


def _empty(context: PageContext, view: ParticipantView) -> Iterator[Suggestion]:
    """A part of which nothing is written. That may be fine: it is asked last, and only once something is written."""
    written = {one.element for one in view.contributions() if one.has_text and one.is_active}
    if not written:
        return
    for part in (part for pair in WHEELS.values() for part in pair):
        if part not in written:
            yield f"empty-{part}", part, {"part": context.t(f"{part}.link")}


def talked(view: ParticipantView, contribution: Contribution) -> bool:
    """True where people talked about it: in writing, or by a mark that they did."""
    return bool(view.talk_about(contribution.id) or view.talk_marks(contribution.id))


def _leads_to(view: ParticipantView, contribution: Contribution, *relations: str) -> bool:
    """True where something that may be seen leads here."""
    return any(view.of_id(edge.source) is not None for edge in incoming(view.state, contribution.id, *relations))
