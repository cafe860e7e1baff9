"""Who is here now: counted from the pings of open browsers, never from processes, and kept in no record.

Each person's ping touches one small file; whoever was heard of in the last fifteen seconds is here. A browser that
closes, sleeps or loses its network stops being counted by itself.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from pathlib import Path

HERE_FOR = 15.0


class Presence:
    """The people with this workshop open on some device, by way of one folder on this machine."""

    def __init__(self, record: str, workshop: str) -> None:
        user = os.getuid() if hasattr(os, "getuid") else 0
        name = hashlib.sha256(f"{record}\n{workshop}\n{user}".encode()).hexdigest()[:24]
        self.folder = Path(tempfile.gettempdir()) / f"cowork-{user}" / name

    def ping(self, participant: str) -> None:
        """This person has the page open."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / hashlib.sha256(participant.encode()).hexdigest()[:32]).touch()

    def count(self) -> int:
        """How many people are here. One person with two devices counts once."""
        now = time.time()
        here = 0
        try:
            files = list(self.folder.iterdir())
        except OSError:
            return 0
        for file in files:
            try:
                here += now - file.stat().st_mtime < HERE_FOR
            except OSError:  # another process tidied up meanwhile
                continue
        return here
