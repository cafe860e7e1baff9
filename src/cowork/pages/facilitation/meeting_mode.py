"""How we meet: one of nine ways, chosen for each session or period; how each person takes part; the path so far.

A way of meeting describes and never ranks. Who took part how is told as counts, and not at all where few people would
be pointed out by them.
"""

from __future__ import annotations

from cowork.analysis.participation import SPACES, TIMES, WAYS, episodes, ways_in
from cowork.context import PageContext
from cowork.core.access.participant_view import ParticipantView
from cowork.core.access.permissions import has_device
from cowork.core.entries import Actor, Draft
from cowork.core.errors import InvalidEntry
from cowork.core.ids import derive_id
from cowork.pages.facilitation.meeting_blocks import cell_of, lines_by_cell, path, present, typed
from cowork.pages.kit.consent_questions import WAY_OPTIONS
from cowork.pages.kit.fields import draw_fields, field_limits, option_list
from cowork.pages.kit.signatures import spoken
from cowork.pages.registry import page
from cowork.pages.submissions import box_suffix, submit
from cowork.widgets import Component, Form, Prose, Rejected, Submission
from cowork.widgets.submission import check_words
from cowork.widgets.types import ChoiceField, Field

#: What is typed of a session or period: its name, and more where wanted.
NAME_FIELD = Field(key="name", label="setting.label.name", hint="setting.name_hint", line=True, limit=120)
MORE_FIELDS = (
    Field(key="start", label="setting.label.start", line=True, limit=120, place=2, fold=True),
    Field(key="end", label="setting.label.end", line=True, limit=120, place=2, fold=True),
    Field(key="tool", label="setting.label.tool", line=True, limit=200, place=2, fold=True),
    Field(key="absent", label="setting.label.absent", hint="setting.absent_hint", rows=2, limit=2000, place=2,
          fold=True),
)  # fmt: skip


@page("setting")
def meeting_mode(context: PageContext) -> list[Component]:
    """The facilitator says how we meet; everyone says how they take part, and sees the path."""
    so_far = Prose(blocks=[])
    context.follow(lambda now: setattr(so_far, "blocks", path(context, now)))
    way = _attendance_form(context)
    if context.facilitator:
        return [_current_form(context), *way, so_far, _new_form(context)]
    top = Prose(blocks=[])
    context.follow(lambda now: setattr(top, "blocks", present(context, now)))
    return [top, *way, so_far]


# ---- what a facilitator sets


def _cells(context: PageContext, chosen: str) -> ChoiceField:
    """The nine ways as one set of answers, which a wide screen shows as three rows of three."""
    t = context.t
    return {
        "key": "cell",
        "legend": "",
        "options": option_list(
            context, [(f"{time}/{space}", f"setting.cell.{time}_{space}") for time in TIMES for space in SPACES]
        ),
        "grid": {
            "rows": [
                {"key": time, "label": t(f"setting.time.{time}"), "hint": t(f"setting.time.{time}_hint")}
                for time in TIMES
            ],
            "cols": [{"key": space, "label": t(f"setting.space.{space}")} for space in SPACES],
        },
        "value": chosen,
    }


def _current_form(context: PageContext) -> Form:
    """How this session or period is held. The form stays with the one it was opened for."""
    t = context.t
    episode = context.view.state.current_episode()
    form = Form(
        box=f"setting:{episode}",  # what is being typed for one session is no draft for the next
        quick=True,
        level=1,
        eyebrow=t("setting.outcome"),
        question=t("setting.h"),
        hint=t("setting.hint"),
        mean={"h": t("setting.mean.h"), "lines": [t(f"setting.mean.{n}") for n in range(1, 5)]},
        fold_h=t("start.more"),
        button=t("setting.button.keep"),
        done=t("setting.kept"),
        seen=[t("setting.seen")],
        seen_by_choice=lines_by_cell(context),
    )

    def render(view: ParticipantView) -> None:
        found = next((held for held in episodes(view) if held.id == episode), None)
        form.choices = [_cells(context, cell_of(found))]
        form.fields = draw_fields(context, [{**NAME_FIELD, "place": 1}, *MORE_FIELDS], typed(found))

    context.follow(render)
    return form


def _new_form(context: PageContext) -> Form:
    """Begin another session or period, held as the one before unless something else is chosen."""
    t = context.t
    form = Form(
        box=f"setting:new:{context.view.state.current_episode()}",
        quick=True,
        level=2,
        question=t("setting.button.new"),
        hint=t("setting.new_hint"),
        fold_h=t("setting.new_same"),
        button=t("setting.button.new"),
        quiet_button=True,
        seen=[t("setting.seen")],
    )

    def render(view: ParticipantView) -> None:
        found = [episode for episode in episodes(view) if not episode.brought_in]
        cells = _cells(context, cell_of(found[-1] if found else None))
        cells |= {"fold": True, "place": 1, "legend": t("setting.h")}
        form.choices = [cells]
        form.fields = draw_fields(context, [{**NAME_FIELD, "required": True}, *MORE_FIELDS], {})

    context.follow(render)
    return form


@submit("setting:new:*", replay=False)
def begin_session(context: PageContext, submission: Submission) -> None:
    """Begin another session or period."""
    if not submission.fields.get("name", "").strip():
        raise Rejected(context.t("error.no_words"), "name")
    _write(context, begun_sessions(context, submission))
    context.session.speak(context.t("setting.added"))
    context.session.go("setting")


def begun_sessions(context: PageContext, submission: Submission) -> list[Draft]:
    """A new session or period and its way of meeting. The ids follow from what was sent: once is once."""
    episode = derive_id(submission.id + "episode")
    body = {key: words for key, words in _typed(context, submission).items() if words}
    drafts = [Draft(episode, "episode", context.me, body, how="facilitator", episode=episode)]
    chosen = _chosen(submission)
    if chosen:
        drafts.append(_setting(context, submission, chosen, episode))
    return drafts


@submit("setting:*", replay=False)
def save_meeting_mode(context: PageContext, submission: Submission) -> None:
    """Write what changed of a session or period: how it is held, and what was said of it. All of it, or nothing."""
    episode = box_suffix(submission, "setting:")
    state = context.record.state(context.workshop)
    if not episode:  # a record without any: this begins the first
        _write(context, begun_sessions(context, submission))
        return
    if {derive_id(submission.id + "kept"), derive_id(submission.id + "setting")} & set(state.entries):
        return  # it came before
    found = next(known for known in episodes(context.view) if known.id == episode)
    chosen, before = _chosen(submission), typed(found)
    changed = {key: words for key, words in _typed(context, submission).items() if words != before.get(key, "")}
    drafts = []
    if changed:
        about = tuple(("replaces", version.id) for version in state.current(episode))
        body = {**found.entry.data, **changed}
        drafts.append(Draft(derive_id(submission.id + "kept"), "edit", context.me, body, about, how="facilitator"))
    if chosen and chosen != cell_of(found):
        drafts.append(_setting(context, submission, chosen, episode))
    if not (drafts or chosen):
        raise InvalidEntry("error.no_choice")
    _write(context, drafts)


def _setting(context: PageContext, submission: Submission, chosen: str, episode: str) -> Draft:
    time, _, space = chosen.partition("/")
    body = {"time": time, "space": space}
    return Draft(derive_id(submission.id + "setting"), "setting", context.me, body, how="facilitator", episode=episode)


def _chosen(submission: Submission) -> str:
    """One of the nine, or "" where none was chosen; anything else was never offered."""
    chosen = submission.choices.get("cell", "")
    if chosen == "" or chosen in [f"{time}/{space}" for time in TIMES for space in SPACES]:
        return str(chosen)
    raise InvalidEntry("error.no_choice")


def _typed(context: PageContext, submission: Submission) -> dict[str, str]:
    return {
        key: check_words(submission.fields.get(key, ""), context.lang, key, most).strip()
        for key, most in field_limits([NAME_FIELD, *MORE_FIELDS]).items()
        if key in submission.fields
    }


def _write(context: PageContext, drafts: list[Draft]) -> None:
    if drafts:
        context.record.append_many(context.workshop, drafts, Actor(context.me))
    context.feed.poll()


# ---- what everyone says of themselves


def _attendance_form(context: PageContext) -> list[Form]:
    """How somebody takes part this time: theirs alone to say, at any time, again within a session too."""
    t, state = context.t, context.view.state
    theirs = context.writing_for
    if theirs and (has_device(state, theirs) or not state.takes_part(theirs)):
        return []
    if "observer" in context.view.roles and not context.facilitator:
        return []
    name = spoken(context, context.view, theirs) if theirs else ""
    form = Form(
        box="setting:way",
        quick=True,
        level=2,
        question=t("setting.way_h_for", name=name) if theirs else t("setting.way_h"),
        hint=t("setting.way_hint"),
        button=t("choices.button"),
        quiet_button=context.facilitator,
        done=t("setting.way_kept"),
        seen=[t("setting.way_seen"), t("setting.way_seen_scribe")],
    )

    def render(view: ParticipantView) -> None:
        said = ways_in(view.state, view.state.current_episode()).get(context.author, "")
        asked = {"key": "way", "legend": "", "options": option_list(context, WAY_OPTIONS), "required": True}
        form.choices = [{**asked, "value": said}]

    context.follow(render)

    return [form]


@submit("setting:way", field="way", replay=False)
def add_attendance(context: PageContext, submission: Submission) -> None:
    """Write how somebody takes part this time."""
    way = submission.choices.get("way")
    if way not in WAYS:
        raise InvalidEntry("error.no_choice")
    scribed = bool(context.writing_for)
    body = {"way": way, **({"written_by": context.me} if scribed else {})}
    how = "scribe" if scribed else "self"
    context.append_draft(Draft(submission.id, "attendance", context.author, body, how=how))
