"""Who is at the device: the codes it tries, and the participant its secret belongs to.

What a browser states is a claim. Who it is rests on a secret that travels only in messages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cowork.core.errors import CoworkError
from cowork.pages.session.return_code import restore_device, return_note
from cowork.pages.session.visitor import Visitor
from cowork.store import Record, credentials

#: Wrong codes that one open page may try within `credentials.WINDOW_MS`.
MAX_WRONG_CODES_OF_PAGE = 8

_Found = TypeVar("_Found")


class Entrance:
    """Finds the workshop of a code and the participant of a device."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._wrong_at: list[int] = []  # when wrong codes were tried here
        self._returning = ("", "")  # (workshop, participant) of a return code, until this device says hello there

    def find_workshop(self, code: str) -> str:
        """The workshop of a typed code."""
        return self._try(credentials.find_workshop, code)

    def redeem_return_code(self, code: str) -> tuple[str, str]:
        """The workshop and the participant of a typed return code."""
        return self._try(credentials.redeem_return_code, code)

    def _try(self, look_up: Callable[[Record, str, str], _Found], code: str) -> _Found:
        """Look up a code of either kind. A page may try few wrong codes, a source more, all together the most."""
        record = self._visitor.record
        now = record.now_ms()
        self._wrong_at = [at for at in self._wrong_at if at > now - credentials.WRONG_CODES_WINDOW_MS]
        if len(self._wrong_at) >= MAX_WRONG_CODES_OF_PAGE:
            raise CoworkError("error.many_tries", n=credentials.WRONG_CODES_WINDOW_MS // 60_000)
        try:
            return look_up(record, code, self._visitor.source)
        except CoworkError:
            self._wrong_at.append(now)
            raise

    def expect(self, workshop: str, participant: str) -> None:
        """A return code was right: this device comes to that workshop as that participant."""
        self._returning = (workshop, participant)

    def admit(self, code: str) -> tuple[str, str]:
        """The workshop of a code, and who this device is in it ("" where it is nobody yet).

        A device that is known comes in even while wrong codes are being counted.
        """
        visitor = self._visitor
        record, secret = visitor.record, visitor.credentials[1]
        workshop = ""
        returning, self._returning = self._returning, ("", "")
        try:
            workshop = record.find_workshop(code)
            known = credentials.participant_of(record, workshop, secret) if secret else None
        except CoworkError:
            known = None
        if workshop and workshop == returning[0]:
            restore_device(record, workshop, returning[1], secret)
            known = returning[1]
            visitor.shell.note = return_note(record.state(workshop), known, visitor.lang)
        if known is None:
            workshop = self.find_workshop(code)
        return workshop, known or ""

    def participant(self) -> str:
        """Who this device is in the workshop that is open, "" where it is nobody."""
        visitor = self._visitor
        return credentials.participant_of(visitor.record, visitor.workshop, visitor.credentials[1]) or ""

    def created_code(self) -> str:
        """The code of a workshop that this device created and whose answer may never have reached it, or ""."""
        record, secret = self._visitor.record, self._visitor.credentials[1]
        for opened in record.opening_entries() if secret else ():
            if credentials.participant_of(record, opened.header.workshop, secret) == opened.header.by:
                return str(opened.data.get("code", ""))
        return ""
