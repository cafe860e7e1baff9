"""People without a device: a scribe asks them aloud and enters what they answer, each question its own.

Nothing is written before their yes, and every answer can be changed, or taking part ended, in the same way.
"""

from __future__ import annotations

from dataclasses import replace

from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.access.permissions import has_device
from cowork.core.entries import Actor, Draft
from cowork.core.errors import NotAllowed, NotFound
from cowork.core.fold import State
from cowork.core.ids import derive_id
from cowork.pages.kit.actions import action
from cowork.pages.kit.consent_questions import (
    NAME_FIELD,
    OWN_FIELD,
    consent_draft,
    consent_drafts,
    consent_fields,
    current_answers,
    free_name,
    name_fields,
    part_field,
)
from cowork.pages.kit.fields import draw_fields
from cowork.pages.kit.signatures import GROUPS
from cowork.pages.submissions import submit
from cowork.widgets import Form, Rejected, Submission
from cowork.widgets.types import ActionForm


def form(context: PageContext) -> Form:
    """Someone without a device: would they like to take part, what shall we call them, and more where wanted."""
    t = context.t
    asked = Form(
        box="people",
        quick=True,
        level=2,
        question=t("people.add_h"),
        hint=t("people.add_hint"),
        mean={"h": t("people.read_first"), "lines": [t(f"join.words.{n}") for n in range(1, 7)]},
        fields=draw_fields(context, [NAME_FIELD, {**OWN_FIELD, "fold": True}], {}),
        fold_h=t("people.more_h"),
        button=t("people.add_button"),
        quiet_button=True,
        seen=[t("people.add_seen")],
    )
    asks = [part_field(context, "people.ask_aloud"), *consent_fields(context, context.view, {"way": "room"}, fold=True)]
    asked.choices = [{**one, "once": True} for one in asks]  # nobody's answer is the next person's
    return asked


def change_box(context: PageContext, view: ParticipantView, person: str) -> ActionForm:
    """The same questions again, with what this person has answered so far."""
    return {
        "hint": context.t("people.add_hint"),
        "fields": name_fields(context, view, person),
        "choices": consent_fields(context, view, current_answers(view, person), fold=False),
        "button": context.t("choices.button"),
        "seen": [context.t("people.add_seen")],
    }


# ---- what is written


@submit("people", replay=False)
def enrol_person(context: PageContext, submission: Submission) -> str:
    """Enter somebody who said yes, with all they answered, or nothing at all. Returns what to say."""
    answer = submission.choices.get("part")
    if answer == "no":
        return str(context.t("join.part.no_after"))
    if answer != "yes":
        raise Rejected(context.t("error.no_choice"), "part")
    if not context.view.is_scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    person = derive_id(submission.id + "who")
    name = free_name(context, submission, person)
    said = replace(submission, choices={"way": "room", **submission.choices})
    drafts = [
        Draft(person, "participant", person, {"name": name, "lang": context.lang}),
        consent_draft(context, derive_id(submission.id + "part"), person, "part", "yes"),
        *consent_drafts(context, said, person, {}),
    ]
    _write(context, drafts)
    return str(context.t("people.added", name=name) if name else context.t("people.added_unnamed"))


def group(context: PageContext, which: str, submission: Submission) -> str:
    """The one under whom words of several, or of nobody known, are entered; made when first used.

    It said yes to nothing, so it is never counted among those who take part.
    """
    state = context.record.state(context.workshop)
    found = next((person for person in state.participants() if group_of(state, person) == which), "")
    if not found:
        found = derive_id(submission.id + which)
        _write(context, [Draft(found, "participant", found, {"group": which, "lang": context.lang})])
    return found


def group_of(state: State, person: str) -> str:
    """ "several" or "unknown" for one of these two, "" for a person. Who has a device is always a person."""
    said = str(state.profile(person).get("group", ""))
    return said if said in GROUPS and not has_device(state, person) else ""


def through_scribe(state: State, person: str) -> bool:
    """True for a person whom a scribe entered and who has not come in on a device of their own."""
    entered = state.of_person(person, "participant")
    return bool(entered) and all(entry.header.how == "scribe" for entry in entered) and not has_device(state, person)


def _whose(context: PageContext, submission: Submission) -> str:
    """Whom an act on a card of this page is about: somebody entered by a scribe."""
    person = submission.choices.get("who")
    state = context.record.state(context.workshop)
    if not context.view.is_scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    if not isinstance(person, str) or not through_scribe(state, person) or group_of(state, person):
        raise NotFound("error.gone")
    return person


@action("people-answers")
def change(context: PageContext, submission: Submission) -> str:
    """What somebody without a device answers now, where it differs from before."""
    person = _whose(context, submission)
    drafts = consent_drafts(context, submission, person, current_answers(context.view, person))
    name = free_name(context, submission, person)
    if name != context.view.name_of(person):
        drafts.append(Draft(derive_id(submission.id + "name"), "participant", person, {"name": name}))
    _write(context, drafts)
    return str(context.t("people.kept"))


@action("people-out")
def end_participation(context: PageContext, submission: Submission) -> str:
    """They stop taking part. Their words stand until they take them back."""
    person = _whose(context, submission)
    _write(context, [consent_draft(context, derive_id(submission.id + "part"), person, "part", "no")])
    if context.session.writing_for == person:
        context.session.write_for("")
    return str(context.t("people.out_done"))


@action("people-in")
def resume_participation(context: PageContext, submission: Submission) -> str:
    """They would like to take part again."""
    person = _whose(context, submission)
    _write(context, [consent_draft(context, derive_id(submission.id + "part"), person, "part", "yes")])
    return str(context.t("people.kept"))


def _write(context: PageContext, drafts: list[Draft]) -> None:
    """All of it or nothing, as this scribe and marked so."""
    marked = [replace(draft, how="scribe", body={**draft.body, "written_by": context.me}) for draft in drafts]
    if not context.view.is_scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    if marked:
        context.record.append_many(context.workshop, marked, Actor(context.me))
    context.feed.poll()
