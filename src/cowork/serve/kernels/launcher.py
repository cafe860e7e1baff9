"""What one visitor's kernel runs: `python -m cowork.serve.kernels.launcher -f CONNECTION_FILE`.

Where kernels are forked (`nursery`), this is what runs when that cannot be.

Two things differ from `ipykernel_launcher`. The debugger is made impossible to import before ipykernel looks for
it: nobody steps through a page, and it costs each visitor some 27 MB and a third of a second of processor time.
And the folder of the notebooks is not on the path while the kernel starts, so that a notebook's neighbour called
`random.py` cannot stand in for Python's own.
"""

from __future__ import annotations

import sys

ARGUMENTS = (
    # No history: nobody types here, and it is a thread and a file for each visitor.
    "--HistoryManager.enabled=False",
    # ipykernel remarks on each start over TCP; what our own code logs is not touched by this.
    "--IPKernelApp.log_level=40",
)
"""What a page's kernel is told, beside where it is reached."""


def without_folder() -> None:
    if sys.path:
        del sys.path[0]  # `-m` put the working folder here; ipykernel puts it back when it is ready


def without_debugger() -> None:
    sys.modules["debugpy"] = None  # type: ignore[assignment]


def main() -> None:
    without_folder()
    without_debugger()

    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    main()
