"""An ending as a card: an agreement, a difference we keep or an open question, with all that belongs inside it."""

from __future__ import annotations

from dataclasses import replace

from cowork.analysis.proposals import Outcome, closes_no_proposal
from cowork.context import PageContext, to_rejection
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import CoworkError
from cowork.core.proposals import OUTCOME_KEYS
from cowork.core.provenance import edges, holders_of
from cowork.pages.agreement.proposal_card import moved_points, vote_counts
from cowork.pages.agreement.reservation_card import person_or_words, worry_cards
from cowork.pages.agreement.rules import rule_words
from cowork.pages.kit.actions import action
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.forms import answer_field
from cowork.pages.kit.provenance import rests_points
from cowork.pages.kit.signatures import beside, signature
from cowork.pages.kit.typed_text import TextLine, line, typed
from cowork.text.labels import RESPONSE_LABELS
from cowork.widgets import Submission
from cowork.widgets.types import Action, CardItem, Point


def outcome_card(context: PageContext, view: ParticipantView, outcome: Outcome) -> CardItem:
    """One ending. Its worries stand inside it; whatever changed under it stands above everything else."""
    t, contribution = context.t, outcome.contribution
    points: list[Point] = []
    if outcome.round is not None:
        words = rule_words(context, outcome.round.rule, outcome.round.asked)
        date = context.when(outcome.round.version.header.at_ms)
        points.append({"label": t("rule.fixed_h"), "text": t("rule.fixed", date=date, rule=words)})
    if outcome.is_unilateral and (held := whose_views(context, view, contribution)):
        points.append({"label": t("ending.whose"), "text": ", ".join(held)})
    for one in (outcome.closed, contribution):  # what the proposal rests on, its ending rests on too
        found = rests_points(context, view, one, "agreement.label.rests") if one is not None else []
        points += [point for point in found if point not in points]  # an ending may state the same again
    if outcome.round is not None:
        points += moved_points(context, view, outcome.round)
    if outcome.renewed:
        points.append({"label": t("ending.renewed"), "text": context.when(outcome.renewed[-1].header.at_ms)})
    steps = [step_line(context, view, step) for step in outcome.actions]
    if steps:
        points.append({"label": t("action.label"), "text": "", "list": steps})
    answers = [response_line(context, view, response) for response in outcome.responses]
    asked = outcome.closed is not None and outcome.closed.entry.data.get("on") == "ask"
    if answers or asked:  # what was asked of nobody waits for no answer
        points.append({"label": t("response.h"), "text": "", "list": answers or [t("response.none")]})
    made = make_card(
        context,
        view,
        contribution,
        acts_first=outcome_actions(context, view, outcome),
        points=points,
        lead=True,
        near=["renew", "trace"] if outcome.changed and view.is_scribe else ["trace", "action"],
        tag=outcome_label(context, view, contribution),
    )
    if outcome.round is not None and outcome.round.is_revealed:
        made["tally"] = {**vote_counts(context, outcome.round), "fold": True}
    made["answers"] = [*worry_cards(context, view, outcome.worries), *made.get("answers", [])]
    return made


def outcome_label(context: PageContext, view: ParticipantView, contribution: Contribution) -> str:
    """What sort of ending it is. One that was kept without a proposal says by whom: nobody else was asked."""
    how = OUTCOME_KEYS.get(str(contribution.first_version.data.get("outcome", "")), "open")
    if not closes_no_proposal(contribution.first_version):
        return context.t(f"ending.{how}_label")
    by = signature(context, view, contribution)
    if by == context.t("common.no_name"):
        return context.t(f"ending.{how}_one")
    return context.t(f"ending.{how}_by", name=by)


def whose_views(context: PageContext, seen: ParticipantView, contribution: Contribution) -> list[str]:
    """Who holds the views that an ending rests on, as they show themselves beside them."""
    views = [seen.of_id(edge.target) for edge in edges(seen.state, contribution.id, "rests-on")]
    named = (
        beside(context, seen, view, holder)
        for view in views
        if view is not None and view.kind == "view" and view.is_active
        for holder in holders_of(seen.state, view.id)
    )
    return list(dict.fromkeys(named))


def step_line(context: PageContext, view: ParticipantView, step: Contribution) -> TextLine:
    """What happens next, who does it and by when."""
    more = step.entry.data.get("more")
    more = more if isinstance(more, dict) else {}
    who = person_or_words(context, view, str(more.get("who") or step.entry.data.get("owner") or ""))
    rest = (" · " + part for part in (who, str(more.get("when") or "")) if part)
    return line(typed(context, step.entry, step.text), *rest)


def response_line(context: PageContext, view: ParticipantView, response: Contribution) -> TextLine:
    """What those who decide answered, and in whose name it was entered."""
    did = RESPONSE_LABELS.get(str(response.entry.data.get("did")), "")
    whom = str(response.entry.data.get("on_behalf_of", ""))
    who = context.t("response.on_behalf", name=whom) if whom else signature(context, view, response)
    words = typed(context, response.entry, response.text)
    return line(f"{context.t(did)}: " if did else "", words, f"{' ' if words else ''}– {who}")


def outcome_actions(context: PageContext, view: ParticipantView, outcome: Outcome) -> list[Action | str]:
    """What we do next, what was answered, look at changed ground again, open it again."""
    t, version = context.t, outcome.contribution.entry.id
    acts: list[Action | str] = [
        {
            "name": "action",
            "label": t("action.label"),
            "kind": "action",
            "about": [["builds-on", version]],
            "box": {
                "fields": [
                    {"key": "text", "label": t("action.label"), "rows": 2, "required": True},
                    {"key": "who", "label": t("action.who"), "line": True},
                    {"key": "when", "label": t("action.when"), "line": True},
                ],
                "button": t("common.share_group"),
                "seen": [t("seen.group"), t("seen.back")],
            },
        }
    ]
    if view.is_facilitator:
        acts.append(
            {
                "name": "response",
                "label": t("response.h"),
                "kind": "response",
                "about": [["answers", version]],
                "box": {
                    "choices": [answer_field(context, "did", list(RESPONSE_LABELS.items()))],
                    "fields": [
                        {"key": "text", "label": t("response.words"), "rows": 2, "required": True},
                        {"key": "on_behalf_of", "label": t("response.who"), "line": True, "required": True},
                    ],
                    "button": t("common.share_group"),
                    "seen": [t("seen.group")],
                },
            }
        )
    if view.is_scribe:
        if outcome.changed:
            acts.append(
                {"name": "renew", "label": t("ending.renew"), "kind": "outcome", "about": [["renews", version]],
                 "box": {"hint": t("ending.renew_hint"), "fields": [{"key": "text", "label": t("ending.renew_why"),
                         "rows": 2}], "button": t("ending.renew"), "seen": [t("seen.group")]}}
            )  # fmt: skip
        acts.append({"name": "reopen", "label": t("ending.reopen"), "kind": "outcome", "about": [["reopens", version]]})
    return acts


@action("action")
def write_action(context: PageContext, submission: Submission) -> None:
    context.append("action", submission)


@action("response")
def write_response(context: PageContext, submission: Submission) -> None:
    """Somebody outside the group who decides speaks through whoever enters it, on behalf of whom in words."""
    did = submission.choices.get("did")
    if did not in tuple(RESPONSE_LABELS):  # what a browser sent may be a list, which no mapping can be asked for
        raise to_rejection(CoworkError("error.no_choice"), context.lang, "did")
    whom = submission.fields.get("on_behalf_of", "").strip()
    context.append("response", replace(submission, fields={"text": submission.text}), did=did, on_behalf_of=whom)


@action("renew")
def renew(context: PageContext, submission: Submission) -> None:
    """People have looked at what changed, and it stands as it is."""
    context.append("outcome", submission, wordless=True, outcome="renewed")


@action("reopen")
def reopen(context: PageContext, submission: Submission) -> None:
    context.append("outcome", submission, wordless=True, outcome="reopened")
