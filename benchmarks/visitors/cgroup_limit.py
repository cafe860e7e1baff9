"""Limits the measured server to two gigabytes of memory and one core, where the system allows it.

Memory: a control group below our own, which needs root or a delegated group. Core: the scheduler's affinity, which
children inherit. The browser and the headless clients are not limited.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LIMIT_MB = 2048


@dataclass
class MachineLimit:
    """Where a server is put. `enter_limit` is run by the process that becomes the server."""

    folder: Path | None = None
    core: int | None = None
    notes: list[str] = field(default_factory=list)

    def enter(self) -> None:
        if self.folder:
            (self.folder / "cgroup.procs").write_text(str(os.getpid()))
        if self.core is not None:
            os.sched_setaffinity(0, {self.core})

    def peak_mb(self) -> float | None:
        """The highest memory use, including cached files, which are released under pressure."""
        for name in ("memory.peak", "memory.max_usage_in_bytes"):
            if self.folder and (self.folder / name).is_file():
                return int((self.folder / name).read_text()) / 1024**2
        return None

    def killed(self) -> int | None:
        """How many processes the limit has killed."""
        for name in ("memory.events", "memory.oom_control"):
            if self.folder and (self.folder / name).is_file():
                words = (self.folder / name).read_text().split()
                return int(words[words.index("oom_kill") + 1]) if "oom_kill" in words else None
        return None


def _groups() -> Iterator[tuple[Path, str, str]]:
    """(our own memory group's folder, the file of its cap, the file that takes swap away), version 2 before 1."""
    ours = {controllers: path for _, controllers, path in (one.split(":", 2) for one in _lines("/proc/self/cgroup"))}
    mounts = [one.split()[1:4] for one in _lines("/proc/mounts")]
    for place, kind, _ in mounts:
        if kind == "cgroup2" and "" in ours:
            yield Path(place) / ours[""].lstrip("/"), "memory.max", "memory.swap.max"
    for place, kind, options in mounts:
        if kind == "cgroup" and "memory" in options.split(","):
            path = next((p for controllers, p in ours.items() if "memory" in controllers.split(",")), "")
            yield Path(place) / path.lstrip("/"), "memory.limit_in_bytes", ""


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


@contextlib.contextmanager
def limited_machine(limit_mb: int = LIMIT_MB, one_core: bool = True) -> Iterator[MachineLimit]:
    """Make the limits, and remove them when the server has ended."""
    limit = MachineLimit()
    if one_core and hasattr(os, "sched_setaffinity"):
        limit.core = min(os.sched_getaffinity(0))
    try:
        found = list(_groups())
    except OSError:  # not Linux
        found = []
    for parent, cap, swap in found:
        folder = parent / f"cowork-benchmark-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        try:
            if not (folder / cap).is_file():  # this hierarchy does not count memory
                raise OSError(cap)
            (folder / cap).write_text(str(limit_mb * 1024**2))
            if swap and (folder / swap).is_file():
                (folder / swap).write_text("0")
            limit.folder = folder
            break
        except OSError:
            folder.rmdir()
    if limit.folder is None:
        limit.notes.append("no control group could be made here: memory is not capped")
    if one_core:
        limit.notes.append("the server has one core" if limit.core is not None else "cores cannot be bound here")
    try:
        yield limit
    finally:
        for _ in range(50):
            try:
                if limit.folder:
                    limit.folder.rmdir()
                break
            except OSError:  # its last process is still ending
                time.sleep(0.1)
