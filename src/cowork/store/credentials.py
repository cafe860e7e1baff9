"""Who comes in: codes, secrets and return codes. The operator's own, never in an entry and never exported.

A device's secret is known here only by its tag, HMAC(key of the workshop, secret): whoever reads the record cannot
come in as somebody else. A workshop's code is no secret, yet it cannot be found by trying: wrong codes are counted
for the source they come from and for the whole record, because a guesser opens a new page for each try. A source that
was not wrong before has one try whatever the others do, so no guesser keeps out those who hold a right code.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from cowork.core.errors import TooManyTries, UnknownCode
from cowork.core.ids import DIGITS, WORDS, signs_of_code
from cowork.store.backend import Transaction, count_in_window
from cowork.store.record import Record

#: Wrong codes in ten minutes from one source: an address in the network, or one browser where all share an address.
MAX_WRONG_CODES_OF_SOURCE = 20

#: Wrong codes in ten minutes, for the whole record. With 158 words and 512 endings (80,896 codes) an hour of
#: guessing finds one given workshop with a chance under one in two hundred.
MAX_WRONG_CODES = 60
WINDOW_MS = 10 * 60 * 1000


def new_code(record: Record) -> str:
    """A code for a workshop that no other workshop here has, such as KIND-742."""
    while True:
        code = f"{_pick(record, WORDS)}-{_digits(record, 3)}"
        try:
            record.find(code)
        except UnknownCode:
            return code


def find_workshop(record: Record, code: str, source: str = "") -> str:
    """The workshop with this code, as somebody at the door asks for it. Raises UnknownCode or TooManyTries.

    `source` names where the try comes from; "" where nobody knows.
    """
    _may_try(record, source)
    try:
        return record.find(code)
    except UnknownCode:
        _wrong(record, source)
        raise UnknownCode("error.code") from None


def secret_tag(key: bytes, kind: str, secret: str) -> str:
    return hmac.digest(key, f"{kind}:{secret}".encode(), "sha256").hex()


def _key(record: Record, workshop: str) -> bytes:
    """The workshop's key; a copy without one still opens doors of its own."""
    with record.backend.reading() as rows:
        return _key_in(rows, workshop)


def register_device(record: Record, workshop: str, participant: str, secret: str) -> None:
    """From now on this secret is this participant."""
    name = secret_tag(_key(record, workshop), "device", secret)
    if participant_of(record, workshop, secret) == participant:
        return
    with record.backend.writing() as rows:
        rows.set_door(workshop, name, participant)


def participant_of(record: Record, workshop: str, secret: str) -> str | None:
    """The participant whose device holds this secret, or None."""
    name = secret_tag(_key(record, workshop), "device", secret)
    with record.backend.reading() as rows:
        return rows.door(workshop, name)


def new_return_code(record: Record, workshop: str, participant: str) -> str:
    """A short code that brings this participant back on another device, such as RIVER-PLUM-4729. Shown once."""
    code = f"{_pick(record, WORDS)}-{_pick(record, WORDS)}-{_digits(record, 4)}"
    with record.backend.writing() as rows:
        rows.set_door(workshop, secret_tag(_key_in(rows, workshop), "return", signs_of_code(code)), participant)
    return code


def redeem_return_code(record: Record, code: str, source: str = "") -> tuple[str, str]:
    """(workshop, participant) for a return code. Raises UnknownCode or TooManyTries."""
    _may_try(record, source)
    for workshop in dict.fromkeys(entry.header.workshop for entry in record.openings()):
        name = secret_tag(_key(record, workshop), "return", signs_of_code(code))
        with record.backend.reading() as rows:
            participant = rows.door(workshop, name)
        if participant is not None:
            return workshop, participant
    _wrong(record, source)
    raise UnknownCode("error.return_code")


def _key_in(rows: Transaction, workshop: str) -> bytes:
    return rows.key(workshop) or hashlib.sha256(f"copy:{workshop}".encode()).digest()


def _may_try(record: Record, source: str) -> None:
    now = record.now_ms()
    with record.backend.reading() as rows:

        def counted(of: str | None) -> int:
            return count_in_window(lambda since: rows.tries(since, of), now, WINDOW_MS)

        theirs = counted(source) if source else 0
        is_first = bool(source) and theirs == 0
        if theirs >= MAX_WRONG_CODES_OF_SOURCE or (not is_first and counted(None) >= MAX_WRONG_CODES):
            raise TooManyTries("error.many_tries", n=WINDOW_MS // 60_000)


def _wrong(record: Record, source: str) -> None:
    if record.backend.writable:
        with record.backend.writing() as rows:
            rows.add_try(record.now_ms(), source)


def _pick(record: Record, words: Sequence[str]) -> str:
    return words[int.from_bytes(record.chance(4), "big") % len(words)]


def _digits(record: Record, count: int) -> str:
    return "".join(DIGITS[byte % len(DIGITS)] for byte in record.chance(count))
