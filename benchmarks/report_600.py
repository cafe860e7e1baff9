"""What a report of a long workshop costs: `python benchmarks/report_600.py [ENTRIES ...]`; without numbers, 600.

Makes a workshop of that many entries in memory (two thirds talk, the rest views, readings, proposals with answers and
worries, agreements, kept differences and changes), and prints seconds and bytes of each thing that is made of it:
the first time, with the templates read, and the median of five more.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from cowork.core.entries import Actor, Draft
from cowork.core.fold import State
from cowork.reports import one_page, remaining_names, report, withheld_lines
from cowork.store import Record, memory_record

TIMES = 5
PEOPLE = 12
SENTENCE = "This is a sentence of a usual length, about the stops and who waits at them. "


def workshop(entries: int, record: Record | None = None) -> State:
    """A workshop of so many entries, or a few more."""
    record = record or memory_record()
    people = [record.new_id() for _ in range(PEOPLE)]
    found = record.new_id()
    fay = people[0]
    record.open_workshop(Draft(found, "workshop", fay, {"title": "The stops", "code": "OAK-222"}), Actor(fay))

    def add(by: str, kind: str, body: dict[str, object], *about: tuple[str, str], **more: str) -> str:
        # type: ignore[arg-type]
        return record.append(found, Draft(record.new_id(), kind, by, body, about, **more), Actor(by)).id

    for n, who in enumerate(people):
        naming = ("named", "pseudonym", "perspective", "not")[n % 4]
        joined = [Draft(who, "participant", who, {"name": f"Person {n}", "perspectives": ["staff"]})]
        for question, answer in (("part", "yes"), ("naming", naming), ("research", ("yes", "no")[n % 2])):
            joined.append(Draft(record.new_id(), "consent", who, {"question": question, "answer": answer}))
        record.append_many(found, joined, Actor(who))
        add(who, "attendance", {"way": ("room", "remote")[n % 2]})
    turn = 0
    while len(record.state(found).entries) < entries:
        said = []
        for _ in range(30):
            turn += 1
            said.append(add(people[turn % PEOPLE], "utterance", {"text": f"{turn}. {SENTENCE * 2}", "lang": "en"}))
        views = [_view(add, people[n], said[n * 3 : n * 3 + 3]) for n in range(5)]
        seen = add(fay, "understanding", {"text": SENTENCE, "who": "we"}, *(("rests-on", v) for v in views))
        _ending(add, people, seen, views)
        add(
            people[turn % PEOPLE],
            "edit",
            {"text": f"{turn}. Changed. {SENTENCE}", "lang": "en"},
            ("replaces", said[-1]),
        )
    return record.state(found)


def _view(add: Callable[..., str], by: str, said: list[str]) -> str:
    quotes = [{"source": one, "version": one, "start": 0, "end": 40} for one in said]
    body = {"text": SENTENCE, "lang": "en", "holder": "me", "quotes": quotes}
    return add(by, "view", body, *(("documents", one) for one in said))


def _ending(add: Callable[..., str], people: list[str], seen: str, views: list[str]) -> None:
    fay = people[0]
    body = {"text": SENTENCE, "lang": "en", "rule": {"code": "consent"}, "levels": "five", "round": 1}
    proposal = add(fay, "proposal", body, ("rests-on", seen))
    for n, who in enumerate(people[:8]):
        level = ("want", "fine", "along", "worry")[n % 4]
        add(who, "position", {"level": level}, ("answers", proposal), seen_by="group-from-reveal")
    worry = add(people[1], "reservation", {"text": SENTENCE, "sort": "worry"}, ("talks-about", proposal))
    add(people[2], "utterance", {"text": SENTENCE}, ("answers-reservation", worry))
    add(fay, "setting", {}, ("reveals", proposal))
    add(fay, "outcome", {"text": SENTENCE, "outcome": "agreed"}, ("closes", proposal), ("rests-on", seen))
    add(fay, "outcome", {"text": SENTENCE, "outcome": "difference"}, *(("rests-on", v) for v in views[:2]))


def made(make: Callable[[State], object], state: State) -> tuple[float, float, int]:
    """Seconds of the first time, the median of more, and bytes."""
    seconds, size = [], 0
    for _ in range(TIMES + 1):
        begun = time.perf_counter()
        found = make(state)
        seconds.append(time.perf_counter() - begun)
        # type: ignore[call-overload]
        size = len(found) if isinstance(found, bytes) else len("\n".join(map(str, found)).encode())
    return seconds[0], statistics.median(seconds[1:]), size


def main(arguments: list[str]) -> int:
    makers: dict[str, Callable[[State], object]] = {
        "report, English": report,
        "report, Swedish": partial(report, lang="sv"),
        "report, for research": partial(report, research=True),
        "one page": one_page,
        "names that stand": remaining_names,
        "what is kept back": withheld_lines,
    }
    print(f"{'entries':>8}  {'what':22} {'first, s':>9} {'median, s':>10} {'bytes':>9}")
    for entries in [int(one) for one in arguments] or [600]:
        state = workshop(entries)
        for name, make in makers.items():
            first, median, size = made(make, state)
            print(f"{len(state.entries):8}  {name:22} {first:9.2f} {median:10.2f} {size:9}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
