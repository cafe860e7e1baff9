"""Agreement: a proposal and its rule, everyone's answer shown together, each worry inside, and three equal endings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.analysis.agreement import endings, proposals
from cowork.core.errors import BadWords, CoworkError
from cowork.core.seen import Seen
from cowork.pages.agreed import ending_card
from cowork.pages.forms import LAST, next_parts, page_head, who_sees
from cowork.pages.picking import Looking, look, picked, quoted, ties, words_pick
from cowork.pages.proposing import proposal_card
from cowork.pages.registry import page
from cowork.pages.rules import rule_fields, rule_of
from cowork.widgets import Ask, Prose, Sent, Wall
from cowork.workbook import Here, refused

#: What a proposal or an ending may rest on: any contribution, an intention or a need included.
RESTS = ("understanding", "interpretation", "view", "utterance", "theme", "intention", "asset", "need", "image")
ON = ("values", "how", "do", "ask")


@page("agreement", part="agreement")
def agreement(here: Here) -> list[Any]:
    """Propose with a rule; answer on one's own; show all answers together; end it in one of three equal ways."""
    say = here.say
    looking = Looking()
    head = Prose(blocks=page_head(here, "agreement", "agreement", "bottom"))
    ask = Ask(
        box="agreement",
        wheel="agreement",
        level=2,
        question=say("agreement.propose_h"),
        fold_h=say("agreement.more_h"),
        button=say("agreement.button.propose"),
        kind="proposal",
    )
    ask.on_shared(lambda sent: propose(here, sent))
    open_wall = Wall(wheel="agreement")
    ended = Wall(wheel="agreement", level=2)
    apart = Ask(
        box="agreement:ending",
        wheel="agreement",
        level=2,
        question=say("agreement.without_h"),
        hint=say("agreement.without_hint"),
        fields=[
            {"key": "text", "label": say("agreement.without_label"), "rows": 3, "required": True, "place": 2},
            {"key": "next", "label": say("ending.label.who_next"), "line": True, "place": 4},
        ],
        fold_h=say("agreement.label.rests"),
        button=say("ending.button.keep"),
        kind="outcome",
        quiet_button=True,
    )
    apart.on_shared(lambda sent: keep_ending(here, sent))

    def tell(now: Seen) -> None:
        fields, choices = rule_fields(here)
        ask.fields = [
            {"key": "text", "label": say("agreement.label.proposal"), "rows": 4, "required": True, "place": 1},
            *fields,
        ]
        rests = words_pick(
            here, now, RESTS, looking, legend=say("agreement.label.rests"), empty=say("understanding.empty")
        )
        ask.picks = [{**rests, "place": 2}]
        under, ask.seen_by_choice = who_sees(here, now, "agreement", LAST)
        shown = [c for c in under if c["key"] != "seen"]  # a proposal that nobody sees proposes nothing
        ask.choices = [*about_choices(here), *choices, *shown]
        if "seen" in ask.seen_by_choice:
            ask.seen_by_choice = {}
        ask.seen = [say("seen.group"), say("seen.back")]
        apart.picks = [{**rests, "fold": True}]
        apart.choices = [
            {
                "key": "outcome",
                "legend": say("ending.h"),
                "options": [
                    {"value": "difference", "label": say("ending.differ")},
                    {"value": "open-question", "label": say("ending.open")},
                ],
                "value": "difference",
                "place": 1,
            }
        ]
        apart.seen = [say("ending.in_your_name"), say("seen.group"), say("seen.back")]
        found = proposals(now)
        open_ = [p for p in found if p.ending is None]
        open_wall.heading = say("agreement.open_h") if open_ else ""
        open_wall.items = [proposal_card(here, now, p) for p in open_]
        kept = list(reversed(endings(now)))
        open_wall.empty = "" if kept else say("agreement.empty")
        ended.heading = say("agreement.ended_h") if kept else ""
        ended.items = [ending_card(here, now, e) for e in kept]

    for one in (ask, apart):
        look(one, "rests", lambda: tell(here.seen), looking)
    here.follow(tell)
    # What people have come to answer stands above what takes a while to write.
    return [head, open_wall, ended, ask, apart, next_parts(here)]


def about_choices(here: Here) -> list[dict[str, Any]]:
    say = here.say
    return [
        {
            "key": "on",
            "legend": say("agreement.label.about"),
            "options": [{"value": on, "label": say(f"agreement.about.{on}")} for on in ON],
            "value": "",
            "fold": True,
            "place": 5,
        },
        {
            "key": "unwritten",
            "legend": "",
            "options": [{"value": "yes", "label": say("agreement.unwritten")}],
            "many": True,
            "value": [],
            "fold": True,
            "place": 6,
        },
    ]


def propose(here: Here, sent: Sent) -> None:
    """Put forward a proposal: its words, what it rests on, and the rule, before anyone answers."""
    try:
        chosen = picked(here, sent, "rests")
        body: dict[str, Any] = {"round": 1, **rule_of(here, sent), **quoted(here, chosen)}
        if sent.choices.get("on") in ON:
            body["on"] = sent.choices["on"]
        if sent.choices.get("unwritten"):
            body["unwritten"] = True
        here.add("proposal", replace(sent, fields={"text": sent.text}), also=ties(here, chosen, "rests-on"), **body)
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error


def keep_ending(here: Here, sent: Sent) -> None:
    """A kept difference or an open question, without a proposal: an ending as good as any."""
    try:
        how = sent.choices.get("outcome")
        if how not in ("difference", "open-question"):
            raise BadWords("error.no_choice")
        chosen = picked(here, sent, "rests")
        here.add("outcome", sent, also=ties(here, chosen, "rests-on"), outcome=how, **quoted(here, chosen))
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error
