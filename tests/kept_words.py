"""Words of the practice cases that some may not read, collected from the data, and a search for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from cases import rows

from cowork import text
from cowork.core.entries import Entry
from cowork.imports.practice import case


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
    naming = {p["id"]: p["consent"]["naming"] for p in case(name)["participants"]}
    research = {p["id"]: p["consent"]["research"] for p in case(name)["participants"]}
    words = {r["ref"]: r for r in rows(name) if r["text"]}
    for r in rows(name):
        if r["kind"] == "consent" and r["extra"]["scope"] == "person":
            naming[r["by"]] = r["extra"]["naming"]
    for r in rows(name):
        why = {"withdrawal": "taken", "hide": "hidden"}.get(r["kind"], "")
        if r["kind"] == "consent" and r["extra"]["scope"] == "quote" and r["extra"]["naming"] == "not-shared":
            why = "quote"
        if why:
            texts = [words[link["ref"]] for link in r["about"]]
            found += [Kept(t["ref"], t["by"], t["text"], why) for t in texts]
        if why in ("taken", "hidden"):  # why it was done is for its author, and for whoever may lift it
            found.append(Kept(r["ref"], r["by"], r["text"], "act"))
    for r in words.values():
        if r["seen_by"] == "only-me":
            found.append(Kept(r["ref"], r["by"], r["text"], "only-me"))
        if naming[r["by"]] == "not-shared":
            found.append(Kept(r["ref"], r["by"], r["text"], "person"))
        if research[r["by"]] != "yes":
            found.append(Kept(r["ref"], r["by"], r["text"], "research"))
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
    told = strings([text.words(text.keys(), lang) for lang in text.LANGS])
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
        data = case(name)
        open_ = [r["text"] for r in rows(name) if r["ref"] not in away and r["text"]]
        open_ += list(strings({k: v for k, v in data.items() if k != "entries"}))
        open_ += list(strings([r["extra"] for r in rows(name) if r["ref"] not in away]))
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
