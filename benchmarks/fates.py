"""What became of the words of a long workshop: `python benchmarks/fates.py [ENTRIES ...]`; without numbers, 10,000.

Makes the workshop of `report_600.py` as a file, opens it as a researcher does, and prints the seconds that `fate(id)`
takes for one text (the median of TEXTS), that all of them take as the table `fates()`, and that the file takes to read.
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
    print(f"{'entries':>8}  {'opened, s':>9}  {'one fate, ms':>12}  {'fates(), s':>10}  {'texts':>6}")
    for entries in [int(one) for one in arguments] or [10_000]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "long.cowork"
            written(entries, path)
            opened = seconds(lambda: cowork.open(path))  # noqa: B023  used at once
            workshop = cowork.open(path)
            ids = list(workshop.contributions(research=False)["id"])
            step = max(1, len(ids) // TEXTS)
            each = [seconds(lambda: workshop.fate(id, research=False)) for id in ids[::step]]  # noqa: B023
            every = seconds(lambda: workshop.fates(research=False))  # noqa: B023
            print(f"{entries:8}  {opened:9.2f}  {statistics.median(each) * 1000:12.1f}  {every:10.2f}  {len(ids):6}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
