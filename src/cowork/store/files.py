"""Copies and checks: an export of one workshop, and what `cowork check` finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cowork.core.elements import is_contribution
from cowork.core.entries import Entry
from cowork.core.errors import RecordError
from cowork.core.fold import State
from cowork.core.seen import Seen
from cowork.store.record import Record
from cowork.store.sqlite import SqliteKeeper

#: Kinds whose bodies say something about a person that an export may only carry where that person agreed.
_ABOUT_PEOPLE = frozenset({"participant", "attendance"})


@dataclass
class Copied:
    """What an export holds: entries, and of these how many without their words, by reason."""

    entries: int = 0
    kept_back: dict[str, int] = field(default_factory=dict)


def export(record: Record, workshop: str, path: Path, *, whole: bool = False) -> Copied:
    """Write one workshop to a fresh `.cowork` file, without the key and without anybody's way in.

    The copy leaves the group, so it holds only what the group may see and what its people allow: words that are only
    somebody's own, hidden, withdrawn, not yet shown, or whose author asked for that, stay behind; their headers go
    along, so the chains are whole and the gap is counted. `whole` keeps every word, for the operator's own safe.
    Safe while the workshop is in use: it reads one state of it. Raises RecordError where `path` exists.
    """
    if path.exists():
        raise RecordError("error.record_exists", path=str(path))
    state = record.state(workshop)
    keeper = SqliteKeeper(path, journal="DELETE")
    copied = Copied()
    try:
        keeper.create()
        with keeper.writing() as rows:
            for _, entry in record.read(workshop):
                why = "" if whole else kept_back(state, entry)
                # The fold is newer than the row where an erasure came in between: its words win.
                held = state.entries.get(entry.id)
                gone = held is None or held.body is None
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


def kept_back(state: State, entry: Entry) -> str:
    """Why the words of an entry may not leave the group, or "" where they may."""
    if entry.body is None:
        return ""
    naming = state.consent(entry.header.by, "naming").get("answer", "perspective")
    if entry.kind in _ABOUT_PEOPLE and entry.header.how != "import":
        allowed = {"named": ("name",), "pseudonym": ("name",), "perspective": (), "not": ()}.get(naming, ())
        secret = {"name"} - set(allowed)
        return "name" if secret & set(entry.data) and entry.data.get("name") else ""
    if entry.kind == "consent":
        return "consent" if entry.header.seen_by == "only-me" and entry.data.get("question") == "research" else ""
    root = state.entries.get(state.root(entry.id))
    if root is not None and is_contribution(root.kind):
        if naming == "not" and root.header.how != "import":
            return "not-shared"
        found = Seen(state, "").of_id(entry.id)
        if found is None:
            return "not-seen"
        return "" if entry in (*found.versions, *found.earlier) else "not-seen"
    # The words of an act (why it was taken back, why it was hidden) belong to its author and the facilitator.
    return "act" if entry.kind in ("withdrawal", "hide") else ""


@dataclass(frozen=True)
class Fault:
    """One thing `cowork check` found. `key` names the sentence."""

    key: str
    values: dict[str, object]


def check(record: Record) -> Iterator[Fault]:
    """Everything that is not as it should be: pages, hashes, seals, chains, and what was set aside."""
    for line in record.keeper.faults():
        yield Fault("check.page", {"what": line})
    for state in record.workshops():
        workshop = state.workshop
        with record.keeper.reading() as rows:
            key = rows.key(workshop)
            entries = [entry for _, entry in rows.after(workshop, 0)]
            aside = rows.aside(workshop)
        for entry in entries:
            if not entry.body_holds():
                yield Fault("check.hash", {"id": entry.id})
            if key is not None and not entry.seal_holds(key):
                # What was written while this was a copy without its key stays unsealed; the rest is a fault.
                yield Fault("check.unsealed" if entry.seal is None else "check.seal", {"id": entry.id})
        yield from _chains(entries)
        for why, entry in aside:
            yield Fault("check.aside", {"id": entry.id, "why": why})
    if record.keeper.scrubbing():
        yield Fault("check.scrub", {})


def _chains(entries: list[Entry]) -> Iterator[Fault]:
    chains: dict[str, dict[int, Entry]] = {}
    for entry in entries:
        chains.setdefault(entry.header.writer, {})[entry.header.seq] = entry
    for writer, chain in sorted(chains.items()):
        for seq in range(1, max(chain) + 1):
            if seq not in chain:
                yield Fault("check.gap", {"writer": writer, "seq": seq})
            elif seq - 1 in chain and chain[seq].header.prev != chain[seq - 1].header.digest():
                yield Fault("check.chain", {"id": chain[seq].id})
