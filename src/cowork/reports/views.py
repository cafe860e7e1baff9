"""Views in a report: each in its holder's words, with the standing that only its holder sets."""

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
from cowork.analysis.uses import is_used
from cowork.core.access.participant_view import Contribution
from cowork.core.entries import Entry
from cowork.reports.provenance import Node, provenance_nodes
from cowork.reports.reader import Item, Reader, Who, Words
from cowork.reports.superseded_answers import superseded_answers

_STANDING_CODES = ("still", "partly", "changed")
_STANCE_CODES = ("with", "unsure", "differ")
_CONFIRMATION_LABELS = {
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


def differing_views(reader: Reader, gaps: Counter[str]) -> tuple[View, ...]:
    """The ledger: every view that differs from another, and every one that a kept difference rests on."""
    return tuple(view(reader, found, gaps) for found in view_differences(reader.view))


def other_views(reader: Reader, gaps: Counter[str], *, built_on: bool) -> tuple[View, ...]:
    """Views that stand in no ledger: those that somebody built on, or those that nobody did."""
    inside = {found.view.id for found in view_differences(reader.view)}
    rest = [found for found in reader.view.active_of_kind("view") if found.id not in inside]
    chosen = [contribution for contribution in rest if is_used(reader.view, contribution.id) == built_on]
    return tuple(view(reader, view_difference(reader.view, contribution), gaps) for contribution in chosen)


def views_elsewhere(
    reader: Reader,
    active: tuple[View, ...],
    ledger: tuple[View, ...],
    left: tuple[View, ...],
    *,
    differ: str = "",
) -> tuple[str, ...]:
    """Where the views stand if none stands under this heading, or how much talk there is of which no view was made.

    Empty where views stand here, and where there is nothing at all: only then "nothing written" is true.
    """
    if active:
        return ()
    places = [differ or reader.t("report.h.differ")] if ledger else []
    places += [reader.t("report.not_taken_up")] if left else []
    if places:
        return tuple(reader.t("report.views_under", h=heading) for heading in places)
    talk = sum(found.has_text for found in reader.view.active_of_kind("utterance"))
    return (reader.t("report.talk_only", n=talk),) if talk else ()


def view(reader: Reader, found: ViewDifference, gaps: Counter[str]) -> View:
    """One view with its holders, standings, stances and provenance."""
    view, contribution = reader.view, found.view
    item = reader.item(contribution)
    confirmed = {answers.person: answers for answers in confirmations(view, contribution.id)}
    answers = stances(view, contribution.id)
    counts = Counter(str(stance.entry.data.get("stance", "")) for stance in answers)
    return View(
        item,
        tuple(
            _holding_view(reader, contribution, stance, confirmed.get(stance.person), gaps)
            for stance in found.standings
        ),
        "" if found.standings else _no_holder_label(reader, contribution),
        tuple((other, _words_of(reader, other)) for other in found.differs_from),
        tuple((reader.t(f"documentation.stance.{code}"), counts[code]) for code in _STANCE_CODES if counts[code]),
        tuple(_stance_item(reader, stance) for stance in answers if stance.text),
        superseded_answers(reader, contribution.id),
        provenance_nodes(reader, contribution.id, gaps, whole=False),
    )


def _words_of(reader: Reader, root: str) -> Words:
    found = reader.view.of_id(root)
    return reader.words(found.entry) if found is not None else Words("")


def _stance_item(reader: Reader, stance: Contribution) -> Item:
    code = str(stance.entry.data.get("stance", ""))
    return reader.item(stance, label=reader.t(f"documentation.stance.{code}") if code in _STANCE_CODES else "")


def _no_holder_label(reader: Reader, contribution: Contribution) -> str:
    unreached = contribution.first_version.data.get("holder") == "unreached"
    return reader.t("documentation.holder.unreached" if unreached else "documentation.holder.open")


def _holding_view(
    reader: Reader, contribution: Contribution, stance: HolderStanding, answers: Confirmation | None, gaps: Counter[str]
) -> Holding:
    participant = (
        reader.author_name(contribution) if stance.person == contribution.author else reader.person_name(stance.person)
    )
    readable = stance.entry is not None and reader.mark_printed(stance.entry)
    code = stance.code if readable and stance.code in _STANDING_CODES else ""
    gap = "" if stance.entry is None or readable else reader.gap("kept")
    reason = Words("")
    if readable and stance.entry is not None:
        reason = reader.typed(stance.why, stance.entry.data.get("lang"))
    gaps["kept"] += bool(gap)
    confirmed, confirmed_words = ("", Words("")) if gap else _confirmation_line(reader, contribution, answers)
    return Holding(
        participant,
        "" if gap else _standing_sentence(reader, code),
        bool(code),
        reader.day(stance.entry.header.at_ms) if code and stance.entry is not None else "",
        reason,
        gap,
        tuple(_earlier_standing(reader, entry) for entry in stance.history if reader.mark_printed(entry)),
        confirmed,
        confirmed_words,
    )


def _standing_sentence(reader: Reader, code: str) -> str:
    return reader.t(f"differ.standing.{code}") if code in _STANDING_CODES else reader.t("report.not_said")


def _earlier_standing(reader: Reader, entry: Entry) -> tuple[str, Words]:
    sentence = _standing_sentence(reader, str(entry.data.get("standing", "")))
    return f"{sentence} · {reader.day(entry.header.at_ms)}", reader.words(entry)


def _confirmation_line(
    reader: Reader, contribution: Contribution, confirmation: Confirmation | None
) -> tuple[str, Words]:
    """What a holder said of words that somebody else wrote for them. Their own words need no such line."""
    if confirmation is None or any(entry.header.by == confirmation.person for entry in contribution.versions):
        return "", Words("")
    if confirmation.entry is None:
        return reader.t("documentation.confirm.not_said"), Words("")
    if not reader.mark_printed(confirmation.entry):
        return reader.gap("kept"), Words("")
    line = reader.t(_CONFIRMATION_LABELS[confirmation.code]) if confirmation.code in _CONFIRMATION_LABELS else ""
    return line, reader.typed(confirmation.words, confirmation.entry.data.get("lang"))
