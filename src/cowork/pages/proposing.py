"""A proposal as a card: its rule, what it rests on, everyone's answer once all are shown, and every worry inside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.analysis.agreement import Proposal, Round
from cowork.core.agreeing import ENDING_WORDS, ENDINGS, Position, positions, round_of, worry_words
from cowork.core.entries import Draft
from cowork.core.errors import CoworkError
from cowork.core.levels import LevelSet, level_set
from cowork.core.seen import Seen
from cowork.pages.acting import act
from cowork.pages.cards import card
from cowork.pages.forms import answer
from cowork.pages.rules import level_words, rule_fields, rule_of, rule_words
from cowork.pages.threads import rests_points
from cowork.pages.typed import Line, line, typed
from cowork.pages.worrying import reservation_act, worry_cards
from cowork.widgets import Sent
from cowork.workbook import Here, refused


def proposal_card(here: Here, seen: Seen, p: Proposal) -> dict[str, Any]:
    """A proposal that people answer, with its rounds before."""
    c, last = p.contribution, p.last
    points = [
        {
            "label": here.say("rule.fixed_h"),
            "text": here.say(
                "rule.fixed", date=here.when(last.version.header.at_ms), rule=rule_words(here, last.rule, last.asked)
            ),
        },
        *own_answer(here, seen, last),
        *rests_points(here, seen, c, "agreement.label.rests"),
        *moved_points(here, seen, last),
        *[earlier_round(here, one) for one in p.rounds[:-1] if one.shown],
    ]
    made = card(
        here,
        seen,
        c,
        acts_first=proposal_acts(here, seen, p),
        points=points,
        lead=True,
        tag=here.say("agreement.draft", n=last.number),
    )
    made["tally"] = tally(here, last)
    if not made["tally"]:
        given = [here.say("position.given", n=last.given, N=last.asked)] if last.rule else []
        made["note"] = [*made["note"], *given, here.say("agreement.seen"), here.say("agreement.seen_after")]
    made["answers"] = [*worry_cards(here, seen, p.worries), *made.get("answers", [])]
    return made


def answer_of(here: Here, seen: Seen, one: Round) -> Position | None:
    """The answer of whoever writes on this page: their own, or what they wrote down for the person they write for.

    What that person answered on a device of their own is not the scribe's to see.
    """
    found = next((p for p in positions(seen.state, one.version.id) if p.person == here.voice), None)
    return found if found is not None and seen.sees_version(found.entry) else None


def own_answer(here: Here, seen: Seen, one: Round) -> list[dict[str, Any]]:
    """One's own answer, for oneself alone: nobody else's page holds it."""
    mine = answer_of(here, seen, one)
    if mine is None:
        return []
    worry = worry_words(mine.entry)
    words = [line(f"{here.say('position.worry')} ", typed(here, mine.entry, worry))] if worry else []
    text = str(mine.entry.data.get("text", ""))
    words += [line(f"{here.say('position.label.moved')}: ", typed(here, mine.entry, text))] if text else []
    level = level_words(here, one.levels.level(mine.level), mine.level)
    return [{"label": here.say("position.mine"), "text": level, "list": words}]


def tally(here: Here, one: Round) -> dict[str, Any]:
    """Dots, counts and words of the answers; nothing at all before they are shown together."""
    if not one.shown:
        return {}

    def rows(found: Any) -> list[dict[str, Any]]:
        return [
            {"label": level_words(here, row.level), "n": row.n, "text": here.say("common.people_count", n=row.n)}
            for row in found
        ]

    lines = [here.say("position.none", n=one.silent)] if one.silent else []
    if one.left:
        lines.append(here.say("position.left", n=one.left))
    if one.taken:
        lines.append(here.say("position.taken", n=one.taken))
    return {
        "h": here.say("position.dot"),
        "rows": rows(one.rows),
        "apart": rows(one.apart),
        "apart_h": here.say("position.off.h"),
        "none": " ".join(lines),
        "none_n": one.silent,
        "read_h": here.say("position.read.h"),
        "read": [here.say("position.read.1"), here.say("position.read.2")],
    }


def earlier_round(here: Here, one: Round) -> dict[str, Any]:
    """An earlier round in one line of words and counts: it stands as answers to the old words."""
    counts = [f"{level_words(here, row.level)}: {row.n}" for row in (*one.rows, *one.apart) if row.n]
    return {"label": here.say("agreement.draft", n=one.number), "text": "; ".join(counts) or here.say("empty.answers")}


def moved_points(here: Here, seen: Seen, one: Round) -> list[dict[str, Any]]:
    """Who answers otherwise than before, and why if they said. No names: answers are shown without them."""
    lines: list[Line] = []
    for moved in one.moved:
        before, after = (level_words(here, one.levels.level(code), code) for code in (moved.before, moved.after))
        c = seen.of_id(moved.position.root)
        why = typed(here, c.entry, c.text) if c is not None and c.standing == "here" else ""
        words = here.say("position.moved_line", before=before, after=after)
        lines.append(line(words, *([" “", why, "”"] if why else [])))
    return [{"label": here.say("position.moved"), "text": "", "list": lines}] if lines else []


def proposal_acts(here: Here, seen: Seen, p: Proposal) -> list[Any]:
    """Answer, note a worry, write a new version; a facilitator shows the answers, a scribe too may end it."""
    last, version = p.last, p.last.version.id
    acts: list[Any] = []
    if len(p.contribution.versions) == 1:
        before = any(answer_of(here, seen, one) for one in p.rounds)
        acts.append(position_act(here, last, answer_of(here, seen, last), before=before))
    acts.append(reservation_act(here, seen, version))
    acts.append(version_act(here, p))
    if seen.facilitator and not last.shown:
        acts.append(reveal_act(here, last))
    if seen.scribe and len(p.contribution.versions) == 1:
        acts.append(ending_act(here, p))
    return acts


def reveal_act(here: Here, one: Round) -> dict[str, Any]:
    """Show all answers together; where some have not answered, that is said first."""
    say = here.say
    made: dict[str, Any] = {"name": "reveal", "label": say("position.button.show"), "kind": "setting",
                            "about": [["reveals", one.version.id]]}  # fmt: skip
    if one.silent:
        made["box"] = {"hint": f"{say('position.none', n=one.silent)} {say('position.show_now')}", "fields": [],
                       "button": say("position.button.show_now"), "seen": [say("seen.answers")]}  # fmt: skip
    return made


def position_act(here: Here, one: Round, mine: Position | None, *, before: bool) -> dict[str, Any]:
    """Answer; whoever answers with a worry is asked at once which, and is not made to write it.

    What made them change is asked only of those who answered `before`, here or in an earlier round.
    """
    say, value = here.say, mine.level if mine else ""
    levels: LevelSet = one.levels
    shown = [{"value": level.code, "label": level_words(here, level)} for level in levels.levels] + [
        {"value": level.code, "label": level_words(here, level), "apart": True} for level in levels.apart
    ]
    worried = {"level": [level.code for level in levels.levels if level.names_worry]}
    lines = [say("seen.group")] if one.shown else [say("agreement.seen"), say("agreement.seen_after")]
    return {
        "name": "position",
        "label": say("position.button.change") if value else say("position.button.give"),
        "kind": "position",
        "about": [["answers", one.version.id]],
        "box": {
            "hint": say("position.hint"),
            "choices": [
                {
                    "key": "level",
                    "legend": say("position.h"),
                    "options": shown,
                    "value": value,
                    "required": True,
                    "apart_h": say("position.off.h"),
                    "place": 1,
                },
                {
                    "key": "unwritten",
                    "legend": "",
                    "options": [{"value": "yes", "label": say("position.worry_aloud")}],
                    "many": True,
                    "value": ["yes"] if mine and mine.entry.data.get("aloud") else [],
                    "when": worried,
                    "place": 3,
                },
            ],
            "fields": [
                {
                    "key": "worry",
                    "label": say("position.worry"),
                    "hint": say("position.worry_hint"),
                    "value": worry_words(mine.entry) if mine else "",
                    "rows": 3,
                    "when": worried,
                    "place": 2,
                },
                *([{"key": "text", "label": say("position.label.moved"), "rows": 2, "place": 4}] if before else []),
            ],
            "button": say("position.button.change") if value else say("position.button.give"),
            "seen": [*lines, say("seen.small"), say("seen.back")],
        },
    }


def version_act(here: Here, p: Proposal) -> dict[str, Any]:
    """A new wording, or a new rule: a new round in either case, in which everybody is asked again."""
    say = here.say
    fields, choices = rule_fields(here)
    own = p.last.rule
    for choice in choices:
        given = own.get("code") if choice["key"] == "rule" else p.last.levels.id
        if any(option["value"] == given for option in choice["options"]):
            choice["value"] = given
    for field, key in zip(fields, ("n", "name", "text"), strict=True):
        field["value"] = str(own.get(key, "") or "")
    return {
        "name": "version",
        "label": say("agreement.button.new"),
        "kind": "edit",
        "about": [["replaces", version.id] for version in p.contribution.versions],
        "box": {
            "hint": say("rule.new_round"),
            "fields": [
                {"key": "text", "label": say("agreement.label.proposal"), "rows": 4, "required": True,
                 "value": p.contribution.text},
                *fields,
            ],
            "choices": choices,
            "button": say("agreement.button.new"),
            "seen": [say("seen.group")],
        },
    }  # fmt: skip


def ending_act(here: Here, p: Proposal) -> dict[str, Any]:
    say = here.say
    return {
        "name": "end",
        "label": say("ending.h"),
        "kind": "outcome",
        "about": [["closes", p.last.version.id]],
        "box": {
            "hint": f"{say('ending.read.hint')} {say('ending.hint')}",
            "choices": [
                answer(here, "outcome", [(code, f"ending.{word}") for code, word in ENDING_WORDS.items()], "",
                       say("ending.read.h"))
            ],
            "fields": [
                {"key": "text", "label": say("ending.words"), "rows": 3, "required": True,
                 "value": p.contribution.text},
                {"key": "next", "label": say("ending.label.who_next"), "line": True},
            ],
            "button": say("ending.button.keep"),
            "seen": [*unsaid_line(here, p.last), say("seen.group"), say("reservation.printed")],
        },
    }  # fmt: skip


def unsaid_line(here: Here, one: Round) -> list[str]:
    """Before it is ended: of how many worries nobody knows whether their answer is enough."""
    waiting = one.verdict.unsaid if one.verdict is not None else 0
    return [here.say("ending.unsaid", n=waiting)] if waiting else []


# ---- what the acts do


@act("position")
def give_answer(here: Here, sent: Sent) -> None:
    """Answer a proposal. A worry that is named is asked for; its words stay with the answer and are shown with it."""
    state = here.record.state(here.workshop)
    version = next((state.entries[t] for r, t in sent.about if r == "answers" and t in state.entries), None)
    level = level_set(state, version).level(str(sent.choices.get("level", ""))) if version else None
    names = level is not None and level.names_worry
    fields = dict(sent.fields) if names else {key: words for key, words in sent.fields.items() if key != "worry"}
    aloud = names and not fields.get("worry", "").strip()
    if aloud and not sent.choices.get("unwritten") and sent.id not in state.entries:
        raise refused(CoworkError("position.worry_ask"), here.lang, "worry")
    choices = {key: value for key, value in sent.choices.items() if key != "unwritten"}
    here.answer(replace(sent, fields=fields, choices=choices), **({"aloud": True} if aloud else {}))


@act("reveal")
def reveal(here: Here, sent: Sent) -> str:
    """Show all answers to one wording together."""
    version = next((target for relation, target in sent.about if relation == "reveals"), "")
    here.write(Draft(sent.id, "setting", here.me, {"shows": "positions"}, (("reveals", version),), how="facilitator"))
    return here.say("common.done")


@act("version")
def new_version(here: Here, sent: Sent) -> None:
    """A new round: the words, the rule and the level set are fixed anew, and nobody's answer is carried over."""
    state = here.record.state(here.workshop)
    before = [state.entries[t] for r, t in sent.about if r == "replaces" and t in state.entries]
    if not before:
        raise CoworkError("error.gone")
    if not sent.text.strip():
        raise refused(CoworkError("error.no_words"), here.lang, "text")
    kept = {key: before[-1].data[key] for key in ("on", "unwritten", "quotes") if key in before[-1].data}
    rounds = 1 + max(round_of(state, entry) for entry in before)
    edited = replace(sent, kind="edit", fields={"text": sent.text})
    here.add("edit", edited, round=rounds, **kept, **rule_of(here, sent))


@act("end")
def end(here: Here, sent: Sent) -> None:
    """End it for now, in one of three equal ways; what the proposal rests on, its ending rests on too."""
    state = here.record.state(here.workshop)
    how = sent.choices.get("outcome")
    if how not in ENDINGS:
        raise refused(CoworkError("error.no_choice"), here.lang, "outcome")
    version = next((state.entries[t] for r, t in sent.about if r == "closes" and t in state.entries), None)
    if version is None:
        raise CoworkError("error.gone")
    here.add("outcome", sent, outcome=how)
