"""A proposal as a card: its rule, what it rests on, everyone's answer once all are shown, and every worry inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cowork.analysis.proposals import LevelCount, Proposal, Round
from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Draft, Entry
from cowork.core.errors import CoworkError
from cowork.core.fold import State
from cowork.core.level_sets import LevelSet, level_set
from cowork.core.proposals import OUTCOME_KEYS, OUTCOME_KINDS, Position, positions, round_number, worry_text
from cowork.pages.agreement.reservation_card import reservation_act, worry_cards
from cowork.pages.agreement.rules import RULE_FIELDS, level_words, rule_choices, rule_of, rule_words
from cowork.pages.kit.actions import action
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.fields import draw_fields, option_list
from cowork.pages.kit.forms import answer_field
from cowork.pages.kit.provenance import rests_points
from cowork.pages.kit.typed_text import TextLine, line, typed
from cowork.widgets import Rejected, Submission
from cowork.widgets.types import Action, CardItem, Field, Option, Point, Tally, TallyRow, When

#: What stays with somebody is asked only where something stays: a question, or a difference.
STAYS_OPEN: When = {"outcome": ["difference", "open-question"]}


def proposal_card(context: PageContext, view: ParticipantView, proposal: Proposal) -> CardItem:
    """A proposal that people answer, with its rounds before."""
    contribution, last = proposal.contribution, proposal.last
    date, rule = context.when(last.version.header.at_ms), rule_words(context, last.rule, last.asked)
    points: list[Point] = [
        {"label": context.t("rule.fixed_h"), "text": context.t("rule.fixed", date=date, rule=rule)},
        *own_answer(context, view, last),
        *rests_points(context, view, contribution, "agreement.label.rests"),
        *moved_points(context, view, last),
        *[earlier_round(context, one) for one in proposal.rounds[:-1] if one.is_revealed],
    ]
    acts, tag = proposal_actions(context, view, proposal), context.t("agreement.draft", n=last.number)
    near = likely_acts(context, view, proposal)
    made = make_card(context, view, contribution, acts_first=acts, points=points, lead=True, tag=tag, near=near)
    made["tally"] = vote_counts(context, last)
    if not made["tally"]:
        given = [context.t("position.given", n=last.given, N=last.asked)] if last.rule else []
        made["note"] = [*made["note"], *given, context.t("agreement.seen"), context.t("agreement.seen_after")]
    made["answers"] = [*worry_cards(context, view, proposal.worries), *made.get("answers", [])]
    return made


def answer_of(context: PageContext, view: ParticipantView, one: Round) -> Position | None:
    """The answer of whoever writes on this page: their own, or what they wrote down for the person they write for.

    What that person answered on a device of their own is not the scribe's to see.
    """
    given = positions(view.state, one.version.id)
    found = next((position for position in given if position.person == context.author), None)
    return found if found is not None and view.can_see_version(found.entry) else None


def own_answer(context: PageContext, view: ParticipantView, one: Round) -> list[Point]:
    """One's own answer, for oneself alone: nobody else's page holds it."""
    mine = answer_of(context, view, one)
    if mine is None:
        return []
    worry = worry_text(mine.entry)
    words = [line(f"{context.t('position.worry')} ", typed(context, mine.entry, worry))] if worry else []
    text = str(mine.entry.data.get("text", ""))
    words += [line(f"{context.t('position.label.moved')}: ", typed(context, mine.entry, text))] if text else []
    level = level_words(context, one.levels.level(mine.level), mine.level)
    return [{"label": context.t("position.mine"), "text": level, "list": words}]


def vote_counts(context: PageContext, one: Round) -> Tally:
    """Dots, counts and words of the answers; nothing at all before they are shown together."""
    if not one.is_revealed:
        return {}

    def rows(found: Sequence[LevelCount]) -> list[TallyRow]:
        return [
            {"label": level_words(context, row.level), "n": row.n, "text": context.t("common.people_count", n=row.n)}
            for row in found
        ]

    lines = [context.t("position.none", n=one.silent)] if one.silent else []
    if one.left_count:
        lines.append(context.t("position.left", n=one.left_count))
    if one.withdrawn:
        lines.append(context.t("position.taken", n=one.withdrawn))
    return {
        "h": context.t("position.dot"),
        "rows": rows(one.rows),
        "apart": rows(one.beside_scale),
        "apart_h": context.t("position.off.h"),
        "none": " ".join(lines),
        "none_n": one.silent,
        "read_h": context.t("position.read.h"),
        "read": [context.t("position.read.1"), context.t("position.read.2")],
    }


def earlier_round(context: PageContext, one: Round) -> Point:
    """An earlier round in one line of words and counts: it stands as answers to the old words."""
    counts = [f"{level_words(context, row.level)}: {row.n}" for row in (*one.rows, *one.beside_scale) if row.n]
    return {
        "label": context.t("agreement.draft", n=one.number),
        "text": "; ".join(counts) or context.t("empty.answers"),
    }


def moved_points(context: PageContext, view: ParticipantView, one: Round) -> list[Point]:
    """Who answers otherwise than before, and why if they said. No names: answers are shown without them."""
    lines: list[TextLine] = []
    for moved in one.changes:
        before, after = (level_words(context, one.levels.level(code), code) for code in (moved.before, moved.after))
        contribution = view.of_id(moved.position.root)
        words = context.t("position.moved_line", before=before, after=after)
        if contribution is not None and contribution.is_active and contribution.text:
            lines.append(line(words, " “", typed(context, contribution.entry, contribution.text), "”"))
        else:
            lines.append(words)
    return [{"label": context.t("position.moved"), "text": "", "list": lines}] if lines else []


def proposal_actions(context: PageContext, view: ParticipantView, proposal: Proposal) -> list[Action | str]:
    """Answer, note a worry, write a new version; a facilitator shows the answers, a scribe too may end it."""
    last, version = proposal.last, proposal.last.version.id
    acts: list[Action | str] = []
    if len(proposal.contribution.versions) == 1:
        acts.append(position_action(context, last, [answer_of(context, view, one) for one in proposal.rounds]))
    acts.append(reservation_act(context, view, version))
    acts.append(version_action(context, proposal))
    if view.is_facilitator and not last.is_revealed:
        acts.append(reveal_action(context, last))
    if view.is_scribe and len(proposal.contribution.versions) == 1:
        acts.append(outcome_action(context, proposal))
    return acts


def likely_acts(context: PageContext, view: ParticipantView, proposal: Proposal) -> list[str]:
    """Answer, and say a worry; whoever has answered goes on to what comes next.

    Who leads does not always answer: what comes next stands beside their answer, and a worry is asked for with it.
    """
    last = proposal.last
    if answer_of(context, view, last) is None:
        if last.is_revealed:
            return ["position", "end" if view.is_scribe else "worry"]
        return ["position", "reveal" if view.is_facilitator else "worry"]
    if last.is_revealed:
        return ["end", "worry"] if view.is_scribe else ["worry", "talk"]
    return ["reveal", "position"] if view.is_facilitator else ["position", "worry"]


def reveal_action(context: PageContext, one: Round) -> Action:
    """Show all answers together; where some have not answered, that is said first."""
    t = context.t
    made: Action = {"name": "reveal", "label": t("position.button.show"), "kind": "setting",
                            "about": [["reveals", one.version.id]]}  # fmt: skip
    if one.silent:
        made["box"] = {"hint": f"{t('position.none', n=one.silent)} {t('position.show_now')}", "fields": [],
                       "button": t("position.button.show_now"), "seen": [t("seen.answers")]}  # fmt: skip
    return made


def position_action(context: PageContext, one: Round, given: Sequence[Position | None]) -> Action:
    """Answer; whoever answers with a worry is asked at once which, and is not made to write it.

    `given` are one's answers to all rounds, this one's last. What made them change is asked of those who change.
    """
    mine, before = given[-1], next((answer.level for answer in reversed(given) if answer), "")
    t, value = context.t, mine.level if mine else ""
    levels: LevelSet = one.levels
    shown = [
        *(Option(value=level.code, label=level_words(context, level)) for level in levels.levels),
        *(Option(value=level.code, label=level_words(context, level), apart=True) for level in levels.beside_scale),
    ]
    worried: When = {"level": [level.code for level in levels.levels if level.names_worry]}
    other: When = {"level": [option["value"] for option in shown if option["value"] != before]}
    lines = [t("seen.group")] if one.is_revealed else [t("agreement.seen"), t("agreement.seen_after")]
    return {
        "name": "position",
        "label": t("position.button.change") if value else t("position.button.give"),
        "filled": not value,
        "kind": "position",
        "about": [["answers", one.version.id]],
        "box": {
            "hint": t("position.hint"),
            "choices": [
                {
                    "key": "level",
                    "legend": t("position.h"),
                    "options": shown,
                    "value": value,
                    "required": True,
                    "apart_h": t("position.off.h"),
                    "place": 1,
                },
                {
                    "key": "unwritten",
                    "legend": "",
                    "options": option_list(context, [("yes", "position.worry_aloud")]),
                    "many": True,
                    "value": ["yes"] if mine and mine.entry.data.get("aloud") else [],
                    "when": worried,
                    "place": 3,
                },
            ],
            "fields": [
                {
                    "key": "worry",
                    "label": t("position.worry"),
                    "hint": t("position.worry_hint"),
                    "value": worry_text(mine.entry) if mine else "",
                    "rows": 3,
                    "when": worried,
                    "place": 2,
                },
                *([Field(key="text", label=t("position.label.moved"), rows=2, place=4, when=other)] if before else []),
            ],
            "button": t("position.button.change") if value else t("position.button.give"),
            "seen": [*lines, t("seen.small"), t("seen.back")],
        },
    }


def version_action(context: PageContext, proposal: Proposal) -> Action:
    """A new wording, or a new rule: a new round in either case, in which everybody is asked again."""
    t = context.t
    own, choices = proposal.last.rule, rule_choices(context)
    said = {f"rule_{key}": str(own.get(key, "") or "") for key in ("n", "name", "text")}
    for choice in choices:
        given = str(own.get("code", "")) if choice["key"] == "rule" else proposal.last.levels.id
        if any(option["value"] == given for option in choice["options"]):
            choice["value"] = given
    return {
        "name": "version",
        "label": t("agreement.button.new"),
        "kind": "edit",
        "about": [["replaces", version.id] for version in proposal.contribution.versions],
        "box": {
            "hint": t("rule.new_round"),
            "fields": [
                {"key": "text", "label": t("agreement.label.proposal"), "rows": 4, "required": True,
                 "value": proposal.contribution.text},
                *draw_fields(context, RULE_FIELDS, said),
            ],
            "choices": choices,
            "button": t("agreement.button.new"),
            "seen": [t("seen.group")],
        },
    }  # fmt: skip


def outcome_action(context: PageContext, proposal: Proposal) -> Action:
    t = context.t
    return {
        "name": "end",
        "label": t("ending.h"),
        "kind": "outcome",
        "about": [["closes", proposal.last.version.id]],
        "box": {
            "hint": f"{t('ending.read.hint')} {t('ending.hint')}",
            "choices": [
                answer_field(context, "outcome", [(code, f"ending.{word}") for code, word in OUTCOME_KEYS.items()], "",
                       t("ending.read.h"))
            ],
            "fields": [
                {"key": "text", "label": t("ending.words"), "rows": 3, "required": True,
                 "value": proposal.contribution.text},
                {"key": "next", "label": t("ending.label.who_next"), "line": True, "when": STAYS_OPEN},
            ],
            "button": t("ending.button.keep"),
            "seen": [*unsaid_line(context, proposal.last), t("seen.group"), t("reservation.printed")],
        },
    }  # fmt: skip


def unsaid_line(context: PageContext, one: Round) -> list[str]:
    """Before it is ended: of how many worries nobody knows whether their answer is enough."""
    waiting = one.verdict.unconfirmed if one.verdict is not None else 0
    return [context.t("ending.unsaid", n=waiting)] if waiting else []


# ---- what the acts do


@action("position")
def answer_proposal(context: PageContext, submission: Submission) -> None:
    """Answer a proposal. A worry that is named is asked for; its words stay with the answer and are shown with it."""
    state = context.record.state(context.workshop)
    version = next(iter(_about(state, submission, "answers")), None)
    level = level_set(state, version).level(str(submission.choices.get("level", ""))) if version else None
    names = level is not None and level.names_worry
    fields = {key: words for key, words in submission.fields.items() if names or key != "worry"}
    aloud = names and not fields.get("worry", "").strip()
    if aloud and not submission.choices.get("unwritten") and submission.id not in state.entries:
        raise Rejected(context.t("position.worry_ask"), "worry")
    choices = {key: value for key, value in submission.choices.items() if key != "unwritten"}
    context.answer(replace(submission, fields=fields, choices=choices), **({"aloud": True} if aloud else {}))


@action("reveal")
def reveal(context: PageContext, submission: Submission) -> str:
    """Show all answers to one wording together."""
    about = (("reveals", next(iter(submission.targets("reveals")), "")),)
    context.append_draft(Draft(submission.id, "setting", context.me, {"shows": "positions"}, about, how="facilitator"))
    return context.t("common.done")


@action("version")
def new_version(context: PageContext, submission: Submission) -> None:
    """A new round: the words, the rule and the level set are fixed anew, and nobody's answer is carried over."""
    state = context.record.state(context.workshop)
    before = _about(state, submission, "replaces")
    if not before:
        raise CoworkError("error.gone")
    if not submission.text.strip():
        raise Rejected(context.t("error.no_words"), "text")
    kept = {key: before[-1].data[key] for key in ("on", "unwritten", "quotes") if key in before[-1].data}
    rounds = 1 + max(round_number(state, entry) for entry in before)
    edited = replace(submission, kind="edit", fields={"text": submission.text})
    context.append("edit", edited, round=rounds, **kept, **rule_of(context, submission))


@action("end")
def end_proposal(context: PageContext, submission: Submission) -> None:
    """End it for now, in one of three equal ways; what the proposal rests on, its ending rests on too."""
    state = context.record.state(context.workshop)
    how = submission.choices.get("outcome")
    if how not in OUTCOME_KINDS:
        raise Rejected(context.t("error.no_choice"), "outcome")
    if not _about(state, submission, "closes"):
        raise CoworkError("error.gone")
    context.append("outcome", submission, outcome=how)


def _about(state: State, submission: Submission, relation: str) -> list[Entry]:
    """The entries here that a press is about in this relation."""
    return [state.entries[target] for target in submission.targets(relation) if target in state.entries]
