"""Worries and conditions: as cards, inside what they belong to; how they are noted, answered and met."""

from __future__ import annotations

from typing import Any

from cowork.analysis.agreement import Worry
from cowork.core.agreeing import answers_to
from cowork.core.errors import BadWords
from cowork.core.seen import Contribution, Seen
from cowork.pages.acting import act
from cowork.pages.cards import card
from cowork.pages.forms import LAST, answer, shown_as
from cowork.pages.signatures import signature, signed
from cowork.pages.typed import line, typed
from cowork.text.labels import GAP_SENTENCES
from cowork.widgets import Sent
from cowork.workbook import Here


def reservation_act(here: Here, seen: Seen, version: str) -> dict[str, Any]:
    say = here.say
    return {
        "name": "worry",
        "label": say("reservation.button.add"),
        "kind": "reservation",
        "about": [["talks-about", version]],
        "box": {
            "hint": say("reservation.hint"),
            "choices": [
                answer(
                    here,
                    "sort",
                    [("worry", "reservation.label.worry"), ("condition", "reservation.label.condition")],
                    "worry",
                    say("reservation.h"),
                ),
                *shown_as(here, seen, "agreement", LAST),
            ],
            "fields": [
                {"key": "text", "label": say("reservation.words"), "rows": 2, "required": True},
                {"key": "reason", "label": say("reservation.label.reason"), "rows": 2},
            ],
            "button": say("reservation.button.add"),
            "seen": [say("agreement.seen_worry"), say("reservation.printed"), say("seen.back")],
        },
    }


def worry_cards(here: Here, seen: Seen, worries: tuple[Worry, ...]) -> list[dict[str, Any]]:
    """Every worry, also one whose words may not be read: that there is one is never left out."""
    return [worry_card(here, seen, worry) for worry in worries]


def worry_card(here: Here, seen: Seen, worry: Worry) -> dict[str, Any]:
    say = here.say
    label = say("trace.step.worry")
    if worry.contribution is None:
        return {"id": worry.root, "kind": "reservation", "text": "", "state": "here", "tag": label, "acts": [],
                "note": [say(GAP_SENTENCES[worry.gap])], "current": [], "earlier": []}  # fmt: skip
    c = worry.contribution
    points: list[dict[str, Any]] = [
        {
            "label": say("reservation.label.answer"),
            "text": line(typed(here, a.entry, a.text), f" – {signature(here, seen, a)}"),
        }
        for a in worry.answers
    ]
    if not worry.answered:
        points.append({"label": say("reservation.label.answer"), "text": say("reservation.no_answer")})
    else:  # an agreement may stand while its owner has not said that the answer is enough, and then it tells so
        said = worry.enough or "not_said"
        points.append({"label": say("reservation.enough_h"), "text": say(f"reservation.enough.{said}")})
    for key, words in (("owner", person_or_words(here, seen, worry.owner)), ("review", worry.review)):
        if words:
            points.append({"label": say(f"reservation.label.{key}"), "text": words})
    made = card(here, seen, c, acts_first=worry_acts(here, seen, worry, c), points=points, tag=label)
    if worry.named:  # answers stand without a name; taken back is the answer, on its proposal
        made["note"] = [*([say("position.worry_wordless")] if worry.wordless else []), say("position.worry_named")]
    made["more"] = [more for more in made["more"] if more["label"] == say("reservation.label.reason")]
    return made


def person_or_words(here: Here, seen: Seen, who: str) -> str:
    """Somebody named by their id, as they are called here; else the words as they were written."""
    return signed(here, seen, who) if who in seen.state.participants() else who


def worry_acts(here: Here, seen: Seen, worry: Worry, c: Contribution) -> list[Any]:
    say = here.say
    found: list[Any] = [
        {
            "name": "worry-answer",
            "label": say("reservation.button.answer"),
            "kind": "utterance",
            "about": [["answers-reservation", c.entry.id]],
            "box": {
                "choices": shown_as(here, seen, "dialogue", LAST),
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
    if here.speaks_for(c.author) and answers_to(seen.state, c.id):
        options = [(code, f"reservation.enough.{code}") for code in ("yes", "partly", "no")]
        found.append(
            {
                "name": "enough",
                "label": say("reservation.label.enough"),
                "kind": "check",
                "about": [["checks", c.entry.id]],
                "box": {
                    "choices": [answer(here, "result", options, worry.enough)],
                    "fields": [],
                    "button": say("check.button.send"),
                    "seen": [say("seen.group")],
                },
            }
        )
    return found


# ---- what the acts do


@act("worry")
def note_worry(here: Here, sent: Sent) -> None:
    sort = sent.choices.get("sort", "worry")
    if sort not in ("worry", "condition"):
        raise BadWords("error.no_choice")
    here.add("reservation", sent, sort=sort)


@act("worry-answer")
def answer_worry(here: Here, sent: Sent) -> None:
    here.add("utterance", sent)
