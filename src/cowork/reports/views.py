"""How people see it, in a report: each view in its holder's words, with the standing that only its holder set."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cowork.analysis.differences import (
    Confirmation,
    HolderStanding,
    ViewDifference,
    confirmations,
    stances,
    view_difference,
    view_differences,
)
from cowork.analysis.trace import is_taken_up
from cowork.core.access.participant_view import Contribution
from cowork.core.entries import Entry
from cowork.reports.provenance import Node, thread
from cowork.reports.reader import Item, Reader, Who, Words
from cowork.reports.superseded_answers import answers_left

_STANDINGS = ("still", "partly", "changed")
_STANCES = ("with", "unsure", "differ")
_CONFIRMED = {
    "yes": "documentation.confirmed",
    "nearly": "documentation.confirm.change",
    "no": "documentation.confirm.no",
    "out": "documentation.confirm.out",
}


@dataclass(frozen=True)
class Holding:
    """Where one holder stands. `standing` is their own choice in words, or "Not said"; `why` what they wrote with it.

    `gap` stands instead where their words do not leave. `earlier` is what they said before, oldest first; `confirmed`
    what they said of the wording, where it is not their own.
    """

    who: Who
    standing: str
    said: bool
    when: str
    why: Words
    gap: str
    earlier: tuple[tuple[str, Words], ...]
    confirmed: str
    confirmed_words: Words


@dataclass(frozen=True)
class View:
    """A way of seeing it. `nobody` says so where no holder is named; `stances` are how many others answered what, and
    `items` what they wrote; `earlier` what was written with answers to earlier words."""

    item: Item
    holdings: tuple[Holding, ...]
    nobody: str
    differs: tuple[tuple[str, Words], ...]
    stances: tuple[tuple[str, int], ...]
    items: tuple[Item, ...]
    earlier: tuple[Item, ...]
    nodes: tuple[Node, ...]


def side_by_side(reader: Reader, gaps: Counter[str]) -> tuple[View, ...]:
    """The ledger: every view that differs from another, and every one that a kept difference rests on."""
    return tuple(view(reader, found, gaps) for found in view_differences(reader.seen))


def other_views(reader: Reader, gaps: Counter[str], *, built_on: bool) -> tuple[View, ...]:
    """Views that stand in no ledger: those that somebody built on, or those that nobody did."""
    inside = {found.view.id for found in view_differences(reader.seen)}
    rest = [c for c in reader.seen.of_kind("view") if c.standing == "here" and c.id not in inside]
    chosen = [c for c in rest if is_taken_up(reader.seen, c.id) == built_on]
    return tuple(view(reader, view_difference(reader.seen, c), gaps) for c in chosen)


def elsewhere(
    reader: Reader,
    here: tuple[View, ...],
    ledger: tuple[View, ...],
    left: tuple[View, ...],
    *,
    differ: str = "",
) -> tuple[str, ...]:
    """Where the views stand if none stands under this heading, or how much talk there is of which no view was made.

    Empty where views stand here, and where there is nothing at all: only then "nothing written" is true.
    """
    if here:
        return ()
    places = [differ or reader.t("report.h.differ")] if ledger else []
    places += [reader.t("report.not_taken_up")] if left else []
    if places:
        return tuple(reader.t("report.views_under", h=h) for h in places)
    talk = sum(c.standing == "here" and c.written for c in reader.seen.of_kind("utterance"))
    return (reader.t("report.talk_only", n=talk),) if talk else ()


def view(reader: Reader, found: ViewDifference, gaps: Counter[str]) -> View:
    """One view with everything that is said of it."""
    seen, c = reader.seen, found.view
    item = reader.item(c)
    confirmed = {said.person: said for said in confirmations(seen, c.id)}
    said = stances(seen, c.id)
    counts = Counter(str(s.entry.data.get("stance", "")) for s in said)
    return View(
        item,
        tuple(_holding(reader, c, s, confirmed.get(s.person), gaps) for s in found.standings),
        "" if found.standings else _nobody(reader, c),
        tuple((other, _words(reader, other)) for other in found.differs),
        tuple((reader.t(f"documentation.stance.{code}"), counts[code]) for code in _STANCES if counts[code]),
        tuple(_stance(reader, s) for s in said if s.text),
        answers_left(reader, c.id),
        thread(reader, c.id, gaps, whole=False),
    )


def _words(reader: Reader, root: str) -> Words:
    found = reader.seen.of_id(root)
    return reader.words(found.entry) if found is not None else Words("")


def _stance(reader: Reader, s: Contribution) -> Item:
    code = str(s.entry.data.get("stance", ""))
    return reader.item(s, label=reader.t(f"documentation.stance.{code}") if code in _STANCES else "")


def _nobody(reader: Reader, contribution: Contribution) -> str:
    unreached = contribution.first.data.get("holder") == "unreached"
    return reader.t("documentation.holder.unreached" if unreached else "documentation.holder.open")


def _holding(
    reader: Reader, contribution: Contribution, s: HolderStanding, said: Confirmation | None, gaps: Counter[str]
) -> Holding:
    who = reader.who(contribution) if s.person == contribution.author else reader.person(s.person)
    readable = s.entry is not None and reader.may_print(s.entry)
    code = s.code if readable and s.code in _STANDINGS else ""
    gap = "" if s.entry is None or readable else reader.gap("kept")
    why = Words("")
    if readable and s.entry is not None:
        why = reader.typed(s.why, s.entry.data.get("lang"))
    gaps["kept"] += bool(gap)
    confirmed, confirmed_words = ("", Words("")) if gap else _confirmed(reader, contribution, said)
    return Holding(
        who,
        "" if gap else _sentence(reader, code),
        bool(code),
        reader.day(s.entry.header.at_ms) if code and s.entry is not None else "",
        why,
        gap,
        tuple(_earlier(reader, entry) for entry in s.history if reader.may_print(entry)),
        confirmed,
        confirmed_words,
    )


def _sentence(reader: Reader, code: str) -> str:
    return reader.t(f"differ.standing.{code}") if code in _STANDINGS else reader.t("report.not_said")


def _earlier(reader: Reader, entry: Entry) -> tuple[str, Words]:
    said = _sentence(reader, str(entry.data.get("standing", "")))
    return f"{said} · {reader.day(entry.header.at_ms)}", reader.words(entry)


def _confirmed(reader: Reader, contribution: Contribution, said: Confirmation | None) -> tuple[str, Words]:
    """What a holder said of words that somebody else wrote for them. Their own words need no such line."""
    if said is None or any(entry.header.by == said.person for entry in contribution.versions):
        return "", Words("")
    if said.entry is None:
        return reader.t("documentation.confirm.not_said"), Words("")
    if not reader.may_print(said.entry):
        return reader.gap("kept"), Words("")
    line = reader.t(_CONFIRMED[said.code]) if said.code in _CONFIRMED else ""
    return line, reader.typed(said.words, said.entry.data.get("lang"))
