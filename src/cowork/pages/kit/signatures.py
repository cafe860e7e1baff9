"""How a person is called: beside their words, to a scribe, and within a sentence of ours."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.text.labels import PERSPECTIVE_LABELS

#: Nobody in particular, whom words may be entered for; never counted among those who take part.
GROUPS = ("several", "unknown")


def signature(context: PageContext, view: ParticipantView, contribution: Contribution) -> str:
    """Whose words: the name they chose, else what they are here as, else "No name given"."""
    name, perspectives = view.signature_of(contribution)
    person = view.state.profile(contribution.author)
    if person.get("voice") and not name:
        name = context.t("join.voice", n=person["voice"])
    claimed = person.get("claimed")
    if not name and person.get("group") in GROUPS:
        name = context.t(f"scribe.who.{person['group']}")
    if not name and isinstance(claimed, dict):
        name = str(claimed.get("name") or "")
    as_what = ", ".join(perspective(context, stated) for stated in perspectives)
    if name and as_what:
        return f"{name} · {as_what}"
    return name or as_what or context.t("common.no_name")


def perspective(context: PageContext, code: str) -> str:
    """A perspective in words: one of ours by its code, or the person's own."""
    return context.t(PERSPECTIVE_LABELS[code]) if code in PERSPECTIVE_LABELS else code


def signed(context: PageContext, view: ParticipantView, person: str) -> str:
    """A person by name, or by the number of their voice, or by what they are here as."""
    said = view.state.profile(person)
    if view.name_of(person):
        return view.name_of(person)
    if said.get("voice"):
        return context.t("join.voice", n=said["voice"])
    return ", ".join(perspective(context, str(stated)) for stated in said.get("perspectives") or ()) or context.t(
        "common.no_name"
    )


def facilitator_name(context: PageContext, view: ParticipantView) -> str:
    """The first facilitator by name, else "the facilitator"."""
    state = view.state
    found = next((person for person in state.participants() if "facilitator" in state.roles(person)), "")
    return view.name_of(found) or context.t("who.facilitator")


def beside(context: PageContext, seen: ParticipantView, view: Contribution, person: str) -> str:
    """Somebody as they show themselves beside a view: whoever wrote it chose how; others are called by their name."""
    return signature(context, seen, view) if person == view.author else signed(context, seen, person)


def name_of(context: PageContext, view: ParticipantView, participant: str) -> str:
    """A person as a scribe knows them: by name, or by what they are when they gave none."""
    person = view.state.profile(participant)
    if person.get("group") in GROUPS:
        return context.t(f"scribe.who.{person['group']}")
    return view.name_of(participant) or context.t("scribe.who.unnamed")


def spoken(context: PageContext, view: ParticipantView, participant: str) -> str:
    """The same within a sentence: "Write for several of us together"."""
    group = view.state.profile(participant).get("group")
    return view.name_of(participant) or context.t(f"scribe.for.{group if group in GROUPS else 'unnamed'}")
