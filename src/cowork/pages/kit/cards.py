"""A contribution as the card that shows it: plain data for a `CardList`, with nothing in it the reader may not see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Unpack

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import ANSWER_FIELDS
from cowork.core.entries import Entry
from cowork.pages.kit import on_behalf
from cowork.pages.kit.fields import draw_fields
from cowork.pages.kit.hidden_gaps import hidden_gaps
from cowork.pages.kit.likely_actions import likely_actions
from cowork.pages.kit.provenance import provenance_of, trace_link, use_link
from cowork.pages.kit.signatures import signature
from cowork.pages.kit.typed_text import TextLine, lang_of, translate_with, typed
from cowork.text.format import format_clock, shorten
from cowork.text.labels import FIELD_LABELS
from cowork.widgets import CardList
from cowork.widgets.types import Action, CardExtras, CardItem, Field, LabelledText, Wording

#: What the box is called in which words of a kind are changed.
LABELS = {
    "intention": "intention.label.why",
    "utterance": "dialogue.label.say",
    "asset": "assets.label.offer",
    "need": "assets.label.need",
    "view": "documentation.label.view",
    "interpretation": "interpretation.label.me",
    "understanding": "understanding.label.we",
    "reservation": "reservation.label.worry",
}


#: How many cards a phone is given at once; more come when asked for.
WINDOW = 40
#: How deep talk is nested in a card; deeper answers stand on the Dialogue page.
MAX_DEPTH = 3


def make_card(
    context: PageContext,
    view: ParticipantView,
    contribution: Contribution,
    *,
    acts_first: Sequence[Action | str] = (),
    **more: Unpack[CardExtras],
) -> CardItem:
    """A contribution as a card, with the talk about it.

    A page puts its own acts first, and adds what its cards show beside the words (`points`, `tally`, `tag` …). A card
    to which a page adds nothing is kept until something may have changed it.
    """
    if acts_first or more:
        return _made(context, view, contribution, acts_first, **more)
    made = context.cache.get(
        view.state, contribution.id, "card", lambda: _made(context, view, contribution), valid_for=date.today()
    )
    # A copy, for a page that adds to it; what stands inside is shared, and nobody changes that. Cards say "today".
    return made.copy()


def _made(
    context: PageContext,
    view: ParticipantView,
    contribution: Contribution,
    acts_first: Sequence[Action | str] = (),
    depth: int = 0,
    **more: Unpack[CardExtras],
) -> CardItem:
    root, facts = contribution.id, view.state.facts(contribution.id)
    newest = contribution.entry
    made: CardItem = {
        "id": root,
        "kind": contribution.kind,
        "text": contribution.text,
        "more": _more(context, contribution),
        "by": signature(context, view, contribution),
        "when": _iso(newest),
        "when_text": context.when(newest.header.at_ms),
        "lang": lang_of(newest, contribution.text),
        "mine": contribution.is_mine,
        "private": newest.header.seen_by == "only-me",
        "state": contribution.status,
        "note": notes(context, view, contribution),
        "current": [wording.id for wording in contribution.versions],
        "talk_rel": "answers" if contribution.kind == "utterance" else "talks-about",
        "earlier": [earlier(context, wording) for wording in contribution.earlier],
        "talked": [talked_line(context, mark) for mark in view.talk_marks(root)],
        "acts": [
            *(acts_first if contribution.is_active and not only_reads(view) else ()),
            *card_actions(context, view, contribution),
        ],
        **provenance_of(context, view, contribution),
        **more,
    }
    if newest.spoken_at_ms is not None:
        made["said"] = format_clock(newest.spoken_at_ms)
    if contribution.status == "taken":
        made["lifts"] = [withdrawal.id for withdrawal in facts.withdrawals]
    elif contribution.status == "hidden":
        made["lifts"] = [hide.id for hide in facts.hides]
    if len(contribution.versions) > 1 and contribution.is_active:
        made["state"] = "two"
        made["versions"] = [version(context, view, wording) for wording in contribution.versions]
    if "change" in made["acts"]:
        made["fields"] = edit_fields(context, contribution)
        made["seen"] = visibility_lines(context, view, newest)
    made.setdefault("near", likely_actions(made["acts"], is_mine=contribution.is_mine, acts_first=acts_first))
    if depth < MAX_DEPTH:
        talk = [
            (answer.first_version.header.order, _made(context, view, answer, depth=depth + 1))
            for answer in view.talk_about(root)
        ]
        gaps = hidden_gaps(context, view, root)
        made["answers"] = [card for _, card in sorted([*talk, *gaps], key=lambda placed: placed[0])]
    return made


def shared_contributions(view: ParticipantView, *kinds: str) -> list[Contribution]:
    """What stands before the group. What one person keeps to themselves is nobody's to count or to ask about."""
    found = view.of_kind(*kinds)
    return [one for one in found if one.is_active and one.entry.header.seen_by != "only-me"]


def show_window(context: PageContext, card_list: CardList, items: list[CardItem], total: int, left: int) -> None:
    """Show these cards of a longer list, how many of how many they are, and a button for those that are `left`."""
    card_list.items = items
    card_list.total, card_list.shown = total, len(items)
    card_list.more_button = context.t("dialogue.more", n=min(WINDOW, left)) if left > 0 else ""


def version(context: PageContext, view: ParticipantView, entry: Entry) -> Wording:
    """One of several versions that stand side by side until a person settles them."""
    return {"id": entry.id, **earlier(context, entry), "by": view.name_of(entry.header.by)}


def earlier(context: PageContext, entry: Entry) -> Wording:
    """The words of a version and when they were written."""
    words = str(entry.data.get("text", ""))
    return {"text": words, "lang": lang_of(entry, words), "when_text": context.when(entry.header.at_ms)}


def card_actions(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[Action | str]:
    """What this reader may press on this card. The record decides again when they do."""
    found: list[Action | str] = []
    if contribution.kind == "talked":
        return ["undo-talked"] if contribution.is_mine else []
    if contribution.is_active and not only_reads(view):
        private = contribution.entry.header.seen_by == "only-me"
        if private:
            # A new version with the same words, for more eyes; the one kept to oneself stays nobody else's.
            found.append(
                {
                    "name": "share",
                    "label": context.t("card.share_now"),
                    "kind": "edit",
                    "about": [["replaces", version.id] for version in contribution.versions],
                    "fields": {"text": contribution.text, **_more_words(contribution.entry)},
                    "choices": {"seen": "group"},
                }
            )
        else:
            found.append("talk")
            if view.is_scribe:
                found.append("talked")
        if not private:
            found += [
                link for link in (use_link(context, contribution), trace_link(context, view, contribution)) if link
            ]
        back = on_behalf.read_act(context, view, contribution)
        if back:
            found.append(back)
        if context.writes_for_participant(contribution.author) and (
            contribution.is_mine or contribution.first_version.header.how == "scribe"
        ):
            # Some words are changed by a question of their own: a choice answered anew, a proposal in a new round.
            plain = contribution.kind not in ANSWER_FIELDS and contribution.kind not in ("proposal", "outcome", "image")
            found += [*(["keep"] if len(contribution.versions) > 1 and plain else []), *(["change"] if plain else [])]
            found += ["take", "erase"]
        elif view.is_facilitator:
            found.append("hide")
            if contribution.first_version.header.how in ("import", "scribe"):
                found.append("erase")
    elif contribution.status == "taken":
        found += ["erase", "put"]  # where one has just pressed "take back" does not stand "put back"
    elif contribution.status == "hidden":
        if view.is_facilitator:
            found.append("show")
        if contribution.is_mine:
            found += ["change", "take", "erase"]
    return found


def visibility_lines(context: PageContext, view: ParticipantView, entry: Entry) -> list[str]:
    """Who will see a new wording: whoever sees this one."""
    if entry.header.seen_by == "only-me":
        return [context.t("seen.me")]
    if entry.header.seen_by == "group-from-reveal" and not ParticipantView(view.state, "").can_see_version(entry):
        return [context.t("card.reveal_wait"), context.t("seen.back")]
    return [context.t("seen.group"), context.t("seen.back")]


def only_reads(view: ParticipantView) -> bool:
    """True for an observer, who is offered nothing to write."""
    return "observer" in view.roles and not view.is_facilitator


def notes(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[TextLine]:
    """Lines under the words: who sees them, how they came, whether they changed, why they are hidden."""
    found: list[TextLine] = []
    entry = contribution.entry
    if contribution.status == "taken":
        found.append(context.t("back.taken"))
    elif contribution.status == "hidden":
        found += _hidden(context, view, contribution)
    elif entry.header.seen_by == "only-me":
        found.append(context.t("card.private"))
    elif entry.header.seen_by == "group-from-reveal" and not ParticipantView(view.state, "").can_see_version(entry):
        found.append(context.t("card.reveal_wait"))
    if entry.header.how == "scribe":
        found += on_behalf.entered(context, view, contribution)
    elif entry.data.get("fidelity") == "imported":
        found.append(context.t("scribe.fidelity.imported"))
    if contribution.earlier and entry.header.seen_by != "only-me":
        found.append(context.t("common.changed_on", date=context.when(entry.header.at_ms)))
    if on_behalf.alike(view, contribution):
        found.append(context.t("scribe.same"))
    return found


def _hidden(context: PageContext, view: ParticipantView, contribution: Contribution) -> list[TextLine]:
    hide = view.state.hides(contribution.id)[-1]
    reason = reason_of(context, view, hide)
    if not contribution.is_mine:
        return [context.t("card.hidden_by_you") if hide.header.by == view.viewer else context.t("hide.others")]
    who = view.name_of(hide.header.by) or context.t("who.facilitator")
    found: list[TextLine] = [
        context.t("hide.author.h"),
        context.t("hide.author.1", name=who, date=context.when(hide.header.at_ms)),
    ]
    if reason:
        found.append(translate_with(context, "hide.author.reason", "reason", reason))
    else:
        found.append(context.t("hide.author.no_reason"))
    return found


def reason_of(context: PageContext, view: ParticipantView, hide: Entry) -> TextLine:
    """The reason for hiding as last given."""
    said = [
        version
        for version in view.state.history(hide.id)
        if version.kind in ("hide", "edit") and version.data.get("text")
    ]
    return typed(context, said[-1], str(said[-1].data["text"])) if said else ""


def talked_line(context: PageContext, mark: Entry) -> str:
    return context.t("dialogue.talked_mark", date=context.when(mark.header.at_ms))


def about_line(context: PageContext, view: ParticipantView, contribution: Contribution) -> TextLine:
    """The words an utterance is about, cut short, or that they are not shown."""
    targets = [
        target for relation, target in contribution.first_version.header.about if relation in ("talks-about", "answers")
    ]
    if not targets:
        return ""
    found = view.of_id(targets[0])
    if found is None or not found.is_active:
        return context.t("dialogue.about_none")
    return typed(context, found.entry, shorten(found.text, 140))


def edit_fields(context: PageContext, contribution: Contribution) -> list[Field]:
    """The boxes in which its author changes these words, filled with what stands there now."""
    more = _more_words(contribution.entry)
    fields = [Field(key="text", label=LABELS.get(contribution.kind, "common.change"), rows=4)]
    if contribution.kind == "intention":
        fields.append(Field(key="hope", label="intention.label.hope", rows=2))
    return draw_fields(context, fields, {**more, "text": contribution.text})


def _more_words(entry: Entry) -> dict[str, str]:
    more = entry.data.get("more")
    return {str(key): str(words) for key, words in more.items()} if isinstance(more, dict) else {}


def _more(context: PageContext, contribution: Contribution) -> list[LabelledText]:
    """Further fields of a card, each in its own language: an Arabic hope may stand under English words."""
    return [
        {
            "label": context.t(FIELD_LABELS[key]) if key in FIELD_LABELS else key,
            "text": words,
            "lang": lang_of(contribution.entry, words),
        }
        for key, words in _more_words(contribution.entry).items()
        if words
    ]


def _iso(entry: Entry) -> str:
    return datetime.fromtimestamp(entry.header.at_ms / 1000, tz=UTC).isoformat()
