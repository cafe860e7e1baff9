"""My choices: every answer of join, to change at any time; a return code; all back, all erased; stopping."""

from __future__ import annotations

from typing import Any

from cowork.core.entries import Actor, Draft
from cowork.core.erasing import standing_texts, written_by
from cowork.core.ids import derived
from cowork.core.seen import Seen
from cowork.pages.consent_questions import NAME_LIMIT, OWN_LIMIT, answered, answers, chosen, own_name, questions
from cowork.pages.registry import page
from cowork.store import doors
from cowork.text.labels import PERSPECTIVES
from cowork.widgets import Ask, Dialog, Prose, Refused, Sent
from cowork.workbook import Here


@page("choices")
def choices(here: Here) -> list[Any]:
    """Show what was chosen, and keep what is chosen now."""
    say = here.say
    form = Ask(
        box="my-choices",
        quick=True,
        level=1,
        question=say("choices.h"),
        hint=say("choices.hint"),
        button=say("choices.button"),
        done=say("choices.saved"),
        seen=[say("join.seen")],
    )

    def tell(seen: Seen) -> None:
        before = chosen(here, seen)
        own = ", ".join(p for p in before["as"] if p not in PERSPECTIVES)
        name = {"label": say("join.name.label"), "hint": say("join.name.hint"), "limit": NAME_LIMIT}
        form.fields = [
            {**name, "key": "name", "line": True, "value": seen.name(here.me)},
            {"key": "own", "label": say("join.as.own"), "line": True, "limit": OWN_LIMIT, "value": own, "place": 2},
        ]
        form.choices = questions(here, seen, before, fold=False)

    here.follow(tell)

    def keep(sent: Sent) -> None:
        state = here.record.state(here.workshop)
        drafts = answers(here, sent, here.me, chosen(here, here.seen))
        wanted = own_name(here, sent)
        if wanted != here.seen.name(here.me):
            taken = {here.seen.name(p).casefold() for p in state.participants() if p != here.me}
            if wanted and wanted.casefold() in taken:
                raise Refused(say("error.name_taken"), "name")
            drafts.append(Draft(derived(sent.id + "name"), "participant", here.me, {"name": wanted}))
        _write(here, drafts)

    form.on_shared(keep)
    back = Dialog(
        button=say("choices.return_button"),
        heading=say("choices.return_h"),
        lines=[say("choices.return_hint")],
        yes=say("choices.return_button"),
        no=say("common.close"),
    )

    def make_code(message: dict[str, Any]) -> None:
        code = doors.new_return_code(here.record, here.workshop, here.me)
        # Shown in a message to this one screen and never in a trait: a trait can be asked for.
        back.show([code, say("join.code.hint")])

    back.on_do("yes", make_code)
    leave = _asking(
        here,
        "choices.leave_button",
        "choices.leave_h",
        "choices.leave_hint",
        "choices.leave_button",
        "forget.no",
    )
    leave.on_do("yes", lambda message: _leave(here))
    take = Dialog(
        button=say("back.take_all"),
        heading=say("back.take_all"),
        lines=[say(f"back.take_all_{part}") for part in ("what", "hint", "stays", "erase")],
        yes=say("back.take_all"),
        no=say("erase.no"),
    )
    take.on_do("yes", lambda message: _take_all(here, take))
    erase = Dialog(
        button=say("erase.all"),
        heading=say("erase.h"),
        lines=[say("erase.all_what"), *(say(f"erase.{n}") for n in range(1, 7)), say("erase.all_stays")],
        yes=say("erase.yes"),
        no=say("erase.no"),
    )
    erase.on_do("yes", lambda message: _erase_all(here, erase))
    nameless = _asking(here, "erase.name", "erase.name_h", "erase.name_hint", "erase.yes", "erase.name_no")
    nameless.on_do("yes", lambda message: _erase_name(here, nameless))
    forget = _asking(here, "common.forget_here", "forget.h", "forget.hint", "forget.yes", "forget.no")
    forget.on_do("yes", lambda message: here.visit.shell.forget(here.visit.code))
    return [
        form,
        Prose(blocks=[{"h": say("choices.return_h"), "level": 2}, {"hint": say("choices.return_hint")}]),
        back,
        Prose(blocks=[{"h": say("back.h"), "level": 2}, {"hint": say("back.reason")}]),
        take,
        erase,
        nameless,
        leave,
        forget,
    ]


def _asking(here: Here, button: str, heading: str, line: str, yes: str, no: str) -> Dialog:
    say = here.say
    return Dialog(button=say(button), heading=say(heading), lines=[say(line)], yes=say(yes), no=say(no))


def _write(here: Here, drafts: list[Draft]) -> None:
    if drafts:
        here.record.append_many(here.workshop, drafts, Actor(here.me))
    here.feed.look()


def _take_all(here: Here, box: Dialog) -> None:
    """Take back every text of this person, also one that nobody sees now: a rendering of words that were taken back
    would stand again with them."""
    texts = standing_texts(here.record.state(here.workshop), here.me)
    _about_many(here, "withdrawal", tuple(("withdraws", one) for one in texts))
    box.show([here.say("back.take_all_done")])


def _erase_all(here: Here, box: Dialog) -> None:
    """Erase everything this person wrote here: texts, reasons, new wordings of others' texts, the group's own words."""
    _about_many(here, "erasure", written_by(here.record.state(here.workshop), here.me).about())
    _erased(here, box)


def _erase_name(here: Here, box: Dialog) -> None:
    """Erase every name this person has had here."""
    names = written_by(here.record.state(here.workshop), here.me).names
    _about_many(here, "erasure", tuple(("erases-version", one) for one in names))
    _erased(here, box)


def _erased(here: Here, box: Dialog) -> None:
    """ "Erased" is said only of what is gone from the disk."""
    box.show([here.say("state.erasing" if here.record.keeper.scrubbing() else "receipt.here")])


def _about_many(here: Here, kind: str, about: tuple[tuple[str, str], ...], size: int = 400) -> None:
    """One act on all of these, in as many entries as it takes."""
    parts = [about[i : i + size] for i in range(0, len(about), size)]
    _write(here, [Draft(here.record.new_id(), kind, here.me, {}, part) for part in parts])


def _leave(here: Here) -> None:
    _write(here, [answered(here, here.record.new_id(), here.me, "part", "no")])
    here.visit.left()
