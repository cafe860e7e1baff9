"""Words of the practice cases that some may not read, collected from the data, and a search for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from cowork import text
from cowork.core.entries import Entry
from cowork.imports.demo import read_demo_case
from support.transcript_cases import linked, rows
from support.transcript_cases import words as text_of


@dataclass(frozen=True)
class Kept:
    """Words of the data that some may not read. `why` is only-me, taken, hidden, act, person, quote or research."""

    ref: str
    by: str
    words: str
    why: str


def kept(name: str) -> list[Kept]:
    """Every such text of a case, from the data alone."""
    found = []
    said = {(r["by"], r["body"]["question"]): r["body"]["answer"] for r in read_demo_case(name).of_kind("consent")}
    texts = {r["key"]: r for r in rows(name) if text_of(r)}
    for r in rows(name):
        why = {"withdrawal": "taken", "hide": "hidden"}.get(r["kind"], "")
        if r["kind"] == "consent" and (r["body"]["question"], r["body"]["answer"]) == ("quote", "not"):
            why = "quote"
        if why:
            found += [Kept(key, texts[key]["by"], text_of(texts[key]), why) for key in linked(r)]
        if why in ("taken", "hidden"):  # why it was done is for its author, and for whoever may lift it
            found.append(Kept(r["key"], r["by"], text_of(r), "act"))
    for key, r in texts.items():
        if r.get("seen_by") == "only-me":
            found.append(Kept(key, r["by"], text_of(r), "only-me"))
        if said[r["by"], "naming"] == "not":
            found.append(Kept(key, r["by"], text_of(r), "person"))
        if said[r["by"], "research"] != "yes":
            found.append(Kept(key, r["by"], text_of(r), "research"))
    return found


INSIDE = ("only-me", "taken", "hidden", "act")
OUTSIDE = (*INSIDE, "person", "quote")


# ---- looking for words


@cache
def runs(words: str) -> frozenset[str]:
    """Three words in a row, in one case and without signs: a shortened or cut text holds them still."""
    bare = re.findall(r"\w+", words.casefold())
    return frozenset(" ".join(bare[i : i + 3]) for i in range(len(bare) - 2))


@cache
def of_our_own() -> frozenset[str]:
    """What the catalogue says, which anybody may read."""
    told = strings([text.catalogue_texts(text.keys(), lang) for lang in text.LANGS])
    return frozenset(run for sentence in told for run in runs(sentence))


@dataclass(frozen=True)
class Search:
    """Runs of words that stand in what is kept and nowhere in what may be read; and short texts as a whole."""

    runs: dict[str, str]
    short: dict[str, str]

    @classmethod
    def of(cls, name: str, hidden: Iterable[Kept]) -> Search:
        hidden = list(hidden)
        away = {k.ref for k in hidden}
        bodies = [r.get("body", {}) for r in read_demo_case(name).entries if r.get("key") not in away]
        # What is quoted may be kept: it is open where the text it was taken from is.
        open_ = list(strings([{k: v for k, v in body.items() if k != "quotes"} for body in bodies]))
        known = set(of_our_own()).union(*(runs(words) for words in open_))
        found = {run: k.ref for k in hidden for run in runs(k.words) - known}
        whole = {" ".join(re.findall(r"\w+", words.casefold())) for words in open_}
        few = {" ".join(re.findall(r"\w+", k.words.casefold())): k.ref for k in hidden}
        short = {words: ref for words, ref in few.items() if len(words.split()) == 2 and words not in whole}
        return cls(found, short)

    def found(self, told: Iterable[str]) -> set[str]:
        """Names, in the data, of the kept texts that stand in what is told."""
        refs: set[str] = set()
        for words in set(told):
            refs |= {self.runs[run] for run in runs(words) & set(self.runs)}
            bare = " ".join(re.findall(r"\w+", words.casefold()))
            refs |= {self.short[bare]} if bare in self.short else set()
        return refs


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (bytes, bytearray, memoryview)):
        yield bytes(value).decode("utf-8", "replace")
    elif isinstance(value, dict):
        for pair in value.items():
            yield from (words for part in pair for words in strings(part))
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from (words for part in value for words in strings(part))
    elif isinstance(value, Entry):
        yield from strings(value.data)
    elif is_dataclass(value):
        yield from (words for one in fields(value) for words in strings(getattr(value, one.name)))
