"""Coming back with a return code: one form, on the landing page and beside the join form.

The key that a device has for the workshop's code is the one that is let in, never another of its keys: a device that
has opened the join link has a key for that code already, and says hello with it from then on.
"""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.errors import CoworkError
from cowork.core.fold import State
from cowork.pages.submissions import submit
from cowork.store import Record, credentials
from cowork.text import translate
from cowork.widgets import Form, Submission


def return_form(context: PageContext) -> Form:
    """Ask for a return code and come in as the person it is for."""
    return Form(
        box="door-return",
        quick=True,
        level=2,
        question=context.t("front.return_h"),
        hint=context.t("front.return_hint"),
        fields=[
            {
                "key": "code",
                "label": context.t("front.return_label"),
                "line": True,
                "required": True,
                "limit": 60,
                "keep": False,  # as good as a key: it stays on no device that is passed on
            }
        ],
        button=context.t("front.return_button"),
        quiet_button=True,
    )


@submit("door-return", field="code", replay=False)
def use_return_code(context: PageContext, submission: Submission) -> None:
    """Come in as the participant of a return code: here, or in the workshop it belongs to."""
    session = context.session
    workshop, participant = session.redeem_return_code(submission.fields.get("code", ""))
    if workshop == context.workshop:
        restore_device(context.record, workshop, participant, session.credentials[1])
        session.confirm_joined()
    else:
        session.enter_as(workshop, participant)


def restore_device(record: Record, workshop: str, participant: str, secret: str) -> None:
    """Register this device for this participant. Raises where it is somebody else in that workshop.

    Their key on this device would be lost, and with it their way in; so nobody takes a device over in silence.
    """
    if not secret:
        raise RuntimeError("the device has no key")
    known = credentials.participant_of(record, workshop, secret)
    if known not in (None, participant):
        raise CoworkError("error.return_other")
    credentials.register_device(record, workshop, participant, secret)


def return_note(state: State, participant: str, lang: str) -> str:
    """The note for somebody who comes back after they had stopped: they are asked again to take part."""
    return "" if state.takes_part(participant) else translate("join.back_stopped", lang)
