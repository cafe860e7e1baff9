"""Actions on a card, registered by name: what each does, whichever page its card is on.

An action may arrive when its page is open no longer (a device kept it without connection), so its handler depends on
no open page.
"""

from __future__ import annotations

from collections.abc import Callable

from cowork.context import PageContext, to_rejection
from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import CoworkError
from cowork.pages.kit.forms import talk_fields
from cowork.pages.submissions import box_name
from cowork.widgets import CardList, Submission

ActionHandler = Callable[[PageContext, Submission], "str | None"]

_HANDLERS: dict[str, ActionHandler] = {}
_ONLY_FROM_PAGE: set[str] = set()


def action(name: str, *, replay: bool = True) -> Callable[[ActionHandler], ActionHandler]:
    """Register what the action of this name on a card does. Built-in actions (change, take back …) need no entry.

    `replay=False`: it counts only from the open page. A press that a device kept and sends later is refused.
    """

    def register(handler: ActionHandler) -> ActionHandler:
        _HANDLERS[name] = handler
        if not replay:
            _ONLY_FROM_PAGE.add(name)
        return handler

    return register


def action_name(submission: Submission) -> str:
    """The name of an action from its box, `act:<card>:<name>`; "" for words from a form."""
    parts = box_name(submission.box).split(":")
    return parts[2] if len(parts) == 3 and parts[0] == "act" else ""


def announce_talk(context: PageContext, card_lists: list[CardList], view: ParticipantView) -> None:
    """Show under each card's talk who will see it, and how it may be shown."""
    form = talk_fields(context, view)
    for card_list in card_lists:
        card_list.talk = dict(form)


def dispatch(context: PageContext, submission: Submission, *, from_page: bool = False) -> str | None:
    """Run the action of a press on a card. `from_page`: the press comes from the page that is open now."""
    name = action_name(submission)
    handler = _HANDLERS.get(name) if from_page or name not in _ONLY_FROM_PAGE else None
    context = context.for_submission(submission)
    try:
        return handler(context, submission) if handler else context.run_action(submission)
    except CoworkError as error:
        raise to_rejection(error, context.lang, "text" if submission.text else None) from error
