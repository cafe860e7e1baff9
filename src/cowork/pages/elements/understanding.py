"""Understanding: what we now see, and two checks of it: those who said it, and everyone. Silence is silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cowork.analysis.checks import (
    CONTRIBUTOR_RESULTS,
    EVERYONE_RESULTS,
    CheckResult,
    check_by_contributors,
    check_by_everyone,
)
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import InvalidEntry
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.forms import (
    LAST_PLACE,
    answer_field,
    count_heading,
    element_form,
    naming_fields,
    next_parts,
    private_note,
    unwritten_field,
    visibility_fields,
)
from cowork.pages.kit.provenance import rests_points
from cowork.pages.kit.signatures import signature
from cowork.pages.kit.text_picker import (
    PickerState,
    bind_search,
    links_from_selection,
    parse_selection,
    quotes_from_selection,
    words_pick,
)
from cowork.pages.kit.typed_text import TextLine, line, typed
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.widgets import CardList, Component, Submission
from cowork.widgets.types import Action, CardItem, Point

#: What an understanding may rest on.
RESTS_ON_KINDS = ("interpretation", "view", "utterance", "theme", "intention", "asset", "need", "image")


@page("understanding", part="understanding")
def understanding(context: PageContext) -> list[Component]:
    """Ask what we now see, and what it rests on; ask those who said it, and everyone, if we got it right."""
    t = context.t
    picker = PickerState()
    ask = element_form(
        context,
        "understanding",
        fields=[
            {"key": "text", "label": t("understanding.label.we"), "rows": 4, "required": True, "place": 1},
            {"key": "changed", "label": t("understanding.label.changed"), "rows": 2, "fold": True, "place": 4},
        ],
        fold_h=t("understanding.more_h"),
        button=t("understanding.button.share"),
        kind="understanding",
    )
    card_list = CardList(wheel="agreement", empty=t("understanding.empty"))

    def render(view: ParticipantView) -> None:
        rests = {"legend": t("understanding.label.rests"), "empty": t("interpretation.empty")}
        ask.picks = [words_pick(context, view, RESTS_ON_KINDS, picker, **rests, place=2)]
        who = {
            "key": "who",
            "legend": t("understanding.who_h"),
            "options": [
                {"value": "we", "label": t("understanding.label.we")},
                {"value": "me", "label": t("understanding.label.me")},
            ],
            "value": "we",
            "fold": True,
            "place": 3,
        }
        under, ask.seen_by_choice = visibility_fields(context, view, "understanding", LAST_PLACE)
        ask.choices = [who, unwritten_field(context, place=5), *under]
        found = view.of_kind("understanding")
        card_list.heading = count_heading(context, view, found)
        card_list.items = [understanding_card(context, view, contribution) for contribution in reversed(found)]

    bind_search(ask, "rests", lambda: render(context.view), picker)
    context.follow(render)
    return [ask, card_list, next_parts(context)]


@submit("understanding", field="text", fields={"text": 0, "changed": 0})
def add_understanding(context: PageContext, submission: Submission) -> str | None:
    """Write what we now see, linked to what it rests on."""
    chosen = parse_selection(context, submission, "rests")
    body: dict[str, Any] = {
        "who": str(submission.choices.get("who", "we")),
        **quotes_from_selection(context, chosen),
    }
    if body["who"] not in ("we", "me"):
        raise InvalidEntry("error.no_choice")
    if submission.choices.get("unwritten"):
        body["unwritten"] = True
    context.append("understanding", submission, also=links_from_selection(context, chosen, "rests-on"), **body)
    return private_note(context, submission)


def understanding_card(context: PageContext, view: ParticipantView, contribution: Contribution) -> CardItem:
    """What we now see, with both checks: how many of how many, and the words people gave with their answers."""
    said, everyone = check_by_contributors(view, contribution.id), check_by_everyone(view, contribution.id)
    tag = context.t("understanding.label.me") if contribution.entry.data.get("who") == "me" else ""
    points = [*rests_points(context, view, contribution), *check_points(context, view, said, everyone)]
    acts = []
    if context.author in said.asked:
        acts.append(
            check_action(
                context,
                view,
                contribution,
                "said",
                CONTRIBUTOR_RESULTS,
                previous_answer(said, context.author, "result"),
            )
        )
    if view.state.takes_part(context.author):
        acts.append(
            check_action(
                context,
                view,
                contribution,
                "all",
                EVERYONE_RESULTS[:-1],
                previous_answer(everyone, context.author, "result"),
            )
        )
    private = contribution.entry.header.seen_by == "only-me"
    return make_card(context, view, contribution, acts_first=[] if private else acts, points=points, tag=tag)


def previous_answer(check: CheckResult, person: str, field: str) -> str:
    """What somebody answered before, to answer anew from there."""
    entry = check.answers.get(person)
    return str(entry.data.get(field, "")) if entry else ""


def check_points(context: PageContext, view: ParticipantView, said: CheckResult, everyone: CheckResult) -> list[Point]:
    """Both checks as lines: each its own n of N, nobody guessed for, and what people wrote."""
    found: list[Point] = []
    if said.asked:
        counts = said.counts
        lines = [
            context.t(
                "check.result_said",
                yes=counts["yes"],
                nearly=counts["nearly"],
                no=counts["no"],
                none=said.unanswered + counts["rather-not"],
            )
        ]
        if said.unreached:
            lines.append(context.t("check.unreached", n=said.unreached))
        found.append(
            {"label": context.t("check.said.h"), "text": "", "list": lines + answer_lines(context, view, said)}
        )
    counts = everyone.counts
    lines = [
        context.t(
            "check.result_all",
            same=counts["same"],
            differ=counts["differ"],
            unsure=counts["unsure"],
            none=everyone.unanswered + counts["rather-not"],
        )
    ]
    found.append({"label": context.t("check.all.h"), "text": "", "list": lines + answer_lines(context, view, everyone)})
    return found


def answer_lines(context: PageContext, view: ParticipantView, check: CheckResult) -> list[TextLine]:
    """What people wrote with their answers, each with the answer and signed the way they chose."""
    found = []
    for entry in check.answers.values():
        contribution = view.of_id(entry.id)
        if contribution is None or not contribution.is_active or not contribution.text:
            continue
        code = str(entry.data.get("result", "")).replace("-", "_")
        answer = context.t(f"check.{check.of}.{code}")
        found.append(
            line(
                f"{answer}: “",
                typed(context, contribution.entry, contribution.text),
                f"” – {signature(context, view, contribution)}",
            )
        )
    return found


def check_action(
    context: PageContext, view: ParticipantView, contribution: Contribution, of: str, codes: Sequence[str], value: str
) -> Action:
    """One of the two checks: those whose words it rests on ("said"), or everyone ("all"). Seeing it is not agreeing."""
    t = context.t
    options = [(code, f"check.{of}.{code.replace('-', '_')}") for code in codes]
    return {
        "name": f"check-{of}",
        "label": t(f"check.{of}.h"),
        "kind": "check",
        "about": [["checks", contribution.entry.id]],
        "choices": {"of": of},
        "box": {
            "hint": t(f"check.{of}.hint"),
            "choices": [
                answer_field(context, "result", options, value),
                *naming_fields(context, view, "understanding", LAST_PLACE),
            ],
            "fields": [{"key": "text", "label": t("check.all.own"), "rows": 2}],
            "button": t("check.button.change") if value else t("check.button.send"),
            "seen": [t("check.seen"), t("seen.small")],
        },
    }
