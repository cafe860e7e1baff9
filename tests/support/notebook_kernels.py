"""How the kernels of tests are reached: by sockets in a folder, where the system has them.

With ports, a manager picks five and the kernel takes them a second later: on a busy machine a connection of somebody
else's has one of them by then, and the kernel dies before it has said a word.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from typing import Any

BY_SOCKETS = sys.platform.startswith("linux")


def short_folder() -> str:
    """A folder for sockets, for as long as this process lives: a socket's path has little room."""
    folder = tempfile.mkdtemp(prefix="cw-", dir="/tmp")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def by_sockets() -> dict[str, Any]:
    """What to tell a kernel manager for one kernel; nothing where there are only ports."""
    return {"transport": "ipc", "connection_file": f"{short_folder()}/kernel.json"} if BY_SOCKETS else {}


def give_notebooks_sockets() -> None:
    """The kernels of the notebooks that nbval runs, which it has no setting for."""
    from nbval import kernel

    manager = kernel.KernelManager
    kernel.KernelManager = lambda **told: manager(**told, **by_sockets())
