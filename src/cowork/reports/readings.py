"""What people made of it and what they now see, in a report, with both checks: n of N, and silence told as silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cowork.analysis.understanding import ALL, Check, check_all, check_said
from cowork.core.seen import Contribution
from cowork.reports.earlier import answers_left
from cowork.reports.reader import Item, Reader, Who
from cowork.reports.thread import Node, thread

_SAID_KEYS = {"yes": "check.said.yes", "nearly": "check.said.nearly", "no": "check.said.no"}
_ALL_KEYS = {code: f"check.all.{code}" for code in ALL if code != "rather-not"}


@dataclass(frozen=True)
class Reading:
    """An interpretation. `made_by` says who made it; `mark` that it is a reading, and when it was last talked about."""

    item: Item
    made_by: str
    names: tuple[Who, ...]
    mark: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Checked:
    """One check: who was asked, n of N, the counts, and what was written with the answers."""

    heading: str
    answered: str
    counts: str
    lines: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Understood:
    """`earlier` is what was written with answers to earlier words."""

    item: Item
    checks: tuple[Checked, ...]
    earlier: tuple[Item, ...]
    nodes: tuple[Node, ...]


def readings(reader: Reader, gaps: Counter[str]) -> tuple[Reading, ...]:
    """Every reading, side by side, oldest first."""
    return tuple(_reading(reader, c, gaps) for c in _here(reader, "interpretation"))


def understood(reader: Reader, gaps: Counter[str]) -> tuple[Understood, ...]:
    """Everything people now see, each with how it was checked."""
    return tuple(_understood(reader, c, gaps) for c in _here(reader, "understanding"))


def _here(reader: Reader, kind: str) -> list[Contribution]:
    return [c for c in reader.seen.of_kind(kind) if c.standing == "here"]


def _reading(reader: Reader, c: Contribution, gaps: Counter[str]) -> Reading:
    who = c.entry.data.get("who") or c.first.data.get("who")
    names: tuple[Who, ...] = ()
    made_by = ""
    if who == "some":
        told = c.entry.data.get("names") or c.first.data.get("names") or ()
        names = tuple(reader.person(str(one)) for one in (told if isinstance(told, list) else [told]) if one)
        made_by = reader.say("interpretation.who.some", names=", ".join(one.text for one in names))
    elif who in ("me", "group"):
        made_by = reader.say(f"interpretation.who.{who}")
    talked = [mark.header.at_ms for mark in reader.seen.talked_about(c.id)]
    talked += [said.first.header.at_ms for said in reader.seen.said_about(c.id)]
    mark = reader.say("interpretation.mark")
    if talked:
        mark = reader.say("interpretation.mark_back", date=reader.day(max(talked)))
    return Reading(reader.item(c), made_by, names, mark, thread(reader, c.id, gaps, whole=False))


def _understood(reader: Reader, c: Contribution, gaps: Counter[str]) -> Understood:
    item = reader.item(c)
    checks = (_said(reader, check_said(reader.seen, c.id)), _all(reader, check_all(reader.seen, c.id)))
    return Understood(item, checks, answers_left(reader, c.id), thread(reader, c.id, gaps, whole=False))


def _said(reader: Reader, check: Check) -> Checked:
    counts, kept = _counts(reader, check)
    none = max(0, len(check.asked) - check.unreached - sum(counts.values()) - kept)
    line = reader.say(
        "check.result_said", yes=counts["yes"], nearly=counts["nearly"], no=counts["no"], none=none
    )  # fmt: skip
    lines = _apart(reader, counts, kept)
    if check.unreached:
        lines.append(reader.say("check.unreached", n=check.unreached))
    return _checked(reader, "report.check_said", check, counts, line, lines, _SAID_KEYS)


def _all(reader: Reader, check: Check) -> Checked:
    counts, kept = _counts(reader, check)
    none = max(0, len(check.asked) - sum(counts.values()) - kept)
    line = reader.say(
        "check.result_all", same=counts["same"], differ=counts["differ"], unsure=counts["unsure"], none=none
    )
    return _checked(reader, "report.check_all", check, counts, line, _apart(reader, counts, kept), _ALL_KEYS)


def _counts(reader: Reader, check: Check) -> tuple[Counter[str], int]:
    """What was answered by those whose answers may be counted here, and how many answers are not."""
    told = {person: entry for person, entry in check.answers.items() if reader.counts(person)}
    return Counter(str(e.data.get("result", "")) for e in told.values()), len(check.answers) - len(told)


def _apart(reader: Reader, counts: Counter[str], kept: int) -> list[str]:
    found = []
    if counts["rather-not"]:
        found.append(reader.say("report.rather_not", n=counts["rather-not"]))
    if kept:
        found.append(reader.say("report.answers_kept", n=kept))
    return found


def _checked(
    reader: Reader,
    heading: str,
    check: Check,
    counts: Counter[str],
    line: str,
    lines: list[str],
    keys: dict[str, str],
) -> Checked:
    if not check.asked:
        return Checked(reader.say(heading), reader.say("report.not_asked"), "", (), ())
    items = []
    for entry in reader.state.sorted(check.answers.values()):
        found = reader.seen.of_id(entry.id)
        if found is not None and entry.data.get("text") and reader.may_print(entry):
            key = keys.get(str(entry.data.get("result")))
            items.append(reader.item(found, entry, label=reader.say(key) if key else ""))
    answered = reader.say("report.answered_of", n=sum(counts.values()), N=len(check.asked))
    return Checked(reader.say(heading), answered, line, tuple(lines), tuple(items))
