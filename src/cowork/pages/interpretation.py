"""Interpretation: what we make of it. Several readings side by side, each tied to what it reads, each open to talk."""

from __future__ import annotations

from typing import Any

from cowork.core.errors import BadWords, CoworkError
from cowork.core.seen import Contribution, Seen
from cowork.pages.cards import card
from cowork.pages.forms import (
    LAST,
    alone_switch,
    element_form,
    empty_words,
    heading,
    next_parts,
    private_note,
    quiet_round,
    who_sees,
)
from cowork.pages.picking import Looking, look, picked, quoted, ties, words_pick
from cowork.pages.registry import page
from cowork.pages.threads import rests_points
from cowork.widgets import Sent, Wall
from cowork.workbook import Here, refused

#: What a reading may read.
READ = ("view", "utterance", "theme", "intention", "asset", "need", "image")
WHO = ("me", "some", "group")


@page("interpretation", part="interpretation")
def interpretation(here: Here) -> list[Any]:
    """Ask what people make of it and which words made them think so; show every reading, none above another."""
    say = here.say
    looking = Looking()
    ask = element_form(
        here,
        "interpretation",
        fields=[
            {"key": "text", "label": say("interpretation.label.me"), "rows": 4, "required": True, "place": 1},
            {
                "key": "names",
                "label": say("interpretation.names"),
                "line": True,
                "limit": 200,
                "fold": True,
                "place": 4,
            },
            {"key": "other_way", "label": say("interpretation.label.other_way"), "rows": 2, "fold": True, "place": 5},
            {"key": "surprise", "label": say("interpretation.label.surprise"), "rows": 2, "fold": True, "place": 6},
        ],
        fold_h=say("interpretation.more_h"),
        button=say("interpretation.button.share"),
        button_by_choice={"seen": {"only-me": say("common.keep_me")}},
        kind="interpretation",
    )
    ask.on_shared(lambda sent: keep(here, sent))
    wall = Wall(wheel="agreement", empty=say("interpretation.empty"))
    switch = [alone_switch(here, "interpretation")] if here.facilitator else []

    def tell(now: Seen) -> None:
        rests = {"legend": say("interpretation.label.rests"), "empty": say("documentation.empty")}
        ask.picks = [words_pick(here, now, READ, looking, **rests, place=2)]
        who = {
            "key": "who",
            "legend": say("interpretation.who.h"),
            "options": [
                {"value": "me", "label": say("interpretation.who.me")},
                {"value": "some", "label": say("interpretation.who.several")},
                {"value": "group", "label": say("interpretation.who.group")},
            ],
            "value": "me",
            "place": 3,
        }
        under, ask.seen_by_choice = who_sees(here, now, "interpretation", LAST)
        ask.choices = [who, *under]
        found = now.of_kind("interpretation")
        wall.empty = empty_words(here, now, "interpretation", "interpretation.empty")
        wall.heading = heading(here, now, found)
        wall.items = [reading(here, now, c) for c in reversed(found)]

    look(ask, "rests", lambda: tell(here.seen), looking)
    here.follow(tell)
    return [quiet_round(here, "interpretation"), ask, *switch, wall, next_parts(here)]


def keep(here: Here, sent: Sent) -> str | None:
    """Write a reading, tied to what it reads."""
    try:
        chosen = picked(here, sent, "rests")
        who = str(sent.choices.get("who", "me"))
        if who not in WHO:
            raise BadWords("error.no_choice")
        here.add("interpretation", sent, also=ties(here, chosen, "interprets"), who=who, **quoted(here, chosen))
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error
    return private_note(here, sent)


def reading(here: Here, seen: Seen, c: Contribution) -> dict[str, Any]:
    """A reading as a card: open to talk about, and when it was last brought back to the talk."""
    talk = [a.first.header.at_ms for a in seen.said_about(c.id)] + [m.header.at_ms for m in seen.talked_about(c.id)]
    tag = here.say("interpretation.mark_back", date=here.when(max(talk))) if talk else here.say("interpretation.mark")
    points = [who_made(here, c), *rests_points(here, seen, c, "interpretation.label.rests")]
    made = card(here, seen, c, points=[p for p in points if p], tag=tag)
    made["more"] = [more for more in made["more"] if more["label"] != "names"]
    return made


def who_made(here: Here, c: Contribution) -> dict[str, Any] | None:
    """Who made it, where it was not one person on their own."""
    who = c.entry.data.get("who")
    more = c.entry.data.get("more")
    names = str(more.get("names", "")) if isinstance(more, dict) else ""
    if who == "group":
        return {"label": here.say("interpretation.who.h"), "text": here.say("interpretation.who.group")}
    if who == "some":
        text = here.say("interpretation.who.some", names=names) if names else here.say("interpretation.who.several")
        return {"label": here.say("interpretation.who.h"), "text": text}
    return None
