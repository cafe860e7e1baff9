"""What people made of it and what they now see, in a report, with both checks: n of N, and silence told as silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cowork.analysis.checks import ALL, CheckResult, check_all, check_said
from cowork.core.access.participant_view import Contribution
from cowork.reports.provenance import Node, thread
from cowork.reports.reader import Item, Reader, Who
from cowork.reports.superseded_answers import answers_left

_SAID_KEYS = {"yes": "check.said.yes", "nearly": "check.said.nearly", "no": "check.said.no"}
_ALL_KEYS = {code: f"check.all.{code}" for code in ALL if code != "rather-not"}


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
    """Every reading, side by side, oldest first."""
    return tuple(_reading(reader, c, gaps) for c in _here(reader, "interpretation"))


def understandings(reader: Reader, gaps: Counter[str]) -> tuple[UnderstandingView, ...]:
    """Everything people now see, each with how it was checked."""
    return tuple(_understood(reader, c, gaps) for c in _here(reader, "understanding"))


def _here(reader: Reader, kind: str) -> list[Contribution]:
    return [c for c in reader.seen.of_kind(kind) if c.standing == "here"]


def _reading(reader: Reader, contribution: Contribution, gaps: Counter[str]) -> InterpretationView:
    who = contribution.entry.data.get("who") or contribution.first.data.get("who")
    names: tuple[Who, ...] = ()
    made_by = ""
    if who == "some":
        told = contribution.entry.data.get("names") or contribution.first.data.get("names") or ()
        names = tuple(reader.person(str(one)) for one in (told if isinstance(told, list) else [told]) if one)
        made_by = reader.t("interpretation.who.some", names=", ".join(one.text for one in names))
    elif who in ("me", "group"):
        made_by = reader.t(f"interpretation.who.{who}")
    talked = [mark.header.at_ms for mark in reader.seen.talked_about(contribution.id)]
    talked += [said.first.header.at_ms for said in reader.seen.said_about(contribution.id)]
    mark = reader.t("interpretation.mark")
    if talked:
        mark = reader.t("interpretation.mark_back", date=reader.day(max(talked)))
    return InterpretationView(
        reader.item(contribution), made_by, names, mark, thread(reader, contribution.id, gaps, whole=False)
    )


def _understood(reader: Reader, contribution: Contribution, gaps: Counter[str]) -> UnderstandingView:
    item = reader.item(contribution)
    checks = (
        _said(reader, check_said(reader.seen, contribution.id)),
        _all(reader, check_all(reader.seen, contribution.id)),
    )
    return UnderstandingView(
        item, checks, answers_left(reader, contribution.id), thread(reader, contribution.id, gaps, whole=False)
    )


def _said(reader: Reader, check: CheckResult) -> CheckView:
    counts, kept = _counts(reader, check)
    none = max(0, len(check.asked) - check.unreached - sum(counts.values()) - kept)
    line = reader.t(
        "check.result_said", yes=counts["yes"], nearly=counts["nearly"], no=counts["no"], none=none
    )  # fmt: skip
    lines = _apart(reader, counts, kept)
    if check.unreached:
        lines.append(reader.t("check.unreached", n=check.unreached))
    return _checked(reader, "report.check_said", check, counts, line, lines, _SAID_KEYS)


def _all(reader: Reader, check: CheckResult) -> CheckView:
    counts, kept = _counts(reader, check)
    none = max(0, len(check.asked) - sum(counts.values()) - kept)
    line = reader.t(
        "check.result_all", same=counts["same"], differ=counts["differ"], unsure=counts["unsure"], none=none
    )
    return _checked(reader, "report.check_all", check, counts, line, _apart(reader, counts, kept), _ALL_KEYS)


def _counts(reader: Reader, check: CheckResult) -> tuple[Counter[str], int]:
    """What was answered by those whose answers may be counted here, and how many answers are not."""
    told = {person: entry for person, entry in check.answers.items() if reader.counts(person)}
    return Counter(str(e.data.get("result", "")) for e in told.values()), len(check.answers) - len(told)


def _apart(reader: Reader, counts: Counter[str], kept: int) -> list[str]:
    found = []
    if counts["rather-not"]:
        found.append(reader.t("report.rather_not", n=counts["rather-not"]))
    if kept:
        found.append(reader.t("report.answers_kept", n=kept))
    return found


def _checked(
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
        found = reader.seen.of_id(entry.id)
        if found is not None and entry.data.get("text") and reader.may_print(entry):
            key = keys.get(str(entry.data.get("result")))
            items.append(reader.item(found, entry, label=reader.t(key) if key else ""))
    answered = reader.t("report.answered_of", n=sum(counts.values()), N=len(check.asked))
    return CheckView(reader.t(heading), answered, line, tuple(lines), tuple(items))
