"""Agreement: a proposal and its rule, everyone's answer shown together, each worry inside, and three equal endings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.analysis.proposals import outcomes, proposals
from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import BadWords
from cowork.pages.agreement.outcome_card import outcome_card
from cowork.pages.agreement.proposal_card import proposal_card
from cowork.pages.agreement.rules import rule_fields, rule_of
from cowork.pages.kit.forms import LAST_PLACE, next_parts, page_head, visibility_fields
from cowork.pages.kit.text_picker import (
    PickerState,
    bind_search,
    links_from_selection,
    parse_selection,
    quotes_from_selection,
    words_pick,
)
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.widgets import CardList, Form, Prose, Submission

#: What a proposal or an ending may rest on: any contribution, an intention or a need included.
RESTS_ON_KINDS = (
    "understanding",
    "interpretation",
    "view",
    "utterance",
    "theme",
    "intention",
    "asset",
    "need",
    "image",
)
TOPICS = ("values", "how", "do", "ask")


@page("agreement", part="agreement")
def agreement(context: PageContext) -> list[Any]:
    """Propose with a rule; answer on one's own; show all answers together; end it in one of three equal ways."""
    say = context.t
    looking = PickerState()
    head = Prose(blocks=page_head(context, "agreement", "agreement", "bottom"))
    ask = Form(
        box="agreement",
        wheel="agreement",
        level=2,
        question=say("agreement.propose_h"),
        fold_h=say("agreement.more_h"),
        button=say("agreement.button.propose"),
        kind="proposal",
    )
    open_wall = CardList(wheel="agreement")
    ended = CardList(wheel="agreement", level=2)
    apart = Form(
        box="agreement:ending",
        wheel="agreement",
        level=2,
        question=say("agreement.without_h"),
        hint=say("agreement.without_hint"),
        fields=[
            {"key": "text", "label": say("agreement.without_label"), "rows": 3, "required": True, "place": 2},
            {"key": "next", "label": say("ending.label.who_next"), "line": True, "place": 4},
        ],
        fold_h=say("agreement.label.rests"),
        button=say("ending.button.keep"),
        kind="outcome",
        quiet_button=True,
    )

    def tell(view: ParticipantView) -> None:
        fields, choices = rule_fields(context)
        ask.fields = [
            {"key": "text", "label": say("agreement.label.proposal"), "rows": 4, "required": True, "place": 1},
            *fields,
        ]
        rests = words_pick(
            context,
            view,
            RESTS_ON_KINDS,
            looking,
            legend=say("agreement.label.rests"),
            empty=say("understanding.empty"),
        )
        ask.picks = [{**rests, "place": 2}]
        under, ask.seen_by_choice = visibility_fields(context, view, "agreement", LAST_PLACE)
        shown = [c for c in under if c["key"] != "seen"]  # a proposal that nobody sees proposes nothing
        ask.choices = [*about_choices(context), *choices, *shown]
        if "seen" in ask.seen_by_choice:
            ask.seen_by_choice = {}
        ask.seen = [say("seen.group"), say("seen.back")]
        apart.picks = [{**rests, "fold": True}]
        apart.choices = [
            {
                "key": "outcome",
                "legend": say("ending.h"),
                "options": [
                    {"value": "difference", "label": say("ending.differ")},
                    {"value": "open-question", "label": say("ending.open")},
                ],
                "value": "difference",
                "place": 1,
            }
        ]
        apart.seen = [say("ending.in_your_name"), say("seen.group"), say("seen.back")]
        found = proposals(view)
        open_ = [p for p in found if p.ending is None]
        open_wall.heading = say("agreement.open_h") if open_ else ""
        open_wall.items = [proposal_card(context, view, p) for p in open_]
        kept = list(reversed(outcomes(view)))
        open_wall.empty = "" if kept else say("agreement.empty")
        ended.heading = say("agreement.ended_h") if kept else ""
        ended.items = [outcome_card(context, view, e) for e in kept]

    for one in (ask, apart):
        bind_search(one, "rests", lambda: tell(context.view), looking)
    context.follow(tell)
    # What people have come to answer stands above what takes a while to write.
    return [head, open_wall, ended, ask, apart, next_parts(context)]


def about_choices(context: PageContext) -> list[dict[str, Any]]:
    say = context.t
    return [
        {
            "key": "on",
            "legend": say("agreement.label.about"),
            "options": [{"value": on, "label": say(f"agreement.about.{on}")} for on in TOPICS],
            "value": "",
            "fold": True,
            "place": 5,
        },
        {
            "key": "unwritten",
            "legend": "",
            "options": [{"value": "yes", "label": say("agreement.unwritten")}],
            "many": True,
            "value": [],
            "fold": True,
            "place": 6,
        },
    ]


@submit("agreement", field="text")
def add_proposal(context: PageContext, submission: Submission) -> None:
    """Put forward a proposal: its words, what it rests on, and the rule, before anyone answers."""
    chosen = parse_selection(context, submission, "rests")
    body: dict[str, Any] = {"round": 1, **rule_of(context, submission), **quotes_from_selection(context, chosen)}
    if submission.choices.get("on") in TOPICS:
        body["on"] = submission.choices["on"]
    if submission.choices.get("unwritten"):
        body["unwritten"] = True
    context.append(
        "proposal",
        replace(submission, fields={"text": submission.text}),
        also=links_from_selection(context, chosen, "rests-on"),
        **body,
    )


@submit("agreement:ending", field="text", fields={"text": 0, "next": 0})
def add_outcome(context: PageContext, submission: Submission) -> None:
    """Write a kept difference or an open question without a proposal: an outcome as good as any."""
    how = submission.choices.get("outcome")
    if how not in ("difference", "open-question"):
        raise BadWords("error.no_choice")
    chosen = parse_selection(context, submission, "rests")
    context.append(
        "outcome",
        submission,
        also=links_from_selection(context, chosen, "rests-on"),
        outcome=how,
        **quotes_from_selection(context, chosen),
    )
