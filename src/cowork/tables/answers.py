"""What people answered: to a view, to "did we get it right?", and to a proposal.

The group sees some answers with a name beside them and some as one of a count. Outside they have no more than that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cowork.analysis import proposals
from cowork.analysis.checks import CheckResult, check_by_everyone, check_by_contributors
from cowork.analysis.differences import confirmations, stances, view_difference
from cowork.analysis.participation import MIN_GROUP_SIZE
from cowork.core.access.participant_view import Contribution
from cowork.core.level_sets import Level
from cowork.core.proposals import worry_text
from cowork.core.provenance import is_active
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

#: How a round was answered; in `rounds()`, and in `outcomes()` of the round that was closed.
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
    for answers in stances(projection.group_view, view.id):
        if projection.excludes_from_research(answers.author):
            continue
        yield projection.signed_answer(answers) | {
            "view": view.id,
            "version": projection.answered_version(answers.entry, "answers"),
            "kind": "stance",
            "answer": str(answers.entry.data.get("stance", "")),
            "earlier": [str(version.data.get("stance", "")) for version in answers.earlier],
        }


def _standing_rows(projection: TableProjection, view: Contribution) -> Iterator[dict[str, Any]]:
    for standing in view_difference(projection.group_view, view).standings:
        if projection.excludes_from_research(standing.person):
            continue
        answers = projection.visible_answer(standing.entry)
        signed = projection.signed_answer(answers)
        if answers is None:  # who it is that has not said is known: they hold the view
            signed |= {"by": projection.name_of_person(standing.person), "person": projection.key_of_person(standing.person)}
        yield signed | {
            "view": view.id,
            "version": projection.answered_version(answers.entry, "answers") if answers else view.entry.id,
            "kind": "standing",
            "answer": standing.code if answers else "",
            "earlier": [str(version.data.get("standing", "")) for version in standing.history] if answers else [],
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
    for answer in confirmations(projection.group_view, view.id):
        if projection.excludes_from_research(answer.person):
            continue
        wrote = answer.entry is not None and answer.entry.id in own
        answers = None if wrote else projection.visible_answer(answer.entry)
        signed = projection.signed_answer(answers)
        if answers is None:
            signed |= {"by": projection.name_of_person(answer.person), "person": projection.key_of_person(answer.person)}
        result = "own" if wrote else answer.code if answers else ""
        yield _check_row(view, "holder", result, bool(result) or projection.state.takes_part(answer.person), signed)


def _check_rows(projection: TableProjection, found: Contribution, check: CheckResult) -> list[dict[str, Any]]:
    """One row for each who is asked. Chosen answers have no name and stand in no order but that of the result."""
    rows = []
    for person in check.asked:
        if projection.excludes_from_research(person):
            continue
        answers = projection.visible_answer(check.answers.get(person))
        result = str(check.answers[person].data.get("result", "")) if answers else ""
        reached = bool(result) or projection.state.takes_part(person)
        rows.append(_check_row(found, check.of, result, reached, projection.signed_answer(answers, words_only=True)))
    return sorted(rows, key=lambda made: (not made["id"], made["result"], not made["reached"], made["id"]))


def _reservation_check_rows(projection: TableProjection, worry: Contribution) -> Iterator[dict[str, Any]]:
    """What the author of a worry says of its answer."""
    state = projection.state
    stated = [
        state.entries[entry_id]
        for version in state.versions_from(worry.id)
        for entry_id in state.references_to(version, "checks")
        if state.entries[entry_id].header.by == worry.author and is_active(state, entry_id)
    ]
    answers = projection.visible_answer(state.sorted(stated)[-1]) if stated else None
    signed = projection.signed_answer(answers)
    if answers is None:
        signed |= {"by": projection.name_of_author(worry), "person": projection.key_of_author(worry)}
    result = str(answers.entry.data.get("result", "")) if answers else ""
    yield _check_row(worry, "author", result, bool(result) or state.takes_part(worry.author), signed)


# ---- to a proposal


def position_table(projection: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    silent: dict[str, int] = {}
    for found in projection.disclosed_view.of_kind("proposal"):
        made = proposals.proposal(projection.disclosed_view, found.id) if not found.first_version.targets("renders") else None
        if made is None:
            continue
        keys = _answerer_keys(made)
        for round_ in made.rounds:
            if round_.is_revealed:
                silent[round_.version.id] = round_.silent
                rows += _position_rows(projection, found, round_, keys)
    attrs = projection.attrs() | {"answers_kept_back": projection.answers_kept_back, "not_answered": silent}
    return make_table(rows, POSITION_COLUMNS, attrs)


def round_table(projection: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    for found in projection.disclosed_view.of_kind("proposal"):
        made = proposals.proposal(projection.disclosed_view, found.id) if not found.first_version.targets("renders") else None
        for round_ in made.rounds if made else ():
            withheld = bool(gap_in(projection.disclosed_view, round_.version.id))
            text = "" if withheld else str(round_.version.data.get("text") or "")
            rows.append({"proposal": found.id, "text": text, "shown": round_.is_revealed, **round_counts(projection, round_)})
    return make_table(rows, ROUND_COLUMNS, projection.attrs())


def round_counts(projection: TableProjection, round_: proposals.Round) -> dict[str, Any]:
    """How many gave each answer in a round. An answer that is no part of research is in none of the numbers.

    Before the answers are shown together nobody knows a number, and none stands here.
    """
    if not round_.is_revealed:
        return {**empty_round_counts(), "version": round_.version.id, "round": round_.number, "rule": _rule_data(projection, round_)}
    out = 0

    def counts(steps: tuple[proposals.LevelCount, ...]) -> list[dict[str, Any]]:
        nonlocal out
        made = []
        for step in steps:
            left = sum(projection.excludes_from_research(position.person) for position in step.positions)
            out += left
            made.append({"level": step.level.code, "label": level_label(step.level), "n": step.n - left})
        return made

    scale, apart = counts(round_.rows), counts(round_.beside_scale)
    return {
        "version": round_.version.id,
        "round": round_.number,
        "rule": _rule_data(projection, round_),
        "counts": scale,
        "apart": apart,
        "answered": round_.answered - out,
        "not_answered": round_.silent,
        "answers_taken_back": round_.withdrawn,
        "answers_kept_back": out,
    }


def empty_round_counts() -> dict[str, Any]:
    """The same columns where there is no round, or none that was shown."""
    empty: dict[str, Any] = {"version": "", "round": None, "rule": {}, "counts": [], "apart": []}
    return empty | {"answered": None, "not_answered": None, "answers_taken_back": None, "answers_kept_back": None}


def _rule_data(projection: TableProjection, round_: proposals.Round) -> dict[str, Any]:
    return {name: projection.disclosed_text(value) if name == "name" else value for name, value in round_.rule.items()}


def _position_rows(
    projection: TableProjection, found: Contribution, round_: proposals.Round, keys: dict[str, str]
) -> list[dict[str, Any]]:
    before = {moved.position.person: moved.before for moved in round_.changes}
    steps = {row.level.code: step for step, row in enumerate(round_.rows, 1)}
    rows = []
    for made in (*round_.rows, *round_.beside_scale):
        for position in made.positions:
            if projection.excludes_from_research(position.person):
                continue
            keyed = round_.answered >= MIN_GROUP_SIZE and not projection.withholds_all(position.person)
            rows.append(
                {
                    "proposal": found.id,
                    "version": round_.version.id,
                    "round": round_.number,
                    "rule": str(round_.rule.get("code", "")),
                    "levels": f"{round_.levels.id}/{round_.levels.version}",
                    "level": made.level.code,
                    "level_label": level_label(made.level),
                    "step": steps.get(made.level.code),
                    "apart": made in round_.beside_scale,
                    "moved_from": before.get(position.person, ""),
                    "text": str(position.entry.data.get("text", "")),
                    "worry": worry_text(position.entry),
                    "answerer": keys[position.person] if keyed else "",
                }
            )
    # By no order of time: it would say who answered beside which other text.
    return sorted(rows, key=lambda r: (r["step"] or 99, r["level"], not r["answerer"], r["answerer"], r["text"]))


def _answerer_keys(made: proposals.Proposal) -> dict[str, str]:
    """person -> key within this proposal, in an order that says nothing of when anybody answered or joined."""
    people = {
        position.person
        for round_ in made.rounds
        if round_.is_revealed
        for row in (*round_.rows, *round_.beside_scale)
        for position in row.positions
    }
    mixed = sorted(people, key=lambda person: hashlib.sha256(f"{made.contribution.id} {person}".encode()).digest())
    return {person: f"A{n}" for n, person in enumerate(mixed, 1)}


def level_label(level: Level) -> str:
    return level.label or translate(level.key, "en")
