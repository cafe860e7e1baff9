"""The uses of intentions, assets and needs in a report, and the contributions that nobody has used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cowork.analysis.uses import Use, uses_of
from cowork.core.access.participant_view import Contribution
from cowork.core.provenance import edges
from cowork.reports.reader import Item, Reader, Words
from cowork.text.labels import ASSET_SORTS, PRINTED_STEP_LABELS

#: Use -> its label, as on the pages.
_USE_LABELS = {
    "talked": "fate.talked",
    "view": "fate.view",
    "reading": "fate.reading",
    "understood": "fate.understood",
    "proposal": "fate.proposal",
    "agreed": "fate.agreed",
    "differ": "fate.differ",
    "open": "fate.open",
    "worry": "fate.worry",
    "response": "fate.response",
    "used": "fate.used",
    "unused": "fate.unused",
    "need-met": "fate.meets",
    "theme": "fate.theme",
    "action": "fate.action",
}
_SCOPE_LABELS = {"group": "assets.label.group", "chance": "assets.label.chance"}

#: Kinds with a section of their own, or without a text: never among the unused.
_KINDS_ELSEWHERE = frozenset({"position", "talked"})
_OTHER_LABELS = {
    "check": "report.checks",
    "stance": "report.stances",
    "standing": "differ.standing.h",
    "outcome": "report.h.agreement",
}


@dataclass(frozen=True)
class UseLine:
    """What became of a text: in which way, and the words where, with the text they are so that they can be led to."""

    line: str
    words: Words
    root: str


@dataclass(frozen=True)
class BroughtItem:
    """An intention, an asset or a need, met again: beside it what became of it. `none` is said where nothing did."""

    item: Item
    kind: str
    fates: tuple[UseLine, ...]
    none: str


@dataclass(frozen=True)
class Unused:
    """Words that nobody built on, and what they are about."""

    item: Item
    about: tuple[tuple[str, Words], ...]


def intentions(reader: Reader) -> tuple[BroughtItem, ...]:
    """The intentions, each with its uses."""
    return tuple(
        _brought_item(reader, contribution, "", "fate.not_yet")
        for contribution in reader.view.active_of_kind("intention")
    )


def assets(reader: Reader) -> tuple[BroughtItem, ...]:
    """The assets, each with its uses."""
    return tuple(
        _brought_item(reader, contribution, _asset_label(reader, contribution), "assets.unused")
        for contribution in reader.view.active_of_kind("asset")
    )


def needs(reader: Reader) -> tuple[BroughtItem, ...]:
    """The needs, each with what could meet it."""
    return tuple(
        _brought_item(reader, contribution, "", "fate.not_yet") for contribution in reader.view.active_of_kind("need")
    )


def _brought_item(reader: Reader, contribution: Contribution, label: str, none: str) -> BroughtItem:
    found = tuple(_use_line(reader, contribution, use) for use in uses_of(reader.view, contribution.id))
    return BroughtItem(
        reader.item(contribution, label=label), contribution.kind, found, "" if found else reader.t(none)
    )


def _use_line(reader: Reader, contribution: Contribution, use: Use) -> UseLine:
    place_of_use = use.contribution
    line = reader.t(_USE_LABELS[use.key])
    if use.key == "need-met" and contribution.kind == "need":
        line = reader.t("assets.met_by")
    elif use.key == "talked" and place_of_use.kind == "talked":
        return UseLine(
            reader.t("dialogue.talked_mark", date=reader.day(place_of_use.first_version.header.at_ms)), Words(""), ""
        )
    return UseLine(line, reader.words(place_of_use.entry), place_of_use.id)


def _asset_label(reader: Reader, contribution: Contribution) -> str:
    """What sort of asset it is, in the words of the question it answers."""
    if contribution.first_version.targets("sees-in"):
        return reader.t("assets.label.for_other")
    key = _SCOPE_LABELS.get(str(contribution.entry.data.get("scope")), "assets.label.offer")
    sort = str(contribution.entry.data.get("sort"))
    label = reader.t(key)
    return f"{label} · {reader.t(ASSET_SORTS[sort])}" if sort in ASSET_SORTS else label


def unused_contributions(reader: Reader) -> tuple[tuple[Unused, ...], int]:
    """Everything somebody wrote that stands nowhere else in this file, and how many turns of recorded talk do not.

    Ask when all else is laid out: so nothing that somebody wrote here and may leave is lost. Of talk brought in from
    elsewhere, what was answered stands in the order it was said; the rest is a number, or it would drown the words that
    people chose to write. It stands in the workshop and in its tables.
    """
    found = [
        contribution
        for contribution in reader.view.contributions()
        if contribution.is_active
        and contribution.has_text
        and contribution.kind not in _KINDS_ELSEWHERE
        and not reader.is_printed(contribution.id)
    ]
    used = [
        contribution
        for contribution in sort_by_writing(found)
        if not contribution.source_place[0] or uses_of(reader.view, contribution.id)
    ]
    return tuple(_unused(reader, contribution) for contribution in used), len(found) - len(used)


def sort_by_writing(found: Iterable[Contribution]) -> list[Contribution]:
    """Sort by time of writing; an import stays together, in the order of its source."""
    rows = list(found)
    starts: dict[str, tuple[int, int, str, int]] = {}
    for text in rows:
        brought, source, _ = text.source_place
        if brought:
            starts[source] = min(starts.get(source, text.first_version.header.order), text.first_version.header.order)

    def key(contribution: Contribution) -> tuple[tuple[int, int, str, int], int, tuple[int, int, str, int]]:
        brought, source, position = contribution.source_place
        order = contribution.first_version.header.order
        return (starts[source], position, order) if brought else (order, 0, order)

    return sorted(rows, key=key)


def _unused(reader: Reader, contribution: Contribution) -> Unused:
    about = []
    for edge in edges(reader.state, contribution.id, "talks-about", "answers", "checks", "answers-reservation"):
        other = reader.view.of_id(edge.target)
        if other is not None and other.is_active:
            about.append((other.id, reader.words(other.entry)))
    return Unused(reader.item(contribution, label=_kind_label(reader, contribution)), tuple(about))


def _kind_label(reader: Reader, contribution: Contribution) -> str:
    """What it is; a kind that this version does not know is called by its own name."""
    if contribution.kind == "utterance":
        return reader.t("trace.step.said")
    key = PRINTED_STEP_LABELS.get(contribution.kind) or _OTHER_LABELS.get(contribution.kind)
    return reader.t(key) if key else contribution.kind
