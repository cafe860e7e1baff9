"""Outcomes and open proposals in a report, each with every worry.

`OutcomeView` and `ProposalView` hold their worries: no template has to remember to ask for them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cowork.analysis.proposals import Outcome, Proposal, Worry, proposal
from cowork.core.access.participant_view import Contribution
from cowork.core.entries import Entry
from cowork.core.proposals import outcome_of
from cowork.reports.provenance import ChangedLine, Node, changed_lines, outcome_label, provenance_nodes
from cowork.reports.reader import Item, Reader, Who, Words
from cowork.reports.superseded_answers import superseded_answers
from cowork.reports.votes import RoundView, votes_in
from cowork.text.labels import RESPONSE_LABELS


@dataclass(frozen=True)
class WorryView:
    """A worry or condition with its answer. Where its words are not shown, `gap` says why; `reworded` is True where a
    new wording of the proposal is an answer to it, `checks` are the words its author gave with "enough?". `wordless`
    stands where somebody answered that they have a worry and wrote none."""

    label: str
    item: Item | None
    gap: str
    answers: tuple[Item, ...]
    reworded: bool
    unread: str
    enough: str
    checks: tuple[Item, ...]
    owner: Who
    review: Words
    wordless: str = ""


@dataclass(frozen=True)
class ProposalView:
    """A proposal without an outcome. `note` says so where there is one that is withheld."""

    item: Item
    about: str
    rounds: tuple[RoundView, ...]
    worries: tuple[WorryView, ...]
    nodes: tuple[Node, ...]
    note: str = ""


@dataclass(frozen=True)
class OutcomeView:
    how: str
    label: str
    item: Item
    about: str
    unwritten: bool
    round: RoundView | None
    earlier: tuple[RoundView, ...]
    worries: tuple[WorryView, ...]
    changed: tuple[ChangedLine, ...]
    renewed: tuple[tuple[str, Words], ...]
    nodes: tuple[Node, ...]
    actions: tuple[Item, ...]
    responses: tuple[tuple[Words, str, Item], ...]


def outcome_views(reader: Reader, how: str, gaps: Counter[str]) -> tuple[OutcomeView, ...]:
    """Every active outcome of one result, oldest first."""
    return tuple(_outcome_view(reader, outcome, gaps) for outcome in reader.outcomes if outcome.result == how)


def open_proposal_views(reader: Reader, gaps: Counter[str]) -> tuple[ProposalView, ...]:
    """Every proposal that no outcome closes, oldest first."""
    ended = {outcome.proposal for outcome in reader.outcomes}
    found = [proposal_ for proposal_ in reversed(reader.proposals) if proposal_.contribution.id not in ended]
    return tuple(_proposal_view(reader, proposal_, gaps) for proposal_ in found)


def reopened_outcomes(reader: Reader) -> tuple[tuple[Item, str, Words], ...]:
    """Outcomes that were reopened, with the reason where one was given."""
    state, found = reader.state, []
    outcome_ids = {outcome.contribution.id for outcome in reader.outcomes}
    for contribution in reader.view.active_of_kind("outcome"):
        acts = state.facts(contribution.id).referring("reopens")
        if contribution.id not in outcome_ids and acts:
            last = state.sorted(acts)[-1]
            line = reader.t("report.reopened", date=reader.day(last.header.at_ms))
            found.append((reader.item(contribution), line, _reason_of(reader, last)))
    return tuple(found)


def _reason_of(reader: Reader, act: Entry) -> Words:
    """The reason of an act, where it may leave the group."""
    return reader.words(act) if reader.mark_printed(act) else Words("")


def _outcome_view(reader: Reader, outcome: Outcome, gaps: Counter[str]) -> OutcomeView:
    contribution = outcome.contribution
    closed = proposal(reader.view, outcome.proposal) if outcome.proposal else None
    rounds = closed.rounds if closed else ()
    last = next((round_ for round_ in rounds if outcome.round and round_.version.id == outcome.round.version.id), None)
    earlier_rounds = [round_ for round_ in rounds if last and round_.number < last.number]
    item = reader.item(contribution)
    responses = {response.id: response for response in (*outcome.responses, *outcome.other_responses)}
    votes = None
    if outcome.round is not None:
        # The ending has the answers of its moment; who moved since the wording before is known to the proposal.
        votes = votes_in(
            reader,
            outcome.round,
            closed is not None,
            last.changes if last else outcome.round.changes,
            contribution.text,
        )
    return OutcomeView(
        outcome.result,
        outcome_label(reader, outcome.result, contribution.first_version),
        item,
        _topic_label(reader, contribution) or (_topic_label(reader, closed.contribution) if closed else ""),
        outcome.rests_on_unwritten,
        votes,
        tuple(votes_in(reader, round_, True, round_.changes) for round_ in earlier_rounds),
        worry_views(reader, outcome.worries, gaps),
        changed_lines(reader, outcome.changed),
        tuple(
            (reader.t("report.renewed", date=reader.day(round_.header.at_ms)), _reason_of(reader, round_))
            for round_ in outcome.renewed
        ),
        provenance_nodes(reader, contribution.id, gaps),
        tuple(reader.item(action) for action in outcome.actions),
        tuple(_response_line(reader, response) for response in responses.values()),
    )


def _response_line(reader: Reader, contribution: Contribution) -> tuple[Words, str, Item]:
    """On whose behalf, whether it was done, and the words."""
    line = RESPONSE_LABELS.get(str(contribution.entry.data.get("did", "")), "")
    whom = reader.typed(contribution.entry.data.get("on_behalf_of"), contribution.entry.data.get("lang"))
    return whom, reader.t(line) if line else "", reader.item(contribution)


def _proposal_view(reader: Reader, proposal_: Proposal, gaps: Counter[str]) -> ProposalView:
    withheld = proposal_.outcome is None and outcome_of(reader.state, proposal_.contribution.id) is not None
    return ProposalView(
        reader.item(proposal_.contribution),
        _topic_label(reader, proposal_.contribution),
        tuple(
            votes_in(reader, round_, True, round_.changes, proposal_.contribution.text) for round_ in proposal_.rounds
        ),
        worry_views(reader, proposal_.worries, gaps),
        provenance_nodes(reader, proposal_.contribution.id, gaps),
        reader.t("report.ending_kept") if withheld else "",
    )


def _topic_label(reader: Reader, contribution: Contribution) -> str:
    """The topic of a proposal: values, how we work, something to do, something to ask for."""
    on = contribution.entry.data.get("on")
    return reader.t(f"agreement.about.{on}") if on in ("values", "how", "do", "ask") else ""


# ---- worries


def worry_views(reader: Reader, found: tuple[Worry, ...], gaps: Counter[str]) -> tuple[WorryView, ...]:
    """The views of all worries: one whose words may not be shown is a gap, with its answers."""
    return tuple(_worry_view(reader, worry, gaps) for worry in found)


def _worry_view(reader: Reader, worry: Worry, gaps: Counter[str]) -> WorryView:
    if worry.gap:
        gaps[worry.gap] += 1
    own = ("owner", "review")
    written = [answer for answer in worry.answers if answer.kind != "proposal"]
    enough = worry.enough if worry.enough in ("yes", "partly", "no") else ""
    return WorryView(
        reader.t("reservation.label.condition" if worry.sort == "condition" else "reservation.label.worry"),
        reader.item(worry.contribution, skip=own) if worry.contribution is not None else None,
        reader.gap(worry.gap) if worry.gap else "",
        tuple(reader.item(answer, skip=own) for answer in written),
        len(written) < len(worry.answers),
        reader.t("report.unread", n=worry.unread) if worry.unread else "",
        reader.t(f"reservation.enough.{enough}") if enough else "",
        superseded_answers(reader, worry.root) if worry.contribution is not None else (),
        _worry_owner(reader, worry),
        reader.typed(worry.review),
        reader.t("position.worry_wordless") if worry.wordless else "",
    )


def _worry_owner(reader: Reader, worry: Worry) -> Who:
    """Who looks after it, as last written: somebody chosen, or words."""
    owner = ""
    for contribution in (worry.contribution, *worry.answers):
        if contribution is not None:
            fields = contribution.entry.data.get("more")
            owner = str(
                (fields.get("owner") if isinstance(fields, dict) else "")
                or contribution.entry.data.get("owner")
                or owner
            )
    return reader.person_name(owner) if owner else Who("")
