"""The tables of answers: stances on views, checks, and positions on proposals.

The group sees some answers with a name and some only as one of a count. A table discloses no more than that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cowork.analysis import proposals
from cowork.analysis.checks import CheckResult, check_by_contributors, check_by_everyone
from cowork.analysis.differences import confirmations, stances, view_difference
from cowork.analysis.participation import MIN_GROUP_SIZE
from cowork.core.access.participant_view import Contribution
from cowork.core.level_sets import Level
from cowork.core.proposals import worry_text
from cowork.core.provenance import active_references
from cowork.core.quotes import gap_in
from cowork.tables.columns import AT, BOOL, BY, DATA, EPISODE, ID, NUMBER, PERSON, TEXT, Column, make_table
from cowork.text import translate

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.tables.projection import TableProjection

STANCE_COLUMNS = {
    "id": ID,
    "view": Column(TEXT, "id of the view"),
    "version": Column(TEXT, "the version of it that was answered"),
    "kind": Column(TEXT, "stance: anyone's answer to the present wording; standing: where a holder stands"),
    "answer": Column(TEXT, "stance: with, unsure, differ; standing: still, partly, changed, or empty for not said"),
    "text": Column(TEXT, "why, where somebody wrote it"),
    "earlier": Column(DATA, "list of what the same person answered before, oldest first"),
    "by": BY,
    "person": PERSON,
    "at": AT,
    "episode": EPISODE,
}

CHECK_COLUMNS = {
    "id": ID,
    "about": Column(TEXT, "id of what was checked"),
    "about_kind": Column(TEXT, "view, understanding, reservation …"),
    "version": Column(TEXT, "the wording that is asked about: the present one"),
    "of": Column(TEXT, "holder: whose view it is; said: whose words it rests on; all: everyone; author: whose worry"),
    "result": Column(TEXT, "yes, nearly, no …; own: the holder's own words; empty for not said"),
    "reached": Column(BOOL, "false: cannot be asked (a voice of talk brought in, or somebody who left)"),
    "text": Column(TEXT, "words with it"),
    "by": BY,
    "person": PERSON,
    "at": AT,
    "episode": EPISODE,
}

POSITION_COLUMNS = {
    "proposal": Column(TEXT, "id of the proposal"),
    "version": Column(TEXT, "the version that was answered"),
    "round": Column(NUMBER, "which round, from 1"),
    "rule": Column(TEXT, "the rule that was fixed first: answered, consent, talk, count, look, advice, own"),
    "levels": Column(TEXT, "the level set and its version, five/1"),
    "level": Column(TEXT, "code of the answer"),
    "level_label": Column(TEXT, "the words people answered with, in English"),
    "step": Column(NUMBER, "place on the scale, from 1; empty beside the scale"),
    "apart": Column(BOOL, "beside the scale: not sure, abstain"),
    "moved_from": Column(TEXT, "code of the same person's answer before; empty where it did not change"),
    "text": Column(TEXT, "words with it"),
    "worry": Column(TEXT, "the worry it names, in words; empty where it names none or they were not written"),
    "answerer": Column(
        TEXT, f"A1, A2 …: one person in the rounds of one proposal; empty below {MIN_GROUP_SIZE} answers"
    ),
}

#: The counts of a round; in `rounds()`, and in `outcomes()` for the round that was closed.
COUNT_COLUMNS = {
    "version": Column(TEXT, "the version of the proposal that was answered"),
    "round": Column(NUMBER, "which round, from 1"),
    "rule": Column(DATA, "the rule that was fixed first: {code, n, name, text}; empty where none was"),
    "counts": Column(DATA, "answers of that moment, in the order of the scale: list of {level, label, n}"),
    "apart": Column(DATA, "the same beside the scale: not sure, abstain"),
    "answered": Column(NUMBER, "how many answered"),
    "not_answered": Column(NUMBER, "how many of those who took part then did not; nobody guesses for them"),
    "answers_taken_back": Column(NUMBER, "answers of that moment that were taken back or erased since"),
    "answers_kept_back": Column(NUMBER, "answers that are in none of these numbers, since they are not for research"),
}

ROUND_COLUMNS = {
    "proposal": Column(TEXT, "id of the proposal"),
    "text": Column(TEXT, "the words that were answered; empty where they may not leave"),
    "shown": Column(BOOL, "the answers were shown together; before that nothing of them is counted here"),
    **COUNT_COLUMNS,
}


# ---- to a view


def stance_table(projection: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    for view in projection.disclosed_view.of_kind("view"):
        if not view.first_version.targets("renders"):
            rows += _stance_rows(projection, view)
            rows += _standing_rows(projection, view)
    attrs = projection.attrs() | {"answers_kept_back": projection.answers_kept_back}
    return make_table(rows, STANCE_COLUMNS, attrs)


def _stance_rows(projection: TableProjection, view: Contribution) -> Iterator[dict[str, Any]]:
    for answer in stances(projection.group_view, view.id):
        if projection.excludes_from_research(answer.author):
            continue
        yield projection.signed_answer(answer) | {
            "view": view.id,
            "version": projection.answered_version(answer.entry, "answers"),
            "kind": "stance",
            "answer": str(answer.entry.data.get("stance", "")),
            "earlier": [str(version.data.get("stance", "")) for version in answer.earlier],
        }


def _standing_rows(projection: TableProjection, view: Contribution) -> Iterator[dict[str, Any]]:
    for standing in view_difference(projection.group_view, view).standings:
        if projection.excludes_from_research(standing.person):
            continue
        answer = projection.visible_answer(standing.entry)
        signed = projection.signed_answer(answer)
        if answer is None:  # who it is that has not said is known: they hold the view
            signed |= {
                "by": projection.name_of_person(standing.person),
                "person": projection.key_of_person(standing.person),
            }
        yield signed | {
            "view": view.id,
            "version": projection.answered_version(answer.entry, "answers") if answer else view.entry.id,
            "kind": "standing",
            "answer": standing.code if answer else "",
            "earlier": [str(version.data.get("standing", "")) for version in standing.history] if answer else [],
        }


# ---- did we get it right?


def check_table(projection: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    for found in projection.disclosed_view.of_kind("view", "understanding", "reservation"):
        if found.first_version.targets("renders"):
            continue
        if found.kind == "view":
            rows += _confirmation_rows(projection, found)
        elif found.kind == "understanding":
            rows += _check_rows(projection, found, check_by_contributors(projection.group_view, found.id))
            rows += _check_rows(projection, found, check_by_everyone(projection.group_view, found.id))
        else:
            rows += _reservation_check_rows(projection, found)
    attrs = projection.attrs() | {"answers_kept_back": projection.answers_kept_back}
    return make_table(rows, CHECK_COLUMNS, attrs)


def _check_row(found: Contribution, of: str, result: str, reached: bool, signed: dict[str, Any]) -> dict[str, Any]:
    about = {"about": found.id, "about_kind": found.kind, "version": found.entry.id}
    return signed | about | {"of": of, "result": result, "reached": reached}


def _confirmation_rows(projection: TableProjection, view: Contribution) -> Iterator[dict[str, Any]]:
    own = {version.id for version in projection.state.current(view.id)}
    for confirmation in confirmations(projection.group_view, view.id):
        if projection.excludes_from_research(confirmation.person):
            continue
        wrote = confirmation.entry is not None and confirmation.entry.id in own
        visible = None if wrote else projection.visible_answer(confirmation.entry)
        signed = projection.signed_answer(visible)
        if visible is None:
            signed |= {
                "by": projection.name_of_person(confirmation.person),
                "person": projection.key_of_person(confirmation.person),
            }
        result = "own" if wrote else confirmation.code if visible else ""
        yield _check_row(
            view, "holder", result, bool(result) or projection.state.takes_part(confirmation.person), signed
        )


def _check_rows(projection: TableProjection, found: Contribution, check: CheckResult) -> list[dict[str, Any]]:
    """One row for each person asked. Chosen answers have no name, and are sorted by their result alone."""
    rows = []
    for person in check.asked:
        if projection.excludes_from_research(person):
            continue
        answer = projection.visible_answer(check.answers.get(person))
        result = str(check.answers[person].data.get("result", "")) if answer else ""
        reached = bool(result) or projection.state.takes_part(person)
        rows.append(_check_row(found, check.of, result, reached, projection.signed_answer(answer, words_only=True)))
    return sorted(rows, key=lambda made: (not made["id"], made["result"], not made["reached"], made["id"]))


def _reservation_check_rows(projection: TableProjection, worry: Contribution) -> Iterator[dict[str, Any]]:
    """The check of a reservation's answer by its author."""
    state = projection.state
    checks = [check for check in active_references(state, worry.id, "checks") if check.header.by == worry.author]
    answer = projection.visible_answer(state.sorted(checks)[-1]) if checks else None
    signed = projection.signed_answer(answer)
    if answer is None:
        signed |= {"by": projection.name_of_author(worry), "person": projection.key_of_author(worry)}
    result = str(answer.entry.data.get("result", "")) if answer else ""
    yield _check_row(worry, "author", result, bool(result) or state.takes_part(worry.author), signed)


# ---- to a proposal


def position_table(projection: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    unanswered: dict[str, int] = {}
    for contribution in projection.disclosed_view.of_kind("proposal"):
        proposal = (
            proposals.proposal(projection.disclosed_view, contribution.id)
            if not contribution.first_version.targets("renders")
            else None
        )
        if proposal is None:
            continue
        keys = _answerer_keys(proposal)
        for round_ in proposal.rounds:
            if round_.is_revealed:
                unanswered[round_.version.id] = round_.silent
                rows += _position_rows(projection, contribution, round_, keys)
    attrs = projection.attrs() | {"answers_kept_back": projection.answers_kept_back, "not_answered": unanswered}
    return make_table(rows, POSITION_COLUMNS, attrs)


def round_table(projection: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    for contribution in projection.disclosed_view.of_kind("proposal"):
        proposal = (
            proposals.proposal(projection.disclosed_view, contribution.id)
            if not contribution.first_version.targets("renders")
            else None
        )
        for round_ in proposal.rounds if proposal else ():
            withheld = bool(gap_in(projection.disclosed_view, round_.version.id))
            text = "" if withheld else str(round_.version.data.get("text") or "")
            rows.append(
                {
                    "proposal": contribution.id,
                    "text": text,
                    "shown": round_.is_revealed,
                    **round_counts(projection, round_),
                }
            )
    return make_table(rows, ROUND_COLUMNS, projection.attrs())


def round_counts(projection: TableProjection, round_: proposals.Round) -> dict[str, Any]:
    """The counts of each answer in a round. An answer that is not for research is in none of them.

    Before the answers are revealed nobody knows a count, and the columns are empty.
    """
    if not round_.is_revealed:
        return {
            **empty_round_counts(),
            "version": round_.version.id,
            "round": round_.number,
            "rule": _rule_data(projection, round_),
        }
    excluded = 0

    def counts(steps: tuple[proposals.LevelCount, ...]) -> list[dict[str, Any]]:
        nonlocal excluded
        counted = []
        for step in steps:
            not_for_research = sum(projection.excludes_from_research(position.person) for position in step.positions)
            excluded += not_for_research
            counted.append({"level": step.level.code, "label": level_label(step.level), "n": step.n - not_for_research})
        return counted

    scale, apart = counts(round_.rows), counts(round_.beside_scale)
    return {
        "version": round_.version.id,
        "round": round_.number,
        "rule": _rule_data(projection, round_),
        "counts": scale,
        "apart": apart,
        "answered": round_.answered - excluded,
        "not_answered": round_.silent,
        "answers_taken_back": round_.withdrawn,
        "answers_kept_back": excluded,
    }


def empty_round_counts() -> dict[str, Any]:
    """The empty columns where there is no round, or none that was revealed."""
    empty: dict[str, Any] = {"version": "", "round": None, "rule": {}, "counts": [], "apart": []}
    return empty | {"answered": None, "not_answered": None, "answers_taken_back": None, "answers_kept_back": None}


def _rule_data(projection: TableProjection, round_: proposals.Round) -> dict[str, Any]:
    return {name: projection.disclosed_text(value) if name == "name" else value for name, value in round_.rule.items()}


def _position_rows(
    projection: TableProjection, contribution: Contribution, round_: proposals.Round, keys: dict[str, str]
) -> list[dict[str, Any]]:
    before = {moved.position.person: moved.before for moved in round_.changes}
    steps = {level_row.level.code: step for step, level_row in enumerate(round_.rows, 1)}
    rows = []
    for level_count in (*round_.rows, *round_.beside_scale):
        for position in level_count.positions:
            if projection.excludes_from_research(position.person):
                continue
            keyed = round_.answered >= MIN_GROUP_SIZE and not projection.withholds_all(position.person)
            rows.append(
                {
                    "proposal": contribution.id,
                    "version": round_.version.id,
                    "round": round_.number,
                    "rule": str(round_.rule.get("code", "")),
                    "levels": f"{round_.levels.id}/{round_.levels.version}",
                    "level": level_count.level.code,
                    "level_label": level_label(level_count.level),
                    "step": steps.get(level_count.level.code),
                    "apart": level_count in round_.beside_scale,
                    "moved_from": before.get(position.person, ""),
                    "text": str(position.entry.data.get("text", "")),
                    "worry": worry_text(position.entry),
                    "answerer": keys[position.person] if keyed else "",
                }
            )
    # Not in order of time: that would disclose who answered, by the times of other texts.
    return sorted(
        rows, key=lambda row: (row["step"] or 99, row["level"], not row["answerer"], row["answerer"], row["text"])
    )


def _answerer_keys(proposal: proposals.Proposal) -> dict[str, str]:
    """person -> key within this proposal, in an order that discloses nothing about when they answered or joined."""
    people = {
        position.person
        for round_ in proposal.rounds
        if round_.is_revealed
        for row in (*round_.rows, *round_.beside_scale)
        for position in row.positions
    }
    mixed = sorted(people, key=lambda person: hashlib.sha256(f"{proposal.contribution.id} {person}".encode()).digest())
    return {person: f"A{number}" for number, person in enumerate(mixed, 1)}


def level_label(level: Level) -> str:
    return level.label or translate(level.key, "en")
