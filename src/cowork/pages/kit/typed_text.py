"""Typed words inside a line of ours, each with the language it is in: a line is a string, or a list of parts."""

from __future__ import annotations

from cowork.context import PageContext
from cowork.core.access.participant_view import Contribution
from cowork.core.entries import Entry
from cowork.text.format import shorten
from cowork.text.language import language_of
from cowork.widgets.types import TextLine, TextPart

__all__ = ["TextLine", "TextPart", "excerpt", "lang_of", "line", "plain_text", "translate_with", "typed"]

_PLACE = "\0"  # no record can keep it, so nobody has typed it


def lang_of(entry: Entry, words: str) -> str:
    """The language of words of an entry; "" where nobody knows it."""
    return language_of(words, entry.data.get("lang"))


def typed(context: PageContext, entry: Entry, words: str) -> TextPart:
    """Words of an entry as part of a line on this reader's page."""
    lang = lang_of(entry, words)
    plain = not words or lang == context.lang or not entry.data.get("lang")
    return words if plain else {"text": words, "lang": lang}


def excerpt(context: PageContext, contribution: Contribution, most: int) -> TextPart:
    """The first words of a contribution as part of a line on this reader's page."""
    return typed(context, contribution.entry, shorten(contribution.text, most))


def line(*parts: TextLine) -> TextLine:
    """Several parts as one line: a plain string where all of it is in the language of the page."""
    flat: list[TextPart] = []
    for part in parts:
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, str) and flat and isinstance(flat[-1], str):
                flat[-1] += one
            elif one:
                flat.append(one)
    return flat[0] if len(flat) == 1 else flat or ""


def plain_text(words: TextLine) -> str:
    """A line as one string, whatever languages it is in."""
    if isinstance(words, list):
        return "".join(plain_text(part) for part in words)
    return words if isinstance(words, str) else words["text"]


def translate_with(context: PageContext, key: str, place: str, words: TextLine, **values: str) -> TextLine:
    """A sentence of ours with typed words in it, at `place`."""
    before, _, after = context.t(key, None, **{place: _PLACE}, **values).partition(_PLACE)
    return line(before, words, after)
