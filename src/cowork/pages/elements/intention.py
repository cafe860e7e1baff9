"""Intention: why each of us is here, and what we hope we can change."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.forms import (
    add_contribution,
    alone_switch,
    count_heading,
    element_form,
    empty_text,
    next_parts,
    quiet_round,
    visibility_fields,
)
from cowork.pages.kit.typed_text import lang_of
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.widgets import CardList, Choice, Component, Submission
from cowork.widgets.types import FirstAnswer


@page("intention", part="intention")
def intention(context: PageContext) -> list[Component]:
    """Ask why; private first if wished; show everyone's."""
    t, seen = context.t, context.view
    ask = element_form(
        context,
        "intention",
        first=organiser_first(context, seen),
        fields=[
            {"key": "text", "label": t("intention.label.why"), "rows": 4, "required": True},
            {"key": "hope", "label": t("intention.label.hope"), "rows": 2},
        ],
        button=t("intention.button.share"),
        button_by_choice={"seen": {"only-me": t("common.keep_me")}},
    )
    ready = Choice(
        legend=t("intention.ready.h"),
        hint=t("intention.ready.hint"),
        options=[
            {"value": answer, "label": t(f"intention.ready.{answer}")} for answer in ("learn", "hear", "both", "unsure")
        ],
        keep_on_device="ready",
    )
    card_list = CardList(wheel="engagement", hint=t("common.wrote_hint"), empty=t("intention.empty"))
    switch = [alone_switch(context, "intention")] if seen.is_facilitator else []
    # The question for oneself is not asked of somebody who writes for another.
    parts: list[Component] = [
        quiet_round(context, "intention"),
        ask,
        *switch,
        card_list,
        *([] if context.writing_for else [ready]),
    ]

    def render(view: ParticipantView) -> None:
        ask.choices, ask.seen_by_choice = visibility_fields(context, view, "intention")
        found = list(reversed(view.of_kind("intention")))
        card_list.empty = empty_text(context, view, "intention", "intention.empty")
        card_list.heading = count_heading(context, view, found)
        card_list.items = [make_card(context, view, contribution) for contribution in found]

    context.follow(render)
    return [*parts, next_parts(context)]


@submit("intention", field="text", fields={"text": 0, "hope": 0})
def add_intention(context: PageContext, submission: Submission) -> str | None:
    """Write why somebody is here."""
    return add_contribution(context, "intention", submission)


def organiser_first(context: PageContext, view: ParticipantView) -> FirstAnswer:
    """The organiser's own reason, shown above the box: they answer first, visibly."""
    why = view.context_entries("why")
    if not why:
        return {}
    by = view.name_of(why[-1].header.by)
    words = str(why[-1].data["text"])
    return {"h": context.t("intention.first"), "text": words, "lang": lang_of(why[-1], words), "by": by}
