"""The thread on a card: the exact words it quotes, what it rests on, what changed under it, and where it leads."""

from __future__ import annotations

from typing import Any

from cowork.analysis.agreement import of_one
from cowork.core.agreeing import ENDINGS
from cowork.core.elements import ELEMENT_OF
from cowork.core.entries import Entry
from cowork.core.links import SAID, Change, changed_ground, edges
from cowork.core.quotes import Quote, quotes, resolve
from cowork.core.seen import Contribution, Seen
from cowork.pages.signatures import signature
from cowork.pages.typed import Line, lang_of, say_with, typed
from cowork.text.format import short
from cowork.text.labels import GAP_SENTENCES, OUTCOME_LABELS, STEP_LABELS
from cowork.workbook import Here


def place(here: Here, page: str, at: str = "") -> str:
    """The address of a page, or of a place in it."""
    return f"?w={here.visit.code}&page={page}" + (f"&at={at}" if at else "")


def thread(here: Here, seen: Seen, c: Contribution) -> dict[str, Any]:
    """What a card shows of the thread: `quotes`, and `mark` where its ground has changed."""
    found: dict[str, Any] = {}
    quoted = [quote_card(here, seen, q) for q in quotes(seen, c.entry)]
    if quoted:
        found["quotes"] = quoted
    mark = changed_mark(here, seen, c.id)
    if mark:
        found["mark"] = mark
    return found


def quote_card(here: Here, seen: Seen, quote: Quote) -> dict[str, Any]:
    """One quotation: the exact words, whose they are, and the way to where they stand; or why they are not shown."""
    if quote.gap:
        return {"text": "", "gap": here.say(GAP_SENTENCES[quote.gap])}
    source = seen.of_id(quote.source)
    return {
        "text": quote.words,
        "lang": lang_of(seen.state.entries[quote.version], quote.words),
        "by": signature(here, seen, source) if source else "",
        "href": place(here, page_of(source.kind if source else ""), quote.source),
        "href_text": here.say("documentation.choose.context"),
    }


def page_of(kind: str) -> str:
    """The page on which a kind stands."""
    element = ELEMENT_OF.get(kind, "")
    return "agreement" if kind in ("proposal", "outcome", "reservation") else element or "trace"


def step_key(kind: str, entry: Entry) -> str:
    if kind == "outcome":
        if of_one(entry) and entry.data.get("outcome") in ENDINGS:
            return "ending.differ_one" if entry.data["outcome"] == "difference" else "ending.open_one"
        return OUTCOME_LABELS.get(str(entry.data.get("outcome", "")), "trace.step.other")
    return STEP_LABELS.get(kind, "trace.step.other")


def changed_mark(here: Here, seen: Seen, root: str) -> dict[str, Any]:
    """What changed among all that something rests on, since people last looked; empty where nothing did."""
    found = changed_ground(seen.state, root)
    if not found:
        return {}
    return {
        "text": here.say("ending.changed"),
        "hint": here.say("ending.changed_hint"),
        "list": [change_line(here, seen, change) for change in found],
    }


def change_line(here: Here, seen: Seen, change: Change) -> Line:
    """One change in words. The new words stand there as far as this reader may see them; what went has none."""
    when = here.when(change.at_ms)
    if change.what == "changed":
        quote = resolve(seen, change.entry)
        if not quote.gap:
            words = typed(here, seen.state.entries[quote.version], short(quote.words, 140))
            return say_with(here, "ground.changed", "words", words, date=when)
        return here.say("ground.changed_unseen", date=when)
    return here.say(f"ground.{change.what}", date=when)


def trace_link(here: Here, seen: Seen, c: Contribution) -> dict[str, Any] | None:
    """The way to the trace: back from what was made of words, on from words that somebody said."""
    if here.visit is None or here.visit.only:
        return None
    if c.kind in SAID or c.kind == "view":
        return {"name": "became", "label": here.say("common.became"), "href": place(here, "trace", c.id)}
    if edges(seen.state, c.id, "rests-on", "documents", "interprets", "closes", "builds-on", "groups"):
        return {"name": "trace", "label": here.say("common.trace"), "href": place(here, "trace", c.id)}
    return None


def use_link(here: Here, c: Contribution) -> dict[str, Any] | None:
    """The way from what was said to a way of seeing it that is made from these words."""
    if here.visit is None or here.visit.only or c.kind != "utterance":
        return None
    label = here.say("documentation.choose.button")
    return {"name": "use", "label": label, "href": place(here, "documentation", c.id)}


def rests_points(here: Here, seen: Seen, c: Contribution, label: str = "understanding.label.rests") -> list[Any]:
    """What a contribution rests on, each with the way there; quotations stand apart, in their own words."""
    quoted = {q.source for q in quotes(seen, c.entry)}
    found: list[dict[str, Any]] = []
    for edge in edges(seen.state, c.id, "rests-on", "interprets", "builds-on", "documents", "groups"):
        if edge.target in quoted:
            continue
        quote = resolve(seen, edge.version)
        if quote.gap:
            found.append({"label": here.say(label), "text": here.say(GAP_SENTENCES[quote.gap])})
            continue
        kind = seen.state.entries[edge.target].kind
        href = place(here, page_of(kind), edge.target)
        words = typed(here, seen.state.entries[quote.version], short(quote.words, 200))
        found.append({"label": here.say(label), "text": words, "href": href})
    if c.entry.data.get("unwritten"):
        found.append({"label": here.say(label), "text": here.say("trace.unwritten")})
    return found
