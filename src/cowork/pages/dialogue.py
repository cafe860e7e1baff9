"""Dialogue: talk from every part of the workshop, typed here or brought in, and a way to find one's way in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cowork.core.seen import Contribution, Seen
from cowork.pages.bringing import bringing
from cowork.pages.cards import about_line, card, talked_line
from cowork.pages.forms import element_form, next_parts, share, who_sees
from cowork.pages.registry import page
from cowork.pages.signatures import signature
from cowork.pages.typed import lang_of
from cowork.text.format import clock, short
from cowork.widgets import Ask, Sent, Wall
from cowork.workbook import Here

#: How many cards a phone is given at once; more come when asked for.
WINDOW = 40
#: How many cards of our own stand above talk that was brought in, before more are asked for.
FEWER = 10
#: How many turns stand before the one that somebody wants to see in its place.
BEFORE = 3


@dataclass
class Looking:
    """Where in the talk somebody is: what they look for, whom they listen to, and how far they have opened it."""

    words: str = ""
    voice: str = ""
    start: int = 0
    most: int = WINDOW
    written: int = WINDOW
    around: bool = False  # standing at a place in the talk: the words looked for are kept, to go back to them


@page("dialogue", part="dialogue")
def dialogue(here: Here) -> list[Any]:
    """Ask what people would like to say; gather the talk; find one's way in what was brought in."""
    say = here.say
    looking = Looking()
    ask = element_form(
        here,
        "dialogue",
        fields=[{"key": "text", "label": say("dialogue.label.say"), "rows": 4, "required": True}],
        button=say("dialogue.button.share"),
        button_by_choice={"seen": {"only-me": say("common.keep_me")}},
        kind="utterance",
    )
    ask.on_shared(lambda sent: share(here, "utterance", sent))
    written = Wall(
        wheel="alignment",
        heading=say("dialogue.written_h"),
        hint=say("dialogue.gathers"),
        empty=say("dialogue.empty"),
    )
    # Nothing is seen of it until talk is brought in, perhaps while people look on.
    brought = Wall(wheel="alignment", dense=True)
    target = here.seen.of_id(here.at) if here.at else None
    _stand_at(here.seen, looking, here.at)
    if _brought(here.seen):
        looking.written = FEWER

    def tell(now: Seen) -> None:
        ask.choices, ask.seen_by_choice = who_sees(here, now, "dialogue")
        _show_written(here, now, written, looking)
        _show_brought(here, now, brought, looking)

    def refresh() -> None:
        tell(here.seen)

    def find(message: dict[str, Any]) -> None:
        looking.words, looking.voice = str(message.get("q", ""))[:200], str(message.get("voice", ""))[:60]
        looking.start, looking.most, looking.around = 0, WINDOW, False
        refresh()

    def jump(at: str) -> bool:
        """Show a place in the talk without making the page anew: the card that was pressed stays under the hand."""
        there = _stand_at(here.seen, looking, at)
        if there:
            refresh()
        return there

    def more(which: str) -> None:
        setattr(looking, which, getattr(looking, which) + WINDOW)
        refresh()

    brought.on_do("find", find)
    brought.on_do("more", lambda message: more("most"))
    written.on_do("more", lambda message: more("written"))
    here.jump = jump
    here.follow(tell)
    about = _about(here, target) if target is not None and not target.place[0] else []
    # One's own words under one's own box; then the talk of others, which may be hours long.
    return [*about, ask, written, *bringing(here), brought, next_parts(here)]


def _brought(seen: Seen) -> list[Contribution]:
    """Talk brought in from elsewhere, by source and position; what was said in answer stands under it."""
    return sorted((c for c in seen.of_kind("utterance") if c.place[0]), key=lambda c: c.place)


def _stand_at(seen: Seen, looking: Looking, at: str) -> bool:
    """Look at one turn with what was said before and after; False where there is no such turn to be seen."""
    target = seen.of_id(at) if at else None
    if target is None or not target.place[0]:
        return False
    ids = [c.id for c in _brought(seen)]
    if target.id not in ids:
        return False
    looking.start, looking.most, looking.around = max(0, ids.index(target.id) - BEFORE), WINDOW, True
    return True


def _show_brought(here: Here, seen: Seen, wall: Wall, looking: Looking) -> None:
    found = _brought(seen)
    if not found:  # none was brought in, or all of it was erased
        wall.heading, wall.hint, wall.find, wall.items, wall.more_button = "", "", {}, [], ""
        return
    voices: dict[str, dict[str, Any]] = {}
    for c in found:
        voices.setdefault(c.author, {"id": c.author, "name": signature(here, seen, c), "n": 0})["n"] += 1
    searching = bool(looking.words.strip() or looking.voice) and not looking.around
    hits = [c for c in found if _matches(c, looking)] if searching else found
    window = hits[looking.start : looking.start + looking.most]
    items = []
    for c in window:
        made = card(here, seen, c)
        # The heading says for all of them that they were brought in; when they were, nobody asks of each.
        made["when_text"] = ""
        made["note"] = [line for line in made["note"] if line != here.say("scribe.fidelity.imported")]
        if searching:
            # From what was found, to the place itself with what was said before and after.
            made["href"] = f"?w={here.visit.code}&page=dialogue&at={c.id}"
            made["href_text"] = here.say("documentation.choose.context")
        items.append(made)
    left = len(hits) - looking.start - len(window)
    source = found[0].entry.data.get("source") or {}
    wall.heading = here.say("dialogue.brought_h")
    wall.hint = here.say("dialogue.from_import", name=str(source.get("name", "")))
    wall.find = {
        "on": True,
        "h": here.say("dialogue.find_h"),
        "q": looking.words,
        "voice": looking.voice,
        "label_q": here.say("dialogue.find_words"),
        "label_voice": here.say("dialogue.find_voice"),
        "label_all": here.say("dialogue.find_all"),
        "button": here.say("dialogue.find_button"),
        "voices": list(voices.values()),
        "result": (here.say("dialogue.find_result", n=len(hits)) if hits else here.say("empty.search"))
        if searching
        else "",
    }
    wall.items = items
    wall.total, wall.shown = len(hits), len(window)
    wall.more_button = here.say("dialogue.more", n=min(WINDOW, left)) if left > 0 else ""


def _matches(c: Contribution, looking: Looking) -> bool:
    if looking.voice and c.author != looking.voice:
        return False
    words = looking.words.casefold().split()
    text = c.text.casefold()
    at = clock(c.entry.said_ms)
    return all(word in text or (":" in word and at.startswith(word)) for word in words)


def _show_written(here: Here, seen: Seen, wall: Wall, looking: Looking) -> None:
    """Everything typed here, newest first, each with what it is about; and marks that people talked."""
    found = [c for c in seen.of_kind("utterance", "talked") if not c.place[0] and not _nested(seen, c)]
    found.sort(key=lambda c: c.first.header.order, reverse=True)
    items = []
    for c in found[: looking.written]:
        made = card(here, seen, c)
        made["about_text"] = about_line(here, seen, c)
        if c.kind == "talked":
            made["text"] = talked_line(here, c.entry)
            made["talked_id"] = c.id
        items.append(made)
    left = len(found) - len(items)
    wall.items = items
    wall.total, wall.shown = len(found), len(items)
    wall.more_button = here.say("dialogue.more", n=min(WINDOW, left)) if left > 0 else ""


def _nested(seen: Seen, c: Contribution) -> bool:
    """True for an answer to another utterance that the reader sees: it stands under that one."""
    if c.kind != "utterance":
        return False
    targets = [seen.of_id(t) for r, t in c.first.header.about if r in ("answers", "talks-about")]
    return any(t is not None and t.kind == "utterance" and t.standing == "here" and not t.place[0] for t in targets)


def _about(here: Here, target: Contribution) -> list[Any]:
    """Opened from a card: its words first, so that the answer is written under them."""
    seen = here.seen
    words = short(target.text, 1000)
    ask = Ask(
        box=f"dialogue:{target.id}",
        wheel="alignment",
        level=2,
        question=here.say("dialogue.about"),
        first={"h": signature(here, seen, target), "text": words, "lang": lang_of(target.entry, words), "by": ""},
        fields=[{"key": "text", "label": here.say("dialogue.label.answer"), "rows": 3, "required": True}],
        button=here.say("dialogue.button.answer"),
        kind="utterance",
        about=[["answers" if target.kind == "utterance" else "talks-about", target.id]],
    )

    def answer(sent: Sent) -> str | None:
        return share(here, "utterance", sent)

    ask.on_shared(answer)
    return [ask]
