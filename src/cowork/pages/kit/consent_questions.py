"""The questions of join: what is asked, with which careful defaults, and the entries that the answers become."""

from __future__ import annotations

from typing import Any

from cowork.analysis.participation import WAYS
from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Draft
from cowork.core.ids import derive_id
from cowork.pages.kit.fields import draw_fields, option_list
from cowork.text.labels import PERSPECTIVE_LABELS, PERSPECTIVES
from cowork.widgets import Rejected, Submission
from cowork.widgets.submission import check_words
from cowork.widgets.types import ChoiceField, Field

#: What somebody is called, which stands on every card, and what they are here as in words of their own.
NAME_FIELD = Field(key="name", label="join.name.label", hint="join.name.hint", line=True, limit=80)
OWN_FIELD = Field(key="own", label="join.as.own", line=True, limit=120, place=2)

#: Ways of taking part, each with the key of its words.
WAY_OPTIONS = [(way, f"join.way.{way}") for way in WAYS]


def part_field(context: PageContext, hint: str) -> ChoiceField:
    """The one question that is asked before somebody takes part."""
    return {
        "key": "part",
        "legend": context.t("join.part.h"),
        "hint": context.t(hint),
        "place": -1,
        "options": option_list(context, [("yes", "join.part.yes"), ("no", "join.part.no")]),
        "value": "",
        "required": True,
    }


def name_fields(context: PageContext, view: ParticipantView, person: str) -> list[Field]:
    """What somebody is called and is here as, with what they said before."""
    own = ", ".join(stated for stated in current_answers(view, person)["as"] if stated not in PERSPECTIVES)
    return draw_fields(context, [NAME_FIELD, OWN_FIELD], {"name": view.name_of(person), "own": own})


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
            "options": option_list(context, PERSPECTIVE_LABELS.items()),
            "value": [stated for stated in said.get("as", []) if stated in PERSPECTIVES],
        },
        {
            "key": "way",
            "place": 3,
            "legend": t("join.way.h"),
            "fold": fold,
            "options": option_list(context, WAY_OPTIONS),
            "value": said.get("way", ""),
        },
        {
            "key": "naming",
            "place": 4,
            "legend": t("join.named.h"),
            "hint": t("join.named.hint"),
            "fold": fold,
            "options": option_list(context, [(value, f"join.named.{word}") for value, word in naming]),
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
    return check_words(submission.fields.get("name", ""), context.lang, "name", NAME_FIELD["limit"]).strip()


def free_name(context: PageContext, submission: Submission, person: str) -> str:
    """The name somebody chose; one that another person has here is refused."""
    name, view = own_name(context, submission), context.view
    taken = {view.name_of(other).casefold() for other in view.state.participants() if other != person}
    if name and name.casefold() in taken:
        raise Rejected(context.t("error.name_taken"), "name")
    return name


def consent_drafts(
    context: PageContext, submission: Submission, participant: str, before: dict[str, Any]
) -> list[Draft]:
    """Entries for the answers that differ from `before`, each question its own: one yes is not another."""
    found: list[Draft] = []

    def entry(name: str, kind: str, body: dict[str, Any]) -> None:
        found.append(Draft(derive_id(submission.id + name), kind, participant, body))

    chosen = submission.choices.get("as", [])
    perspectives = [stated for stated in chosen if stated in PERSPECTIVES] if isinstance(chosen, list) else []
    own = check_words(submission.fields.get("own", ""), context.lang, "own", OWN_FIELD["limit"]).strip()
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


def current_answers(view: ParticipantView, person: str) -> dict[str, Any]:
    """What somebody has chosen so far, or the careful default."""
    state = view.state
    ways = state.of_person(person, "attendance")
    return {
        "as": list(state.profile(person).get("perspectives", []) or []),
        "way": str(ways[-1].data.get("way", "")) if ways else "",
        "naming": state.consent(person, "naming").get("answer", "perspective"),
        "research": state.consent(person, "research").get("answer", "later"),
    }
