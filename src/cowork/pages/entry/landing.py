"""The landing page: create a workshop, join one with its code, come back, or open an example."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.ids import normalise_workshop_code
from cowork.pages.registry import page
from cowork.pages.session.return_code import return_form
from cowork.pages.submissions import submit
from cowork.store import creation_quotas
from cowork.widgets import Component, Form, Prose, Submission
from cowork.widgets.types import Block


@page("front", front_door=True)
def landing(context: PageContext) -> list[Component]:
    """Ask for a code; offer the ways in beside it."""
    t, remembered = context.t, context.session.remembered_workshops
    join = Form(
        box="door-code",
        quick=True,
        level=2,
        question=t("front.join_h"),
        fields=[{"key": "code", "label": t("join.label.code"), "line": True, "required": True, "limit": 40}],
        button=t("front.join_button"),
    )
    back = return_form(context)
    start = _press(context, "door-start", "front.start_h", "front.start_hint", "front.start_button")
    example = _press(context, "door-example", "front.example_h", "front.example_hint", "front.example_button")

    head: list[Block] = [{"h": t("front.h"), "level": 1}, {"hint": t("front.hint")}]
    parts: list[Component] = [Prose(blocks=head)]
    if remembered:
        blocks: list[Block] = [{"h": t("front.mine_h"), "level": 2}]
        for one in remembered:
            code, title = str(one.get("code", ""))[:40], str(one.get("title", ""))[:200]
            blocks.append({"link": {"href": f"?w={code}", "text": title or code}})
        parts.append(Prose(blocks=[*blocks, {"hint": t("front.mine_hint")}]))
    return [*parts, join, start, example, back]


@submit("door-code", field="code", replay=False)
def enter_code(context: PageContext, submission: Submission) -> None:
    """Go to the workshop of a typed code."""
    session, code = context.session, submission.fields.get("code", "")
    known = [normalise_workshop_code(workshop.get("code", "")) for workshop in session.remembered_workshops]
    # A code this device says it knows is not guessed: its key decides in a moment, and counts like a guess.
    if normalise_workshop_code(code) not in known:
        session.find_workshop(code)
    session.enter_workshop(code)


@submit("door-start", replay=False)
def show_opening(context: PageContext, submission: Submission) -> None:
    """Go to the page that creates a workshop."""
    context.session.go("opening")


@submit("door-example", replay=False)
def open_example(context: PageContext, submission: Submission) -> None:
    """Make an example workshop and go there."""
    from cowork.imports import demo  # its file is large, and few people ask for it

    creation_quotas.reserve_creation(context.record, creation_quotas.EXAMPLE_QUOTA, context.session.source)
    _, code = demo.load_demo(context.record, "ward-letter")
    context.session.enter_workshop(code)


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
