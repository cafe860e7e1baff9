"""Worries and conditions: as cards, inside what they belong to; how they are noted, answered and met."""

from __future__ import annotations

from cowork.analysis.proposals import Worry
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import InvalidEntry
from cowork.core.proposals import answers_to_reservation
from cowork.pages.kit.actions import action
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.forms import LAST_PLACE, answer_field, naming_fields
from cowork.pages.kit.signatures import signature, signed
from cowork.pages.kit.typed_text import line, typed
from cowork.text.labels import GAP_SENTENCES
from cowork.widgets import Submission
from cowork.widgets.types import Action, CardItem, Point

#: What a reservation may be, each with the key of its words.
SORTS = {"worry": "reservation.label.worry", "condition": "reservation.label.condition"}


def reservation_act(context: PageContext, view: ParticipantView, version: str) -> Action:
    t = context.t
    return {
        "name": "worry",
        "label": t("reservation.button.add"),
        "kind": "reservation",
        "about": [["talks-about", version]],
        "box": {
            "hint": t("reservation.hint"),
            "choices": [
                answer_field(context, "sort", SORTS.items(), "worry", t("reservation.h")),
                *naming_fields(context, view, "agreement", LAST_PLACE),
            ],
            "fields": [
                {"key": "text", "label": t("reservation.words"), "rows": 2, "required": True},
                {"key": "reason", "label": t("reservation.label.reason"), "rows": 2},
            ],
            "button": t("reservation.button.add"),
            "seen": [t("seen.group"), t("reservation.printed"), t("seen.back")],
        },
    }


def worry_cards(context: PageContext, view: ParticipantView, worries: tuple[Worry, ...]) -> list[CardItem]:
    """Every worry, also one whose words may not be read: that there is one is never left out."""
    return [worry_card(context, view, worry) for worry in worries]


def worry_card(context: PageContext, view: ParticipantView, worry: Worry) -> CardItem:
    t = context.t
    label = t("trace.step.worry")
    if worry.contribution is None:
        return {"id": worry.root, "kind": "reservation", "text": "", "state": "here", "tag": label, "acts": [],
                "note": [t(GAP_SENTENCES[worry.gap])], "current": [], "earlier": []}  # fmt: skip
    contribution = worry.contribution
    points: list[Point] = [
        {
            "label": t("reservation.label.answer"),
            "text": line(typed(context, answer.entry, answer.text), f" – {signature(context, view, answer)}"),
        }
        for answer in worry.answers
    ]
    if not worry.is_answered:
        points.append({"label": t("reservation.label.answer"), "text": t("reservation.no_answer")})
    else:  # an agreement may stand while its owner has not said that the answer is enough, and then it tells so
        said = worry.enough or "not_said"
        points.append({"label": t("reservation.enough_h"), "text": t(f"reservation.enough.{said}")})
    for key, words in (("owner", person_or_words(context, view, worry.owner)), ("review", worry.review)):
        if words:
            points.append({"label": t(f"reservation.label.{key}"), "text": words})
    acts = worry_actions(context, view, worry, contribution)
    near = ["enough", "change"] if contribution.is_mine else ["worry-answer"]
    made = make_card(context, view, contribution, acts_first=acts, points=points, tag=label, near=near)
    if worry.named:  # answers stand without a name; taken back is the answer, on its proposal
        made["note"] = [*([t("position.worry_wordless")] if worry.wordless else []), t("position.worry_named")]
    made["more"] = [more for more in made["more"] if more["label"] == t("reservation.label.reason")]
    return made


def person_or_words(context: PageContext, view: ParticipantView, who: str) -> str:
    """Somebody named by their id, as they are called here; else the words as they were written."""
    return signed(context, view, who) if who in view.state.participants() else who


def worry_actions(
    context: PageContext, view: ParticipantView, worry: Worry, contribution: Contribution
) -> list[Action | str]:
    """Answer it, where it is another's; say whether the answers are enough, where it is one's own."""
    t = context.t
    found: list[Action | str] = []
    if contribution.author != context.author:
        found.append(worry_answer_action(context, view, contribution))
    if context.writes_for_participant(contribution.author) and answers_to_reservation(view.state, contribution.id):
        options = [(code, f"reservation.enough.{code}") for code in ("yes", "partly", "no")]
        found.append(
            {
                "name": "enough",
                "label": t("reservation.label.enough"),
                "kind": "check",
                "about": [["checks", contribution.entry.id]],
                "box": {
                    "choices": [answer_field(context, "result", options, worry.enough)],
                    "fields": [],
                    "button": t("check.button.send"),
                    "seen": [t("seen.group")],
                },
            }
        )
    return found


def worry_answer_action(context: PageContext, view: ParticipantView, contribution: Contribution) -> Action:
    t = context.t
    return {
        "name": "worry-answer",
        "label": t("reservation.button.answer"),
        "kind": "utterance",
        "about": [["answers-reservation", contribution.entry.id]],
        "box": {
            "choices": naming_fields(context, view, "dialogue", LAST_PLACE),
            "fields": [
                {"key": "text", "label": t("reservation.label.answer"), "rows": 2, "required": True},
                {"key": "owner", "label": t("reservation.label.owner"), "line": True},
                {"key": "review", "label": t("reservation.label.review"), "line": True},
            ],
            "button": t("reservation.button.answer"),
            "seen": [t("seen.group"), t("reservation.printed")],
        },
    }


# ---- what the acts do


@action("worry")
def note_worry(context: PageContext, submission: Submission) -> None:
    sort = submission.choices.get("sort", "worry")
    if sort not in SORTS:
        raise InvalidEntry("error.no_choice")
    context.append("reservation", submission, sort=sort)


@action("worry-answer")
def answer_worry(context: PageContext, submission: Submission) -> None:
    context.append("utterance", submission)
