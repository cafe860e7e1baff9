"""Opening a workshop: the organiser says why it is held, what is decided, and what this group can change."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.elements import ORGANISER_CONTEXT_FIELDS
from cowork.core.entries import Actor, Draft
from cowork.core.errors import CoworkError
from cowork.core.ids import derive_id
from cowork.pages.kit.consent_questions import NAME_FIELD, own_name
from cowork.pages.kit.fields import draw_fields
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.store import Record, creation_quotas, credentials
from cowork.widgets import Component, Form, Rejected, Submission
from cowork.widgets.submission import check_words
from cowork.widgets.types import Field

#: Code points; the title stands over every page.
TITLE_LIMIT = 200
FIELDS: tuple[Field, ...] = (
    Field(key="title", label="start.label.name", line=True, required=True, limit=TITLE_LIMIT),
    Field(key="why", label="start.label.why", rows=3, required=True),
    {**NAME_FIELD, "label": "start.label.your_name"},
    *(
        Field(key=key, label=f"start.label.{key}", rows=2, fold=True)
        for key in ORGANISER_CONTEXT_FIELDS
        if key != "why"
    ),
)


@page("opening", front_door=True)
def create_workshop(context: PageContext) -> list[Component]:
    """Ask for a name and a reason; everything else may be said later."""
    t = context.t
    form = Form(
        box="door-opening",
        quick=True,
        level=1,
        question=t("start.form_h"),
        hint=t("start.form_hint"),
        fields=draw_fields(context, FIELDS),
        fold_h=t("start.more"),
        button=t("start.button.open"),
        seen=[t("start.seen"), t("start.way_in_where"), t("start.facilitator_hint")],
    )

    return [form]


@submit("door-opening", replay=False)
def create(context: PageContext, submission: Submission) -> None:
    """Create the workshop that was described, and tell the device its code."""
    session = context.session
    participant, secret = session.credentials
    title = check_words(submission.fields.get("title", ""), context.lang, "title", TITLE_LIMIT).strip()
    own_name(context, submission)
    if not title:
        raise Rejected(context.t("error.empty_title"), "title")
    if not secret:
        raise RuntimeError("the device has no key")
    if context.record.state(submission.id).opening_entry() is None:  # sent again after a lost answer, it makes no other
        creation_quotas.reserve_creation(context.record, creation_quotas.WORKSHOP_QUOTA, session.source)
    code = open_workshop(context.record, submission.id, participant, secret, title, submission.fields, context.lang)
    session.announce_created(code)


def open_workshop(
    record: Record,
    workshop: str,
    participant: str,
    secret: str,
    title: str,
    fields: dict[str, str],
    lang: str,
) -> str:
    """Open a workshop and make its opener a participant who may come back. Returns the code.

    Every id follows from `workshop`, which the device made: opening again after a lost answer opens nothing twice.
    """
    held = record.state(workshop).opening_entry()
    if held and credentials.participant_of(record, workshop, secret) != participant:
        with record.backend.reading() as rows:
            has_doors = bool(rows.credentials(workshop))
        if has_doors:  # else the answer was lost before its opener's door was made
            raise CoworkError("error.id_taken", id=workshop)  # ids are no secrets: this is not who opened it
    code = str(held.data["code"]) if held else credentials.new_workshop_code(record)
    actor = Actor(participant)
    body = {"title": title, "code": code, "languages": ["en", "sv"]}
    record.open_workshop(Draft(workshop, "workshop", participant, body), actor)
    credentials.register_device(record, workshop, participant, secret)
    drafts = [
        Draft(participant, "participant", participant, {"name": fields.get("name", "").strip(), "lang": lang}),
        Draft(derive_id(workshop + "part"), "consent", participant, {"question": "part", "answer": "yes"}),
        Draft(derive_id(workshop + "episode"), "episode", participant, {"name": ""}, how="facilitator"),
    ]
    for field in ORGANISER_CONTEXT_FIELDS:
        words = fields.get(field, "").strip()
        if words:
            said = {"field": field, "text": words, "lang": lang}
            drafts.append(Draft(derive_id(workshop + field), "context", participant, said, how="facilitator"))
    record.append_many(workshop, drafts, actor)
    return code
