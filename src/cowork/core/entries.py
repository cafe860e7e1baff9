"""Entries: a sealed header and an erasable body.

The header stays for ever; the chain, the seal and the anchor are computed from it. The body holds the words. An erasure
removes body and salt, and without the salt nobody can guess a short answer from its hash.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cowork.core.errors import InvalidEntry

VISIBILITIES = ("only-me", "my-table", "group", "group-from-reveal")
ENTERED_AS = ("self", "scribe", "facilitator", "operator", "import")

#: Code points of one text; a page may allow fewer.
MAX_TEXT_LENGTH = 100_000

Order = tuple[int, int, str, int]


@dataclass(frozen=True, slots=True)
class Header:
    """The sealed part of an entry. `about` holds (relation, id) pairs; `prev` is the hash of this writer's last header.

    `how` says as whom it was entered (`ENTERED_AS`), `seen_by` who may see it (`VISIBILITIES`).
    """

    id: str
    workshop: str
    writer: str
    seq: int
    prev: str
    at_ms: int
    tick: int
    by: str
    how: str
    kind: str
    about: tuple[tuple[str, str], ...]
    episode: str
    seen_by: str
    body_hash: str

    @property
    def order(self) -> Order:
        """The total order of entries: a hybrid logical clock, then writer and place in its chain. Ids never order."""
        return (self.at_ms, self.tick, self.writer, self.seq)

    def canonical(self) -> bytes:
        """The bytes that are hashed and sealed. Their form must never change: old seals would become invalid."""
        parts = [
            "cowork-1",
            self.id,
            self.workshop,
            self.writer,
            self.seq,
            self.prev,
            self.at_ms,
            self.tick,
            self.by,
            self.how,
            self.kind,
            [list(pair) for pair in self.about],
            self.episode,
            self.seen_by,
            self.body_hash,
        ]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()

    def digest(self) -> str:
        """SHA-256 of the canonical header, the link the next entry of this writer holds in `prev`."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def seal(self, key: bytes) -> bytes:
        """HMAC-SHA256 of the header under the workshop's key."""
        return hmac.digest(key, self.canonical(), "sha256")


@dataclass(frozen=True)
class Entry:
    """One entry as stored. `body` is canonical JSON, or None where it was erased or withheld."""

    header: Header
    body: str | None
    salt: bytes | None
    seal: bytes | None = None

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def kind(self) -> str:
        return self.header.kind

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The body as a mapping; empty where there is no body, or an invalid one (then `has_valid_body` is False)."""
        return self._mapping or {}

    @cached_property
    def _mapping(self) -> dict[str, Any] | None:
        """None where a damaged or forged file holds no mapping: one entry must not make a whole workshop unreadable."""
        try:
            loaded = json.loads(self.body) if self.body is not None else None
        except (ValueError, RecursionError):
            return None
        return loaded if isinstance(loaded, dict) else None

    @property
    def spoken_at_ms(self) -> int | None:
        """Where the words begin in a recording, in milliseconds; None where that is unknown."""
        said = self.data.get("said")
        at = said.get("from_ms") if isinstance(said, dict) else None
        return at if isinstance(at, int) else None

    def targets(self, relation: str) -> tuple[str, ...]:
        """The ids that this entry refers to by one relation."""
        return tuple(target for name, target in self.header.about if name == relation)

    def without_body(self) -> Entry:
        """The same entry without body and salt."""
        return Entry(self.header, None, None, self.seal)

    def has_valid_body(self) -> bool:
        """True where the body matches the hash in the header (an absent body cannot be checked)."""
        if self.body is None:
            return True
        fits = self.salt is not None and body_hash(self.salt, self.body) == self.header.body_hash
        return fits and self._mapping is not None

    def has_valid_seal(self, key: bytes) -> bool:
        return self.seal is not None and hmac.compare_digest(self.seal, self.header.seal(key))


@dataclass(frozen=True)
class Draft:
    """An entry before it is appended. The store makes the entry inside the append."""

    id: str
    kind: str
    by: str
    body: Mapping[str, Any]
    about: tuple[tuple[str, str], ...] = ()
    how: str = "self"
    seen_by: str = "group"
    episode: str | None = None


@dataclass(frozen=True)
class Actor:
    """Who appends: a participant (`id`), or the operator of the machine (`operator`), who may import."""

    id: str
    operator: bool = False


@dataclass(frozen=True)
class Ack:
    """The acknowledgement that an entry is on disk. `repeated` is True where it was acknowledged before."""

    id: str
    at_ms: int
    repeated: bool = False


def body_hash(salt: bytes, body: str) -> str:
    """SHA-256(salt ‖ body). The salt is essential: a bare hash of "yes" is guessed at once."""
    return hashlib.sha256(salt + body.encode()).hexdigest()


def body_text(body: Mapping[str, Any]) -> str:
    """Canonical JSON of a body. Raises InvalidEntry for signs that no text may hold, and for too long a text."""
    for words in _strings_in(body):
        if "\x00" in words:
            raise InvalidEntry("error.letters", sign="NUL")
        bad = next((sign for sign in words if "\ud800" <= sign <= "\udfff"), None)
        if bad is not None:
            raise InvalidEntry("error.letters", sign=f"U+{ord(bad):04X}")
        if len(words) > MAX_TEXT_LENGTH:
            raise InvalidEntry("error.too_long", n=len(words) - MAX_TEXT_LENGTH)
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _strings_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for pair in value.items() for part in pair for text in _strings_in(part)]
    if isinstance(value, (list, tuple)):
        return [text for part in value for text in _strings_in(part)]
    return []
