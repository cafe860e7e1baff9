"""The results: all figures, the measured values, and whether they meet their targets."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from typing import Any

OURS, STOCK = "cowork", "stock Voilà"


@dataclass(frozen=True)
class Row:
    """A figure. `targets`: the most that a statistic of it may be."""

    key: str
    name: str
    unit: str
    targets: dict[str, float] = field(default_factory=dict)
    digits: int = 0


ROWS = (
    Row("first", "Chromium, first visit: interactive", "ms", {"median": 600}),
    Row("shown", "of it, until box and button stand there", "ms"),
    Row("second", "Chromium, second visit: interactive", "ms"),
    Row("phone", "phone (CPU ÷ 4, 1.6 Mbit/s, 150 ms, cold): interactive", "s", {"median": 4}, 1),
    Row("kB", "first visit, on the wire, websocket included", "kB", {"median": 150}),
    Row("requests", "first visit, requests", "", {"median": 8}),
    Row("kB2", "second visit, on the wire", "kB"),
    Row("requests2", "second visit, requests", ""),
    Row("burst", "30 arrive in 10 s: interactive (light client)", "ms", {"p95": 400}),
    Row("cpu", "CPU for each of these arrivals", "s", {"median": 0.2}, 2),
    Row("pss1", "memory (PSS, server included), 1 visitor", "MB"),
    Row("pss5", "5 visitors", "MB"),
    Row("pss15", "15 visitors", "MB"),
    Row("pss30", "30 visitors", "MB", {"median": 900}),
    Row("pss40", "40 visitors", "MB", {"median": 1229}),
    Row("idle", "CPU of 30 visitors who read, of one core", "%", {"median": 1}, 1),
    Row("socket", "share → the other 29 sockets", "ms"),
    Row("dom", "share → another browser's DOM, 30 kernels", "ms", {"median": 40, "p95": 80}),
    Row("drop", "after 5 s without network: words there and back", "s", {"median": 2}, 1),
    Row("lost", "texts lost or doubled by it", "", {"max": 0}),
    Row("small-first", "2 GB, one core: Chromium, first visit", "ms"),
    Row("small-burst", "2 GB, one core: 30 arrive in 10 s", "ms"),
    Row("small-pss40", "2 GB, one core: 40 visitors", "MB", {"median": 1229}),
    Row("small-killed", "2 GB, one core: processes ended by the cap", "", {"max": 0}),
    *(Row(f"fold{n}", f"fold of {n:,} entries".replace(",", " "), "ms", digits=1) for n in (10, 1000, 10_000, 100_000)),
    *(
        Row(f"feed{n}", f"one more entry at {n:,}".replace(",", " "), "ms", digits=1)
        for n in (10, 1000, 10_000, 100_000)
    ),
    Row("soak-growth", "the server's growth (PSS) in the soak", "MB"),
    Row("soak-total", "all processes at the end of the soak", "MB"),
    Row("soak-peak", "the most its control group held", "MB", {"max": 2048}),
    Row("soak-arrive", "arrivals during the soak", "ms"),
    Row("soak-socket", "share → the others' sockets, all through the soak", "ms"),
    Row("soak-lost", "visitors cut off and words not heard, in the soak", "", {"max": 0}),
)


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, math.ceil(0.95 * len(values)) - 1)]


STATISTICS = {"median": statistics.median, "p95": p95, "max": max}
STATISTIC_NAMES = {"median": "median", "p95": "p95", "max": "most"}


class Table:
    """What was found, by figure and column."""

    def __init__(self, columns: list[str]) -> None:
        self.columns = columns
        self.values: dict[tuple[str, str], list[float]] = {}
        self.failed: dict[tuple[str, str], str] = {}
        self.notes: list[str] = []
        self.others: dict[str, dict[str, float]] = {}  # by column and group: what other programs took, in percent

    def put(self, key: str, column: str, *values: float) -> None:
        assert any(row.key == key for row in ROWS), key
        self.values.setdefault((key, column), []).extend(values)

    def fail(self, keys: list[str], column: str, why: str) -> None:
        for key in keys:
            if (key, column) not in self.values:
                self.failed[key, column] = why

    def note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)

    def markdown(self) -> str:
        """One table: median / p95 (n) in each place, and a target beside the value it is for."""
        others = [c for c in self.columns if c != OURS]
        head = ["", "target", OURS, "", *others] if OURS in self.columns else ["", *others]
        lines = [head, ["---"] + ["---:"] * (len(head) - 1)]
        for row in ROWS:
            if not any((row.key, column) in {**self.values, **self.failed} for column in self.columns):
                continue
            ours = [self._target(row), self._place(row, OURS), self._met(row)] if OURS in self.columns else []
            unit = f", {row.unit}" if row.unit else ""
            lines.append([row.name + unit, *ours, *(self._place(row, column) for column in others)])
        told = [f"{n}. {words}" for n, words in enumerate([*self.notes, *self._disturbed()], 1)]
        return "\n".join(["| " + " | ".join(line) + " |" for line in lines] + ["", *told])

    def _disturbed(self) -> list[str]:
        said = [f"{c} {', '.join(f'{g} {n:.0f}' for g, n in found.items())}" for c, found in self.others.items()]
        return ["Of all cores, other programs took meanwhile, in percent: " + "; ".join(said) + "."] if said else []

    def _place(self, row: Row, column: str) -> str:
        if found := self.values.get((row.key, column)):
            middle, most = (f"{f(found):,.{row.digits}f}".replace(",", " ") for f in (statistics.median, p95))
            return f"{middle} ({len(found)})" if middle == most else f"{middle} / {most} ({len(found)})"
        return self.failed.get((row.key, column), "–")

    def _target(self, row: Row) -> str:
        return ", ".join(f"{STATISTIC_NAMES[name]} ≤ {most:g}" for name, most in row.targets.items())

    def _met(self, row: Row) -> str:
        found = self.values.get((row.key, OURS))
        if not row.targets:
            return ""
        if not found:
            return "not met" if (row.key, OURS) in self.failed else ""
        return "met" if all(STATISTICS[name](found) <= most for name, most in row.targets.items()) else "**not met**"

    def raw(self) -> dict[str, Any]:
        figures: dict[str, dict[str, Any]] = {}
        for (key, column), found in self.values.items():
            figures.setdefault(key, {})[column] = found
        for (key, column), why in self.failed.items():
            figures.setdefault(key, {})[column] = why
        rows = {row.key: {"name": row.name, "unit": row.unit, "targets": row.targets} for row in ROWS}
        return {"rows": rows, "figures": figures, "notes": self.notes, "others": self.others}
