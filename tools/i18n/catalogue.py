"""Keeps the catalogues: ``python -m tools.i18n.catalogue check | compile | load FILE… | add KEY TEXT…``.

The ``.po`` files are the source, sorted by key and edited by hand; ``compile`` puts them in order and makes
the ``.mo`` files that are read at run time. Needs Babel, which nothing else in the package does.

``load`` reads rows ``| key | English | Svenska |`` from Markdown, and ``add`` one key from the command line
(two texts, or four for one that counts: English one, English other, Swedish one, Swedish other). Both
replace what stood there. A ``[?]`` at the end of a Swedish text asks for a practitioner's eye: it becomes a
comment in the ``.po`` file and is never shown.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cowork.text import LANGS, LOCALE, PLACEHOLDER

Row = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Key, English, Swedish."""
Texts = dict[str, tuple[str, ...]]
"""What one language says: key to its text, or to its two plural forms."""

DOUBT_MARK = " [?]"
REVIEW_COMMENT = "to be reviewed by a practitioner"
MAX_SENTENCE_WORDS = 14
"""Words in a sentence: more, and a tired reader on a phone reads it twice."""
JUDGING_WORDS = re.compile(r"\b(late|missing|lacking|your thoughts?|din tanke)\b", re.IGNORECASE)
"""Words that judge a person or a part, or that name what nobody was asked for."""
TABLE_ROW = re.compile(r"\|\s*([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)\s*\|(.+)\|(.+)\|\s*")
HEADER = """\
# The words of cowork. Sorted by key; a key never changes when its words do.
# After an edit: python -m tools.i18n.catalogue compile"""
CREATION_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Fixed, so that compiling the same words twice gives the same files."""


def po_path(lang: str) -> Path:
    return LOCALE / lang / "LC_MESSAGES" / "cowork.po"


def read_catalog(lang: str) -> Catalog:
    """The language's ``.po`` file, or an empty catalogue where there is none."""
    path = po_path(lang)
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=lang, abort_invalid=True)
    return Catalog(
        lang,
        project="cowork",
        version="1",
        header_comment=HEADER,
        creation_date=CREATION_DATE,
        revision_date=CREATION_DATE,
        last_translator="cowork",
        language_team=lang,
        msgid_bugs_address="cowork",
        fuzzy=False,
    )


def catalog_texts(catalog: Catalog) -> Texts:
    """Every key with what it says, as plain data."""
    found: Texts = {}
    for message in catalog:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            said = message.string
            found[key] = (said,) if isinstance(said, str) else tuple(said or ())
    return found


def save_catalog(lang: str, catalog: Catalog) -> None:
    """Write the sorted ``.po`` and the ``.mo`` beside it."""
    path = po_path(lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=0, sort_output=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def set_text(catalog: Catalog, key: str, forms: tuple[str, ...]) -> None:
    """Set what a key says; a mark of doubt becomes a translator's comment."""
    comments = [REVIEW_COMMENT] if any(form.endswith(DOUBT_MARK) for form in forms) else []
    said = tuple(form.removesuffix(DOUBT_MARK) for form in forms)
    catalog.delete(key)  # Catalog.add keeps the old words of a key that it knows
    if len(said) == 1:
        catalog.add(key, said[0], auto_comments=comments)
    else:
        catalog.add((key, key), said, auto_comments=comments)


def markdown_rows(markdown: str) -> Iterator[Row]:
    """Key, English and Swedish of every table row; ``x.one`` and ``x.other`` come as one key ``x``.

    Only a pair counts: ``report.button.one`` stands alone and is an ordinary key.
    """
    found = {m[1]: (m[2].strip(), m[3].strip()) for m in map(TABLE_ROW.fullmatch, markdown.splitlines()) if m}
    for key, (english, swedish) in found.items():
        base, _, form = key.rpartition(".")
        if form == "one" and f"{base}.other" in found:
            more_english, more_swedish = found[f"{base}.other"]
            yield base, (english, more_english), (swedish, more_swedish)
        elif not (form == "other" and f"{base}.one" in found):
            yield key, (english,), (swedish,)


def catalog_faults(said: Mapping[str, Texts]) -> list[str]:
    """What is wrong with the catalogues, a sentence each; none when all is well."""
    source, *others = said
    wrong: list[str] = []
    for other in others:
        for key in sorted(said[source].keys() ^ said[other].keys()):
            lang = other if key in said[source] else source
            wrong.append(f"{key}: no words in {lang}")
        for key in sorted(said[source].keys() & said[other].keys()):
            if len(said[source][key]) != len(said[other][key]):
                wrong.append(f"{key}: counts something in one of {source} and {other} only")
            elif _placeholders(said[source][key]) != _placeholders(said[other][key]):
                wrong.append(f"{key}: {source} and {other} do not fill in the same places")
    for lang, entries in said.items():
        for key, forms in entries.items():
            wrong += [f"{key} ({lang}): {fault}" for form in forms for fault in _text_faults(key, form)]
            # "One thing" needs no figure; any other place left out of a form is a slip.
            if len({frozenset(_placeholders((form,)) - {"n"}) for form in forms}) > 1:
                wrong.append(f"{key} ({lang}): its forms do not fill in the same places")
    return wrong


def _placeholders(forms: tuple[str, ...]) -> set[str]:
    return {name for form in forms for name in PLACEHOLDER.findall(form)}


def _text_faults(key: str, text: str) -> Iterator[str]:
    if not text.strip():
        yield "says nothing"
    if "[?]" in text:
        yield "shows its mark of doubt"
    if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
        yield "has a brace that opens or closes nothing"
    if judging := JUDGING_WORDS.search(text):
        yield f"says {judging[0]!r}, which judges or mislabels"
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        count = len(sentence.split())
        if count > MAX_SENTENCE_WORDS:
            yield f"has a sentence of {count} words; at most {MAX_SENTENCE_WORDS}: {sentence!r}"


def check_catalogs() -> list[str]:
    """The faults of the catalogues as they stand on disk."""
    return catalog_faults({lang: catalog_texts(read_catalog(lang)) for lang in LANGS})


def main(argv: list[str]) -> int:
    match argv:
        case ["check"]:
            pass
        case ["compile"]:
            _update_catalogs([])
        case ["load", *paths] if paths:
            _update_catalogs([row for path in paths for row in markdown_rows(Path(path).read_text(encoding="utf-8"))])
        case ["add", key, english, swedish]:
            _update_catalogs([(key, (english,), (swedish,))])
        case ["add", key, one, other, sv_one, sv_other]:
            _update_catalogs([(key, (one, other), (sv_one, sv_other))])
        case _:
            print(__doc__)
            return 2
    wrong = check_catalogs()
    print(
        "\n".join(wrong)
        or f"{len(catalog_texts(read_catalog(LANGS[0])))} keys, in {' and '.join(LANGS)}, nothing wrong"
    )
    return 1 if wrong else 0


def _update_catalogs(new: list[Row]) -> None:
    for place, lang in enumerate(LANGS):
        catalog = read_catalog(lang)
        for key, *said in new:
            set_text(catalog, key, said[place])
        save_catalog(lang, catalog)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
