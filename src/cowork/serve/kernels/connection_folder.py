"""Makes the folder for the connection files of one server's kernels, and removes abandoned ones.

Whoever reads a connection file can send code to its kernel, so only its owner can read the folder, and the server
removes it when it ends. A killed server leaves it behind. The next one removes it if nobody holds its lock. A process
id would not tell: containers that share a folder number their processes separately.
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
except ImportError:  # Windows, where each user has a temporary folder
    fcntl = None  # type: ignore[assignment]

PREFIX = "cowork_"
LOCK_FILE = "held"
MIN_AGE_SECONDS = 60.0
"""Another server may have made a younger folder a moment ago and not locked it yet."""


class ConnectionFolder:
    """A new folder, locked until `remove`."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock: IO[bytes] = (self.path / LOCK_FILE).open("wb")
        if fcntl is not None:
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Delete the folder and its files."""
        self._lock.close()
        shutil.rmtree(self.path, ignore_errors=True)


def remove_abandoned(now: float | None = None) -> int:
    """Delete the folders of servers that were killed; returns how many there were."""
    if fcntl is None:
        return 0
    now = time.time() if now is None else now
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            status = folder.lstat()
            if status.st_uid != os.getuid() or now - status.st_mtime < MIN_AGE_SECONDS or folder.is_symlink():
                continue
            with (folder / LOCK_FILE).open("rb") as lock:  # a folder without a lock file is not ours
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
        except OSError:  # locked, or another server is removing it too
            continue
    return removed
