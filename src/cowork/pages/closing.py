"""The closing look: everything people came with beside what became of it, what was not used with the same dignity."""

from __future__ import annotations

from typing import Any

from cowork.core.agreeing import is_ending
from cowork.core.entries import Draft
from cowork.core.errors import BadWords, NotAllowed
from cowork.core.ids import is_id
from cowork.core.links import edges
from cowork.core.quotes import gap_of
from cowork.core.seen import Contribution, Seen
from cowork.pages.acting import act
from cowork.pages.fates import fates, way
from cowork.pages.threads import step_key
from cowork.pages.typed import lang_of, line, typed
from cowork.text.format import short
from cowork.widgets import Sent, Wall
from cowork.workbook import Here

#: What people come with.
BROUGHT = ("intention", "asset", "need")
STATED = ("used-in", "went-unused")

#: How many cards a phone is given at once.
WINDOW = 40


def closing(here: Here) -> Wall:
    """A part of the journey. Without names: what people brought is here the group's to look at."""
    say = here.say
    wall = Wall(heading=say("closing.h"), hint=say("closing.hint"), empty=say("closing.empty"), dense=True)
    most = WINDOW

    def tell(now: Seen) -> None:
        found = brought(now)
        wall.items = [item(here, now, c) for c in found[:most]]
        wall.total, wall.shown = len(found), min(most, len(found))
        left = len(found) - most
        wall.more_button = say("dialogue.more", n=min(WINDOW, left)) if left > 0 else ""

    def more(message: dict[str, Any]) -> None:
        nonlocal most
        most += WINDOW
        tell(here.seen)

    wall.on_do("more", more)
    here.follow(tell)
    return wall


def brought(seen: Seen) -> list[Contribution]:
    """Every intention, then every asset and need, oldest first; not what somebody keeps to themselves."""
    found = [c for kind in BROUGHT for c in seen.of_kind(kind)]
    return [c for c in found if c.standing == "here" and c.entry.header.seen_by != "only-me"]


def item(here: Here, seen: Seen, c: Contribution) -> dict[str, Any]:
    """One thing somebody came with, and what became of it."""
    became = fates(here, seen, c)
    points = [{"label": line.label, "text": line.text, "href": line.href} for line in became]
    if not any(line.key not in ("talked", "unused") for line in became):
        # Nothing was built on it: that is said plainly, in the same place and the same size.
        points.append({"label": here.say("closing.became"), "text": here.say(nothing_key(c.kind)), "href": ""})
    return {
        "id": c.id,
        "kind": c.kind,
        "text": c.text,
        "lang": lang_of(c.entry, c.text),
        "tag": here.say(step_key(c.kind, c.entry)),
        "state": "here",
        "points": points,
        "current": [v.id for v in c.versions],
        "acts": acts_of(here, seen, c),
    }


def nothing_key(kind: str) -> str:
    return "assets.unused" if kind == "asset" else "fate.not_yet"


def acts_of(here: Here, seen: Seen, c: Contribution) -> list[Any]:
    """The way to the trace; for facilitator and scribe, to state what became of it, and to take such a mark back."""
    say = here.say
    found: list[Any] = []
    href = way(here, "trace", c.id)
    if href:
        found.append({"name": "became", "label": say("common.became"), "href": href})
    ends = [e for e in seen.of_kind("outcome") if e.standing == "here" and is_ending(seen.state, e.id)]
    if seen.scribe and ends:
        options = [
            {
                "value": e.entry.id,
                "label": line(f"{say(step_key(e.kind, e.entry))}: ", typed(here, e.entry, short(e.text, 140))),
            }
            for e in reversed(ends)
        ]
        how = [
            {"value": "used-in", "label": say("closing.used")},
            {"value": "went-unused", "label": say("closing.unused")},
        ]
        found.append(
            {
                "name": "closing",
                "label": say("closing.act"),
                "kind": "link",
                "about": [["from", c.entry.id]],
                "box": {
                    "hint": say("closing.act_hint"),
                    "choices": [
                        {"key": "ending", "legend": say("closing.ending_h"), "options": options, "required": True},
                        {"key": "how", "legend": say("closing.became"), "options": how, "required": True},
                    ],
                    "button": say("closing.button"),
                    "seen": [say("seen.group"), say("seen.back")],
                },
            }
        )  # fmt: skip
    for edge in edges(seen.state, c.id, *STATED):
        link = seen.state.entries[edge.entry]
        target = seen.of_id(edge.target)
        if link.kind == "link" and link.header.by == here.me and target is not None:
            words = say("fate.used" if edge.relation == "used-in" else "fate.unused")
            found.append(
                {
                    "name": f"undo-{link.id}",
                    "label": line(
                        f"{say('dialogue.talked_undo')}: {words} – ", typed(here, target.entry, short(target.text, 60))
                    ),
                    "kind": "withdrawal",
                    "about": [["withdraws", link.id]],
                }
            )
    return found


@act("closing")
def state_it(here: Here, sent: Sent) -> None:
    """A link from what somebody brought to an ending it was used for, or was not: stated by people, never guessed."""
    seen = here.seen
    if not seen.scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    how, ending = sent.choices.get("how", ""), sent.choices.get("ending", "")
    if how not in STATED or not is_id(ending):
        raise BadWords("error.no_choice")
    start = next((target for relation, target in sent.about if relation == "from"), "")
    found = seen.of_id(start) if start else None
    if found is None or found.kind not in BROUGHT or gap_of(seen, start) or gap_of(seen, str(ending)):
        raise BadWords("error.gone")
    if not is_ending(seen.state, str(ending)):
        raise BadWords("error.gone")
    # In one's own name: it is said by whoever keeps the record of the group, and not by those they write for.
    here.write(Draft(sent.id, "link", here.me, {}, (("from", start), (str(how), str(ending)))))
