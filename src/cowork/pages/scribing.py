"""Writing for somebody: while a scribe has chosen a person, what is written on this device is entered for them."""

from __future__ import annotations

from typing import Any

from cowork.core.seen import Seen
from cowork.widgets import Ask
from cowork.workbook import Here


def name_of(here: Here, seen: Seen, participant: str) -> str:
    """A person as a scribe knows them: by name, or by what they are when they gave none."""
    person = seen.state.person(participant)
    if person.get("group") in ("several", "unknown"):
        return here.say(f"scribe.who.{person['group']}")
    return seen.name(participant) or here.say("scribe.who.unnamed")


def banner(here: Here) -> Ask:
    """Stands above every page while it lasts: for whom the words are, and the way out of it."""
    who = name_of(here, here.seen, here.writing_for)
    bar = Ask(
        box="people-stop",
        quick=True,
        level=2,
        question=here.say("scribing.now", name=who),
        hint=here.say("scribe.hint"),
        button=here.say("scribing.stop"),
        quiet_button=True,
    )

    def stop(sent: Any) -> None:
        here.visit.write_for("")
        here.visit.go(here.page, here.at)

    bar.on_shared(stop)
    return bar


def choices(here: Here) -> list[dict[str, Any]]:
    """Two questions under every box a scribe writes in: how close the words are, and whether they were read back."""
    if not here.writing_for:
        return []
    say = here.say
    return [
        {
            "key": "fidelity",
            "legend": say("scribe.fidelity.h"),
            "options": [
                {"value": "exact-words", "label": say("scribe.fidelity.exact")},
                {"value": "in-short", "label": say("scribe.fidelity.short")},
            ],
            "value": "in-short",
        },
        {
            "key": "read_back",
            "legend": say("scribe.back.h"),
            "hint": say("scribe.back.hint"),
            "options": [
                {"value": "yes", "label": say("scribe.back.yes")},
                {"value": "no", "label": say("scribe.back.not_now")},
            ],
            "value": "no",
        },
    ]
