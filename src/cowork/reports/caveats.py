"""How far a report can be trusted: how its words came to be written, what is not in it, and how to check it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from cowork.core.access.participant_view import ParticipantView
from cowork.core.elements import FIDELITY
from cowork.core.fold import State
from cowork.reports.reader import Reader
from cowork.text.labels import PRINTED_GAP_SENTENCES

#: What cowork stands on, as printed. Text and no link: a report asks no other host for anything.
SOURCES = (
    "Masterson D, Lindenfalk B, Kjellström S, Robert G, Ockander M (2024). Mechanisms for co-designing and "
    "co-producing health and social care: a realist synthesis. Research Involvement and Engagement 10:103. "
    "doi 10.1186/s40900-024-00638-3",
    "Masterson D, Areskoug Josefsson K, Robert G, Nylander E, Kjellström S (2022). Mapping definitions of "
    "co-production and co-design in health and social care. Health Expectations 25(3):902–913. "
    "doi 10.1111/hex.13470",
)
SPACE_SOURCE = "Blended Social Interaction and Learning Framework (time × space)."

_FIDELITY = {
    "own-typing": "scribe.fidelity.own",
    "exact-words": "scribe.fidelity.exact",
    "in-short": "scribe.fidelity.short",
    "imported": "scribe.fidelity.imported",
}


@dataclass(frozen=True)
class EntryOrigin:
    """How many texts were written down how; and of those written for somebody, how many they heard again."""

    rows: tuple[tuple[str, int], ...]
    read_back: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class IntegrityLine:
    anchor: str
    entries: int
    last: str
    made: str


def how_written(reader: Reader) -> EntryOrigin:
    """Counts of texts that leave, each once: a rendering is no second text."""
    close: Counter[str] = Counter()
    back: Counter[str] = Counter()
    for c in reader.seen.contributions():
        if c.standing != "here" or not c.written:
            continue
        stated = str(c.entry.data.get("fidelity", ""))
        close[stated if stated in _FIDELITY else ""] += 1
        if c.entry.header.how == "scribe":
            heard = c.entry.data.get("read_back")
            back["report.was_read_back" if heard is True else "report.not_read_back"] += 1
    rows = [(reader.t(_FIDELITY[code]), close[code]) for code in FIDELITY if code in _FIDELITY and close[code]]
    if close[""]:
        rows.append((reader.t("report.not_stated"), close[""]))
    return EntryOrigin(tuple(rows), tuple((reader.t(key), back[key]) for key in sorted(back, reverse=True)))


def not_here(reader: Reader) -> tuple[str, ...]:
    """What is kept back, as sentences with their counts; one that says so where nothing is."""
    kept = reader.seen.kept()
    found = []
    if kept.get("naming"):
        found.append(reader.t("report.gap", n=kept["naming"]))
    if kept.get("research"):
        found.append(reader.t("report.no_research", n=kept["research"]))
    hidden, given = hidden_counts(reader.state)
    if hidden:
        found.append(reader.t("hide.report", n=hidden, m=given))
    return tuple(found) or (reader.t("report.nothing_kept"),)


def hidden_counts(state: State) -> tuple[int, int]:
    """(how many texts are hidden now, how many of them with a reason). What its author took back is not among them."""
    group = ParticipantView(state, "")
    found = given = 0
    for target in sorted({t for e in state.of_kind("hide") for t in e.targets("hides")}):
        root = state.entries.get(state.root(target))
        if root is None or state.withdrawals(root.id) or state.is_erased(root.id):
            continue
        acts = state.hides(root.id)
        if not acts or not group.sees_version(root):
            continue
        found += 1
        given += any(v.data.get("text") for act in acts for v in state.history(act.id) if v.kind in ("hide", "edit"))
    return found, given


def gap_rows(reader: Reader, gaps: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Places in this file where a sentence stands instead of words, by that sentence."""
    told: Counter[str] = Counter()
    for why, count in gaps.items():
        told[reader.gap(why)] += count
    order = [reader.t(key) for key in PRINTED_GAP_SENTENCES.values()]
    return tuple((line, told[line]) for line in order if told[line])


def how_to_check(reader: Reader) -> IntegrityLine:
    state = reader.state
    last = max((e.header.at_ms for e in state.entries.values()), default=0)
    return IntegrityLine(state.anchor(), len(state.entries), reader.when(last), f"cowork {_version()}")


def _version() -> str:
    try:
        return version("cowork")
    except PackageNotFoundError:  # run from a folder, without being installed
        return ""
