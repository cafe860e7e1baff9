"""An event loop of one's own: where a browser was driven before, this thread already has a running one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_alone(what: Coroutine[Any, Any, None]) -> None:
    """Run something to its end on a fresh loop in a thread of its own; what it raises is raised here."""
    with ThreadPoolExecutor(1) as one:
        one.submit(asyncio.run, what).result()


def run_here(what: Coroutine[Any, Any, None]) -> None:
    """The same in this very thread, for what asks whether it is the main one. The browser's loop rests meanwhile."""
    resting = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        asyncio.run(what)
    finally:
        asyncio._set_running_loop(resting)
