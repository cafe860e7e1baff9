"""Intention: why each of us is here, and what we hope we can change."""

from __future__ import annotations

from typing import Any

from cowork.core.elements import wheel_of
from cowork.core.entries import Draft
from cowork.core.errors import CoworkError
from cowork.core.seen import Seen
from cowork.pages import scribing
from cowork.pages.acting import take
from cowork.pages.cards import card
from cowork.pages.registry import page
from cowork.pages.typed import lang_of
from cowork.widgets import Ask, Choice, Prose, Sent, Wall
from cowork.workbook import Here, refused

__all__ = [
    "LAST",
    "alone_switch",
    "empty_words",
    "heading",
    "intention",
    "next_parts",
    "organiser_first",
    "quiet_round",
    "share",
    "take",
    "who_sees",
]


#: The place of the questions that stand under every box.
LAST = 20


@page("intention", part="intention")
def intention(here: Here) -> list[Any]:
    """Ask why; private first if wished; show everyone's."""
    say, seen = here.say, here.seen
    ask = Ask(
        box="intention",
        wheel="engagement",
        half="top",
        eyebrow=f"{say('intention.outcome')} · {say('intention.link')}",
        level=1,
        question=say("intention.h"),
        hint=say("intention.hint"),
        mean={"h": say("intention.mean.h"), "lines": [say(f"intention.mean.{n}") for n in range(1, 6)]},
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


def share(here: Here, kind: str, sent: Sent) -> str | None:
    """Write a contribution; a private one is said to be kept, not shared."""
    try:
        here.add(kind, sent)
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error
    return here.say("state.saved_as_private") if sent.choices.get("seen") == "only-me" else None


def organiser_first(here: Here, seen: Seen) -> dict[str, Any]:
    """The organiser's own reason, shown above the box: they answer first, visibly."""
    why = seen.context("why")
    if not why:
        return {}
    by = seen.name(why[-1].header.by)
    words = str(why[-1].data["text"])
    return {"h": here.say("intention.first"), "text": words, "lang": lang_of(why[-1], words), "by": by}


def who_sees(here: Here, seen: Seen, element: str, place: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The two questions under a box, how it is shown and who will see it, and the line true for each answer.

    `place` puts them last where a page orders its boxes by number.
    """
    # Asked under every card: kept until a name, a setting or the like has come.
    found, lines = here.kept.of(
        seen.state, "", ("who sees", element, here.voice), lambda: _who_sees(here, seen, element)
    )
    return [{**one, "place": place} for one in found] if place else found, lines


def _who_sees(here: Here, seen: Seen, element: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    say = here.say
    alone, _ = seen.state.reveals(element)
    facilitator = next((seen.name(p) for p in seen.state.participants() if "facilitator" in seen.state.roles(p)), "")
    name = facilitator or say("who.facilitator")
    lines = {
        # One value for both: an answer somebody has given stays given when the facilitator begins or ends this.
        "group": [say("seen.reveal", name=name) if alone else say("seen.group"), say("seen.back")],
        "only-me": [say("seen.me")],
    }
    found: list[dict[str, Any]] = []
    mine = seen.name(here.voice)
    perspectives = seen.state.person(here.voice).get("perspectives") or []
    shown = [{"value": "named", "label": say("shown.named", name=mine)}] if mine else []
    if perspectives:
        from cowork.pages.cards import perspective

        words = ", ".join(perspective(here, str(p)) for p in perspectives)
        shown.append({"value": "perspective", "label": say("shown.perspective", perspective=words)})
    if shown:
        shown.append({"value": "none", "label": say("shown.none")})
        found.append({"key": "shown", "legend": say("shown.h"), "options": shown, "value": shown[0]["value"]})
    if here.writing_for:  # nobody keeps to themselves what somebody else writes down for them
        return [*scribing.choices(here), *found], {"read_back": {"yes": lines["group"], "no": lines["group"]}}
    found.append(
        {
            "key": "seen",
            "legend": say("seen.h"),
            "options": [
                {"value": "group", "label": say("seen.choice_group")},
                {"value": "only-me", "label": say("seen.choice_me")},
            ],
            "value": "group",
        }
    )
    return found, {"seen": lines}


def shown_as(here: Here, seen: Seen, element: str, place: int = 0) -> list[dict[str, Any]]:
    """How words are shown that the whole group is to read: with a name, or without."""
    return [one for one in who_sees(here, seen, element, place)[0] if one["key"] == "shown"]


def talk_box(here: Here, seen: Seen) -> dict[str, Any]:
    """What stands under every box in which somebody talks about a card, as under the boxes of the pages."""
    choices, lines = who_sees(here, seen, "dialogue")
    group = next(iter(lines.values())).get("group", [here.say("seen.group"), here.say("seen.back")])
    return {"choices": choices, "seen": group, "seen_by_choice": lines}


def heading(here: Here, seen: Seen, found: list[Any]) -> str:
    """ "6 written" as far as this person may see; nothing is counted that is not on the page."""
    count = sum(c.standing == "here" for c in found)
    return f"{here.say('common.wrote_h')} ({count})" if count else here.say("common.wrote_h")


def alone_switch(here: Here, element: str) -> Ask:
    """The facilitator's switch: write alone first, or show everyone's."""
    switch = Ask(box=f"alone-{element}", quick=True, level=2, quiet_button=True)

    def tell(seen: Seen) -> None:
        alone, _ = seen.state.reveals(element)
        switch.hint = f"{here.say('alone.on_note')} {round_line(here, seen, element)}" if alone else ""
        switch.button = here.say("alone.off_button") if alone else here.say("alone.on_button")

    def turn(sent: Sent) -> str:
        state = here.record.state(here.workshop)
        if sent.id in state.entries:  # pressed once, answered twice
            return here.say("common.done")
        alone, _ = state.reveals(element)
        here.write(Draft(sent.id, "setting", here.me, {"element": element, "alone": not alone}, how="facilitator"))
        return here.say("alone.on_note") if not alone else here.say("alone.shown")

    switch.on_shared(turn)
    here.follow(tell)
    return switch


def round_line(here: Here, seen: Seen, element: str) -> str:
    """How many have written in a quiet round: never who, never what. "" where none is on."""
    found = seen.written_alone(element)
    return here.say("alone.written", n=found[0], N=found[1]) if found else ""


def quiet_round(here: Here, element: str) -> Prose:
    """For everybody, at the top of the page: that all write alone first just now, and how many have written."""
    told = Prose(blocks=[])

    def tell(seen: Seen) -> None:
        line = round_line(here, seen, element)
        told.blocks = [{"inset": [here.say("alone.on_note"), line]}] if line else []

    here.follow(tell)
    return told


def empty_words(here: Here, seen: Seen, element: str, otherwise: str) -> str:
    """What an empty list says. While words are written and hidden it does not say that there are none."""
    found = seen.written_alone(element)
    return here.say("alone.hidden") if found and found[0] else here.say(otherwise)


def next_parts(here: Here) -> Prose:
    """Where next? The other parts that have a page, to choose from; no order."""
    from cowork.pages.registry import pages

    links = [
        {
            "href": f"?w={here.visit.code}&page={found.key}",
            "page": found.key,
            "text": found.name(here.lang),
            "note": found.plain(here.lang),
            "wheel": wheel_of(found.part) if found.part else "",
        }
        for found in pages().values()
        if (found.part and found.key != here.page) or found.key == "journey"
    ]
    ways = {"h": here.say("common.next_h"), "level": 2, "links": links, "ways": True}
    return Prose(blocks=[ways] if not here.visit.only else [])
