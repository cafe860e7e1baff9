"""What a forked kernel says about itself, and which processes are there."""

from __future__ import annotations

import json

import psutil

FACTS = """
import json, os, random, sys, uuid
from cowork.pages import show
from cowork.widgets.shell import shell
workbook = show()
kernel = get_ipython().kernel
random_numbers = sys.modules["numpy"].random if "numpy" in sys.modules else None
print(json.dumps({
    "pid": os.getpid(), "parent": os.getppid(), "group": os.getpgid(0), "cwd": os.getcwd(), "env": dict(os.environ),
    "modules": sorted(sys.modules), "debugpy": sys.modules.get("debugpy") is not None, "path": sys.path[0],
    "targets": sorted(kernel.comm_manager.targets), "history": get_ipython().history_manager.enabled,
    "boot": shell.BOOT, "random": random.random(), "uuid": uuid.uuid4().hex, "session": kernel.session.session,
    "numpy": random_numbers and random_numbers.random(),
    "whose": [get_ipython().kernel is kernel, get_ipython().parent is kernel], "been": [str(one) for one in _dh],
    "names": sorted(get_ipython().user_ns), "hooks": [str(type(one)) for one in (sys.displayhook, sys.stdout)],
    "hidden": sorted(get_ipython().user_ns_hidden), "compiler": str(type(get_ipython().compile)),
}))
"""


def notebook(source: str) -> str:
    cell = {"cell_type": "code", "id": "1", "metadata": {}, "source": source, "execution_count": None, "outputs": []}
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": spec, "cowork": {"serve": True}}
    return json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def nurseries(pid: int) -> list[psutil.Process]:
    """The warm processes that belong to a server."""
    return [child for child in psutil.Process(pid).children() if "cowork.serve.kernels.forkserver" in child.cmdline()]


def gone(*pids: int) -> bool:
    """No such process any more, not even one that waits to be counted."""
    return not any(psutil.pid_exists(pid) for pid in pids)


def ended(*pids: int) -> bool:
    """Ended. Whoever is nobody's child after that is counted by the machine when it likes."""
    return all(not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE for pid in pids)
