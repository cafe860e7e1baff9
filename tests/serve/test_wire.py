"""What travels between a kernel and its page: what widgets say, from the first moment on, and not the rest."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import uuid
from pathlib import Path
from typing import Any

import psutil
import pytest
from answers import kernel_of, notebook, visitor_of
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from loops import run_alone
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from cowork.serve import warm

PROTOCOL = "v1.kernel.websocket.jupyter.org"

TALKING = """
import asyncio, sys
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = "export default {render({model, el}) { el.textContent = model.get('n') }}"
    n = traitlets.Int(0).tag(sync=True)

counter = Counter()
counter.on_msg(lambda widget, message, buffers: (print("heard"), setattr(widget, "n", widget.n + 1)))
counter
"""
SILENT = "get_ipython().kernel.parent.iopub_thread._send_welcome_message = lambda topic: None\n"


@pytest.fixture(scope="module")
def server(start: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("talking")
    for name, source in {"workbook": TALKING, "silent": SILENT + TALKING}.items():
        (folder / f"{name}.ipynb").write_text(notebook(("code", source), cowork={"serve": True}), "utf-8")
    return start(notebooks=str(folder))


class Line:
    """A page's websocket without a page. `told` holds the kinds of all messages that came."""

    def __init__(self, server: Any, path: str = "/") -> None:
        page = server.ask(path)
        self.kernel, visitor = kernel_of(page.text), visitor_of(page)
        found = re.search(r'data-model="([0-9a-f]{32})"', page.text)
        assert found, page.text[-500:]
        self.model = found[1]
        self.url = f"ws://127.0.0.1:{server.port}/api/kernels/{self.kernel}/channels"
        self.headers = {"Cookie": f"cowork-visitor={visitor}"}
        self.told: list[str] = []
        self.socket: WebSocketClientConnection | None = None

    async def open(self, only: str = "&only=comm") -> Line:
        request = HTTPRequest(f"{self.url}?session_id={uuid.uuid4().hex}{only}", headers=self.headers)
        self.socket = await websocket_connect(request, subprotocols=[PROTOCOL])
        return self

    def say(self, kind: str, content: dict[str, Any], channel: str = "shell", version: str = "2.1.0") -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3",
                  "date": "2026-01-01T00:00:00Z"}  # fmt: skip
        parts = [json.dumps(one).encode() for one in (header, {}, {"version": version}, content)]
        assert self.socket
        self.socket.write_message(serialize_msg_to_ws_v1(parts, channel), binary=True)

    def press(self) -> None:
        self.say("comm_msg", {"comm_id": self.model, "data": {"method": "custom", "content": {}}})

    def ask(self) -> None:
        control = uuid.uuid4().hex
        opening = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
        self.say("comm_open", opening, version="1.0.0")
        self.say("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})

    async def next(self, seconds: float = 30) -> dict[str, Any]:
        assert self.socket
        message = await asyncio.wait_for(self.socket.read_message(), seconds)
        assert isinstance(message, bytes), message
        _, parts = deserialize_msg_from_ws_v1(message)
        self.told.append(json.loads(parts[0])["msg_type"])
        return dict(json.loads(parts[3]))

    async def until(self, what: str) -> Any:
        """Read on until a widget says so: its new n, or all there is."""
        while True:
            content = await self.next()
            if self.told[-1] != "comm_msg":
                continue
            data = content["data"]
            if what == "n" and content["comm_id"] == self.model and "n" in data.get("state", {}):
                return data["state"]["n"]
            if what == "states" and data.get("method") == "update_states":
                return data["states"]

    def close(self) -> None:
        assert self.socket
        self.socket.close()


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
        kernels = [one for one in below if "cowork.serve.kernel" in one.cmdline() or one.name() == "cowork-kernel"]
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


@pytest.mark.skipif(bool(warm.cannot()), reason=f"nothing can be forked: {warm.cannot()}")
def test_a_page_begins_before_its_kernel_does(server: Any) -> None:
    """While no kernel can be made, the browser already has what it must load, and a person the words that they wait."""
    children = psutil.Process(server.process.pid).children()
    (nursery,) = [child for child in children if "cowork.serve.nursery" in child.cmdline()]
    nursery.send_signal(signal.SIGSTOP)
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as to:
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
