"""The front door: start a workshop, join one with its code, come back, or look round an example."""

from __future__ import annotations

from typing import Any

from cowork.core.errors import CoworkError
from cowork.core.ids import tidy_code
from cowork.pages.registry import page
from cowork.pages.returning import return_form
from cowork.store import quotas
from cowork.widgets import Ask, Prose, Sent
from cowork.workbook import Here, refused


@page("front", front_door=True)
def front(here: Here) -> list[Any]:
    """Ask for a code; offer the ways in beside it."""
    say, visit = here.say, here.visit

    join = Ask(
        box="door-code",
        quick=True,
        level=2,
        question=say("front.join_h"),
        fields=[{"key": "code", "label": say("join.label.code"), "line": True, "required": True, "limit": 40}],
        button=say("front.join_button"),
    )
    back = return_form(here)
    start = _press(here, "door-start", "front.start_h", "front.start_hint", "front.start_button")
    example = _press(here, "door-example", "front.example_h", "front.example_hint", "front.example_button")

    def enter(sent: Sent) -> None:
        code = sent.fields.get("code", "")
        known = tidy_code(code) in [tidy_code(one.get("code", "")) for one in visit.mine]
        try:
            # A code this device says it knows is not guessed: its key decides in a moment, and counts like a guess.
            if not known:
                visit.find(code)
        except CoworkError as error:
            raise refused(error, here.lang, "code") from error
        visit.entered(code)

    def look(sent: Sent) -> None:
        from cowork.imports import practice

        quotas.reserve(here.record, quotas.EXAMPLE, visit.source)
        _, code = practice.load(here.record, "ward-letter")
        visit.entered(code)

    join.on_shared(enter)
    start.on_shared(lambda sent: visit.go("opening"))
    example.on_shared(look)
    head: list[dict[str, Any]] = [{"h": say("front.h"), "level": 1}, {"hint": say("front.hint")}]
    parts: list[Any] = [Prose(blocks=head)]
    if visit.mine:
        blocks: list[dict[str, Any]] = [{"h": say("front.mine_h"), "level": 2}]
        for one in visit.mine:
            code, title = str(one.get("code", ""))[:40], str(one.get("title", ""))[:200]
            blocks.append({"link": {"href": f"?w={code}", "text": title or code}})
        parts.append(Prose(blocks=[*blocks, {"hint": say("front.mine_hint")}]))
    return [*parts, join, start, example, back]


def _press(here: Here, box: str, question: str, hint: str, button: str) -> Ask:
    return Ask(
        box=box,
        quick=True,
        level=2,
        question=here.say(question),
        hint=here.say(hint),
        button=here.say(button),
        quiet_button=True,
    )
