"""The catalogues: the texts that people read, in every language, looked up by key.

A key such as ``intention.h`` stands in the code; the sentence stands in a catalogue
(``locale/<lang>/LC_MESSAGES/cowork.po``), where somebody who reads no code can change it.
Only the compiled ``cowork.mo`` is read here, with the standard library and at the first word asked for,
so that importing this package costs a kernel next to nothing.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

__all__ = ["HTML_LANG", "LANGS", "catalogue_texts", "keys", "translate"]

LANGS: tuple[str, ...] = ("en", "sv")
"""The languages of the pages; the first is the source, and the one used where none is named."""

HTML_LANG: dict[str, str] = {"en": "en-GB", "sv": "sv"}
"""What stands in an HTML ``lang`` attribute: a screen reader chooses its voice by it."""

LOCALE = Path(__file__).with_name("locale")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class _Catalogue(gettext.GNUTranslations):
    """One language's catalogue, which can also say what it holds.

    gettext answers an unknown key with the key itself, and a participant would read ``intention.h`` as a
    heading. Hence the look inside: ``_catalog`` holds a plain key as ``key``, a count as ``(key, form)``.
    """

    _catalog: dict[str | tuple[str, int], str]

    def plain_keys(self) -> set[str]:
        return {key for key in self._catalog if isinstance(key, str) and key}

    def plural_keys(self) -> set[str]:
        return {key[0] for key in self._catalog if isinstance(key, tuple)}

    def plural_forms(self, key: str) -> dict[str, str]:
        return {"one": self._catalog[key, 0], "other": self._catalog[key, 1]}


@cache
def _load_catalogue(lang: str) -> _Catalogue:
    if lang not in LANGS:
        raise ValueError(f"no words in the language {lang!r}; the languages are {', '.join(LANGS)}")
    with (LOCALE / lang / "LC_MESSAGES" / "cowork.mo").open("rb") as file:
        return _Catalogue(file)


@cache
def _key_sets(lang: str) -> tuple[frozenset[str], frozenset[str]]:
    book = _load_catalogue(lang)
    return frozenset(book.plain_keys()), frozenset(book.plural_keys())


def translate(key: str, /, lang: str = "en", n: int | None = None, **values: object) -> str:
    """The sentence of ``key`` in ``lang``, with every ``{name}`` filled in; ``n`` chooses the plural form.

    Values go in as they are, once: braces in somebody's own words are never read as places to fill.
    An unknown key, a plural without ``n`` or a place without a value is an error, since a person would
    otherwise be shown the machinery.
    """
    plain, plural = _key_sets(lang)
    if key in plain:
        sentence = _load_catalogue(lang).gettext(key)
    elif key not in plural:
        raise _unknown_key(key, lang)
    elif n is None:
        raise KeyError(f"the key {key!r} counts something; give it n")
    else:
        sentence = _load_catalogue(lang).ngettext(key, key, n)
    if n is not None:
        values["n"] = n
    role = f"who.{values.get('who')}"
    if role in plain:
        # The floors below know no language: they name a role by its code ("facilitator").
        values["who"] = _load_catalogue(lang).gettext(role)
    return _fill_placeholders(sentence, key, values)


def catalogue_texts(keys: Iterable[str], lang: str = "en") -> dict[str, str | dict[str, str]]:
    """The sentences of ``keys`` with their places still open, for JavaScript to fill.

    A key that counts gives ``{"one": …, "other": …}``; the browser chooses by ``n == 1``, which is the rule
    of both languages here.
    """
    plain, plural = _key_sets(lang)
    found: dict[str, str | dict[str, str]] = {}
    for key in keys:
        if key in plain:
            found[key] = _load_catalogue(lang).gettext(key)
        elif key in plural:
            found[key] = _load_catalogue(lang).plural_forms(key)
        else:
            raise _unknown_key(key, lang)
    return found


def keys() -> set[str]:
    """Every key there is, one that counts without its ``.one`` and ``.other``."""
    plain, plural = _key_sets(LANGS[0])
    return set(plain | plural)


def _unknown_key(key: str, lang: str) -> KeyError:
    return KeyError(f"no words for {key!r} in {lang!r}; add the key to both cowork.po files, then compile")


def _fill_placeholders(sentence: str, key: str, values: dict[str, object]) -> str:
    def value(place: re.Match[str]) -> str:
        name = place[1]
        if name not in values:
            raise KeyError(f"the words of {key!r} have a place {{{name}}}; give it a value")
        return str(values[name])

    return PLACEHOLDER.sub(value, sentence)
