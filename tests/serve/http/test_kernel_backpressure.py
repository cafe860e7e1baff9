"""What a kernel does not take waits with the browser, and not without an end in the server."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.event_loop import run_alone
from support.kernel_messages import Line, serve_talking

from cowork.serve.http.kernel_backpressure import MAX_WAITING_BYTES, MESSAGE_COST, KernelBackpressure
from cowork.serve.http.websocket_frames import MAX_FRAME_BYTES, Frame

#: Each message is taken only when a file is there.
BUSY = """
import os, time, anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = "export default {render() {}}"
    n = traitlets.Int(0).tag(sync=True)
counter = Counter()
def take(widget, message, buffers):
    while not os.path.exists({flag!r}):
        time.sleep(0.01)
    widget.n += 1
counter.on_msg(take)
counter
"""
SENT = 100


@given(st.lists(st.tuples(st.sampled_from(["shell", "control"]), st.integers(0, MAX_FRAME_BYTES), st.booleans())))
def test_all_that_is_finished_is_counted_off_and_nothing_else(messages: list[tuple[str, int, bool]]) -> None:
    inflow = KernelBackpressure()
    for number, (channel, size, _) in enumerate(messages):
        inflow.add(Frame(channel, "comm_msg", str(number), size))
    last = {channel: n for n, (channel, _, finished) in enumerate(messages) if finished}
    for number, (_, _, finished) in enumerate(messages):
        if finished:
            inflow.finish(str(number))
    inflow.finish("unknown")
    left = [size + MESSAGE_COST for n, (channel, size, _) in enumerate(messages) if n > last.get(channel, -1)]
    assert inflow.waiting_bytes == sum(left)


def test_whoever_waits_for_room_goes_on_when_a_message_is_finished() -> None:
    async def wait() -> None:
        inflow = KernelBackpressure()
        inflow.add(Frame("shell", "comm_msg", "first", MAX_WAITING_BYTES))
        waiting = asyncio.ensure_future(inflow.wait_for_room(30))
        with pytest.raises(TimeoutError):
            await inflow.wait_for_room(0)
        inflow.finish("first")
        await waiting

    run_alone(wait())


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads a process's memory from /proc")
def test_what_a_busy_kernel_does_not_take_waits_with_the_browser(
    start: Any, tmp_path_factory: Any, tmp_path: Path
) -> None:
    flag = tmp_path / "go"
    busy = {"busy": BUSY.replace("{flag!r}", repr(str(flag)))}
    server = serve_talking(start, tmp_path_factory, busy)

    async def flood() -> None:
        line = await Line(server, "/voila/render/busy.ipynb").open()
        before = _peak(server)
        for _ in range(SENT):
            written = asyncio.ensure_future(line.press("x" * 2_000_000))
            try:  # a server that takes no more leaves it here, and then the kernel may go on
                await asyncio.wait_for(asyncio.shield(written), 2)
            except TimeoutError:
                flag.touch()
                await written
        flag.touch()
        while await line.until("n") < SENT:
            pass
        assert _peak(server) - before < 100_000, "kB, of two hundred thousand that were sent"
        line.close()

    run_alone(flood())


def _peak(server: Any) -> int:
    """The most memory that the server and its kernels have had, in kB: what waits may wait in either."""
    family = [server.process.pid, *(child.pid for child in psutil.Process(server.process.pid).children(recursive=True))]
    said = [Path(f"/proc/{pid}/status").read_text() for pid in family]
    return sum(int(found[1]) for one in said if (found := re.search(r"VmHWM:\s+(\d+) kB", one)))
