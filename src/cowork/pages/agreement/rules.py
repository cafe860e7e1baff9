"""The rule of a proposal and the words to answer it with: asked for, checked, and said in words."""

from __future__ import annotations

from typing import Any

from cowork.context import PageContext
from cowork.core.level_sets import LEVELS, Level
from cowork.core.proposals import RULES
from cowork.pages.kit.fields import field_limits, option_list
from cowork.widgets import Rejected, Submission
from cowork.widgets.types import ChoiceField, Field

#: What belongs to a rule and is typed.
RULE_FIELDS = (
    Field(key="rule_n", label="rule.n_label", line=True, limit=4, place=4, when={"rule": "count"}),
    Field(key="rule_name", label="rule.name_label", line=True, limit=200, place=4, when={"rule": "advice"}),
    Field(key="rule_text", label="rule.own", rows=2, limit=1000, place=4, when={"rule": "own"}),
)


def rule_choices(context: PageContext) -> list[ChoiceField]:
    """The questions that fix the rule, and the words to answer with, before anyone answers."""
    t = context.t
    rules = option_list(context, [(code, _OPTION_KEYS.get(code, f"rule.{code}")) for code in RULES])
    rules[RULES.index("count")]["hint"] = t("rule.count_hint")
    return [
        {
            "key": "rule",
            "legend": t("rule.h"),
            "hint": t("rule.hint"),
            "options": rules,
            "value": "answered",
            "required": True,
            "place": 3,
        },
        {
            "key": "levels",
            "legend": t("levels.h"),
            "options": option_list(context, [("five", "levels.default"), ("consent", "levels.consent")]),
            "value": "five",
            "fold": True,
            "place": 7,
        },
    ]


#: What these rules are called among the answers, where nothing is filled into their words as yet.
_OPTION_KEYS = {"count": "rule.count_option", "advice": "rule.advice_option"}


def rule_of(context: PageContext, submission: Submission) -> dict[str, Any]:
    """The rule and the words to answer with, as they are fixed with a wording."""
    code = submission.choices.get("rule", "")
    levels = submission.choices.get("levels", "five")
    if code not in RULES or levels not in LEVELS:
        raise Rejected(context.t("error.no_rule"), "rule")
    rule: dict[str, Any] = {"code": code}
    if code == "count":
        n = submission.fields.get("rule_n", "").strip()
        if not n.isdecimal() or not 0 < int(n) <= 1000:
            raise Rejected(context.t("rule.no_number"), "rule_n")
        rule["n"] = int(n)
    for typed, of in (("name", "advice"), ("text", "own")):
        if code == of:
            key = f"rule_{typed}"
            rule[typed] = submission.fields.get(key, "").strip()[: field_limits(RULE_FIELDS)[key]]
            if not rule[typed]:
                raise Rejected(context.t("error.no_words"), key)
    return {"rule": rule, "levels": levels}


def rule_words(context: PageContext, rule: dict[str, Any], asked: int) -> str:
    """A rule in words."""
    code = str(rule.get("code", ""))
    if rule.get("text"):
        return str(rule["text"])
    if code not in RULES:
        return context.t("error.no_rule")
    if code == "count":
        return context.t("rule.count", n=rule.get("n", 0), N=asked)
    if code == "advice":
        return context.t("rule.advice", name=rule.get("name", ""))
    return context.t(f"rule.{code}")


def level_words(context: PageContext, level: Level | None, code: str = "") -> str:
    """An answer in words: ours from the catalogue, a workshop's own as it was given."""
    if level is None:
        return code
    return context.t(level.key) if level.key else level.label
