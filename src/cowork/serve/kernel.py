"""What one visitor's kernel runs: `python -m cowork.serve.kernel -f CONNECTION_FILE`.

Two things differ from `ipykernel_launcher`. The debugger is made impossible to import before ipykernel looks for
it: nobody steps through a page, and it costs each visitor some 27 MB and a third of a second of processor time.
And the folder of the notebooks is not on the path while the kernel starts, so that a notebook's neighbour called
`random.py` cannot stand in for Python's own.
"""

from __future__ import annotations

import sys


def main() -> None:
    here = sys.path[0] if sys.path else None
    if here is not None:
        del sys.path[0]  # `-m` put the working folder here; ipykernel puts it back when it is ready
    sys.modules["debugpy"] = None  # type: ignore[assignment]

    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    main()
