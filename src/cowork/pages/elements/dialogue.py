"""Dialogue: talk from every part of the workshop, typed here or imported, and a search in it."""

from __future__ import annotations

from dataclasses import dataclass

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.pages.elements.transcript_upload import transcript_upload
from cowork.pages.kit.cards import WINDOW, about_line, make_card, show_window, talked_line
from cowork.pages.kit.fields import draw_fields, field_limits
from cowork.pages.kit.forms import add_contribution, element_form, next_parts, visibility_fields
from cowork.pages.kit.signatures import signature
from cowork.pages.kit.typed_text import lang_of
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.text.format import format_clock, shorten
from cowork.widgets import CardList, Component, Form, Submission
from cowork.widgets.types import Field, Message, Voice

#: How many cards of our own stand above talk that was brought in, before more are asked for.
MIN_FOR_SEARCH = 10
#: How many turns stand before the one that somebody wants to see in its place.
BEFORE = 3

FIELDS = (Field(key="text", label="dialogue.label.say", rows=4, required=True),)
ANSWER_FIELDS = (Field(key="text", label="dialogue.label.answer", rows=3, required=True),)


@dataclass
class TranscriptPosition:
    """Where a reader is in the talk: the words they search for, the voice they chose, and how much is shown."""

    words: str = ""
    voice: str = ""
    start: int = 0
    most: int = WINDOW
    written: int = WINDOW
    around: bool = False  # standing at a place in the talk: the words looked for are kept, to go back to them


@page("dialogue", part="dialogue")
def dialogue(context: PageContext) -> list[Component]:
    """Ask what people would like to say; gather the talk; find one's way in what was brought in."""
    t = context.t
    position = TranscriptPosition()
    ask = element_form(
        context,
        "dialogue",
        FIELDS,
        button=t("dialogue.button.share"),
        button_by_choice={"seen": {"only-me": t("common.keep_me")}},
        kind="utterance",
    )
    heading, hint, empty = t("dialogue.written_h"), t("dialogue.gathers"), t("dialogue.empty")
    written = CardList(wheel="alignment", heading=heading, hint=hint, empty=empty)
    # Nothing is seen of it until talk is brought in, perhaps while people look on.
    brought = CardList(wheel="alignment", dense=True)
    target = context.view.of_id(context.at) if context.at else None
    _move_to(context.view, position, context.at)
    if _brought(context.view):
        position.written = MIN_FOR_SEARCH

    def render(view: ParticipantView) -> None:
        ask.choices, ask.seen_by_choice = visibility_fields(context, view, "dialogue")
        _show_written(context, view, written, position)
        _show_brought(context, view, brought, position)

    def refresh() -> None:
        render(context.view)

    def find(message: Message) -> None:
        position.words, position.voice = str(message.get("q", ""))[:200], str(message.get("voice", ""))[:60]
        position.start, position.most, position.around = 0, WINDOW, False
        refresh()

    def show_place(at: str) -> bool:
        """Show a place in the talk without making the page anew: the card that was pressed stays under the hand."""
        found = _move_to(context.view, position, at)
        if found:
            refresh()
        return found

    def more(which: str) -> None:
        setattr(position, which, getattr(position, which) + WINDOW)
        refresh()

    brought.on_message("find", find)
    brought.on_message("more", lambda message: more("most"))
    written.on_message("more", lambda message: more("written"))
    context.show_place = show_place
    context.follow(render)
    about = _answer_form(context, target) if target is not None and not target.source_place[0] else []
    # One's own words under one's own box; then the talk of others, which may be hours long.
    return [*about, ask, written, *transcript_upload(context), brought, next_parts(context)]


def _brought(view: ParticipantView) -> list[Contribution]:
    """Imported talk by source and position. Answers to it are shown under it."""
    return sorted(
        (contribution for contribution in view.of_kind("utterance") if contribution.source_place[0]),
        key=lambda contribution: contribution.source_place,
    )


def _move_to(view: ParticipantView, position: TranscriptPosition, at: str) -> bool:
    """Show one turn with what was said before and after. Returns False where this reader may see no such turn."""
    target = view.of_id(at) if at else None
    if target is None or not target.source_place[0]:
        return False
    ids = [contribution.id for contribution in _brought(view)]
    if target.id not in ids:
        return False
    position.start, position.most, position.around = max(0, ids.index(target.id) - BEFORE), WINDOW, True
    return True


def _show_brought(
    context: PageContext, view: ParticipantView, card_list: CardList, position: TranscriptPosition
) -> None:
    found = _brought(view)
    if not found:  # none was brought in, or all of it was erased
        card_list.heading, card_list.hint, card_list.find, card_list.items, card_list.more_button = "", "", {}, [], ""
        return
    voices: dict[str, Voice] = {}
    for contribution in found:
        voices.setdefault(
            contribution.author, Voice(id=contribution.author, name=signature(context, view, contribution), n=0)
        )["n"] += 1
    searching = bool(position.words.strip() or position.voice) and not position.around
    hits = [contribution for contribution in found if _matches(contribution, position)] if searching else found
    window = hits[position.start : position.start + position.most]
    items = []
    for contribution in window:
        made = make_card(context, view, contribution)
        # The heading says for all of them that they were brought in; when they were, nobody asks of each.
        made["when_text"] = ""
        made["note"] = [line for line in made["note"] if line != context.t("scribe.fidelity.imported")]
        if searching:
            # From what was found, to the place itself with what was said before and after.
            made["href"] = f"?w={context.session.code}&page=dialogue&at={contribution.id}"
            made["href_text"] = context.t("documentation.choose.context")
        items.append(made)
    source = found[0].entry.data.get("source") or {}
    card_list.heading = context.t("dialogue.brought_h")
    card_list.hint = context.t("dialogue.from_import", name=str(source.get("name", "")))
    card_list.find = {
        "on": True,
        "h": context.t("dialogue.find_h"),
        "q": position.words,
        "voice": position.voice,
        "label_q": context.t("dialogue.find_words"),
        "label_voice": context.t("dialogue.find_voice"),
        "label_all": context.t("dialogue.find_all"),
        "button": context.t("dialogue.find_button"),
        "voices": list(voices.values()),
        "result": (context.t("dialogue.find_result", n=len(hits)) if hits else context.t("empty.search"))
        if searching
        else "",
    }
    show_window(context, card_list, items, len(hits), len(hits) - position.start - len(window))


def _matches(contribution: Contribution, position: TranscriptPosition) -> bool:
    if position.voice and contribution.author != position.voice:
        return False
    words = position.words.casefold().split()
    text = contribution.text.casefold()
    at = format_clock(contribution.entry.spoken_at_ms)
    return all(word in text or (":" in word and at.startswith(word)) for word in words)


def _show_written(
    context: PageContext, view: ParticipantView, card_list: CardList, position: TranscriptPosition
) -> None:
    """Everything typed here, newest first, each with what it is about; and marks that people talked."""
    found = [
        contribution
        for contribution in view.of_kind("utterance", "talked")
        if not contribution.source_place[0] and not _is_nested(view, contribution)
    ]
    found.sort(key=lambda contribution: contribution.first_version.header.order, reverse=True)
    items = []
    for contribution in found[: position.written]:
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
