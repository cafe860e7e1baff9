"""Dialogue: talk from every part of the workshop, typed here or imported, and a search in it."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.pages.elements.brought_talk import BroughtTalk, brought_turns
from cowork.pages.elements.transcript_upload import transcript_upload
from cowork.pages.kit.cards import WINDOW, about_line, make_card, show_window, talked_line
from cowork.pages.kit.fields import draw_fields, field_limits
from cowork.pages.kit.forms import add_contribution, element_form, next_parts, visibility_fields
from cowork.pages.kit.signatures import signature
from cowork.pages.kit.typed_text import lang_of
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.text.format import shorten
from cowork.widgets import CardList, Component, Form, Submission
from cowork.widgets.types import Field

#: How many cards of our own stand above talk that was brought in, before more are asked for.
MIN_FOR_SEARCH = 10

FIELDS = (Field(key="text", label="dialogue.label.say", rows=4, required=True),)
ANSWER_FIELDS = (Field(key="text", label="dialogue.label.answer", rows=3, required=True),)


@page("dialogue", part="dialogue")
def dialogue(context: PageContext) -> list[Component]:
    """Ask what people would like to say; gather the talk; find one's way in what was brought in."""
    t = context.t
    ask = element_form(
        context,
        "dialogue",
        FIELDS,
        button=t("dialogue.button.share"),
        button_by_choice={"seen": {"only-me": t("common.keep_me")}},
        kind="utterance",
    )
    written = CardList(
        wheel="alignment",
        heading=t("dialogue.written_h"),
        hint=t("dialogue.gathers"),
        empty=t("dialogue.empty"),
    )
    brought = BroughtTalk(context)
    target = context.view.of_id(context.at) if context.at else None
    most_written = MIN_FOR_SEARCH if brought_turns(context.view) else WINDOW

    def render(view: ParticipantView) -> None:
        ask.choices, ask.seen_by_choice = visibility_fields(context, view, "dialogue")
        _show_written(context, view, written, most_written)
        brought.show(view)

    def show_place(at: str) -> bool:
        """Show a place in the talk without making the page anew: what was pressed stays under the hand."""
        found = brought.move_to(context.view, at)
        if found:
            context.refresh()
        return found

    def more_written() -> None:
        nonlocal most_written
        most_written += WINDOW
        context.refresh()

    written.on_message("more", lambda message: more_written())
    context.show_place = show_place
    context.follow(render)
    about = _answer_form(context, target) if target is not None and not target.source_place[0] else []
    # One's own words under one's own box; then the talk of others, which may be hours long.
    return [*about, ask, written, *transcript_upload(context), brought.transcript, next_parts(context)]


def _show_written(context: PageContext, view: ParticipantView, card_list: CardList, most: int) -> None:
    """Everything typed here, newest first, each with what it is about; and marks that people talked."""
    found = [
        contribution
        for contribution in view.of_kind("utterance", "talked")
        if not contribution.source_place[0] and not _is_nested(view, contribution)
    ]
    found.sort(key=lambda contribution: contribution.first_version.header.order, reverse=True)
    items = []
    for contribution in found[:most]:
        made = make_card(context, view, contribution)
        made["about_text"] = about_line(context, view, contribution)
        if contribution.kind == "talked":
            made["text"] = talked_line(context, contribution.entry)
            made["talked_id"] = contribution.id
        items.append(made)
    show_window(context, card_list, items, len(found), len(found) - len(items))


def _is_nested(view: ParticipantView, contribution: Contribution) -> bool:
    """True for an answer to another utterance that the reader sees: it stands under that one."""
    if contribution.kind != "utterance":
        return False
    first = contribution.first_version
    return any(
        target is not None and target.kind == "utterance" and target.is_active and not target.source_place[0]
        for target in map(view.of_id, (*first.targets("answers"), *first.targets("talks-about")))
    )


def _answer_form(context: PageContext, target: Contribution) -> list[Component]:
    """The form that is opened from a card. It shows the words of the card first: the answer is written under them."""
    seen = context.view
    words = shorten(target.text, 1000)
    ask = Form(
        box=f"dialogue:{target.id}",
        wheel="alignment",
        level=2,
        question=context.t("dialogue.about"),
        first={"h": signature(context, seen, target), "text": words, "lang": lang_of(target.entry, words), "by": ""},
        fields=draw_fields(context, ANSWER_FIELDS),
        button=context.t("dialogue.button.answer"),
        kind="utterance",
        about=[["answers" if target.kind == "utterance" else "talks-about", target.id]],
    )
    return [ask]


@submit("dialogue", field="text", fields=field_limits(FIELDS))
@submit("dialogue:*", field="text", fields=field_limits(ANSWER_FIELDS))
def add_utterance(context: PageContext, submission: Submission) -> str | None:
    """Write something said: by itself, or about the words whose box names them."""
    return add_contribution(context, "utterance", submission)
