"""Coming back with a return code: one form, at the front door and beside the join form.

The key that a device has for the workshop's code is the one that is let in, never another of its keys: a device that
has opened the join link has a key for that code already, and says hello with it from then on.
"""

from __future__ import annotations

from cowork.core.errors import CoworkError
from cowork.core.fold import State
from cowork.store import Record, doors
from cowork.text import say
from cowork.widgets import Ask, Sent
from cowork.workbook import Here, refused


def return_form(here: Here) -> Ask:
    """Ask for a return code and come in as the person it is for."""
    form = Ask(
        box="door-return",
        quick=True,
        level=2,
        question=here.say("front.return_h"),
        hint=here.say("front.return_hint"),
        fields=[
            {
                "key": "code",
                "label": here.say("front.return_label"),
                "line": True,
                "required": True,
                "limit": 60,
                "keep": False,  # as good as a key: it stays on no device that is passed on
            }
        ],
        button=here.say("front.return_button"),
        quiet_button=True,
    )

    def come_back(sent: Sent) -> None:
        try:
            workshop, participant = here.visit.come_back(sent.fields.get("code", ""))
            if workshop == here.workshop:
                let_back(here.record, workshop, participant, here.visit.key[1])
        except CoworkError as error:
            raise refused(error, here.lang, "code") from error
        if workshop == here.workshop:
            here.visit.joined()
        else:
            here.visit.come_back_to(workshop, participant)

    form.on_shared(come_back)
    return form


def let_back(record: Record, workshop: str, participant: str, secret: str) -> None:
    """From now on this device is this participant. Raises where it is somebody else in that workshop.

    Their key on this device would be lost, and with it their way in; so nobody takes a device over in silence.
    """
    if not secret:
        raise RuntimeError("the device has no key")
    known = doors.who(record, workshop, secret)
    if known not in (None, participant):
        raise CoworkError("error.return_other")
    doors.let_device(record, workshop, participant, secret)


def note_for(state: State, participant: str, lang: str) -> str:
    """Said to somebody who comes in on the join page and is known: they had stopped, and are asked anew."""
    return "" if state.takes_part(participant) else say("join.back_stopped", lang)
