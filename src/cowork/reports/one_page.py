"""The summary for the same evening: one A4 page. Agreements, worries and other endings are never cut.

The page is filled by an estimate, since nothing here can ask a printer: where it grows too long, the other parts say
how much more stands in the report. Should worries alone need a second page, they get it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cowork.core.fold import State
from cowork.reports import interpretations, outcomes, sessions, views
from cowork.reports.full_report import common, context
from cowork.reports.reader import Reader, Who, Words
from cowork.reports.rendering import page
from cowork.reports.votes import RoundView

#: Lines on the page below its head, and how wide a line is in a third, a half and the whole of it: wide letters fit.
LINES = 60
WIDE, HALF, THIRD = 92, 44, 28
#: What small print gains when the endings leave too little room for the rest.
DENSE = 1.17
#: Lines that a heading takes with the room above it; lines that each band of parts gets at least.
HEADING, LEAST = 2.0, 2
#: Letters of a label before somebody's words, and of the two on one line; lines that the box round a worry takes.
LABEL, TWO_LABELS, BOX = 18, 50, 0.6


@dataclass(frozen=True)
class Brief:
    """An ending or a proposal in short, with every worry. `counts` are the answers in words and figures; `changed` says
    so where what it rests on has changed since."""

    label: str
    words: Words
    counts: str
    worries: tuple[outcomes.WorryView, ...]
    changed: str = ""


@dataclass(frozen=True)
class BriefRow:
    """One text and what stands after it in small. `cut` is True where its end stands in the report."""

    words: Words
    by: str = ""
    who: Who | None = None
    cut: bool = False


@dataclass(frozen=True)
class Section:
    """One part of the page. `briefs` are never cut; of `rows`, those that fit; `more` says how many do not."""

    key: str
    briefs: tuple[Brief, ...]
    rows: tuple[BriefRow, ...]
    more: str = ""

    @property
    def empty(self) -> bool:
        return not (self.briefs or self.rows or self.more)


def one_page(state: State, lang: str = "en", *, research: bool = False, zone: str = "") -> bytes:
    """The workshop in short as one HTML file that prints on one A4 page. Its days are those of `zone`, else of UTC."""
    reader = Reader(state, lang, research=research, zone=zone)
    bands = [(THIRD, ("why", "change", "who")), (HALF, ("heard", "see")), (WIDE, ("agreed",))]
    bands += [(HALF, ("differ", "open")), (HALF, ("next", "ask"))]
    parts = {part.key: part for part in _parts(reader)}
    wanted = [(width, [parts[key] for key in keys]) for width, keys in bands]
    fitted, dense = fitted_in(reader, wanted)
    return page("onepage.html.j2", **common(reader), bands=fitted, dense=dense)


def _parts(reader: Reader) -> list[Section]:
    gaps: Counter[str] = Counter()
    ended = {how: outcomes.outcomes_in(reader, how, gaps) for how in ("agreed", "difference", "open-question")}
    proposals = tuple(
        _brief(reader, reader.t("agreement.label.proposal"), p.item.versions[-1], p.rounds[-1:], p.worries)
        for p in outcomes.open_proposals(reader, gaps)
    )
    people = sessions.people(reader)
    who = [BriefRow(Words(people.took_part), by=" · ".join(line for line in (people.others, people.voices) if line))]
    who += [BriefRow(Words(cell)) for cell in dict.fromkeys(g.cell for g in sessions.sessions(reader) if g.time)]
    if people.named:
        who.append(BriefRow(Words(", ".join(named.text for named in people.named))))
    ledger = views.side_by_side(reader, gaps)
    heard = views.other_views(reader, gaps, built_on=True) + views.other_views(reader, gaps, built_on=False)
    actions = [a for endings in ended.values() for e in endings for a in e.actions]
    return [
        Section("why", (), _told(reader, "why")),
        Section("change", (), _told(reader, "change")),
        Section("who", (), tuple(who)),
        Section(
            "heard",
            (),
            tuple(BriefRow(v.item.versions[-1], who=v.item.by) for v in heard) or _heard_elsewhere(reader, ledger),
        ),
        Section("see", (), tuple(BriefRow(u.item.versions[-1]) for u in interpretations.understandings(reader, gaps))),
        Section("agreed", tuple(_ended(reader, e, ended["agreed"]) for e in ended["agreed"]), ()),
        Section("differ", tuple(_ended(reader, e, ()) for e in ended["difference"]), tuple(map(_differs, ledger))),
        Section("open", tuple(_ended(reader, e, ()) for e in ended["open-question"]) + proposals, ()),
        Section("next", (), tuple(BriefRow(a.versions[-1], by=" · ".join(w.text for _, w in a.more)) for a in actions)),
        Section("ask", (), _told(reader, "ask") + _told(reader, "keeper")),
    ]


def _heard_elsewhere(reader: Reader, ledger: tuple[views.View, ...]) -> tuple[BriefRow, ...]:
    """Where what was heard stands, if it does not stand here: "nothing" is said only where there is nothing."""
    lines = views.elsewhere(reader, (), ledger, (), differ=reader.t("onepage.h.differ"))
    return tuple(BriefRow(Words(line)) for line in lines)


def _told(reader: Reader, part: str) -> tuple[BriefRow, ...]:
    only = reader.t("start.label.can_change")
    fields = [f for f in context(reader, part) if part != "change" or f.label == only]
    return tuple(BriefRow(words) for field in fields for words, _ in field.rows)


def _differs(v: views.View) -> BriefRow:
    """A view with where its holders stand: "Not said" is what stands where nothing was said."""
    stands = " · ".join(f"{h.who.text}: {h.standing or h.gap}" for h in v.holdings)
    return BriefRow(v.item.versions[-1], by=stands or v.nobody)


def _ended(reader: Reader, e: outcomes.OutcomeView, among: Sequence[outcomes.OutcomeView]) -> Brief:
    label = f"{among.index(e) + 1}" if len(among) > 1 else ""
    rounds = (e.round,) if e.round else ()
    brief = _brief(reader, label, e.item.versions[-1], rounds, e.worries)
    return replace(brief, changed=reader.t("ending.changed")) if e.changed else brief


def _brief(
    reader: Reader,
    label: str,
    words: Words,
    rounds: Sequence[RoundView],
    worries: tuple[outcomes.WorryView, ...],
) -> Brief:
    counts = ""
    for r in rounds:
        said = [(b.label.text if isinstance(b.label, Words) else b.label, b.n) for b in (*r.bars, *r.apart) if b.n]
        counts = " · ".join(f"{name}: {n}" for name, n in said)
        if r.silent:
            counts += f" · {reader.t('position.none', n=r.silent)}"
    return Brief(label, words, counts, worries)


# ---- how much fits


def fitted_in(reader: Reader, bands: list[tuple[int, list[Section]]]) -> tuple[list[list[Section]], bool]:
    """The bands with as much of each part as the page holds, and whether small print is needed."""
    for scale in (1.0, DENSE):
        sized = [(width * scale, parts) for width, parts in bands]
        fixed = [max(sum(_tall(b, width) for b in p.briefs) + p.empty for p in parts) for width, parts in sized]
        free = LINES * scale - HEADING * len(bands) - sum(fixed)
        wanted = [max(_height(p.rows, width) for p in parts) for width, parts in sized]
        if scale == DENSE or sum(min(want, LEAST + 1) for want in wanted) <= free:
            break
    limits = shared_out(wanted, free)
    for place in range(len(limits)):  # what a whole text left of its share goes to those that were cut
        while True:
            rest = free - sum(_used(reader, band, limit) for band, limit in zip(sized, limits, strict=True))
            if limits[place] >= wanted[place] or rest < 1:
                break
            limits[place] += min(rest, 1)
    cut = [[_cut(reader, p, w, limit) for p in parts] for (w, parts), limit in zip(sized, limits, strict=True)]
    return cut, scale == DENSE


def _used(reader: Reader, band: tuple[float, list[Section]], limit: float) -> float:
    """The room a band takes at most when it is cut at a limit, or the limit where that is more than it needs."""
    width, parts = band
    cut = [_cut(reader, part, width, limit) for part in parts]
    return max(_height(p.rows, width) + bool(p.more) for p in cut)


def shared_out(wanted: Sequence[float], free: float) -> list[float]:
    """Lines for each band: what it wants where that is little, and of the rest the same for all."""
    limits = [0.0] * len(wanted)
    open_ = [place for place, want in enumerate(wanted) if want]
    while open_:
        share = max(LEAST, free / len(open_))
        small = [place for place in open_ if wanted[place] <= share]
        for place in small or open_:
            limits[place] = min(wanted[place], share)
        free -= sum(limits[place] for place in small)
        if not small:
            break
        open_ = [place for place in open_ if place not in small]
    return limits


def _cut(reader: Reader, part: Section, width: float, limit: float) -> Section:
    if _height(part.rows, width) <= limit:
        return part
    kept: list[BriefRow] = []
    room = limit - 1  # the line that says how many more
    for row in part.rows:
        need = _height((row,), width)
        if need > room:
            break
        kept.append(row)
        room -= need
    if not kept and part.rows:
        kept = [_shortened(part.rows[0], int(max(1, room) * width))]
    left = len(part.rows) - len(kept)
    return replace(part, rows=tuple(kept), more=reader.t("onepage.more", n=left) if left else "")


def _shortened(row: BriefRow, most: int) -> BriefRow:
    """The beginning of a text, whole words, with a sign that there is more."""
    text = " ".join(row.words.text.split())
    short = text[:most].rsplit(" ", 1)[0] if len(text) > most else text
    return replace(row, words=replace(row.words, text=short), cut=short != text)


def _height(rows: Sequence[BriefRow], width: float) -> float:
    found = 0.0
    for row in rows:
        small = row.by + (row.who.text if row.who else "")
        found += lines(row.words.text, width) + (lines(small, width * 1.08) if small else 0) + 0.35
    return found


def _tall(brief: Brief, width: float) -> float:
    """Lines of a brief with the boxes round its worries."""
    rows = [f"{brief.label} {_bold(brief.words.text)}", brief.counts, brief.changed]
    for w in brief.worries:
        rows.append(f"{w.label}  {_bold(w.wordless or (w.item.versions[-1].text if w.item else w.gap))}")
        # Whether it is enough is said in every case, owner and review where there are any: a label each.
        rows.append(w.owner.text + w.review.text + " " * TWO_LABELS + " " * (TWO_LABELS if w.owner or w.review else 0))
        if w.item:
            rows += [f"{name} {words.text}" for name, words in w.item.more]
        rows += [answer.versions[-1].text + " " * LABEL for answer in w.answers] or [" "]
    return sum(lines(row, width) for row in rows) + 1 + BOX * len(brief.worries)


def _bold(text: str) -> str:
    """Large and bold letters take more room than they count."""
    return text + " " * (len(text) // 7)


def lines(text: str, width: float) -> float:
    """How many lines a text takes at most: each of its own lines apart, wide signs counted twice."""
    return float(sum(1 + int(max(0, _signs(one) - 1) // width) for one in text.split("\n"))) if text else 0.0


def _signs(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
