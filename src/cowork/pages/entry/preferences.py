"""My choices: every answer of join, to change at any time; a return code; all back, all erased; stopping."""

from __future__ import annotations

from typing import Any

from cowork.context import PageContext
from cowork.core.access.erasure import standing_texts, written_by
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.core.ids import derived
from cowork.pages.kit.consent_questions import (
    NAME_LIMIT,
    OWN_LIMIT,
    consent_draft,
    consent_drafts,
    consent_fields,
    current_answers,
    own_name,
)
from cowork.pages.registry import page
from cowork.store import credentials
from cowork.text.labels import PERSPECTIVES
from cowork.widgets import Dialog, Form, Prose, Rejected, Submission


@page("choices")
def preferences(context: PageContext) -> list[Any]:
    """Show what was chosen, and keep what is chosen now."""
    say = context.t
    form = Form(
        box="my-choices",
        quick=True,
        level=1,
        question=say("choices.h"),
        hint=say("choices.hint"),
        button=say("choices.button"),
        done=say("choices.saved"),
        seen=[say("join.seen")],
    )

    def tell(view: ParticipantView) -> None:
        before = current_answers(context, view)
        own = ", ".join(p for p in before["as"] if p not in PERSPECTIVES)
        name = {"label": say("join.name.label"), "hint": say("join.name.hint"), "limit": NAME_LIMIT}
        form.fields = [
            {**name, "key": "name", "line": True, "value": view.name(context.me)},
            {"key": "own", "label": say("join.as.own"), "line": True, "limit": OWN_LIMIT, "value": own, "place": 2},
        ]
        form.choices = consent_fields(context, view, before, fold=False)

    context.follow(tell)

    def keep(submission: Submission) -> None:
        state = context.record.state(context.workshop)
        drafts = consent_drafts(context, submission, context.me, current_answers(context, context.view))
        wanted = own_name(context, submission)
        if wanted != context.view.name(context.me):
            taken = {context.view.name(p).casefold() for p in state.participants() if p != context.me}
            if wanted and wanted.casefold() in taken:
                raise Rejected(say("error.name_taken"), "name")
            drafts.append(Draft(derived(submission.id + "name"), "participant", context.me, {"name": wanted}))
        _write(context, drafts)

    form.on_submit(keep)
    back = Dialog(
        button=say("choices.return_button"),
        heading=say("choices.return_h"),
        lines=[say("choices.return_hint")],
        yes=say("choices.return_button"),
        no=say("common.close"),
    )

    def make_code(message: dict[str, Any]) -> None:
        code = credentials.new_return_code(context.record, context.workshop, context.me)
        # Shown in a message to this one screen and never in a trait: a trait can be asked for.
        back.show([code, say("join.code.hint")])

    back.on_message("yes", make_code)
    leave = _asking(
        context,
        "choices.leave_button",
        "choices.leave_h",
        "choices.leave_hint",
        "choices.leave_button",
        "forget.no",
    )
    leave.on_message("yes", lambda message: _leave(context))
    take = Dialog(
        button=say("back.take_all"),
        heading=say("back.take_all"),
        lines=[say(f"back.take_all_{part}") for part in ("what", "hint", "stays", "erase")],
        yes=say("back.take_all"),
        no=say("erase.no"),
    )
    take.on_message("yes", lambda message: _take_all(context, take))
    erase = Dialog(
        button=say("erase.all"),
        heading=say("erase.h"),
        lines=[say("erase.all_what"), *(say(f"erase.{n}") for n in range(1, 7)), say("erase.all_stays")],
        yes=say("erase.yes"),
        no=say("erase.no"),
    )
    erase.on_message("yes", lambda message: _erase_all(context, erase))
    nameless = _asking(context, "erase.name", "erase.name_h", "erase.name_hint", "erase.yes", "erase.name_no")
    nameless.on_message("yes", lambda message: _erase_name(context, nameless))
    forget = _asking(context, "common.forget_here", "forget.h", "forget.hint", "forget.yes", "forget.no")
    forget.on_message("yes", lambda message: context.session.shell.forget_workshop(context.session.code))
    return [
        form,
        Prose(blocks=[{"h": say("choices.return_h"), "level": 2}, {"hint": say("choices.return_hint")}]),
        back,
        Prose(blocks=[{"h": say("back.h"), "level": 2}, {"hint": say("back.reason")}]),
        take,
        erase,
        nameless,
        leave,
        forget,
    ]


def _asking(context: PageContext, button: str, heading: str, line: str, yes: str, no: str) -> Dialog:
    say = context.t
    return Dialog(button=say(button), heading=say(heading), lines=[say(line)], yes=say(yes), no=say(no))


def _write(context: PageContext, drafts: list[Draft]) -> None:
    if drafts:
        context.record.append_many(context.workshop, drafts, Actor(context.me))
    context.feed.poll()


def _take_all(context: PageContext, box: Dialog) -> None:
    """Take back every text of this person, also one that nobody sees now: a rendering of words that were taken back
    would stand again with them."""
    texts = standing_texts(context.record.state(context.workshop), context.me)
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
    box.show([context.t("state.erasing" if context.record.backend.scrubbing() else "receipt.here")])


def _about_many(context: PageContext, kind: str, about: tuple[tuple[str, str], ...], size: int = 400) -> None:
    """One act on all of these, in as many entries as it takes."""
    parts = [about[i : i + size] for i in range(0, len(about), size)]
    _write(context, [Draft(context.record.new_id(), kind, context.me, {}, part) for part in parts])


def _leave(context: PageContext) -> None:
    _write(context, [consent_draft(context, context.record.new_id(), context.me, "part", "no")])
    context.session.left()
