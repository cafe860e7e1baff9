"""Presence: how many people have the workshop open now, counted from pings of browsers and stored in no record.

Each open page touches one small file at each ping. A person counts as present for a minute and a half after a ping. A
page that is left deletes its file. A browser that closes, sleeps or loses its network is counted no longer after that
time.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
import weakref
from collections.abc import Callable
from functools import cached_property
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
        self._counted = (0, 0.0, 0)  # (time of the folder, time of the count, people)

    @cached_property
    def folder(self) -> Path | None:
        """None where the machine has no folder that only this user can read: then nobody is counted."""
        private = private_folder("here")
        return Path(private, self._name) if private else None

    def ping(self, participant: str) -> None:
        """Note that this person has the page open."""
        self.__dict__.pop("folder", None)  # it may have been deleted, or may exist now
        if participant != self._participant:
            self.leave()
        folder = self.folder
        if folder is None:
            return
        if self._mark is None:
            self._enter(participant, folder)
        else:
            _touch(self._mark)

    def _enter(self, participant: str, folder: Path) -> None:
        person = hashlib.sha256(participant.encode()).hexdigest()[:32]
        # One file for each page: when one device of a person leaves, their other one must still count.
        self._participant, self._mark = participant, folder / f"{person}.{secrets.token_hex(4)}"
        _touch(self._mark)
        self._leave = weakref.finalize(self, _remove_file, self._mark, self._on_change, os.getpid())
        self._on_change()

    def leave(self) -> None:
        """Note that the page is closed or shows another workshop. It is called when the process ends in order."""
        self._leave()
        self._participant, self._mark = "", None

    def count(self) -> int:
        """How many people are present. A person with two devices counts once. It is cheap where nobody came or left."""
        now = time.time()
        folder = self.folder
        try:
            changed = folder.stat().st_mtime_ns if folder else 0
            if changed and self._counted[0] == changed and 0 <= now - self._counted[1] < RECOUNT_SECONDS:
                return self._counted[2]
            people = self._count_people(list(folder.iterdir()) if folder else [], now)
        except OSError:
            return 0
        # The time of a folder is coarse: after a very recent change another one may have the same time.
        self._counted = (changed if now - changed / 1e9 > 0.1 else 0, now, people)
        return people

    def _count_people(self, files: list[Path], now: float) -> int:
        people = set()
        for file in files:
            try:
                age = now - file.stat().st_mtime
                if age < PRESENT_SECONDS:
                    people.add(file.name.split(".")[0])
                elif age > STALE_SECONDS:
                    file.unlink()
            except OSError:  # another process has deleted it
                continue
        return len(people)


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
