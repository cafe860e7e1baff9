"""Acts pressed on a card, by name: what each does, wherever the words come from.

An act may arrive when its page is open no longer (it was kept on a device without connection), so what it does hangs on
no open page.
"""

from __future__ import annotations

from collections.abc import Callable

from cowork.core.errors import CoworkError
from cowork.core.seen import Seen
from cowork.pages.forms import talk_box
from cowork.widgets import Sent, Wall
from cowork.workbook import Here, refused

Doing = Callable[[Here, Sent], "str | None"]

_DOING: dict[str, Doing] = {}


def act(name: str) -> Callable[[Doing], Doing]:
    """Register what the act of this name on a card does. Acts of the house (change, take back …) need no entry."""

    def register(doing: Doing) -> Doing:
        _DOING[name] = doing
        return doing

    return register


def name_of(sent: Sent) -> str:
    """The name of an act from its box, `act:<card>:<name>`; "" for words from a question."""
    parts = sent.box.partition("@")[0].split(":")  # behind the @ stands whom a scribe writes for
    return parts[2] if len(parts) == 3 and parts[0] == "act" else ""


def tell_talk(here: Here, walls: list[Wall], seen: Seen) -> None:
    """Under each card's talk it stands who will see it, and how it may be shown."""
    box = talk_box(here, seen)
    for wall in walls:
        wall.talk = box


def take(here: Here, sent: Sent) -> str | None:
    """A press on a card, with what the record says against it."""
    doing = _DOING.get(name_of(sent))
    here = here.as_sent(sent)
    try:
        return doing(here, sent) if doing else here.take(sent)
    except CoworkError as error:
        raise refused(error, here.lang, "text" if sent.text else None) from error
