"""The caveats of a report: how its texts were written, what is withheld, and how to check its integrity."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from cowork.core.access.participant_view import ParticipantView
from cowork.core.elements import FIDELITIES
from cowork.core.fold import State
from cowork.reports.reader import Reader
from cowork.text.labels import PRINTED_GAP_SENTENCES

#: The sources of the framework, as printed. No links: a report requests nothing from another host.
SOURCES = (
    "Masterson D, Lindenfalk B, Kjellström S, Robert G, Ockander M (2024). Mechanisms for co-designing and "
    "co-producing health and social care: a realist synthesis. Research Involvement and Engagement 10:103. "
    "doi 10.1186/s40900-024-00638-3",
    "Masterson D, Areskoug Josefsson K, Robert G, Nylander E, Kjellström S (2022). Mapping definitions of "
    "co-production and co-design in health and social care. Health Expectations 25(3):902–913. "
    "doi 10.1111/hex.13470",
)
SPACE_SOURCE = "Blended Social Interaction and Learning Framework (time × space)."

_FIDELITY_LABELS = {
    "own-typing": "scribe.fidelity.own",
    "exact-words": "scribe.fidelity.exact",
    "in-short": "scribe.fidelity.short",
    "imported": "scribe.fidelity.imported",
}


@dataclass(frozen=True)
class EntryOrigin:
    """Counts of texts by fidelity, and of texts written by a scribe by whether they were read back."""

    rows: tuple[tuple[str, int], ...]
    read_back: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class IntegrityLine:
    anchor: str
    entries: int
    last: str
    made: str


def entry_origin(reader: Reader) -> EntryOrigin:
    """Counts of texts that leave, each once: a rendering is no second text."""
    fidelities: Counter[str] = Counter()
    read_back: Counter[str] = Counter()
    for contribution in reader.view.contributions():
        if not contribution.is_active or not contribution.has_text:
            continue
        stated = str(contribution.entry.data.get("fidelity", ""))
        fidelities[stated if stated in _FIDELITY_LABELS else ""] += 1
        if contribution.entry.header.how == "scribe":
            views_heard = contribution.entry.data.get("read_back")
            read_back["report.was_read_back" if views_heard is True else "report.not_read_back"] += 1
    rows = [
        (reader.t(_FIDELITY_LABELS[code]), fidelities[code])
        for code in FIDELITIES
        if code in _FIDELITY_LABELS and fidelities[code]
    ]
    if fidelities[""]:
        rows.append((reader.t("report.not_stated"), fidelities[""]))
    return EntryOrigin(tuple(rows), tuple((reader.t(key), read_back[key]) for key in sorted(read_back, reverse=True)))


def withheld_sentences(reader: Reader) -> tuple[str, ...]:
    """Sentences with the counts of what is withheld; one sentence where nothing is."""
    withheld = reader.view.withheld_counts()
    found = []
    if withheld.get("naming"):
        found.append(reader.t("report.gap", n=withheld["naming"]))
    if withheld.get("research"):
        found.append(reader.t("report.no_research", n=withheld["research"]))
    hidden, with_reason = hidden_counts(reader.state)
    if hidden:
        found.append(reader.t("hide.report", n=hidden, m=with_reason))
    return tuple(found) or (reader.t("report.nothing_kept"),)


def hidden_counts(state: State) -> tuple[int, int]:
    """(how many texts are hidden now, how many of them with a reason). What its author took back is not among them."""
    group = ParticipantView(state, "")
    found = with_reason = 0
    for target in sorted({target for hide in state.of_kind("hide") for target in hide.targets("hides")}):
        root = state.entries.get(state.root(target))
        if root is None or state.withdrawals(root.id) or state.is_erased(root.id):
            continue
        acts = state.hides(root.id)
        if not acts or not group.can_see_version(root):
            continue
        found += 1
        with_reason += any(
            version.data.get("text")
            for act in acts
            for version in state.history(act.id)
            if version.kind in ("hide", "edit")
        )
    return found, with_reason


def gap_counts(reader: Reader, gaps: Counter[str]) -> tuple[tuple[str, int], ...]:
    """How many gaps the report has, by the sentence that replaces the words."""
    answers: Counter[str] = Counter()
    for reason, count in gaps.items():
        answers[reader.gap(reason)] += count
    order = [reader.t(key) for key in PRINTED_GAP_SENTENCES.values()]
    return tuple((line, answers[line]) for line in order if answers[line])


def integrity_line(reader: Reader) -> IntegrityLine:
    state = reader.state
    last = max((entry.header.at_ms for entry in state.entries.values()), default=0)
    return IntegrityLine(state.anchor(), len(state.entries), reader.when(last), f"cowork {_version()}")


def _version() -> str:
    try:
        return version("cowork")
    except PackageNotFoundError:  # run from a folder, without being installed
        return ""
