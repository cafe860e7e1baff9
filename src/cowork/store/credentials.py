"""Workshop codes, device secrets and return codes. They are in no entry and in no export.

The record stores only the tag of a device secret, HMAC(workshop key, secret): reading the record lets nobody
impersonate a participant. A workshop code is no secret, but guessing it must fail: wrong codes are counted for their
source and for the whole record, because a guesser opens a new page for each attempt. A source without a wrong code has
one attempt whatever the others do, so a guesser cannot lock out those who hold the right code.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from cowork.core.errors import TooManyAttempts, UnknownCode
from cowork.core.ids import CODE_DIGITS, CODE_WORDS, code_characters
from cowork.store.backend import Transaction, count_in_window
from cowork.store.record import Record

#: Wrong codes in ten minutes from one source: an address in the network, or one browser where all share an address.
MAX_WRONG_CODES_OF_SOURCE = 20

#: Wrong codes in ten minutes, for the whole record. With 158 words and 512 endings (80,896 codes) an hour of
#: guessing finds one given workshop with a chance under one in two hundred.
MAX_WRONG_CODES = 60
WRONG_CODES_WINDOW_MS = 10 * 60 * 1000


def new_workshop_code(record: Record) -> str:
    """A code for a workshop that no other workshop here has, such as KIND-742."""
    while True:
        code = f"{_random_word(record, CODE_WORDS)}-{_random_digits(record, 3)}"
        try:
            record.find_workshop(code)
        except UnknownCode:
            return code


def find_workshop(record: Record, code: str, source: str = "") -> str:
    """The workshop with the code that a visitor typed. Raises UnknownCode or TooManyAttempts.

    `source` identifies where the attempt comes from; "" where that is unknown.
    """
    _check_attempts(record, source)
    try:
        return record.find_workshop(code)
    except UnknownCode:
        _count_wrong_code(record, source)
        raise UnknownCode("error.code") from None


def secret_tag(key: bytes, kind: str, secret: str) -> str:
    return hmac.digest(key, f"{kind}:{secret}".encode(), "sha256").hex()


def _workshop_key(record: Record, workshop: str) -> bytes:
    """The workshop's key; a copy without one derives its own, so devices can register there too."""
    with record.backend.reading() as rows:
        return _workshop_key_in(rows, workshop)


def register_device(record: Record, workshop: str, participant: str, secret: str) -> None:
    """Register a device: from now on its secret identifies this participant."""
    tag = secret_tag(_workshop_key(record, workshop), "device", secret)
    if participant_of(record, workshop, secret) == participant:
        return
    with record.backend.writing() as rows:
        rows.set_credential(workshop, tag, participant)


def participant_of(record: Record, workshop: str, secret: str) -> str | None:
    """The participant whose device holds this secret, or None."""
    tag = secret_tag(_workshop_key(record, workshop), "device", secret)
    with record.backend.reading() as rows:
        return rows.credential_holder(workshop, tag)


def new_return_code(record: Record, workshop: str, participant: str) -> str:
    """Make a short code that signs a participant in on another device, such as RIVER-PLUM-4729. Shown once."""
    code = f"{_random_word(record, CODE_WORDS)}-{_random_word(record, CODE_WORDS)}-{_random_digits(record, 4)}"
    with record.backend.writing() as rows:
        rows.set_credential(
            workshop, secret_tag(_workshop_key_in(rows, workshop), "return", code_characters(code)), participant
        )
    return code


def redeem_return_code(record: Record, code: str, source: str = "") -> tuple[str, str]:
    """(workshop, participant) for a return code. Raises UnknownCode or TooManyAttempts."""
    _check_attempts(record, source)
    for workshop in dict.fromkeys(entry.header.workshop for entry in record.opening_entries()):
        tag = secret_tag(_workshop_key(record, workshop), "return", code_characters(code))
        with record.backend.reading() as rows:
            participant = rows.credential_holder(workshop, tag)
        if participant is not None:
            return workshop, participant
    _count_wrong_code(record, source)
    raise UnknownCode("error.return_code")


def _workshop_key_in(rows: Transaction, workshop: str) -> bytes:
    return rows.key(workshop) or hashlib.sha256(f"copy:{workshop}".encode()).digest()


def _check_attempts(record: Record, source: str) -> None:
    now = record.now_ms()
    with record.backend.reading() as rows:

        def wrong_codes_of(of: str | None) -> int:
            return count_in_window(lambda since: rows.wrong_codes(since, of), now, WRONG_CODES_WINDOW_MS)

        from_source = wrong_codes_of(source) if source else 0
        is_first = bool(source) and from_source == 0
        if from_source >= MAX_WRONG_CODES_OF_SOURCE or (not is_first and wrong_codes_of(None) >= MAX_WRONG_CODES):
            raise TooManyAttempts("error.many_tries", n=WRONG_CODES_WINDOW_MS // 60_000)


def _count_wrong_code(record: Record, source: str) -> None:
    if record.backend.writable:
        with record.backend.writing() as rows:
            rows.add_wrong_code(record.now_ms(), source)


def _random_word(record: Record, words: Sequence[str]) -> str:
    return words[int.from_bytes(record.random_bytes(4), "big") % len(words)]


def _random_digits(record: Record, count: int) -> str:
    return "".join(CODE_DIGITS[byte % len(CODE_DIGITS)] for byte in record.random_bytes(count))
