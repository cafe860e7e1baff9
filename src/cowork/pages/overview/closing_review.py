"""The closing look: everything people came with beside what became of it, what was not used with the same dignity."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.entries import Draft
from cowork.core.errors import InvalidEntry, NotAllowed
from cowork.core.ids import is_id
from cowork.core.proposals import is_outcome
from cowork.core.provenance import edges
from cowork.core.quotes import gap_in
from cowork.pages.kit.actions import action
from cowork.pages.kit.cards import WINDOW, shared_contributions, show_window
from cowork.pages.kit.fields import option_list
from cowork.pages.kit.provenance import step_key
from cowork.pages.kit.typed_text import excerpt, lang_of, line
from cowork.pages.kit.uses import trace_address, use_lines
from cowork.widgets import CardList, Submission
from cowork.widgets.types import Action, CardItem, Message, Option, Point

#: What people come with.
BROUGHT = ("intention", "asset", "need")
STATED = ("used-in", "went-unused")


def closing_review(context: PageContext) -> CardList:
    """A part of the journey. Without names: what people brought is here the group's to look at."""
    t = context.t
    card_list = CardList(heading=t("closing.h"), hint=t("closing.hint"), empty=t("closing.empty"), dense=True)
    most = WINDOW

    def render(view: ParticipantView) -> None:
        found = brought(view)
        items = [item(context, view, contribution) for contribution in found[:most]]
        show_window(context, card_list, items, len(found), len(found) - most)

    def more(message: Message) -> None:
        nonlocal most
        most += WINDOW
        render(context.view)

    card_list.on_message("more", more)
    context.follow(render)
    return card_list


def brought(view: ParticipantView) -> list[Contribution]:
    """Every intention, then every asset and need, oldest first; not what somebody keeps to themselves."""
    return [contribution for kind in BROUGHT for contribution in shared_contributions(view, kind)]


def item(context: PageContext, view: ParticipantView, contribution: Contribution) -> CardItem:
    """One thing somebody came with, and what became of it."""
    became = use_lines(context, view, contribution)
    points: list[Point] = [{"label": line.label, "text": line.text, "href": line.href} for line in became]
    if not any(line.key not in ("talked", "unused") for line in became):
        # Nothing was built on it: that is said plainly, in the same place and the same size.
        nothing = "assets.unused" if contribution.kind == "asset" else "fate.not_yet"
        points.append({"label": context.t("closing.became"), "text": context.t(nothing), "href": ""})
    return {
        "id": contribution.id,
        "kind": contribution.kind,
        "text": contribution.text,
        "lang": lang_of(contribution.entry, contribution.text),
        "tag": context.t(step_key(contribution.kind, contribution.entry)),
        "state": "here",
        "points": points,
        "current": [version.id for version in contribution.versions],
        "acts": actions_of(context, view, contribution),
    }


def actions_of(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[Action | str]:
    """The way to the trace; for facilitator and scribe, to state what became of it, and to take such a mark back."""
    t = context.t
    found: list[Action | str] = []
    href = trace_address(context, "trace", contribution.id)
    if href:
        found.append({"name": "became", "label": t("common.became"), "href": href})
    ends = [outcome for outcome in view.of_kind("outcome") if outcome.is_active and is_outcome(view.state, outcome.id)]
    if view.is_scribe and ends:
        found.append(_closing_action(context, contribution, ends))
    for edge in edges(view.state, contribution.id, *STATED):
        link = view.state.entries[edge.entry]
        target = view.of_id(edge.target)
        if link.kind == "link" and link.header.by == context.me and target is not None:
            words = t("fate.used" if edge.relation == "used-in" else "fate.unused")
            found.append(
                {
                    "name": f"undo-{link.id}",
                    "label": line(f"{t('dialogue.talked_undo')}: {words} – ", excerpt(context, target, 60)),
                    "kind": "withdrawal",
                    "about": [["withdraws", link.id]],
                }
            )
    return found


def _closing_action(context: PageContext, contribution: Contribution, ends: list[Contribution]) -> Action:
    """State in which outcome something was used, or that it went unused."""
    t = context.t
    options: list[Option] = [
        {
            "value": outcome.entry.id,
            "label": line(f"{t(step_key(outcome.kind, outcome.entry))}: ", excerpt(context, outcome, 140)),
        }
        for outcome in reversed(ends)
    ]
    how = option_list(context, [("used-in", "closing.used"), ("went-unused", "closing.unused")])
    return {
        "name": "closing",
        "label": t("closing.act"),
        "kind": "link",
        "about": [["from", contribution.entry.id]],
        "box": {
            "hint": t("closing.act_hint"),
            "choices": [
                {"key": "ending", "legend": t("closing.ending_h"), "options": options, "required": True},
                {"key": "how", "legend": t("closing.became"), "options": how, "required": True},
            ],
            "button": t("closing.button"),
            "seen": [t("seen.group"), t("seen.back")],
        },
    }


@action("closing")
def state_it(context: PageContext, submission: Submission) -> None:
    """A link from what somebody brought to an ending it was used for, or was not: stated by people, never guessed."""
    seen = context.view
    if not seen.is_scribe:
        raise NotAllowed("error.may_not", who="facilitator_scribe")
    how, ending = submission.choices.get("how", ""), submission.choices.get("ending", "")
    if how not in STATED or not is_id(ending):
        raise InvalidEntry("error.no_choice")
    start = next(iter(submission.targets("from")), "")
    found = seen.of_id(start) if start else None
    if found is None or found.kind not in BROUGHT or gap_in(seen, start) or gap_in(seen, str(ending)):
        raise InvalidEntry("error.gone")
    if not is_outcome(seen.state, str(ending)):
        raise InvalidEntry("error.gone")
    # In one's own name: it is said by whoever keeps the record of the group, and not by those they write for.
    context.append_draft(Draft(submission.id, "link", context.me, {}, (("from", start), (str(how), str(ending)))))
