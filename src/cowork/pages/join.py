"""Join: only taking part is asked before the door opens; every other question has a careful default.

Nothing at all is written before a yes.
"""

from __future__ import annotations

from typing import Any

from cowork.core.entries import Actor, Draft
from cowork.core.ids import derived
from cowork.core.seen import Seen
from cowork.pages.consent_questions import NAME_LIMIT, OWN_LIMIT, answered, answers, options, own_name, questions
from cowork.pages.forms import meaning
from cowork.pages.registry import page
from cowork.pages.returning import return_form
from cowork.pages.typed import Line, typed
from cowork.store import doors
from cowork.widgets import Ask, Prose, Refused, Sent
from cowork.workbook import Here


@page("join")
def join(here: Here) -> list[Any]:
    """Say what happens with people's words, then ask whether they would like to take part."""
    say, visit = here.say, here.visit
    seen = Seen(here.record.state(here.workshop), "")
    form = Ask(
        box="door-join",
        quick=True,
        level=2,
        choices=[
            {
                "key": "part",
                "legend": say("join.part.h"),
                "hint": say("join.part.hint"),
                "place": -1,
                "options": options(here, "join.part", ("yes", "no")),
                "value": "",
                "required": True,
            },
            *questions(here, seen, {}, fold=True),
        ],
        fields=[
            {
                "key": "name",
                "label": say("join.name.label"),
                "hint": say("join.name.hint"),
                "line": True,
                "limit": NAME_LIMIT,
            },
            {"key": "own", "label": say("join.as.own"), "line": True, "limit": OWN_LIMIT, "fold": True, "place": 2},
        ],
        fold_h=say("choices.all_h"),
        button=say("join.button.in"),
        seen=[say("join.seen")],
    )

    def come_in(sent: Sent) -> str | None:
        answer = sent.choices.get("part")
        if answer == "no":
            return str(say("join.part.no_after"))
        if answer != "yes":
            raise Refused(say("error.no_choice"), "part")
        secret = visit.key[1]
        if not secret:
            raise RuntimeError("the device has no key")
        state = here.record.state(here.workshop)
        participant = who_joins(here, sent)
        name = own_name(here, sent)
        taken = {seen.name(p).casefold() for p in state.participants() if p != participant}
        if name and name.casefold() in taken:
            raise Refused(say("error.name_taken"), "name")
        actor = Actor(participant)
        # Before the words: if all ends between the two, the device that comes again is still this person.
        doors.let_device(here.record, here.workshop, participant, secret)
        # The first entry has the person's own id; somebody who stopped and says yes again adds another.
        first = participant if participant not in state.entries else derived(sent.id + "name")
        drafts = [
            Draft(first, "participant", participant, {"name": name, "lang": here.lang}),
            answered(here, derived(sent.id + "part"), participant, "part", "yes"),
        ]
        here.record.append_many(here.workshop, drafts + answers(here, sent, participant, {}), actor)
        visit.joined()
        return None

    form.on_shared(come_in)
    blocks: list[dict[str, Any]] = [
        {"h": say("join.h"), "level": 1},
        {"hint": say("join.hint")},
        {"terms": [[say("start.label.name"), seen.title()], *_why(here, seen)]},
        {"h": say("join.words.h"), "level": 2},
        {"list": [say(f"join.words.{n}") for n in range(1, 7)]},
    ]
    keeper = [typed(here, entry, str(entry.data["text"])) for entry in seen.context("keeper")]
    if keeper:
        blocks.append({"terms": [[say("start.label.keeper"), keeper[0]]]})
    blocks.append({"summary": say("join.mean.h"), "lines": meaning(here, "join")})
    opened = here.record.state(here.workshop).opened()
    if opened and opened.data.get("practice"):
        blocks.insert(1, {"p": say("common.example")})
    # After the form: nearly everybody comes for the first time, and nobody need say so.
    return [Prose(blocks=blocks), form, return_form(here)]


def who_joins(here: Here, sent: Sent) -> str:
    """The participant of this device: as known by its secret, else the id it made for itself.

    An id is no secret, so one that anybody here has is not given away: a stranger who names it becomes somebody new.
    """
    candidate, secret = here.visit.key
    known = doors.who(here.record, here.workshop, secret)
    if known is None and candidate in here.record.state(here.workshop).by_person:
        return derived(sent.id + "who")
    return known or str(candidate)


def _why(here: Here, seen: Seen) -> list[list[Line]]:
    return [[here.say("start.label.why"), typed(here, e, str(e.data["text"]))] for e in seen.context("why")]


