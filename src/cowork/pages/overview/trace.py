"""Trace: how did we get here? From anything back to the words people said, and on to what became of them."""

from __future__ import annotations

from cowork.analysis.differences import differing_views
from cowork.analysis.proposals import Worry, outcomes, worries
from cowork.analysis.trace import Step, starting_points
from cowork.analysis.trace import trace as traced
from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import ELEMENT_OF, wheel_of
from cowork.core.entries import Entry
from cowork.core.provenance import FIRSTHAND_KINDS
from cowork.core.quotes import Quote
from cowork.pages.kit import on_behalf
from cowork.pages.kit.cards import talked_line
from cowork.pages.kit.forms import page_head
from cowork.pages.kit.provenance import change_line, page_of, step_key
from cowork.pages.kit.signatures import signature
from cowork.pages.kit.typed_text import TextLine, lang_of, line, typed
from cowork.pages.kit.uses import MAX_LINES, trace_address, use_lines
from cowork.pages.registry import page
from cowork.text.format import format_clock, shorten
from cowork.text.labels import GAP_SENTENCES
from cowork.widgets import Component, Prose, Tree
from cowork.widgets.types import Block, PageLink, Quotation, TreeNode, TreeStart

#: How many of one's own words are offered to begin with.
OWN_WORD_KINDS = 6


@page("trace")
def trace(context: PageContext) -> list[Component]:
    """Choose where to begin; read the way back, step by step; see what became of the words, and go on from there."""
    t = context.t
    head = Prose(blocks=page_head(context, "trace"))
    tree = Tree(level=2, begin_h=t("trace.label.choose"))
    onward = Prose()

    def render(view: ParticipantView) -> None:
        begin = starting_points(view)
        at = context.at or (begin[0].id if begin else "")
        step = traced(view, at) if at else None
        tree.hint = t("trace.gone") if context.at and step is None else ""
        tree.empty = "" if begin else t("trace.empty")
        nodes = [Nodes(context, view).node(step, lead=True)] if step is not None and step.contribution else []
        tree.show(nodes, [beginning(context, view, contribution, at) for contribution in begin])
        onward.blocks = [
            *(both_ways(context, view, step) if step else []),
            *own_words(context, view),
            visibility_line(context),
        ]

    context.follow(render)
    return [head, tree, onward]


def visibility_line(context: PageContext) -> Block:
    return {"hint": context.t("trace.seen")}


def beginning(context: PageContext, view: ParticipantView, contribution: Contribution, at: str) -> TreeStart:
    """An ending, or an open proposal, to begin from; that worries belong to it is said here already."""
    count = len(_inside(view, contribution))
    label = context.t(step_key(contribution.kind, contribution.entry))
    if count:
        label = f"{label} · {context.t('trace.worries', n=count)}"
    begins_here = view.state.root(at) == contribution.id if at else False
    # An id of its own: whoever comes to a place stands at its words, not at the link to them.
    return {
        "id": f"begin-{contribution.id}",
        "label": label,
        "text": typed(context, contribution.entry, shorten(contribution.text, MAX_LINES)),
        "href": trace_address(context, "trace", contribution.id),
        "here": begins_here,
    }


def _inside(view: ParticipantView, contribution: Contribution) -> tuple[Worry, ...]:
    """The worries and conditions that stand inside an ending or a proposal wherever it is shown."""
    if contribution.kind == "proposal":
        return worries(view, contribution.id)
    return next((ending.carried_worries for ending in outcomes(view) if ending.contribution.id == contribution.id), ())


def in_order(steps: tuple[Step, ...]) -> list[Step]:
    """What repeats steps that stand in full beside it comes after them: what it points to then stands above."""
    full = [{below.id for below in step.walk() if not below.again} for step in steps]
    again = [{below.id for below in step.walk() if below.again and below.kind not in FIRSTHAND_KINDS} for step in steps]
    left, found = list(range(len(steps))), []
    while left:
        free = (i for i in left if not any(again[i] & full[j] for j in left if j != i))
        found.append(next(free, left[0]))
        left.remove(found[-1])
    return [steps[i] for i in found]


class Nodes:
    """The steps of one trace as a tree draws them. Each has an id of its own, also a gap and words that stand twice."""

    def __init__(self, context: PageContext, view: ParticipantView) -> None:
        self.context = context
        self.seen = view
        self.told: set[str] = set()

    def node(self, step: Step, above: str = "", lead: bool = False) -> TreeNode:
        t = self.context.t
        ident = step.id or f"{above}:{step.gap}"
        if ident in self.told and not step.steps and (step.kind in FIRSTHAND_KINDS or not step.again):
            ident = f"{above}:{ident}"  # words that two steps quote stand under both, each with what was chosen there
        self.told.add(ident)
        kind = step.kind
        entry = self.seen.state.entries.get(step.version)
        wheel = wheel_of(ELEMENT_OF[kind]) if kind in ELEMENT_OF else ""
        made: TreeNode = {
            "id": ident,
            "label": t(step_key(kind, entry)) if kind and entry else "",
            "text": step.text,
            "lead": lead,
            "wheel": wheel,
            "state": "here",
            "dashed": False,
            # An agreement stands in one column with its proposal, a rendering with the words it renders.
            "beside": step.relation in ("closes", "renders"),
            "note": [],
            "steps": [self.node(below, ident) for below in in_order(step.steps)],
        }
        if step.gap or step.contribution is None or entry is None:
            return {**made, **self.gap(step, entry)}
        return {**made, **self.words(step, step.contribution, entry, lead)}

    def gap(self, step: Step, entry: Entry | None) -> TreeNode:
        """Why no words stand here. Of talk that was not written down, that it was is said with its day."""
        if step.kind == "talked" and entry is not None:
            return {"text": talked_line(self.context, entry), "state": "unwritten"}
        state = "unwritten" if step.gap == "unwritten" else "gap"
        return {"text": self.context.t(GAP_SENTENCES.get(step.gap, "trace.kept_back")), "state": state}

    def words(self, step: Step, contribution: Contribution, entry: Entry, lead: bool) -> TreeNode:
        context, t = self.context, self.context.t
        at = format_clock(entry.spoken_at_ms)
        made: TreeNode = {
            "by": signature(context, self.seen, contribution),
            "when_text": at or context.when(entry.header.at_ms),
            "lang": lang_of(entry, step.text),
            "note": self.notes(step, contribution, entry, lead),
            "mark": t("ending.changed") if step.changed else "",
            # A view that differs, and a difference that is kept, are drawn apart: each of the two, neither is the rule.
            "dashed": _differs(self.seen, contribution),
        }
        exact = [quote for quote in step.quotes if quote.text and quote.text.strip() != step.text.strip()]
        if step.kind in FIRSTHAND_KINDS and any(quote.text for quote in step.quotes):
            # What was said ends the way: here stand the very words that were chosen.
            words = exact or [quote for quote in step.quotes if quote.text][:1]
            made |= {"text": "", "quotes": [self.exact(quote) for quote in words]}
        elif exact:
            made["quotes"] = [self.exact(quote) for quote in exact]
        where = page_of(step.kind)
        href = trace_address(context, where, step.id) if where != "trace" else ""
        if href:
            text = "documentation.choose.context" if step.kind == "utterance" else "trace.there"
            made |= {"href": href, "href_text": t(text)}
        return made

    def exact(self, quote: Quote) -> Quotation:
        source = self.seen.state.entries[quote.version]
        return {"text": quote.text, "lang": lang_of(source, quote.text), "by": ""}

    def notes(self, step: Step, contribution: Contribution, entry: Entry, lead: bool) -> list[TextLine]:
        """How the words were written down, what has become of them since, and each worry that belongs to them."""
        context = self.context
        found: list[TextLine] = []
        if entry.header.how == "scribe":
            found.append(" · ".join(on_behalf.entered(context, self.seen, contribution)))
        elif entry.data.get("fidelity") in ("imported", "translated"):
            found.append(fidelity_line(context, self.seen, entry))
        if entry.id not in {version.id for version in contribution.versions}:
            found.append(context.t("trace.words_then", date=context.when(contribution.entry.header.at_ms)))
        if step.kind in ("outcome", "proposal") and step.relation != "closes":  # its ending has them
            found += [
                line for worry in _inside(self.seen, contribution) for line in worry_lines(context, self.seen, worry)
            ]
        if lead:
            found += [change_line(context, self.seen, change) for change in step.changed]
        return found


def _differs(view: ParticipantView, contribution: Contribution) -> bool:
    if contribution.kind == "outcome":
        return bool(contribution.entry.data.get("outcome") == "difference")
    return contribution.kind == "view" and bool(differing_views(view, contribution.id))


def fidelity_line(context: PageContext, view: ParticipantView, entry: Entry) -> str:
    """How words came that their speaker did not type: brought in from elsewhere, or from which language by whom."""
    if entry.data.get("fidelity") == "imported":
        return context.t("scribe.fidelity.imported")
    sources = (view.of_id(target) for target in entry.targets("renders"))
    lang = next(
        (str(contribution.entry.data.get("lang", "")) for contribution in sources if contribution is not None), ""
    )
    by = view.name_of(str(entry.data.get("written_by", ""))) or context.t("common.no_name")
    language = context.t(f"language.{lang}") if lang in ("en", "sv") else lang or "–"
    return context.t("scribe.fidelity.translated", language=language, name=by)


def worry_lines(context: PageContext, view: ParticipantView, worry: Worry) -> list[TextLine]:
    """A worry and its answer, or that its words are not here: it stands wherever its agreement does."""
    t = context.t
    label = t("reservation.label.condition") if worry.sort == "condition" else t("trace.step.worry")
    if worry.contribution is None:
        return [f"{label}: {t(GAP_SENTENCES.get(worry.gap, 'trace.kept_back'))}"]
    found: list[TextLine] = [f"{label}: {t('position.worry_wordless')}"]
    if not worry.wordless:
        found = [signed_line(context, view, label, worry.contribution)]
    answer = t("reservation.label.answer")
    found += [signed_line(context, view, answer, reply) for reply in worry.answers]
    if not worry.answers:
        found.append(f"{answer}: {t('trace.kept_back')}" if worry.is_answered else t("reservation.no_answer"))
    if worry.is_answered or worry.enough:
        said = t(f"reservation.enough.{worry.enough or 'not_said'}")
        found.append(f"{t('reservation.enough_h')} {said}")
    return found


def signed_line(context: PageContext, view: ParticipantView, label: str, contribution: Contribution) -> TextLine:
    return line(
        f"{label}: ",
        typed(context, contribution.entry, contribution.text),
        f" – {signature(context, view, contribution)}",
    )


# ---- from here, both ways


def both_ways(context: PageContext, view: ParticipantView, step: Step) -> list[Block]:
    """One step back to what these words rest on, and on to what became of them."""
    t, contribution = context.t, step.contribution
    if contribution is None:
        return []
    blocks: list[Block] = []
    back = [below for below in step.steps if below.contribution is not None and not below.gap]
    if back:
        blocks.append({"h": t("trace.button.back"), "level": 2})
        blocks.append({"links": [_link(context, view, below.id, below.text, below.version) for below in back]})
    became = use_lines(context, view, contribution)
    if became or contribution.kind not in ("outcome", "proposal", "action", "response"):
        links: list[PageLink] = [
            {"href": use.href, "page": _page(use.href), "text": use.label, "note": use.text, "wheel": use.wheel}
            for use in became
        ]
        blocks.append({"h": t("fate.h"), "level": 2})
        blocks.append({"links": links} if links else {"p": t("fate.not_yet")})
    return blocks


def _link(context: PageContext, view: ParticipantView, at: str, text: str, version: str) -> PageLink:
    entry = view.state.entries[at]
    words = typed(context, view.state.entries[version], shorten(text, MAX_LINES))
    href = trace_address(context, "trace", at)
    wheel = wheel_of(ELEMENT_OF[entry.kind]) if entry.kind in ELEMENT_OF else ""
    label = context.t(step_key(entry.kind, entry))
    return {"href": href, "page": _page(href), "text": label, "note": words, "wheel": wheel}


def _page(href: str) -> str:
    return href.split("page=")[1].split("&")[0] if "page=" in href else ""


def own_words(context: PageContext, view: ParticipantView) -> list[Block]:
    """Some of one's own words to begin with, newest first: what became of them?"""
    mine = [
        contribution
        for contribution in view.of_kind(*sorted(FIRSTHAND_KINDS))
        if contribution.author == context.author and contribution.is_active and contribution.has_text
    ]
    mine = [
        contribution
        for contribution in mine
        if contribution.entry.header.seen_by != "only-me" and contribution.id != context.at
    ][-OWN_WORD_KINDS:]
    if not mine or not trace_address(context, "trace", "x"):
        return []
    links = [
        _link(context, view, contribution.id, contribution.text, contribution.entry.id)
        for contribution in reversed(mine)
    ]
    return [{"h": context.t("trace.mine_h"), "level": 2}, {"links": links}]
