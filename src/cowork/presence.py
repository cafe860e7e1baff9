"""Presence: who has the workshop open now, read from pings of browsers and stored in no record.

Each open page touches one small file at each ping; its name holds digests of the person and of the page. A person
counts as present for a minute and a half after a ping. A page that is left deletes its file. A browser that closes,
sleeps or loses its network is counted no longer after that time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
import weakref
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path

from cowork.store.notify import private_folder

#: Seconds for which a ping counts: one may be lost of those that come every forty seconds (`connection_monitor.js`).
#: Each ping costs some milliseconds; a page that is left in order is not counted from that moment.
PRESENT_SECONDS = 90.0

#: Seconds after which people are counted again though nobody came or left: a browser may have vanished.
RECOUNT_SECONDS = 10.0

#: Seconds after which the file of a killed process is deleted.
STALE_SECONDS = 3600.0


class Presence:
    """Counts the people who have this workshop open on some device, with one folder of files on this machine.

    `on_change` is called when somebody comes or leaves here, so that other processes can be notified to count again.
    """

    def __init__(self, record: str, workshop: str, on_change: Callable[[], object] = lambda: None) -> None:
        self._name = hashlib.sha256(f"{record}\n{workshop}".encode()).hexdigest()[:24]
        self._on_change = on_change
        self._participant = ""
        self._mark: Path | None = None
        self._leave: Callable[[], object] = lambda: None
        self._page = ""
        self._counted: tuple[int, float, dict[str, set[str]]] = (0, 0.0, {})  # (time of the folder, of the count, who)

    @cached_property
    def folder(self) -> Path | None:
        """None where the machine has no folder that only this user can read: then nobody is counted."""
        private = private_folder("here")
        return Path(private, self._name) if private else None

    def ping(self, participant: str, page: str = "") -> bool:
        """Note that this person has the page open. Returns True where they were on another page before."""
        self.__dict__.pop("folder", None)  # it may have been deleted, or may exist now
        if participant != self._participant:
            self.leave()
        folder = self.folder
        if folder is None:
            return False
        has_moved, self._page = page != self._page, page
        if self._mark is None:
            self._enter(participant, folder)
        elif has_moved:
            self._replace_mark(self._mark.with_name(_mark_name(self._mark.name, page)))
        else:
            _touch(self._mark)
        return has_moved

    def _enter(self, participant: str, folder: Path) -> None:
        # One file for each page: when one device of a person leaves, their other one must still count.
        self._participant = participant
        self._replace_mark(folder / _mark_name(f"{_digest(participant, 32)}.{secrets.token_hex(4)}", self._page))
        self._on_change()

    def _replace_mark(self, mark: Path) -> None:
        """The file is renamed at a move, and so is touched; its folder then has a new time, and others count again."""
        if self._mark is not None and isinstance(self._leave, weakref.finalize):
            self._leave.detach()
            with contextlib.suppress(OSError):
                self._mark.rename(mark)
        _touch(mark)
        self._mark = mark
        self._leave = weakref.finalize(self, _remove_file, mark, self._on_change, os.getpid())

    def leave(self) -> None:
        """Note that the page is closed or shows another workshop. It is called when the process ends in order."""
        self._leave()
        self._leave = lambda: None
        self._participant, self._mark, self._page = "", None, ""

    def count(self) -> int:
        """How many people are present. A person with two devices counts once. It is cheap where nobody came or left."""
        return len(self._read())

    def people(self) -> frozenset[str]:
        """A sign for each person who is present, of use to compare with what it was."""
        return frozenset(self._read())

    def count_at(self, page: str) -> int:
        """How many of them have this page open on one of their devices."""
        place = _digest(page, 12)
        return sum(place in places for places in self._read().values())

    def present(self, participants: Iterable[str]) -> list[str]:
        """Those of these people who are present."""
        people = self._read()
        return [participant for participant in participants if _digest(participant, 32) in people]

    def _read(self) -> dict[str, set[str]]:
        """The digest of each person who is present, and of the pages that they have open."""
        now = time.time()
        folder = self.folder
        try:
            changed = folder.stat().st_mtime_ns if folder else 0
            if changed and self._counted[0] == changed and 0 <= now - self._counted[1] < RECOUNT_SECONDS:
                return self._counted[2]
            people = self._read_marks(list(folder.iterdir()) if folder else [], now)
        except OSError:
            return {}
        # The time of a folder is coarse: after a very recent change another one may have the same time.
        self._counted = (changed if now - changed / 1e9 > 0.1 else 0, now, people)
        return people

    def _read_marks(self, files: list[Path], now: float) -> dict[str, set[str]]:
        people: dict[str, set[str]] = {}
        for file in files:
            try:
                age = now - file.stat().st_mtime
                if age < PRESENT_SECONDS:
                    person, _, place = (*file.name.split("."), "")[:3]
                    people.setdefault(person, set()).add(place)
                elif age > STALE_SECONDS:
                    file.unlink()
            except OSError:  # another process has deleted it
                continue
        return people


@lru_cache(maxsize=4096)
def _digest(value: str, length: int) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:length]


def _mark_name(name: str, page: str) -> str:
    """The name of a mark at a page: person, device and page, each as letters that no file system minds."""
    return ".".join([*name.split(".")[:2], _digest(page, 12)])


def _touch(mark: Path) -> None:
    try:
        mark.parent.mkdir(exist_ok=True, mode=0o700)
        mark.touch()
    except OSError:  # a full disk, or another process has just deleted the folder: the next ping tries again
        pass


def _remove_file(mark: Path, on_change: Callable[[], object], owner: int) -> None:
    if os.getpid() != owner:  # a forked child: the page belongs to its parent
        return
    try:
        mark.unlink(missing_ok=True)
        mark.parent.rmdir()
    except OSError:  # others are present
        pass
    on_change()
