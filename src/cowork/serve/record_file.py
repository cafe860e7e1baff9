"""The file of the record while a server serves it: which file it is, and that it is whole.

SQLite writes first into a log beside the file and moves that into the file only after four megabytes. People copy,
mail and back up the one file, so the server sees to it that everything stands there: soon while it is in use, whoever
wrote last, and wholly once it has stopped. Kernels cannot: the one that wrote may have ended a moment later.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from tornado.ioloop import PeriodicCallback

from cowork.core.errors import CoworkError
from cowork.store import open_record, which_file

log = logging.getLogger("cowork.serve")

#: Milliseconds between two looks at the log. Each is one question to the file system while nobody writes.
LOOK_MS = 5000


class RecordFile:
    """The record that a server serves. It is made where there is none; kernels make none."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        open_record(self.path).close()
        self.which = which_file(self.path)
        self._settled: object = None
        self._one_at_a_time = threading.Lock()
        self._looking: PeriodicCallback | None = None

    def environment(self) -> dict[str, str]:
        """What kernels are told: where the record is, and which file. Another in its place is not the record."""
        return {"COWORK_RECORD": str(self.path), "COWORK_RECORD_FILE": self.which}

    def watch(self) -> None:
        """From now on, on the running loop: what has been written reaches the file within seconds."""
        self._looking = PeriodicCallback(self.look, LOOK_MS)
        self._looking.start()

    def look(self) -> None:
        """Move the log into the file, in a thread, if anybody has written since the last time."""
        try:
            found = os.stat(f"{self.path}-wal")
        except OSError:
            return
        written = (found.st_ino, found.st_size, found.st_mtime_ns)
        if written == self._settled or not found.st_size or self._one_at_a_time.locked():
            return
        threading.Thread(target=self._settle, args=(written,), daemon=True).start()

    def _settle(self, written: object) -> None:
        with self._one_at_a_time:
            if self._bring_home(whole=False):
                self._settled = written  # asked before: what was written meanwhile counts next time

    def close(self) -> bool:
        """After the last kernel: nothing stands beside the file any more. False, and a line in the log, where not."""
        if self._looking is not None:
            self._looking.stop()
        with self._one_at_a_time:
            return self._bring_home(whole=True)

    def _bring_home(self, *, whole: bool) -> bool:
        try:
            record = open_record(self.path, create=False, only=self.which)
            try:
                if whole:
                    record.backend.scrub()
                return record.backend.checkpoint(whole=whole)
            finally:
                record.close()
        except CoworkError as error:
            log.error("what was written last may stand only in the log beside the record: %s", error)
            return False
