"""Who is here now: counted from the pings of open browsers, never from processes, and kept in no record.

Each open page touches one small file at each ping; whoever was heard of in the last minute and a half is here. A page
that says goodbye takes its file away. A browser that closes, sleeps or loses its network stops being counted by itself.
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

#: Seconds for which a ping counts: one may be lost of those that come every forty seconds (`connection_monitor.js`). Each costs the
#: whole machine some milliseconds; whoever leaves in good order is not counted from that moment.
HERE_FOR = 90.0

#: Seconds after which one counts anew though nobody came or went: somebody may have vanished.
ANEW = 10.0

#: Files of processes that were killed are tidied away after this long.
FORGOTTEN = 3600.0


class Presence:
    """The people with this workshop open on some device, by way of one folder on this machine.

    `tell` is called when somebody comes or goes here, so that the others can be told to count again.
    """

    def __init__(self, record: str, workshop: str, tell: Callable[[], object] = lambda: None) -> None:
        self._name = hashlib.sha256(f"{record}\n{workshop}".encode()).hexdigest()[:24]
        self._tell = tell
        self._who = ""
        self._mark: Path | None = None
        self._leave: Callable[[], object] = lambda: None
        self._counted = (0, 0.0, 0)  # the folder's state, when, how many

    @cached_property
    def folder(self) -> Path | None:
        """None where this machine gives no folder that is this user's alone: then nobody is counted."""
        private = private_folder("here")
        return Path(private, self._name) if private else None

    def ping(self, participant: str) -> None:
        """This person has the page open."""
        self.__dict__.pop("folder", None)  # it may have been tidied away, or may be had now
        if participant != self._who:
            self.leave()
        folder = self.folder
        if folder is None:
            return
        if self._mark is None:
            self._come(participant, folder)
        else:
            _touch(self._mark)

    def _come(self, participant: str, folder: Path) -> None:
        person = hashlib.sha256(participant.encode()).hexdigest()[:32]
        # A file for each page: one device of a person going away must not hide their other one.
        self._who, self._mark = participant, folder / f"{person}.{secrets.token_hex(4)}"
        _touch(self._mark)
        self._leave = weakref.finalize(self, _gone, self._mark, self._tell, os.getpid())
        self._tell()

    def leave(self) -> None:
        """The page is closed, or shows another workshop. Happens by itself when the process ends in order."""
        self._leave()
        self._who, self._mark = "", None

    def count(self) -> int:
        """How many people are here. One person with two devices counts once. Cheap where nobody came or went."""
        now = time.time()
        folder = self.folder
        try:
            changed = folder.stat().st_mtime_ns if folder else 0
            if changed and self._counted[0] == changed and 0 <= now - self._counted[1] < ANEW:
                return self._counted[2]
            here = self._here(list(folder.iterdir()) if folder else [], now)
        except OSError:
            return 0
        # A folder's time is coarse: what changed just now may change again at the same time.
        self._counted = (changed if now - changed / 1e9 > 0.1 else 0, now, here)
        return here

    def _here(self, files: list[Path], now: float) -> int:
        here = set()
        for file in files:
            try:
                age = now - file.stat().st_mtime
                if age < HERE_FOR:
                    here.add(file.name.split(".")[0])
                elif age > FORGOTTEN:
                    file.unlink()
            except OSError:  # another process tidied up meanwhile
                continue
        return len(here)


def _touch(mark: Path) -> None:
    try:
        mark.parent.mkdir(exist_ok=True, mode=0o700)
        mark.touch()
    except OSError:  # a full disk, or another process that tidied the folder away just now: the next ping tries again
        pass


def _gone(mark: Path, tell: Callable[[], object], owner: int) -> None:
    if os.getpid() != owner:  # a forked child: the page is still its parent's
        return
    try:
        mark.unlink(missing_ok=True)
        mark.parent.rmdir()
    except OSError:  # others are here still
        pass
    tell()
