"""Trace: how did we get here? From anything back to the words people said, and on to what became of them."""

from __future__ import annotations

from typing import Any

from cowork.analysis.agreement import Worry, endings, worries
from cowork.analysis.differences import differs
from cowork.analysis.trace import Step, beginnings
from cowork.analysis.trace import trace as traced
from cowork.core.elements import ELEMENT_OF, wheel_of
from cowork.core.entries import Entry
from cowork.core.links import SAID
from cowork.core.quotes import Quote
from cowork.core.seen import Contribution, Seen
from cowork.pages import scribing
from cowork.pages.cards import talked_line
from cowork.pages.fates import MOST, fates, way
from cowork.pages.forms import page_head
from cowork.pages.registry import page
from cowork.pages.signatures import signature
from cowork.pages.threads import change_line, page_of, step_key
from cowork.pages.typed import Line, lang_of, line, typed
from cowork.text.format import clock, short
from cowork.text.labels import GAP_SENTENCES
from cowork.widgets import Prose, Tree
from cowork.workbook import Here

#: How many of one's own words are offered to begin with.
OWN = 6


@page("trace")
def trace(here: Here) -> list[Any]:
    """Choose where to begin; read the way back, step by step; see what became of the words, and go on from there."""
    say = here.say
    head = Prose(blocks=page_head(here, "trace"))
    tree = Tree(level=2, begin_h=say("trace.label.choose"))
    onward = Prose()

    def tell(now: Seen) -> None:
        begin = beginnings(now)
        at = here.at or (begin[0].id if begin else "")
        step = traced(now, at) if at else None
        tree.hint = say("trace.gone") if here.at and step is None else ""
        tree.empty = "" if begin else say("trace.empty")
        nodes = [Nodes(here, now).node(step, lead=True)] if step is not None and step.contribution else []
        tree.show(nodes, [beginning(here, now, c, at) for c in begin])
        onward.blocks = [*(both_ways(here, now, step) if step else []), *own_words(here, now), seen_line(here)]

    here.follow(tell)
    return [head, tree, onward]


def seen_line(here: Here) -> dict[str, Any]:
    return {"hint": here.say("trace.seen")}


def beginning(here: Here, seen: Seen, c: Contribution, at: str) -> dict[str, Any]:
    """An ending, or an open proposal, to begin from; that worries belong to it is said here already."""
    count = len(_inside(seen, c))
    label = here.say(step_key(c.kind, c.entry))
    if count:
        label = f"{label} · {here.say('trace.worries', n=count)}"
    here_ = seen.state.root(at) == c.id if at else False
    # An id of its own: whoever comes to a place stands at its words, not at the link to them.
    return {
        "id": f"begin-{c.id}",
        "label": label,
        "text": typed(here, c.entry, short(c.text, MOST)),
        "href": way(here, "trace", c.id),
        "here": here_,
    }


def _inside(seen: Seen, c: Contribution) -> tuple[Worry, ...]:
    """The worries and conditions that stand inside an ending or a proposal wherever it is shown."""
    if c.kind == "proposal":
        return worries(seen, c.id)
    return next((ending.inside for ending in endings(seen) if ending.contribution.id == c.id), ())


def in_order(steps: tuple[Step, ...]) -> list[Step]:
    """What repeats steps that stand in full beside it comes after them: what it points to then stands above."""
    full = [{below.id for below in step.walk() if not below.again} for step in steps]
    again = [{below.id for below in step.walk() if below.again and below.kind not in SAID} for step in steps]
    left, found = list(range(len(steps))), []
    while left:
        free = (i for i in left if not any(again[i] & full[j] for j in left if j != i))
        found.append(next(free, left[0]))
        left.remove(found[-1])
    return [steps[i] for i in found]


class Nodes:
    """The steps of one trace as a tree draws them. Each has an id of its own, also a gap and words that stand twice."""

    def __init__(self, here: Here, seen: Seen) -> None:
        self.here = here
        self.seen = seen
        self.told: set[str] = set()

    def node(self, step: Step, above: str = "", lead: bool = False) -> dict[str, Any]:
        say = self.here.say
        ident = step.id or f"{above}:{step.gap}"
        if ident in self.told and not step.steps and (step.kind in SAID or not step.again):
            ident = f"{above}:{ident}"  # words that two steps quote stand under both, each with what was chosen there
        self.told.add(ident)
        kind = step.kind
        entry = self.seen.state.entries.get(step.version)
        wheel = wheel_of(ELEMENT_OF[kind]) if kind in ELEMENT_OF else ""
        made: dict[str, Any] = {
            "id": ident,
            "label": say(step_key(kind, entry)) if kind and entry else "",
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

    def gap(self, step: Step, entry: Entry | None) -> dict[str, Any]:
        """Why no words stand here. Of talk that was not written down, that it was is said with its day."""
        if step.kind == "talked" and entry is not None:
            return {"text": talked_line(self.here, entry), "state": "unwritten"}
        state = "unwritten" if step.gap == "unwritten" else "gap"
        return {"text": self.here.say(GAP_SENTENCES.get(step.gap, "trace.kept_back")), "state": state}

    def words(self, step: Step, c: Contribution, entry: Entry, lead: bool) -> dict[str, Any]:
        here, say = self.here, self.here.say
        at = clock(entry.said_ms)
        made: dict[str, Any] = {
            "by": signature(here, self.seen, c),
            "when_text": at or here.when(entry.header.at_ms),
            "lang": lang_of(entry, step.text),
            "note": self.notes(step, c, entry, lead),
            "mark": say("ending.changed") if step.changed else "",
            # A view that differs, and a difference that is kept, are drawn apart: each of the two, neither is the rule.
            "dashed": _differs(self.seen, c),
        }
        exact = [q for q in step.quotes if q.words and q.words.strip() != step.text.strip()]
        if step.kind in SAID and any(q.words for q in step.quotes):
            # What was said ends the way: here stand the very words that were chosen.
            words = exact or [q for q in step.quotes if q.words][:1]
            made |= {"text": "", "quotes": [self.exact(q) for q in words]}
        elif exact:
            made["quotes"] = [self.exact(q) for q in exact]
        where = page_of(step.kind)
        href = way(here, where, step.id) if where != "trace" else ""
        if href:
            text = "documentation.choose.context" if step.kind == "utterance" else "trace.there"
            made |= {"href": href, "href_text": say(text)}
        return made

    def exact(self, quote: Quote) -> dict[str, str]:
        source = self.seen.state.entries[quote.version]
        return {"text": quote.words, "lang": lang_of(source, quote.words), "by": ""}

    def notes(self, step: Step, c: Contribution, entry: Entry, lead: bool) -> list[Line]:
        """How the words were written down, what has become of them since, and each worry that belongs to them."""
        here = self.here
        found: list[Line] = []
        if entry.header.how == "scribe":
            found.append(" · ".join(scribing.entered(here, self.seen, c)))
        elif entry.data.get("fidelity") in ("imported", "translated"):
            found.append(fidelity_line(here, self.seen, entry))
        if entry.id not in {version.id for version in c.versions}:
            found.append(here.say("trace.words_then", date=here.when(c.entry.header.at_ms)))
        if step.kind in ("outcome", "proposal") and step.relation != "closes":  # its ending has them
            found += [line for worry in _inside(self.seen, c) for line in worry_lines(here, self.seen, worry)]
        if lead:
            found += [change_line(here, self.seen, change) for change in step.changed]
        return found


def _differs(seen: Seen, c: Contribution) -> bool:
    if c.kind == "outcome":
        return bool(c.entry.data.get("outcome") == "difference")
    return c.kind == "view" and bool(differs(seen, c.id))


def fidelity_line(here: Here, seen: Seen, entry: Entry) -> str:
    """How words came that their speaker did not type: brought in from elsewhere, or from which language by whom."""
    if entry.data.get("fidelity") == "imported":
        return here.say("scribe.fidelity.imported")
    sources = (seen.of_id(target) for target in entry.targets("renders"))
    lang = next((str(c.entry.data.get("lang", "")) for c in sources if c is not None), "")
    by = seen.name(str(entry.data.get("written_by", ""))) or here.say("common.no_name")
    language = here.say(f"language.{lang}") if lang in ("en", "sv") else lang or "–"
    return here.say("scribe.fidelity.translated", language=language, name=by)


def worry_lines(here: Here, seen: Seen, worry: Worry) -> list[Line]:
    """A worry and its answer, or that its words are not here: it stands wherever its agreement does."""
    say = here.say
    label = say("reservation.label.condition") if worry.sort == "condition" else say("trace.step.worry")
    if worry.contribution is None:
        return [f"{label}: {say(GAP_SENTENCES.get(worry.gap, 'trace.kept_back'))}"]
    found: list[Line] = [f"{label}: {say('position.worry_wordless')}"]
    if not worry.wordless:
        found = [signed_line(here, seen, label, worry.contribution)]
    answer = say("reservation.label.answer")
    found += [signed_line(here, seen, answer, a) for a in worry.answers]
    if not worry.answers:
        found.append(f"{answer}: {say('trace.kept_back')}" if worry.answered else say("reservation.no_answer"))
    if worry.answered or worry.enough:
        said = say(f"reservation.enough.{worry.enough or 'not_said'}")
        found.append(f"{say('reservation.enough_h')} {said}")
    return found


def signed_line(here: Here, seen: Seen, label: str, c: Contribution) -> Line:
    return line(f"{label}: ", typed(here, c.entry, c.text), f" – {signature(here, seen, c)}")


# ---- from here, both ways


def both_ways(here: Here, seen: Seen, step: Step) -> list[dict[str, Any]]:
    """One step back to what these words rest on, and on to what became of them."""
    say, c = here.say, step.contribution
    if c is None:
        return []
    blocks: list[dict[str, Any]] = []
    back = [below for below in step.steps if below.contribution is not None and not below.gap]
    if back:
        blocks.append({"h": say("trace.button.back"), "level": 2})
        blocks.append({"links": [_link(here, seen, below.id, below.text, below.version) for below in back]})
    became = fates(here, seen, c)
    if became or c.kind not in ("outcome", "proposal", "action", "response"):
        links = [
            {"href": f.href, "page": _page(f.href), "text": f.label, "note": f.text, "wheel": f.wheel} for f in became
        ]
        blocks.append({"h": say("fate.h"), "level": 2})
        blocks.append({"links": links} if links else {"p": say("fate.not_yet")})
    return blocks


def _link(here: Here, seen: Seen, at: str, text: str, version: str) -> dict[str, Any]:
    entry = seen.state.entries[at]
    words = typed(here, seen.state.entries[version], short(text, MOST))
    href = way(here, "trace", at)
    wheel = wheel_of(ELEMENT_OF[entry.kind]) if entry.kind in ELEMENT_OF else ""
    label = here.say(step_key(entry.kind, entry))
    return {"href": href, "page": _page(href), "text": label, "note": words, "wheel": wheel}


def _page(href: str) -> str:
    return href.split("page=")[1].split("&")[0] if "page=" in href else ""


def own_words(here: Here, seen: Seen) -> list[dict[str, Any]]:
    """Some of one's own words to begin with, newest first: what became of them?"""
    mine = [c for c in seen.of_kind(*sorted(SAID)) if c.author == here.voice and c.standing == "here" and c.written]
    mine = [c for c in mine if c.entry.header.seen_by != "only-me" and c.id != here.at][-OWN:]
    if not mine or not way(here, "trace", "x"):
        return []
    links = [_link(here, seen, c.id, c.text, c.entry.id) for c in reversed(mine)]
    return [{"h": here.say("trace.mine_h"), "level": 2}, {"links": links}]
