"""Assets: what we can work with and what we would need; which of it could meet a need; what became of it."""

from __future__ import annotations

from dataclasses import replace

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import InvalidEntry, NotFound
from cowork.core.provenance import edges, incoming
from cowork.pages.elements import assets_in_others
from cowork.pages.elements.assets_in_others import sort_of
from cowork.pages.kit.actions import action
from cowork.pages.kit.cards import make_card, shared_contributions
from cowork.pages.kit.fields import draw_fields, field_limits, option_list
from cowork.pages.kit.forms import (
    add_contribution,
    alone_switch,
    count_heading,
    empty_text,
    next_parts,
    page_head,
    private_note,
    quiet_round,
    visibility_fields,
)
from cowork.pages.kit.provenance import quote_point
from cowork.pages.kit.typed_text import excerpt, translate_with
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.text.labels import ASSET_SORTS
from cowork.widgets import CardList, Component, Form, Prose, Submission
from cowork.widgets.types import Action, CardItem, ChoiceField, Field, Option, Point

#: Whose an asset is.
SCOPES = ("offer", "group", "chance")
ASSET_FIELDS = (Field(key="text", label="assets.have_h", quiet=True, rows=3, required=True),)
NEED_FIELDS = (Field(key="text", label="assets.label.need", quiet=True, rows=3, required=True),)


@page("assets", part="assets")
def assets(context: PageContext) -> list[Component]:
    """Ask what we can work with and what we would need, apart; show both, and what could meet what."""
    t = context.t
    bring = _asset_form(context)
    need = Form(
        box="assets:need",
        wheel="engagement",
        half="bottom",
        level=2,
        question=t("assets.label.need"),
        fields=draw_fields(context, NEED_FIELDS),
        button=t("assets.button.need"),
        button_by_choice={"seen": {"only-me": t("common.keep_me")}},
        kind="need",
    )
    have = CardList(wheel="engagement", empty=t("assets.empty"))
    needs = CardList(wheel="engagement", empty=t("assets.empty_need"))

    def render(view: ParticipantView) -> None:
        asked, seen_by = visibility_fields(context, view, "assets")
        others = assets_in_others.assets_in_others(context, view)
        bring.choices = [*_kinds(context, others), *(_of_ours(one) for one in asked)]
        let_first = [t("assets.for_other_seen"), t("seen.back")]
        bring.seen_by_choice = {**seen_by, "scope": {"other": let_first}}
        need.choices, need.seen_by_choice = asked, seen_by
        held, wanted = list(reversed(view.of_kind("asset"))), list(reversed(view.of_kind("need")))
        # Who is asked finds the question first.
        held.sort(key=lambda found: found.is_mine or not assets_in_others.waits_for_them(view, found))
        have.heading = count_heading(context, held, "assets.wall_have")
        have.hint = t("common.wrote_hint") if held else ""
        have.empty = empty_text(context, view, "assets", "assets.empty")
        needs.empty = empty_text(context, view, "assets", "assets.empty_need")
        have.items = [asset_card(context, view, contribution) for contribution in held]
        needs.heading = count_heading(context, wanted, "assets.wall_need")
        needs.items = [make_card(context, view, need, points=met_by(context, view, need)) for need in wanted]

    context.follow(render)
    switch = [alone_switch(context, "assets")] if context.facilitator else []
    head = Prose(blocks=page_head(context, "assets", "engagement", "bottom"))
    return [head, quiet_round(context, "assets"), bring, need, *switch, have, needs, next_parts(context)]


def _asset_form(context: PageContext) -> Form:
    t = context.t
    return Form(
        box="assets",
        wheel="engagement",
        half="bottom",
        level=2,
        question=t("assets.have_h"),
        hint=t("assets.offer_limits"),
        fields=draw_fields(context, ASSET_FIELDS),
        fold_h=t("assets.kind.h"),
        button=t("common.share_group"),
        button_by_choice={
            "scope": {"offer": t("assets.button.offer"), "other": t("assets.for_other_button")},
            "seen": {"only-me": t("common.keep_me")},
        },
        kind="asset",
    )


def _kinds(context: PageContext, others: dict[str, str]) -> list[ChoiceField]:
    """Ask whose it is (or in whom it is seen), and what kind. The kind may stay open, so its question is folded."""
    t = context.t
    scopes = [(scope, f"assets.label.{scope}") for scope in SCOPES]
    return [
        {
            "key": "scope",
            "place": 1,
            "legend": t("assets.scope.h"),
            "options": option_list(context, [*scopes, *([("other", "assets.label.for_other")] if others else [])]),
            "value": "offer",
        },
        {
            "key": "who",
            "place": 2,
            "when": {"scope": "other"},
            "once": True,
            "legend": t("assets.for_other_who"),
            "hint": t("assets.for_other_hint"),
            "options": [{"value": person, "label": name} for person, name in others.items()],
            "required": True,
            "value": "",
        },
        {
            "key": "sort",
            "legend": t("assets.kind.h"),
            "fold": True,
            "options": option_list(context, ASSET_SORTS.items()),
            "value": "",
        },
    ]


def _of_ours(asked: ChoiceField) -> ChoiceField:
    """The same question for assets of our own alone: who sees one seen in another is for that person to decide."""
    return asked if asked["key"] in ("shown", "fidelity", "read_back") else {**asked, "when": {"scope": list(SCOPES)}}


@submit("assets", field="text", fields=field_limits(ASSET_FIELDS))
def add_asset(context: PageContext, submission: Submission) -> str | None:
    """Write what somebody can work with: their own, the group's, an opportunity, or what they see in another."""
    scope = submission.choices.get("scope", "offer")
    if scope == "other":
        return assets_in_others.add_asset_in_other(context, submission)
    if scope not in SCOPES:
        raise InvalidEntry("error.no_choice")
    context.append("asset", replace(submission, about=()), scope=scope, **sort_of(submission))
    return private_note(context, submission)


@submit("assets:need", field="text", fields=field_limits(NEED_FIELDS))
def add_need(context: PageContext, submission: Submission) -> str | None:
    """Write what somebody would need."""
    return add_contribution(context, "need", replace(submission, about=()))


# ---- cards


def asset_card(context: PageContext, view: ParticipantView, contribution: Contribution) -> CardItem:
    """An asset: what it is, which need it could meet, and what became of it."""
    data = contribution.entry.data
    scope, sort = str(data.get("scope") or "offer"), str(data.get("sort", ""))
    words = [context.t(f"assets.label.{scope}")] if scope in SCOPES else []
    words += [context.t(ASSET_SORTS[sort])] if sort in ASSET_SORTS else []
    acts, points = _meeting_acts(context, view, contribution), became(context, view, contribution)
    made = make_card(context, view, contribution, acts_first=acts, tag=" · ".join(words), points=points)
    for field in made.get("fields", [])[:1]:
        field["label"] = words[0] if words else field["label"]
    if view.state.entries[contribution.id].targets("sees-in"):
        assets_in_others.on_card(context, view, contribution, made)
    return made


def _meeting_acts(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[Action]:
    """Actions: state that this asset could meet a need, and withdraw that statement."""
    state = view.state
    if ("observer" in view.roles and not view.is_facilitator) or contribution.entry.header.seen_by == "only-me":
        return []
    met = edges(state, contribution.id, "meets-need")
    known = {edge.target for edge in met}
    options: list[Option] = [
        {"value": need.entry.id, "label": excerpt(context, need, 140)}
        for need in shared_contributions(view, "need")
        if need.text and need.id not in known
    ]
    found: list[Action] = []
    if options:
        found.append(
            {
                "name": "meets",
                "label": context.t("assets.meets"),
                "kind": "link",
                "about": [["from", contribution.entry.id]],
                "box": {
                    "choices": [
                        {
                            "key": "need",
                            "legend": context.t("assets.meets_choose"),
                            "options": options,
                            "required": True,
                            "value": options[0]["value"] if len(options) == 1 else "",
                        }
                    ],
                    "button": context.t("assets.meets_button"),
                    "seen": [context.t("seen.group"), context.t("seen.back")],
                },
            }
        )
    for number, edge in enumerate(met):
        link, wanted = state.entries[edge.entry], view.of_id(edge.target)
        if link.kind == "link" and wanted is not None and context.writes_for_participant(link.header.by):
            found.append(
                {
                    "name": f"meets-not-{number}",
                    "label": translate_with(context, "assets.meets_undo", "words", excerpt(context, wanted, 40)),
                    "kind": "withdrawal",
                    "about": [["withdraws", link.id]],
                }
            )
    return found


@action("meets")
def meets(context: PageContext, submission: Submission) -> None:
    """Link an asset to the need that was chosen for it, both in the versions the reader saw."""
    need, source, seen = submission.choices.get("need"), submission.targets("from"), context.view
    known = seen.of_id(need) if isinstance(need, str) else None
    asset = seen.of_id(source[0]) if len(source) == 1 else None
    if asset is None or asset.kind != "asset" or not asset.is_active or assets_in_others.waits_for_them(seen, asset):
        raise NotFound("error.gone")
    if known is None or known.kind != "need" or not known.is_active or not isinstance(need, str):
        raise InvalidEntry("error.no_choice")
    about = (("from", source[0]), ("meets-need", need))
    voice = {"for": context.writing_for} if context.writing_for else {}
    context.append("link", replace(submission, kind="link", about=about, fields={}, choices=dict(voice)))


def became(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[Point]:
    """Which needs an asset could meet, and what a link says became of it."""
    labels = {"meets-need": "assets.could_meet", "used-in": "assets.used_in", "went-unused": "assets.unused"}
    found: dict[tuple[str, str], Point] = {}
    for edge in edges(view.state, contribution.id, *labels):
        shown = view.of_id(edge.target)
        if edge.relation == "meets-need" and (shown is None or not shown.is_active):
            continue
        found.setdefault((edge.relation, edge.target), quote_point(context, view, labels[edge.relation], edge.version))
    return list(found.values())


def met_by(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[Point]:
    """What could meet a need, in its own words; only what this reader may see."""
    found: dict[str, Point] = {}
    for edge in incoming(view.state, contribution.id, "meets-need"):
        source = view.of_id(edge.source)
        if source is not None and source.is_active:
            found.setdefault(edge.source, quote_point(context, view, "assets.met_by", source.entry.id))
    met = context.t("assets.could_meet")
    return [*found.values(), *(point for point in became(context, view, contribution) if point["label"] != met)]
