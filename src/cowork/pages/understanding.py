"""Understanding: what we now see, and two checks of it: those who said it, and everyone. Silence is silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cowork.analysis.understanding import ALL, SAID, Check, check_all, check_said
from cowork.core.errors import BadWords, CoworkError
from cowork.core.seen import Contribution, Seen
from cowork.pages.cards import card
from cowork.pages.forms import LAST, answer, element_form, heading, next_parts, private_note, shown_as, who_sees
from cowork.pages.picking import Looking, look, picked, quoted, ties, words_pick
from cowork.pages.registry import page
from cowork.pages.signatures import signature
from cowork.pages.threads import rests_points
from cowork.pages.typed import Line, line, typed
from cowork.widgets import Sent, Wall
from cowork.workbook import Here, refused

#: What an understanding may rest on.
RESTS = ("interpretation", "view", "utterance", "theme", "intention", "asset", "need", "image")


@page("understanding", part="understanding")
def understanding(here: Here) -> list[Any]:
    """Ask what we now see, and what it rests on; ask those who said it, and everyone, if we got it right."""
    say = here.say
    looking = Looking()
    ask = element_form(
        here,
        "understanding",
        fields=[
            {"key": "text", "label": say("understanding.label.we"), "rows": 4, "required": True, "place": 1},
            {"key": "changed", "label": say("understanding.label.changed"), "rows": 2, "fold": True, "place": 4},
        ],
        fold_h=say("understanding.more_h"),
        button=say("understanding.button.share"),
        kind="understanding",
    )
    ask.on_shared(lambda sent: keep(here, sent))
    wall = Wall(wheel="agreement", empty=say("understanding.empty"))

    def tell(now: Seen) -> None:
        rests = {"legend": say("understanding.label.rests"), "empty": say("interpretation.empty")}
        ask.picks = [words_pick(here, now, RESTS, looking, **rests, place=2)]
        who = {
            "key": "who",
            "legend": say("understanding.who_h"),
            "options": [
                {"value": "we", "label": say("understanding.label.we")},
                {"value": "me", "label": say("understanding.label.me")},
            ],
            "value": "we",
            "fold": True,
            "place": 3,
        }
        unwritten = {
            "key": "unwritten",
            "legend": "",
            "options": [{"value": "yes", "label": say("agreement.unwritten")}],
            "many": True,
            "value": [],
            "fold": True,
            "place": 5,
        }
        under, ask.seen_by_choice = who_sees(here, now, "understanding", LAST)
        ask.choices = [who, unwritten, *under]
        found = now.of_kind("understanding")
        wall.heading = heading(here, now, found)
        wall.items = [seen_card(here, now, c) for c in reversed(found)]

    look(ask, "rests", lambda: tell(here.seen), looking)
    here.follow(tell)
    return [ask, wall, next_parts(here)]


def keep(here: Here, sent: Sent) -> str | None:
    """Write what we now see, tied to what it rests on."""
    try:
        chosen = picked(here, sent, "rests")
        body: dict[str, Any] = {"who": str(sent.choices.get("who", "we")), **quoted(here, chosen)}
        if body["who"] not in ("we", "me"):
            raise BadWords("error.no_choice")
        if sent.choices.get("unwritten"):
            body["unwritten"] = True
        here.add("understanding", sent, also=ties(here, chosen, "rests-on"), **body)
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error
    return private_note(here, sent)


def seen_card(here: Here, seen: Seen, c: Contribution) -> dict[str, Any]:
    """What we now see, with both checks: how many of how many, and the words people gave with their answers."""
    said, everyone = check_said(seen, c.id), check_all(seen, c.id)
    tag = here.say("understanding.label.me") if c.entry.data.get("who") == "me" else ""
    points = [*rests_points(here, seen, c), *checked(here, seen, said, everyone)]
    acts = []
    if here.voice in said.asked:
        acts.append(ask_check(here, seen, c, "said", SAID, given(said, here.voice, "result")))
    if seen.state.takes_part(here.voice):
        acts.append(ask_check(here, seen, c, "all", ALL[:-1], given(everyone, here.voice, "result")))
    private = c.entry.header.seen_by == "only-me"
    return card(here, seen, c, acts_first=[] if private else acts, points=points, tag=tag)


def given(check: Check, person: str, field: str) -> str:
    """What somebody answered before, to answer anew from there."""
    entry = check.answers.get(person)
    return str(entry.data.get(field, "")) if entry else ""


def checked(here: Here, seen: Seen, said: Check, everyone: Check) -> list[dict[str, Any]]:
    """Both checks as lines: each its own n of N, nobody guessed for, and what people wrote."""
    found: list[dict[str, Any]] = []
    if said.asked:
        counts = said.counts
        lines = [
            here.say(
                "check.result_said",
                yes=counts["yes"],
                nearly=counts["nearly"],
                no=counts["no"],
                none=said.silent + counts["rather-not"],
            )
        ]
        if said.unreached:
            lines.append(here.say("check.unreached", n=said.unreached))
        found.append({"label": here.say("check.said.h"), "text": "", "list": lines + words(here, seen, said)})
    counts = everyone.counts
    lines = [
        here.say(
            "check.result_all",
            same=counts["same"],
            differ=counts["differ"],
            unsure=counts["unsure"],
            none=everyone.silent + counts["rather-not"],
        )
    ]
    found.append({"label": here.say("check.all.h"), "text": "", "list": lines + words(here, seen, everyone)})
    return found


def words(here: Here, seen: Seen, check: Check) -> list[Line]:
    """What people wrote with their answers, each with the answer and signed the way they chose."""
    found = []
    for entry in check.answers.values():
        c = seen.of_id(entry.id)
        if c is None or c.standing != "here" or not c.text:
            continue
        code = str(entry.data.get("result", "")).replace("-", "_")
        answer = here.say(f"check.{check.of}.{code}")
        found.append(line(f"{answer}: “", typed(here, c.entry, c.text), f"” – {signature(here, seen, c)}"))
    return found


def ask_check(here: Here, seen: Seen, c: Contribution, of: str, codes: Sequence[str], value: str) -> dict[str, Any]:
    """One of the two checks: those whose words it rests on ("said"), or everyone ("all"). Seeing it is not agreeing."""
    say = here.say
    options = [(code, f"check.{of}.{code.replace('-', '_')}") for code in codes]
    return {
        "name": f"check-{of}",
        "label": say(f"check.{of}.h"),
        "kind": "check",
        "about": [["checks", c.entry.id]],
        "choices": {"of": of},
        "box": {
            "hint": say(f"check.{of}.hint"),
            "choices": [answer(here, "result", options, value), *shown_as(here, seen, "understanding", LAST)],
            "fields": [{"key": "text", "label": say("check.all.own"), "rows": 2}],
            "button": say("check.button.change") if value else say("check.button.send"),
            "seen": [say("check.seen"), say("seen.small")],
        },
    }
