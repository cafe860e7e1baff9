"""Reads the memory and processor time of a server's processes from /proc (Linux).

A forked kernel need not be a child of its server, so a process belongs to a server if it descends from it, is of its
session, or has its mark in the environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the third one on (state, parent, ...), or None where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return None if fields[0] == "Z" else fields


def _marked(pid: int, mark: str) -> bool:
    try:
        return bool(mark) and mark.encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def family(root: int, mark: str) -> list[int]:
    """The living processes of the server `root`."""
    stats = {int(p.name): s for p in Path("/proc").iterdir() if p.name.isdigit() and (s := _stat(int(p.name)))}
    found = {pid for pid, s in stats.items() if pid == root or int(s[3]) == root or _marked(pid, mark)}
    while more := {pid for pid, s in stats.items() if int(s[1]) in found} - found:
        found |= more
    return sorted(found)


def pss(pids: list[int]) -> float:
    """Megabytes, every shared page counted once over all who share it."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):  # it has ended meanwhile
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


def cpu(pids: list[int]) -> float:
    """Seconds of processor time, children that have ended and were waited for included."""
    found = (s for pid in pids if (s := _stat(pid)))
    return sum(int(s[n]) for s in found for n in (11, 12, 13, 14)) / TICKS


def busy() -> float:
    """Seconds of processor time that this machine has spent on anything, time taken by its host included."""
    fields = [int(n) for n in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


class OtherLoad:
    """Measures the share of the processor that other programs take meanwhile, in percent.

    It reads the time of our own processes every two seconds, since that of an ended process is gone.
    """

    def __init__(self) -> None:
        self.begun, self.busy = time.monotonic(), busy()
        self.own: dict[int, float] = {}
        self.before = self._used()
        self.looking = asyncio.ensure_future(self._look())

    def _used(self) -> dict[int, float]:
        found = ((pid, _stat(pid)) for pid in family(os.getpid(), ""))
        return {pid: (int(s[11]) + int(s[12])) / TICKS for pid, s in found if s}

    async def _look(self) -> None:
        while True:
            self.own |= self._used()
            await asyncio.sleep(2)

    def share(self) -> float:
        self.looking.cancel()
        self.own |= self._used()
        own = sum(used - self.before.get(pid, 0.0) for pid, used in self.own.items())
        return max(0.0, 100 * (busy() - self.busy - own) / ((time.monotonic() - self.begun) * (os.cpu_count() or 1)))


def end(pids: list[int], patience: float = 5.0) -> None:
    """Ask these processes to end, and end those that do not."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        until = time.monotonic() + patience
        while time.monotonic() < until and (pids := [pid for pid in pids if _stat(pid)]):
            time.sleep(0.05)
        if not pids:
            return
