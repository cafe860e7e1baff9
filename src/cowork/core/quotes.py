"""Quotations: references to words of a version, never the words themselves.

A quotation holds source, version, start and end in code points, so that withdrawn or erased words vanish from every
place that quoted them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Entry
from cowork.core.fold import State


@dataclass(frozen=True)
class Quote:
    """The quoted `text` as a viewer may see it, or "" and the reason in `gap`: taken, erased, hidden, kept or gone.

    Positions are code points, `end` exclusive. A quotation of a whole text has `start` None.
    """

    source: str
    version: str
    start: int | None
    end: int | None
    text: str
    gap: str = ""


def stated_quotes(entry: Entry) -> list[Mapping[str, Any]]:
    """The well-formed quotations of an entry: a record may come from anywhere."""
    found = entry.data.get("quotes")
    return (
        [quote for quote in found if isinstance(quote, dict) and _is_well_formed(quote)]
        if isinstance(found, list)
        else []
    )


def _is_well_formed(quote: Mapping[str, Any]) -> bool:
    start, end = quote.get("start"), quote.get("end")
    if not isinstance(quote.get("version"), str):
        return False
    whole = start is None and end is None
    return whole or (type(start) is int and type(end) is int and 0 <= start < end)


def quotes_of_version(state: State, version: Entry) -> list[Mapping[str, Any]]:
    """The quotations of a version: its own, or those of the version it replaces where it has none."""
    for ancestor in state.lineage(version):
        found = stated_quotes(ancestor)
        if found or ancestor.body is None:
            return found
    return []


def quotes(view: ParticipantView, version: Entry) -> list[Quote]:
    """The quotations of a version as a viewer may read them, in the order they were chosen."""
    return [
        resolve_quote(view, quote["version"], quote.get("start"), quote.get("end"))
        for quote in quotes_of_version(view.state, version)
    ]


def resolve_quote(view: ParticipantView, version: str, start: int | None = None, end: int | None = None) -> Quote:
    """The exact words at a place of a version, as a viewer may read them now."""
    state = view.state
    root = state.root(version)
    gap = gap_in(view, version)
    entry = state.entries.get(version)
    if gap or entry is None:
        return Quote(root, version, start, end, "", gap or "gone")
    text = str(entry.data.get("text", ""))
    words = text if start is None else text[start:end]
    # A position outside the text is a gap: half a word would be a word that nobody said.
    if not words or (end is not None and end > len(text)):
        return Quote(root, version, start, end, "", "gone")
    return Quote(root, version, start, end, words)


def gap_in(view: ParticipantView, version: str) -> str:
    """Why a viewer may not read the words of a version; "" where they may."""
    state = view.state
    root = state.root(version)
    entry = state.entries.get(version)
    if entry is None or root not in state.entries:
        return "gone"
    if state.is_body_erased(version):
        return "erased"
    found = view.of_id(version)
    if found is None or not found.is_active:
        if state.withdrawals(root):
            return "taken"
        return "hidden" if state.hides(root) else "kept"
    if entry.body is None or not view.can_see_version(entry):
        return "kept"
    return ""


def readable_entry(view: ParticipantView, entry: Entry) -> Entry:
    """An entry as a viewer may read it: without its body where they may not read it."""
    return entry.without_body() if gap_in(view, entry.id) else entry


def quote_bodies(state: State, wanted: Iterable[tuple[str, int | None, int | None]]) -> list[dict[str, Any]]:
    """The bodies of quotations for (version, start, end). Raises ValueError where a place is not within the text."""
    found = []
    for version, start, end in wanted:
        entry = state.entries.get(version)
        text = str(entry.data.get("text", "")) if entry else ""
        if entry is None or (start is not None and not (0 <= start < (end or 0) <= len(text))):
            raise ValueError(f"no words at {start}–{end} of {version}")
        quote: dict[str, Any] = {"source": state.root(version), "version": version}
        if start is not None:
            quote |= {"start": start, "end": end}
        found.append(quote)
    return found
