"""Starts a kernel without forking: `python -m cowork.serve.kernels.launcher -f CONNECTION_FILE`.

The provisioner uses it where no kernel can be forked (`forkserver`).

It differs from `ipykernel_launcher` in two ways. It makes the debugger impossible to import before ipykernel looks for
it: nobody debugs a page, and the debugger costs each visitor some 27 MB and a third of a second of processor time. And
the folder of the notebooks is not on the path while the kernel starts, so that a file called `random.py` beside a
notebook cannot replace Python's own.
"""

from __future__ import annotations

import sys

ARGUMENTS = (
    # No history: nobody types code, and it costs a thread and a file for each visitor.
    "--HistoryManager.enabled=False",
    # ipykernel logs a warning at each start over TCP; the logs of our own code are not affected.
    "--IPKernelApp.log_level=40",
)
"""The command-line arguments of a page's kernel, beside its connection file."""


def remove_working_folder() -> None:
    if sys.path:
        del sys.path[0]  # `-m` put the working folder there; ipykernel puts it back when it is ready


def block_debugger() -> None:
    sys.modules["debugpy"] = None  # type: ignore[assignment]


def main() -> None:
    remove_working_folder()
    block_debugger()

    # late: the debugger must be blocked before ipykernel is imported
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    main()
