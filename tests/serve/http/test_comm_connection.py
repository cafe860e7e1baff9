"""What travels between a kernel and its page: what widgets say, from the first moment on, and not the rest."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path
from typing import Any

import psutil
import pytest
from support.event_loop import run_alone
from support.kernel_messages import TALKING, Line, serve_talking

from cowork.serve.kernels import provisioner

SILENT = "get_ipython().kernel.parent.iopub_thread._send_welcome_message = lambda topic: None\n"


@pytest.fixture(scope="module")
def server(start: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return serve_talking(start, tmp_path_factory, {"silent": SILENT + TALKING})


def test_a_page_hears_what_widgets_say_and_nothing_else(server: Any) -> None:
    async def visit() -> None:
        line = await Line(server).open()
        line.ask()
        assert line.model in await line.until("states")
        for n in range(1, 4):
            line.press()
            assert await line.until("n") == n
        assert set(line.told) == {"comm_msg"}, "not that the kernel is busy, nor what its cells print"
        line.close()

    run_alone(visit())


def test_the_other_front_end_hears_everything_but_what_a_cell_holds(server: Any) -> None:
    async def visit() -> None:
        line = await Line(server).open(only="")
        line.press()
        assert await line.until("n") == 1
        line.say("kernel_info_request", {})
        while "kernel_info_reply" not in line.told:
            await line.next()
        assert {"status", "stream", "comm_msg"} <= set(line.told)
        assert "execute_input" not in line.told
        line.close()

    run_alone(visit())


def test_whoever_comes_back_hears_from_the_first_moment_on(server: Any) -> None:
    """The kernel welcomes a topic once as long as anybody listens to it: so each line asks for one of its own."""

    async def visits() -> None:
        line = Line(server)
        for n in range(1, 7):
            before = line.socket
            await line.open()
            if before and n % 2:  # also while the line before is open
                before.close()
            line.press()
            line.ask()
            assert (await line.until("states"))[line.model]["state"]["n"] == n
        line.close()

    run_alone(visits())


def test_a_kernel_that_welcomes_nobody_is_listened_to_all_the_same(server: Any) -> None:
    """ipykernel did not before its version 7."""

    async def visit() -> None:
        line = await Line(server, "/voila/render/silent.ipynb").open()
        line.press()
        assert await line.until("n") == 1
        assert set(line.told) == {"comm_msg"}
        line.close()

    run_alone(visit())


def test_a_page_can_run_nothing_and_reach_no_other_channel(server: Any) -> None:
    async def visit() -> None:
        line = await Line(server).open()
        line.say("execute_request", {"code": "counter.n = 99", "silent": False})
        line.say("shutdown_request", {"restart": False}, channel="control")
        line.say("input_reply", {"value": "x"}, channel="stdin")
        line.press()
        assert await line.until("n") == 1
        line.close()

    run_alone(visit())


def test_a_kernel_that_is_gone_is_not_waited_for(server: Any) -> None:
    async def visit() -> None:
        line = Line(server)
        below = psutil.Process(server.process.pid).children(recursive=True)
        kernels = [
            one for one in below if "cowork.serve.kernels.launcher" in one.cmdline() or one.name() == "cowork-kernel"
        ]
        for one in kernels:
            one.kill()
        psutil.wait_procs(kernels, 30)
        with pytest.raises(Exception, match="404"):
            await line.open()

    run_alone(visit())


# ---- the beginning of a page


def read_until(to: socket.socket, mark: bytes) -> bytes:
    found = b""
    while mark not in found:
        more = to.recv(65536)
        assert more, found[-500:]
        found += more
    return found


@pytest.mark.skipif(
    bool(provisioner.why_unavailable()), reason=f"nothing can be forked: {provisioner.why_unavailable()}"
)
def test_a_page_begins_before_its_kernel_does(server: Any) -> None:
    """While no kernel can be made, the browser already has what it must load, and a person the words that they wait."""
    children = psutil.Process(server.process.pid).children()
    (nursery,) = [child for child in children if "cowork.serve.kernels.forkserver" in child.cmdline()]
    nursery.send_signal(signal.SIGSTOP)
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=90) as to:
            to.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode())
            early = read_until(to, b'<template id="cw-fault">')
            assert b"Opening the workshop" in early and b"/cowork/front/" in early and b"cw-kernel" not in early
            nursery.send_signal(signal.SIGCONT)
            late = read_until(to, b"</html>")
            assert b'<meta name="cw-kernel"' in late and b"<head>" not in late
    finally:
        nursery.send_signal(signal.SIGCONT)


def test_a_page_that_was_begun_and_cannot_be_made_says_so_in_words(server: Any) -> None:
    """No kernel can be started once the folder for its sockets is gone."""
    page = server.ask("/")
    assert "data-cw-fault" in page.text.split("cw-kernel")[0], "as a template that nobody sees"
    place = next(Path(p) for p in re.findall(r"/[^\s\"]*cowork_\w+", " ".join(open_paths(server))))
    moved = place.rename(place.with_name(place.name + "-away"))
    try:
        answer = server.ask("/")
        assert answer.status == 200, "the head has been sent"
        after = answer.text.split("</template>")[-1]
        assert "data-cw-fault" in after and "This page cannot be opened" in after and after.endswith("</html>")
        assert "Traceback" not in answer.text
    finally:
        moved.rename(place)
    assert 'name="cw-kernel"' in server.ask("/").text


def open_paths(server: Any) -> list[str]:
    """Names of the unix sockets that the kernels of this server have bound."""
    pids = [child.pid for child in psutil.Process(server.process.pid).children(recursive=True)]
    return [one.laddr for pid in pids for one in psutil.Process(pid).net_connections("unix") if one.laddr]
