"""Documentation: exact words that were said, and the ways of seeing it that people recognise as theirs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from cowork.analysis.differences import confirmations, differs, stance, stances
from cowork.core.errors import BadWords, CoworkError
from cowork.core.ids import derived, is_id
from cowork.core.links import edges, holders
from cowork.core.seen import Contribution, Seen
from cowork.pages.acting import act
from cowork.pages.cards import card
from cowork.pages.forms import LAST, answer, element_form, heading, next_parts, private_note, shown_as, who_sees
from cowork.pages.picking import Looking, items, look, offered, picked, quoted, ties, words_pick
from cowork.pages.pictures import pictures
from cowork.pages.registry import page
from cowork.pages.signatures import beside, name_of, signature, signed
from cowork.pages.threads import place
from cowork.pages.typed import Line, line, typed
from cowork.text.format import short
from cowork.widgets import Ask, Sent, Wall
from cowork.workbook import Here, refused

#: What a way of seeing it may be made from.
WORDS = ("utterance", "intention", "asset", "need", "image")
STANCES = ("with", "unsure", "differ")
HOLDERS = ("me", "other", "several", "open", "unreached")


@page("documentation", part="documentation")
def documentation(here: Here) -> list[Any]:
    """Choose words, write the way of seeing it, let its holder confirm; keep what differs side by side."""
    say = here.say
    looking = Looking()
    target = here.seen.of_id(here.at) if here.at else None
    first = target.entry.id if target is not None and target.kind in WORDS else ""
    ask = element_form(
        here,
        "documentation",
        fields=[
            {
                "key": "text",
                "label": say("documentation.label.view"),
                "hint": say("documentation.view_hint"),
                "rows": 3,
                "required": True,
                "place": 2,
            }
        ],
        fold_h=say("documentation.more_h"),
        button=say("documentation.button.view"),
        kind="view",
    )
    ask.on_shared(lambda sent: keep_view(here, sent))
    wall = Wall(wheel="alignment", empty=say("documentation.empty"))
    themes = Wall(wheel="alignment", level=2)
    group = Ask(
        box="documentation:theme",
        wheel="alignment",
        level=2,
        button=say("documentation.theme_button"),
        kind="theme",
        quiet_button=True,
    )
    group.on_shared(lambda sent: keep_theme(here, sent))

    def tell(now: Seen) -> None:
        ask.picks = [
            words_pick(
                here,
                now,
                WORDS,
                looking,
                key="words",
                first=first,
                legend=say("documentation.choose.h"),
                hint=say("documentation.choose.hint"),
                empty=say("documentation.empty_words"),
                place=1,
            ),
            {
                "key": "differs",
                "legend": say("documentation.label.differs"),
                "hint": say("documentation.differs_hint"),
                **offered(here, now, ("view",), looking, "differs"),
                "many": True,
                "fold": True,
            },
            {
                "key": "builds",
                "legend": say("documentation.label.builds"),
                **offered(here, now, ("view",), looking, "builds"),
                "many": True,
                "fold": True,
            },
        ]
        under, lines = who_sees(here, now, "documentation", LAST)
        ask.choices = [*holder_choices(here, now), *under]
        ask.seen_by_choice = lines
        views = now.of_kind("view")
        wall.heading = heading(here, now, views)
        wall.items = [view_card(here, now, c) for c in reversed(views)]
        found = now.of_kind("theme")
        themes.heading = say("documentation.themes_h") if found else ""
        themes.items = [theme_card(here, now, c) for c in reversed(found)]
        views_to_group(here, now, group)

    for key in ("words", "differs", "builds"):
        look(ask, key, lambda: tell(here.seen), looking)
    here.follow(tell)
    return [ask, wall, *pictures(here), themes, group, next_parts(here)]


def views_to_group(here: Here, now: Seen, group: Ask) -> None:
    """A question which views belong together, once there are two that could."""
    say = here.say
    there = items(here, now, ("view",))
    some = len(there) > 1
    name = {"key": "text", "label": say("documentation.board.new"), "line": True, "required": True, "limit": 200}
    which = {"key": "views", "legend": say("documentation.board.which"), "items": there, "many": True, "required": True}
    group.question = say("documentation.board.h") if some else ""
    group.fields = [{**name, "place": 2}] if some else []
    group.picks = [{**which, "place": 1}] if some else []
    group.seen = [say("seen.group"), say("seen.back")] if some else []


def holder_choices(here: Here, seen: Seen) -> list[dict[str, Any]]:
    """Who sees it this way: oneself, somebody named, several, or nobody who can be asked."""
    say = here.say
    me = name_of(here, seen, here.writing_for) if here.writing_for else ""
    options = [
        {"value": "me", "label": me or say("documentation.holder.me")},
        {"value": "other", "label": say("documentation.holder.someone")},
        *({"value": v, "label": say(f"documentation.holder.{v}")} for v in ("several", "open", "unreached")),
    ]
    people = [
        {"value": person, "label": signed(here, seen, person)}
        for person in seen.state.participants()
        if person != here.voice and (seen.state.takes_part(person) or seen.state.person(person).get("voice"))
    ]
    found = [
        {"key": "holder", "legend": say("documentation.label.holder"), "options": options, "value": "me", "place": 3}
    ]
    if people:
        who: dict[str, Any] = {"key": "who", "legend": say("documentation.holder.who"), "options": people}
        found.append({**who, "many": True, "value": [], "place": 4, "when": {"holder": ["other", "several"]}})
    unwritten = {"value": "yes", "label": say("documentation.unwritten")}
    found.append(
        {"key": "unwritten", "legend": say("documentation.label.rests"), "options": [unwritten], "many": True,
         "fold": True, "value": [], "place": 5}
    )  # fmt: skip
    return found


def people_of(here: Here, sent: Sent, key: str = "who") -> list[str]:
    """Participants somebody chose, each of whom is here."""
    chosen = sent.choices.get(key, [])
    known = here.record.state(here.workshop).participants()
    return [one for one in ([chosen] if isinstance(chosen, str) else chosen) if is_id(one) and one in known]


def keep_view(here: Here, sent: Sent) -> str | None:
    """Write a way of seeing it, with the exact words it comes from and whoever sees it so."""
    try:
        chosen = picked(here, sent, "words")
        also = [
            *ties(here, chosen, "documents"),
            *ties(here, picked(here, sent, "differs"), "differs-from"),
            *ties(here, picked(here, sent, "builds"), "builds-on"),
        ]
        holder = str(sent.choices.get("holder", "me"))
        if holder not in HOLDERS:
            raise BadWords("error.no_choice")
        who = people_of(here, sent) if holder in ("other", "several") else []
        if holder == "other" and not who:
            raise refused(CoworkError("error.no_choice"), here.lang, "who")
        named = [here.voice, *who] if holder in ("me", "several") else who
        body: dict[str, Any] = {"holder": holder, "holders": list(dict.fromkeys(named))}
        if sent.choices.get("unwritten"):
            body["unwritten"] = True
        here.add("view", sent, also=also, **body, **quoted(here, chosen))
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error
    return private_note(here, sent)


def view_card(here: Here, seen: Seen, c: Contribution) -> dict[str, Any]:
    """A view as a card: whose it is, if they said so, what it differs from, and how others see it."""
    label = here.say("documentation.label.differs")
    points: list[dict[str, Any]] = [
        {
            "label": label,
            "text": typed(here, other.entry, short(other.text, 200)),
            "href": place(here, "differ", other.id),
        }
        for other in map(seen.of_id, differs(seen, c.id))
        if other is not None
    ]
    who = holders(seen.state, c.id)
    names = ", ".join(beside(here, seen, c, person) for person in who)
    if names:
        points.insert(0, {"label": here.say("documentation.label.holder"), "text": names})
    elif c.first.data.get("holder") in ("open", "unreached"):
        text = here.say(f"documentation.holder.{c.first.data['holder']}")
        points.insert(0, {"label": here.say("documentation.label.holder"), "text": text})
    points += said_of_it(here, seen, c)
    if c.entry.data.get("unwritten"):
        points.append({"label": here.say("documentation.label.rests"), "text": here.say("trace.unwritten")})
    return card(here, seen, c, acts_first=view_acts(here, seen, c, who), points=points)


def said_of_it(here: Here, seen: Seen, c: Contribution) -> list[dict[str, Any]]:
    """What its holders said of the words, and how others see it: in counts and in words, never an average."""
    found: list[dict[str, Any]] = []
    for said in confirmations(seen, c.id):
        if said.entry is not None and said.entry.header.by == c.first.header.by == said.person:
            continue  # who wrote their own view has nothing to confirm
        key = {"yes": "documentation.confirmed", "": "documentation.confirm.not_said"}.get(
            said.code, f"documentation.confirm.{_CONFIRM.get(said.code, 'no')}"
        )
        found.append(
            {
                "label": beside(here, seen, c, said.person),
                "text": line(
                    here.say(key), *([" ", typed(here, said.entry, said.words)] if said.entry and said.words else [])
                ),
            }
        )
    given = stances(seen, c.id)
    counts = Counter(str(s.entry.data.get("stance")) for s in given)
    if counts:
        lines: list[Line] = [f"{here.say(f'documentation.stance.{v}')}: {counts[v]}" for v in STANCES if counts[v]]
        lines += [line(typed(here, s.entry, s.text), f" – {signature(here, seen, s)}") for s in given if s.text]
        found.append({"label": here.say("documentation.stance.others"), "text": "", "list": lines})
    return found


_CONFIRM = {"nearly": "change", "no": "no", "out": "out"}


def view_acts(here: Here, seen: Seen, c: Contribution, who: list[str]) -> list[Any]:
    """Confirm where it is mine; else say how I see it, or write how I see it differently."""
    say, version = here.say, c.entry.id
    found: list[Any] = []
    if here.voice in who and c.entry.header.by != here.voice:
        codes = ("yes", "nearly", "no", "out")
        options = [(code, f"documentation.confirm.{_CONFIRM.get(code, code)}") for code in codes]
        found.append(
            {
                "name": "confirm",
                "label": say("documentation.confirm.h"),
                "kind": "check",
                "about": [["checks", version]],
                "box": {
                    "hint": say("documentation.confirm.hint", name=beside(here, seen, c, c.author)),
                    "choices": [answer(here, "result", options), *shown_as(here, seen, "documentation", LAST)],
                    "fields": [
                        {"key": "text", "label": say("documentation.confirm.words"), "rows": 2, "value": ""},
                    ],
                    "button": say("check.button.send"),
                    "seen": [say("documentation.seen")],
                },
            }
        )
    if here.voice not in who:
        given = stance(seen.state, c.id, here.voice)
        options = [(v, f"documentation.stance.{v}") for v in STANCES]
        value = str(given.data.get("stance", "")) if given else ""
        found.append(
            {
                "name": "stance",
                "label": say("documentation.stance.h"),
                "kind": "stance",
                "about": [["answers", version]],
                "box": {
                    "choices": [
                        answer(here, "stance", options, value),
                        *shown_as(here, seen, "documentation", LAST),
                    ],
                    "fields": [{"key": "text", "label": say("check.all.own"), "rows": 2}],
                    "button": say("check.button.send"),
                    "seen": [say("seen.group"), say("seen.small")],
                },
            }
        )
    found.append(
        {
            "name": "differ",
            "label": say("documentation.button.differ"),
            "kind": "view",
            "about": [["differs-from", version]],
            "box": {
                "fields": [{"key": "text", "label": say("documentation.stance.own"), "rows": 3, "required": True}],
                "choices": shown_as(here, seen, "documentation", LAST),
                "button": say("documentation.button.view"),
                "hint": say("documentation.differs_hint"),
                "seen": [say("seen.group"), say("seen.back")],
            },
        }
    )
    return found


@act("confirm")
def confirm(here: Here, sent: Sent) -> str | None:
    """The holder confirms, declines, or says it in words of their own, which then stand as the view."""
    words = sent.text.strip()
    if sent.choices.get("result") == "nearly" and not words:
        raise refused(CoworkError("error.no_words"), here.lang, "text")
    here.answer(sent)
    if sent.choices.get("result") == "nearly":
        version = next((target for relation, target in sent.about if relation == "checks"), "")
        choices: dict[str, str | list[str]] = {"for": here.writing_for} if here.writing_for else {}
        about = (("replaces", version),)
        ident = derived(sent.id + "words")
        here.take(replace(sent, id=ident, kind="edit", about=about, fields={"text": words}, choices=choices))
    return None


@act("differ")
def differ_from(here: Here, sent: Sent) -> str | None:
    """How I see it, beside what it differs from: both are marked, neither is the normal one."""
    about = tuple(pair for pair in sent.about if pair[0] == "differs-from")
    here.add("view", replace(sent, kind="view", about=about), holder="me", holders=[here.voice])
    return None


def keep_theme(here: Here, sent: Sent) -> str | None:
    """Name a group of views. A view may stand in several, and one in none stands apart and is kept as it is."""
    try:
        here.add("theme", sent, also=ties(here, picked(here, sent, "views"), "groups"))
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error
    return None


def theme_card(here: Here, seen: Seen, c: Contribution) -> dict[str, Any]:
    views = [seen.of_id(edge.target) for edge in edges(seen.state, c.id, "groups")]
    lines = [
        typed(here, view.entry, short(view.text, 200)) for view in views if view is not None and view.standing == "here"
    ]
    return card(here, seen, c, points=[{"label": here.say("documentation.board.holds"), "text": "", "list": lines}])
