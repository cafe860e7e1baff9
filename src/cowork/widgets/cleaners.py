"""Cleaners: each reads one value of a browser's message and returns a safe value, whatever was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Cleaner = Callable[[object], Any]


def clean_text(limit: int = 200) -> Cleaner:
    """Make a cleaner that reads a text of at most `limit` code points; anything else becomes ""."""

    def read(value: object) -> str:
        if not isinstance(value, str) or len(value) > limit:
            return ""
        return "" if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value) else value

    return read


def clean_number(value: object) -> float | int | None:
    """Read a finite number; anything else becomes None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if -(2**53) < value < 2**53 else None


def clean_flag(value: object) -> bool:
    """Read a truth value: only `true` is true."""
    return value is True
