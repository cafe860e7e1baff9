"""Something I see in someone else: they see it first, and nobody else does before they say yes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView, is_shared_by, people_with_asset
from cowork.core.access.permissions import accepts_scribe, has_device
from cowork.core.errors import InvalidEntry
from cowork.core.fold import State
from cowork.pages.kit.actions import action
from cowork.pages.kit.signatures import signature
from cowork.text.labels import ASSET_SORTS
from cowork.widgets import Submission
from cowork.widgets.types import Action, CardItem


def sort_of(submission: Submission) -> dict[str, Any]:
    """What kind of asset it is, where that was said."""
    sort = submission.choices.get("sort", "")
    if sort not in ("", *ASSET_SORTS):
        raise InvalidEntry("error.no_choice")
    return {"sort": sort} if sort else {}


def assets_in_others(context: PageContext, view: ParticipantView) -> dict[str, str]:
    """Who somebody may see something in: person -> name. They must be there to be asked, and to answer.

    Somebody without a device is asked aloud, by a scribe, who knows the words already.
    """
    state = view.state
    found = {}
    for person in state.participants():
        name = view.name_of(person)
        asked = has_device(state, person) or view.is_scribe
        if name and person != context.author and state.takes_part(person) and asked:
            found[person] = name
    return found


def add_asset_in_other(context: PageContext, submission: Submission) -> str:
    """Write what somebody sees in another person; nobody else sees it before that person says yes."""
    state = context.record.state(context.workshop)
    who = submission.choices.get("who")
    if not isinstance(who, str) or (
        submission.id not in state.entries and who not in assets_in_others(context, context.view)
    ):
        raise InvalidEntry("error.no_choice")
    first = state.of_person(who, "participant")[0].id
    plain = replace(submission, about=(), choices={**submission.choices, "seen": "group"})
    body: dict[str, Any] = {"scope": "group", "for": who, **sort_of(submission)}
    context.append("asset", plain, also=[("sees-in", first)], **body)
    return context.t("assets.for_other_wait", name=context.view.name_of(who))


def on_card(context: PageContext, view: ParticipantView, contribution: Contribution, made: CardItem) -> None:
    """What a card says and offers where somebody sees this in another person."""
    t, state = context.t, view.state
    person = people_with_asset(state, state.entries[contribution.id])[0]
    name = view.name_of(person) or t("common.no_name")
    waits, answer = waits_for_them(view, contribution), _answer(state, contribution, person)
    made["tag"] = t("assets.seen_in", name=name)
    if waits:
        # Not yet the group's: nobody but the two is told of it, also not by talk about it.
        inside = ("change", "take", "put", "erase", "keep")
        made["acts"] = [act for act in made["acts"] if act in inside]
    if not contribution.is_active:
        return
    mine = view.viewer == person
    if waits and not mine:
        made["note"] = [*made["note"], t("assets.for_other_wait", name=name)]
    if waits and answer == "yes":
        made["note"] = [t("assets.for_other_let_words"), *made["note"]]
    if not mine and not (view.is_scribe and accepts_scribe(state, person) and context.author in (context.me, person)):
        return
    if waits:
        by = signature(context, view, contribution)
        nameless = by == t("common.no_name")
        asks = t("assets.for_other_ask_unnamed") if nameless else t("assets.for_other_ask", name=by)
        left = [t("assets.for_other_let_not")] if answer == "no" else [asks]
        made["note"] = [*left, *([t("assets.for_other_only")] if mine else []), *made["note"]]
    elif mine:
        made["note"] = [t("assets.for_other_let"), *made["note"]]
    given = [] if not waits else ["yes"]
    given += ["no"] if answer != "no" else []
    made["acts"] = [*(_share_action(context, contribution, person, result) for result in given), *made["acts"]]
    made["near"] = [*(f"let-{result}" for result in given), *made.get("near", [])][:2]


def waits_for_them(view: ParticipantView, contribution: Contribution) -> bool:
    """True for what is seen in somebody who has not let the others see these words."""
    people = people_with_asset(view.state, view.state.entries[contribution.id])
    return any(not is_shared_by(view.state, contribution.entry, person) for person in people)


def _answer(state: State, contribution: Contribution, person: str) -> str:
    """The person's last answer to any of these words."""
    found = [
        state.entries[entry_id]
        for version in state.versions_from(contribution.id)
        for entry_id in state.references_to(version, "checks")
        if state.entries[entry_id].header.by == person and not state.withdrawals(state.root(entry_id))
    ]
    return str(state.sorted(found)[-1].data.get("result", "")) if found else ""


def _share_action(context: PageContext, contribution: Contribution, person: str, result: str) -> Action:
    return {
        "name": f"let-{result}",
        "label": context.t(f"assets.for_other_{result}"),
        "kind": "check",
        "about": [["checks", contribution.entry.id]],
        "choices": {"result": result, **({"for": person} if person != context.me else {})},
        "strong": result == "yes",
    }


@action("let-yes")
@action("let-no")
def share_asset(context: PageContext, submission: Submission) -> None:
    """The person's own answer to what is seen in them. A no is between the two: nobody else learns of it."""
    result = submission.choices.get("result")
    if result not in ("yes", "no"):
        raise InvalidEntry("error.no_choice")
    about = tuple(pair for pair in submission.about if pair[0] == "checks")
    choices = {key: value for key, value in submission.choices.items() if key == "for"}
    plain = replace(
        submission, about=about, fields={}, choices={**choices, "seen": "only-me" if result == "no" else "group"}
    )
    context.append("check", plain, wordless=True, result=result)
