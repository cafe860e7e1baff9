"""How we meet: one of nine ways, chosen for each session or period; how each person takes part; the path so far.

A way of meeting describes and never ranks. Who took part how is told as counts, and not at all where few people would
be pointed out by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cowork.analysis.voices import SPACES, TIMES, WAYS, episodes, ways_in
from cowork.core.entries import Actor, Draft
from cowork.core.errors import BadWords, CoworkError
from cowork.core.ids import derived
from cowork.core.may import has_device
from cowork.core.seen import Seen
from cowork.pages.consent_questions import options
from cowork.pages.meeting import cell_of, lines_by_cell, path, present, typed
from cowork.pages.registry import page
from cowork.pages.signatures import spoken
from cowork.widgets import Ask, Prose, Sent
from cowork.widgets.sent import check_words
from cowork.workbook import Here, refused

#: Fields of an episode that are typed, with how many code points each may have.
TYPED = {"name": 120, "start": 120, "end": 120, "tool": 200, "absent": 2000}


@page("setting")
def setting(here: Here) -> list[Any]:
    """The facilitator says how we meet; everyone says how they take part, and sees the path."""
    so_far = Prose(blocks=[])
    here.follow(lambda now: setattr(so_far, "blocks", path(here, now)))
    way = _way(here)
    if here.facilitator:
        return [_keep_form(here), *way, so_far, _new_form(here)]
    top = Prose(blocks=[])
    here.follow(lambda now: setattr(top, "blocks", present(here, now)))
    return [top, *way, so_far]


# ---- what a facilitator sets


def _cells(here: Here, chosen: str, **more: Any) -> dict[str, Any]:
    """The nine ways as one set of answers, which a wide screen shows as three rows of three."""
    say = here.say
    return {
        "key": "cell",
        "legend": "",
        "options": [
            {"value": f"{time}/{space}", "label": say(f"setting.cell.{time}_{space}")}
            for time in TIMES
            for space in SPACES
        ],
        "grid": {
            "rows": [
                {"key": time, "label": say(f"setting.time.{time}"), "hint": say(f"setting.time.{time}_hint")}
                for time in TIMES
            ],
            "cols": [{"key": space, "label": say(f"setting.space.{space}")} for space in SPACES],
        },
        "value": chosen,
        **more,
    }


def _fields(here: Here, said: Mapping[str, str], **more: Any) -> list[dict[str, Any]]:
    say = here.say
    boxes: list[dict[str, Any]] = [
        *({"key": key, "label": say(f"setting.label.{key}"), "line": True} for key in ("start", "end", "tool")),
        {"key": "absent", "label": say("setting.label.absent"), "hint": say("setting.absent_hint"), "rows": 2},
    ]
    return [{**box, "limit": TYPED[box["key"]], "value": said.get(box["key"], ""), "place": 2, **more} for box in boxes]


def _name_field(here: Here, value: str, **more: Any) -> dict[str, Any]:
    field = {"key": "name", "label": here.say("setting.label.name"), "hint": here.say("setting.name_hint")}
    return {**field, "line": True, "limit": TYPED["name"], "value": value, **more}


def _keep_form(here: Here) -> Ask:
    """How this session or period is held. The form stays with the one it was opened for."""
    say = here.say
    episode = here.seen.state.current_episode()
    form = Ask(
        box=f"setting:{episode}",  # what is being typed for one session is no draft for the next
        quick=True,
        level=1,
        eyebrow=say("setting.outcome"),
        question=say("setting.h"),
        hint=say("setting.hint"),
        mean={"h": say("setting.mean.h"), "lines": [say(f"setting.mean.{n}") for n in range(1, 5)]},
        fold_h=say("start.more"),
        button=say("setting.button.keep"),
        done=say("setting.kept"),
        seen=[say("setting.seen")],
        seen_by_choice=lines_by_cell(here),
    )

    def tell(now: Seen) -> None:
        found = next((e for e in episodes(now) if e.id == episode), None)
        form.choices = [_cells(here, cell_of(found))]
        form.fields = [_name_field(here, found.name if found else "", place=1), *_fields(here, typed(found), fold=True)]

    here.follow(tell)
    form.on_shared(lambda sent: keep(here, sent, episode))
    return form


def _new_form(here: Here) -> Ask:
    """Begin another session or period, held as the one before unless something else is chosen."""
    say = here.say
    form = Ask(
        box=f"setting:new:{here.seen.state.current_episode()}",
        quick=True,
        level=2,
        question=say("setting.button.new"),
        hint=say("setting.new_hint"),
        fold_h=say("setting.new_same"),
        button=say("setting.button.new"),
        quiet_button=True,
        seen=[say("setting.seen")],
    )

    def tell(now: Seen) -> None:
        found = [e for e in episodes(now) if not e.brought_in]
        cells = _cells(here, cell_of(found[-1] if found else None), fold=True, place=1, legend=say("setting.h"))
        form.choices = [cells]
        form.fields = [_name_field(here, "", required=True), *_fields(here, {}, fold=True)]

    here.follow(tell)

    def begin(sent: Sent) -> None:
        if not sent.fields.get("name", "").strip():
            raise refused(BadWords("error.no_words"), here.lang, "name")
        _write(here, begun(here, sent))
        here.visit.shell.speak(say("setting.added"))
        here.visit.go("setting")

    form.on_shared(begin)
    return form


def begun(here: Here, sent: Sent) -> list[Draft]:
    """A new session or period and its way of meeting. The ids follow from what was sent: once is once."""
    episode = derived(sent.id + "episode")
    body = {key: words for key, words in _typed(here, sent).items() if words}
    drafts = [Draft(episode, "episode", here.me, body, how="facilitator", episode=episode)]
    chosen = _chosen(sent)
    if chosen:
        drafts.append(_setting(here, sent, chosen, episode))
    return drafts


def keep(here: Here, sent: Sent, episode: str) -> None:
    """Write what changed of a session or period: how it is held, and what was said of it. All of it, or nothing."""
    state = here.record.state(here.workshop)
    if not episode:  # a record without any: this begins the first
        _write(here, begun(here, sent))
        return
    if {derived(sent.id + "kept"), derived(sent.id + "setting")} & set(state.entries):
        return  # it came before
    found = next(e for e in episodes(here.seen) if e.id == episode)
    chosen, before = _chosen(sent), typed(found)
    changed = {key: words for key, words in _typed(here, sent).items() if words != before.get(key, "")}
    drafts = []
    if changed:
        about = tuple(("replaces", version.id) for version in state.current(episode))
        body = {**found.entry.data, **changed}
        drafts.append(Draft(derived(sent.id + "kept"), "edit", here.me, body, about, how="facilitator"))
    if chosen and chosen != cell_of(found):
        drafts.append(_setting(here, sent, chosen, episode))
    if not (drafts or chosen):
        raise BadWords("error.no_choice")
    _write(here, drafts)


def _setting(here: Here, sent: Sent, chosen: str, episode: str) -> Draft:
    time, _, space = chosen.partition("/")
    body = {"time": time, "space": space}
    return Draft(derived(sent.id + "setting"), "setting", here.me, body, how="facilitator", episode=episode)


def _chosen(sent: Sent) -> str:
    """One of the nine, or "" where none was chosen; anything else was never offered."""
    chosen = sent.choices.get("cell", "")
    if chosen == "" or chosen in [f"{time}/{space}" for time in TIMES for space in SPACES]:
        return str(chosen)
    raise BadWords("error.no_choice")


def _typed(here: Here, sent: Sent) -> dict[str, str]:
    return {
        key: check_words(sent.fields.get(key, ""), here.lang, key, most).strip()
        for key, most in TYPED.items()
        if key in sent.fields
    }


def _write(here: Here, drafts: list[Draft]) -> None:
    if drafts:
        here.record.append_many(here.workshop, drafts, Actor(here.me))
    here.feed.look()


# ---- what everyone says of themselves


def _way(here: Here) -> list[Ask]:
    """How somebody takes part this time: theirs alone to say, at any time, again within a session too."""
    say, state = here.say, here.seen.state
    theirs = here.writing_for
    if theirs and (has_device(state, theirs) or not state.takes_part(theirs)):
        return []
    if "observer" in here.seen.roles and not here.facilitator:
        return []
    name = spoken(here, here.seen, theirs) if theirs else ""
    form = Ask(
        box="setting:way",
        quick=True,
        level=2,
        question=say("setting.way_h_for", name=name) if theirs else say("setting.way_h"),
        hint=say("setting.way_hint"),
        button=say("choices.button"),
        quiet_button=here.facilitator,
        done=say("setting.way_kept"),
        seen=[say("setting.way_seen"), say("setting.way_seen_scribe")],
    )

    def tell(now: Seen) -> None:
        said = ways_in(now.state, now.state.current_episode()).get(here.voice, "")
        asked = {"key": "way", "legend": "", "options": options(here, "join.way", WAYS), "required": True}
        form.choices = [{**asked, "value": said}]

    here.follow(tell)

    def say_way(sent: Sent) -> None:
        way = sent.choices.get("way")
        try:
            if way not in WAYS:
                raise BadWords("error.no_choice")
            how = "scribe" if theirs else "self"
            body = {"way": way, **({"written_by": here.me} if theirs else {})}
            here.write(Draft(sent.id, "attendance", here.voice, body, how=how))
        except CoworkError as error:
            raise refused(error, here.lang, "way") from error

    form.on_shared(say_way)
    return [form]
