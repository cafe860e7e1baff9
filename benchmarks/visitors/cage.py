"""A small machine for the server that is measured: two gigabytes of memory and one core, where the system allows it.

Memory: a control group of our own below the one we run in, which needs root or a delegated group. The core: the
scheduler's affinity, which children inherit. The browser and the light clients stay outside.
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
class Cage:
    """Where a server is put. `entrance` is run by the process that becomes the server."""

    folder: Path | None = None
    core: int | None = None
    notes: list[str] = field(default_factory=list)

    def entrance(self) -> None:
        if self.folder:
            (self.folder / "cgroup.procs").write_text(str(os.getpid()))
        if self.core is not None:
            os.sched_setaffinity(0, {self.core})

    def peak_mb(self) -> float | None:
        """The most it has held, its files in memory included (they are let go under pressure)."""
        for name in ("memory.peak", "memory.max_usage_in_bytes"):
            if self.folder and (self.folder / name).is_file():
                return int((self.folder / name).read_text()) / 1024**2
        return None

    def killed(self) -> int | None:
        """How many processes the cap has ended."""
        for name in ("memory.events", "memory.oom_control"):
            if self.folder and (self.folder / name).is_file():
                words = (self.folder / name).read_text().split()
                return int(words[words.index("oom_kill") + 1]) if "oom_kill" in words else None
        return None


def _groups() -> Iterator[tuple[Path, str, str]]:
    """(our own memory group's folder, the file of its cap, the file that takes swap away), version 2 before 1."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            yield Path("/sys/fs/cgroup") / path.lstrip("/"), "memory.max", "memory.swap.max"
        elif "memory" in controllers.split(","):
            yield Path("/sys/fs/cgroup/memory") / path.lstrip("/"), "memory.limit_in_bytes", ""


@contextlib.contextmanager
def cage(limit_mb: int = LIMIT_MB, one_core: bool = True) -> Iterator[Cage]:
    """Make the small machine; taken down when its server has ended."""
    made = Cage()
    if one_core and hasattr(os, "sched_setaffinity"):
        made.core = min(os.sched_getaffinity(0))
    try:
        found = sorted(_groups(), key=lambda one: one[1] != "memory.max")
    except OSError:
        found = []
    for parent, cap, swap in found:
        folder = parent / f"cowork-benchmark-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        try:
            (folder / cap).write_text(str(limit_mb * 1024**2))
            with contextlib.suppress(OSError):
                if swap:
                    (folder / swap).write_text("0")
            made.folder = folder
            break
        except OSError:
            folder.rmdir()
    if made.folder is None:
        made.notes.append("no control group could be made here: memory is not capped")
    made.notes.append(f"core {made.core} alone" if made.core is not None else "all cores")
    try:
        yield made
    finally:
        for _ in range(50):
            try:
                if made.folder:
                    made.folder.rmdir()
                break
            except OSError:  # its last process is still ending
                time.sleep(0.1)
