"""Names before a colon. Speech holds colons too, so what stands there is a name only where more than that says so."""

from __future__ import annotations

import re

#: No name of a person is longer; what stands before a colon further on is speech.
LONGEST_NAME = 80

_SMALL_WORDS = re.compile(r"(?:van|von|der|den|de|da|di|du|del|la|le|el|al|af|av|bin|ibn|of|och|and|y)")


def looks_like_name(words: str) -> bool:
    """True where each part begins like a name's, in scripts that have capitals; there is no list of names."""
    parts = words.split()
    if len(parts) > 6 or any(sign in words for sign in '?!;"…“”„«»'):
        return False
    return all(not part[0].islower() or bool(_SMALL_WORDS.fullmatch(part)) for part in parts)
