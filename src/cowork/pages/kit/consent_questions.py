"""The questions of join: what is asked, with which careful defaults, and the entries that the answers become."""

from __future__ import annotations

from typing import Any

from cowork.analysis.participation import WAYS
from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Draft
from cowork.core.ids import derive_id
from cowork.text.labels import PERSPECTIVE_LABELS, PERSPECTIVES
from cowork.widgets import Submission
from cowork.widgets.submission import check_words
from cowork.widgets.types import ChoiceField, Option

#: Code points; a name stands on every card.
NAME_LIMIT = 80
OWN_LIMIT = 120


def option_list(context: PageContext, prefix: str, values: tuple[str, ...]) -> list[Option]:
    return [{"value": value, "label": context.t(f"{prefix}.{value}")} for value in values]


def consent_fields(
    context: PageContext, view: ParticipantView, said: dict[str, Any], *, fold: bool
) -> list[ChoiceField]:
    """The further questions of join, with what was said before or a careful default."""
    t = context.t
    naming = [("named", "name"), ("perspective", "perspective"), ("pseudonym", "pseudonym"), ("not", "not")]
    found: list[ChoiceField] = [
        {
            "key": "as",
            "place": 1,
            "legend": t("join.as.h"),
            "hint": t("join.as.hint"),
            "many": True,
            "fold": fold,
            "options": [{"value": code, "label": t(key)} for code, key in PERSPECTIVE_LABELS.items()],
            "value": [stated for stated in said.get("as", []) if stated in PERSPECTIVES],
        },
        {
            "key": "way",
            "place": 3,
            "legend": t("join.way.h"),
            "fold": fold,
            "options": option_list(context, "join.way", WAYS),
            "value": said.get("way", ""),
        },
        {
            "key": "naming",
            "place": 4,
            "legend": t("join.named.h"),
            "hint": t("join.named.hint"),
            "fold": fold,
            "options": [{"value": value, "label": t(f"join.named.{word}")} for value, word in naming],
            "value": said.get("naming", "perspective"),
        },
    ]
    opened = view.state.opening_entry()
    if opened and opened.data.get("research"):
        found.append(
            {
                "key": "research",
                "place": 5,
                "legend": t("join.research.h"),
                "hint": t("join.research.hint"),
                "fold": fold,
                "options": [
                    {"value": "yes", "label": t("join.research.yes")},
                    {"value": "no", "label": t("join.research.no")},
                    {"value": "later", "label": t("join.research.later"), "hint": t("join.research.later_hint")},
                ],
                "value": said.get("research", "later"),
            }
        )
    return found


def own_name(context: PageContext, submission: Submission) -> str:
    """The name somebody chose; too long a one is refused here too, for a browser may have been changed."""
    return check_words(submission.fields.get("name", ""), context.lang, "name", NAME_LIMIT).strip()


def consent_drafts(
    context: PageContext, submission: Submission, participant: str, before: dict[str, Any]
) -> list[Draft]:
    """Entries for the answers that differ from `before`, each question its own: one yes is not another."""
    found: list[Draft] = []

    def entry(name: str, kind: str, body: dict[str, Any]) -> None:
        found.append(Draft(derive_id(submission.id + name), kind, participant, body))

    chosen = submission.choices.get("as", [])
    perspectives = [stated for stated in chosen if stated in PERSPECTIVES] if isinstance(chosen, list) else []
    own = check_words(submission.fields.get("own", ""), context.lang, "own", OWN_LIMIT).strip()
    perspectives += [own] if own else []
    if perspectives != before.get("as", []):
        entry("as", "participant", {"perspectives": perspectives})
    way = submission.choices.get("way", "")
    if way in WAYS and way != before.get("way", ""):
        entry("way", "attendance", {"way": way})
    naming = submission.choices.get("naming", "perspective")
    if naming in ("named", "perspective", "pseudonym", "not") and naming != before.get("naming"):
        found.append(consent_draft(context, derive_id(submission.id + "naming"), participant, "naming", naming))
    research = submission.choices.get("research")
    if research in ("yes", "no", "later") and research != before.get("research"):
        found.append(
            consent_draft(context, derive_id(submission.id + "research"), participant, "research", research, "only-me")
        )
    return found


def consent_draft(
    context: PageContext, entry_id: str, participant: str, question: str, answer: str, seen_by: str = "group"
) -> Draft:
    """An answer to one consent question. It names the one it replaces, so it holds whatever the devices' clocks say."""
    state = context.record.state(context.workshop)
    held, before = state.entries.get(entry_id), state.consent_entry(participant, question)
    about = held.header.about if held else (("replaces", before.id),) if before else ()
    return Draft(entry_id, "consent", participant, {"question": question, "answer": answer}, about, seen_by=seen_by)


def current_answers(context: PageContext, view: ParticipantView, person: str = "") -> dict[str, Any]:
    """What somebody has chosen so far, or the careful default: this person, unless another is named."""
    state, who = view.state, person or context.me
    ways = state.of_person(who, "attendance")
    return {
        "as": list(state.profile(who).get("perspectives", []) or []),
        "way": str(ways[-1].data.get("way", "")) if ways else "",
        "naming": state.consent(who, "naming").get("answer", "perspective"),
        "research": state.consent(who, "research").get("answer", "later"),
    }
