"""Join: only taking part is asked before the door opens; every other question has a careful default.

Nothing at all is written before a yes.
"""

from __future__ import annotations

from typing import Any

from cowork.core.entries import Actor, Draft
from cowork.core.ids import derived
from cowork.core.seen import Seen
from cowork.pages.registry import page
from cowork.pages.returning import return_form
from cowork.pages.typed import Line, typed
from cowork.store import doors
from cowork.widgets import Ask, Prose, Refused, Sent
from cowork.widgets.sent import check_words
from cowork.workbook import Here

PERSPECTIVES = ("lived", "carer", "staff", "researcher", "decides")
#: Code points; a name stands on every card.
NAME_LIMIT = 80
OWN_LIMIT = 120
WAYS = ("room", "remote", "later", "scribe", "listen")


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
    blocks.append({"summary": say("join.mean.h"), "lines": [say(f"join.mean.{n}") for n in range(1, 5)]})
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


def own_name(here: Here, sent: Sent) -> str:
    """The name somebody chose; too long a one is refused here too, for a browser may have been changed."""
    return check_words(sent.fields.get("name", ""), here.lang, "name", NAME_LIMIT).strip()


def _why(here: Here, seen: Seen) -> list[list[Line]]:
    return [[here.say("start.label.why"), typed(here, e, str(e.data["text"]))] for e in seen.context("why")]


def options(here: Here, prefix: str, values: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"value": value, "label": here.say(f"{prefix}.{value}")} for value in values]


def questions(here: Here, seen: Seen, said: dict[str, Any], *, fold: bool) -> list[dict[str, Any]]:
    """The further questions of join, with what was said before or a careful default."""
    say = here.say
    naming = [("named", "name"), ("perspective", "perspective"), ("pseudonym", "pseudonym"), ("not", "not")]
    found: list[dict[str, Any]] = [
        {
            "key": "as",
            "place": 1,
            "legend": say("join.as.h"),
            "hint": say("join.as.hint"),
            "many": True,
            "fold": fold,
            "options": options(here, "join.as", PERSPECTIVES),
            "value": [p for p in said.get("as", []) if p in PERSPECTIVES],
        },
        {
            "key": "way",
            "place": 3,
            "legend": say("join.way.h"),
            "fold": fold,
            "options": options(here, "join.way", WAYS),
            "value": said.get("way", ""),
        },
        {
            "key": "naming",
            "place": 4,
            "legend": say("join.named.h"),
            "hint": say("join.named.hint"),
            "fold": fold,
            "options": [{"value": value, "label": say(f"join.named.{word}")} for value, word in naming],
            "value": said.get("naming", "perspective"),
        },
    ]
    opened = seen.state.opened()
    if opened and opened.data.get("research"):
        found.append(
            {
                "key": "research",
                "place": 5,
                "legend": say("join.research.h"),
                "hint": say("join.research.hint"),
                "fold": fold,
                "options": [
                    {"value": "yes", "label": say("join.research.yes")},
                    {"value": "no", "label": say("join.research.no")},
                    {"value": "later", "label": say("join.research.later"), "hint": say("join.research.later_hint")},
                ],
                "value": said.get("research", "later"),
            }
        )
    return found


def answers(here: Here, sent: Sent, participant: str, before: dict[str, Any]) -> list[Draft]:
    """Entries for the answers that differ from `before`, each question its own: one yes is not another."""
    found: list[Draft] = []

    def entry(name: str, kind: str, body: dict[str, Any]) -> None:
        found.append(Draft(derived(sent.id + name), kind, participant, body))

    chosen = sent.choices.get("as", [])
    perspectives = [p for p in chosen if p in PERSPECTIVES] if isinstance(chosen, list) else []
    own = check_words(sent.fields.get("own", ""), here.lang, "own", OWN_LIMIT).strip()
    perspectives += [own] if own else []
    if perspectives != before.get("as", []):
        entry("as", "participant", {"perspectives": perspectives})
    way = sent.choices.get("way", "")
    if way in WAYS and way != before.get("way", ""):
        entry("way", "attendance", {"way": way})
    naming = sent.choices.get("naming", "perspective")
    if naming in ("named", "perspective", "pseudonym", "not") and naming != before.get("naming"):
        found.append(answered(here, derived(sent.id + "naming"), participant, "naming", naming))
    research = sent.choices.get("research")
    if research in ("yes", "no", "later") and research != before.get("research"):
        found.append(answered(here, derived(sent.id + "research"), participant, "research", research, "only-me"))
    return found


def answered(here: Here, entry_id: str, participant: str, question: str, answer: str, seen_by: str = "group") -> Draft:
    """An answer to one consent question. It names the one it replaces, so it holds whatever the devices' clocks say."""
    state = here.record.state(here.workshop)
    held, before = state.entries.get(entry_id), state.consent_entry(participant, question)
    about = held.header.about if held else (("replaces", before.id),) if before else ()
    return Draft(entry_id, "consent", participant, {"question": question, "answer": answer}, about, seen_by=seen_by)
