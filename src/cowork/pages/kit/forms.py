"""The form of an element: its question and meaning, who will see what is written, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import WHEELS, wheel_of
from cowork.core.entries import Draft
from cowork.pages.kit import on_behalf
from cowork.pages.kit.fields import draw_fields, option_list
from cowork.pages.kit.signatures import facilitator_name, perspective, spoken
from cowork.pages.registry import pages
from cowork.pages.submissions import box_suffix, submit
from cowork.widgets import Form, Prose, Submission
from cowork.widgets.types import ActionForm, Block, ChoiceField, Field, LinesByChoice, Option

#: The place of an answer that somebody has come to give: before every box to write in, so that no keyboard covers it.
FIRST_PLACE = -1
#: The place of the questions that stand under every box.
LAST_PLACE = 20

#: The six parts that people work in.
PARTS = tuple(part for pair in WHEELS.values() for part in pair)

#: How many lines say what a page means, by its key: `intention.mean.1` and on.
MEANING_LINES = {
    "agreement": 5,
    "assets": 4,
    "dialogue": 4,
    "differ": 4,
    "documentation": 5,
    "intention": 5,
    "interpretation": 5,
    "join": 4,
    "journey": 4,
    "report": 4,
    "setting": 4,
    "start": 5,
    "trace": 4,
    "understanding": 5,
}


def meaning_lines(context: PageContext, key: str) -> list[str]:
    """What a page means, line by line; folded away under its question."""
    return [context.t(f"{key}.mean.{n}") for n in range(1, MEANING_LINES[key] + 1)]


def eyebrow(context: PageContext, key: str) -> str:
    """The line above a page's heading: the outcome it works towards, and which of the six parts it is."""
    outcome = context.t(f"{key}.outcome")
    return f"{outcome} · {context.t(f'{key}.link')}" if key in PARTS else outcome


def page_head(context: PageContext, key: str, wheel: str = "", half: str = "") -> list[Block]:
    """The blocks that a page without a form of its own at the top begins with."""
    t = context.t
    return [
        {"eyebrow": eyebrow(context, key), "wheel": wheel, **({"half": half} if half else {})},
        {"h": t(f"{key}.h"), "level": 1},
        {"hint": t(f"{key}.hint")},
        {"summary": t(f"{key}.mean.h"), "lines": meaning_lines(context, key)},
    ]


def element_form(context: PageContext, element: str, fields: Iterable[Field], **more: Any) -> Form:
    """The form that an element's page begins with: its question, what it means, and whatever the page asks."""
    t, wheel = context.t, wheel_of(element)
    return Form(
        box=element,
        wheel=wheel,
        half="top" if element == WHEELS[wheel][0] else "bottom",
        eyebrow=eyebrow(context, element),
        level=1,
        question=t(f"{element}.h"),
        hint=t(f"{element}.hint"),
        mean={"h": t(f"{element}.mean.h"), "lines": meaning_lines(context, element)},
        fields=draw_fields(context, fields),
        **more,
    )


def private_note(context: PageContext, submission: Submission) -> str | None:
    """The note after words that only their author sees: they are kept and not shared. None where others see them."""
    return context.t("state.saved_as_private") if submission.choices.get("seen") == "only-me" else None


def add_contribution(context: PageContext, kind: str, submission: Submission) -> str | None:
    """Append a contribution. Returns the note for a private one: it is kept and not shared."""
    context.append(kind, submission)
    return private_note(context, submission)


def answer_field(
    context: PageContext, key: str, options: Iterable[tuple[str, str]], value: str = "", legend: str = ""
) -> ChoiceField:
    """A question that has to be answered by one of `options`: each a value and the key of its words. It comes first."""
    shown = option_list(context, options)
    return {"key": key, "legend": legend, "options": shown, "value": value, "required": True, "place": FIRST_PLACE}


def visibility_fields(
    context: PageContext, view: ParticipantView, element: str, place: int = 0
) -> tuple[list[ChoiceField], LinesByChoice]:
    """The two questions under a box, how it is shown and who will see it, and the lines true for each answer.

    They are told in one line, and asked when somebody wants to change it. The first line says who will see it.

    `place` puts them last where a page orders its boxes by number.
    """
    # Asked under every card: kept until a name, a setting or the like has come.
    found, lines = context.cache.get(
        view.state, "", ("who sees", element, context.author), lambda: _visibility_fields(context, view, element)
    )
    return [{**one, "place": place} for one in found] if place else found, lines


def _visibility_fields(
    context: PageContext, view: ParticipantView, element: str
) -> tuple[list[ChoiceField], LinesByChoice]:
    t = context.t
    alone, _ = view.state.reveal_status(element)
    name = facilitator_name(context, view)
    lines = {
        # One value for both: an answer somebody has given stays given when the facilitator begins or ends this.
        "group": [t("seen.reveal", name=name) if alone else t("seen.group"), t("seen.back")],
        "only-me": [t("seen.me")],
    }
    found: list[ChoiceField] = []
    mine = view.name_of(context.author)
    perspectives = view.state.profile(context.author).get("perspectives") or []
    shown: list[Option] = [{"value": "named", "label": t("shown.named", name=mine)}] if mine else []
    if perspectives:
        words = ", ".join(perspective(context, str(stated)) for stated in perspectives)
        shown.append({"value": "perspective", "label": t("shown.perspective", perspective=words)})
    if shown:
        shown.append({"value": "none", "label": t("shown.none")})
        found.append(
            {"key": "shown", "legend": t("shown.h"), "options": shown, "value": shown[0]["value"], "brief": True}
        )
    if context.writing_for:  # nobody keeps to themselves what somebody else writes down for them
        first, *rest = lines["group"]
        theirs = [f"{t('seen.for', name=spoken(context, view, context.writing_for))} · {first}", *rest]
        return [*on_behalf.choices(context), *found], {"read_back": {"yes": theirs, "no": theirs}}
    found.append(
        {
            "key": "seen",
            "legend": t("seen.h"),
            "options": option_list(context, [("group", "seen.choice_group"), ("only-me", "seen.choice_me")]),
            "value": "group",
            "brief": True,
            "seen": True,
        }
    )
    return found, {"seen": lines}


def unwritten_field(
    context: PageContext, place: int, legend: str = "", words: str = "agreement.unwritten"
) -> ChoiceField:
    """The box to tick where a text rests on something that was never written down, folded away."""
    return {
        "key": "unwritten",
        "legend": legend,
        "options": option_list(context, [("yes", words)]),
        "many": True,
        "value": [],
        "fold": True,
        "place": place,
    }


def unwritten_mark(submission: Submission) -> dict[str, Any]:
    """What that box adds to the body of an entry where it is ticked."""
    return {"unwritten": True} if submission.choices.get("unwritten") else {}


def naming_fields(context: PageContext, view: ParticipantView, element: str, place: int = 0) -> list[ChoiceField]:
    """How words are shown that the whole group is to read: with a name, or without."""
    return [one for one in visibility_fields(context, view, element, place)[0] if one["key"] == "shown"]


def talk_fields(context: PageContext, view: ParticipantView) -> ActionForm:
    """The questions under every box in which somebody talks about a card, as under the boxes of the pages."""
    choices, lines = visibility_fields(context, view, "dialogue")
    group = next(iter(lines.values())).get("group", [context.t("seen.group"), context.t("seen.back")])
    return {"choices": choices, "seen": group, "seen_by_choice": lines}


def count_heading(context: PageContext, found: Sequence[Contribution], key: str = "common.wrote_h") -> str:
    """The heading of a list with how many were written here; what one keeps to oneself is counted apart."""
    count = sum(contribution.is_written for contribution in found)
    return f"{context.t(key)} ({count})" if count else context.t(key)


def empty_text(context: PageContext, view: ParticipantView, element: str, otherwise: str) -> str:
    """The text of an empty list. While words are written and hidden it does not say that there are none."""
    found = view.quiet_round_progress(element)
    return context.t("alone.hidden") if found and found[0] else context.t(otherwise)


def round_line(context: PageContext, view: ParticipantView, element: str) -> str:
    """How many have written in a quiet round: never who, never what. "" where none is on."""
    found = view.quiet_round_progress(element)
    return context.t("alone.written", n=found[0], N=found[1]) if found else ""


def quiet_round(context: PageContext, element: str) -> Prose:
    """A note for everybody at the top of the page: all write alone first now, and so many have written."""
    note = Prose(blocks=[])

    def render(view: ParticipantView) -> None:
        line = round_line(context, view, element)
        note.blocks = [{"inset": [context.t("alone.on_note"), line]}] if line else []

    context.follow(render)
    return note


def alone_switch(context: PageContext, element: str) -> Form:
    """The facilitator's switch: write alone first, or show everyone's."""
    switch = Form(box=f"alone-{element}", quick=True, level=2, quiet_button=True)

    def render(view: ParticipantView) -> None:
        alone, _ = view.state.reveal_status(element)
        switch.hint = f"{context.t('alone.on_note')} {round_line(context, view, element)}" if alone else ""
        switch.button = context.t("alone.off_button") if alone else context.t("alone.on_button")

    context.follow(render)
    return switch


@submit("alone-*", replay=False)
def switch_alone(context: PageContext, submission: Submission) -> str:
    """Begin or end a time in which all write alone first, in the element that the switch is for."""
    element = box_suffix(submission, "alone-")
    state = context.record.state(context.workshop)
    if submission.id in state.entries:  # pressed once, answered twice
        return context.t("common.done")
    alone, _ = state.reveal_status(element)
    body = {"element": element, "alone": not alone}
    context.append_draft(Draft(submission.id, "setting", context.me, body, how="facilitator"))
    return context.t("alone.on_note") if not alone else context.t("alone.shown")


def next_parts(context: PageContext) -> Prose:
    """Where next? The other parts that have a page, to choose from; no order."""
    links = [
        {
            "href": f"?w={context.session.code}&page={found.key}",
            "page": found.key,
            "text": found.name(context.lang),
            "note": found.plain(context.lang),
            "wheel": wheel_of(found.part) if found.part else "",
        }
        for found in pages().values()
        if (found.part and found.key != context.page) or found.key == "journey"
    ]
    ways = {"h": context.t("common.next_h"), "level": 2, "links": links, "ways": True}
    return Prose(blocks=[ways] if not context.session.only else [])
