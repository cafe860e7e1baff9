"""The form of an element: its question and meaning, who will see what is written, and what stands around it."""

from __future__ import annotations

from typing import Any

from cowork.core.elements import WHEELS, wheel_of
from cowork.core.entries import Draft
from cowork.core.errors import CoworkError
from cowork.core.seen import Seen
from cowork.pages import scribing
from cowork.pages.registry import pages
from cowork.pages.signatures import perspective
from cowork.widgets import Ask, Prose, Sent
from cowork.workbook import Here, refused

#: The place of the questions that stand under every box.
LAST = 20

#: The six parts that people work in.
PARTS = tuple(part for pair in WHEELS.values() for part in pair)

#: How many lines say what a page means, by its key: `intention.mean.1` and on.
MEANING_LINES = {
    "agreement": 5,
    "assets": 4,
    "dialogue": 4,
    "differ": 4,
    "documentation": 5,
    "intention": 5,
    "interpretation": 5,
    "join": 4,
    "journey": 4,
    "report": 4,
    "setting": 4,
    "start": 5,
    "trace": 4,
    "understanding": 5,
}


def meaning(here: Here, key: str) -> list[str]:
    """What a page means, line by line; folded away under its question."""
    return [here.say(f"{key}.mean.{n}") for n in range(1, MEANING_LINES[key] + 1)]


def eyebrow(here: Here, key: str) -> str:
    """The line above a page's heading: the outcome it works towards, and which of the six parts it is."""
    outcome = here.say(f"{key}.outcome")
    return f"{outcome} · {here.say(f'{key}.link')}" if key in PARTS else outcome


def page_head(here: Here, key: str, wheel: str = "", half: str = "") -> list[dict[str, Any]]:
    """The blocks that a page without a form of its own at the top begins with."""
    say = here.say
    return [
        {"eyebrow": eyebrow(here, key), "wheel": wheel, **({"half": half} if half else {})},
        {"h": say(f"{key}.h"), "level": 1},
        {"hint": say(f"{key}.hint")},
        {"summary": say(f"{key}.mean.h"), "lines": meaning(here, key)},
    ]


def element_form(here: Here, element: str, **more: Any) -> Ask:
    """The form that an element's page begins with: its question, what it means, and whatever the page asks (`more`)."""
    say, wheel = here.say, wheel_of(element)
    return Ask(
        box=element,
        wheel=wheel,
        half="top" if element == WHEELS[wheel][0] else "bottom",
        eyebrow=eyebrow(here, element),
        level=1,
        question=say(f"{element}.h"),
        hint=say(f"{element}.hint"),
        mean={"h": say(f"{element}.mean.h"), "lines": meaning(here, element)},
        **more,
    )


def private_note(here: Here, sent: Sent) -> str | None:
    """What is said after words that only their author sees: kept, not shared. None where others see them."""
    return here.say("state.saved_as_private") if sent.choices.get("seen") == "only-me" else None


def share(here: Here, kind: str, sent: Sent) -> str | None:
    """Write a contribution; a private one is said to be kept, not shared."""
    try:
        here.add(kind, sent)
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error
    return private_note(here, sent)


def answer(here: Here, key: str, options: list[tuple[str, str]], value: str = "", legend: str = "") -> dict[str, Any]:
    """Answers to choose from, one of them: `options` are (value, key of its words)."""
    shown = [{"value": code, "label": here.say(words)} for code, words in options]
    return {"key": key, "legend": legend, "options": shown, "value": value, "required": True}


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


def empty_words(here: Here, seen: Seen, element: str, otherwise: str) -> str:
    """What an empty list says. While words are written and hidden it does not say that there are none."""
    found = seen.written_alone(element)
    return here.say("alone.hidden") if found and found[0] else here.say(otherwise)


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


def next_parts(here: Here) -> Prose:
    """Where next? The other parts that have a page, to choose from; no order."""
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
