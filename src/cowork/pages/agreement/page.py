"""Agreement: a proposal and its rule, everyone's answer shown together, each worry inside, and three equal endings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.analysis.proposals import outcomes, proposals
from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.errors import InvalidEntry
from cowork.pages.agreement.outcome_card import outcome_card
from cowork.pages.agreement.proposal_card import proposal_card
from cowork.pages.agreement.rules import RULE_FIELDS, rule_choices, rule_of
from cowork.pages.kit.fields import draw_fields, field_limits, option_list
from cowork.pages.kit.forms import LAST_PLACE, next_parts, page_head, unwritten_field, unwritten_mark, visibility_fields
from cowork.pages.kit.text_picker import PickerState, append_with_picks, bind_search, leads_to, words_pick
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.widgets import CardList, Component, Form, Prose, Submission
from cowork.widgets.types import ChoiceField, Field

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
PROPOSAL_FIELDS = (
    Field(key="text", label="agreement.label.proposal", rows=4, required=True, place=1),
    *RULE_FIELDS,
)
OUTCOME_FIELDS = (
    Field(key="text", label="agreement.without_label", rows=3, required=True, place=2),
    Field(key="next", label="ending.label.who_next", line=True, place=4),
)
#: How something may end that was never proposed, each with the key of its words.
OUTCOMES = {"difference": "ending.differ", "open-question": "ending.open"}
TOPICS = ("values", "how", "do", "ask")


@page("agreement", part="agreement")
def agreement(context: PageContext) -> list[Component]:
    """Propose with a rule; answer on one's own; show all answers together; end it in one of three equal ways."""
    picker = PickerState()
    head = Prose(blocks=page_head(context, "agreement", "agreement", "bottom"))
    proposal_form, outcome_form = _proposal_form(context), _outcome_form(context)
    open_cards = CardList(wheel="agreement")
    ended_cards = CardList(wheel="agreement", level=2)

    def render(view: ParticipantView) -> None:
        legend, empty = context.t("agreement.label.rests"), context.t("understanding.empty")
        rests = words_pick(context, view, RESTS_ON_KINDS, picker, legend=legend, empty=empty)
        proposal_form.picks = [{**rests, "place": 2}]
        outcome_form.picks = [{**rests, "fold": True}]
        _ask_proposal(context, view, proposal_form)
        _show_proposals(context, view, open_cards, ended_cards)
        proposal_form.quiet_button = bool(open_cards.items)  # an answer to what is open comes first

    for form in (proposal_form, outcome_form):
        bind_search(form, "rests", lambda: render(context.view), picker)
    context.follow(render)
    # What people have come to answer stands first, then what they may begin, then what has ended.
    return [head, open_cards, proposal_form, outcome_form, ended_cards, next_parts(context)]


def _proposal_form(context: PageContext) -> Form:
    t = context.t
    return Form(
        box="agreement",
        wheel="agreement",
        level=2,
        question=t("agreement.propose_h"),
        opener=t("agreement.propose_h"),
        opened=leads_to(context.view, context.at, RESTS_ON_KINDS),
        fields=draw_fields(context, PROPOSAL_FIELDS),
        fold_h=t("agreement.more_h"),
        button=t("agreement.button.propose"),
        kind="proposal",
        seen=[t("seen.group"), t("seen.back")],
    )


def _outcome_form(context: PageContext) -> Form:
    """The form for a kept difference or an open question that ends no proposal."""
    t, options = context.t, option_list(context, OUTCOMES.items())
    return Form(
        box="agreement:ending",
        wheel="agreement",
        level=2,
        question=t("agreement.without_h"),
        opener=t("agreement.without_h"),
        hint=t("agreement.without_hint"),
        fields=draw_fields(context, OUTCOME_FIELDS),
        choices=[ChoiceField(key="outcome", legend=t("ending.h"), options=options, value="difference", place=1)],
        fold_h=t("agreement.label.rests"),
        button=t("ending.button.keep"),
        kind="outcome",
        quiet_button=True,
        seen=[t("ending.in_your_name"), t("seen.group"), t("seen.back")],
    )


def _ask_proposal(context: PageContext, view: ParticipantView, form: Form) -> None:
    """Ask for the rule of a proposal, what it is about and how it is shown."""
    below, lines = visibility_fields(context, view, "agreement", LAST_PLACE)
    naming = [choice for choice in below if choice["key"] != "seen"]  # a proposal that nobody sees proposes nothing
    form.choices = [*about_choices(context), *rule_choices(context), *naming]
    form.seen_by_choice = {} if "seen" in lines else lines


def _show_proposals(context: PageContext, view: ParticipantView, open_cards: CardList, ended_cards: CardList) -> None:
    open_proposals = [proposal for proposal in proposals(view) if proposal.outcome is None]
    ended = list(reversed(outcomes(view)))
    open_cards.heading = context.t("agreement.open_h") if open_proposals else ""
    open_cards.items = [proposal_card(context, view, proposal) for proposal in open_proposals]
    open_cards.empty = "" if ended else context.t("agreement.empty")
    ended_cards.heading = context.t("agreement.ended_h") if ended else ""
    ended_cards.items = [outcome_card(context, view, outcome) for outcome in ended]


def about_choices(context: PageContext) -> list[ChoiceField]:
    t = context.t
    return [
        {
            "key": "on",
            "legend": t("agreement.label.about"),
            "options": option_list(context, [(on, f"agreement.about.{on}") for on in TOPICS]),
            "value": "",
            "fold": True,
            "place": 5,
        },
        unwritten_field(context, place=6),
    ]


@submit("agreement", field="text", fields=field_limits(PROPOSAL_FIELDS))
def add_proposal(context: PageContext, submission: Submission) -> None:
    """Put forward a proposal: its words, what it rests on, and the rule, before anyone answers."""
    body: dict[str, Any] = {"round": 1, **rule_of(context, submission), **unwritten_mark(submission)}
    if submission.choices.get("on") in TOPICS:
        body["on"] = submission.choices["on"]
    append_with_picks(context, "proposal", replace(submission, fields={"text": submission.text}), "rests-on", **body)


@submit("agreement:ending", field="text", fields=field_limits(OUTCOME_FIELDS))
def add_outcome(context: PageContext, submission: Submission) -> None:
    """Write a kept difference or an open question without a proposal: an outcome as good as any."""
    how = submission.choices.get("outcome")
    if how not in OUTCOMES:
        raise InvalidEntry("error.no_choice")
    append_with_picks(context, "outcome", submission, "rests-on", outcome=how)
