"""Report: what we can show others, read here before anything leaves; what is kept back and which names stand in it.

Everyone who takes part may read it. Saving it is the facilitator's: what leaves the workshop cannot be taken back.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from datetime import datetime

from cowork import text
from cowork.context import PageContext
from cowork.core.access.disclosure import names_in_disclosed
from cowork.core.access.participant_view import Contribution, ParticipantView
from cowork.core.elements import ANSWER_FIELDS
from cowork.core.fold import State
from cowork.core.provenance import edges
from cowork.pages.kit.fields import option_list
from cowork.pages.kit.forms import page_head
from cowork.pages.kit.provenance import page_of
from cowork.pages.kit.signatures import facilitator_name
from cowork.pages.kit.typed_text import excerpt, plain_text
from cowork.pages.kit.uses import trace_address
from cowork.pages.registry import page
from cowork.widgets import Choice, Component, DocumentPreview, Prose, Rejected
from cowork.widgets.types import Block, Message, PageLink

log = logging.getLogger("cowork.pages")

#: What can take words away from a paper that somebody is reading, or change under which name they stand in it.
TAKES_AWAY = ("withdrawal", "erasure", "hide", "edit", "consent", "participant")


@page("report")
def report(context: PageContext) -> list[Component]:
    """Choose what to show and in which language; read it; for the facilitator, see what leaves, and save it."""
    t, seen = context.t, context.view
    head = Prose(blocks=page_head(context, "report"))
    what = Choice(
        legend=t("report.label.parts"),
        options=option_list(context, [("whole", "report.whole"), ("one", "report.one")]),
        value="whole",
    )
    language = Choice(
        legend=t("report.label.language"),
        options=[
            {"value": lang, "label": text.translate(f"language.{lang}", lang).capitalize()} for lang in text.LANGS
        ],
        value=context.lang,
    )
    before = Prose()
    paper = DocumentPreview(heading=t("report.make_h"), hint=paper_hint(context, seen), leaves=seen.is_facilitator)
    last = (0, 0)  # what had been applied and taken away when the paper was made

    def read(message: Message) -> None:
        nonlocal last
        state = context.record.state(context.workshop)
        name = name_of(state, what.value, language.value, context.session.zone)
        paper.show(made(context, state, what.value, language.value), name)
        last = marks(state)
        paper.hint = paper_hint(context, context.view)
        before.blocks = before_it_leaves(context, state) if context.facilitator else []

    def render(view: ParticipantView) -> None:
        if not paper.made:
            before.blocks = first_blocks(context, view)
            return
        if marks(view.state)[1] != last[1]:
            # What somebody took back is gone from this screen too, not only from the next paper.
            paper.clear()
            paper.hint = t("report.again")
            before.blocks = first_blocks(context, view)
        elif marks(view.state) != last:
            paper.hint = t("report.stale")

    paper.on_message("read", read)
    context.follow(render)
    visibility_line = Prose(blocks=[{"hint": t("report.seen")}, {"hint": t("report.names_hint")}])
    parts: list[Component] = [head, what, language, visibility_line, *([before] if seen.is_facilitator else []), paper]
    return parts


def paper_hint(context: PageContext, view: ParticipantView) -> str:
    """Who may do what with it, as it is for this reader."""
    if view.is_facilitator:
        return context.t("report.who_saves")
    name = facilitator_name(context, view)
    return f"{context.t('report.who_saves')} {context.t('report.ask_copy', name=name)}"


def marks(state: State) -> tuple[int, int]:
    """(how much has come in, how much of it can take words away)."""
    return state.applied_count, sum(len(state.by_kind.get(kind, ())) for kind in TAKES_AWAY)


def made(context: PageContext, state: State, what: str, lang: str) -> bytes:
    """The paper as bytes. Loaded here and not before: nobody who only talks pays for it."""
    try:
        if what == "one":
            from cowork.reports.one_page import one_page

            return one_page(state, lang, zone=context.session.zone)
        from cowork.reports.full_report import report as whole

        return whole(state, lang, zone=context.session.zone)
    except Exception as error:
        log.error("a report could not be made", exc_info=error)
        raise Rejected(context.t("report.not_made")) from error


def name_of(state: State, what: str, lang: str, zone: str = "") -> str:
    """The name of the file: the workshop, the day of its last word, which paper. Never the code: it opens a door."""
    from cowork.reports.reader import parse_time_zone

    plain = unicodedata.normalize("NFKD", ParticipantView(state, "").title()).encode("ascii", "ignore").decode().lower()
    title = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "workshop"
    last = max((entry.header.at_ms for entry in state.entries.values()), default=0)
    day = datetime.fromtimestamp(last / 1000, tz=parse_time_zone(zone)[1]).date().isoformat()
    return f"{title}-{day}{'-one-page' if what == 'one' else ''}-{lang}.html"


# ---- before it leaves


def first_blocks(context: PageContext, view: ParticipantView) -> list[Block]:
    if not view.is_facilitator:
        return []
    return [{"h": context.t("report.before_h"), "level": 2}, {"hint": context.t("report.before_hint")}]


def before_it_leaves(context: PageContext, state: State) -> list[Block]:
    """What is kept back, in counts, and each place where a name stands that nobody said yes to."""
    from cowork.reports.name_check import find_names, withheld_lines

    t = context.t
    kept = withheld_lines(state, context.lang)
    blocks: list[Block] = [
        {"h": t("report.before_h"), "level": 2},
        {"list": kept} if kept else {"p": t("report.kept_none")},
    ]
    links = named_cards(context, state)
    # The report names the places of its own words; those that stand on a card are told by the way to it.
    on_cards = [plain_text(link["note"]) for link in links]
    named, talk = find_names(state, context.lang)
    lines = [line for line in named if not any(words and words in line for words in on_cards)]
    blocks.append({"h": t("report.names_h"), "level": 3})
    if not links and not lines:
        return [*blocks, {"p": t("report.names_none")}, *(Block(p=line) for line in talk)]
    blocks.append({"inset": [t("report.names_why"), t("report.names_do")]})
    return [
        *blocks,
        *([Block(links=links)] if links else []),
        *([Block(list=lines)] if lines else []),
        *(Block(p=line) for line in talk),
    ]


def named_cards(context: PageContext, state: State) -> list[PageLink]:
    """The cards on which somebody's name stands who did not say that it may leave, each with the way there."""
    seen = context.view
    found: list[PageLink] = []
    for who, root in names_in_disclosed(state):
        card = seen.of_id(root)
        if card is not None:
            where, at = stands(seen, card)
            words = excerpt(context, card, 80)
            found.append(
                {"href": trace_address(context, where, at), "page": where, "text": seen.name_of(who), "note": words}
            )
    return found


def stands(view: ParticipantView, card: Contribution) -> tuple[str, str]:
    """(page, place) where words are read: an answer stands on the card of what it answers."""
    if card.kind not in ANSWER_FIELDS:
        return page_of(card.kind), card.id
    answered = next(iter(edges(view.state, card.id, "answers", "checks")), None)
    if answered is None:
        return page_of(card.kind), card.id
    where = "differ" if card.kind == "standing" else page_of(view.state.entries[answered.target].kind)
    return where, answered.target
