"""How many visitors there is room for, from the memory this server may use.

Without a ceiling the one who comes last takes the memory of those who are there: on Binder the whole pod is ended.
"""

from __future__ import annotations

import os
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

MB = 1_000_000
SERVER_BYTES = 250 * MB
"""The server, the warm process, and what grows in a long afternoon (docs/performance.md)."""

VISITOR_BYTES = 30 * MB
"""What one more visitor takes, measured as what is shared by nobody, with some room."""

UNSHARED_KERNEL = 60 * MB
"""The same where each page's Python imports everything for itself (`warm`)."""

MIN_VISITORS = 4
"""A group may be small, and so may a machine: this many are let in whatever was found out."""

FILES_OF_SERVER = 100
FILES_OF_VISITOR = 12
"""File handles of the server for one page: its websocket, the channels of its kernel, and how the kernel is held."""

MOST_FILES = 65_536
"""As many as are asked for where the system sets no end; macOS refuses more than it can give."""

_CGROUP = Path("/sys/fs/cgroup")


def memory() -> int | None:
    """Bytes this process may use: the least of what machine, control groups and hub say. None where nothing does."""
    found = [*_physical(), *_groups(), *_said()]
    return min(found, default=None)


def most_visitors(room: int | None, forked: bool = True) -> int:
    """How many pages may be open at once in so much memory; without knowledge of it, as many as in 2 GB.

    `forked` where the kernels of pages share what they have loaded.
    """
    return max(
        MIN_VISITORS,
        ((2_000 * MB if room is None else room) - SERVER_BYTES) // (VISITOR_BYTES if forked else UNSHARED_KERNEL),
    )


def raise_files() -> None:
    """Ask for as many file handles as this process may have: systems begin with a few, macOS with 256."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    for number in (wanted, 10_240):  # macOS says "no end" and takes no more than this
        if number <= soft and soft != resource.RLIM_INFINITY:
            return
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))
            return
        except (ValueError, OSError):
            continue


def most_by_files() -> int:
    """How many pages the file handles of this process are enough for."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if resource else MOST_FILES
    if resource and soft == resource.RLIM_INFINITY:
        soft = MOST_FILES
    return max(MIN_VISITORS, (soft - FILES_OF_SERVER) // FILES_OF_VISITOR)


def _physical() -> list[int]:
    try:
        return [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    except (AttributeError, ValueError, OSError):  # Windows has no such call
        return []


def _groups() -> list[int]:
    """Limits of this process's control group and of all around it."""
    found = []
    try:
        lines = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return []
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds in ("", "memory"):
            place = _CGROUP / ("memory" if kinds else "") / path.lstrip("/")
            name = "memory.limit_in_bytes" if kinds else "memory.max"
            # Inside a container the path may be the host's, with the container's own limit at the top.
            found += [number for folder in (place, *place.parents) for number in _number(folder / name)]
    return found


def _number(file: Path) -> list[int]:
    try:
        return [int(file.read_text("ascii"))]
    except (OSError, ValueError):  # not there, or "max"
        return []


def _said() -> list[int]:
    """JupyterHub and Binder tell a server its limit in bytes."""
    said = os.environ.get("MEM_LIMIT", "")
    return [int(said)] if said.isdigit() and int(said) else []
