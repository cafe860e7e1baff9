"""Write for someone: whom a scribe writes for, people without a device, and who does what here."""

from __future__ import annotations

from typing import Any

from cowork.core.entries import Actor, Draft
from cowork.core.errors import BadWords, Gone, NotAllowed
from cowork.core.fold import State
from cowork.core.ids import derived
from cowork.core.may import has_device, writes_for
from cowork.core.seen import Seen
from cowork.pages import enrolling, scribing
from cowork.pages.acting import act, name_of, take
from cowork.pages.cards import Card
from cowork.pages.enrolling import group_of, through_scribe
from cowork.pages.registry import page
from cowork.pages.signatures import GROUPS, perspective, spoken
from cowork.store import doors
from cowork.widgets import Ask, Dialog, Prose, Sent, Wall
from cowork.workbook import Here, said

ROLES = ("scribe", "observer", "facilitator")


@page("people")
def people(here: Here) -> list[Any]:
    """Choose whom to write for; add somebody without a device; for a facilitator, who does what here."""
    say = here.say
    if not here.seen.scribe:
        error = NotAllowed("error.may_not", who="facilitator_scribe")
        return [Prose(blocks=[{"h": say("people.link"), "level": 1}, {"p": said(error, here.lang)}])]
    head = [
        {"h": say("people.h"), "level": 1},
        {"hint": say("people.hint")},
        {"summary": say("people.how_h"), "lines": [say(f"people.how.{n}") for n in range(1, 5)]},
    ]
    wall = Wall(heading=say("people.list_h"), empty=say("people.empty"))
    code = Dialog(heading=say("people.code_h"), no=say("common.close"))
    add = enrolling.form(here)

    def tell(now: Seen) -> None:
        wall.items = [person_card(here, now, p) for p in listed(here, now)] + group_cards(here, now)

    here.follow(tell)

    def press(sent: Sent) -> str | None:
        name = name_of(sent)
        if name == "people-write":  # only from this page: later, they may be with somebody else
            choose(here, sent)
            return None
        if name == "people-code":
            # Shown in a message to this one screen and never in a trait: a trait can be asked for.
            code.show([return_code(here, sent), say("people.code_hint")])
            return None
        return take(here, sent)

    def enrol(sent: Sent) -> str:
        return enrolling.enrol(here, sent)

    wall.on_shared(press)
    add.on_shared(enrol)
    now_for: list[Ask] = [scribing.banner(here)] if here.writing_for else []
    return [Prose(blocks=head), *now_for, wall, add, code]


# ---- the list


def listed(here: Here, seen: Seen) -> list[str]:
    """Everyone else here: first who has no device, then who asked for it, then the others; last who stopped."""
    state = seen.state
    found = [p for p in state.participants() if p != here.me and not group_of(state, p)]
    found = [p for p in found if state.takes_part(p) or through_scribe(state, p)]

    def rank(person: str) -> int:
        if not state.takes_part(person):
            return 3
        if not has_device(state, person):
            return 0
        return 1 if writes_for(state, person) else 2

    return sorted(found, key=rank)


def person_card(here: Here, seen: Seen, person: str) -> Card:
    """One person, as they chose to be named, and what can be done for them."""
    say, state = here.say, seen.state
    device, part = has_device(state, person), state.takes_part(person)
    notes = [", ".join(perspective(here, str(p)) for p in state.person(person).get("perspectives") or ())]
    if not part:
        notes.append(say("people.out"))
    elif not device:
        notes.append(say("people.no_device"))
    elif writes_for(state, person):
        notes.append(say("people.asked"))
    role = role_of(state, person)
    if role != "none":
        notes.append(say(f"people.role.{role}"))
    return {
        "id": person,
        "kind": "participant",
        "text": seen.name(person) or say("common.no_name"),
        "tag": say("people.now") if here.writing_for == person else "",
        "note": [note for note in notes if note],
        "state": "here",
        "acts": _acts(here, seen, person) if part else [_act(here, seen, "people-in", "people.back_in", person)],
    }


def _acts(here: Here, seen: Seen, person: str) -> list[dict[str, Any]]:
    say, state = here.say, seen.state
    found = []
    if here.writing_for != person:
        found.append({**_act(here, seen, "people-write", "people.write", person), "strong": True})
    if through_scribe(state, person):
        box = enrolling.change_box(here, seen, person)
        found.append({**_act(here, seen, "people-answers", "people.answers", person), "box": box})
        if seen.facilitator:
            found.append(_act(here, seen, "people-code", "people.code", person))
        out = {"hint": say("people.take_out_hint"), "button": say("people.take_out_button")}
        found.append({**_act(here, seen, "people-out", "people.take_out", person), "box": out})
    elif seen.facilitator and not opened_it(state, person):
        asked = {
            "key": "role",
            "legend": say("people.role", name=spoken(here, seen, person)),
            "hint": say("people.role_hint"),
            "options": [{"value": role, "label": say(f"people.role.{role}")} for role in ("none", *ROLES)],
            "value": role_of(state, person),
            "required": True,
        }
        box = {"choices": [asked], "button": say("choices.button")}
        found.append({**_act(here, seen, "people-role", "people.role", person), "box": box})
    return found


def _act(here: Here, seen: Seen, name: str, key: str, person: str) -> dict[str, Any]:
    label = here.say(key, name=spoken(here, seen, person))
    return {"name": name, "label": label, "kind": "participant", "about": [], "choices": {"who": person}}


def group_cards(here: Here, seen: Seen) -> list[Card]:
    """Two that are nobody in particular, for what several say together and for words whose speaker is not known."""
    state = seen.state
    made = []
    for which in GROUPS:
        held = next((p for p in state.participants() if group_of(state, p) == which), "")
        now = bool(held) and here.writing_for == held
        label = here.say("people.write", name=here.say(f"scribe.for.{which}"))
        act = {"name": "people-write", "label": label, "kind": "participant", "about": [], "choices": {"who": which}}
        made.append(
            {
                "id": derived(f"{here.workshop}:{which}"),  # of the card: the one who speaks is made when first used
                "kind": "participant",
                "text": here.say(f"scribe.who.{which}"),
                "tag": here.say("people.now") if now else "",
                "note": [],
                "state": "here",
                "acts": [] if now else [{**act, "strong": True}],
            }
        )
    return made


# ---- what a press does


def choose(here: Here, sent: Sent) -> None:
    """From now on write for this person, and go on where the scribe was."""
    seen, who = here.seen, sent.choices.get("who")
    if not seen.scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    if isinstance(who, str) and who in GROUPS:
        who = enrolling.group(here, who, sent)
    elif not isinstance(who, str) or who == here.me or not seen.state.takes_part(who):
        raise Gone("error.gone")
    here.visit.write_for(who)
    here.visit.go(here.visit.came_from or "intention")


def return_code(here: Here, sent: Sent) -> str:
    """A code with which somebody without a device comes in on a phone later, as themselves."""
    seen, who = here.seen, sent.choices.get("who")
    if not seen.facilitator:
        raise NotAllowed("error.may_not", who="facilitator")
    if not isinstance(who, str) or not through_scribe(seen.state, who) or not seen.state.takes_part(who):
        raise Gone("error.gone")
    return doors.new_return_code(here.record, here.workshop, who)


def opened_it(state: State, person: str) -> bool:
    """True for whoever opened the workshop: they stay its facilitator."""
    opened = state.opened()
    return opened is not None and opened.header.by == person


def role_of(state: State, person: str) -> str:
    """What somebody does here beside taking part: one role, the widest they have."""
    held = state.roles(person)
    return next((role for role in ("facilitator", "scribe", "observer") if role in held), "none")


@act("people-role")
def give_role(here: Here, sent: Sent) -> str:
    """Give somebody one role, and end those they had. An ending names what it ends, so it holds on every clock."""
    seen, who, wanted = here.seen, sent.choices.get("who"), sent.choices.get("role")
    state = seen.state
    if not seen.facilitator:
        raise NotAllowed("error.may_not", who="facilitator")
    if wanted not in ("none", *ROLES):
        raise BadWords("error.no_choice")
    if not isinstance(who, str) or opened_it(state, who) or who == here.me or not state.takes_part(who):
        raise Gone("error.gone")
    drafts = []
    for role in ROLES:
        if (role in state.roles(who)) == (role == wanted):
            continue
        before = tuple(("replaces", entry_id) for entry_id in _granted(state, who, role))
        body = {"role": role, "on": role == wanted}
        about = (("grants", who), *before)
        drafts.append(Draft(derived(sent.id + role), "role", here.me, body, about, how="facilitator"))
    if drafts:
        here.record.append_many(here.workshop, drafts, Actor(here.me))
    here.feed.look()
    return str(here.say("people.kept"))


def _granted(state: State, person: str, role: str) -> list[str]:
    """The entries that say now whether somebody has a role."""
    found = [state.entries[i] for i in state.about(person, "grants")]
    found = [e for e in found if e.kind == "role" and e.data.get("role") == role]
    return [e.id for e in found if e.id in {now.id for now in state.current(state.root(e.id))}]
