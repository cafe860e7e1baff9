"""Makes log lines safe, whatever a browser sends: no terminal control characters, no endless line, no flood.

A log line can contain data of a browser: the kind of a message, the name of a comm, an address. Escape sequences in it
would reach the operator's terminal, a line feed would forge a second line, and a megabyte would hide the rest. Every
log record of the process is therefore a `SafeRecord`, so that no call has to take care of it.
"""

from __future__ import annotations

import errno
import logging
import re
import time
from collections import deque

MAX_MESSAGE_CHARACTERS = 2_000
"""Characters of one message in the log."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROLS_IN_TRACE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def printable(text: str, limit: int = MAX_MESSAGE_CHARACTERS) -> str:
    """The text in one line of at most `limit` characters, with control characters written as escapes."""
    return _truncate(_CONTROLS.sub(_escape, text[: limit + 1]), limit)


def _escape(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")


def _truncate(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[:limit] + "…"


class SafeRecord(logging.LogRecord):
    """A log record whose message is one printable line, and whose traceback has no control characters."""

    _trace: str | None = None

    def getMessage(self) -> str:
        return printable(super().getMessage())

    @property
    def exc_text(self) -> str | None:
        """The traceback, as a formatter has written it."""
        return self._trace

    @exc_text.setter
    def exc_text(self, text: str | None) -> None:
        self._trace = (
            None if text is None else _truncate(_CONTROLS_IN_TRACE.sub(_escape, text), 20 * MAX_MESSAGE_CHARACTERS)
        )


def make_safe() -> None:
    """Make every later log record of this process a `SafeRecord`."""
    logging.setLogRecordFactory(SafeRecord)


class RateLimit:
    """Limits how often something is logged, so that frequent events do not fill the disk."""

    def __init__(self, lines: int, seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=lines)

    def __call__(self, now: float | None = None) -> bool:
        now = time.monotonic() if now is None else now
        if len(self._times) == self._times.maxlen and now - self._times[0] < self._seconds:
            return False
        self._times.append(now)
        return True


def is_out_of_files(error: object) -> bool:
    """Whether the process, or the machine, had no file handle left."""
    return isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE)
