"""Ids and codes, made from given time and given chance (this floor reads neither)."""

from __future__ import annotations

import hashlib
import re

_UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")

# Digits and letters that are told apart on a projector and over a telephone: no 0/O, 1/I.
DIGITS = "23456789"


def uuid7(at_ms: int, chance: bytes) -> str:
    """A UUIDv7 (RFC 9562) from milliseconds since 1970 and ten random bytes. Ids never order anything."""
    value = (at_ms & (1 << 48) - 1) << 80 | int.from_bytes(chance[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def derived(name: str) -> str:
    """The same id for the same name, on every machine (UUIDv8): accepting a thing twice gives it once."""
    text = hashlib.sha256(name.encode()).hexdigest()[:32]
    text = text[:12] + "8" + text[13:16] + "8" + text[17:]
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def is_id(value: object) -> bool:
    """True for a UUID in lower-case canonical form, the only form kept."""
    return isinstance(value, str) and bool(_UUID.match(value))


def tidy_code(code: str) -> str:
    """A code as typed by a person, in the one form that is compared: `kind 742`, `Kind-742` -> `KIND-742`."""
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())
    match = re.match(r"^([A-Z]+)([0-9]+)$", plain)
    return f"{match[1]}-{match[2]}" if match else plain
