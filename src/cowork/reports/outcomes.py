"""How it ended, in a report: an agreement, a kept difference or an open question, with every worry inside it.

`EndingView` and `ProposalView` hold their worries: no template has to remember to ask for them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cowork.analysis.proposals import Outcome, Proposal, Worry, actions, outcomes, proposal, proposals, responses
from cowork.core.access.participant_view import Contribution
from cowork.core.entries import Entry
from cowork.core.proposals import outcome_of
from cowork.core.provenance import changed_provenance
from cowork.reports.provenance import Changed, Node, changed, thread
from cowork.reports.reader import Item, Reader, Who, Words
from cowork.reports.superseded_answers import answers_left
from cowork.reports.votes import RoundView, votes_in
from cowork.text.labels import OUTCOME_LABELS


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
    """A proposal that has no ending here. `note` says so where there is one whose words are kept back."""

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
    changed: tuple[Changed, ...]
    renewed: tuple[tuple[str, Words], ...]
    nodes: tuple[Node, ...]
    actions: tuple[Item, ...]
    responses: tuple[tuple[Words, str, Item], ...]


def outcomes_in(reader: Reader, how: str, gaps: Counter[str]) -> tuple[OutcomeView, ...]:
    """Every ending of one sort that stands, oldest first."""
    return tuple(_ending(reader, e, gaps) for e in outcomes(reader.seen) if e.how == how)


def open_proposals(reader: Reader, gaps: Counter[str]) -> tuple[ProposalView, ...]:
    """Every proposal that no ending here closes, oldest first."""
    here = {e.proposal for e in outcomes(reader.seen)}
    found = [p for p in reversed(proposals(reader.seen)) if p.contribution.id not in here]
    return tuple(_proposal(reader, p, gaps) for p in found)


def reopened_outcomes(reader: Reader) -> tuple[tuple[Item, str, Words], ...]:
    """Endings that were opened again: they ended something, and no longer do. With the reason, where one was given."""
    state, found = reader.state, []
    here = {e.contribution.id for e in outcomes(reader.seen)}
    for c in reader.seen.of_kind("outcome"):
        acts = [state.entries[e] for v in state.versions_from(c.id) for e in state.about(v, "reopens")]
        if c.standing == "here" and c.id not in here and acts:
            last = state.sorted(acts)[-1]
            line = reader.t("report.reopened", date=reader.day(last.header.at_ms))
            found.append((reader.item(c), line, _why(reader, last)))
    return tuple(found)


def _why(reader: Reader, act: Entry) -> Words:
    """What was written with an act, as far as it may leave."""
    return reader.words(act) if reader.may_print(act) else Words("")


def _ending(reader: Reader, e: Outcome, gaps: Counter[str]) -> OutcomeView:
    seen, c = reader.seen, e.contribution
    closed = proposal(seen, e.proposal) if e.proposal else None
    rounds = closed.rounds if closed else ()
    last = next((r for r in rounds if e.round and r.version.id == e.round.version.id), None)
    before = [r for r in rounds if last and r.number < last.number]
    label = reader.t(OUTCOME_LABELS[e.how]) if e.how in OUTCOME_LABELS else ""
    if e.of_one:  # the words stand with the name of whoever kept it, where that may be told
        label = reader.t("ending.differ_one" if e.how == "difference" else "ending.open_one")
    item = reader.item(c)
    view = None
    if e.round is not None:
        # The ending has the answers of its moment; who moved since the wording before is known to the proposal.
        view = votes_in(reader, e.round, closed is not None, last.moved if last else e.round.moved, c.text)
    return OutcomeView(
        e.how,
        label,
        item,
        _about(reader, c) or (_about(reader, closed.contribution) if closed else ""),
        bool(c.entry.data.get("unwritten")),
        view,
        tuple(votes_in(reader, r, True, r.moved) for r in before),
        worries(reader, e.worries, gaps),
        changed(reader, changed_provenance(reader.state, c.id)),
        tuple((reader.t("report.renewed", date=reader.day(r.header.at_ms)), _why(reader, r)) for r in e.renewed),
        thread(reader, c.id, gaps),
        tuple(reader.item(a) for a in actions(seen, c.id)),
        tuple(_response(reader, r) for r in _responses(reader, e)),
    )


def _responses(reader: Reader, e: Outcome) -> list[Contribution]:
    found = [*responses(reader.seen, e.contribution.id), *(responses(reader.seen, e.proposal) if e.proposal else ())]
    asked = [r for a in actions(reader.seen, e.contribution.id) for r in responses(reader.seen, a.id)]
    return list({c.id: c for c in (*found, *asked)}.values())


def _response(reader: Reader, contribution: Contribution) -> tuple[Words, str, Item]:
    """On whose behalf, whether it was done, and the words."""
    line = {"did": "response.did", "did-not": "response.did_not"}.get(str(contribution.entry.data.get("did", "")), "")
    whom = reader.typed(contribution.entry.data.get("on_behalf_of"), contribution.entry.data.get("lang"))
    return whom, reader.t(line) if line else "", reader.item(contribution)


def _proposal(reader: Reader, p: Proposal, gaps: Counter[str]) -> ProposalView:
    kept = p.ending is None and outcome_of(reader.state, p.contribution.id) is not None
    return ProposalView(
        reader.item(p.contribution),
        _about(reader, p.contribution),
        tuple(votes_in(reader, r, True, r.moved, p.contribution.text) for r in p.rounds),
        worries(reader, p.worries, gaps),
        thread(reader, p.contribution.id, gaps),
        reader.t("report.ending_kept") if kept else "",
    )


def _about(reader: Reader, contribution: Contribution) -> str:
    """What sort of agreement it is: about values, how we work, something to do, something to ask for."""
    on = contribution.entry.data.get("on")
    return reader.t(f"agreement.about.{on}") if on in ("values", "how", "do", "ask") else ""


# ---- worries


def worries(reader: Reader, found: tuple[Worry, ...], gaps: Counter[str]) -> tuple[WorryView, ...]:
    """Every one of them: one whose words may not be shown stands as a gap, with its answers."""
    return tuple(_worry(reader, worry, gaps) for worry in found)


def _worry(reader: Reader, worry: Worry, gaps: Counter[str]) -> WorryView:
    if worry.gap:
        gaps[worry.gap] += 1
    own = ("owner", "review")
    written = [a for a in worry.answers if a.kind != "proposal"]
    enough = worry.enough if worry.enough in ("yes", "partly", "no") else ""
    return WorryView(
        reader.t("reservation.label.condition" if worry.sort == "condition" else "reservation.label.worry"),
        reader.item(worry.contribution, skip=own) if worry.contribution is not None else None,
        reader.gap(worry.gap) if worry.gap else "",
        tuple(reader.item(a, skip=own) for a in written),
        len(written) < len(worry.answers),
        reader.t("report.unread", n=worry.unread) if worry.unread else "",
        reader.t(f"reservation.enough.{enough}") if enough else "",
        answers_left(reader, worry.root) if worry.contribution is not None else (),
        _owner(reader, worry),
        reader.typed(worry.review),
        reader.t("position.worry_wordless") if worry.wordless else "",
    )


def _owner(reader: Reader, worry: Worry) -> Who:
    """Who looks after it, as last written: somebody chosen, or words."""
    said = ""
    for c in (worry.contribution, *worry.answers):
        if c is not None:
            more = c.entry.data.get("more")
            said = str((more.get("owner") if isinstance(more, dict) else "") or c.entry.data.get("owner") or said)
    return reader.person(said) if said else Who("")
