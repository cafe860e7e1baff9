"""Copies and checks: an export of one workshop, and what `cowork check` finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cowork.core.elements import is_contribution
from cowork.core.entries import Entry
from cowork.core.errors import RecordError
from cowork.core.fold import State, fold
from cowork.core.seen import Seen
from cowork.store.record import KEPT_BACK, Record, everything
from cowork.store.sqlite import SqliteKeeper

#: Kinds whose bodies say something about a person that an export may only carry where that person agreed.
_ABOUT_PEOPLE = frozenset({"participant", "attendance"})
#: Answers to "how am I named" with which a name may leave the group.
_NAMED = ("named", "pseudonym")


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
    entries = [entry for _, entry in record.read(workshop)]
    state = fold(workshop, entries)  # of these very entries: what came in since is in neither
    keeper = SqliteKeeper(path, journal="DELETE")
    copied = Copied()
    try:
        keeper.create()
        with keeper.writing() as rows:
            for entry in entries:
                why = "" if whole else kept_back(state, entry)
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


def kept_back(state: State, entry: Entry) -> str:
    """Why the words of an entry may not leave the group, or "" where they may."""
    if entry.body is None:
        return ""
    root = state.entries.get(state.root(entry.id))
    if root is None:
        return "not-seen"  # a later version whose first one is not here: nobody sees it
    seen = Seen(state, "")
    naming = _naming(state, entry.header.by)
    if root.kind in _ABOUT_PEOPLE:
        claimed = entry.data.get("claimed")
        if isinstance(claimed, dict) and claimed.get("name") and _naming(state, str(claimed.get("by"))) not in _NAMED:
            return "name"
        if root.kind == "participant" and naming == "not":
            return "name"  # what somebody is here as can point to them as surely as their name
        name = entry.data.get("name")
        # An earlier name stays behind too: whoever took a pseudonym later meant the first one to go.
        if name and (naming not in _NAMED or name != state.person(entry.header.by).get("name")):
            return "name"
    if root.kind == "consent" and (entry.header.seen_by == "only-me" or (naming == "not" and entry.data.get("text"))):
        return "consent"  # an answer without words goes along; all that it keeps inside stays behind either way
    if is_contribution(root.kind):
        if naming == "not" or state.quote_consent(root.id) == "not":
            return "not-shared"
        found = seen.of_id(entry.id)
        if found is None:
            return "not-seen"
        return "" if entry in (*found.versions, *found.earlier) else "not-seen"
    # The words of an act (why it was taken back, why it was hidden) belong to its author and the facilitator.
    if root.kind in ("withdrawal", "hide"):
        return "act"
    return "" if seen.sees_version(entry) and not state.withdrawals(root.id) else "not-seen"


def _naming(state: State, participant: str) -> str:
    return str(state.consent(participant, "naming").get("answer", "perspective"))


@dataclass(frozen=True)
class Fault:
    """One thing `cowork check` found. `key` names the sentence."""

    key: str
    values: dict[str, object]


def check(record: Record) -> Iterator[Fault]:
    """Everything that is not as it should be: pages, hashes, seals, chains, and what was set aside."""
    for line in record.keeper.faults():
        yield Fault("check.page", {"what": line})
    if cut := record.keeper.cut_off():
        yield Fault("check.cut_off", {"n": cut})
    with record.keeper.reading() as rows:
        workshops = rows.workshops()
    for workshop in workshops:
        with record.keeper.reading() as rows:
            key = rows.key(workshop)
            entries = [entry for _, entry in everything(rows, workshop)]
            gaps = {entry.id for why, entry in rows.aside(workshop) if why == KEPT_BACK}
        if all(entry.id != workshop for entry in entries):
            yield Fault("check.no_opening", {"id": workshop})
        if key is not None:
            yield from _words_gone(workshop, entries, gaps)
        for entry in entries:
            if not entry.body_holds():
                yield Fault("check.hash", {"id": entry.id})
            if key is not None and not entry.seal_holds(key):
                # What was written while this was a copy without its key stays unsealed; the rest is a fault.
                yield Fault("check.unsealed" if entry.seal is None else "check.seal", {"id": entry.id})
        yield from _chains(entries)
    with record.keeper.reading() as rows:
        aside = rows.aside()  # of every workshop, also of one that is not here
    for why, entry in aside:
        if why != KEPT_BACK:
            yield Fault("check.aside", {"id": entry.id, "why": why})
    if record.keeper.scrubbing():
        yield Fault("check.scrub", {})


def _words_gone(workshop: str, entries: list[Entry], gaps: set[str]) -> Iterator[Fault]:
    """Words that are not here though nobody erased them and no copy kept them back: only where they were written."""
    state = fold(workshop, entries)
    for entry in entries:
        if entry.body is None and entry.id not in gaps and not state.words_erased(entry.id):
            yield Fault("check.words", {"id": entry.id})


def _chains(entries: list[Entry]) -> Iterator[Fault]:
    chains: dict[str, dict[int, Entry]] = {}
    for entry in entries:
        chains.setdefault(entry.header.writer, {})[entry.header.seq] = entry
    for writer, chain in sorted(chains.items()):
        # From one that is here to the next: counting through a gap would not end where somebody forged its width.
        for before, seq in zip([0, *sorted(chain)], sorted(chain), strict=False):
            if seq != before + 1:
                yield Fault("check.gap", {"writer": writer, "seq": before + 1})
            elif chain[seq].header.prev != (chain[before].header.digest() if before else ""):
                yield Fault("check.chain", {"id": chain[seq].id})
