"""The rule of a proposal and the words to answer it with: asked for, checked, and said in words."""

from __future__ import annotations

from typing import Any

from cowork.context import PageContext, to_rejection
from cowork.core.errors import CoworkError
from cowork.core.level_sets import LEVELS, Level
from cowork.core.proposals import RULES
from cowork.widgets import Submission
from cowork.widgets.types import ChoiceField, Field, Option

#: Code points of each field of a rule, on the form and where its words come without the form.
RULE_LIMITS = {"rule_n": 4, "rule_name": 200, "rule_text": 1000}


def rule_fields(context: PageContext) -> tuple[list[Field], list[ChoiceField]]:
    """(fields, choices) in which the rule and the words to answer with are fixed before anyone answers."""
    t = context.t
    rules: list[Option] = [
        {"value": code, "label": t(f"rule.{code}_option" if code in ("count", "advice") else f"rule.{code}")}
        for code in RULES
    ]
    rules[RULES.index("count")]["hint"] = t("rule.count_hint")
    choices: list[ChoiceField] = [
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
            "options": [
                {"value": "five", "label": t("levels.default")},
                {"value": "consent", "label": t("levels.consent")},
            ],
            "value": "five",
            "fold": True,
            "place": 7,
        },
    ]
    fields: list[Field] = [
        {"key": "rule_n", "label": t("rule.n_label"), "line": True, "when": {"rule": "count"}},
        {"key": "rule_name", "label": t("rule.name_label"), "line": True, "when": {"rule": "advice"}},
        {"key": "rule_text", "label": t("rule.own"), "rows": 2, "when": {"rule": "own"}},
    ]
    return [{**field, "limit": RULE_LIMITS[field["key"]], "place": 4} for field in fields], choices


def rule_of(context: PageContext, submission: Submission) -> dict[str, Any]:
    """The rule and the words to answer with, as they are fixed with a wording."""
    code = submission.choices.get("rule", "")
    levels = submission.choices.get("levels", "five")
    if code not in RULES or levels not in LEVELS:
        raise to_rejection(CoworkError("error.no_rule"), context.lang, "rule")
    rule: dict[str, Any] = {"code": code}
    if code == "count":
        n = submission.fields.get("rule_n", "").strip()
        if not n.isdecimal() or not 0 < int(n) <= 1000:
            raise to_rejection(CoworkError("rule.no_number"), context.lang, "rule_n")
        rule["n"] = int(n)
    if code == "advice":
        rule["name"] = submission.fields.get("rule_name", "").strip()[:200]
        if not rule["name"]:
            raise to_rejection(CoworkError("error.no_words"), context.lang, "rule_name")
    if code == "own":
        rule["text"] = submission.fields.get("rule_text", "").strip()[:1000]
        if not rule["text"]:
            raise to_rejection(CoworkError("error.no_words"), context.lang, "rule_text")
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
