"""Something I see in someone else: they see it first, and nobody else does before they say yes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.core.errors import BadWords, CoworkError
from cowork.core.fold import State
from cowork.core.may import has_device, writes_for
from cowork.core.seen import Contribution, Seen, let_by, seen_in
from cowork.pages.acting import act
from cowork.pages.cards import Card
from cowork.pages.signatures import signature
from cowork.text.labels import ASSET_SORTS
from cowork.widgets import Sent
from cowork.workbook import Here, refused


def sort_of(sent: Sent) -> dict[str, Any]:
    """What kind of asset it is, where that was said."""
    sort = sent.choices.get("sort", "")
    if sort not in ("", *ASSET_SORTS):
        raise BadWords("error.no_choice")
    return {"sort": sort} if sort else {}


def others(here: Here, seen: Seen) -> dict[str, str]:
    """Who somebody may see something in: person -> name. They must be there to be asked, and to answer.

    Somebody without a device is asked aloud, by a scribe, who knows the words already.
    """
    state = seen.state
    found = {}
    for person in state.participants():
        name = seen.name(person)
        asked = has_device(state, person) or seen.scribe
        if name and person != here.voice and state.takes_part(person) and asked:
            found[person] = name
    return found


def see_in(here: Here, sent: Sent) -> str | None:
    """Write what somebody sees in another person; nobody else sees it before that person says yes."""
    here = here.as_sent(sent)
    state = here.record.state(here.workshop)
    who = sent.choices.get("who")
    try:
        if not isinstance(who, str) or (sent.id not in state.entries and who not in others(here, here.seen)):
            raise BadWords("error.no_choice")
        first = state.of_person(who, "participant")[0].id
        plain = replace(sent, about=(), choices={**sent.choices, "seen": "group"})
        body: dict[str, Any] = {"scope": "group", "for": who, **sort_of(sent)}
        here.add("asset", plain, also=[("sees-in", first)], **body)
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error
    return here.say("assets.for_other_wait", name=here.seen.name(who))


def on_card(here: Here, seen: Seen, c: Contribution, made: Card) -> None:
    """What a card says and offers where somebody sees this in another person."""
    say, state = here.say, seen.state
    person = seen_in(state, state.entries[c.id])[0]
    name = seen.name(person) or say("common.no_name")
    waits, answer = waits_for_them(seen, c), _answer(state, c, person)
    made["tag"] = say("assets.seen_in", name=name)
    if waits:
        # Not yet the group's: nobody but the two is told of it, also not by talk about it.
        inside = ("change", "take", "put", "erase", "keep")
        made["acts"] = [a for a in made["acts"] if a in inside]
    if c.standing != "here":
        return
    mine = seen.viewer == person
    if waits and not mine:
        made["note"] = [*made["note"], say("assets.for_other_wait", name=name)]
    if waits and answer == "yes":
        made["note"] = [say("assets.for_other_let_words"), *made["note"]]
    if not mine and not (seen.scribe and writes_for(state, person) and here.voice in (here.me, person)):
        return
    if waits:
        by = signature(here, seen, c)
        nameless = by == say("common.no_name")
        asks = say("assets.for_other_ask_unnamed") if nameless else say("assets.for_other_ask", name=by)
        left = [say("assets.for_other_let_not")] if answer == "no" else [asks]
        made["note"] = [*left, *([say("assets.for_other_only")] if mine else []), *made["note"]]
    elif mine:
        made["note"] = [say("assets.for_other_let"), *made["note"]]
    given = [] if not waits else ["yes"]
    given += ["no"] if answer != "no" else []
    made["acts"] = [*(_let_act(here, c, person, result) for result in given), *made["acts"]]


def waits_for_them(seen: Seen, c: Contribution) -> bool:
    """True for what is seen in somebody who has not let the others see these words."""
    people = seen_in(seen.state, seen.state.entries[c.id])
    return any(not let_by(seen.state, c.entry, person) for person in people)


def _answer(state: State, c: Contribution, person: str) -> str:
    """The person's last answer to any of these words."""
    found = [
        state.entries[entry_id]
        for version in state.versions_from(c.id)
        for entry_id in state.about(version, "checks")
        if state.entries[entry_id].header.by == person and not state.withdrawals(state.root(entry_id))
    ]
    return str(state.sorted(found)[-1].data.get("result", "")) if found else ""


def _let_act(here: Here, c: Contribution, person: str, result: str) -> dict[str, Any]:
    return {
        "name": f"let-{result}",
        "label": here.say(f"assets.for_other_{result}"),
        "kind": "check",
        "about": [["checks", c.entry.id]],
        "choices": {"result": result, **({"for": person} if person != here.me else {})},
        "strong": result == "yes",
    }


@act("let-yes")
@act("let-no")
def let(here: Here, sent: Sent) -> None:
    """The person's own answer to what is seen in them. A no is between the two: nobody else learns of it."""
    result = sent.choices.get("result")
    if result not in ("yes", "no"):
        raise BadWords("error.no_choice")
    about = tuple(pair for pair in sent.about if pair[0] == "checks")
    choices = {key: value for key, value in sent.choices.items() if key == "for"}
    plain = replace(sent, about=about, fields={}, choices={**choices, "seen": "only-me" if result == "no" else "group"})
    here.add("check", plain, wordless=True, result=result)
