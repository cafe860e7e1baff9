"""Differ: where we see it differently, each view in its holder's words, and where only its holder stands on it now."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

from cowork.analysis.agreement import endings
from cowork.analysis.differences import Row, Standing, ledger
from cowork.core.entries import Entry
from cowork.core.errors import BadWords, NotAllowed
from cowork.core.links import edges, into
from cowork.core.may import writes_for
from cowork.core.quotes import gap_of
from cowork.core.seen import Contribution, Seen
from cowork.pages import scribing
from cowork.pages.acting import act
from cowork.pages.agreed import ending_card, ending_label
from cowork.pages.cards import card, only_reads
from cowork.pages.forms import LAST, answer, next_parts, page_head, shown_as, who_sees
from cowork.pages.registry import page
from cowork.pages.signatures import perspective, signed
from cowork.pages.threads import place
from cowork.pages.typed import Line, line, say_with, typed
from cowork.text.format import short
from cowork.widgets import Prose, Sent, Wall
from cowork.workbook import Here

CODES = ("still", "partly", "changed")

#: How much of a view stands on the card of one that differs from it.
MOST = 200


@page("differ", beside="documentation")
def differ(here: Here) -> list[Any]:
    """Show each view beside those it differs from, and where its holders stand; keep a difference as an ending."""
    say = here.say
    head = Prose(blocks=page_head(here, "differ", "alignment", "bottom"))
    wall = Wall(wheel="alignment", heading=say("differ.plain"), hint=say("differ.seen"), empty=say("differ.empty"))
    alone = Wall(wheel="agreement")

    def tell(now: Seen) -> None:
        rows = together(now, ledger(now), here.at)
        wall.items = [view_card(here, now, row) for row in rows]
        # A difference that is kept is told here too where no view above leads to it: none was named, or it is gone.
        told = {kept.id for row in rows for kept in kept_with(now, row.view.id)}
        left = [e for e in endings(now) if e.how == "difference" and e.contribution.id not in told]
        alone.items = [ending_card(here, now, e) for e in reversed(left)]
        alone.heading = say("report.h.kept") if left else ""
        wall.empty = "" if left else say("differ.empty")
        wall.heading, wall.hint = ("", "") if left and not rows else (say("differ.plain"), say("differ.seen"))

    here.follow(tell)
    return [head, wall, alone, *write(here), next_parts(here)]


def write(here: Here) -> list[Prose]:
    """The way to writing a view that is tied to none: under Documentation."""
    if here.visit is None or here.visit.only or only_reads(here.seen):
        return []
    link = {"href": place(here, "documentation"), "text": here.say("differ.write"), "page": "documentation"}
    return [Prose(blocks=[{"h": here.say("differ.write_h"), "level": 2}, {"link": link}])]


def together(seen: Seen, rows: list[Row], at: str = "") -> list[Row]:
    """Views that differ stand one after the other, and first those of the view somebody asked for."""
    left = {row.view.id: row for row in rows}
    wanted = seen.state.root(at) if at else ""
    found: list[Row] = []
    for start in [*([wanted] if wanted in left else []), *list(left)]:
        todo = [start]
        while todo:
            row = left.pop(todo.pop(0), None)
            if row is not None:
                found.append(row)
                todo += row.differs
    return found


def view_card(here: Here, seen: Seen, row: Row) -> dict[str, Any]:
    """One view: what it differs from, who holds it and where they stand, and the differences kept with it."""
    say, c = here.say, row.view
    points = [
        {
            "label": say("differ.label.other"),
            "text": typed(here, other.entry, short(other.text, MOST)),
            "href": place(here, "differ", other.id),
        }
        for other in map(seen.of_id, row.differs)
        if other is not None
    ]
    for standing in row.standings:
        points += standing_points(here, seen, c, standing)
    if not row.holders:
        how = str(c.first.data.get("holder", ""))
        key = f"documentation.holder.{how}" if how in ("open", "unreached") else "differ.standing.not_said"
        points.append({"label": say("documentation.label.holder"), "text": say(key)})
    points += [
        {
            "label": ending_label(here, seen, kept),
            "text": typed(here, kept.entry, short(kept.text, MOST)),
            "href": place(here, "agreement", kept.id),
        }
        for kept in kept_with(seen, c.id)
    ]
    names = [holder_name(here, seen, c, person) for person in row.holders]
    tag = say("differ.label.view", name=names[0]) if len(names) == 1 and names[0] else ""
    private = c.entry.header.seen_by == "only-me"
    return card(here, seen, c, acts_first=[] if private else acts_of(here, seen, row), points=points, tag=tag)


def holder_name(here: Here, seen: Seen, view: Contribution, person: str) -> str:
    """A holder as they show themselves in the group; "" where they gave no name or wanted none beside this view."""
    if person != view.author:
        name = signed(here, seen, person)
        return "" if name == here.say("common.no_name") else name
    name, perspectives = seen.signed(view)
    return name or ", ".join(perspective(here, p) for p in perspectives)


def standing_points(here: Here, seen: Seen, view: Contribution, said: Standing) -> list[dict[str, Any]]:
    """Where one holder stands now, why and since when; and how it has moved."""
    say = here.say
    name = holder_name(here, seen, view, said.person)
    lines = []
    if said.why:
        lines.append(say("differ.why", words=said.why))
    if said.entry is not None:
        lines.append(say("differ.said_on", date=here.when(said.entry.header.at_ms)))
        answered = seen.of_id(said.entry.id)
        if said.entry.header.how == "scribe" and answered is not None:
            lines += scribing.entered(here, seen, answered)[:2]
    if not here.speaks_for(said.person):
        lines.append(say("differ.for_others", name=name) if name else say("differ.for_unnamed"))
        if seen.scribe and name and writes_for(seen.state, said.person):
            lines.append(say("differ.scribed", name=name))
    found: list[dict[str, Any]] = [
        {
            "label": say("differ.stands", name=name) if name else say("differ.stands_unnamed"),
            "text": say(f"differ.standing.{said.code}") if said.code in CODES else say("differ.standing.not_said"),
            "list": lines,
        }
    ]
    moved = [line for line in (moved_line(here, entry) for entry in said.history) if line]
    if moved:
        found.append({"label": say("differ.history"), "text": "", "list": moved, "fold": True})
    return found


def moved_line(here: Here, entry: Entry) -> Line:
    """Where somebody stood before, and why, in the order it was said."""
    code = str(entry.data.get("standing", ""))
    if code not in CODES:
        return ""
    words = str(entry.data.get("text", ""))
    stood = f"{here.when(entry.header.at_ms)}: {here.say(f'differ.standing.{code}')}"
    return line(f"{stood}. ", say_with(here, "differ.why", "words", typed(here, entry, words))) if words else stood


def kept_with(seen: Seen, root: str) -> list[Contribution]:
    """The differences that the group keeps and that rest on this view."""
    found = (seen.of_id(edge.source) for edge in into(seen.state, root, "rests-on"))
    return [
        c
        for c in found
        if c is not None and c.standing == "here" and c.entry.data.get("outcome") == "difference"
    ]  # fmt: skip


# ---- what can be done


def acts_of(here: Here, seen: Seen, row: Row) -> list[Any]:
    """Where I stand, if it is mine; how I see it, if I see it differently; and keeping the difference as it is."""
    c = row.view
    found: list[Any] = []
    mine = next((s for s in row.standings if s.person == here.voice), None)
    found.append(stand(here, seen, c, mine) if mine is not None else add(here, seen, c))
    others = [o for o in map(seen.of_id, row.differs) if o is not None and o.entry.header.seen_by != "only-me"]
    if seen.scribe and not here.writing_for and not is_kept(seen, c, others):
        found.append(keep(here, c, others))
    return found


def add(here: Here, seen: Seen, c: Contribution) -> dict[str, Any]:
    """How I see it, beside this: `documentation.differ_from` writes it and marks both."""
    say = here.say
    under, lines = who_sees(here, seen, "documentation")
    return {
        "name": "differ",
        "label": say("differ.button.add"),
        "kind": "view",
        "about": [["differs-from", c.entry.id]],
        "box": {
            "hint": say("documentation.differs_hint"),
            "fields": [{"key": "text", "label": say("documentation.stance.own"), "rows": 3, "required": True}],
            "choices": under,
            "button": say("documentation.button.view"),
            "seen": [say("seen.group"), say("seen.back")],
            "seen_by_choice": lines,
        },
    }


def stand(here: Here, seen: Seen, c: Contribution, said: Standing) -> dict[str, Any]:
    """The question only a holder is asked."""
    say = here.say
    options = [(code, f"differ.standing.{code}") for code in CODES]
    return {
        "name": "stand",
        "label": say("differ.standing.h"),
        "kind": "standing",
        "about": [["answers", c.entry.id]],
        "strong": not said.code,
        "box": {
            "hint": say("differ.standing.hint"),
            "choices": [
                {**answer(here, "standing", options, said.code), "place": 1},
                *shown_as(here, seen, "documentation", LAST),
            ],
            "fields": [{"key": "text", "label": say("differ.label.why"), "rows": 2, "value": said.why, "place": 2}],
            "button": say("differ.button.set"),
            "seen": [say("differ.seen")],
        },
    }


def is_kept(seen: Seen, c: Contribution, others: list[Contribution]) -> bool:
    """True where a difference that we keep holds this view with every view it differs from."""
    wanted = {c.id, *(other.id for other in others)}
    return any(wanted <= {e.target for e in edges(seen.state, kept.id, "rests-on")} for kept in kept_with(seen, c.id))


def keep(here: Here, c: Contribution, others: list[Contribution]) -> dict[str, Any]:
    """The facilitator or the scribe writes down where the difference is, as an ending in its own right."""
    say = here.say
    choices = []
    if len(others) > 1:
        options = [
            {"value": other.entry.id, "label": typed(here, other.entry, short(other.text, MOST))} for other in others
        ]
        every = [option["value"] for option in options]
        choices = [{"key": "views", "legend": say("differ.which"), "options": options, "many": True, "value": every}]
    return {
        "name": "keep-difference",
        "label": say("differ.button.end"),
        "kind": "outcome",
        "about": [["rests-on", c.entry.id], *([["rests-on", others[0].entry.id]] if len(others) == 1 else [])],
        "box": {
            "hint": say("differ.keep_hint"),
            "fields": [
                {"key": "text", "label": say("ending.differ"), "rows": 3, "required": True},
                {"key": "next", "label": say("ending.label.who_next"), "line": True},
            ],
            "choices": choices,
            "button": say("ending.button.keep"),
            "seen": [say("seen.group"), say("seen.back")],
        },
    }


@act("keep-difference")
def keep_difference(here: Here, sent: Sent) -> None:
    """A kept difference: no proposal before it, the views it rests on, and the group's words for where it lies."""
    seen = here.seen
    if not seen.scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    chosen = sent.choices.get("views", [])
    named = [target for relation, target in sent.about if relation == "rests-on"]
    views = dict.fromkeys([*named, *([chosen] if isinstance(chosen, str) else chosen)])
    for version in views:
        entry = seen.state.entries.get(version)
        if entry is None or gap_of(seen, version) or seen.kind_of(entry) != "view":
            raise BadWords("error.gone")
        if entry.header.seen_by == "only-me":
            raise NotAllowed("error.not_yours")
    # An ending is the group's: whoever a scribe writes for just then did not write it.
    own = copy(here)
    own.writing_for = ""
    choices = {key: value for key, value in sent.choices.items() if key not in ("for", "views")}
    about = tuple(("rests-on", version) for version in views)
    own.add("outcome", replace(sent, kind="outcome", about=about, choices=choices), outcome="difference")
