"""The export of one workshop into a file of its own, without the words that may not leave the group."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cowork.core.access.disclosure import DisclosedView, withholding_reason
from cowork.core.errors import RecordError
from cowork.core.fold import fold
from cowork.store.record import Record
from cowork.store.sqlite import SqliteBackend


@dataclass
class ExportResult:
    """Counts of an export: entries, and by reason those whose body was withheld."""

    entries: int = 0
    withheld: dict[str, int] = field(default_factory=dict)


def export_workshop(record: Record, workshop: str, path: Path, *, whole: bool = False) -> ExportResult:
    """Write one workshop to a new `.cowork` file, without the key and without credentials.

    The export leaves the group, so it holds only what the group may see and what each author allows. Private, hidden,
    withdrawn and unrevealed words, and those whose author keeps them inside, are withheld; their headers are exported,
    so the chains stay whole and each gap is counted. `whole` exports every word, for the operator's own backup. Safe
    while the workshop is in use: it reads one state of it. Raises RecordError where `path` exists.
    """
    if path.exists():
        raise RecordError("error.record_exists", path=str(path))
    entries = [entry for _, entry in record.read_entries(workshop)]
    state = fold(workshop, entries)  # of exactly these entries: later ones are in neither
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
