"""Copies and checks: an export of one workshop, and what `cowork check` finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cowork.core.access.disclosure import DisclosedView, why_not
from cowork.core.entries import Entry
from cowork.core.errors import RecordError
from cowork.core.fold import fold
from cowork.store.record import KEPT_BACK, Record, everything
from cowork.store.sqlite import SqliteBackend


@dataclass
class ExportResult:
    """What an export holds: entries, and of these how many without their words, by reason."""

    entries: int = 0
    kept_back: dict[str, int] = field(default_factory=dict)


def export_workshop(record: Record, workshop: str, path: Path, *, whole: bool = False) -> ExportResult:
    """Write one workshop to a fresh `.cowork` file, without the key and without anybody's way in.

    The copy leaves the group, so it holds only what the group may see and what its people allow: words that are only
    somebody's own, hidden, withdrawn, not yet shown, or whose author asked for that, stay behind; their headers go
    along, so the chains are whole and the gap is counted. `whole` keeps every word, for the operator's own safe.
    Safe while the workshop is in use: it reads one state of it. Raises RecordError where `path` exists.
    """
    if path.exists():
        raise RecordError("error.record_exists", path=str(path))
    entries = [entry for _, entry in record.read(workshop)]
    state = fold(workshop, entries)  # of these very entries: what came in since is in neither
    outside = DisclosedView(state)
    keeper = SqliteBackend(path, journal="DELETE")
    copied = ExportResult()
    try:
        keeper.create()
        with keeper.writing() as rows:
            for entry in entries:
                why = "" if whole else why_not(outside, entry)
                gone = state.entries[entry.id].body is None
                rows.insert(entry.without_words() if why or gone else entry)
                copied.entries += 1
                if why and entry.body is not None:
                    copied.kept_back[why] = copied.kept_back.get(why, 0) + 1
    except BaseException:
        keeper.close()
        path.unlink(missing_ok=True)
        raise
    keeper.close()
    return copied


@dataclass(frozen=True)
class RecordFault:
    """One thing `cowork check` found. `key` names the sentence."""

    key: str
    values: dict[str, object]


def check_record(record: Record) -> Iterator[RecordFault]:
    """Everything that is not as it should be: pages, hashes, seals, chains, and what was set aside."""
    for line in record.backend.faults():
        yield RecordFault("check.page", {"what": line})
    if cut := record.backend.cut_off():
        yield RecordFault("check.cut_off", {"n": cut})
    with record.backend.reading() as rows:
        workshops = rows.workshops()
    for workshop in workshops:
        with record.backend.reading() as rows:
            key = rows.key(workshop)
            entries = [entry for _, entry in everything(rows, workshop)]
            gaps = {entry.id for why, entry in rows.aside(workshop) if why == KEPT_BACK}
        if all(entry.id != workshop for entry in entries):
            yield RecordFault("check.no_opening", {"id": workshop})
        if key is not None:
            yield from _words_gone(workshop, entries, gaps)
        for entry in entries:
            if not entry.body_holds():
                yield RecordFault("check.hash", {"id": entry.id})
            if key is not None and not entry.seal_holds(key):
                # What was written while this was a copy without its key stays unsealed; the rest is a fault.
                yield RecordFault("check.unsealed" if entry.seal is None else "check.seal", {"id": entry.id})
        yield from _chains(entries)
    with record.backend.reading() as rows:
        aside = rows.aside()  # of every workshop, also of one that is not here
    for why, entry in aside:
        if why != KEPT_BACK:
            yield RecordFault("check.aside", {"id": entry.id, "why": why})
    if record.backend.scrubbing():
        yield RecordFault("check.scrub", {})


def _words_gone(workshop: str, entries: list[Entry], gaps: set[str]) -> Iterator[RecordFault]:
    """Words that are not here though nobody erased them and no copy kept them back: only where they were written."""
    state = fold(workshop, entries)
    for entry in entries:
        if entry.body is None and entry.id not in gaps and not state.words_erased(entry.id):
            yield RecordFault("check.words", {"id": entry.id})


def _chains(entries: list[Entry]) -> Iterator[RecordFault]:
    chains: dict[str, dict[int, Entry]] = {}
    for entry in entries:
        chains.setdefault(entry.header.writer, {})[entry.header.seq] = entry
    for writer, chain in sorted(chains.items()):
        # From one that is here to the next: counting through a gap would not end where somebody forged its width.
        for before, seq in zip([0, *sorted(chain)], sorted(chain), strict=False):
            if seq != before + 1:
                yield RecordFault("check.gap", {"writer": writer, "seq": before + 1})
            elif chain[seq].header.prev != (chain[before].header.digest() if before else ""):
                yield RecordFault("check.chain", {"id": chain[seq].id})
