"""The language of typed words, as far as it is known: a screen reader chooses its voice by it."""

from __future__ import annotations

import re

from cowork.text import LANGS

_LETTER = re.compile(r"[^\W\d_]")
_NOT_LATIN = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")


def language_of(words: str, lang: object) -> str:
    """The language of words that were entered in `lang`; "" where it is not known.

    People are asked for no language: what they type is stamped with that of their page. Words whose letters are mostly
    not Latin are then in another, and an English voice that reads Arabic says nothing that anybody understands.
    """
    if not isinstance(lang, str) or not lang:
        return ""
    if lang in LANGS and not words.isascii():
        other = len(_NOT_LATIN.findall(words))
        if other and 2 * other > len(_LETTER.findall(words)):
            return ""
    return lang
