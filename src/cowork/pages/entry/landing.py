"""The front door: start a workshop, join one with its code, come back, or look round an example."""

from __future__ import annotations

from typing import Any

from cowork.context import PageContext, to_rejection
from cowork.core.errors import CoworkError
from cowork.core.ids import tidy_code
from cowork.pages.registry import page
from cowork.pages.session.return_code import return_form
from cowork.store import creation_quotas
from cowork.widgets import Form, Prose, Submission


@page("front", front_door=True)
def landing(context: PageContext) -> list[Any]:
    """Ask for a code; offer the ways in beside it."""
    say, session = context.t, context.session

    join = Form(
        box="door-code",
        quick=True,
        level=2,
        question=say("front.join_h"),
        fields=[{"key": "code", "label": say("join.label.code"), "line": True, "required": True, "limit": 40}],
        button=say("front.join_button"),
    )
    back = return_form(context)
    start = _press(context, "door-start", "front.start_h", "front.start_hint", "front.start_button")
    example = _press(context, "door-example", "front.example_h", "front.example_hint", "front.example_button")

    def enter(submission: Submission) -> None:
        code = submission.fields.get("code", "")
        known = tidy_code(code) in [tidy_code(one.get("code", "")) for one in session.mine]
        try:
            # A code this device says it knows is not guessed: its key decides in a moment, and counts like a guess.
            if not known:
                session.find(code)
        except CoworkError as error:
            raise to_rejection(error, context.lang, "code") from error
        session.entered(code)

    def look(submission: Submission) -> None:
        from cowork.imports import demo

        creation_quotas.reserve_creation(context.record, creation_quotas.EXAMPLE, session.source)
        _, code = demo.load_demo(context.record, "ward-letter")
        session.entered(code)

    join.on_submit(enter)
    start.on_submit(lambda submission: session.go("opening"))
    example.on_submit(look)
    head: list[dict[str, Any]] = [{"h": say("front.h"), "level": 1}, {"hint": say("front.hint")}]
    parts: list[Any] = [Prose(blocks=head)]
    if session.mine:
        blocks: list[dict[str, Any]] = [{"h": say("front.mine_h"), "level": 2}]
        for one in session.mine:
            code, title = str(one.get("code", ""))[:40], str(one.get("title", ""))[:200]
            blocks.append({"link": {"href": f"?w={code}", "text": title or code}})
        parts.append(Prose(blocks=[*blocks, {"hint": say("front.mine_hint")}]))
    return [*parts, join, start, example, back]


def _press(context: PageContext, box: str, question: str, hint: str, button: str) -> Form:
    return Form(
        box=box,
        quick=True,
        level=2,
        question=context.t(question),
        hint=context.t(hint),
        button=context.t(button),
        quiet_button=True,
    )
