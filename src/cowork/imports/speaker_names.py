"""Names of speakers: what looks like one, what never is one, and which spellings name the same person.

Speech holds colons too, so what stands before a colon is a name only where more than that says so.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: No name of a person is longer; what stands before a colon further on is speech.
MAX_NAME_LENGTH = 80

_SMALL_WORDS = re.compile(r"(?:van|von|der|den|de|da|di|du|del|la|le|el|al|af|av|bin|ibn|of|och|and|y)")

#: Signs that show nothing: they say which way a line runs, or where a word may break. An override among them would
#: turn the rest of the line on a screen.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
#: Joiners shape letters in Arabic, Persian and Indian scripts, and join emoji; between other letters they show nothing.
_INVISIBLE_JOINER = re.compile("(?<![\u0600-\U0010ffff])[\u200c\u200d]")
_LOOK_ALIKES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "\u2212": "-"})

#: Words that head a remark, a list or a line of the minutes, and name nobody however often they come.
_LABELS = frozenset(
    """
    note notes nb ps p.s obs notera anm anmärkning nota hinweis anmerkung notiz beispiel
    example examples exempel warning varning tip tips todo re fw fwd http https
    date datum time tid place plats ort where when var när subject title titel ämne topic topics agenda dagordning
    present närvarande absent frånvarande attendees participants deltagare invited inbjudna
    transcript transcription transkript recording inspelning duration längd page sida
    summary sammanfattning decision decisions beslut action actions åtgärd åtgärder conclusion slutsats
    pros cons link länk source källa version language språk confidence
    """.split()  # noqa: SIM905
)


@lru_cache(maxsize=4096)
def clean_name(words: str) -> str:
    """The name as it looks, or "" where nothing of it can name anybody.

    Letters and their marks are one sign (NFC), every white space is a space, and signs that show nothing are gone.
    Square brackets around all of it, as programs put around a speaker without a name, are no part of it.
    """
    name = _INVISIBLE_JOINER.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", words)))
    name = " ".join(name.split())
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1].strip()
    return name if any(unicodedata.category(sign) in _NAME_CATEGORIES for sign in name) else ""


_NAME_CATEGORIES = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "So"))


def name_key(name: str) -> str:
    """Equal for two clean names that look the same: apostrophes and hyphens come in several kinds."""
    return name.translate(_LOOK_ALIKES)


def is_label(words: str) -> bool:
    """True for a word that heads a remark or a line of the minutes, such as "Note"."""
    return words.casefold().rstrip(".") in _LABELS


def is_phone_number(name: str) -> bool:
    """True for a telephone number, which a chat shows for whoever is in nobody's address book."""
    figures = sum(sign.isdecimal() for sign in name)
    return figures >= 6 and not any(sign.isalpha() for sign in name)


def looks_like_name(words: str) -> bool:
    """True where each part begins like a name's, in scripts that have capitals; there is no list of names."""
    parts = words.split()
    if len(parts) > 6 or any(sign in words for sign in '?!;"…“”„«»') or is_label(words):
        return False
    return all(not part[0].islower() or bool(_SMALL_WORDS.fullmatch(part)) for part in parts)
