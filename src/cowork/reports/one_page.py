"""The one-page report: a summary on one A4 page. Outcomes and their worries are never cut.

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
from cowork.reports.full_report import context_fields, shared_values
from cowork.reports.reader import Reader, Who, Words
from cowork.reports.rendering import render_page
from cowork.reports.votes import RoundView

#: Lines on the page below its head, and how wide a line is in a third, a half and the whole of it: wide letters fit.
PAGE_LINES = 60
FULL_WIDTH, HALF_WIDTH, THIRD_WIDTH = 92, 44, 28
#: How many more lines fit in small print, which is used when the outcomes leave too little room.
DENSE_SCALE = 1.17
#: Lines that a heading takes with the room above it; lines that each band of parts gets at least.
HEADING_LINES, MIN_BAND_LINES = 2.0, 2
#: Letters of a label before somebody's words, and of the two on one line; lines that the box round a worry takes.
LABEL_LETTERS, TWO_LABEL_LETTERS, BOX_LINES = 18, 50, 0.6


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
    bands = [(THIRD_WIDTH, ("why", "change", "who")), (HALF_WIDTH, ("heard", "see")), (FULL_WIDTH, ("agreed",))]
    bands += [(HALF_WIDTH, ("differ", "open")), (HALF_WIDTH, ("next", "ask"))]
    parts = {part.key: part for part in _sections(reader)}
    wanted = [(width, [parts[key] for key in keys]) for width, keys in bands]
    fitted, dense = fit_bands(reader, wanted)
    return render_page("onepage.html.j2", **shared_values(reader), bands=fitted, dense=dense)


def _sections(reader: Reader) -> list[Section]:
    gaps: Counter[str] = Counter()
    ended = {how: outcomes.outcome_views(reader, how, gaps) for how in ("agreed", "difference", "open-question")}
    proposals = tuple(
        _brief(
            reader,
            reader.t("agreement.label.proposal"),
            proposal_.item.versions[-1],
            proposal_.rounds[-1:],
            proposal_.worries,
        )
        for proposal_ in outcomes.open_proposal_views(reader, gaps)
    )
    ledger = views.differing_views(reader, gaps)
    views_heard = views.other_views(reader, gaps, built_on=True) + views.other_views(reader, gaps, built_on=False)
    actions = [action for endings in ended.values() for outcome in endings for action in outcome.actions]
    return [
        Section("why", (), _context_rows(reader, "why")),
        Section("change", (), _context_rows(reader, "change")),
        Section("who", (), _participation_rows(reader)),
        Section(
            "heard",
            (),
            tuple(BriefRow(view_.item.versions[-1], who=view_.item.by) for view_ in views_heard)
            or _views_elsewhere(reader, ledger),
        ),
        Section(
            "see",
            (),
            tuple(
                BriefRow(understanding.item.versions[-1])
                for understanding in interpretations.understandings(reader, gaps)
            ),
        ),
        Section("agreed", tuple(_outcome_brief(reader, outcome, ended["agreed"]) for outcome in ended["agreed"]), ()),
        Section(
            "differ",
            tuple(_outcome_brief(reader, outcome, ()) for outcome in ended["difference"]),
            tuple(map(_difference_row, ledger)),
        ),
        Section(
            "open", tuple(_outcome_brief(reader, outcome, ()) for outcome in ended["open-question"]) + proposals, ()
        ),
        Section(
            "next",
            (),
            tuple(
                BriefRow(action.versions[-1], by=" · ".join(words.text for _, words in action.more))
                for action in actions
            ),
        ),
        Section("ask", (), _context_rows(reader, "ask") + _context_rows(reader, "keeper")),
    ]


def _participation_rows(reader: Reader) -> tuple[BriefRow, ...]:
    """How many took part, in which settings, and the names that may leave."""
    people = sessions.participation(reader)
    rows = [BriefRow(Words(people.took_part), by=" · ".join(line for line in (people.others, people.voices) if line))]
    rows += [
        BriefRow(Words(cell))
        for cell in dict.fromkeys(session.cell for session in sessions.sessions(reader) if session.time)
    ]
    if people.named:
        rows.append(BriefRow(Words(", ".join(named.text for named in people.named))))
    return tuple(rows)


def _views_elsewhere(reader: Reader, ledger: tuple[views.View, ...]) -> tuple[BriefRow, ...]:
    """Where what was heard stands, if it does not stand here: "nothing" is said only where there is nothing."""
    lines = views.views_elsewhere(reader, (), ledger, (), differ=reader.t("onepage.h.differ"))
    return tuple(BriefRow(Words(line)) for line in lines)


def _context_rows(reader: Reader, part: str) -> tuple[BriefRow, ...]:
    only = reader.t("start.label.can_change")
    fields = [field for field in context_fields(reader, part) if part != "change" or field.label == only]
    return tuple(BriefRow(words) for field in fields for words, _ in field.rows)


def _difference_row(view_: views.View) -> BriefRow:
    """A view with where its holders stand: "Not said" is what stands where nothing was said."""
    stands = " · ".join(f"{holding.who.text}: {holding.standing or holding.gap}" for holding in view_.holdings)
    return BriefRow(view_.item.versions[-1], by=stands or view_.nobody)


def _outcome_brief(reader: Reader, outcome: outcomes.OutcomeView, among: Sequence[outcomes.OutcomeView]) -> Brief:
    label = f"{among.index(outcome) + 1}" if len(among) > 1 else ""
    rounds = (outcome.round,) if outcome.round else ()
    brief = _brief(reader, label, outcome.item.versions[-1], rounds, outcome.worries)
    return replace(brief, changed=reader.t("ending.changed")) if outcome.changed else brief


def _brief(
    reader: Reader,
    label: str,
    words: Words,
    rounds: Sequence[RoundView],
    worries: tuple[outcomes.WorryView, ...],
) -> Brief:
    counts = ""
    for round_ in rounds:
        counts_of_answers = [
            (bar.label.text if isinstance(bar.label, Words) else bar.label, bar.n)
            for bar in (*round_.bars, *round_.apart)
            if bar.n
        ]
        counts = " · ".join(f"{name}: {n}" for name, n in counts_of_answers)
        if round_.silent:
            counts += f" · {reader.t('position.none', n=round_.silent)}"
    return Brief(label, words, counts, worries)


# ---- how much fits


def fit_bands(reader: Reader, bands: list[tuple[int, list[Section]]]) -> tuple[list[list[Section]], bool]:
    """Fit as much of each section into the bands as the page holds; True where small print is needed."""
    for scale in (1.0, DENSE_SCALE):
        sized = [(width * scale, sections) for width, sections in bands]
        fixed = [
            max(sum(_brief_height(brief, width) for brief in section.briefs) + section.empty for section in sections)
            for width, sections in sized
        ]
        free = PAGE_LINES * scale - HEADING_LINES * len(bands) - sum(fixed)
        wanted = [max(_rows_height(section.rows, width) for section in sections) for width, sections in sized]
        if scale == DENSE_SCALE or sum(min(want, MIN_BAND_LINES + 1) for want in wanted) <= free:
            break
    limits = share_lines(wanted, free)
    for place in range(len(limits)):  # what a whole text left of its share goes to those that were cut
        while True:
            rest = free - sum(_band_height(reader, band, limit) for band, limit in zip(sized, limits, strict=True))
            if limits[place] >= wanted[place] or rest < 1:
                break
            limits[place] += min(rest, 1)
    cut = [
        [_cut_section(reader, section, width_, limit) for section in sections]
        for (width_, sections), limit in zip(sized, limits, strict=True)
    ]
    return cut, scale == DENSE_SCALE


def _band_height(reader: Reader, band: tuple[float, list[Section]], limit: float) -> float:
    """The room a band takes at most when it is cut at a limit, or the limit where that is more than it needs."""
    width, sections = band
    cut = [_cut_section(reader, section, width, limit) for section in sections]
    return max(_rows_height(section.rows, width) + bool(section.more) for section in cut)


def share_lines(wanted: Sequence[float], free: float) -> list[float]:
    """Lines for each band: what it wants where that is little, and of the rest the same for all."""
    limits = [0.0] * len(wanted)
    unsettled = [place for place, want in enumerate(wanted) if want]
    while unsettled:
        share = max(MIN_BAND_LINES, free / len(unsettled))
        small = [place for place in unsettled if wanted[place] <= share]
        for place in small or unsettled:
            limits[place] = min(wanted[place], share)
        free -= sum(limits[place] for place in small)
        if not small:
            break
        unsettled = [place for place in unsettled if place not in small]
    return limits


def _cut_section(reader: Reader, section: Section, width: float, limit: float) -> Section:
    if _rows_height(section.rows, width) <= limit:
        return section
    rows: list[BriefRow] = []
    room = limit - 1  # the line that says how many more
    for row in section.rows:
        need = _rows_height((row,), width)
        if need > room:
            break
        rows.append(row)
        room -= need
    if not rows and section.rows:
        rows = [_cut_row(section.rows[0], int(max(1, room) * width))]
    hidden_count = len(section.rows) - len(rows)
    return replace(section, rows=tuple(rows), more=reader.t("onepage.more", n=hidden_count) if hidden_count else "")


def _cut_row(row: BriefRow, most: int) -> BriefRow:
    """The beginning of a text, whole words, with a sign that there is more."""
    text = " ".join(row.words.text.split())
    short = text[:most].rsplit(" ", 1)[0] if len(text) > most else text
    return replace(row, words=replace(row.words, text=short), cut=short != text)


def _rows_height(rows: Sequence[BriefRow], width: float) -> float:
    found = 0.0
    for row in rows:
        small = row.by + (row.who.text if row.who else "")
        found += line_count(row.words.text, width) + (line_count(small, width * 1.08) if small else 0) + 0.35
    return found


def _brief_height(brief: Brief, width: float) -> float:
    """Lines of a brief with the boxes round its worries."""
    rows = [f"{brief.label} {_widened(brief.words.text)}", brief.counts, brief.changed]
    for worry in brief.worries:
        rows.append(
            f"{worry.label}  {_widened(worry.wordless or (worry.item.versions[-1].text if worry.item else worry.gap))}"
        )
        # Whether it is enough is said in every case, owner and review where there are any: a label each.
        rows.append(
            worry.owner.text
            + worry.review.text
            + " " * TWO_LABEL_LETTERS
            + " " * (TWO_LABEL_LETTERS if worry.owner or worry.review else 0)
        )
        if worry.item:
            rows += [f"{name} {words.text}" for name, words in worry.item.more]
        rows += [answer.versions[-1].text + " " * LABEL_LETTERS for answer in worry.answers] or [" "]
    return sum(line_count(row, width) for row in rows) + 1 + BOX_LINES * len(brief.worries)


def _widened(text: str) -> str:
    """A text lengthened by the extra width of large and bold letters."""
    return text + " " * (len(text) // 7)


def line_count(text: str, width: float) -> float:
    """How many lines a text takes at most: each of its own lines apart, wide signs counted twice."""
    return float(sum(1 + int(max(0, _sign_count(line) - 1) // width) for line in text.split("\n"))) if text else 0.0


def _sign_count(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
