"""How it ended: each agreement, kept difference and open question, with everything that belongs inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cowork.analysis import proposals
from cowork.core.provenance import changed_provenance
from cowork.tables.answers import COUNTED, counted, not_counted
from cowork.tables.columns import AT, BOOL, DATA, EPISODE, ID, PERSON, TEXT, TIME, Column, frame, moment

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.tables.projection import TableProjection

COLUMNS = {
    "id": ID,
    "text": Column(TEXT, "the words people ended with"),
    "how": Column(TEXT, "agreed, difference or open-question: equal endings"),
    "reservations": Column(
        DATA,
        "every worry and condition: list of {id, text, gap, sort, by, answers: [{id, text, by}], unread, reworded, "
        "enough, owner, review, named}; one whose words may not leave has a gap and stands here all the same; named: "
        "an answer that names a worry, without its author's name and perhaps without words; enough is empty where its "
        "owner has not said",
    ),
    "proposal": Column(TEXT, "id of the proposal it closed; empty where it closed none"),
    **COUNTED,
    "unwritten": Column(BOOL, "rests on talk that was not written down"),
    "on_changed_ground": Column(BOOL, "something it rests on changed since people last looked"),
    "changed": Column(DATA, "what did: list of {id, kind, what, at}; what is changed, taken, hidden or erased"),
    "renewed": Column(TIME, "when people last looked at it again and kept it"),
    "next": Column(DATA, "what happens next: list of {id, text, who, when}"),
    "responses": Column(DATA, "what those who decide answered: list of {id, text, did, on_behalf_of, at}"),
    "by": Column(TEXT, "who wrote it down, as in contributions()"),
    "person": PERSON,
    "at": AT,
    "episode": EPISODE,
}


def outcomes(reading: TableProjection) -> DataFrame:
    rows = [_row(reading, ending) for ending in proposals.outcomes(reading.outside)]
    return frame(rows, COLUMNS, reading.attrs())


def _row(reading: TableProjection, ending: proposals.Outcome) -> dict[str, Any]:
    found, state = ending.contribution, reading.state
    changed = changed_provenance(state, found.id)
    return {
        "id": found.id,
        "text": found.text,
        "how": ending.how,
        "reservations": [_worry(reading, worry) for worry in ending.worries],
        "proposal": ending.proposal,
        "unwritten": proposals.rests_on_unwritten(found),
        "on_changed_ground": bool(changed),
        "changed": [
            {"id": c.root, "kind": state.entries[c.root].kind, "what": c.what, "at": moment(c.at_ms)} for c in changed
        ],
        "renewed": ending.renewed[-1].header.at_ms if ending.renewed else None,
        "next": [_next(reading, c) for c in proposals.actions(reading.outside, found.id)],
        "responses": [_response(reading, c) for c in proposals.responses(reading.outside, found.id)],
        "by": reading.by(found),
        "person": reading.key(found),
        "at": found.first.header.at_ms,
        "episode": reading.episode(found.first),
        **(counted(reading, ending.round) if ending.round else not_counted()),
    }


def _worry(reading: TableProjection, worry: proposals.Worry) -> dict[str, Any]:
    found = worry.contribution
    return {
        "id": worry.root,
        "text": found.text if found else "",
        "gap": worry.gap,
        "sort": worry.sort,
        "by": reading.by(found) if found and not worry.named else "",
        "named": worry.named,
        "answers": [{"id": c.id, "text": c.text, "by": reading.by(c)} for c in worry.answers],
        "unread": worry.unread,
        "reworded": worry.reworded,
        "enough": worry.enough,
        "owner": reading.typed(worry.owner),
        "review": worry.review,
    }


def _next(reading: TableProjection, c: Any) -> dict[str, Any]:
    more = c.entry.data.get("more")
    said = more if isinstance(more, dict) else {}
    return {"id": c.id, "text": c.text, "who": reading.typed(said.get("who")), "when": str(said.get("when") or "")}


def _response(reading: TableProjection, c: Any) -> dict[str, Any]:
    data = c.entry.data
    on_behalf = reading.typed(data.get("on_behalf_of"))
    did = str(data.get("did") or "")
    return {"id": c.id, "text": c.text, "did": did, "on_behalf_of": on_behalf, "at": moment(c.first.header.at_ms)}
