"""The thread on a card: the exact words it quotes, what it rests on, what changed under it, and where it leads."""

from __future__ import annotations

from cowork.analysis.proposals import closes_no_proposal
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import ELEMENT_OF
from cowork.core.entries import Entry
from cowork.core.proposals import OUTCOME_KINDS
from cowork.core.provenance import FIRSTHAND_KINDS, Change, changed_provenance, edges
from cowork.core.quotes import Quote, quotes, resolve_quote
from cowork.pages.kit.signatures import signature
from cowork.pages.kit.typed_text import TextLine, lang_of, translate_with, typed
from cowork.text.format import shorten
from cowork.text.labels import GAP_SENTENCES, OUTCOME_LABELS, STEP_LABELS
from cowork.widgets.types import Action, CardProvenance, ChangeMark, Point, Quotation


def place_of(context: PageContext, page: str, at: str = "") -> str:
    """The address of a page, or of a place in it."""
    return f"?w={context.session.code}&page={page}" + (f"&at={at}" if at else "")


def provenance_of(context: PageContext, view: ParticipantView, contribution: Contribution) -> CardProvenance:
    """What a card shows of the thread: `quotes`, and `mark` where its ground has changed."""
    found: CardProvenance = {}
    quoted = [quote_card(context, view, quote) for quote in quotes(view, contribution.entry)]
    if quoted:
        found["quotes"] = quoted
    mark = changed_mark(context, view, contribution.id)
    if mark:
        found["mark"] = mark
    return found


def quote_card(context: PageContext, view: ParticipantView, quote: Quote) -> Quotation:
    """One quotation: the exact words, whose they are, and the way to where they stand; or why they are not shown."""
    if quote.gap:
        return {"text": "", "gap": context.t(GAP_SENTENCES[quote.gap])}
    source = view.of_id(quote.source)
    return {
        "text": quote.text,
        "lang": lang_of(view.state.entries[quote.version], quote.text),
        "by": signature(context, view, source) if source else "",
        "href": place_of(context, page_of(source.kind if source else ""), quote.source),
        "href_text": context.t("documentation.choose.context"),
    }


def page_of(kind: str) -> str:
    """The page on which a kind stands."""
    element = ELEMENT_OF.get(kind, "")
    return "agreement" if kind in ("proposal", "outcome", "reservation") else element or "trace"


def step_key(kind: str, entry: Entry) -> str:
    if kind == "outcome":
        if closes_no_proposal(entry) and entry.data.get("outcome") in OUTCOME_KINDS:
            return "ending.differ_one" if entry.data["outcome"] == "difference" else "ending.open_one"
        return OUTCOME_LABELS.get(str(entry.data.get("outcome", "")), "trace.step.other")
    return STEP_LABELS.get(kind, "trace.step.other")


def changed_mark(context: PageContext, view: ParticipantView, root: str) -> ChangeMark:
    """What changed among all that something rests on, since people last looked; empty where nothing did."""
    found = changed_provenance(view.state, root)
    if not found:
        return {}
    return {
        "text": context.t("ending.changed"),
        "hint": context.t("ending.changed_hint"),
        "list": [change_line(context, view, change) for change in found],
    }


def change_line(context: PageContext, view: ParticipantView, change: Change) -> TextLine:
    """One change in words. The new words stand there as far as this reader may see them; what went has none."""
    when = context.when(change.at_ms)
    if change.what == "changed":
        quote = resolve_quote(view, change.entry)
        if not quote.gap:
            words = typed(context, view.state.entries[quote.version], shorten(quote.text, 140))
            return translate_with(context, "ground.changed", "words", words, date=when)
        return context.t("ground.changed_unseen", date=when)
    return context.t(f"ground.{change.what}", date=when)


def trace_link(context: PageContext, view: ParticipantView, contribution: Contribution) -> Action | None:
    """The way to the trace: back from what was made of words, on from words that somebody said."""
    if context.session.only:
        return None
    if contribution.kind in FIRSTHAND_KINDS or contribution.kind == "view":
        return {
            "name": "became",
            "label": context.t("common.became"),
            "href": place_of(context, "trace", contribution.id),
        }
    if edges(view.state, contribution.id, "rests-on", "documents", "interprets", "closes", "builds-on", "groups"):
        return {
            "name": "trace",
            "label": context.t("common.trace"),
            "href": place_of(context, "trace", contribution.id),
        }
    return None


def use_link(context: PageContext, contribution: Contribution) -> Action | None:
    """The way from what was said to a way of seeing it that is made from these words."""
    if context.session.only or contribution.kind != "utterance":
        return None
    label = context.t("documentation.choose.button")
    return {"name": "use", "label": label, "href": place_of(context, "documentation", contribution.id)}


def propose_link(context: PageContext, contribution: Contribution) -> Action | None:
    """The way from what we now see to a proposal that rests on it: its form has these words chosen already."""
    if context.session.only or contribution.entry.header.seen_by == "only-me":
        return None
    label = context.t("understanding.button.propose")
    return {"name": "propose", "label": label, "href": place_of(context, "agreement", contribution.id)}


def rests_points(
    context: PageContext, view: ParticipantView, contribution: Contribution, label: str = "understanding.label.rests"
) -> list[Point]:
    """What a contribution rests on, each with the way there; quotations stand apart, in their own words."""
    quoted = {quotation.source for quotation in quotes(view, contribution.entry)}
    found: list[Point] = []
    for edge in edges(view.state, contribution.id, "rests-on", "interprets", "builds-on", "documents", "groups"):
        if edge.target in quoted:
            continue
        found.append(quote_point(context, view, label, edge.version))
    if contribution.entry.data.get("unwritten"):
        found.append({"label": context.t(label), "text": context.t("trace.unwritten")})
    return found


def quote_point(context: PageContext, view: ParticipantView, label: str, version: str) -> Point:
    """The words of a version on a card of something else, with the way there; or why they are not shown."""
    quote = resolve_quote(view, version)
    if quote.gap:
        return {"label": context.t(label), "text": context.t(GAP_SENTENCES[quote.gap])}
    root = view.state.entries[view.state.root(version)]
    words = typed(context, view.state.entries[quote.version], shorten(quote.text, 200))
    return {"label": context.t(label), "text": words, "href": place_of(context, page_of(root.kind), root.id)}
