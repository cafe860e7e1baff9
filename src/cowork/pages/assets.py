"""Assets: what we can work with and what we would need; which of it could meet a need; what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cowork.core.errors import BadWords, CoworkError, Gone
from cowork.core.links import edges, into
from cowork.core.quotes import resolve
from cowork.core.seen import Contribution, Seen
from cowork.pages import seeing
from cowork.pages.acting import act
from cowork.pages.cards import Card, card
from cowork.pages.forms import (
    alone_switch,
    empty_words,
    heading,
    next_parts,
    page_head,
    private_note,
    quiet_round,
    share,
    who_sees,
)
from cowork.pages.registry import page
from cowork.pages.seeing import sort_of
from cowork.pages.threads import page_of, place
from cowork.pages.typed import say_with, typed
from cowork.text.format import short
from cowork.text.labels import ASSET_SORTS, GAP_SENTENCES
from cowork.widgets import Ask, Prose, Sent, Wall
from cowork.workbook import Here, refused

SCOPES = ("offer", "group", "chance")


@page("assets", part="assets")
def assets(here: Here) -> list[Any]:
    """Ask what we can work with and what we would need, apart; show both, and what could meet what."""
    say = here.say
    bring = Ask(
        box="assets",
        wheel="engagement",
        half="bottom",
        level=2,
        question=say("assets.have_h"),
        hint=say("assets.offer_limits"),
        fields=[{"key": "text", "label": say("assets.have_h"), "quiet": True, "rows": 3, "required": True}],
        fold_h=say("assets.kind.h"),
        button=say("common.share_group"),
        button_by_choice={
            "scope": {"offer": say("assets.button.offer"), "other": say("assets.for_other_button")},
            "seen": {"only-me": say("common.keep_me")},
        },
        kind="asset",
    )
    bring.on_shared(lambda sent: (seeing.see_in if sent.choices.get("scope") == "other" else offer)(here, sent))
    need = Ask(
        box="assets:need",
        wheel="engagement",
        half="bottom",
        level=2,
        question=say("assets.label.need"),
        fields=[{"key": "text", "label": say("assets.label.need"), "quiet": True, "rows": 3, "required": True}],
        button=say("assets.button.need"),
        button_by_choice={"seen": {"only-me": say("common.keep_me")}},
        kind="need",
    )
    need.on_shared(lambda sent: share(here, "need", replace(sent, about=())))
    have = Wall(wheel="engagement", empty=say("assets.empty"))
    needs = Wall(wheel="engagement", empty=say("assets.empty_need"))

    def tell(now: Seen) -> None:
        asked, seen_by = who_sees(here, now, "assets")
        bring.choices = [*_kinds(here, seeing.others(here, now)), *(_of_ours(one) for one in asked)]
        let_first = [say("assets.for_other_seen"), say("seen.back")]
        bring.seen_by_choice = {**seen_by, "scope": {"other": let_first}}
        need.choices, need.seen_by_choice = asked, seen_by
        held, wanted = list(reversed(now.of_kind("asset"))), list(reversed(now.of_kind("need")))
        held.sort(
            key=lambda c: not (seeing.waits_for_them(now, c) and not c.mine)
        )  # who is asked finds the question first
        have.heading = _heading(here, now, "assets.wall_have", held)
        have.hint = say("common.wrote_hint") if held else ""
        have.empty = empty_words(here, now, "assets", "assets.empty")
        needs.empty = empty_words(here, now, "assets", "assets.empty_need")
        have.items = [asset_card(here, now, c) for c in held]
        needs.heading = _heading(here, now, "assets.wall_need", wanted)
        needs.items = [card(here, now, c, points=met_by(here, now, c)) for c in wanted]

    here.follow(tell)
    switch = [alone_switch(here, "assets")] if here.facilitator else []
    head = Prose(blocks=page_head(here, "assets", "engagement", "bottom"))
    return [head, quiet_round(here, "assets"), bring, need, *switch, have, needs, next_parts(here)]


def _kinds(here: Here, others: dict[str, str]) -> list[dict[str, Any]]:
    """Whose it is (or in whom it is seen), and what kind: the second may stay open, so it is folded away."""
    say = here.say
    scopes = [*SCOPES, *(["other"] if others else [])]
    return [
        {
            "key": "scope",
            "place": -2,
            "legend": say("assets.scope.h"),
            "options": [
                {"value": s, "label": say(f"assets.label.{'for_other' if s == 'other' else s}")} for s in scopes
            ],
            "value": "offer",
        },
        {
            "key": "who",
            "place": -1,
            "when": {"scope": "other"},
            "once": True,
            "legend": say("assets.for_other_who"),
            "hint": say("assets.for_other_hint"),
            "options": [{"value": person, "label": name} for person, name in others.items()],
            "required": True,
            "value": "",
        },
        {
            "key": "sort",
            "legend": say("assets.kind.h"),
            "fold": True,
            "options": [{"value": sort, "label": say(key)} for sort, key in ASSET_SORTS.items()],
            "value": "",
        },
    ]


def _of_ours(asked: dict[str, Any]) -> dict[str, Any]:
    """A question that is not asked of what is seen in somebody else: who sees that is theirs to say."""
    return asked if asked["key"] in ("shown", "fidelity", "read_back") else {**asked, "when": {"scope": list(SCOPES)}}


def _heading(here: Here, seen: Seen, key: str, found: list[Contribution]) -> str:
    """The wall's name, with how many are on it, as `intention.heading` counts."""
    return heading(here, seen, found).replace(here.say("common.wrote_h"), here.say(key), 1)


def offer(here: Here, sent: Sent) -> str | None:
    """Write what somebody can work with: their own, the group's, or an opportunity."""
    scope = sent.choices.get("scope", "offer")
    try:
        if scope not in SCOPES:
            raise BadWords("error.no_choice")
        here.add("asset", replace(sent, about=()), scope=scope, **sort_of(sent))
    except CoworkError as error:
        raise refused(error, here.lang, "text") from error
    return private_note(here, sent)


# ---- cards


def asset_card(here: Here, seen: Seen, c: Contribution) -> Card:
    """An asset: what it is, which need it could meet, and what became of it."""
    data = c.entry.data
    scope, sort = str(data.get("scope") or "offer"), str(data.get("sort", ""))
    words = [here.say(f"assets.label.{scope}")] if scope in SCOPES else []
    words += [here.say(ASSET_SORTS[sort])] if sort in ASSET_SORTS else []
    made = card(
        here,
        seen,
        c,
        acts_first=_meeting_acts(here, seen, c),
        tag=" · ".join(words),
        points=became(here, seen, c),
    )
    for field in made.get("fields", [])[:1]:
        field["label"] = words[0] if words else field["label"]
    if seen.state.entries[c.id].targets("sees-in"):
        seeing.on_card(here, seen, c, made)
    return made


def _meeting_acts(here: Here, seen: Seen, c: Contribution) -> list[dict[str, Any]]:
    """Say that this could meet a need, and take back that one said so."""
    state = seen.state
    if ("observer" in seen.roles and not seen.facilitator) or c.entry.header.seen_by == "only-me":
        return []
    met = edges(state, c.id, "meets-need")
    known = {edge.target for edge in met}
    open_needs = [
        n for n in seen.of_kind("need") if n.standing == "here" and n.entry.header.seen_by != "only-me" and n.text
    ]
    options = [
        {"value": n.entry.id, "label": typed(here, n.entry, short(n.text, 140))}
        for n in open_needs
        if n.id not in known
    ]
    found: list[dict[str, Any]] = []
    if options:
        found.append(
            {
                "name": "meets",
                "label": here.say("assets.meets"),
                "kind": "link",
                "about": [["from", c.entry.id]],
                "box": {
                    "choices": [
                        {
                            "key": "need",
                            "legend": here.say("assets.meets_choose"),
                            "options": options,
                            "required": True,
                            "value": options[0]["value"] if len(options) == 1 else "",
                        }
                    ],
                    "button": here.say("assets.meets_button"),
                    "seen": [here.say("seen.group"), here.say("seen.back")],
                },
            }
        )
    for number, edge in enumerate(met):
        link, need = state.entries[edge.entry], seen.of_id(edge.target)
        if link.kind == "link" and need is not None and here.speaks_for(link.header.by):
            found.append(
                {
                    "name": f"meets-not-{number}",
                    "label": say_with(
                        here, "assets.meets_undo", "words", typed(here, need.entry, short(need.text, 40))
                    ),
                    "kind": "withdrawal",
                    "about": [["withdraws", link.id]],
                }
            )
    return found


@act("meets")
def meets(here: Here, sent: Sent) -> None:
    """Tie an asset to the need that was chosen for it, both in the words the reader saw."""
    need, source = sent.choices.get("need"), [target for relation, target in sent.about if relation == "from"]
    seen = here.seen
    known = seen.of_id(need) if isinstance(need, str) else None
    asset = seen.of_id(source[0]) if len(source) == 1 else None
    if asset is None or asset.kind != "asset" or asset.standing != "here" or seeing.waits_for_them(seen, asset):
        raise Gone("error.gone")
    if known is None or known.kind != "need" or known.standing != "here" or not isinstance(need, str):
        raise BadWords("error.no_choice")
    about = (("from", source[0]), ("meets-need", need))
    voice = {"for": here.writing_for} if here.writing_for else {}
    here.add("link", replace(sent, kind="link", about=about, fields={}, choices=dict(voice)))


def became(here: Here, seen: Seen, c: Contribution) -> list[dict[str, Any]]:
    """Which needs an asset could meet, and what a link says became of it."""
    labels = {"meets-need": "assets.could_meet", "used-in": "assets.used_in", "went-unused": "assets.unused"}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for edge in edges(seen.state, c.id, *labels):
        shown = seen.of_id(edge.target)
        if edge.relation == "meets-need" and (shown is None or shown.standing != "here"):
            continue
        found.setdefault((edge.relation, edge.target), _point(here, seen, labels[edge.relation], edge.version))
    return list(found.values())


def met_by(here: Here, seen: Seen, c: Contribution) -> list[dict[str, Any]]:
    """What could meet a need, in its own words; only what this reader may see."""
    found: dict[str, dict[str, Any]] = {}
    for edge in into(seen.state, c.id, "meets-need"):
        source = seen.of_id(edge.source)
        if source is not None and source.standing == "here":
            found.setdefault(edge.source, _point(here, seen, "assets.met_by", source.entry.id))
    points = list(found.values())
    return [*points, *(p for p in became(here, seen, c) if p["label"] != here.say("assets.could_meet"))]


def _point(here: Here, seen: Seen, label: str, version: str) -> dict[str, Any]:
    quote = resolve(seen, version)
    if quote.gap:
        return {"label": here.say(label), "text": here.say(GAP_SENTENCES[quote.gap])}
    root = seen.state.entries[seen.state.root(version)]
    text = typed(here, seen.state.entries[quote.version], short(quote.words, 200))
    return {"label": here.say(label), "text": text, "href": place(here, page_of(root.kind), root.id)}
