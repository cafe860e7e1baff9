"""Interpretation: what we make of it. Several readings side by side, each tied to what it reads, each open to talk."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import InvalidEntry
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.fields import field_limits, option_list
from cowork.pages.kit.forms import (
    LAST_PLACE,
    alone_switch,
    count_heading,
    element_form,
    empty_text,
    next_parts,
    private_note,
    quiet_round,
    visibility_fields,
)
from cowork.pages.kit.provenance import rests_points
from cowork.pages.kit.text_picker import (
    PickerState,
    append_with_picks,
    bind_search,
    words_pick,
)
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.widgets import CardList, Component, Submission
from cowork.widgets.types import CardItem, ChoiceField, Field, Point

#: What a reading may read.
READ = ("view", "utterance", "theme", "intention", "asset", "need", "image")
#: Who made it, each with the key of its words.
WHO = {"me": "interpretation.who.me", "some": "interpretation.who.several", "group": "interpretation.who.group"}
FIELDS = (
    Field(key="text", label="interpretation.label.me", rows=4, required=True, place=1),
    Field(key="names", label="interpretation.names", line=True, limit=200, fold=True, place=4),
    Field(key="other_way", label="interpretation.label.other_way", rows=2, fold=True, place=5),
    Field(key="surprise", label="interpretation.label.surprise", rows=2, fold=True, place=6),
)


@page("interpretation", part="interpretation")
def interpretation(context: PageContext) -> list[Component]:
    """Ask what people make of it and which words made them think so; show every reading, none above another."""
    t = context.t
    picker = PickerState()
    ask = element_form(
        context,
        "interpretation",
        FIELDS,
        fold_h=t("interpretation.more_h"),
        button=t("interpretation.button.share"),
        button_by_choice={"seen": {"only-me": t("common.keep_me")}},
        kind="interpretation",
    )
    card_list = CardList(wheel="agreement", empty=t("interpretation.empty"))
    switch = [alone_switch(context, "interpretation")] if context.facilitator else []

    def render(view: ParticipantView) -> None:
        rests = {"legend": t("interpretation.label.rests"), "empty": t("documentation.empty")}
        ask.picks = [words_pick(context, view, READ, picker, **rests, place=2)]
        options = option_list(context, WHO.items())
        who = ChoiceField(key="who", legend=t("interpretation.who.h"), options=options, value="me", fold=True, place=3)
        under, ask.seen_by_choice = visibility_fields(context, view, "interpretation", LAST_PLACE)
        ask.choices = [who, *under]
        found = view.of_kind("interpretation")
        card_list.empty = empty_text(context, view, "interpretation", "interpretation.empty")
        card_list.heading = count_heading(context, found)
        card_list.items = [reading(context, view, contribution) for contribution in reversed(found)]

    bind_search(ask, "rests", lambda: render(context.view), picker)
    context.follow(render)
    return [quiet_round(context, "interpretation"), ask, *switch, card_list, next_parts(context)]


@submit("interpretation", field="text", fields=field_limits(FIELDS))
def add_interpretation(context: PageContext, submission: Submission) -> str | None:
    """Write an interpretation, linked to what it interprets."""
    who = str(submission.choices.get("who", "me"))
    if who not in WHO:
        raise InvalidEntry("error.no_choice")
    append_with_picks(context, "interpretation", submission, "interprets", who=who)
    return private_note(context, submission)


def reading(context: PageContext, view: ParticipantView, contribution: Contribution) -> CardItem:
    """A reading as a card: open to talk about, and when it was last brought back to the talk."""
    talk = [answer.first_version.header.at_ms for answer in view.talk_about(contribution.id)] + [
        mark.header.at_ms for mark in view.talk_marks(contribution.id)
    ]
    tag = (
        context.t("interpretation.mark_back", date=context.when(max(talk)))
        if talk
        else context.t("interpretation.mark")
    )
    points = [who_made(context, contribution), *rests_points(context, view, contribution, "interpretation.label.rests")]
    made = make_card(context, view, contribution, points=[point for point in points if point], tag=tag)
    made["more"] = [more for more in made["more"] if more["label"] != "names"]
    return made


def who_made(context: PageContext, contribution: Contribution) -> Point | None:
    """Who made it, where it was not one person on their own."""
    who = contribution.entry.data.get("who")
    more = contribution.entry.data.get("more")
    names = str(more.get("names", "")) if isinstance(more, dict) else ""
    if who == "group":
        return {"label": context.t("interpretation.who.h"), "text": context.t("interpretation.who.group")}
    if who == "some":
        text = context.t("interpretation.who.some", names=names) if names else context.t("interpretation.who.several")
        return {"label": context.t("interpretation.who.h"), "text": text}
    return None
