"""What people answered: to a view, to "did we get it right?", and to a proposal.

The group sees some answers with a name beside them and some as one of a count. Outside they have no more than that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cowork.analysis import proposals
from cowork.analysis.checks import CheckResult, check_all, check_said
from cowork.analysis.differences import confirmations, stances, view_difference
from cowork.analysis.participation import MIN_GROUP_SIZE
from cowork.core.access.participant_view import Contribution
from cowork.core.level_sets import Level
from cowork.core.proposals import worry_words
from cowork.core.provenance import is_active
from cowork.core.quotes import gap_in
from cowork.tables.columns import AT, BOOL, BY, DATA, EPISODE, ID, NUMBER, PERSON, TEXT, Column, frame
from cowork.text import translate

if TYPE_CHECKING:
    from pandas import DataFrame

    from cowork.tables.projection import TableProjection

STANCES = {
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

CHECKS = {
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

POSITIONS = {
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
COUNTED = {
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

ROUNDS = {
    "proposal": Column(TEXT, "id of the proposal"),
    "text": Column(TEXT, "the words that were answered; empty where they may not leave"),
    "shown": Column(BOOL, "the answers were shown together; before that nothing of them is counted here"),
    **COUNTED,
}


# ---- to a view


def of_stances(reading: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    for view in reading.outside.of_kind("view"):
        if not view.first.targets("renders"):
            rows += _stances(reading, view)
            rows += _standings(reading, view)
    attrs = reading.attrs() | {"answers_kept_back": reading.answers_kept_back}
    return frame(rows, STANCES, attrs)


def _stances(reading: TableProjection, view: Contribution) -> Iterator[dict[str, Any]]:
    for given in stances(reading.inside, view.id):
        if reading.leaves_out(given.author):
            continue
        yield reading.signed_answer(given) | {
            "view": view.id,
            "version": reading.version(given.entry, "answers"),
            "kind": "stance",
            "answer": str(given.entry.data.get("stance", "")),
            "earlier": [str(version.data.get("stance", "")) for version in given.earlier],
        }


def _standings(reading: TableProjection, view: Contribution) -> Iterator[dict[str, Any]]:
    for stand in view_difference(reading.inside, view).standings:
        if reading.leaves_out(stand.person):
            continue
        given = reading.shown_answer(stand.entry)
        signed = reading.signed_answer(given)
        if given is None:  # who it is that has not said is known: they hold the view
            signed |= {"by": reading.name_of(stand.person), "person": reading.key_of(stand.person)}
        yield signed | {
            "view": view.id,
            "version": reading.version(given.entry, "answers") if given else view.entry.id,
            "kind": "standing",
            "answer": stand.code if given else "",
            "earlier": [str(version.data.get("standing", "")) for version in stand.history] if given else [],
        }


# ---- did we get it right?


def of_checks(reading: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    for found in reading.outside.of_kind("view", "understanding", "reservation"):
        if found.first.targets("renders"):
            continue
        if found.kind == "view":
            rows += _confirmed(reading, found)
        elif found.kind == "understanding":
            rows += _checked(reading, found, check_said(reading.inside, found.id))
            rows += _checked(reading, found, check_all(reading.inside, found.id))
        else:
            rows += _enough(reading, found)
    attrs = reading.attrs() | {"answers_kept_back": reading.answers_kept_back}
    return frame(rows, CHECKS, attrs)


def _check(found: Contribution, of: str, result: str, reached: bool, signed: dict[str, Any]) -> dict[str, Any]:
    about = {"about": found.id, "about_kind": found.kind, "version": found.entry.id}
    return signed | about | {"of": of, "result": result, "reached": reached}


def _confirmed(reading: TableProjection, view: Contribution) -> Iterator[dict[str, Any]]:
    own = {version.id for version in reading.state.current(view.id)}
    for answer in confirmations(reading.inside, view.id):
        if reading.leaves_out(answer.person):
            continue
        wrote = answer.entry is not None and answer.entry.id in own
        given = None if wrote else reading.shown_answer(answer.entry)
        signed = reading.signed_answer(given)
        if given is None:
            signed |= {"by": reading.name_of(answer.person), "person": reading.key_of(answer.person)}
        result = "own" if wrote else answer.code if given else ""
        yield _check(view, "holder", result, bool(result) or reading.state.takes_part(answer.person), signed)


def _checked(reading: TableProjection, found: Contribution, check: CheckResult) -> list[dict[str, Any]]:
    """One row for each who is asked. Chosen answers have no name and stand in no order but that of the result."""
    rows = []
    for person in check.asked:
        if reading.leaves_out(person):
            continue
        given = reading.shown_answer(check.answers.get(person))
        result = str(check.answers[person].data.get("result", "")) if given else ""
        reached = bool(result) or reading.state.takes_part(person)
        rows.append(_check(found, check.of, result, reached, reading.signed_answer(given, words_only=True)))
    return sorted(rows, key=lambda made: (not made["id"], made["result"], not made["reached"], made["id"]))


def _enough(reading: TableProjection, worry: Contribution) -> Iterator[dict[str, Any]]:
    """What the author of a worry says of its answer."""
    state = reading.state
    said = [
        state.entries[entry_id]
        for version in state.versions_from(worry.id)
        for entry_id in state.about(version, "checks")
        if state.entries[entry_id].header.by == worry.author and is_active(state, entry_id)
    ]
    given = reading.shown_answer(state.sorted(said)[-1]) if said else None
    signed = reading.signed_answer(given)
    if given is None:
        signed |= {"by": reading.by(worry), "person": reading.key(worry)}
    result = str(given.entry.data.get("result", "")) if given else ""
    yield _check(worry, "author", result, bool(result) or state.takes_part(worry.author), signed)


# ---- to a proposal


def of_positions(reading: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    silent: dict[str, int] = {}
    for found in reading.outside.of_kind("proposal"):
        made = proposals.proposal(reading.outside, found.id) if not found.first.targets("renders") else None
        if made is None:
            continue
        keys = _keys(made)
        for held in made.rounds:
            if held.shown:
                silent[held.version.id] = held.silent
                rows += _round(reading, found, held, keys)
    attrs = reading.attrs() | {"answers_kept_back": reading.answers_kept_back, "not_answered": silent}
    return frame(rows, POSITIONS, attrs)


def of_rounds(reading: TableProjection) -> DataFrame:
    rows: list[dict[str, Any]] = []
    for found in reading.outside.of_kind("proposal"):
        made = proposals.proposal(reading.outside, found.id) if not found.first.targets("renders") else None
        for held in made.rounds if made else ():
            kept = bool(gap_in(reading.outside, held.version.id))
            text = "" if kept else str(held.version.data.get("text") or "")
            rows.append({"proposal": found.id, "text": text, "shown": held.shown, **counted(reading, held)})
    return frame(rows, ROUNDS, reading.attrs())


def counted(reading: TableProjection, held: proposals.Round) -> dict[str, Any]:
    """How many gave each answer in a round. An answer that is no part of research is in none of the numbers.

    Before the answers are shown together nobody knows a number, and none stands here.
    """
    if not held.shown:
        return {**not_counted(), "version": held.version.id, "round": held.number, "rule": _rule(reading, held)}
    out = 0

    def counts(steps: tuple[proposals.LevelCount, ...]) -> list[dict[str, Any]]:
        nonlocal out
        made = []
        for step in steps:
            left = sum(reading.leaves_out(position.person) for position in step.positions)
            out += left
            made.append({"level": step.level.code, "label": label(step.level), "n": step.n - left})
        return made

    scale, apart = counts(held.rows), counts(held.apart)
    return {
        "version": held.version.id,
        "round": held.number,
        "rule": _rule(reading, held),
        "counts": scale,
        "apart": apart,
        "answered": held.answered - out,
        "not_answered": held.silent,
        "answers_taken_back": held.taken,
        "answers_kept_back": out,
    }


def not_counted() -> dict[str, Any]:
    """The same columns where there is no round, or none that was shown."""
    empty: dict[str, Any] = {"version": "", "round": None, "rule": {}, "counts": [], "apart": []}
    return empty | {"answered": None, "not_answered": None, "answers_taken_back": None, "answers_kept_back": None}


def _rule(reading: TableProjection, held: proposals.Round) -> dict[str, Any]:
    return {name: reading.typed(value) if name == "name" else value for name, value in held.rule.items()}


def _round(
    reading: TableProjection, found: Contribution, held: proposals.Round, keys: dict[str, str]
) -> list[dict[str, Any]]:
    before = {moved.position.person: moved.before for moved in held.moved}
    steps = {row.level.code: step for step, row in enumerate(held.rows, 1)}
    rows = []
    for made in (*held.rows, *held.apart):
        for position in made.positions:
            if reading.leaves_out(position.person):
                continue
            keyed = held.answered >= MIN_GROUP_SIZE and not reading.keeps(position.person)
            rows.append(
                {
                    "proposal": found.id,
                    "version": held.version.id,
                    "round": held.number,
                    "rule": str(held.rule.get("code", "")),
                    "levels": f"{held.levels.id}/{held.levels.version}",
                    "level": made.level.code,
                    "level_label": label(made.level),
                    "step": steps.get(made.level.code),
                    "apart": made in held.apart,
                    "moved_from": before.get(position.person, ""),
                    "text": str(position.entry.data.get("text", "")),
                    "worry": worry_words(position.entry),
                    "answerer": keys[position.person] if keyed else "",
                }
            )
    # By no order of time: it would say who answered beside which other text.
    return sorted(rows, key=lambda r: (r["step"] or 99, r["level"], not r["answerer"], r["answerer"], r["text"]))


def _keys(made: proposals.Proposal) -> dict[str, str]:
    """person -> key within this proposal, in an order that says nothing of when anybody answered or joined."""
    people = {
        position.person
        for held in made.rounds
        if held.shown
        for row in (*held.rows, *held.apart)
        for position in row.positions
    }
    mixed = sorted(people, key=lambda person: hashlib.sha256(f"{made.contribution.id} {person}".encode()).digest())
    return {person: f"A{n}" for n, person in enumerate(mixed, 1)}


def label(level: Level) -> str:
    return level.label or translate(level.key, "en")
