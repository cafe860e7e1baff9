"""Intention: why each of us is here, and what we hope we can change."""

from __future__ import annotations

from typing import Any

from cowork.core.seen import Seen
from cowork.pages.cards import card
from cowork.pages.forms import (
    alone_switch,
    element_form,
    empty_words,
    heading,
    next_parts,
    quiet_round,
    share,
    who_sees,
)
from cowork.pages.registry import page
from cowork.pages.typed import lang_of
from cowork.widgets import Choice, Wall
from cowork.workbook import Here


@page("intention", part="intention")
def intention(here: Here) -> list[Any]:
    """Ask why; private first if wished; show everyone's."""
    say, seen = here.say, here.seen
    ask = element_form(
        here,
        "intention",
        first=organiser_first(here, seen),
        fields=[
            {"key": "text", "label": say("intention.label.why"), "rows": 4, "required": True},
            {"key": "hope", "label": say("intention.label.hope"), "rows": 2},
        ],
        button=say("intention.button.share"),
        button_by_choice={"seen": {"only-me": say("common.keep_me")}},
    )
    ask.on_shared(lambda sent: share(here, "intention", sent))
    ready = Choice(
        legend=say("intention.ready.h"),
        hint=say("intention.ready.hint"),
        options=[{"value": v, "label": say(f"intention.ready.{v}")} for v in ("learn", "hear", "both", "unsure")],
        keep_on_device="ready",
    )
    wall = Wall(wheel="engagement", hint=say("common.wrote_hint"), empty=say("intention.empty"))
    switch = [alone_switch(here, "intention")] if seen.facilitator else []
    # The question for oneself is not asked of somebody who writes for another.
    parts: list[Any] = [quiet_round(here, "intention"), ask, *switch, wall, *([] if here.writing_for else [ready])]

    def tell(now: Seen) -> None:
        ask.choices, ask.seen_by_choice = who_sees(here, now, "intention")
        found = list(reversed(now.of_kind("intention")))
        wall.empty = empty_words(here, now, "intention", "intention.empty")
        wall.heading = heading(here, now, found)
        wall.items = [card(here, now, c) for c in found]

    here.follow(tell)
    return [*parts, next_parts(here)]


def organiser_first(here: Here, seen: Seen) -> dict[str, Any]:
    """The organiser's own reason, shown above the box: they answer first, visibly."""
    why = seen.context("why")
    if not why:
        return {}
    by = seen.name(why[-1].header.by)
    words = str(why[-1].data["text"])
    return {"h": here.say("intention.first"), "text": words, "lang": lang_of(why[-1], words), "by": by}


