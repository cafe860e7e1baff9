"""CardList: contributions as cards, with the actions that each allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import traitlets as t

from cowork.widgets.cleaners import clean_flag, clean_text
from cowork.widgets.component import Component
from cowork.widgets.form.text_picker import PICKER_WORDS, SEARCH_MESSAGE
from cowork.widgets.manifest import files_of
from cowork.widgets.types import CardItem

MAX_CHANGED_CARDS = 5
"""Up to so many changed cards are sent without the rest of the list."""


def card_changes(before: list[Any], now: list[Any]) -> dict[str, Any]:
    """The difference between two lists of cards.

    It holds the cards that are new or changed, and how many there are now. Beside that: which cards are gone and at
    which place the new ones are; or, where cards have moved, the order of all.
    """
    earlier = {item["id"]: item for item in before}
    ids = [item["id"] for item in now]
    current = set(ids)
    found: dict[str, Any] = {"changed": [item for item in now if earlier.get(item["id"]) != item], "n": len(ids)}
    if [one for one in earlier if one in current] == [one for one in ids if one in earlier]:
        found["gone"] = [one for one in earlier if one not in current]
        found["at"] = [[one, place] for place, one in enumerate(ids) if one not in earlier]
    else:
        found["order"] = ids
    return found


class CardList(Component):
    """A list of cards. `items` holds everything a card shows and what its reader may do with it (`acts`).

    An item: ``{id, kind, text, more: [{label, text}], by, when, when_text, said, lang, mine, private, tag, state,
    note: […], earlier: [{text, when_text}], versions: [{id, text, by, when_text, fields}], acts: […],
    answers: [item], talked: […], talked_id, about_text, fields, current: [ids], lifts: [ids], talk_rel,
    href, lead, seen}``; `seen`: lines under the form in which its text is edited.
    `state` is here, taken, hidden, erasing, gone, two or gap; with `lead` its text is larger. Where cards stand beside
    each other, one with `starts_row` begins a row: what belongs together stands in one.
    Its provenance: `quotes` ``[{text, by, lang, href, href_text, gap}]`` (`gap` is shown in place of the text),
    `points` ``[{label, text, href, list: [lines], fold}]``, `mark` ``{text, hint, list}`` where its provenance has
    changed, `tally` ``{h, rows: [{label, n, text}], apart, apart_h, none, none_n, read, read_h}`` (one dot a person),
    and `image` ``{id, alt}``: ``on_message("image")`` receives ``{id}`` when it comes near the screen, and answers with
    ``card_list.send({"image": id, "type": type}, [bytes])``. `acts` are names (talk, talked, undo-talked, change, take,
    put, erase, hide, show, reason, keep) or custom ones: ``{name, label, kind, about, fields, choices, strong,
    filled}``. Of more than three, the two in `near` (and every `strong` one) stand beside the words, and the others
    behind More. A custom action with ``box: {hint, fields, choices, picks, button, seen, seen_by_choice}`` opens a form
    in place, as in `Form`; its fields and choices join those of the action, and the submission has the box
    ``act:<card id>:<name>``. An action with ``href`` is a link. Every action arrives at the submit handler; search and
    more at `on_message("find")`, `on_message("more")`. A browser can ask for anything, so the handler checks again
    whether this person may do it.
    """

    SCRIPTS, STYLES = files_of("wall")
    WORDS: ClassVar[tuple[str, ...]] = (
        "card.acts",
        "card.answered",
        "card.answers",
        "card.less",
        "card.kept_here",
        "card.more",
        "card.private",
        "card.quotes",
        "card.quotes_more",
        "card.shared_here",
        "common.change",
        "common.change_seen",
        "common.change_seen_what",
        "common.choose_version",
        "common.done",
        "common.draft_kept",
        "common.draft_page",
        "common.earlier",
        "common.erase",
        "common.erase_these",
        "common.in_language",
        "common.new",
        "common.put_back",
        "common.share_group",
        "common.shared",
        "common.sharing",
        "common.take_back",
        "common.talk_about",
        "common.talked",
        "common.two_versions",
        "common.yours",
        "connection.unsent",
        "connection.unsent_page",
        "dialogue.button.answer",
        "dialogue.find_all",
        "dialogue.find_button",
        "dialogue.find_clear",
        "dialogue.find_h",
        "dialogue.find_voice",
        "dialogue.find_words",
        "dialogue.label.say",
        "dialogue.talked_undo",
        "erase.1",
        "erase.2",
        "erase.3",
        "erase.4",
        "erase.5",
        "erase.6",
        "erase.h",
        "erase.instead",
        "erase.no",
        "erase.no_these",
        "erase.yes",
        "error.letters",
        "error.no_choice",
        "error.no_words",
        "error.too_long",
        "hide.button",
        "hide.label.reason",
        "hide.seen",
        "hide.show",
        "start.button.keep",
        "state.erasing",
        "state.gone",
        "state.hidden",
        "state.taken",
        *PICKER_WORDS,
    )
    MESSAGES = {
        "here": {"again": clean_flag},
        "find": {"q": clean_text(200), "voice": clean_text(64)},
        "image": {"id": clean_text(36)},
        "look": SEARCH_MESSAGE,
        "more": {},
    }

    wheel = t.Unicode("").tag(sync=True)
    heading = t.Unicode("").tag(sync=True)
    level = t.Int(2).tag(sync=True)
    hint = t.Unicode("").tag(sync=True)
    empty = t.Unicode("").tag(sync=True)
    items: t.List[Any] = t.List().tag(sync=True)
    total = t.Int(0, help="How many there are; announced when something new comes.").tag(sync=True)
    shown = t.Int(0, help="How many of them are in `items`.").tag(sync=True)
    more_button = t.Unicode("").tag(sync=True)
    dense = t.Bool(False, help="Many short turns: each card takes less room.").tag(sync=True)
    talk = t.Dict(help="For the form of an answer: {choices, seen, seen_by_choice}, as in a form.").tag(sync=True)
    find = t.Dict(help="{on, q, voice, label_q, label_voice, voices: [{id, name, n}], result}").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._confirmed: list[Any] | None = None  # the cards that the browser has confirmed to show
        self._make_card: Callable[[Any], CardItem] | None = None
        self._unmade: tuple[list[Any], int | None] | None = None
        super().__init__(**traits)
        self.on_message("here", self._confirm_shown)

    def _confirm_shown(self, message: dict[str, Any]) -> None:
        """From now on send changed cards alone. A browser that missed something asks for all of them (`again`)."""
        self._confirmed = self.items
        if message["again"]:
            super().send_unbatched("items")

    def send_unbatched(self, key: Any) -> None:
        """Send only the cards that changed: otherwise one new card would resend a list of a hundred to everybody."""
        names = {key} if isinstance(key, str) else set(key or ())
        if self._confirmed is not None and "items" in names:
            cards = card_changes(self._confirmed, self.items)
            self._confirmed = self.items
            if len(cards["changed"]) < max(MAX_CHANGED_CARDS, len(self.items) // 2):
                self.send({"cards": cards, "also": self.get_state(names - {"items"}) if len(names) > 1 else {}})
                return
        super().send_unbatched(key)

    def show(self, items: Iterable[Any], total: int | None = None) -> None:
        """Show these cards, given as plain data or as contributions; `total` where there are more than are shown.

        The page turns a contribution into a card (`make_cards_by`). It receives its view before its components are
        complete, so contributions wait until that function is set.
        """
        cards, make = list(items), self._make_card
        self._unmade = None
        if make is None and not all(isinstance(item, dict) for item in cards):
            self._unmade = cards, total
            return
        with self.hold_sync():
            self.items = [item if isinstance(item, dict) or make is None else make(item) for item in cards]
            self.shown = len(self.items)
            self.total = len(self.items) if total is None else total

    def make_cards_by(self, make: Callable[[Any], CardItem]) -> None:
        """Use `make(contribution)` for the plain data of a card, and show the contributions that wait for it."""
        self._make_card = make
        if self._unmade is not None:
            self.show(*self._unmade)
