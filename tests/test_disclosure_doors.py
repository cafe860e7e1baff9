"""The network that tests put between a browser and a server ends with its test, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import socket
from contextlib import suppress

import pytest
from support.browsers import pause
from support.disclosure_doors import Gate, Road


@pytest.mark.parametrize("kind", [Road, Gate])
def test_a_road_that_is_closed_leaves_no_task_no_thread_and_no_open_line(
    kind: type[Road], caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        road = kind(server.getsockname()[1])
        with socket.create_connection(("127.0.0.1", road.port), 30) as near:
            near.sendall(b"GET /channels? HTTP/1.1\r\n\r\n")
            far, _ = server.accept()
            with far:
                if kind is Road:
                    assert far.recv(100)  # the line stands open both ways
                while len(road.wires) < 2:
                    pause(0.01)
                tasks = asyncio.all_tasks(road.loop)
                road.close()
        road.close()  # said twice, it is still true
    assert tasks and all(task.done() for task in tasks)
    assert road.loop.is_closed() and not road.thread.is_alive() and not road.wires
    del tasks
    gc.collect()
    assert caplog.text == ""


def test_on_a_road_to_nobody_a_line_ends_and_nothing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    road = Road(port)
    with socket.create_connection(("127.0.0.1", road.port), 30) as near, suppress(ConnectionResetError):
        assert near.recv(100) == b""
    road.close()
    assert caplog.text == ""
