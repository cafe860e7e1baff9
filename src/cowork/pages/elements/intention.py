"""Intention: why each of us is here, and what we hope we can change."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.fields import field_limits, option_list
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
from cowork.widgets.types import Field, FirstAnswer

FIELDS = (
    Field(key="text", label="intention.label.why", rows=4, required=True),
    Field(key="hope", label="intention.label.hope", rows=2),
)
#: What somebody may be ready for: asked for their own sake, and kept on their device.
READY = ("learn", "hear", "both", "unsure")


@page("intention", part="intention")
def intention(context: PageContext) -> list[Component]:
    """Ask why; private first if wished; show everyone's."""
    t, seen = context.t, context.view
    ask = element_form(
        context,
        "intention",
        FIELDS,
        first=organiser_first(context, seen),
        button=t("intention.button.share"),
        button_by_choice={"seen": {"only-me": t("common.keep_me")}},
    )
    ready = Choice(
        legend=t("intention.ready.h"),
        hint=t("intention.ready.hint"),
        options=option_list(context, [(answer, f"intention.ready.{answer}") for answer in READY]),
        keep_on_device="ready",
    )
    card_list = CardList(wheel="engagement", hint=t("common.wrote_hint"), empty=t("intention.empty"))
    switch = [alone_switch(context, "intention")] if seen.is_facilitator else []
    # The question for oneself is not asked of somebody who writes for another.
    own = [] if context.writing_for else [ready]

    def render(view: ParticipantView) -> None:
        ask.choices, ask.seen_by_choice = visibility_fields(context, view, "intention")
        found = list(reversed(view.of_kind("intention")))
        card_list.empty = empty_text(context, view, "intention", "intention.empty")
        card_list.heading = count_heading(context, found)
        card_list.items = [make_card(context, view, contribution) for contribution in found]

    context.follow(render)
    return [quiet_round(context, "intention"), ask, *switch, card_list, *own, next_parts(context)]


@submit("intention", field="text", fields=field_limits(FIELDS))
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
