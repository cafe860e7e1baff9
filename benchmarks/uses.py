"""Measures the uses of all texts of a long workshop: `python benchmarks/uses.py [ENTRIES ...]`; without numbers,
10,000.

Makes the workshop of `report_600.py` as a file, opens it as a researcher does, and prints the seconds that `fate(id)`
takes for one text (the median of TEXTS), that all of them take as the table `fates()`, that the tables `heard()` and
`outcomes()` take after it, that working out what may leave takes once for all tables, and that the file takes to read.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import report_600

import cowork
from cowork.store import memory_record, open_record

TEXTS = 50


def seconds(make: Callable[[], object]) -> float:
    begun = time.perf_counter()
    make()
    return time.perf_counter() - begun


def written(entries: int, path: Path) -> None:
    """A workshop of so many entries, or a few more, in a file."""
    record = memory_record()
    report_600.workshop(entries, record)
    file = open_record(path)
    try:
        file.merge(record)
    finally:
        file.close()


def main(arguments: list[str]) -> int:
    heads = ("entries", "opened, s", "what may leave, s", "one fate, ms", "fates(), s", "heard(), s", "outcomes(), s")
    print("  ".join(f"{head:>9}" for head in (*heads, "texts")))
    for entries in [int(one) for one in arguments] or [10_000]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "long.cowork"
            written(entries, path)
            opened = seconds(lambda: cowork.open(path))  # noqa: B023  used at once
            workshop = cowork.open(path)
            leave = seconds(lambda: workshop.episodes(research=False))  # noqa: B023  the smallest table, first
            ids = list(workshop.contributions(research=False)["id"])
            step = max(1, len(ids) // TEXTS)
            each = [seconds(lambda: workshop.fate(id, research=False)) for id in ids[::step]]  # noqa: B023
            every = seconds(lambda: workshop.fates(research=False))  # noqa: B023
            heard = seconds(lambda: workshop.heard(research=False))  # noqa: B023
            ended = seconds(lambda: workshop.outcomes(research=False))  # noqa: B023
            found = (opened, leave, statistics.median(each) * 1000, every, heard, ended)
            shown = "  ".join(f"{one:{max(9, len(head))}.2f}" for one, head in zip(found, heads[1:], strict=True))
            print(f"{entries:9}  {shown}  {len(ids):9}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
