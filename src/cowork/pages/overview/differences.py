"""Differ: where we see it differently, each view in its holder's words, and where only its holder stands on it now."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from cowork.analysis.differences import HolderStanding, ViewDifference, stances, view_differences
from cowork.analysis.proposals import outcomes
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.access.permissions import accepts_scribe
from cowork.core.entries import Entry
from cowork.core.errors import InvalidEntry, NotAllowed
from cowork.core.provenance import edges, incoming
from cowork.core.quotes import gap_in
from cowork.pages.agreement.outcome_card import outcome_card, outcome_label
from cowork.pages.elements.stances import stance_counts, stance_words
from cowork.pages.kit import on_behalf
from cowork.pages.kit.actions import action
from cowork.pages.kit.cards import make_card, only_reads
from cowork.pages.kit.forms import (
    FIRST_PLACE,
    LAST_PLACE,
    answer_field,
    naming_fields,
    next_parts,
    page_head,
    visibility_fields,
)
from cowork.pages.kit.provenance import place_of
from cowork.pages.kit.signatures import perspective, signed
from cowork.pages.kit.typed_text import TextLine, excerpt, line, translate_with, typed
from cowork.pages.registry import page
from cowork.widgets import CardList, Component, Prose, Submission
from cowork.widgets.types import Action, CardItem, ChoiceField, Option, Point

CODES = ("still", "partly", "changed")

#: How much of a view stands on the card of one that differs from it.
MAX_SHOWN = 200


@page("differ", beside="documentation")
def differences(context: PageContext) -> list[Component]:
    """Show each view beside those it differs from, and where its holders stand; keep a difference as an ending."""
    t = context.t
    head = Prose(blocks=page_head(context, "differ", "alignment", "bottom"))
    card_list = CardList(wheel="alignment", heading=t("differ.plain"), hint=t("differ.seen"), empty=t("differ.empty"))
    alone = CardList(wheel="agreement")

    def render(view: ParticipantView) -> None:
        groups = group_differing(view, view_differences(view), context.at)
        rows = [row for group in groups for row in group]
        card_list.items = [
            {**view_card(context, view, row), "starts_row": at == 0} for group in groups for at, row in enumerate(group)
        ]
        # A kept difference is shown here too where no view above leads to it: none was named, or it is gone.
        shown = {kept.id for row in rows for kept in kept_with(view, row.view.id)}
        differing = [outcome for outcome in outcomes(view) if outcome.result == "difference"]
        left = [outcome for outcome in differing if outcome.contribution.id not in shown]
        alone.items = [outcome_card(context, view, outcome) for outcome in reversed(left)]
        alone.heading = t("report.h.kept") if left else ""
        card_list.empty = "" if left else t("differ.empty")
        card_list.heading, card_list.hint = ("", "") if left and not rows else (t("differ.plain"), t("differ.seen"))

    context.follow(render)
    return [head, card_list, alone, *writing_link(context), next_parts(context)]


def writing_link(context: PageContext) -> list[Prose]:
    """The way to writing a view that is tied to none: under Documentation."""
    if context.session.only or only_reads(context.view):
        return []
    link = {"href": place_of(context, "documentation"), "text": context.t("differ.write"), "page": "documentation"}
    return [Prose(blocks=[{"h": context.t("differ.write_h"), "level": 2}, {"link": link}])]


def group_differing(view: ParticipantView, rows: list[ViewDifference], at: str = "") -> list[list[ViewDifference]]:
    """Views that differ stand together, and first those of the view somebody asked for."""
    left = {row.view.id: row for row in rows}
    wanted = view.state.root(at) if at else ""
    found: list[list[ViewDifference]] = []
    for start in [*([wanted] if wanted in left else []), *list(left)]:
        group, todo = [], [start]
        while todo:
            row = left.pop(todo.pop(0), None)
            if row is not None:
                group.append(row)
                todo += row.differs_from
        if group:
            found.append(group)
    return found


def view_card(context: PageContext, view: ParticipantView, row: ViewDifference) -> CardItem:
    """One view: how others see it, what it differs from, where its holders stand, and the differences kept with it."""
    t, contribution = context.t, row.view
    points: list[Point] = [
        {
            "label": t("differ.label.other"),
            "text": excerpt(context, other, MAX_SHOWN),
            "href": place_of(context, "differ", other.id),
        }
        for other in map(view.of_id, row.differs_from)
        if other is not None
    ]
    others = context.t("documentation.stance.others")
    given = stances(view, contribution.id)
    words = stance_words(context, view, given)
    if words:
        points.append({"label": others, "text": "", "list": words})
    for standing in row.standings:
        points += standing_points(context, view, contribution, standing)
    if not row.holders:
        how = str(contribution.first_version.data.get("holder", ""))
        key = f"documentation.holder.{how}" if how in ("open", "unreached") else "differ.standing.not_said"
        points.append({"label": t("documentation.label.holder"), "text": t(key)})
    points += [
        {
            "label": outcome_label(context, view, kept),
            "text": excerpt(context, kept, MAX_SHOWN),
            "href": place_of(context, "agreement", kept.id),
        }
        for kept in kept_with(view, contribution.id)
    ]
    names = [holder_name(context, view, contribution, person) for person in row.holders]
    tag = t("differ.label.view", name=names[0]) if len(names) == 1 and names[0] else ""
    acts = acts_of(context, view, row) if contribution.entry.header.seen_by != "only-me" else []
    made = make_card(context, view, contribution, acts_first=acts, points=points, tag=tag)
    counts = stance_counts(context, given)
    if counts:  # under the words and in no fold: whoever reads two views sees who else sees it so
        made["more"] = [*made.get("more", []), {"label": others, "text": " · ".join(counts)}]
    return made


def holder_name(context: PageContext, seen: ParticipantView, view: Contribution, person: str) -> str:
    """A holder as they show themselves in the group; "" where they gave no name or wanted none beside this view."""
    if person != view.author:
        name = signed(context, seen, person)
        return "" if name == context.t("common.no_name") else name
    name, perspectives = seen.signature_of(view)
    return name or ", ".join(perspective(context, stated) for stated in perspectives)


def standing_points(
    context: PageContext, seen: ParticipantView, view: Contribution, said: HolderStanding
) -> list[Point]:
    """Where one holder stands now, why and since when; and how it has moved."""
    t = context.t
    name = holder_name(context, seen, view, said.person)
    lines = []
    if said.why:
        lines.append(t("differ.why", words=said.why))
    if said.entry is not None:
        lines.append(t("differ.said_on", date=context.when(said.entry.header.at_ms)))
        answered = seen.of_id(said.entry.id)
        if said.entry.header.how == "scribe" and answered is not None:
            lines += on_behalf.entered(context, seen, answered)[:2]
    if not context.writes_for_participant(said.person):
        lines.append(t("differ.for_others", name=name) if name else t("differ.for_unnamed"))
        if seen.is_scribe and name and accepts_scribe(seen.state, said.person):
            lines.append(t("differ.scribed", name=name))
    found: list[Point] = [
        {
            "label": t("differ.stands", name=name) if name else t("differ.stands_unnamed"),
            "text": t(f"differ.standing.{said.code}") if said.code in CODES else t("differ.standing.not_said"),
            "list": lines,
        }
    ]
    moved = [line for line in (moved_line(context, entry) for entry in said.history) if line]
    if moved:
        found.append({"label": t("differ.history"), "text": "", "list": moved, "fold": True})
    return found


def moved_line(context: PageContext, entry: Entry) -> TextLine:
    """Where somebody stood before, and why, in the order it was said."""
    code = str(entry.data.get("standing", ""))
    if code not in CODES:
        return ""
    words = str(entry.data.get("text", ""))
    stood = f"{context.when(entry.header.at_ms)}: {context.t(f'differ.standing.{code}')}"
    why = translate_with(context, "differ.why", "words", typed(context, entry, words))
    return line(f"{stood}. ", why) if words else stood


def kept_with(view: ParticipantView, root: str) -> list[Contribution]:
    """The differences that the group keeps and that rest on this view."""
    found = (view.of_id(edge.source) for edge in incoming(view.state, root, "rests-on"))
    return [
        kept for kept in found if kept is not None and kept.is_active and kept.entry.data.get("outcome") == "difference"
    ]


# ---- what can be done


def acts_of(context: PageContext, view: ParticipantView, row: ViewDifference) -> list[Action | str]:
    """Where I stand, if it is mine; how I see it, if I see it differently; and keeping the difference as it is."""
    contribution = row.view
    mine = next((standing for standing in row.standings if standing.person == context.author), None)
    first = add_standing(context, view, contribution, mine) if mine is not None else add(context, view, contribution)
    found: list[Action | str] = [first]
    others = [
        other
        for other in map(view.of_id, row.differs_from)
        if other is not None and other.entry.header.seen_by != "only-me"
    ]
    if view.is_scribe and not context.writing_for and not is_kept(view, contribution, others):
        found.append(save_difference_choice(context, contribution, others))
    return found


def add(context: PageContext, view: ParticipantView, contribution: Contribution) -> Action:
    """How I see it, beside this: `documentation.differ_from` writes it and marks both."""
    t = context.t
    under, lines = visibility_fields(context, view, "documentation")
    return {
        "name": "differ",
        "label": t("differ.button.add"),
        "kind": "view",
        "about": [["differs-from", contribution.entry.id]],
        "box": {
            "hint": t("documentation.differs_hint"),
            "fields": [{"key": "text", "label": t("documentation.stance.own"), "rows": 3, "required": True}],
            "choices": under,
            "button": t("documentation.button.view"),
            "seen": [t("seen.group"), t("seen.back")],
            "seen_by_choice": lines,
        },
    }


def add_standing(
    context: PageContext, view: ParticipantView, contribution: Contribution, said: HolderStanding
) -> Action:
    """The question only a holder is asked."""
    t = context.t
    options = [(code, f"differ.standing.{code}") for code in CODES]
    return {
        "name": "stand",
        "label": t("differ.standing.h"),
        "kind": "standing",
        "about": [["answers", contribution.entry.id]],
        "strong": not said.code,
        "box": {
            "hint": t("differ.standing.hint"),
            "choices": [
                answer_field(context, "standing", options, said.code),
                *naming_fields(context, view, "documentation", LAST_PLACE),
            ],
            "fields": [{"key": "text", "label": t("differ.label.why"), "rows": 2, "value": said.why}],
            "button": t("differ.button.set"),
            "seen": [t("differ.seen")],
        },
    }


def is_kept(view: ParticipantView, contribution: Contribution, others: list[Contribution]) -> bool:
    """True where a difference that we keep holds this view with every view it differs from."""
    wanted = {contribution.id, *(other.id for other in others)}
    return any(
        wanted <= {edge.target for edge in edges(view.state, kept.id, "rests-on")}
        for kept in kept_with(view, contribution.id)
    )


def save_difference_choice(context: PageContext, contribution: Contribution, others: list[Contribution]) -> Action:
    """The facilitator or the scribe writes down where the difference is, as an ending in its own right."""
    t = context.t
    choices: list[ChoiceField] = []
    if len(others) > 1:
        options: list[Option] = [
            {"value": other.entry.id, "label": excerpt(context, other, MAX_SHOWN)} for other in others
        ]
        every = [option["value"] for option in options]
        choices = [{"key": "views", "legend": t("differ.which"), "options": options, "many": True, "value": every,
                    "place": FIRST_PLACE}]  # fmt: skip
    return {
        "name": "keep-difference",
        "label": t("differ.button.end"),
        "kind": "outcome",
        "about": [
            ["rests-on", contribution.entry.id],
            *([["rests-on", others[0].entry.id]] if len(others) == 1 else []),
        ],
        "box": {
            "hint": t("differ.keep_hint"),
            "fields": [
                {"key": "text", "label": t("ending.differ"), "rows": 3, "required": True},
                {"key": "next", "label": t("ending.label.who_next"), "line": True},
            ],
            "choices": choices,
            "button": t("ending.button.keep"),
            "seen": [t("seen.group"), t("seen.back")],
        },
    }


@action("keep-difference")
def save_difference(context: PageContext, submission: Submission) -> None:
    """A kept difference: no proposal before it, the views it rests on, and the group's words for where it lies."""
    seen = context.view
    if not seen.is_scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    chosen = submission.choices.get("views", [])
    views = dict.fromkeys([*submission.targets("rests-on"), *([chosen] if isinstance(chosen, str) else chosen)])
    for version in views:
        entry = seen.state.entries.get(version)
        if entry is None or gap_in(seen, version) or seen.kind_of(entry) != "view":
            raise InvalidEntry("error.gone")
        if entry.header.seen_by == "only-me":
            raise NotAllowed("error.not_yours")
    # An ending is the group's: whoever a scribe writes for just then did not write it.
    own = copy(context)
    own.writing_for = ""
    choices = {key: value for key, value in submission.choices.items() if key not in ("for", "views")}
    about = tuple(("rests-on", version) for version in views)
    own.append("outcome", replace(submission, kind="outcome", about=about, choices=choices), outcome="difference")
