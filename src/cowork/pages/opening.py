"""Opening a workshop: the organiser says why it is held, what is decided, and what this group can change."""

from __future__ import annotations

from typing import Any

from cowork.core.elements import CONTEXT_ORGANISER
from cowork.core.entries import Actor, Draft
from cowork.core.errors import CoworkError
from cowork.core.ids import derived
from cowork.pages.consent_questions import NAME_LIMIT, own_name
from cowork.pages.registry import page
from cowork.store import Record, doors, quotas
from cowork.widgets import Ask, Refused, Sent
from cowork.widgets.sent import check_words
from cowork.workbook import Here

#: Code points; the title stands over every page.
TITLE_LIMIT = 200


@page("opening", front_door=True)
def opening(here: Here) -> list[Any]:
    """Ask for a name and a reason; everything else may be said later."""
    say, visit = here.say, here.visit
    further = [
        {"key": f, "label": say(f"start.label.{f}"), "rows": 2, "fold": True} for f in CONTEXT_ORGANISER if f != "why"
    ]
    form = Ask(
        box="door-opening",
        quick=True,
        level=1,
        question=say("start.form_h"),
        hint=say("start.form_hint"),
        fields=[
            {"key": "title", "label": say("start.label.name"), "line": True, "required": True, "limit": TITLE_LIMIT},
            {"key": "why", "label": say("start.label.why"), "rows": 3, "required": True},
            {
                "key": "name",
                "label": say("start.label.your_name"),
                "hint": say("join.name.hint"),
                "line": True,
                "limit": NAME_LIMIT,
            },
            *further,
        ],
        fold_h=say("start.more"),
        button=say("start.button.open"),
        seen=[say("start.seen"), say("start.way_in_where"), say("start.facilitator_hint")],
    )

    def open_it(sent: Sent) -> None:
        participant, secret = visit.key
        title = check_words(sent.fields.get("title", ""), here.lang, "title", TITLE_LIMIT).strip()
        own_name(here, sent)
        if not title:
            raise Refused(say("error.empty_title"), "title")
        if not secret:
            raise RuntimeError("the device has no key")
        if here.record.state(sent.id).opened() is None:  # sent again after a lost answer, it makes no other
            quotas.reserve(here.record, quotas.WORKSHOP, visit.source)
        code = open_workshop(here.record, sent.id, participant, secret, title, sent.fields, here.lang)
        visit.opened(code)

    form.on_shared(open_it)
    return [form]


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
    held = record.state(workshop).opened()
    if held and doors.who(record, workshop, secret) != participant:
        with record.keeper.reading() as rows:
            has_doors = bool(rows.doors(workshop))
        if has_doors:  # else the answer was lost before its opener's door was made
            raise CoworkError("error.id_taken", id=workshop)  # ids are no secrets: this is not who opened it
    code = str(held.data["code"]) if held else doors.new_code(record)
    actor = Actor(participant)
    body = {"title": title, "code": code, "languages": ["en", "sv"]}
    record.open_workshop(Draft(workshop, "workshop", participant, body), actor)
    doors.let_device(record, workshop, participant, secret)
    drafts = [
        Draft(participant, "participant", participant, {"name": fields.get("name", "").strip(), "lang": lang}),
        Draft(derived(workshop + "part"), "consent", participant, {"question": "part", "answer": "yes"}),
        Draft(derived(workshop + "episode"), "episode", participant, {"name": ""}, how="facilitator"),
    ]
    for field in CONTEXT_ORGANISER:
        words = fields.get(field, "").strip()
        if words:
            said = {"field": field, "text": words, "lang": lang}
            drafts.append(Draft(derived(workshop + field), "context", participant, said, how="facilitator"))
    record.append_many(workshop, drafts, actor)
    return code
