"""Worries and conditions: as cards, inside what they belong to; how they are noted, answered and met."""

from __future__ import annotations

from cowork.analysis.proposals import Worry
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import BadWords
from cowork.core.proposals import answers_to
from cowork.pages.kit.actions import action
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.forms import LAST_PLACE, answer_field, naming_fields
from cowork.pages.kit.signatures import signature, signed
from cowork.pages.kit.typed_text import line, typed
from cowork.text.labels import GAP_SENTENCES
from cowork.widgets import Submission
from cowork.widgets.types import Action, CardItem, Point


def reservation_act(context: PageContext, view: ParticipantView, version: str) -> Action:
    say = context.t
    return {
        "name": "worry",
        "label": say("reservation.button.add"),
        "kind": "reservation",
        "about": [["talks-about", version]],
        "box": {
            "hint": say("reservation.hint"),
            "choices": [
                answer_field(
                    context,
                    "sort",
                    [("worry", "reservation.label.worry"), ("condition", "reservation.label.condition")],
                    "worry",
                    say("reservation.h"),
                ),
                *naming_fields(context, view, "agreement", LAST_PLACE),
            ],
            "fields": [
                {"key": "text", "label": say("reservation.words"), "rows": 2, "required": True},
                {"key": "reason", "label": say("reservation.label.reason"), "rows": 2},
            ],
            "button": say("reservation.button.add"),
            "seen": [say("agreement.seen_worry"), say("reservation.printed"), say("seen.back")],
        },
    }


def worry_cards(context: PageContext, view: ParticipantView, worries: tuple[Worry, ...]) -> list[CardItem]:
    """Every worry, also one whose words may not be read: that there is one is never left out."""
    return [worry_card(context, view, worry) for worry in worries]


def worry_card(context: PageContext, view: ParticipantView, worry: Worry) -> CardItem:
    say = context.t
    label = say("trace.step.worry")
    if worry.contribution is None:
        return {"id": worry.root, "kind": "reservation", "text": "", "state": "here", "tag": label, "acts": [],
                "note": [say(GAP_SENTENCES[worry.gap])], "current": [], "earlier": []}  # fmt: skip
    contribution = worry.contribution
    points: list[Point] = [
        {
            "label": say("reservation.label.answer"),
            "text": line(typed(context, answer.entry, answer.text), f" – {signature(context, view, answer)}"),
        }
        for answer in worry.answers
    ]
    if not worry.answered:
        points.append({"label": say("reservation.label.answer"), "text": say("reservation.no_answer")})
    else:  # an agreement may stand while its owner has not said that the answer is enough, and then it tells so
        said = worry.enough or "not_said"
        points.append({"label": say("reservation.enough_h"), "text": say(f"reservation.enough.{said}")})
    for key, words in (("owner", person_or_words(context, view, worry.owner)), ("review", worry.review)):
        if words:
            points.append({"label": say(f"reservation.label.{key}"), "text": words})
    made = make_card(
        context,
        view,
        contribution,
        acts_first=worry_actions(context, view, worry, contribution),
        points=points,
        tag=label,
    )
    if worry.named:  # answers stand without a name; taken back is the answer, on its proposal
        made["note"] = [*([say("position.worry_wordless")] if worry.wordless else []), say("position.worry_named")]
    made["more"] = [more for more in made["more"] if more["label"] == say("reservation.label.reason")]
    return made


def person_or_words(context: PageContext, view: ParticipantView, who: str) -> str:
    """Somebody named by their id, as they are called here; else the words as they were written."""
    return signed(context, view, who) if who in view.state.participants() else who


def worry_actions(
    context: PageContext, view: ParticipantView, worry: Worry, contribution: Contribution
) -> list[Action | str]:
    say = context.t
    found: list[Action | str] = [
        {
            "name": "worry-answer",
            "label": say("reservation.button.answer"),
            "kind": "utterance",
            "about": [["answers-reservation", contribution.entry.id]],
            "box": {
                "choices": naming_fields(context, view, "dialogue", LAST_PLACE),
                "fields": [
                    {"key": "text", "label": say("reservation.label.answer"), "rows": 2, "required": True},
                    {"key": "owner", "label": say("reservation.label.owner"), "line": True},
                    {"key": "review", "label": say("reservation.label.review"), "line": True},
                ],
                "button": say("reservation.button.answer"),
                "seen": [say("seen.group"), say("reservation.printed")],
            },
        }
    ]
    if context.writes_for_participant(contribution.author) and answers_to(view.state, contribution.id):
        options = [(code, f"reservation.enough.{code}") for code in ("yes", "partly", "no")]
        found.append(
            {
                "name": "enough",
                "label": say("reservation.label.enough"),
                "kind": "check",
                "about": [["checks", contribution.entry.id]],
                "box": {
                    "choices": [answer_field(context, "result", options, worry.enough)],
                    "fields": [],
                    "button": say("check.button.send"),
                    "seen": [say("seen.group")],
                },
            }
        )
    return found


# ---- what the acts do


@action("worry")
def note_worry(context: PageContext, submission: Submission) -> None:
    sort = submission.choices.get("sort", "worry")
    if sort not in ("worry", "condition"):
        raise BadWords("error.no_choice")
    context.append("reservation", submission, sort=sort)


@action("worry-answer")
def answer_worry(context: PageContext, submission: Submission) -> None:
    context.append("utterance", submission)
