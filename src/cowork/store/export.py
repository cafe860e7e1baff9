"""Copies and checks: an export of one workshop, and what `cowork check` finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cowork.core.access.disclosure import DisclosedView, withholding_reason
from cowork.core.entries import Entry
from cowork.core.errors import RecordError
from cowork.core.fold import fold
from cowork.store.record import WITHHELD, Record, read_all
from cowork.store.sqlite import SqliteBackend


@dataclass
class ExportResult:
    """What an export holds: entries, and of these how many without their words, by reason."""

    entries: int = 0
    withheld: dict[str, int] = field(default_factory=dict)


def export_workshop(record: Record, workshop: str, path: Path, *, whole: bool = False) -> ExportResult:
    """Write one workshop to a fresh `.cowork` file, without the key and without anybody's way in.

    The copy leaves the group, so it holds only what the group may see and what its people allow: words that are only
    somebody's own, hidden, withdrawn, not yet shown, or whose author asked for that, stay behind; their headers go
    along, so the chains are whole and the gap is counted. `whole` keeps every word, for the operator's own safe.
    Safe while the workshop is in use: it reads one state of it. Raises RecordError where `path` exists.
    """
    if path.exists():
        raise RecordError("error.record_exists", path=str(path))
    entries = [entry for _, entry in record.read_entries(workshop)]
    state = fold(workshop, entries)  # of these very entries: what came in since is in neither
    disclosed_view = DisclosedView(state)
    backend = SqliteBackend(path, journal="DELETE")
    result = ExportResult()
    try:
        backend.create()
        with backend.writing() as rows:
            for entry in entries:
                reason = "" if whole else withholding_reason(disclosed_view, entry)
                is_erased = state.entries[entry.id].body is None
                rows.insert(entry.without_body() if reason or is_erased else entry)
                result.entries += 1
                if reason and entry.body is not None:
                    result.withheld[reason] = result.withheld.get(reason, 0) + 1
    except BaseException:
        backend.close()
        path.unlink(missing_ok=True)
        raise
    backend.close()
    return result


@dataclass(frozen=True)
class RecordFault:
    """One thing `cowork check` found. `key` names the sentence."""

    key: str
    values: dict[str, object]


def check_record(record: Record) -> Iterator[RecordFault]:
    """Everything that is not as it should be: pages, hashes, seals, chains, and what was set aside."""
    for line in record.backend.faults():
        yield RecordFault("check.page", {"what": line})
    if lost := record.backend.lost_entries():
        yield RecordFault("check.cut_off", {"n": lost})
    with record.backend.reading() as rows:
        workshops = rows.workshops()
    for workshop in workshops:
        with record.backend.reading() as rows:
            key = rows.key(workshop)
            entries = [entry for _, entry in read_all(rows, workshop)]
            withheld_ids = {entry.id for reason, entry in rows.quarantined(workshop) if reason == WITHHELD}
        if all(entry.id != workshop for entry in entries):
            yield RecordFault("check.no_opening", {"id": workshop})
        if key is not None:
            yield from _missing_bodies(workshop, entries, withheld_ids)
        for entry in entries:
            if not entry.has_valid_body():
                yield RecordFault("check.hash", {"id": entry.id})
            if key is not None and not entry.has_valid_seal(key):
                # What was written while this was a copy without its key stays unsealed; the rest is a fault.
                yield RecordFault("check.unsealed" if entry.seal is None else "check.seal", {"id": entry.id})
        yield from _chain_faults(entries)
    with record.backend.reading() as rows:
        quarantined = rows.quarantined()  # of every workshop, also of one that is not here
    for reason, entry in quarantined:
        if reason != WITHHELD:
            yield RecordFault("check.aside", {"id": entry.id, "why": reason})
    if record.backend.needs_scrub():
        yield RecordFault("check.scrub", {})


def _missing_bodies(workshop: str, entries: list[Entry], withheld_ids: set[str]) -> Iterator[RecordFault]:
    """Words that are not here though nobody erased them and no copy kept them back: only where they were written."""
    state = fold(workshop, entries)
    for entry in entries:
        if entry.body is None and entry.id not in withheld_ids and not state.is_body_erased(entry.id):
            yield RecordFault("check.words", {"id": entry.id})


def _chain_faults(entries: list[Entry]) -> Iterator[RecordFault]:
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
