"""Assets: what we can work with and what we would need; which of it could meet a need; what became of it."""

from __future__ import annotations

from dataclasses import replace

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.errors import InvalidEntry, NotFound
from cowork.core.provenance import edges, incoming
from cowork.core.quotes import resolve_quote
from cowork.pages.elements import assets_in_others
from cowork.pages.elements.assets_in_others import sort_of
from cowork.pages.kit.actions import action
from cowork.pages.kit.cards import Card, make_card
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
from cowork.pages.kit.provenance import page_of, place_of
from cowork.pages.kit.typed_text import translate_with, typed
from cowork.pages.registry import page
from cowork.pages.submissions import submit
from cowork.text.format import shorten
from cowork.text.labels import ASSET_SORTS, GAP_SENTENCES
from cowork.widgets import CardList, Component, Form, Prose, Submission
from cowork.widgets.types import Action, ChoiceField, Option, Point

SCOPES = ("offer", "group", "chance")


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
        fields=[{"key": "text", "label": t("assets.label.need"), "quiet": True, "rows": 3, "required": True}],
        button=t("assets.button.need"),
        button_by_choice={"seen": {"only-me": t("common.keep_me")}},
        kind="need",
    )
    have = CardList(wheel="engagement", empty=t("assets.empty"))
    needs = CardList(wheel="engagement", empty=t("assets.empty_need"))

    def render(view: ParticipantView) -> None:
        asked, seen_by = visibility_fields(context, view, "assets")
        bring.choices = [
            *_kinds(context, assets_in_others.assets_in_others(context, view)),
            *(_of_ours(one) for one in asked),
        ]
        let_first = [t("assets.for_other_seen"), t("seen.back")]
        bring.seen_by_choice = {**seen_by, "scope": {"other": let_first}}
        need.choices, need.seen_by_choice = asked, seen_by
        held, wanted = list(reversed(view.of_kind("asset"))), list(reversed(view.of_kind("need")))
        held.sort(
            key=lambda contribution: (
                not (assets_in_others.waits_for_them(view, contribution) and not contribution.is_mine)
            )
        )  # who is asked finds the question first
        have.heading = _heading(context, view, "assets.wall_have", held)
        have.hint = t("common.wrote_hint") if held else ""
        have.empty = empty_text(context, view, "assets", "assets.empty")
        needs.empty = empty_text(context, view, "assets", "assets.empty_need")
        have.items = [asset_card(context, view, contribution) for contribution in held]
        needs.heading = _heading(context, view, "assets.wall_need", wanted)
        needs.items = [
            make_card(context, view, contribution, points=met_by(context, view, contribution))
            for contribution in wanted
        ]

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
        fields=[{"key": "text", "label": t("assets.have_h"), "quiet": True, "rows": 3, "required": True}],
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
    scopes = [*SCOPES, *(["other"] if others else [])]
    return [
        {
            "key": "scope",
            "place": -2,
            "legend": t("assets.scope.h"),
            "options": [
                {"value": scope, "label": t(f"assets.label.{'for_other' if scope == 'other' else scope}")}
                for scope in scopes
            ],
            "value": "offer",
        },
        {
            "key": "who",
            "place": -1,
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
            "options": [{"value": sort, "label": t(key)} for sort, key in ASSET_SORTS.items()],
            "value": "",
        },
    ]


def _of_ours(asked: ChoiceField) -> ChoiceField:
    """The same question for assets of our own alone: who sees one seen in another is for that person to decide."""
    return asked if asked["key"] in ("shown", "fidelity", "read_back") else {**asked, "when": {"scope": list(SCOPES)}}


def _heading(context: PageContext, view: ParticipantView, key: str, found: list[Contribution]) -> str:
    """The name of a card list with the number of its cards, counted as `count_heading` does."""
    return count_heading(context, view, found).replace(context.t("common.wrote_h"), context.t(key), 1)


@submit("assets", field="text", fields={"text": 0})
def add_asset(context: PageContext, submission: Submission) -> str | None:
    """Write what somebody can work with: their own, the group's, an opportunity, or what they see in another."""
    scope = submission.choices.get("scope", "offer")
    if scope == "other":
        return assets_in_others.add_asset_in_other(context, submission)
    if scope not in SCOPES:
        raise InvalidEntry("error.no_choice")
    context.append("asset", replace(submission, about=()), scope=scope, **sort_of(submission))
    return private_note(context, submission)


@submit("assets:need", field="text", fields={"text": 0})
def add_need(context: PageContext, submission: Submission) -> str | None:
    """Write what somebody would need."""
    return add_contribution(context, "need", replace(submission, about=()))


# ---- cards


def asset_card(context: PageContext, view: ParticipantView, contribution: Contribution) -> Card:
    """An asset: what it is, which need it could meet, and what became of it."""
    data = contribution.entry.data
    scope, sort = str(data.get("scope") or "offer"), str(data.get("sort", ""))
    words = [context.t(f"assets.label.{scope}")] if scope in SCOPES else []
    words += [context.t(ASSET_SORTS[sort])] if sort in ASSET_SORTS else []
    made = make_card(
        context,
        view,
        contribution,
        acts_first=_meeting_acts(context, view, contribution),
        tag=" · ".join(words),
        points=became(context, view, contribution),
    )
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
    open_needs = [
        need for need in view.of_kind("need") if need.is_active and need.entry.header.seen_by != "only-me" and need.text
    ]
    options: list[Option] = [
        {"value": need.entry.id, "label": typed(context, need.entry, shorten(need.text, 140))}
        for need in open_needs
        if need.id not in known
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
                    "label": translate_with(
                        context,
                        "assets.meets_undo",
                        "words",
                        typed(context, wanted.entry, shorten(wanted.text, 40)),
                    ),
                    "kind": "withdrawal",
                    "about": [["withdraws", link.id]],
                }
            )
    return found


@action("meets")
def meets(context: PageContext, submission: Submission) -> None:
    """Link an asset to the need that was chosen for it, both in the versions the reader saw."""
    need, source = (
        submission.choices.get("need"),
        [target for relation, target in submission.about if relation == "from"],
    )
    seen = context.view
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
        found.setdefault((edge.relation, edge.target), _point(context, view, labels[edge.relation], edge.version))
    return list(found.values())


def met_by(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[Point]:
    """What could meet a need, in its own words; only what this reader may see."""
    found: dict[str, Point] = {}
    for edge in incoming(view.state, contribution.id, "meets-need"):
        source = view.of_id(edge.source)
        if source is not None and source.is_active:
            found.setdefault(edge.source, _point(context, view, "assets.met_by", source.entry.id))
    points = list(found.values())
    return [
        *points,
        *(point for point in became(context, view, contribution) if point["label"] != context.t("assets.could_meet")),
    ]


def _point(context: PageContext, view: ParticipantView, label: str, version: str) -> Point:
    quote = resolve_quote(view, version)
    if quote.gap:
        return {"label": context.t(label), "text": context.t(GAP_SENTENCES[quote.gap])}
    root = view.state.entries[view.state.root(version)]
    text = typed(context, view.state.entries[quote.version], shorten(quote.text, 200))
    return {"label": context.t(label), "text": text, "href": place_of(context, page_of(root.kind), root.id)}
