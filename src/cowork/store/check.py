"""The check of a record (`cowork check`): pages, hashes, seals, chains, and what is in quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowork.core.entries import Entry
from cowork.core.fold import fold
from cowork.store.backend import read_all
from cowork.store.merge import WITHHELD
from cowork.store.record import Record


@dataclass(frozen=True)
class RecordFault:
    """One fault that a check found. `key` names its sentence in the catalogue."""

    key: str
    values: dict[str, object]


def check_record(record: Record) -> Iterator[RecordFault]:
    """Check every page, hash, seal and chain of a record, and report what is in quarantine."""
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
                # An entry written while this was a copy without its key stays unsealed; any other is a fault.
                yield RecordFault("check.unsealed" if entry.seal is None else "check.seal", {"id": entry.id})
        yield from _chain_faults(entries)
    with record.backend.reading() as rows:
        quarantined = rows.quarantined()  # of every workshop, including those without an entry
    for reason, entry in quarantined:
        if reason != WITHHELD:
            yield RecordFault("check.aside", {"id": entry.id, "why": reason})
    if record.backend.needs_scrub():
        yield RecordFault("check.scrub", {})


def _missing_bodies(workshop: str, entries: list[Entry], withheld_ids: set[str]) -> Iterator[RecordFault]:
    """Entries whose body is lost: neither erased nor withheld by a copy. Reported only where the record has the key."""
    state = fold(workshop, entries)
    for entry in entries:
        if entry.body is None and entry.id not in withheld_ids and not state.is_body_erased(entry.id):
            yield RecordFault("check.words", {"id": entry.id})


def _chain_faults(entries: list[Entry]) -> Iterator[RecordFault]:
    chains: dict[str, dict[int, Entry]] = {}
    for entry in entries:
        chains.setdefault(entry.header.writer, {})[entry.header.seq] = entry
    for writer, chain in sorted(chains.items()):
        # Step from one present entry to the next: a forged sequence number would make counting through a gap endless.
        for before, seq in zip([0, *sorted(chain)], sorted(chain), strict=False):
            if seq != before + 1:
                yield RecordFault("check.gap", {"writer": writer, "seq": before + 1})
            elif chain[seq].header.prev != (chain[before].header.digest() if before else ""):
                yield RecordFault("check.chain", {"id": chain[seq].id})
