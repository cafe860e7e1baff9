"""Quotations: which words of which version, never the words themselves.

A quotation names source, version, start and end in code points, so that words which are taken back or erased are gone
from every place that quoted them.
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
    """`words` as this viewer may see them, or "" and the reason in `gap`: taken, erased, hidden, kept or gone.

    Positions are code points, `end` exclusive. A quotation of a whole text has `start` None.
    """

    source: str
    version: str
    start: int | None
    end: int | None
    text: str
    gap: str = ""


def stated_quotes(entry: Entry) -> list[Mapping[str, Any]]:
    """The quotations an entry states, those of a wrong shape left aside: a record may come from anywhere."""
    found = entry.data.get("quotes")
    return [quote for quote in found if isinstance(quote, dict) and _is_well_formed(quote)] if isinstance(found, list) else []


def _is_well_formed(quote: Mapping[str, Any]) -> bool:
    start, end = quote.get("start"), quote.get("end")
    if not isinstance(quote.get("version"), str):
        return False
    whole = start is None and end is None
    return whole or (type(start) is int and type(end) is int and 0 <= start < end)


def quotes_of_version(state: State, version: Entry) -> list[Mapping[str, Any]]:
    """The quotations of a version: its own, or where it states none those of what it replaces."""
    for ancestor in state.lineage(version):
        found = stated_quotes(ancestor)
        if found or ancestor.body is None:
            return found
    return []


def quotes(view: ParticipantView, version: Entry) -> list[Quote]:
    """The quotations of a version as this viewer may read them, in the order they were chosen."""
    return [resolve_quote(view, quote["version"], quote.get("start"), quote.get("end")) for quote in quotes_of_version(view.state, version)]


def resolve_quote(view: ParticipantView, version: str, start: int | None = None, end: int | None = None) -> Quote:
    """The exact words at a place, as this viewer may read them now."""
    state = view.state
    root = state.root(version)
    gap = gap_in(view, version)
    entry = state.entries.get(version)
    if gap or entry is None:
        return Quote(root, version, start, end, "", gap or "gone")
    text = str(entry.data.get("text", ""))
    words = text if start is None else text[start:end]
    # Positions outside the text quote nothing: better a gap than half a word somebody did not say.
    if not words or (end is not None and end > len(text)):
        return Quote(root, version, start, end, "", "gone")
    return Quote(root, version, start, end, words)


def gap_in(view: ParticipantView, version: str) -> str:
    """Why this viewer may not read a version's words, or "" where they may."""
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
    """An entry as this viewer may read it: without its words where they are kept from them."""
    return entry.without_body() if gap_in(view, entry.id) else entry


def quote_bodies(state: State, wanted: Iterable[tuple[str, int | None, int | None]]) -> list[dict[str, Any]]:
    """Bodies of quotations for (version, start, end); ValueError where a place is not within the text."""
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
