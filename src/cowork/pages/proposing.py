"""A proposal as a card: its rule, what it rests on, everyone's answer once all are shown, and every worry inside it."""

from __future__ import annotations

from typing import Any

from cowork.analysis.agreement import Proposal, Round, Worry
from cowork.core.agreeing import RULES, Level, LevelSet, answers_to, positions
from cowork.core.entries import Draft
from cowork.core.errors import BadWords, CoworkError
from cowork.core.seen import Contribution, Seen
from cowork.pages.acting import act
from cowork.pages.cards import card, signature
from cowork.pages.documentation import answer, signed
from cowork.pages.threads import GAP, rests_points
from cowork.widgets import Sent
from cowork.workbook import Here, refused

ENDINGS = {"agreed": "agreed", "difference": "differ", "open-question": "open"}


def rule_fields(here: Here) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(fields, choices) in which the rule and the words to answer with are fixed before anyone answers."""
    say = here.say
    rules = [
        {"value": code, "label": say(f"rule.{code}_option" if code in ("count", "advice") else f"rule.{code}")}
        for code in RULES
    ]
    rules[RULES.index("count")]["hint"] = say("rule.count_hint")
    choices: list[dict[str, Any]] = [
        {
            "key": "rule",
            "legend": say("rule.h"),
            "hint": say("rule.hint"),
            "options": rules,
            "value": "answered",
            "required": True,
            "place": 3,
        },
        {
            "key": "levels",
            "legend": say("levels.h"),
            "options": [
                {"value": "five", "label": say("levels.default")},
                {"value": "consent", "label": say("levels.consent")},
            ],
            "value": "five",
            "fold": True,
            "place": 7,
        },
    ]
    fields = [
        {"key": "rule_n", "label": say("rule.n_label"), "line": True, "limit": 4, "when": {"rule": "count"}},
        {"key": "rule_name", "label": say("rule.name_label"), "line": True, "limit": 200, "when": {"rule": "advice"}},
        {"key": "rule_text", "label": say("rule.own"), "rows": 2, "limit": 1000, "when": {"rule": "own"}},
    ]
    fields = [{**field, "place": 4} for field in fields]
    return fields, choices


def rule_words(here: Here, rule: dict[str, Any], asked: int) -> str:
    """A rule in words."""
    code = str(rule.get("code", ""))
    if rule.get("text"):
        return str(rule["text"])
    if code not in RULES:
        return here.say("error.no_rule")
    if code == "count":
        return here.say("rule.count", n=rule.get("n", 0), N=asked)
    if code == "advice":
        return here.say("rule.advice", name=rule.get("name", ""))
    return here.say(f"rule.{code}")


def level_words(here: Here, level: Level | None, code: str = "") -> str:
    """An answer in words: ours from the catalogue, a workshop's own as it was given."""
    if level is None:
        return code
    return here.say(level.key) if level.key else level.label


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
        made["note"] = [*made["note"], here.say("agreement.seen"), here.say("agreement.seen_after")]
    made["answers"] = [*worry_cards(here, seen, p.worries), *made.get("answers", [])]
    return made


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
    lines = []
    for moved in one.moved:
        before, after = (level_words(here, one.levels.level(code), code) for code in (moved.before, moved.after))
        c = seen.of_id(moved.position.root)
        why = c.text if c is not None and c.standing == "here" else ""
        line = here.say("position.moved_line", before=before, after=after)
        lines.append(f"{line} “{why}”" if why else line)
    return [{"label": here.say("position.moved"), "text": "", "list": lines}] if lines else []


def proposal_acts(here: Here, seen: Seen, p: Proposal) -> list[Any]:
    """Answer, note a worry, write a new version; a facilitator shows the answers, a scribe too may end it."""
    say, last, version = here.say, p.last, p.last.version.id
    acts: list[Any] = []
    mine = next((q for q in positions(seen.state, version) if q.person == here.voice), None)
    if len(p.contribution.versions) == 1:
        acts.append(position_act(here, last, mine.level if mine else ""))
    acts.append(reservation_act(here, version))
    acts.append(version_act(here, p))
    if seen.facilitator and not last.shown:
        acts.append({"name": "reveal", "label": say("position.button.show"), "kind": "setting",
                     "about": [["reveals", version]]})  # fmt: skip
    if seen.scribe and len(p.contribution.versions) == 1:
        acts.append(ending_act(here, p))
    return acts


def position_act(here: Here, one: Round, value: str) -> dict[str, Any]:
    say = here.say
    levels: LevelSet = one.levels
    shown = [{"value": level.code, "label": level_words(here, level)} for level in levels.levels] + [
        {"value": level.code, "label": level_words(here, level), "apart": True} for level in levels.apart
    ]
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
                }
            ],
            "fields": [{"key": "text", "label": say("position.label.moved"), "rows": 2}],
            "button": say("position.button.change") if value else say("position.button.give"),
            "seen": [*lines, say("seen.small"), say("seen.back")],
        },
    }


def reservation_act(here: Here, version: str) -> dict[str, Any]:
    say = here.say
    return {
        "name": "worry",
        "label": say("reservation.button.add"),
        "kind": "reservation",
        "about": [["talks-about", version]],
        "box": {
            "hint": say("reservation.hint"),
            "choices": [
                answer(
                    here,
                    "sort",
                    [("worry", "reservation.label.worry"), ("condition", "reservation.label.condition")],
                    "worry",
                    say("reservation.h"),
                )
            ],
            "fields": [
                {"key": "text", "label": say("reservation.words"), "rows": 2, "required": True},
                {"key": "reason", "label": say("reservation.label.reason"), "rows": 2},
            ],
            "button": say("reservation.button.add"),
            "seen": [say("agreement.seen_worry"), say("reservation.printed"), say("seen.back")],
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
                answer(here, "outcome", [(code, f"ending.{word}") for code, word in ENDINGS.items()], "",
                       say("ending.read.h"))
            ],
            "fields": [
                {"key": "text", "label": say("ending.words"), "rows": 3, "required": True,
                 "value": p.contribution.text},
                {"key": "next", "label": say("ending.label.who_next"), "line": True},
            ],
            "button": say("ending.button.keep"),
            "seen": [say("seen.group"), say("reservation.printed")],
        },
    }  # fmt: skip


# ---- worries, inside the proposal or the agreement they belong to


def worry_cards(here: Here, seen: Seen, worries: tuple[Worry, ...]) -> list[dict[str, Any]]:
    """Every worry, also one whose words may not be read: that there is one is never left out."""
    return [worry_card(here, seen, worry) for worry in worries]


def worry_card(here: Here, seen: Seen, worry: Worry) -> dict[str, Any]:
    say = here.say
    label = say("trace.step.worry")
    if worry.contribution is None:
        return {"id": worry.root, "kind": "reservation", "text": "", "state": "here", "tag": label, "acts": [],
                "note": [say(GAP[worry.gap])], "current": [], "earlier": []}  # fmt: skip
    c = worry.contribution
    points: list[dict[str, Any]] = [
        {"label": say("reservation.label.answer"), "text": f"{a.text} – {signature(here, seen, a)}"}
        for a in worry.answers
    ]
    if not worry.answered:
        points.append({"label": say("reservation.label.answer"), "text": say("reservation.no_answer")})
    if worry.enough:
        points.append({"label": say("reservation.label.enough"), "text": say(f"reservation.enough.{worry.enough}")})
    for key, words in (("owner", person_or_words(here, seen, worry.owner)), ("review", worry.review)):
        if words:
            points.append({"label": say(f"reservation.label.{key}"), "text": words})
    made = card(here, seen, c, acts_first=worry_acts(here, seen, worry, c), points=points, tag=label)
    made["more"] = [more for more in made["more"] if more["label"] == say("reservation.label.reason")]
    return made


def person_or_words(here: Here, seen: Seen, who: str) -> str:
    """Somebody named by their id, as they are called here; else the words as they were written."""
    return signed(here, seen, who) if who in seen.state.participants() else who


def worry_acts(here: Here, seen: Seen, worry: Worry, c: Contribution) -> list[Any]:
    say = here.say
    found: list[Any] = [
        {
            "name": "worry-answer",
            "label": say("reservation.button.answer"),
            "kind": "utterance",
            "about": [["answers-reservation", c.entry.id]],
            "box": {
                "fields": [
                    {"key": "text", "label": say("reservation.label.answer"), "rows": 2, "required": True},
                    {"key": "owner", "label": say("reservation.label.owner"), "line": True},
                    {"key": "review", "label": say("reservation.label.review"), "line": True},
                ],
                "button": say("reservation.button.answer"),
                "seen": [say("seen.group"), say("reservation.printed")],
            },
        }
    ]
    if here.speaks_for(c.author) and answers_to(seen.state, c.id):
        options = [(code, f"reservation.enough.{code}") for code in ("yes", "partly", "no")]
        found.append(
            {
                "name": "enough",
                "label": say("reservation.label.enough"),
                "kind": "check",
                "about": [["checks", c.entry.id]],
                "box": {
                    "choices": [answer(here, "result", options, worry.enough)],
                    "fields": [],
                    "button": say("check.button.send"),
                    "seen": [say("seen.group")],
                },
            }
        )
    return found


# ---- what the acts do


@act("worry")
def note_worry(here: Here, sent: Sent) -> None:
    sort = sent.choices.get("sort", "worry")
    if sort not in ("worry", "condition"):
        raise BadWords("error.no_choice")
    here.add("reservation", sent, sort=sort)


@act("worry-answer")
def answer_worry(here: Here, sent: Sent) -> None:
    here.add("utterance", sent)


@act("reveal")
def reveal(here: Here, sent: Sent) -> str:
    """Show all answers to one wording together."""
    version = next((target for relation, target in sent.about if relation == "reveals"), "")
    here.write(Draft(sent.id, "setting", here.me, {"shows": "positions"}, (("reveals", version),), how="facilitator"))
    return here.say("common.done")


@act("version")
def new_version(here: Here, sent: Sent) -> None:
    """A new round: the words, the rule and the level set are fixed anew, and nobody's answer is carried over."""
    from cowork.core.agreeing import round_of
    from cowork.pages.agreement import rule_of

    state = here.record.state(here.workshop)
    before = [state.entries[t] for r, t in sent.about if r == "replaces" and t in state.entries]
    if not before:
        raise CoworkError("error.gone")
    if not sent.text.strip():
        raise refused(CoworkError("error.no_words"), here.lang, "text")
    kept = {key: before[-1].data[key] for key in ("on", "unwritten", "quotes") if key in before[-1].data}
    rounds = 1 + max(round_of(state, entry) for entry in before)
    words = Sent(sent.id, sent.box, "edit", sent.about, {"text": sent.text}, sent.choices, sent.lang, sent.at_ms)
    here.add("edit", words, round=rounds, **kept, **rule_of(here, sent))


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
