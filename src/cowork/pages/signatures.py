"""How a person is called: beside their words, to a scribe, and within a sentence of ours."""

from __future__ import annotations

from cowork.core.seen import Contribution, Seen
from cowork.text.labels import PERSPECTIVE_LABELS
from cowork.workbook import Here

#: Nobody in particular, whom words may be entered for; never counted among those who take part.
GROUPS = ("several", "unknown")


def signature(here: Here, seen: Seen, c: Contribution) -> str:
    """Whose words: the name they chose, else what they are here as, else "No name given"."""
    name, perspectives = seen.signed(c)
    person = seen.state.person(c.author)
    if person.get("voice") and not name:
        name = here.say("join.voice", n=person["voice"])
    claimed = person.get("claimed")
    if not name and person.get("group") in GROUPS:
        name = here.say(f"scribe.who.{person['group']}")
    if not name and isinstance(claimed, dict):
        name = str(claimed.get("name") or "")
    as_what = ", ".join(perspective(here, p) for p in perspectives)
    if name and as_what:
        return f"{name} · {as_what}"
    return name or as_what or here.say("common.no_name")


def perspective(here: Here, code: str) -> str:
    """A perspective in words: one of ours by its code, or the person's own."""
    return here.say(PERSPECTIVE_LABELS[code]) if code in PERSPECTIVE_LABELS else code


def signed(here: Here, seen: Seen, person: str) -> str:
    """A person by name, or by the number of their voice, or by what they are here as."""
    said = seen.state.person(person)
    if seen.name(person):
        return seen.name(person)
    if said.get("voice"):
        return here.say("join.voice", n=said["voice"])
    return ", ".join(perspective(here, str(p)) for p in said.get("perspectives") or ()) or here.say("common.no_name")


def beside(here: Here, seen: Seen, view: Contribution, person: str) -> str:
    """Somebody as they show themselves beside a view: whoever wrote it chose how; others are called by their name."""
    return signature(here, seen, view) if person == view.author else signed(here, seen, person)


def name_of(here: Here, seen: Seen, participant: str) -> str:
    """A person as a scribe knows them: by name, or by what they are when they gave none."""
    person = seen.state.person(participant)
    if person.get("group") in GROUPS:
        return here.say(f"scribe.who.{person['group']}")
    return seen.name(participant) or here.say("scribe.who.unnamed")


def spoken(here: Here, seen: Seen, participant: str) -> str:
    """The same within a sentence: "Write for several of us together"."""
    group = seen.state.person(participant).get("group")
    return seen.name(participant) or here.say(f"scribe.for.{group if group in GROUPS else 'unnamed'}")
