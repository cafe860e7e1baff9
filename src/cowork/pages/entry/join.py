"""Join: only taking part is asked before the door opens; every other question has a careful default.

Nothing at all is written before a yes.
"""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.core.ids import derive_id
from cowork.pages.kit.consent_questions import (
    NAME_FIELD,
    OWN_FIELD,
    consent_draft,
    consent_drafts,
    consent_fields,
    free_name,
    part_field,
)
from cowork.pages.kit.fields import draw_fields
from cowork.pages.kit.forms import meaning_lines
from cowork.pages.kit.typed_text import TextLine, typed
from cowork.pages.registry import page
from cowork.pages.session.return_code import return_form
from cowork.pages.submissions import submit
from cowork.store import credentials
from cowork.widgets import Component, Form, Prose, Rejected, Submission
from cowork.widgets.types import Block


@page("join")
def join(context: PageContext) -> list[Component]:
    """Say what happens with people's words, then ask whether they would like to take part."""
    t = context.t
    seen = ParticipantView(context.record.state(context.workshop), "")
    form = Form(
        box="door-join",
        quick=True,
        level=2,
        choices=[part_field(context, "join.part.hint"), *consent_fields(context, seen, {}, fold=True)],
        fields=draw_fields(context, [NAME_FIELD, {**OWN_FIELD, "fold": True}]),
        fold_h=t("choices.all_h"),
        button=t("join.button.in"),
        seen=[t("join.seen")],
    )

    blocks: list[Block] = [
        {"h": t("join.h"), "level": 1},
        {"hint": t("join.hint")},
        {"terms": [[t("start.label.name"), seen.title()], *_why(context, seen)]},
        {"h": t("join.words.h"), "level": 2},
        {"list": [t(f"join.words.{n}") for n in range(1, 7)]},
    ]
    keeper = [typed(context, entry, str(entry.data["text"])) for entry in seen.context_entries("keeper")]
    if keeper:
        blocks.append({"terms": [[t("start.label.keeper"), keeper[0]]]})
    blocks.append({"summary": t("join.mean.h"), "lines": meaning_lines(context, "join")})
    opened = context.record.state(context.workshop).opening_entry()
    if opened and opened.data.get("practice"):
        blocks.insert(1, {"p": t("common.example")})
    # After the form: nearly everybody comes for the first time, and nobody need say so.
    return [Prose(blocks=blocks), form, return_form(context)]


@submit("door-join", replay=False)
def add_participant(context: PageContext, submission: Submission) -> str | None:
    """Write a yes to taking part, with every other answer; after a no, write nothing."""
    answer = submission.choices.get("part")
    if answer == "no":
        return str(context.t("join.part.no_after"))
    if answer != "yes":
        raise Rejected(context.t("error.no_choice"), "part")
    secret = context.session.credentials[1]
    if not secret:
        raise RuntimeError("the device has no key")
    state = context.record.state(context.workshop)
    participant = who_joins(context, submission)
    name = free_name(context, submission, participant)
    # Before the words: if all ends between the two, the device that comes again is still this person.
    credentials.register_device(context.record, context.workshop, participant, secret)
    # The first entry has the person's own id; somebody who stopped and says yes again adds another.
    first = participant if participant not in state.entries else derive_id(submission.id + "name")
    drafts = [
        Draft(first, "participant", participant, {"name": name, "lang": context.lang}),
        consent_draft(context, derive_id(submission.id + "part"), participant, "part", "yes"),
        *consent_drafts(context, submission, participant, {}),
    ]
    context.record.append_many(context.workshop, drafts, Actor(participant))
    context.session.confirm_joined()
    return None


def who_joins(context: PageContext, submission: Submission) -> str:
    """The participant of this device: as known by its secret, else the id it made for itself.

    An id is no secret, so one that anybody here has is not given away: a stranger who names it becomes somebody new.
    """
    candidate, secret = context.session.credentials
    known = credentials.participant_of(context.record, context.workshop, secret)
    if known is None and candidate in context.record.state(context.workshop).by_person:
        return derive_id(submission.id + "who")
    return known or str(candidate)


def _why(context: PageContext, view: ParticipantView) -> list[list[TextLine]]:
    return [
        [context.t("start.label.why"), typed(context, entry, str(entry.data["text"]))]
        for entry in view.context_entries("why")
    ]
