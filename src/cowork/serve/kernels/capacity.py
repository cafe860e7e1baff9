"""Computes how many visitors a server can serve, from the memory and the file handles it may use.

Without a limit, one visitor too many takes the memory of all others: on Binder the whole pod is killed.
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
"""The server, the fork server, and their growth during a long afternoon (docs/performance.md)."""

VISITOR_BYTES = 30 * MB
"""The memory of one more visitor: measured as what no other process shares, with a margin."""

UNSHARED_KERNEL_BYTES = 60 * MB
"""The same where kernels are not forked: each imports everything for itself."""

MIN_VISITORS = 4
"""This many visitors are served even where the memory seems too small for them."""

FILES_OF_SERVER = 100
FILES_OF_VISITOR = 12
"""File handles of the server for one page: its websocket, the channels of its kernel, and the kernel process."""

MAX_FILES = 65_536
"""The number of file handles to request where the system sets no limit; macOS refuses more than it can give."""

_CGROUP_ROOT = Path("/sys/fs/cgroup")


def available_memory() -> int | None:
    """Bytes that this process may use: the lowest limit of machine, control groups and hub. None without any limit."""
    limits = [*_physical_memory(), *_cgroup_limits(), *_hub_limit()]
    return min(limits, default=None)


def max_visitors(memory: int | None, forked: bool = True) -> int:
    """How many pages may be open at once in this much memory; where it is unknown, as many as in 2 GB.

    `forked` says that the kernels of pages share the modules they have loaded.
    """
    return max(
        MIN_VISITORS,
        ((2_000 * MB if memory is None else memory) - SERVER_BYTES)
        // (VISITOR_BYTES if forked else UNSHARED_KERNEL_BYTES),
    )


def raise_file_limit() -> None:
    """Request as many file handles as this process may have: systems start with few, macOS with 256."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    for number in (wanted, 10_240):  # macOS reports no limit and accepts no more than this
        if number <= soft and soft != resource.RLIM_INFINITY:
            return
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))
            return
        except (ValueError, OSError):
            continue


def max_visitors_by_files() -> int:
    """How many pages the file handles of this process suffice for."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if resource else MAX_FILES
    if resource and soft == resource.RLIM_INFINITY:
        soft = MAX_FILES
    return max(MIN_VISITORS, (soft - FILES_OF_SERVER) // FILES_OF_VISITOR)


def _physical_memory() -> list[int]:
    try:
        return [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    except (AttributeError, ValueError, OSError):  # Windows has no such call
        return []


def _cgroup_limits() -> list[int]:
    """The limits of this process's control group and of its parents."""
    limits: list[int] = []
    try:
        lines = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return []
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds in ("", "memory"):
            group = _CGROUP_ROOT / ("memory" if kinds else "") / path.lstrip("/")
            name = "memory.limit_in_bytes" if kinds else "memory.max"
            # Inside a container the path may be the host's, with the container's own limit at the top.
            limits += [number for folder in (group, *group.parents) for number in _read_number(folder / name)]
    return limits


def _read_number(file: Path) -> list[int]:
    try:
        return [int(file.read_text("ascii"))]
    except (OSError, ValueError):  # no such file, or "max"
        return []


def _hub_limit() -> list[int]:
    """The limit in bytes that JupyterHub and Binder set for a server."""
    stated = os.environ.get("MEM_LIMIT", "")
    return [int(stated)] if stated.isdigit() and int(stated) else []
