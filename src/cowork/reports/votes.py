"""Positions on a proposal in a report: dots, counts, words and changes; never an average.

Positions are shown without names. A name appears only where somebody chose one for the words they gave.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowork.analysis.proposals import LevelCount as LevelRow
from cowork.analysis.proposals import PositionChange, Round
from cowork.core.level_sets import Level, LevelSet
from cowork.core.proposals import Position
from cowork.reports.reader import Reader, Who, Words


@dataclass(frozen=True)
class AnswerLine:
    """Words somebody gave with an answer. `who` is None where they did not choose to be named beside them."""

    words: Words
    who: Who | None
    lead: str = ""


@dataclass(frozen=True)
class AnswerBar:
    """One answer: how many dots it has, and what was said with it."""

    label: str | Words
    n: int
    said: tuple[AnswerLine, ...]


@dataclass(frozen=True)
class RoundView:
    """One wording with its answers. `bars` is empty where no answers are shown; `lines` are what is counted apart.

    The rule is a sentence of ours (`rule_name` is a name in it that somebody typed) or the group's own words.
    """

    number: str
    words: Words | None
    gap: str
    rule: str
    rule_words: Words
    rule_set: str
    rule_name: Words
    bars: tuple[AnswerBar, ...]
    apart: tuple[AnswerBar, ...]
    silent: int
    lines: tuple[str, ...]
    moved: tuple[AnswerLine, ...]


def votes_in(
    reader: Reader, round_: Round, is_revealed: bool, changes: tuple[PositionChange, ...], ending_words: str = ""
) -> RoundView:
    """A wording with its answers. `ending_words` are not printed a second time."""
    found = reader.view.of_id(round_.version.id) if is_revealed else None
    readable = found is not None and found.is_active and reader.view.can_see_version(round_.version)
    words = reader.words(round_.version) if readable and round_.version.body is not None else None
    sentence, own, name = _rule_sentence(reader, round_, readable)
    elsewhere = {change.position.root for change in changes}  # their words stand beside how they moved
    bars = tuple(
        _answer_bar(reader, row, elsewhere) for row in round_.rows
    )  # without a dot before all are shown together
    apart = tuple(bar for row in round_.beside_scale if (bar := _answer_bar(reader, row, elsewhere)).n)
    withheld = sum(
        not reader.may_count(position.person)
        for row in (*round_.rows, *round_.beside_scale)
        for position in row.positions
    )
    lines = [reader.t("position.left", n=round_.left_count)] if round_.left_count else []
    if round_.withdrawn:
        lines.append(reader.t("position.taken", n=round_.withdrawn))
    if withheld:
        lines.append(reader.t("report.answers_kept", n=withheld))
    if not any(bar.n for bar in (*bars, *apart)) and not withheld:
        bars, apart = (), ()
    return RoundView(
        reader.t("agreement.draft", n=round_.number),
        words if words and words.text != ending_words else None,
        "" if words else reader.gap("kept"),
        sentence,
        own,
        reader.t("report.dated", date=reader.day(round_.version.header.at_ms)) if round_.rule else "",
        name,
        bars,
        apart,
        round_.silent if bars else 0,
        tuple(lines),
        tuple(
            _change_line(reader, change, round_.levels)
            for change in changes
            if reader.may_count(change.position.person)
        ),
    )


def _answer_bar(reader: Reader, row: LevelRow, elsewhere: set[str]) -> AnswerBar:
    counted = [position for position in row.positions if reader.may_count(position.person)]
    lines = [
        line
        for position in counted
        if position.root not in elsewhere and (line := _answer_line(reader, position)) is not None
    ]
    return AnswerBar(_level_label(reader, row.level), len(counted), tuple(lines))


def _answer_line(reader: Reader, position: Position, lead: str = "") -> AnswerLine | None:
    """What somebody wrote with their answer, as far as it may leave. Answers are promised to stand without a name: a
    name is there only where it was chosen for these words."""
    found, words = reader.view.of_id(position.root), reader.words(position.entry)
    if found is None or not words or not reader.mark_printed(position.entry):
        return None
    return AnswerLine(
        words, reader.author_name(found, position.entry) if position.entry.data.get("shown") else None, lead
    )


def _change_line(reader: Reader, change: PositionChange, levels: LevelSet) -> AnswerLine:
    def called(code: str) -> str:
        level = levels.level(code)
        label = _level_label(reader, level) if level else code
        return label.text if isinstance(label, Words) else label

    lead = reader.t("position.moved_line", before=called(change.before), after=called(change.after))
    return _answer_line(reader, change.position, lead) or AnswerLine(Words(""), None, lead)


def _level_label(reader: Reader, level: Level) -> str | Words:
    return reader.t(level.key) if level.key else reader.typed(level.label)


def _rule_sentence(reader: Reader, round_: Round, readable: bool) -> tuple[str, Words, Words]:
    """The rule as a sentence of ours, or in the group's own words where they wrote it; and a name in the sentence.

    Of a wording that stays inside only the sentence leaves, without a word that somebody typed into the rule.
    """
    nothing = Words("")
    typed = round_.rule if readable else {}
    code, own = str(round_.rule.get("code", "")), reader.typed(typed.get("text"), round_.version.data.get("lang"))
    if not code:
        return reader.t("report.no_rule"), nothing, nothing
    if own:
        return "", own, nothing
    if code == "count":
        least = round_.rule.get("n")
        return reader.t("rule.count", n=least if isinstance(least, int) else 0, N=round_.asked), nothing, nothing
    if code == "advice":
        named = str(typed.get("name") or "")
        participant = reader.person_name(named) if named else Who(reader.t("common.other_person"))
        return (
            reader.t("rule.advice", name=participant.text),
            nothing,
            Words(participant.text if participant.typed else ""),
        )
    return reader.t(f"rule.{code}"), nothing, nothing
