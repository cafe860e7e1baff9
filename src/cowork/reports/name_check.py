"""The search for hidden names in a report: a warning for whoever makes it, never printed in it.

Consent cannot stop others from typing a name. So every typed text is searched as it is laid out for the report: titles,
reasons and the people who could not be there as well as the contributions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from cowork.core.access.disclosure import hidden_names, names_in
from cowork.core.fold import State
from cowork.reports.caveats import withheld_sentences
from cowork.reports.full_report import HEADINGS, layout_report
from cowork.reports.reader import Reader, Who, Words
from cowork.text import translate
from cowork.text.format import shorten

#: part of the laid-out report -> its section, where the names differ.
_HEADING_OF_PART = {
    "agreements": "agreement",
    "differences": "kept",
    "ledger": "differ",
    "views": "documentation",
    "questions": "open",
    "proposals": "open",
    "reopened": "open",
    "views_left": "left",
    "intentions": "intention",
    "needs": "assets",
    "readings": "interpretation",
    "understood": "understanding",
    "told_keeper": "check",
    "told_ask": "check",
}
#: Code points of the excerpt by which the maker finds the place.
_EXCERPT_LENGTH = 80


def remaining_names(state: State, lang: str = "en", *, research: bool = False) -> list[str]:
    """Lines for whoever makes the report: which names stand in it of people who asked not to be named, and where.

    Empty where there are none. The first line says what the others are.
    """
    lines, _ = find_names(state, lang, research=research)
    return [translate("report.names.h", lang), *lines] if lines else []


def find_names(state: State, lang: str = "en", *, research: bool = False) -> tuple[list[str], list[str]]:
    """(lines for each name that stands in the report, lines for words in which names cannot be known).

    Whoever speaks in a recording names people who never came here: no list of ours has them.
    """
    reader = Reader(state, lang, research=research)
    hidden = hidden_names(state)
    called = {participant: ", ".join(sorted(names)) for participant, names in hidden.items()}
    found: dict[tuple[str, str, str], None] = {}
    for participant in names_in(reader.view.title(), hidden):
        found[
            called[participant],
            reader.t("start.label.name"),
            shorten(reader.view.title(), _EXCERPT_LENGTH, whole=False),
        ] = None
    for key, part in layout_report(reader).items():
        heading = _HEADING_OF_PART.get(key, key.removeprefix("told_"))
        for text in _typed_texts(part):
            for participant in names_in(text, hidden):
                found[called[participant], reader.t(HEADINGS[heading]), shorten(text, _EXCERPT_LENGTH, whole=False)] = (
                    None
                )
    lines = [reader.t("report.names.line", name=name, h=holding, words=words) for name, holding, words in found]
    talk = sum(
        contribution.source_place[0] and reader.is_printed(contribution.id)
        for contribution in reader.view.contributions()
    )
    return lines, [reader.t("report.talk_names", n=talk)] if talk else []


def withheld_lines(state: State, lang: str = "en", *, research: bool = False) -> list[str]:
    """Lines that say what the report keeps back, with counts; the same stand in it."""
    return list(withheld_sentences(Reader(state, lang, research=research)))


def _typed_texts(part: Any) -> Iterator[str]:
    """Every text in a piece of the report that somebody typed."""
    if isinstance(part, Words):
        yield part.text
    elif isinstance(part, Who):
        if part.typed:
            yield part.text
    elif is_dataclass(part) and not isinstance(part, type):
        for one in fields(part):
            yield from _typed_texts(getattr(part, one.name))
    elif isinstance(part, (list, tuple)):
        for inner in part:
            yield from _typed_texts(inner)
