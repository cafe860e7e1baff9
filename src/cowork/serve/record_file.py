"""Keeps the record's file complete while a server serves it.

SQLite first writes into a log beside the file, and moves that into the file only after four megabytes. People copy,
mail and back up the one file. So the server moves the log into the file within seconds while the record is in use, and
entirely when it stops. Kernels cannot do that: the one that wrote may end a moment later.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from tornado.ioloop import PeriodicCallback

from cowork.core.errors import CoworkError
from cowork.store import file_fingerprint, open_record

log = logging.getLogger("cowork.serve")

#: Milliseconds between two checks of the log. While nobody writes, a check is one call to the file system.
CHECK_INTERVAL_MS = 5000


class RecordFile:
    """The file of the record that a server serves. The server creates it where it does not exist; kernels never do."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        open_record(self.path).close()
        self.identity = file_fingerprint(self.path)
        self._checkpointed: object = None
        self._lock = threading.Lock()
        self._timer: PeriodicCallback | None = None

    def kernel_environment(self) -> dict[str, str]:
        """The variables that tell kernels the path of the record, and which file it is: another one is not the
        record."""
        return {"COWORK_RECORD": str(self.path), "COWORK_RECORD_FILE": self.identity}

    def watch(self) -> None:
        """Start the regular checks on the running loop."""
        self._timer = PeriodicCallback(self.check_log, CHECK_INTERVAL_MS)
        self._timer.start()

    def check_log(self) -> None:
        """Move the log into the file, in a thread, if anybody has written since the last time."""
        try:
            status = os.stat(f"{self.path}-wal")
        except OSError:
            return
        written = (status.st_ino, status.st_size, status.st_mtime_ns)
        if written == self._checkpointed or not status.st_size or self._lock.locked():
            return
        threading.Thread(target=self._checkpoint_soon, args=(written,), daemon=True).start()

    def _checkpoint_soon(self, written: object) -> None:
        with self._lock:
            if self._checkpoint(whole=False):
                self._checkpointed = written  # read before: later writes count next time

    def close(self) -> bool:
        """Move the whole log into the file, after the last kernel. Returns False, and logs why, where that fails."""
        if self._timer is not None:
            self._timer.stop()
        with self._lock:
            return self._checkpoint(whole=True)

    def _checkpoint(self, *, whole: bool) -> bool:
        try:
            record = open_record(self.path, create=False, fingerprint=self.identity)
            try:
                if whole:
                    record.backend.scrub()
                return record.backend.checkpoint(whole=whole)
            finally:
                record.close()
        except CoworkError as error:
            log.error("what was written last may stand only in the log beside the record: %s", error)
            return False
