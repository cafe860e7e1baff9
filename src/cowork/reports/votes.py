"""Answers to a proposal, in a report: dots, counts and words, who moved and why; never an average.

Answers are promised to stand without a name. A name is there only where somebody chose one for the words they gave.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowork.analysis.proposals import LevelCount as LevelRow
from cowork.analysis.proposals import Moved, Round
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


def votes_in(reader: Reader, r: Round, open_: bool, moved: tuple[Moved, ...], ending_words: str = "") -> RoundView:
    """A wording with its answers. `ending_words` are not printed a second time."""
    found = reader.seen.of_id(r.version.id) if open_ else None
    readable = found is not None and found.standing == "here" and reader.seen.sees_version(r.version)
    words = reader.words(r.version) if readable and r.version.body is not None else None
    sentence, own, name = _rule(reader, r, readable)
    elsewhere = {m.position.root for m in moved}  # their words stand beside how they moved
    bars = tuple(_bar(reader, row, elsewhere) for row in r.rows)  # without a dot before all are shown together
    apart = tuple(bar for row in r.apart if (bar := _bar(reader, row, elsewhere)).n)
    kept = sum(not reader.counts(p.person) for row in (*r.rows, *r.apart) for p in row.positions)
    lines = [reader.t("position.left", n=r.left)] if r.left else []
    if r.taken:
        lines.append(reader.t("position.taken", n=r.taken))
    if kept:
        lines.append(reader.t("report.answers_kept", n=kept))
    if not any(bar.n for bar in (*bars, *apart)) and not kept:
        bars, apart = (), ()
    return RoundView(
        reader.t("agreement.draft", n=r.number),
        words if words and words.text != ending_words else None,
        "" if words else reader.gap("kept"),
        sentence,
        own,
        reader.t("report.dated", date=reader.day(r.version.header.at_ms)) if r.rule else "",
        name,
        bars,
        apart,
        r.silent if bars else 0,
        tuple(lines),
        tuple(_moved(reader, m, r.levels) for m in moved if reader.counts(m.position.person)),
    )


def _bar(reader: Reader, row: LevelRow, elsewhere: set[str]) -> AnswerBar:
    counted = [p for p in row.positions if reader.counts(p.person)]
    said = [s for p in counted if p.root not in elsewhere and (s := _said(reader, p)) is not None]
    return AnswerBar(_level(reader, row.level), len(counted), tuple(said))


def _said(reader: Reader, p: Position, lead: str = "") -> AnswerLine | None:
    """What somebody wrote with their answer, as far as it may leave. Answers are promised to stand without a name: a
    name is there only where it was chosen for these words."""
    found, words = reader.seen.of_id(p.root), reader.words(p.entry)
    if found is None or not words or not reader.may_print(p.entry):
        return None
    return AnswerLine(words, reader.who(found, p.entry) if p.entry.data.get("shown") else None, lead)


def _moved(reader: Reader, m: Moved, levels: LevelSet) -> AnswerLine:
    def called(code: str) -> str:
        level = levels.level(code)
        label = _level(reader, level) if level else code
        return label.text if isinstance(label, Words) else label

    lead = reader.t("position.moved_line", before=called(m.before), after=called(m.after))
    return _said(reader, m.position, lead) or AnswerLine(Words(""), None, lead)


def _level(reader: Reader, level: Level) -> str | Words:
    return reader.t(level.key) if level.key else reader.typed(level.label)


def _rule(reader: Reader, r: Round, readable: bool) -> tuple[str, Words, Words]:
    """The rule as a sentence of ours, or in the group's own words where they wrote it; and a name in the sentence.

    Of a wording that stays inside only the sentence leaves, without a word that somebody typed into the rule.
    """
    nothing = Words("")
    typed = r.rule if readable else {}
    code, own = str(r.rule.get("code", "")), reader.typed(typed.get("text"), r.version.data.get("lang"))
    if not code:
        return reader.t("report.no_rule"), nothing, nothing
    if own:
        return "", own, nothing
    if code == "count":
        least = r.rule.get("n")
        return reader.t("rule.count", n=least if isinstance(least, int) else 0, N=r.asked), nothing, nothing
    if code == "advice":
        said = str(typed.get("name") or "")
        who = reader.person(said) if said else Who(reader.t("common.other_person"))
        return reader.t("rule.advice", name=who.text), nothing, Words(who.text if who.typed else "")
    return reader.t(f"rule.{code}"), nothing, nothing
