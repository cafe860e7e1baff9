"""An ending as a card: an agreement, a difference we keep or an open question, with all that belongs inside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.analysis.agreement import Ending, actions, of_one, responses
from cowork.core.agreeing import ENDING_WORDS
from cowork.core.errors import CoworkError
from cowork.core.links import changed_ground, edges, holders
from cowork.core.seen import Contribution, Seen
from cowork.pages.acting import act
from cowork.pages.cards import card
from cowork.pages.forms import answer
from cowork.pages.proposing import moved_points, tally
from cowork.pages.rules import rule_words
from cowork.pages.signatures import beside, signature
from cowork.pages.threads import rests_points
from cowork.pages.typed import Line, line, typed
from cowork.pages.worrying import person_or_words, worry_cards
from cowork.widgets import Sent
from cowork.workbook import Here, refused


def ending_card(here: Here, seen: Seen, e: Ending) -> dict[str, Any]:
    """One ending. Its worries stand inside it; whatever changed under it stands above everything else."""
    say, c = here.say, e.contribution
    points: list[dict[str, Any]] = []
    if e.round is not None:
        words = rule_words(here, e.round.rule, e.round.asked)
        date = here.when(e.round.version.header.at_ms)
        points.append({"label": say("rule.fixed_h"), "text": say("rule.fixed", date=date, rule=words)})
    if e.of_one and (held := whose_views(here, seen, c)):
        points.append({"label": say("ending.whose"), "text": ", ".join(held)})
    closed = seen.of_id(e.proposal) if e.proposal else None
    for one in (closed, c):  # what the proposal rests on, its ending rests on too
        found = rests_points(here, seen, one, "agreement.label.rests") if one is not None else []
        points += [point for point in found if point not in points]  # an ending may state the same again
    if e.round is not None:
        points += moved_points(here, seen, e.round)
    if e.renewed:
        points.append({"label": say("ending.renewed"), "text": here.when(e.renewed[-1].header.at_ms)})
    steps = [step_line(here, seen, a) for a in actions(seen, c.id)]
    if steps:
        points.append({"label": say("action.label"), "text": "", "list": steps})
    answers = [response_line(here, seen, r) for r in responses(seen, c.id)]
    asked = closed is not None and closed.entry.data.get("on") == "ask"
    if answers or asked:  # what was asked of nobody waits for no answer
        points.append({"label": say("response.h"), "text": "", "list": answers or [say("response.none")]})
    made = card(
        here,
        seen,
        c,
        acts_first=ending_acts(here, seen, e),
        points=points,
        lead=True,
        tag=ending_label(here, seen, c),
    )
    if e.round is not None and e.round.shown:
        made["tally"] = tally(here, e.round)
    made["answers"] = [*worry_cards(here, seen, e.worries), *made.get("answers", [])]
    return made


def ending_label(here: Here, seen: Seen, c: Contribution) -> str:
    """What sort of ending it is. One that was kept without a proposal says by whom: nobody else was asked."""
    how = ENDING_WORDS.get(str(c.first.data.get("outcome", "")), "open")
    if not of_one(c.first):
        return here.say(f"ending.{how}_label")
    by = signature(here, seen, c)
    if by == here.say("common.no_name"):
        return here.say(f"ending.{how}_one")
    return here.say(f"ending.{how}_by", name=by)


def whose_views(here: Here, seen: Seen, c: Contribution) -> list[str]:
    """Who holds the views that an ending rests on, as they show themselves beside them."""
    views = [seen.of_id(edge.target) for edge in edges(seen.state, c.id, "rests-on")]
    named = (
        beside(here, seen, view, holder)
        for view in views
        if view is not None and view.kind == "view" and view.standing == "here"
        for holder in holders(seen.state, view.id)
    )
    return list(dict.fromkeys(named))


def step_line(here: Here, seen: Seen, a: Contribution) -> Line:
    """What happens next, who does it and by when."""
    more = a.entry.data.get("more")
    more = more if isinstance(more, dict) else {}
    who = person_or_words(here, seen, str(more.get("who") or a.entry.data.get("owner") or ""))
    rest = (" · " + part for part in (who, str(more.get("when") or "")) if part)
    return line(typed(here, a.entry, a.text), *rest)


def response_line(here: Here, seen: Seen, r: Contribution) -> Line:
    """What those who decide answered, and in whose name it was entered."""
    did = {"did": "response.did", "did-not": "response.did_not"}.get(str(r.entry.data.get("did")), "")
    whom = str(r.entry.data.get("on_behalf_of", ""))
    who = here.say("response.on_behalf", name=whom) if whom else signature(here, seen, r)
    words = typed(here, r.entry, r.text)
    return line(f"{here.say(did)}: " if did else "", words, f"{' ' if words else ''}– {who}")


def ending_acts(here: Here, seen: Seen, e: Ending) -> list[Any]:
    """What we do next, what was answered, look at changed ground again, open it again."""
    say, c = here.say, e.contribution
    version = c.entry.id
    acts: list[Any] = [
        {
            "name": "action",
            "label": say("action.label"),
            "kind": "action",
            "about": [["builds-on", version]],
            "box": {
                "fields": [
                    {"key": "text", "label": say("action.label"), "rows": 2, "required": True},
                    {"key": "who", "label": say("action.who"), "line": True},
                    {"key": "when", "label": say("action.when"), "line": True},
                ],
                "button": say("common.share_group"),
                "seen": [say("seen.group"), say("seen.back")],
            },
        }
    ]
    if seen.facilitator:
        options = [("did", "response.did"), ("did-not", "response.did_not")]
        acts.append(
            {
                "name": "response",
                "label": say("response.h"),
                "kind": "response",
                "about": [["answers", version]],
                "box": {
                    "choices": [answer(here, "did", options)],
                    "fields": [
                        {"key": "text", "label": say("response.words"), "rows": 2, "required": True},
                        {"key": "on_behalf_of", "label": say("response.who"), "line": True, "required": True},
                    ],
                    "button": say("common.share_group"),
                    "seen": [say("seen.group")],
                },
            }
        )
    if seen.scribe:
        if changed_ground(seen.state, c.id):
            acts.append(
                {"name": "renew", "label": say("ending.renew"), "kind": "outcome", "about": [["renews", version]],
                 "box": {"hint": say("ending.renew_hint"), "fields": [{"key": "text", "label": say("ending.renew_why"),
                         "rows": 2}], "button": say("ending.renew"), "seen": [say("seen.group")]}}
            )  # fmt: skip
        acts.append(
            {"name": "reopen", "label": say("ending.reopen"), "kind": "outcome", "about": [["reopens", version]]}
        )
    return acts


@act("action")
def write_action(here: Here, sent: Sent) -> None:
    here.add("action", sent)


@act("response")
def write_response(here: Here, sent: Sent) -> None:
    """Somebody outside the group who decides speaks through whoever enters it, on behalf of whom in words."""
    did = sent.choices.get("did")
    if did not in ("did", "did-not"):
        raise refused(CoworkError("error.no_choice"), here.lang, "did")
    whom = sent.fields.get("on_behalf_of", "").strip()
    here.add("response", replace(sent, fields={"text": sent.text}), did=did, on_behalf_of=whom)


@act("renew")
def renew(here: Here, sent: Sent) -> None:
    """People have looked at what changed, and it stands as it is."""
    here.add("outcome", sent, wordless=True, outcome="renewed")


@act("reopen")
def reopen(here: Here, sent: Sent) -> None:
    here.add("outcome", sent, wordless=True, outcome="reopened")
