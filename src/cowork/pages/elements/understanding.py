"""Understanding: what we now see, and two checks of it: those who said it, and everyone. Silence is silence."""

from __future__ import annotations

from collections.abc import Sequence

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
from cowork.pages.kit.fields import field_limits, option_list
from cowork.pages.kit.forms import (
    LAST_PLACE,
    answer_field,
    count_heading,
    element_form,
    naming_fields,
    next_parts,
    private_note,
    unwritten_field,
    unwritten_mark,
    visibility_fields,
)
from cowork.pages.kit.provenance import propose_link, rests_points
from cowork.pages.kit.signatures import signature
from cowork.pages.kit.text_picker import (
    PickerState,
    append_with_picks,
    bind_search,
    words_pick,
)
from cowork.pages.kit.typed_text import TextLine, line, typed
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.widgets import CardList, Component, Submission
from cowork.widgets.types import Action, CardItem, ChoiceField, Field, Point

#: What an understanding may rest on.
RESTS_ON_KINDS = ("interpretation", "view", "utterance", "theme", "intention", "asset", "need", "image")
#: Who sees it so, each with the key of its words.
WHO = {"we": "understanding.label.we", "me": "understanding.label.me"}
FIELDS = (
    Field(key="text", label="understanding.label.we", rows=4, required=True, place=1),
    Field(key="changed", label="understanding.label.changed", rows=2, fold=True, place=4),
)


@page("understanding", part="understanding")
def understanding(context: PageContext) -> list[Component]:
    """Ask what we now see, and what it rests on; ask those who said it, and everyone, if we got it right."""
    t = context.t
    picker = PickerState()
    ask = element_form(
        context,
        "understanding",
        FIELDS,
        fold_h=t("understanding.more_h"),
        button=t("understanding.button.share"),
        kind="understanding",
    )
    card_list = CardList(wheel="agreement", empty=t("understanding.empty"))

    def render(view: ParticipantView) -> None:
        rests = {"legend": t("understanding.label.rests"), "empty": t("interpretation.empty")}
        ask.picks = [words_pick(context, view, RESTS_ON_KINDS, picker, **rests, place=2)]
        options = option_list(context, WHO.items())
        who = ChoiceField(key="who", legend=t("understanding.who_h"), options=options, value="we", fold=True, place=3)
        under, ask.seen_by_choice = visibility_fields(context, view, "understanding", LAST_PLACE)
        ask.choices = [who, unwritten_field(context, place=5), *under]
        found = view.of_kind("understanding")
        card_list.heading = count_heading(context, found)
        card_list.items = [understanding_card(context, view, contribution) for contribution in reversed(found)]

    bind_search(ask, "rests", lambda: render(context.view), picker)
    context.follow(render)
    return [ask, card_list, next_parts(context)]


@submit("understanding", field="text", fields=field_limits(FIELDS))
def add_understanding(context: PageContext, submission: Submission) -> str | None:
    """Write what we now see, linked to what it rests on."""
    who = str(submission.choices.get("who", "we"))
    if who not in WHO:
        raise InvalidEntry("error.no_choice")
    append_with_picks(context, "understanding", submission, "rests-on", who=who, **unwritten_mark(submission))
    return private_note(context, submission)


def understanding_card(context: PageContext, view: ParticipantView, contribution: Contribution) -> CardItem:
    """What we now see, with both checks: how many of how many, and the words people gave with their answers."""
    said, everyone = check_by_contributors(view, contribution.id), check_by_everyone(view, contribution.id)
    tag = context.t("understanding.label.me") if contribution.entry.data.get("who") == "me" else ""
    points = [*rests_points(context, view, contribution), *check_points(context, view, said, everyone)]
    acts: list[Action] = []
    if context.author in said.asked:
        acts.append(check_action(context, view, contribution, said, CONTRIBUTOR_RESULTS))
    if view.state.takes_part(context.author):
        acts.append(check_action(context, view, contribution, everyone, EVERYONE_RESULTS[:-1]))
    propose = propose_link(context, contribution)
    if propose:
        acts.append(propose)
    private = contribution.entry.header.seen_by == "only-me"
    made = make_card(context, view, contribution, acts_first=[] if private else acts, points=points, tag=tag)
    if context.author in said.asked:  # whose words it rests on is asked first, also about their own understanding
        made["near"] = [acts[0]["name"], "change" if contribution.is_mine else "talk"]
        if context.author not in said.answers:
            return made
    if propose in made["acts"]:  # what comes next of it, for whoever is not asked something first
        made["near"] = [*made["near"][:1], "propose"]
    return made


def check_points(context: PageContext, view: ParticipantView, said: CheckResult, everyone: CheckResult) -> list[Point]:
    """Both checks as lines: each its own n of N, nobody guessed for, and what people wrote."""
    t, found = context.t, []
    if said.asked:
        n = said.counts
        none = said.unanswered + n["rather-not"]
        lines = [t("check.result_said", yes=n["yes"], nearly=n["nearly"], no=n["no"], none=none)]
        if said.unreached:
            lines.append(t("check.unreached", n=said.unreached))
        found.append(Point(label=t("check.said.h"), text="", list=lines + answer_lines(context, view, said)))
    n = everyone.counts
    none = everyone.unanswered + n["rather-not"]
    lines = [t("check.result_all", same=n["same"], differ=n["differ"], unsure=n["unsure"], none=none)]
    return [*found, Point(label=t("check.all.h"), text="", list=lines + answer_lines(context, view, everyone))]


def answer_lines(context: PageContext, view: ParticipantView, check: CheckResult) -> list[TextLine]:
    """What people wrote with their answers, each with the answer and signed the way they chose."""
    found = []
    for entry in check.answers.values():
        contribution = view.of_id(entry.id)
        if contribution is None or not contribution.is_active or not contribution.text:
            continue
        code = str(entry.data.get("result", "")).replace("-", "_")
        answer = context.t(f"check.{check.of}.{code}")
        words = typed(context, contribution.entry, contribution.text)
        found.append(line(f"{answer}: “", words, f"” – {signature(context, view, contribution)}"))
    return found


def check_action(
    context: PageContext, view: ParticipantView, contribution: Contribution, check: CheckResult, codes: Sequence[str]
) -> Action:
    """One of the two checks: those whose words it rests on ("said"), or everyone ("all"). Seeing it is not agreeing.

    Whoever answered before answers anew from there.
    """
    t, of, before = context.t, check.of, check.answers.get(context.author)
    value = str(before.data.get("result", "")) if before else ""
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
            "seen": [t("seen.group"), t("check.seen"), t("seen.small")],
        },
    }
