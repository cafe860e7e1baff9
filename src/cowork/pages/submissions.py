"""What submitting a form does, registered by the name of the form's box: writing stands apart from drawing.

Words may arrive when their page is open no longer (a device kept them without connection). Their handler is found by
the name of the box they were written in, and no page is drawn to find it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cowork.context import PageContext, to_rejection
from cowork.core.errors import CoworkError
from cowork.widgets import Submission
from cowork.widgets.submission import accept_fields

SubmitHandler = Callable[[PageContext, Submission], "str | bool | None"]


@dataclass(frozen=True)
class SubmitRule:
    """One registered handler and what holds for its form."""

    handler: SubmitHandler
    field: str = ""
    fields: Mapping[str, int] | None = None
    replay: bool = True


_rules: dict[str, SubmitRule] = {}


def submit(
    box: str, *, field: str = "", fields: Mapping[str, int] | None = None, replay: bool = True
) -> Callable[[SubmitHandler], SubmitHandler]:
    """Register what submitting the form of this box does.

    A form that gives no name to its box has the key of its page. `"alone-*"` registers every box that begins with
    `alone-`; where several fit, the longest holds (`box_suffix` gives the rest of the name). `field` names the field
    beside which an error of the record is shown. `fields` gives the fields of the form and the code points each may
    have (0: as many as any text), so that words which come without their page hold the same limits.

    `replay=False`: only the open form submits. Say so for a form that is `quick`: its words are kept on no device, so
    nothing but a forged message brings them without their page.
    """

    def register(handler: SubmitHandler) -> SubmitHandler:
        _rules[box] = SubmitRule(handler, field, fields, replay)
        return handler

    return register


def box_name(box: str) -> str:
    """The name of a box as its page gives it: what stands behind the @ is whom a scribe writes for."""
    return box.partition("@")[0]


def box_suffix(submission: Submission, prefix: str) -> str:
    """What stands behind `prefix` in the name of a box that was registered as `prefix*`."""
    return box_name(submission.box).removeprefix(prefix)


def find_rule(box: str) -> SubmitRule | None:
    """The rule for this box: by its whole name, else by the longest beginning that is registered."""
    name = box_name(box)
    if name in _rules:
        return _rules[name]
    found = [pattern for pattern in _rules if pattern.endswith("*") and name.startswith(pattern[:-1])]
    return _rules[max(found, key=len)] if found else None


def submit_form(context: PageContext, box: str, submission: Submission) -> str | bool | None:
    """Hand a submission of the open form `box` to its handler.

    The name is the form's own and not the browser's: a handler may read from it which session or element is meant.
    """
    rule = find_rule(box)
    if rule is None:
        raise RuntimeError(f"no handler for the box {box!r}: register one with @submit({box_name(box)!r})")
    return _call(rule, context, replace(submission, box=box))


def replay(context: PageContext, submission: Submission) -> str | bool | None:
    """Hand over words that come without their page, held to the fields of their form."""
    rule = find_rule(submission.box)
    if rule is None or not rule.replay:
        raise RuntimeError(f"no handler takes the box {submission.box!r} while its page is closed")
    if rule.fields is not None:
        submission = accept_fields(submission, rule.fields)
    return _call(rule, context, submission)


def _call(rule: SubmitRule, context: PageContext, submission: Submission) -> str | bool | None:
    context = context.for_submission(submission)
    try:
        return rule.handler(context, submission)
    except CoworkError as error:
        if not rule.field:
            raise  # the form words it
        raise to_rejection(error, context.lang, rule.field) from error
