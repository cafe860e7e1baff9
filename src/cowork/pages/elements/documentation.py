"""Documentation: exact words that were said, and the ways of seeing it that people recognise as theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.analysis.differences import confirmations, differing_views, own_stance, stances
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import InvalidEntry
from cowork.core.ids import derive_id, is_id
from cowork.core.provenance import edges, holders_of
from cowork.pages.elements.images import images
from cowork.pages.elements.stances import STANCES, stance_counts, stance_words
from cowork.pages.kit.actions import action
from cowork.pages.kit.cards import make_card
from cowork.pages.kit.fields import draw_fields, field_limits, option_list
from cowork.pages.kit.forms import (
    LAST_PLACE,
    answer_field,
    count_heading,
    element_form,
    naming_fields,
    next_parts,
    private_note,
    unwritten_field,
    unwritten_mark,
    visibility_fields,
)
from cowork.pages.kit.provenance import place_of
from cowork.pages.kit.signatures import beside, name_of, signed
from cowork.pages.kit.text_picker import (
    PickerState,
    bind_card_search,
    bind_search,
    card_pick,
    links_from_selection,
    parse_selection,
    picker_items,
    picker_spec,
    quotes_from_selection,
    words_pick,
)
from cowork.pages.kit.typed_text import TextLine, excerpt, line, typed
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.widgets import CardList, Component, Form, Rejected, Submission
from cowork.widgets.types import Action, CardItem, ChoiceField, Field, Option, Picker, Point

#: What a way of seeing it may be made from.
WORDS = ("utterance", "intention", "asset", "need", "image")
#: Who sees it this way, each with the key of its words.
HOLDERS = {
    "me": "documentation.holder.me",
    "other": "documentation.holder.someone",
    **{code: f"documentation.holder.{code}" for code in ("several", "open", "unreached")},
}
_LABEL, _HINT = "documentation.label.view", "documentation.view_hint"
VIEW_FIELDS = (Field(key="text", label=_LABEL, hint=_HINT, rows=3, required=True, place=2),)
THEME_FIELDS = (Field(key="text", label="documentation.board.new", line=True, required=True, limit=200, place=2),)


@page("documentation", part="documentation")
def documentation(context: PageContext) -> list[Component]:
    """Choose words, write the way of seeing it, let its holder confirm; keep what differs side by side."""
    t = context.t
    picker = PickerState()
    pickers: dict[str, PickerState] = {}  # of the card whose reader looks for words in it
    target = context.view.of_id(context.at) if context.at else None
    first = target.entry.id if target is not None and target.kind in WORDS else ""
    view_form = element_form(
        context,
        "documentation",
        VIEW_FIELDS,
        fold_h=t("documentation.more_h"),
        button=t("documentation.button.view"),
        opener=t("documentation.open_view"),
        opened=bool(first),
        kind="view",
    )
    view_cards = CardList(wheel="alignment", empty=t("documentation.empty"))
    theme_cards = CardList(wheel="alignment", level=2)
    theme_form = Form(
        box="documentation:theme",
        wheel="alignment",
        level=2,
        button=t("documentation.theme_button"),
        opener=t("documentation.board.h"),
        kind="theme",
        quiet_button=True,
    )

    def render(view: ParticipantView) -> None:
        view_form.picks = view_picks(context, view, picker, first)
        below, view_form.seen_by_choice = visibility_fields(context, view, "documentation", LAST_PLACE)
        view_form.choices = [*holder_choices(context, view), *below]
        views = view.of_kind("view")
        view_cards.heading = count_heading(context, views)
        view_cards.items = [view_card(context, view, contribution, pickers) for contribution in reversed(views)]
        themes = view.of_kind("theme")
        theme_cards.heading = t("documentation.themes_h") if themes else ""
        theme_cards.items = [theme_card(context, view, contribution) for contribution in reversed(themes)]
        views_to_group(context, view, theme_form)

    for key in ("words", "differs", "builds"):
        bind_search(view_form, key, lambda: render(context.view), picker)
    bind_card_search(view_cards, "words", lambda: render(context.view), pickers)
    context.follow(render)
    return [view_form, view_cards, *images(context), theme_cards, theme_form, next_parts(context)]


def view_picks(context: PageContext, view: ParticipantView, picker: PickerState, first: str) -> list[Picker]:
    """What a view is made from, which views it differs from, and which it builds on."""
    t = context.t
    return [
        words_pick(
            context,
            view,
            WORDS,
            picker,
            key="words",
            first=first,
            legend=t("documentation.choose.h"),
            hint=t("documentation.choose.hint"),
            empty=t("documentation.empty_words"),
            place=1,
        ),
        {
            "key": "differs",
            "legend": t("documentation.label.differs"),
            "hint": t("documentation.differs_hint"),
            **picker_spec(context, view, ("view",), picker, "differs"),
            "many": True,
            "fold": True,
        },
        {
            "key": "builds",
            "legend": t("documentation.label.builds"),
            **picker_spec(context, view, ("view",), picker, "builds"),
            "many": True,
            "fold": True,
        },
    ]


def views_to_group(context: PageContext, view: ParticipantView, group: Form) -> None:
    """Ask which views belong together, once there are two."""
    t = context.t
    views = picker_items(context, view, ("view",))
    some = len(views) > 1
    which = {"key": "views", "legend": t("documentation.board.which"), "items": views, "many": True, "required": True}
    group.question = t("documentation.board.h") if some else ""
    group.fields = draw_fields(context, THEME_FIELDS) if some else []
    group.picks = [{**which, "place": 1}] if some else []
    group.seen = [t("seen.group"), t("seen.back")] if some else []


def holder_choices(context: PageContext, view: ParticipantView) -> list[ChoiceField]:
    """Who sees it this way: oneself, somebody named, several, or nobody who can be asked."""
    t = context.t
    options = option_list(context, HOLDERS.items())
    if context.writing_for:
        options[0]["label"] = name_of(context, view, context.writing_for)
    people: list[Option] = [
        {"value": person, "label": signed(context, view, person)}
        for person in view.state.participants()
        if person != context.author and (view.state.takes_part(person) or view.state.profile(person).get("voice"))
    ]
    found: list[ChoiceField] = [
        {"key": "holder", "legend": t("documentation.label.holder"), "options": options, "value": "me", "place": 3}
    ]
    if people:
        who: ChoiceField = {"key": "who", "legend": t("documentation.holder.who"), "options": people}
        found.append({**who, "many": True, "value": [], "place": 4, "when": {"holder": ["other", "several"]}})
    legend, words = t("documentation.label.rests"), "documentation.unwritten"
    return [*found, unwritten_field(context, place=5, legend=legend, words=words)]


def people_of(context: PageContext, submission: Submission, key: str = "who") -> list[str]:
    """The participants somebody chose, without ids that nobody here has."""
    chosen = submission.choices.get(key, [])
    known = context.record.state(context.workshop).participants()
    return [one for one in ([chosen] if isinstance(chosen, str) else chosen) if is_id(one) and one in known]


@submit("documentation", field="text", fields=field_limits(VIEW_FIELDS))
def add_view(context: PageContext, submission: Submission) -> str | None:
    """Write a way of seeing it, with the exact words it comes from and whoever sees it so."""
    chosen = parse_selection(context, submission, "words")
    also = [
        *links_from_selection(chosen, "documents"),
        *links_from_selection(parse_selection(context, submission, "differs"), "differs-from"),
        *links_from_selection(parse_selection(context, submission, "builds"), "builds-on"),
    ]
    holder = str(submission.choices.get("holder", "me"))
    if holder not in HOLDERS:
        raise InvalidEntry("error.no_choice")
    who = people_of(context, submission) if holder in ("other", "several") else []
    if holder == "other" and not who:
        raise Rejected(context.t("error.no_choice"), "who")
    named = [context.author, *who] if holder in ("me", "several") else who
    body: dict[str, Any] = {"holder": holder, "holders": list(dict.fromkeys(named)), **unwritten_mark(submission)}
    context.append("view", submission, also=also, **body, **quotes_from_selection(context, chosen))
    return private_note(context, submission)


def view_card(
    context: PageContext, view: ParticipantView, contribution: Contribution, pickers: dict[str, PickerState]
) -> CardItem:
    """A view as a card: whose it is, if they said so, what it differs from, and how others see it."""
    label = context.t("documentation.label.differs")
    points: list[Point] = [
        {
            "label": label,
            "text": excerpt(context, other, 200),
            "href": place_of(context, "differ", other.id),
        }
        for other in map(view.of_id, differing_views(view, contribution.id))
        if other is not None
    ]
    who = holders_of(view.state, contribution.id)
    names = ", ".join(beside(context, view, contribution, person) for person in who)
    if names:
        points.insert(0, {"label": context.t("documentation.label.holder"), "text": names})
    elif contribution.first_version.data.get("holder") in ("open", "unreached"):
        text = context.t(f"documentation.holder.{contribution.first_version.data['holder']}")
        points.insert(0, {"label": context.t("documentation.label.holder"), "text": text})
    points += response_points(context, view, contribution)
    if contribution.entry.data.get("unwritten"):
        points.append({"label": context.t("documentation.label.rests"), "text": context.t("trace.unwritten")})
    acts = view_acts(context, view, contribution, who, pickers.get(contribution.id))
    return make_card(context, view, contribution, acts_first=acts, points=points)


def response_points(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[Point]:
    """What its holders said of the words, and how others see it: in counts and in words, never an average."""
    found: list[Point] = []
    for said in confirmations(view, contribution.id):
        if said.entry is not None and said.entry.header.by == contribution.first_version.header.by == said.person:
            continue  # who wrote their own view has nothing to confirm
        key = {"yes": "documentation.confirmed", "": "documentation.confirm.not_said"}.get(
            said.code, f"documentation.confirm.{_CONFIRM.get(said.code, 'no')}"
        )
        words = [" ", typed(context, said.entry, said.words)] if said.entry and said.words else []
        found.append({"label": beside(context, view, contribution, said.person), "text": line(context.t(key), *words)})
    given = stances(view, contribution.id)
    lines: list[TextLine] = [*stance_counts(context, given), *stance_words(context, view, given)]
    if lines:
        found.append({"label": context.t("documentation.stance.others"), "text": "", "list": lines})
    return found


_CONFIRM = {"nearly": "change", "no": "no", "out": "out"}


def view_acts(
    context: PageContext,
    view: ParticipantView,
    contribution: Contribution,
    who: list[str],
    picker: PickerState | None = None,
) -> list[Action | str]:
    """Confirm where it is mine; else say how I see it, or write how I see it differently."""
    if context.author not in who:
        first = [_stance_action(context, view, contribution)]
    elif contribution.entry.header.by != context.author:
        first = [_confirm_action(context, view, contribution)]
    else:
        first = []
    return [*first, _differ_action(context, view, contribution, picker)]


def _confirm_action(context: PageContext, view: ParticipantView, contribution: Contribution) -> Action:
    t = context.t
    codes = ("yes", "nearly", "no", "out")
    options = [(code, f"documentation.confirm.{_CONFIRM.get(code, code)}") for code in codes]
    author = beside(context, view, contribution, contribution.author)
    return {
        "name": "confirm",
        "label": t("documentation.confirm.h"),
        "kind": "check",
        "about": [["checks", contribution.entry.id]],
        "box": {
            "hint": t("documentation.confirm.hint", name=author),
            "choices": [
                answer_field(context, "result", options),
                *naming_fields(context, view, "documentation", LAST_PLACE),
            ],
            "fields": [{"key": "text", "label": t("documentation.confirm.words"), "rows": 2, "value": ""}],
            "button": t("check.button.send"),
            "seen": [t("seen.group"), t("documentation.seen")],
        },
    }


def _stance_action(context: PageContext, view: ParticipantView, contribution: Contribution) -> Action:
    t = context.t
    before = own_stance(view.state, contribution.id, context.author)
    options = [(code, f"documentation.stance.{code}") for code in STANCES]
    value = str(before.data.get("stance", "")) if before else ""
    return {
        "name": "stance",
        "label": t("documentation.stance.h"),
        "kind": "stance",
        "about": [["answers", contribution.entry.id]],
        "box": {
            "choices": [
                answer_field(context, "stance", options, value),
                *naming_fields(context, view, "documentation", LAST_PLACE),
            ],
            "fields": [{"key": "text", "label": t("check.all.own"), "rows": 2}],
            "button": t("check.button.send"),
            "seen": [t("seen.group"), t("seen.small")],
        },
    }


def _differ_action(
    context: PageContext, view: ParticipantView, contribution: Contribution, picker: PickerState | None
) -> Action:
    t = context.t
    return {
        "name": "differ",
        "label": t("documentation.button.differ"),
        "kind": "view",
        "about": [["differs-from", contribution.entry.id]],
        "box": {
            "fields": [{"key": "text", "label": t("documentation.stance.own"), "rows": 3, "required": True}],
            "picks": [
                {
                    "key": "words",
                    "legend": t("documentation.choose.h"),
                    "hint": t("documentation.choose.look"),
                    "words": True,
                    "many": True,
                    "search": True,
                    "button": t("documentation.choose.button"),
                    **card_pick(context, view, WORDS, picker, "words"),
                }
            ],
            "choices": naming_fields(context, view, "documentation", LAST_PLACE),
            "button": t("documentation.button.view"),
            "hint": t("documentation.differs_hint"),
            "seen": [t("seen.group"), t("seen.back")],
        },
    }


@action("confirm")
def confirm(context: PageContext, submission: Submission) -> str | None:
    """The holder confirms, declines, or says it in words of their own, which then stand as the view."""
    words = submission.text.strip()
    if submission.choices.get("result") == "nearly" and not words:
        raise Rejected(context.t("error.no_words"), "text")
    context.answer(submission)
    if submission.choices.get("result") == "nearly":
        version = next(iter(submission.targets("checks")), "")
        choices: dict[str, str | list[str]] = {"for": context.writing_for} if context.writing_for else {}
        edit = replace(submission, id=derive_id(submission.id + "words"), kind="edit", about=(("replaces", version),))
        context.run_action(replace(edit, fields={"text": words}, choices=choices))
    return None


@action("differ")
def differ_from(context: PageContext, submission: Submission) -> str | None:
    """How I see it, beside what it differs from: both are marked, neither is the normal one."""
    about = tuple(pair for pair in submission.about if pair[0] == "differs-from")
    chosen = parse_selection(context, submission, "words")
    body: dict[str, Any] = {"holder": "me", "holders": [context.author], **quotes_from_selection(context, chosen)}
    also = links_from_selection(chosen, "documents")
    context.append("view", replace(submission, kind="view", about=about), also=also, **body)
    return None


@submit("documentation:theme", field="text", fields=field_limits(THEME_FIELDS))
def add_theme(context: PageContext, submission: Submission) -> None:
    """Name a group of views. A view may be in several; one that is in none stays as it is."""
    chosen = parse_selection(context, submission, "views")
    context.append("theme", submission, also=links_from_selection(chosen, "groups"))


def theme_card(context: PageContext, seen: ParticipantView, contribution: Contribution) -> CardItem:
    views = (seen.of_id(edge.target) for edge in edges(seen.state, contribution.id, "groups"))
    lines = [excerpt(context, view, 200) for view in views if view is not None and view.is_active]
    holds = Point(label=context.t("documentation.board.holds"), text="", list=lines)
    return make_card(context, seen, contribution, points=[holds])
