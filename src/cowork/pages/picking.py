"""Choosing words: what a box offers to choose from, and what a browser said was chosen, checked.

A choice names a version and, for exact words, two places in it in code points. Words never travel back: what is kept
is the place, so that words taken back later are gone from every quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cowork.core.elements import ELEMENT_OF
from cowork.core.errors import BadWords
from cowork.core.ids import is_id
from cowork.core.quotes import check_quotes, gap_of
from cowork.core.seen import Contribution, Seen
from cowork.pages.signatures import signature
from cowork.pages.typed import lang_of
from cowork.text.format import clock
from cowork.widgets import Ask, Sent
from cowork.workbook import Here

#: How many texts a box is given at once; looking for words finds the others.
MOST = 60

_PICK = re.compile(r"([0-9a-f-]{36})(?::(\d{1,6}):(\d{1,6}))?")

Picked = tuple[str, int | None, int | None]


def item(here: Here, seen: Seen, c: Contribution) -> dict[str, Any]:
    """One text to choose from, in the version that stands now."""
    at = clock(c.entry.said_ms)
    element = ELEMENT_OF.get(c.kind, "")
    return {
        "id": c.entry.id,
        "text": c.text,
        "by": signature(here, seen, c),
        "when_text": at,
        "tag": here.say(f"{element}.link") if element else "",
        "lang": lang_of(c.entry, c.text),
    }


def items(here: Here, seen: Seen, kinds: Sequence[str], words: str = "", first: str = "") -> list[dict[str, Any]]:
    """Texts of these kinds that may be built on, newest first, and `first` before all others."""
    found = [
        c
        for c in seen.of_kind(*kinds)
        if c.standing == "here"
        and c.text
        and c.entry.header.seen_by != "only-me"
        and not seen.state.entries[c.id].targets("renders")
    ]
    wanted = words.casefold().split()
    if wanted:
        found = [c for c in found if all(word in c.text.casefold() for word in wanted)]
    # Talk brought in keeps its own order; what was typed stands newest first.
    found.sort(key=lambda c: (c.place[0], c.place[1:], tuple(-n for n in c.first.header.order[:2])))
    if first:
        root = seen.state.root(first)
        found.sort(key=lambda c: c.id != root)
    return [item(here, seen, c) for c in found[:MOST]]


@dataclass
class Looking:
    """What the reader of a form looks for in each of its boxes, and which texts that have left the list they chose."""

    words: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)


def offered(
    here: Here, seen: Seen, kinds: Sequence[str], looking: Looking, key: str, first: str = ""
) -> dict[str, Any]:
    """The texts of one box: those to choose from, and those chosen before that are not among them."""
    found = items(here, seen, kinds, looking.words.get(key, ""), first)
    there = {one["id"] for one in found}
    known = []
    for version in looking.chosen.get(key, ()):
        c = seen.of_id(version)
        if version in there or c is None or gap_of(seen, version):
            continue  # only what this reader may read now: words chosen once may have been taken back since
        entry = seen.state.entries[version]
        text = str(entry.data.get("text", ""))
        known.append({**item(here, seen, c), "id": version, "text": text, "lang": lang_of(entry, text)})
    return {"items": found, "known": known}


def words_pick(
    here: Here,
    seen: Seen,
    kinds: Sequence[str],
    looking: Looking,
    *,
    key: str = "rests",
    first: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The question what a text rests on: whole texts or exact words of them, as many as wanted.

    Where nothing is named `first`, it is what this page was asked to stand at.
    """
    return {
        "key": key,
        **offered(here, seen, kinds, looking, key, here.at if first is None else first),
        "words": True,
        "many": True,
        "button": here.say("documentation.choose.button"),
        **more,
    }


def look(ask: Ask, key: str, refresh: Callable[[], None], looking: Looking) -> None:
    """Let a box hear what its reader looks for, and show that."""

    def heard(message: dict[str, Any]) -> None:
        if message.get("key") != key:
            return
        looking.words[key] = str(message.get("q") or "")[:200]
        chosen = message.get("chosen")
        looking.chosen[key] = [one for one in chosen if is_id(one)][:50] if isinstance(chosen, list) else []
        refresh()

    ask.on_do("look", heard)


def picked(here: Here, sent: Sent, key: str) -> list[Picked]:
    """What was chosen, each checked: a text this reader may see now, and a place that is in it."""
    chosen = sent.choices.get(key, [])
    found: list[Picked] = []
    seen = here.seen
    for one in [chosen] if isinstance(chosen, str) else chosen:
        match = _PICK.fullmatch(one)
        if not one:
            continue
        if match is None or not is_id(match[1]):
            raise BadWords("error.letters", sign=one[:40])
        if gap_of(seen, match[1]):
            raise BadWords("error.gone")
        start, end = (int(match[2]), int(match[3])) if match[2] is not None else (None, None)
        found.append((match[1], start, end))
    return list(dict.fromkeys(found))


def ties(here: Here, chosen: Sequence[Picked], relation: str) -> list[tuple[str, str]]:
    """What a text is about by what was chosen for it, each version once."""
    return [(relation, version) for version in dict.fromkeys(version for version, _, _ in chosen)]


def quoted(here: Here, chosen: Sequence[Picked]) -> dict[str, Any]:
    """The quotations among what was chosen, as they stand in a body; whole texts are tied and not quoted."""
    exact = [one for one in chosen if one[1] is not None]
    if not exact:
        return {}
    try:
        return {"quotes": check_quotes(here.record.state(here.workshop), exact)}
    except ValueError:
        raise BadWords("error.gone") from None
