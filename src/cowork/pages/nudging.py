"""Something to ask yourselves: what the group might look at next, one thing at a time, never about who.

Each is true of what this reader sees, is a question and no advice, and can be left. What is asked of how people take
part reaches only the facilitator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cowork.analysis.agreement import endings, proposals
from cowork.analysis.differences import confirmations, ledger
from cowork.analysis.voices import heard
from cowork.core.elements import WHEELS
from cowork.core.links import into
from cowork.core.seen import Contribution, Seen
from cowork.pages.fates import way
from cowork.workbook import Here

#: "A while ago", of the reasons people wrote.
WHILE_MS = 14 * 86_400_000

#: "A lot", of turns at talk of which no view was kept.
LOT = 12

#: Who has written is not asked about in a group smaller than this: everybody knows who that would be.
FEWEST = 3

#: What is asked of the facilitator alone.
PRIVATE = ("voices", "remote")

Nudge = tuple[str, str, dict[str, Any]]  # (key, the page it leads to, what its sentence is filled with)


def nudges(here: Here, seen: Seen) -> list[dict[str, str]]:
    """Everything that might be asked now, what waits for an answer first. A screen shows one of them."""
    found = []
    for key, page, values in _asked(here, seen):
        if key in PRIVATE and not seen.facilitator:
            continue
        name = here.say(f"{page}.link")
        words = "empty" if key.startswith("empty-") else key
        found.append(
            {
                "key": key,
                "text": here.say(f"journey.nudge.{words}", **values),
                "note": here.say("journey.seen_voices") if key in PRIVATE else here.say("journey.nudge.hint"),
                "href": way(here, page, ""),
                "href_text": here.say("journey.button.go", part=name),
            }
        )
    return found


def _asked(here: Here, seen: Seen) -> Iterator[Nudge]:
    for ask in (_ground, _worry, _holder, _differ, _reading, _written, _intention, _assets, _voices, _back, _empty):
        yield from ask(here, seen)


def _ground(here: Here, seen: Seen) -> Iterator[Nudge]:
    if any(ending.changed(seen) for ending in endings(seen) if ending.how == "agreed"):
        yield "ground", "agreement", {}


def _worry(here: Here, seen: Seen) -> Iterator[Nudge]:
    ended = [worry for ending in endings(seen) for worry in ending.inside]
    asked = [worry for proposal in proposals(seen) if proposal.ending is None for worry in proposal.worries]
    if any(not worry.answered for worry in (*asked, *ended)):
        yield "worry", "agreement", {}


def _holder(here: Here, seen: Seen) -> Iterator[Nudge]:
    """A view written for somebody who takes part, and who has not been heard on it."""
    for view in _here(seen, "view"):
        if any(not said.code and seen.state.takes_part(said.person) for said in confirmations(seen, view.id)):
            yield "holder", "documentation", {}
            return


def _differ(here: Here, seen: Seen) -> Iterator[Nudge]:
    if any(not talked(seen, row.view) for row in ledger(seen)):
        yield "differ", "differ", {}


def _reading(here: Here, seen: Seen) -> Iterator[Nudge]:
    if any(not talked(seen, c) and not _led(seen, c, "rests-on") for c in _here(seen, "interpretation")):
        yield "reading", "interpretation", {}


def _written(here: Here, seen: Seen) -> Iterator[Nudge]:
    if len(_here(seen, "utterance")) >= LOT and not _here(seen, "view"):
        yield "written", "documentation", {}


def _intention(here: Here, seen: Seen) -> Iterator[Nudge]:
    found = _here(seen, "intention")
    if found and not any(talked(seen, c) for c in found):
        yield "intention", "intention", {}


def _assets(here: Here, seen: Seen) -> Iterator[Nudge]:
    if any(not _led(seen, need, "meets-need", "rests-on") for need in _here(seen, "need")):
        yield "assets", "assets", {}


def _voices(here: Here, seen: Seen) -> Iterator[Nudge]:
    """Counts only, and of ways of taking part only where no way would point somebody out."""
    wrote = {c.author for c in seen.contributions() if c.written and c.standing == "here"}
    wrote = {person for person in wrote if seen.state.takes_part(person)}
    everyone = seen.taking_part()
    if everyone >= FEWEST and wrote and len(wrote) * 2 <= everyone:
        yield "voices", "dialogue", {"n": len(wrote), "N": everyone}
    rows = {row.way: row for row in heard(seen)}
    others = sum(row.texts for way_, row in rows.items() if way_ != "room")
    if len(rows) > 1 and "room" in rows and rows["room"].texts > 2 * others:
        yield "remote", "dialogue", {}


def _back(here: Here, seen: Seen) -> Iterator[Nudge]:
    found = _here(seen, "intention")
    last = max((c.entry.header.at_ms for c in found), default=0)
    since = any(c.entry.header.at_ms > last for c in seen.contributions() if c.element != "intention")
    if found and since and here.record.now_ms() - last > WHILE_MS:
        yield "back", "intention", {}


def _empty(here: Here, seen: Seen) -> Iterator[Nudge]:
    """A part of which nothing is written. That may be fine: it is asked last, and only once something is written."""
    written = {c.element for c in seen.contributions() if c.written and c.standing == "here"}
    if not written:
        return
    for part in (part for pair in WHEELS.values() for part in pair):
        if part not in written:
            yield f"empty-{part}", part, {"part": here.say(f"{part}.link")}


def talked(seen: Seen, c: Contribution) -> bool:
    """True where people talked about it: in writing, or by a mark that they did."""
    return bool(seen.said_about(c.id) or seen.talked_about(c.id))


def _led(seen: Seen, c: Contribution, *relations: str) -> bool:
    """True where something that may be seen leads here."""
    return any(seen.of_id(edge.source) is not None for edge in into(seen.state, c.id, *relations))


def _here(seen: Seen, kind: str) -> list[Contribution]:
    """What the group has before it. What one person keeps to themselves is nobody's to ask about."""
    return [c for c in seen.of_kind(kind) if c.standing == "here" and c.entry.header.seen_by != "only-me"]
