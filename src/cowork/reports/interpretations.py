"""Interpretations and understandings in a report, with both checks as n of N."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cowork.analysis.checks import EVERYONE_RESULTS, CheckResult, check_by_contributors, check_by_everyone
from cowork.core.access.participant_view import Contribution
from cowork.reports.provenance import Node, provenance_nodes
from cowork.reports.reader import Item, Reader, Who
from cowork.reports.superseded_answers import superseded_answers

_CONTRIBUTOR_RESULT_LABELS = {"yes": "check.said.yes", "nearly": "check.said.nearly", "no": "check.said.no"}
_EVERYONE_RESULT_LABELS = {code: f"check.all.{code}" for code in EVERYONE_RESULTS if code != "rather-not"}


@dataclass(frozen=True)
class InterpretationView:
    """An interpretation. `made_by` says who made it; `mark` that it is a reading, and when it was last talked about."""

    item: Item
    made_by: str
    names: tuple[Who, ...]
    mark: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class CheckView:
    """One check: who was asked, n of N, the counts, and what was written with the answers."""

    heading: str
    answered: str
    counts: str
    lines: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class UnderstandingView:
    """`earlier` is what was written with answers to earlier words."""

    item: Item
    checks: tuple[CheckView, ...]
    earlier: tuple[Item, ...]
    nodes: tuple[Node, ...]


def interpretations(reader: Reader, gaps: Counter[str]) -> tuple[InterpretationView, ...]:
    """Every interpretation, oldest first."""
    return tuple(
        _interpretation_view(reader, contribution, gaps)
        for contribution in reader.view.active_of_kind("interpretation")
    )


def understandings(reader: Reader, gaps: Counter[str]) -> tuple[UnderstandingView, ...]:
    """Every understanding with its checks."""
    return tuple(
        _understanding_view(reader, contribution, gaps) for contribution in reader.view.active_of_kind("understanding")
    )


def _interpretation_view(reader: Reader, contribution: Contribution, gaps: Counter[str]) -> InterpretationView:
    participant = contribution.entry.data.get("who") or contribution.first_version.data.get("who")
    names: tuple[Who, ...] = ()
    made_by = ""
    if participant == "some":
        makers = contribution.entry.data.get("names") or contribution.first_version.data.get("names") or ()
        names = tuple(
            reader.person_name(str(maker)) for maker in (makers if isinstance(makers, list) else [makers]) if maker
        )
        made_by = reader.t("interpretation.who.some", names=", ".join(maker.text for maker in names))
    elif participant in ("me", "group"):
        made_by = reader.t(f"interpretation.who.{participant}")
    talked = [mark.header.at_ms for mark in reader.view.talk_marks(contribution.id)]
    talked += [makers.first_version.header.at_ms for makers in reader.view.talk_about(contribution.id)]
    mark = reader.t("interpretation.mark")
    if talked:
        mark = reader.t("interpretation.mark_back", date=reader.day(max(talked)))
    return InterpretationView(
        reader.item(contribution), made_by, names, mark, provenance_nodes(reader, contribution.id, gaps, whole=False)
    )


def _understanding_view(reader: Reader, contribution: Contribution, gaps: Counter[str]) -> UnderstandingView:
    item = reader.item(contribution)
    checks = (
        _contributor_check(reader, check_by_contributors(reader.view, contribution.id)),
        _everyone_check(reader, check_by_everyone(reader.view, contribution.id)),
    )
    return UnderstandingView(
        item,
        checks,
        superseded_answers(reader, contribution.id),
        provenance_nodes(reader, contribution.id, gaps, whole=False),
    )


def _contributor_check(reader: Reader, check: CheckResult) -> CheckView:
    counts, withheld = _countable_results(reader, check)
    none = max(0, len(check.asked) - check.unreached - sum(counts.values()) - withheld)
    line = reader.t(
        "check.result_said", yes=counts["yes"], nearly=counts["nearly"], no=counts["no"], none=none
    )  # fmt: skip
    lines = _lines_apart(reader, counts, withheld)
    if check.unreached:
        lines.append(reader.t("check.unreached", n=check.unreached))
    return _check_view(reader, "report.check_said", check, counts, line, lines, _CONTRIBUTOR_RESULT_LABELS)


def _everyone_check(reader: Reader, check: CheckResult) -> CheckView:
    counts, withheld = _countable_results(reader, check)
    none = max(0, len(check.asked) - sum(counts.values()) - withheld)
    line = reader.t(
        "check.result_all", same=counts["same"], differ=counts["differ"], unsure=counts["unsure"], none=none
    )
    return _check_view(
        reader, "report.check_all", check, counts, line, _lines_apart(reader, counts, withheld), _EVERYONE_RESULT_LABELS
    )


def _countable_results(reader: Reader, check: CheckResult) -> tuple[Counter[str], int]:
    """The counts of the results that may be counted here, and the number of those that may not."""
    countable = {person: entry for person, entry in check.answers.items() if reader.may_count(person)}
    return Counter(str(entry.data.get("result", "")) for entry in countable.values()), len(check.answers) - len(
        countable
    )


def _lines_apart(reader: Reader, counts: Counter[str], withheld: int) -> list[str]:
    found = []
    if counts["rather-not"]:
        found.append(reader.t("report.rather_not", n=counts["rather-not"]))
    if withheld:
        found.append(reader.t("report.answers_kept", n=withheld))
    return found


def _check_view(
    reader: Reader,
    heading: str,
    check: CheckResult,
    counts: Counter[str],
    line: str,
    lines: list[str],
    keys: dict[str, str],
) -> CheckView:
    if not check.asked:
        return CheckView(reader.t(heading), reader.t("report.not_asked"), "", (), ())
    items = []
    for entry in reader.state.sorted(check.answers.values()):
        found = reader.view.of_id(entry.id)
        if found is not None and entry.data.get("text") and reader.mark_printed(entry):
            key = keys.get(str(entry.data.get("result")))
            items.append(reader.item(found, entry, label=reader.t(key) if key else ""))
    answered = reader.t("report.answered_of", n=sum(counts.values()), N=len(check.asked))
    return CheckView(reader.t(heading), answered, line, tuple(lines), tuple(items))
