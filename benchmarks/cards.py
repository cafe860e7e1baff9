"""Measures how long the cards of a page take: `python benchmarks/cards.py [ENTRIES ...]`; without numbers, 1,000.

Makes the workshop of `report_600.py` and draws every contribution of it as a card for one person who takes part. Prints
milliseconds of processor time: `anew` for a page that is opened (the best of TIMES), `one text` for the same page after
somebody else wrote a new text, and `one edit` after a change that empties the cache.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import report_600

from cowork.context import PageContext, PageView
from cowork.core.entries import Actor, Draft
from cowork.pages.kit.cards import make_card
from cowork.store import memory_record

TIMES = 5


def milliseconds(make: Callable[[], object]) -> float:
    begun = time.process_time()
    make()
    return (time.process_time() - begun) * 1000


def main(arguments: list[str]) -> int:
    print(f"{'entries':>8} {'cards':>6} {'anew':>9} {'one text':>9} {'one edit':>9}")
    for entries in [int(one) for one in arguments] or [1000]:
        record = memory_record()
        state = report_600.workshop(entries, record)
        reader, writer = state.participants()[3:5]
        session = cast(Any, SimpleNamespace(code="OAK-222", only=""))

        def draw(context: PageContext) -> list[object]:
            view = PageView(record.state(state.workshop), context)  # noqa: B023  used at once
            return [make_card(context, view, found) for found in view.contributions()]

        def context() -> PageContext:
            return PageContext(record, state.workshop, reader, "en", session=session)  # noqa: B023  used at once

        def add(kind: str, *about: tuple[str, str]) -> None:
            body = {"text": "A new text", "lang": "en"}
            draft = Draft(record.new_id(), kind, writer, body, about)  # noqa: B023  used at once
            record.append(state.workshop, draft, Actor(writer))  # noqa: B023  used at once

        anew = min(milliseconds(lambda: draw(context())) for _ in range(TIMES))
        page = context()
        cards = draw(page)
        new, edited = [], []
        for _ in range(TIMES):
            add("intention")
            new.append(milliseconds(lambda: draw(page)))  # noqa: B023  used at once
            mine = [entry for entry in state.of_person(writer, "intention")]
            add("edit", ("replaces", mine[-1].id))
            edited.append(milliseconds(lambda: draw(page)))  # noqa: B023  used at once
        print(f"{len(state.entries):8} {len(cards):6} {anew:9.1f} {min(new):9.1f} {min(edited):9.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
