"""Provenance in a report: nested nodes from an agreement down to the exact words, with every link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cowork.analysis.proposals import closes_no_proposal
from cowork.analysis.trace import Step, trace
from cowork.core.entries import Entry
from cowork.core.proposals import OUTCOME_KINDS
from cowork.core.provenance import Change
from cowork.reports.reader import Item, Reader, Words
from cowork.text.labels import OUTCOME_LABELS, PRINTED_STEP_LABELS


@dataclass(frozen=True)
class Node:
    """One stop. `quotes` are the exact words taken from it, or a sentence where they are gone; `gap` is the sentence
    that stands where no words do.

    `changed` is True where what it rests on has changed; `since` says when its own words did, and `now` how they read
    since. `same` is True where the words are those the thread begins with; `again` is the text whose own thread stands
    elsewhere in the file.
    """

    label: str
    item: Item | None
    quotes: tuple[tuple[Words, str], ...] = ()
    gap: str = ""
    changed: bool = False
    since: str = ""
    now: tuple[Words, ...] = ()
    same: bool = False
    again: str = ""
    nodes: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        yield self
        for node in self.nodes:
            yield from node.walk()


def provenance_nodes(reader: Reader, root: str, gaps: Counter[str], *, whole: bool = True) -> tuple[Node, ...]:
    """What a text rests on, down to the words. `whole` repeats here what stands elsewhere in the file already, so that
    an agreement is never read without its words; else the reader is led there. `gaps` counts where words are gone."""
    top = trace(reader.view, root)
    if top is None:
        return ()
    reader.unfolded.add(root)
    return _nodes(reader, top, gaps, whole, top.text)


def _nodes(reader: Reader, step: Step, gaps: Counter[str], whole: bool, top: str) -> tuple[Node, ...]:
    # The proposal an ending closes comes last: what it rests on has then been told, nearer to the ending.
    steps = sorted(step.steps, key=lambda below: below.relation == "closes")
    return tuple(_node(reader, below, gaps, whole, top) for below in steps)


def _node(reader: Reader, step: Step, gaps: Counter[str], whole: bool, top: str) -> Node:
    quotes = tuple(
        (Words(quote.text, _lang_of(reader, quote.version)), reader.gap(quote.gap) if quote.gap else "")
        for quote in step.quotes
    )
    if step.gap or step.contribution is None:
        reason = step.gap or "gone"
        gaps[reason] += 1
        return Node("", None, gap=reader.gap(reason))
    gaps.update(quote.gap for quote in step.quotes if quote.gap)
    is_elsewhere = step.again or (bool(step.steps) and not whole and step.id in reader.unfolded)
    if not is_elsewhere:
        reader.unfolded.add(step.id)
    version = reader.state.entries[step.version]
    label = _step_label(reader, step)
    item = reader.item(step.contribution, version, label=label, place=not is_elsewhere)
    meant_is_newest = any(version_.id == step.version for version_ in step.contribution.versions)
    newest = () if meant_is_newest else step.contribution.versions
    since = reader.t("common.changed_on", date=reader.day(newest[-1].header.at_ms)) if newest else ""
    same = bool(step.text) and step.text == top and not quotes
    nodes = () if is_elsewhere else _nodes(reader, step, gaps, whole, top)
    return Node(
        label,
        item,
        quotes,
        "",
        bool(step.changed),
        since,
        tuple(map(reader.words, newest)),
        same,
        step.id if is_elsewhere else "",
        nodes,
    )


def _step_label(reader: Reader, step: Step) -> str:
    if step.kind == "outcome" and step.contribution is not None:
        result = str(step.contribution.entry.data.get("outcome"))
        return outcome_label(reader, result, step.contribution.first_version)
    return reader.t(PRINTED_STEP_LABELS.get(step.kind, "trace.step.said"))


def outcome_label(reader: Reader, result: str, first: Entry) -> str:
    """What sort of outcome it is. Where one person kept it, the words stand with their name, where that may be told."""
    if result in OUTCOME_KINDS and closes_no_proposal(first):
        return reader.t("ending.differ_one" if result == "difference" else "ending.open_one")
    return reader.t(OUTCOME_LABELS.get(result, "trace.step.agreed"))


def _lang_of(reader: Reader, version: str) -> str:
    entry = reader.state.entries.get(version)
    return reader.words(entry).lang if entry else ""


# ---- changed ground


@dataclass(frozen=True)
class ChangedLine:
    """What changed under an ending since people last looked: the sentence, and the words before and now where they may
    be read."""

    line: str
    before: Words
    now: Words
    root: str


def changed_lines(reader: Reader, changes: tuple[Change, ...]) -> tuple[ChangedLine, ...]:
    """A line with the date of each change. Withdrawn and erased words do not appear."""
    return tuple(_changed_line(reader, change) for change in changes)


def _changed_line(reader: Reader, change: Change) -> ChangedLine:
    line = reader.t(f"report.changed.{change.what}", date=reader.day(change.at_ms))
    found = reader.view.of_id(change.root)
    entry = reader.state.entries.get(change.entry)
    if change.what != "changed" or found is None or not found.is_active or entry is None:
        return ChangedLine(line, Words(""), Words(""), change.root)
    readable = {wording.id: wording for wording in (*found.earlier, *found.versions)}
    before = [readable[target] for target in entry.targets("replaces") if target in readable]
    now = readable.get(entry.id)
    return ChangedLine(
        line,
        reader.words(before[-1]) if before else Words(""),
        reader.words(now) if now else Words(""),
        change.root,
    )
