"""Write for someone: whom a scribe writes for, people without a device, and who does what here."""

from __future__ import annotations

from dataclasses import dataclass

from cowork.context import PageContext, error_message
from cowork.core.access.participant_view import ParticipantView
from cowork.core.access.permissions import accepts_scribe, has_device
from cowork.core.entries import Actor, Draft
from cowork.core.errors import InvalidEntry, NotAllowed, NotFound
from cowork.core.fold import State
from cowork.core.ids import derive_id
from cowork.pages.facilitation import enrolment
from cowork.pages.facilitation.enrolment import group_of, through_scribe
from cowork.pages.kit.actions import action
from cowork.pages.kit.fields import option_list
from cowork.pages.kit.signatures import GROUPS, perspective, spoken
from cowork.pages.registry import page
from cowork.store import credentials
from cowork.widgets import CardList, Component, Dialog, Prose, Submission
from cowork.widgets.types import Action, ActionForm, CardItem, ChoiceField

ROLES = ("scribe", "observer", "facilitator")


@dataclass
class CodeDialog:
    """The dialog of this page that shows a return code."""

    dialog: Dialog | None = None


@page("people")
def people(context: PageContext) -> list[Component]:
    """Choose whom to write for; add somebody without a device; for a facilitator, who does what here."""
    t = context.t
    if not context.view.is_scribe:
        error = NotAllowed("error.may_not", who="facilitator_scribe")
        return [Prose(blocks=[{"h": t("people.link"), "level": 1}, {"p": error_message(error, context.lang)}])]
    head = [
        {"h": t("people.h"), "level": 1},
        {"hint": t("people.hint")},
        {"summary": t("people.how_h"), "lines": [t(f"people.how.{n}") for n in range(1, 5)]},
    ]
    card_list = CardList(heading=t("people.list_h"), empty=t("people.empty"))
    code = context.page_state(CodeDialog).dialog = Dialog(heading=t("people.code_h"), no=t("common.close"))
    add = enrolment.form(context)

    def render(view: ParticipantView) -> None:
        people = [person_card(context, view, person) for person in listed(context, view)]
        card_list.items = [*people, *group_cards(context, view)]

    context.follow(render)
    return [Prose(blocks=head), card_list, add, code]


# ---- the list


def listed(context: PageContext, view: ParticipantView) -> list[str]:
    """Everyone else here: first who has no device, then who asked for it, then the others; last who stopped."""
    state = view.state
    found = [other for other in state.participants() if other != context.me and not group_of(state, other)]
    found = [other for other in found if state.takes_part(other) or through_scribe(state, other)]

    def rank(person: str) -> int:
        if not state.takes_part(person):
            return 3
        if not has_device(state, person):
            return 0
        return 1 if accepts_scribe(state, person) else 2

    return sorted(found, key=rank)


def person_card(context: PageContext, view: ParticipantView, person: str) -> CardItem:
    """One person, as they chose to be named, and what can be done for them."""
    t, state = context.t, view.state
    device, part = has_device(state, person), state.takes_part(person)
    notes = [", ".join(perspective(context, str(stated)) for stated in state.profile(person).get("perspectives") or ())]
    if not part:
        notes.append(t("people.out"))
    elif not device:
        notes.append(t("people.no_device"))
    elif accepts_scribe(state, person):
        notes.append(t("people.asked"))
    role = role_of(state, person)
    if role != "none":
        notes.append(t(f"people.role.{role}"))
    return {
        "id": person,
        "kind": "participant",
        "text": view.name_of(person) or t("common.no_name"),
        "tag": t("people.now") if context.writing_for == person else "",
        "note": [note for note in notes if note],
        "state": "here",
        "near": ["people-write", "people-code"],
        "acts": _acts(context, view, person) if part else [_act(context, view, "people-in", "people.back_in", person)],
    }


def _acts(context: PageContext, view: ParticipantView, person: str) -> list[Action]:
    t, state = context.t, view.state
    found: list[Action] = []
    if context.writing_for != person:
        found.append({**_act(context, view, "people-write", "people.write", person), "strong": True})
    if through_scribe(state, person):
        box = enrolment.change_box(context, view, person)
        found.append({**_act(context, view, "people-answers", "people.answers", person), "box": box})
        if view.is_facilitator:
            found.append(_act(context, view, "people-code", "people.code", person))
        out: ActionForm = {"hint": t("people.take_out_hint"), "button": t("people.take_out_button")}
        found.append({**_act(context, view, "people-out", "people.take_out", person), "box": out})
    elif view.is_facilitator and not opened_it(state, person):
        asked: ChoiceField = {
            "key": "role",
            "legend": t("people.role", name=spoken(context, view, person)),
            "hint": t("people.role_hint"),
            "options": option_list(context, [(role, f"people.role.{role}") for role in ("none", *ROLES)]),
            "value": role_of(state, person),
            "required": True,
        }
        box = ActionForm(choices=[asked], button=t("choices.button"))
        found.append({**_act(context, view, "people-role", "people.role", person), "box": box})
    return found


def _act(context: PageContext, view: ParticipantView, name: str, key: str, person: str) -> Action:
    label = context.t(key, name=spoken(context, view, person))
    return {"name": name, "label": label, "kind": "participant", "about": [], "choices": {"who": person}}


def group_cards(context: PageContext, view: ParticipantView) -> list[CardItem]:
    """Two that are nobody in particular, for what several say together and for words whose speaker is not known."""
    state = view.state
    made: list[CardItem] = []
    for which in GROUPS:
        held = next((person for person in state.participants() if group_of(state, person) == which), "")
        now = bool(held) and context.writing_for == held
        label = context.t("people.write", name=context.t(f"scribe.for.{which}"))
        act: Action = {"name": "people-write", "label": label, "kind": "participant", "about": [],
                       "choices": {"who": which}, "strong": True}  # fmt: skip
        made.append(
            {
                # Of the card: the one who speaks is made when first used.
                "id": derive_id(f"{context.workshop}:{which}"),
                "kind": "participant",
                "text": context.t(f"scribe.who.{which}"),
                "tag": context.t("people.now") if now else "",
                "note": [],
                "state": "here",
                "acts": [] if now else [act],
            }
        )
    return made


# ---- what a press does


@action("people-write", replay=False)  # later, the scribe may be with somebody else
def start_writing_for(context: PageContext, submission: Submission) -> None:
    """From now on write for this person, and go on where the scribe was."""
    seen, who = context.view, submission.choices.get("who")
    if not seen.is_scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    if isinstance(who, str) and who in GROUPS:
        who = enrolment.group(context, who, submission)
    elif not isinstance(who, str) or who == context.me or not seen.state.takes_part(who):
        raise NotFound("error.gone")
    context.session.write_for(who)
    context.session.go(context.session.previous_page or "intention")


@action("people-code", replay=False)
def show_return_code(context: PageContext, submission: Submission) -> None:
    """Show a new return code of somebody without a device."""
    dialog = context.page_state(CodeDialog).dialog
    if dialog is None:
        raise RuntimeError("the dialog for the code is not on this page")
    # Shown in a message to this one screen and never in a trait: a trait can be asked for.
    dialog.show([return_code(context, submission), context.t("people.code_hint")])


def return_code(context: PageContext, submission: Submission) -> str:
    """A code with which somebody without a device comes in on a phone later, as themselves."""
    seen, who = context.view, submission.choices.get("who")
    if not seen.is_facilitator:
        raise NotAllowed("error.may_not", who="facilitator")
    if not isinstance(who, str) or not through_scribe(seen.state, who) or not seen.state.takes_part(who):
        raise NotFound("error.gone")
    return credentials.new_return_code(context.record, context.workshop, who)


def opened_it(state: State, person: str) -> bool:
    """True for whoever opened the workshop: they stay its facilitator."""
    opened = state.opening_entry()
    return opened is not None and opened.header.by == person


def role_of(state: State, person: str) -> str:
    """What somebody does here beside taking part: one role, the widest they have."""
    held = state.roles(person)
    return next((role for role in ("facilitator", "scribe", "observer") if role in held), "none")


@action("people-role")
def assign_role(context: PageContext, submission: Submission) -> str:
    """Give somebody one role, and end those they had. An ending names what it ends, so it holds on every clock."""
    seen, who, wanted = context.view, submission.choices.get("who"), submission.choices.get("role")
    state = seen.state
    if not seen.is_facilitator:
        raise NotAllowed("error.may_not", who="facilitator")
    if wanted not in ("none", *ROLES):
        raise InvalidEntry("error.no_choice")
    if not isinstance(who, str) or opened_it(state, who) or who == context.me or not state.takes_part(who):
        raise NotFound("error.gone")
    drafts = []
    for role in ROLES:
        if (role in state.roles(who)) == (role == wanted):
            continue
        before = tuple(("replaces", entry_id) for entry_id in _granted(state, who, role))
        body = {"role": role, "on": role == wanted}
        about = (("grants", who), *before)
        drafts.append(Draft(derive_id(submission.id + role), "role", context.me, body, about, how="facilitator"))
    if drafts:
        context.record.append_many(context.workshop, drafts, Actor(context.me))
    context.feed.poll()
    return str(context.t("people.kept"))


def _granted(state: State, person: str, role: str) -> list[str]:
    """The entries that say now whether somebody has a role."""
    found = [state.entries[i] for i in state.references_to(person, "grants")]
    found = [entry for entry in found if entry.kind == "role" and entry.data.get("role") == role]
    return [entry.id for entry in found if entry.id in {now.id for now in state.current(state.root(entry.id))}]
