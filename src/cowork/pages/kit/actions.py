"""Acts pressed on a card, by name: what each does, wherever the words come from.

An act may arrive when its page is open no longer (it was kept on a device without connection), so what it does hangs on
no open page.
"""

from __future__ import annotations

from collections.abc import Callable

from cowork.context import PageContext, to_rejection
from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import CoworkError
from cowork.pages.kit.forms import talk_fields
from cowork.widgets import CardList, Submission

ActionHandler = Callable[[PageContext, Submission], "str | None"]

_HANDLERS: dict[str, ActionHandler] = {}


def action(name: str) -> Callable[[ActionHandler], ActionHandler]:
    """Register what the act of this name on a card does. Acts of the house (change, take back …) need no entry."""

    def register(doing: ActionHandler) -> ActionHandler:
        _HANDLERS[name] = doing
        return doing

    return register


def action_name(submission: Submission) -> str:
    """The name of an act from its box, `act:<card>:<name>`; "" for words from a question."""
    parts = submission.box.partition("@")[0].split(":")  # behind the @ stands whom a scribe writes for
    return parts[2] if len(parts) == 3 and parts[0] == "act" else ""


def announce_talk(context: PageContext, walls: list[CardList], view: ParticipantView) -> None:
    """Under each card's talk it stands who will see it, and how it may be shown."""
    box = talk_fields(context, view)
    for card_list in walls:
        card_list.talk = box


def dispatch(context: PageContext, submission: Submission) -> str | None:
    """A press on a card, with what the record says against it."""
    doing = _HANDLERS.get(action_name(submission))
    context = context.for_submission(submission)
    try:
        return doing(context, submission) if doing else context.run_action(submission)
    except CoworkError as error:
        raise to_rejection(error, context.lang, "text" if submission.text else None) from error
