"""The folder of one server for its kernels' sockets and keys, and the clearing of those that nobody holds any more.

Whoever reads a connection file can speak to its kernel, so the folder is its owner's alone and goes with the server.
A server that was killed leaves it behind. The next one removes it, and knows by a lock that nobody holds: a number of
a process says nothing, since containers that share a folder count their processes apart.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows, whose temporary folders are each user's own
    fcntl = None  # type: ignore[assignment]

PREFIX = "cowork_"
LOCK = "held"
FRESH_SECONDS = 60.0
"""A folder this young may be one that another server has just made and not yet locked."""


class ConnectionFolder:
    """A new folder that is held until `remove`."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock: IO[bytes] = (self.path / LOCK).open("wb")
        if fcntl is not None:
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Take it away with all that is in it."""
        self._lock.close()
        shutil.rmtree(self.path, ignore_errors=True)


def remove_abandoned(now: float | None = None) -> int:
    """Remove the folders of servers that were killed; returns how many there were."""
    if fcntl is None:
        return 0
    now = time.time() if now is None else now
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            seen = folder.lstat()
            if seen.st_uid != os.getuid() or now - seen.st_mtime < FRESH_SECONDS or folder.is_symlink():
                continue
            with (folder / LOCK).open("rb") as lock:  # a folder without one is none of ours
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
        except OSError:  # held, or another server is removing it too
            continue
    return removed
