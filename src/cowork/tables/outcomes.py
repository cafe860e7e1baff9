"""The table of outcomes: agreements, kept differences and open questions, each with its reservations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cowork.analysis import proposals
from cowork.core.access.participant_view import Contribution
from cowork.tables.answers import COUNT_COLUMNS, empty_round_counts, round_counts
from cowork.tables.columns import AT, BOOL, DATA, EPISODE, ID, PERSON, TEXT, TIME, Column, iso_time, make_table

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.tables.projection import TableProjection

OUTCOME_COLUMNS = {
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
    **COUNT_COLUMNS,
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


def outcome_table(projection: TableProjection) -> DataFrame:
    rows = [_outcome_row(projection, outcome) for outcome in proposals.outcomes(projection.disclosed_view)]
    return make_table(rows, OUTCOME_COLUMNS, projection.attrs())


def _outcome_row(projection: TableProjection, outcome: proposals.Outcome) -> dict[str, Any]:
    found, state = outcome.contribution, projection.state
    return {
        "id": found.id,
        "text": found.text,
        "how": outcome.result,
        "reservations": [_reservation_data(projection, worry) for worry in outcome.worries],
        "proposal": outcome.proposal,
        "unwritten": outcome.rests_on_unwritten,
        "on_changed_ground": bool(outcome.changed),
        "changed": [
            {
                "id": contribution.root,
                "kind": state.entries[contribution.root].kind,
                "what": contribution.what,
                "at": iso_time(contribution.at_ms),
            }
            for contribution in outcome.changed
        ],
        "renewed": outcome.renewed[-1].header.at_ms if outcome.renewed else None,
        "next": [_action_data(projection, contribution) for contribution in outcome.actions],
        "responses": [_response_data(projection, contribution) for contribution in outcome.responses],
        "by": projection.name_of_author(found),
        "person": projection.key_of_author(found),
        "at": found.first_version.header.at_ms,
        "episode": projection.episode(found.first_version),
        **(round_counts(projection, outcome.round) if outcome.round else empty_round_counts()),
    }


def _reservation_data(projection: TableProjection, worry: proposals.Worry) -> dict[str, Any]:
    found = worry.contribution
    return {
        "id": worry.root,
        "text": found.text if found else "",
        "gap": worry.gap,
        "sort": worry.sort,
        "by": projection.name_of_author(found) if found and not worry.named else "",
        "named": worry.named,
        "answers": [
            {"id": contribution.id, "text": contribution.text, "by": projection.name_of_author(contribution)}
            for contribution in worry.answers
        ],
        "unread": worry.unread,
        "reworded": worry.reworded,
        "enough": worry.enough,
        "owner": projection.disclosed_text(worry.owner),
        "review": worry.review,
    }


def _action_data(projection: TableProjection, contribution: Contribution) -> dict[str, Any]:
    more = contribution.entry.data.get("more")
    stated = more if isinstance(more, dict) else {}
    return {
        "id": contribution.id,
        "text": contribution.text,
        "who": projection.disclosed_text(stated.get("who")),
        "when": str(stated.get("when") or ""),
    }


def _response_data(projection: TableProjection, contribution: Contribution) -> dict[str, Any]:
    data = contribution.entry.data
    on_behalf = projection.disclosed_text(data.get("on_behalf_of"))
    did = str(data.get("did") or "")
    return {
        "id": contribution.id,
        "text": contribution.text,
        "did": did,
        "on_behalf_of": on_behalf,
        "at": iso_time(contribution.first_version.header.at_ms),
    }
