"""Wall: what people wrote, as cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import traitlets as t

from cowork.widgets.component import Component, short, yes
from cowork.widgets.form.text_picker import LOOK, PICK_WORDS
from cowork.widgets.manifest import files_of
from cowork.widgets.types import CardItem

MAX_CHANGED_CARDS = 5
"""So many changed cards are always sent by themselves."""


def card_changes(before: list[Any], now: list[Any]) -> dict[str, Any]:
    """What makes the one list of cards into the other: those that are new or other, how many there are now, and
    either what has gone and at which place what is new stands, or, where cards have moved, the order of all."""
    held = {item["id"]: item for item in before}
    ids = [item["id"] for item in now]
    here = set(ids)
    found: dict[str, Any] = {"changed": [item for item in now if held.get(item["id"]) != item], "n": len(ids)}
    if [one for one in held if one in here] == [one for one in ids if one in held]:
        found["gone"] = [one for one in held if one not in here]
        found["at"] = [[one, place] for place, one in enumerate(ids) if one not in held]
    else:
        found["order"] = ids
    return found


class CardList(Component):
    """A list of cards; `items` says all that a card shows and what its reader may do with it (`acts`).

    An item: ``{id, kind, text, more: [{label, text}], by, when, when_text, said, lang, mine, tag, state,
    note: […], earlier: [{text, when_text}], versions: [{id, text, by, when_text, fields}], acts: […],
    answers: [item], talked: […], talked_id, about_text, fields, current: [ids], lifts: [ids], talk_rel,
    href, lead, seen}``; `seen`: lines under the box in which its words are changed.
    `state` is here, taken, hidden, erasing, gone or two; with `lead` its words are larger.
    What it stands on: `quotes` ``[{text, by, lang, href, href_text, gap}]`` (`gap` is said in place of the words),
    `points` ``[{label, text, href, list: [lines], fold}]``, `mark` ``{text, hint, list}`` where its ground has changed,
    `tally` ``{h, rows: [{label, n, text}], apart, apart_h, none, none_n, read, read_h}`` (one dot a person), and
    `image` ``{id, alt}``: ``on_do("image")`` hears ``{id}`` when it comes near the screen, and answers with
    ``wall.send({"image": id, "type": type}, [bytes])``. `acts` are names (talk, talked, undo-talked, change,
    take, put, erase, hide, show, reason, keep) or own ones: ``{name, label, kind, about, fields, choices, strong}``.
    An own act with ``box: {hint, fields, choices, picks, button, seen, seen_by_choice}`` opens a form in place,
    its parts as in `Ask`; what is typed and chosen joins the act's own fields and choices, and the item comes
    from the box ``act:<card id>:<name>``. One with ``href`` is a link.
    Everything a person does arrives at `on_shared`; looking and more at `on_do("find")`, `on_do("more")`.
    What a browser asks for is a wish: the handler decides again whether this person may.
    """

    SCRIPTS, STYLES = files_of("wall")
    WORDS = (
        "card.less",
        "card.more",
        "common.change",
        "common.choose_version",
        "common.done",
        "common.draft_kept",
        "common.draft_page",
        "common.earlier",
        "common.erase",
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
        *PICK_WORDS,
    )
    MESSAGES = {
        "here": {"again": yes},
        "find": {"q": short(200), "voice": short(64)},
        "image": {"id": short(36)},
        "look": LOOK,
        "more": {},
    }

    wheel = t.Unicode("").tag(sync=True)
    heading = t.Unicode("").tag(sync=True)
    level = t.Int(2).tag(sync=True)
    hint = t.Unicode("").tag(sync=True)
    empty = t.Unicode("").tag(sync=True)
    items: t.List[Any] = t.List().tag(sync=True)
    total = t.Int(0, help="How many there are; what is said when something new comes.").tag(sync=True)
    shown = t.Int(0, help="How many of them are in `items`.").tag(sync=True)
    more_button = t.Unicode("").tag(sync=True)
    dense = t.Bool(False, help="Many short turns: each card takes less room.").tag(sync=True)
    talk = t.Dict(help="Under what is said in answer: {choices, seen, seen_by_choice}, as in a box.").tag(sync=True)
    find = t.Dict(help="{on, q, voice, label_q, label_voice, voices: [{id, name, n}], result}").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._there: list[Any] | None = None  # the cards a browser shows, once it has said that it shows them
        self._make_card: Callable[[Any], CardItem] | None = None
        self._waiting: tuple[list[Any], int | None] | None = None
        super().__init__(**traits)
        self.on_message("here", self._shown_there)

    def _shown_there(self, message: dict[str, Any]) -> None:
        """From here on a browser is told of the cards that change; whatever it missed, it asks for all of them."""
        self._there = self.items
        if message["again"]:
            super().send_unbatched("items")

    def send_unbatched(self, key: Any) -> None:
        """Send what changed. A list of a hundred cards in which one is new would be sent whole, to everybody."""
        names = {key} if isinstance(key, str) else set(key or ())
        if self._there is not None and "items" in names:
            cards = card_changes(self._there, self.items)
            self._there = self.items
            if len(cards["changed"]) < max(MAX_CHANGED_CARDS, len(self.items) // 2):
                self.send({"cards": cards, "also": self.get_state(names - {"items"}) if len(names) > 1 else {}})
                return
        super().send_unbatched(key)

    def show(self, items: Iterable[Any], total: int | None = None) -> None:
        """Show these cards, as plain data or as contributions; `total` where more are held back.

        What a contribution looks like is for the page to say (`make_cards_by`). A page is told what there is before its
        components stand in it: contributions wait for that.
        """
        told, make = list(items), self._make_card
        self._waiting = None
        if make is None and not all(isinstance(item, dict) for item in told):
            self._waiting = told, total
            return
        with self.hold_sync():
            self.items = [item if isinstance(item, dict) or make is None else make(item) for item in told]
            self.shown = len(self.items)
            self.total = len(self.items) if total is None else total

    def make_cards_by(self, make: Callable[[Any], CardItem]) -> None:
        """Make the plain data of a card by `make(contribution)`; what has waited for it is shown."""
        self._make_card = make
        if self._waiting is not None:
            self.show(*self._waiting)
