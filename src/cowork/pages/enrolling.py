"""People without a device: a scribe asks them aloud and enters what they answer, each question its own.

Nothing is written before their yes, and every answer can be changed, or taking part ended, in the same way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.core.entries import Actor, Draft
from cowork.core.errors import Gone, NotAllowed
from cowork.core.fold import State
from cowork.core.ids import derived
from cowork.core.may import has_device
from cowork.core.seen import Seen
from cowork.pages.acting import act
from cowork.pages.consent_questions import (
    NAME_LIMIT,
    OWN_LIMIT,
    answered,
    answers,
    chosen,
    options,
    own_name,
    questions,
)
from cowork.pages.signatures import GROUPS
from cowork.text.labels import PERSPECTIVES
from cowork.widgets import Ask, Refused, Sent
from cowork.workbook import Here


def form(here: Here) -> Ask:
    """Someone without a device: would they like to take part, what shall we call them, and more where wanted."""
    say = here.say
    asked = Ask(
        box="people",
        quick=True,
        level=2,
        question=say("people.add_h"),
        hint=say("people.add_hint"),
        mean={"h": say("people.read_first"), "lines": [say(f"join.words.{n}") for n in range(1, 7)]},
        fields=_fields(here, "", "", fold=True),
        fold_h=say("people.more_h"),
        button=say("people.add_button"),
        quiet_button=True,
        seen=[say("people.add_seen")],
    )
    part = {
        "key": "part",
        "legend": say("join.part.h"),
        "hint": say("people.ask_aloud"),
        "place": -1,
        "options": options(here, "join.part", ("yes", "no")),
        "value": "",
        "required": True,
    }
    asks = [part, *questions(here, here.seen, {"way": "room"}, fold=True)]
    asked.choices = [{**one, "once": True} for one in asks]  # nobody's answer is the next person's
    return asked


def _fields(here: Here, name: str, own: str, *, fold: bool) -> list[dict[str, Any]]:
    say = here.say
    called = {"label": say("join.name.label"), "hint": say("join.name.hint"), "limit": NAME_LIMIT}
    return [
        {**called, "key": "name", "line": True, "value": name},
        {"key": "own", "label": say("join.as.own"), "line": True, "limit": OWN_LIMIT, "value": own, "place": 2}
        | ({"fold": True} if fold else {}),
    ]


def change_box(here: Here, seen: Seen, person: str) -> dict[str, Any]:
    """The same questions again, with what this person has answered so far."""
    before = chosen(here, seen, person)
    own = ", ".join(p for p in before["as"] if p not in PERSPECTIVES)
    return {
        "hint": here.say("people.add_hint"),
        "fields": _fields(here, seen.name(person), own, fold=False),
        "choices": questions(here, seen, before, fold=False),
        "button": here.say("choices.button"),
        "seen": [here.say("people.add_seen")],
    }


# ---- what is written


def enrol(here: Here, sent: Sent) -> str:
    """Enter somebody who said yes, with all they answered, or nothing at all. Returns what to say."""
    answer = sent.choices.get("part")
    if answer == "no":
        return str(here.say("join.part.no_after"))
    if answer != "yes":
        raise Refused(here.say("error.no_choice"), "part")
    if not here.seen.scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    person = derived(sent.id + "who")
    name = _free_name(here, sent, person)
    said = replace(sent, choices={"way": "room", **sent.choices})
    drafts = [
        Draft(person, "participant", person, {"name": name, "lang": here.lang}),
        answered(here, derived(sent.id + "part"), person, "part", "yes"),
        *answers(here, said, person, {}),
    ]
    _write(here, drafts)
    return str(here.say("people.added", name=name) if name else here.say("people.added_unnamed"))


def group(here: Here, which: str, sent: Sent) -> str:
    """The one under whom words of several, or of nobody known, are entered; made when first used.

    It said yes to nothing, so it is never counted among those who take part.
    """
    state = here.record.state(here.workshop)
    found = next((p for p in state.participants() if group_of(state, p) == which), "")
    if not found:
        found = derived(sent.id + which)
        _write(here, [Draft(found, "participant", found, {"group": which, "lang": here.lang})])
    return found


def group_of(state: State, person: str) -> str:
    """ "several" or "unknown" for one of these two, "" for a person. Who has a device is always a person."""
    said = str(state.person(person).get("group", ""))
    return said if said in GROUPS and not has_device(state, person) else ""


def through_scribe(state: State, person: str) -> bool:
    """True for a person whom a scribe entered and who has not come in on a device of their own."""
    entered = state.of_person(person, "participant")
    return bool(entered) and all(e.header.how == "scribe" for e in entered) and not has_device(state, person)


def _whose(here: Here, sent: Sent) -> str:
    """Whom an act on a card of this page is about: somebody entered by a scribe."""
    person = sent.choices.get("who")
    state = here.record.state(here.workshop)
    if not here.seen.scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    if not isinstance(person, str) or not through_scribe(state, person) or group_of(state, person):
        raise Gone("error.gone")
    return person


@act("people-answers")
def change(here: Here, sent: Sent) -> str:
    """What somebody without a device answers now, where it differs from before."""
    person = _whose(here, sent)
    drafts = answers(here, sent, person, chosen(here, here.seen, person))
    name = _free_name(here, sent, person)
    if name != here.seen.name(person):
        drafts.append(Draft(derived(sent.id + "name"), "participant", person, {"name": name}))
    _write(here, drafts)
    return str(here.say("people.kept"))


@act("people-out")
def take_out(here: Here, sent: Sent) -> str:
    """They stop taking part. Their words stand until they take them back."""
    person = _whose(here, sent)
    _write(here, [answered(here, derived(sent.id + "part"), person, "part", "no")])
    if here.visit is not None and here.visit.writing_for == person:
        here.visit.write_for("")
    return str(here.say("people.out_done"))


@act("people-in")
def back_in(here: Here, sent: Sent) -> str:
    """They would like to take part again."""
    person = _whose(here, sent)
    _write(here, [answered(here, derived(sent.id + "part"), person, "part", "yes")])
    return str(here.say("people.kept"))


def _free_name(here: Here, sent: Sent, person: str) -> str:
    name, seen = own_name(here, sent), here.seen
    taken = {seen.name(p).casefold() for p in seen.state.participants() if p != person}
    if name and name.casefold() in taken:
        raise Refused(here.say("error.name_taken"), "name")
    return name


def _write(here: Here, drafts: list[Draft]) -> None:
    """All of it or nothing, as this scribe and marked so."""
    marked = [replace(d, how="scribe", body={**d.body, "written_by": here.me}) for d in drafts]
    if not here.seen.scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    if marked:
        here.record.append_many(here.workshop, marked, Actor(here.me))
    here.feed.look()
