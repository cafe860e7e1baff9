"""Picking words: the texts a picker offers, and the check of what a browser states was picked.

A choice names a version and, for exact words, two places in it in code points. Words never travel back: what is kept
is the place, so that words taken back later are gone from every quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Unpack

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import ELEMENT_OF
from cowork.core.errors import InvalidEntry
from cowork.core.ids import is_id
from cowork.core.quotes import gap_in, quote_bodies
from cowork.pages.kit.signatures import signature
from cowork.pages.kit.typed_text import lang_of
from cowork.text.format import format_clock
from cowork.widgets import CardList, Form, Submission
from cowork.widgets.types import Message, Picker, PickerItem, PickerQuestion, PickerTexts

#: How many texts a box is given at once; looking for words finds the others.
MAX_PICKER_ITEMS = 60

_PICK = re.compile(r"([0-9a-f-]{36})(?::(\d{1,6}):(\d{1,6}))?")

Selection = tuple[str, int | None, int | None]


def picker_item(context: PageContext, view: ParticipantView, contribution: Contribution) -> PickerItem:
    """One text to choose from, in the version that stands now."""
    at = format_clock(contribution.entry.spoken_at_ms)
    element = ELEMENT_OF.get(contribution.kind, "")
    return {
        "id": contribution.entry.id,
        "text": contribution.text,
        "by": signature(context, view, contribution),
        "when_text": at,
        "tag": context.t(f"{element}.link") if element else "",
        "lang": lang_of(contribution.entry, contribution.text),
    }


def picker_items(
    context: PageContext, view: ParticipantView, kinds: Sequence[str], words: str = "", first: str = ""
) -> list[PickerItem]:
    """Texts of these kinds that may be built on, newest first, and `first` before all others."""
    found = [
        contribution
        for contribution in view.of_kind(*kinds)
        if contribution.is_active
        and contribution.text
        and contribution.entry.header.seen_by != "only-me"
        and not view.state.entries[contribution.id].targets("renders")
    ]
    wanted = words.casefold().split()
    if wanted:
        found = [contribution for contribution in found if all(word in contribution.text.casefold() for word in wanted)]
    # Talk brought in keeps its own order; what was typed stands newest first.
    found.sort(
        key=lambda contribution: (
            contribution.source_place[0],
            contribution.source_place[1:],
            tuple(-n for n in contribution.first_version.header.order[:2]),
        )
    )
    if first:
        root = view.state.root(first)
        found.sort(key=lambda contribution: contribution.id != root)
    return [picker_item(context, view, contribution) for contribution in found[:MAX_PICKER_ITEMS]]


@dataclass
class PickerState:
    """What the reader of a form searches for in each picker, and which texts they chose that are no longer listed."""

    words: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)


def picker_spec(
    context: PageContext, view: ParticipantView, kinds: Sequence[str], picker: PickerState, key: str, first: str = ""
) -> PickerTexts:
    """The texts of one box: those to choose from, and those chosen before that are not among them."""
    found = picker_items(context, view, kinds, picker.words.get(key, ""), first)
    listed = {one["id"] for one in found}
    known: list[PickerItem] = []
    for version in picker.chosen.get(key, ()):
        contribution = view.of_id(version)
        if version in listed or contribution is None or gap_in(view, version):
            continue  # only what this reader may read now: words chosen once may have been taken back since
        entry = view.state.entries[version]
        text = str(entry.data.get("text", ""))
        known.append(
            {**picker_item(context, view, contribution), "id": version, "text": text, "lang": lang_of(entry, text)}
        )
    return {"items": found, "known": known}


def words_pick(
    context: PageContext,
    view: ParticipantView,
    kinds: Sequence[str],
    picker: PickerState,
    *,
    key: str = "rests",
    first: str | None = None,
    **question: Unpack[PickerQuestion],
) -> Picker:
    """The question what a text rests on: whole texts or exact words of them, as many as wanted.

    Where nothing is named `first`, it is what this page was asked to stand at. The texts are closed until they are
    asked for, and open where a link has led to one of them.
    """
    at = context.at if first is None else first
    return {
        "key": key,
        **picker_spec(context, view, kinds, picker, key, at),
        "opener": context.t("picks.open"),
        "opened": leads_to(view, at, kinds),
        "words": True,
        "many": True,
        "button": context.t("documentation.choose.button"),
        **question,
    }


def leads_to(view: ParticipantView, at: str, kinds: Sequence[str]) -> bool:
    """True where a link has led to a text that can be chosen from."""
    target = view.of_id(at) if at else None
    return target is not None and target.kind in kinds and target.is_active


def bind_search(ask: Form, key: str, refresh: Callable[[], None], picker: PickerState) -> None:
    """Show in a picker what its reader searches for."""

    def on_search(message: Message) -> None:
        if message.get("key") != key:
            return
        picker.words[key] = str(message.get("q") or "")[:200]
        chosen = message.get("chosen")
        picker.chosen[key] = [one for one in chosen if is_id(one)][:50] if isinstance(chosen, list) else []
        refresh()

    ask.on_message("look", on_search)


def card_pick(
    context: PageContext, view: ParticipantView, kinds: Sequence[str], picker: PickerState | None, key: str
) -> PickerTexts:
    """The texts of a picker in a card: none until its reader looks for words, for a page may hold a hundred cards."""
    if picker is None:
        return {"items": [], "known": []}
    found = picker_spec(context, view, kinds, picker, key)
    return found if picker.words.get(key, "").strip() else {**found, "items": []}


def bind_card_search(cards: CardList, key: str, refresh: Callable[[], None], pickers: dict[str, PickerState]) -> None:
    """Show in the picker of a card what its reader searches for; `pickers` holds the card that was searched last."""

    def on_search(message: Message) -> None:
        card = str(message.get("card") or "")
        if message.get("key") != key or not card:
            return
        chosen = message.get("chosen")
        ids = [one for one in chosen if is_id(one)][:50] if isinstance(chosen, list) else []
        pickers.clear()
        pickers[card] = PickerState({key: str(message.get("q") or "")[:200]}, {key: ids})
        refresh()

    cards.on_message("look", on_search)


def parse_selection(context: PageContext, submission: Submission, key: str) -> list[Selection]:
    """What was chosen, each checked: a text this reader may see now, and a place that is in it."""
    chosen = submission.choices.get(key, [])
    found: list[Selection] = []
    seen = context.view
    for one in [chosen] if isinstance(chosen, str) else chosen:
        match = _PICK.fullmatch(one)
        if not one:
            continue
        if match is None or not is_id(match[1]):
            raise InvalidEntry("error.letters", sign=one[:40])
        if gap_in(seen, match[1]):
            raise InvalidEntry("error.gone")
        start, end = (int(match[2]), int(match[3])) if match[2] is not None else (None, None)
        found.append((match[1], start, end))
    return list(dict.fromkeys(found))


def append_with_picks(context: PageContext, kind: str, submission: Submission, relation: str, **body: Any) -> None:
    """Append words with what was chosen that they rest on: texts are linked by `relation`, exact words quoted too."""
    chosen = parse_selection(context, submission, "rests")
    also = links_from_selection(chosen, relation)
    context.append(kind, submission, also=also, **body, **quotes_from_selection(context, chosen))


def links_from_selection(chosen: Sequence[Selection], relation: str) -> list[tuple[str, str]]:
    """What a text is about by what was chosen for it, each version once."""
    return [(relation, version) for version in dict.fromkeys(version for version, _, _ in chosen)]


def quotes_from_selection(context: PageContext, chosen: Sequence[Selection]) -> dict[str, Any]:
    """The quotations among what was chosen, as they stand in a body; whole texts are tied and not quoted."""
    exact = [one for one in chosen if one[1] is not None]
    if not exact:
        return {}
    try:
        return {"quotes": quote_bodies(context.record.state(context.workshop), exact)}
    except ValueError:
        raise InvalidEntry("error.gone") from None
