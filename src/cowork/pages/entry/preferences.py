"""My choices: every answer of join, to change at any time; a return code; all back, all erased; stopping."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.erasure import withdrawable_texts, written_by
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.core.ids import derive_id
from cowork.pages.kit.consent_questions import (
    consent_draft,
    consent_drafts,
    consent_fields,
    current_answers,
    free_name,
    name_fields,
    own_name,
)
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.store import credentials
from cowork.widgets import Component, Dialog, Form, Prose, Submission
from cowork.widgets.types import Message


@page("choices")
def preferences(context: PageContext) -> list[Component]:
    """Show what was chosen, and write what is chosen now."""
    t = context.t
    form = Form(
        box="my-choices",
        quick=True,
        level=1,
        question=t("choices.h"),
        hint=t("choices.hint"),
        button=t("choices.button"),
        done=t("choices.saved"),
        seen=[t("join.seen")],
    )

    def render(view: ParticipantView) -> None:
        form.fields = name_fields(context, view, context.me)
        form.choices = consent_fields(context, view, current_answers(view, context.me), fold=False)

    context.follow(render)
    return [
        form,
        Prose(blocks=[{"h": t("choices.return_h"), "level": 2}, {"hint": t("choices.return_hint")}]),
        _return_code_dialog(context),
        Prose(blocks=[{"h": t("back.h"), "level": 2}, {"hint": t("back.reason")}]),
        *_erasure_dialogs(context),
        *_leaving_dialogs(context),
    ]


def _return_code_dialog(context: PageContext) -> Dialog:
    t = context.t
    dialog = Dialog(
        button=t("choices.return_button"),
        heading=t("choices.return_h"),
        no=t("common.close"),
    )

    def make_code(message: Message) -> None:
        code = credentials.new_return_code(context.record, context.workshop, context.me)
        # Shown in a message to this one screen and never in a trait: a trait can be asked for.
        dialog.show([code, t("join.code.hint")])

    dialog.on_message("yes", make_code)
    return dialog


def _erasure_dialogs(context: PageContext) -> list[Dialog]:
    """Withdraw all words, erase them all, or erase the name."""
    t = context.t
    withdraw = Dialog(
        button=t("back.take_all"),
        heading=t("back.take_all"),
        lines=[t(f"back.take_all_{part}") for part in ("what", "hint", "stays", "erase")],
        yes=t("back.take_all"),
        no=t("erase.no"),
    )
    withdraw.on_message("yes", lambda message: _withdraw_all(context, withdraw))
    erase = Dialog(
        button=t("erase.all"),
        heading=t("erase.h"),
        lines=[t("erase.all_what"), *(t(f"erase.{n}") for n in range(1, 7)), t("erase.all_stays")],
        yes=t("erase.yes"),
        no=t("erase.no"),
    )
    erase.on_message("yes", lambda message: _erase_all(context, erase))
    nameless = _dialog(context, "erase.name", "erase.name_h", "erase.name_hint", "erase.yes", "erase.name_no")
    nameless.on_message("yes", lambda message: _erase_name(context, nameless))
    return [withdraw, erase, nameless]


def _leaving_dialogs(context: PageContext) -> list[Dialog]:
    """Stop taking part, or let this device forget the person."""
    leave = _dialog(
        context, "choices.leave_button", "choices.leave_h", "choices.leave_hint", "choices.leave_button", "forget.no"
    )
    leave.on_message("yes", lambda message: _leave(context))
    forget = _dialog(context, "common.forget_here", "forget.h", "forget.hint", "forget.yes", "forget.no")
    forget.on_message("yes", lambda message: context.session.forget_device())
    return [leave, forget]


@submit("my-choices", replay=False)
def save_preferences(context: PageContext, submission: Submission) -> None:
    """Write what somebody answers now, where it differs from before."""
    view = context.view
    drafts = consent_drafts(context, submission, context.me, current_answers(view, context.me))
    name = own_name(context, submission)
    if name != view.name_of(context.me):
        name = free_name(context, submission, context.me)
        drafts.append(Draft(derive_id(submission.id + "name"), "participant", context.me, {"name": name}))
    _write(context, drafts)


def _dialog(context: PageContext, button: str, heading: str, line: str, yes: str, no: str) -> Dialog:
    t = context.t
    return Dialog(button=t(button), heading=t(heading), lines=[t(line)], yes=t(yes), no=t(no))


def _write(context: PageContext, drafts: list[Draft]) -> None:
    if drafts:
        context.record.append_many(context.workshop, drafts, Actor(context.me))
    context.feed.poll()


def _withdraw_all(context: PageContext, box: Dialog) -> None:
    """Take back every text of this person, also one that nobody sees now: a rendering of words that were taken back
    would stand again with them."""
    texts = withdrawable_texts(context.record.state(context.workshop), context.me)
    _about_many(context, "withdrawal", tuple(("withdraws", one) for one in texts))
    box.show([context.t("back.take_all_done")])


def _erase_all(context: PageContext, box: Dialog) -> None:
    """Erase everything this person wrote here: texts, reasons, new wordings of others' texts, the group's own words."""
    _about_many(context, "erasure", written_by(context.record.state(context.workshop), context.me).about())
    _erased(context, box)


def _erase_name(context: PageContext, box: Dialog) -> None:
    """Erase every name this person has had here."""
    names = written_by(context.record.state(context.workshop), context.me).names
    _about_many(context, "erasure", tuple(("erases-version", one) for one in names))
    _erased(context, box)


def _erased(context: PageContext, box: Dialog) -> None:
    """ "Erased" is said only of what is gone from the disk."""
    box.show([context.t("state.erasing" if context.record.backend.needs_scrub() else "receipt.here")])


def _about_many(context: PageContext, kind: str, about: tuple[tuple[str, str], ...], size: int = 400) -> None:
    """One act on all of these, in as many entries as it takes."""
    parts = [about[i : i + size] for i in range(0, len(about), size)]
    _write(context, [Draft(context.record.new_id(), kind, context.me, {}, part) for part in parts])


def _leave(context: PageContext) -> None:
    _write(context, [consent_draft(context, context.record.new_id(), context.me, "part", "no")])
    context.session.confirm_left()
