"""Room for so many and no more, and nothing piles up for a browser that has fallen asleep."""

from __future__ import annotations

import os
import re
import signal
import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from support.votes import UPGRADE, kernel_of, notebook, visitor_of, xsrf_of

from cowork.serve.kernels import capacity, manager

MB = 1_000_000


def test_forty_fit_on_binder_and_a_small_machine_still_takes_a_few() -> None:
    assert capacity.max_visitors(2_000 * MB) >= 40
    assert capacity.max_visitors(1_000 * MB) < 40
    assert capacity.max_visitors(100 * MB) == capacity.MIN_VISITORS
    assert capacity.max_visitors(None) == capacity.max_visitors(2_000 * MB)


def test_pages_that_share_nothing_need_twice_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COWORK_MOST_VISITORS", raising=False)
    monkeypatch.setattr(capacity, "available_memory", lambda: 2_000 * MB)
    monkeypatch.setattr("cowork.serve.kernels.provisioner.why_unavailable", lambda: "")
    assert manager.VisitorKernels().max_pages >= 40
    monkeypatch.setattr("cowork.serve.kernels.provisioner.why_unavailable", lambda: "COWORK_WARM=0 says so")
    assert 20 <= manager.VisitorKernels().max_pages < 40


def test_the_least_of_all_limits_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = capacity.available_memory()
    assert before is None or before > 0
    monkeypatch.setattr(capacity, "_CGROUP_ROOT", tmp_path)
    monkeypatch.setenv("MEM_LIMIT", "700000000")
    assert capacity.available_memory() == 700 * MB
    (tmp_path / "memory.max").write_text("500000000\n")  # the container's own, at the top
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("500000000\n")
    assert capacity.available_memory() == 500 * MB
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    assert capacity.available_memory() == 700 * MB


def test_who_comes_when_the_house_is_full_is_told_so_and_nobody_inside_loses_their_page(start: Any) -> None:
    server = start(env={"COWORK_MOST_VISITORS": "1"})
    first = server.ask("/")
    second = server.ask("/")
    assert (first.status, second.status) == (200, 503)
    assert "There is no room for one more just now" in second.text and "Det finns ingen plats" in second.text
    assert second.headers["Retry-After"]
    kernel, xsrf = kernel_of(first.text), xsrf_of(first)
    assert server.alive(kernel)
    cookies = f"_xsrf={xsrf}; cowork-visitor={visitor_of(first)}"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    assert server.ask(f"/voila/api/shutdown/{kernel}", "POST", f"_xsrf={quote(xsrf)}", form).status == 204
    assert server.ask("/").status == 200, "somebody has left"


FLOOD = """
import asyncio, os, anywidget, traitlets as t
class Flood(anywidget.AnyWidget):
    _esm = "export default { render() {} }"
    words = t.Unicode("").tag(sync=True)
flood = Flood()
async def pour():
    while True:
        await asyncio.sleep(0.01)
        flood.words = os.urandom(500_000).hex()
task = asyncio.get_running_loop().create_task(pour())
print(os.getppid())
flood
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads a process's memory from /proc")
def test_nothing_piles_up_for_a_browser_that_takes_nothing(start: Any, wait_until: Any, tmp_path: Path) -> None:
    (tmp_path / "workbook.ipynb").write_text(notebook(("code", FLOOD), cowork={"serve": True}), "utf-8")
    server = start(notebooks=str(tmp_path))
    page = server.ask("/")
    with socket.create_connection(("127.0.0.1", server.port), timeout=90) as asleep:
        asleep.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host = f"127.0.0.1:{server.port}"
        head = {**UPGRADE, "Host": host, "Cookie": f"cowork-visitor={visitor_of(page)}"}
        head["Sec-WebSocket-Protocol"] = "v1.kernel.websocket.jupyter.org"
        lines = [f"GET /api/kernels/{kernel_of(page.text)}/channels HTTP/1.1", *(f"{k}: {v}" for k, v in head.items())]
        asleep.sendall("\r\n".join([*lines, "", ""]).encode())
        assert asleep.recv(12) == b"HTTP/1.1 101"
        # The server lets go by itself; until it does, the connection is there and takes nothing.
        there = lambda: _established(server.process.pid, asleep.getsockname()[1])  # noqa: E731
        assert there()
        wait_until(lambda: not there(), "the server has let go of who takes nothing", 60)
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert peak and int(peak[1]) < 400_000, "a hundred megabytes a minute would have been kept"
    assert os.path.exists(f"/proc/{server.process.pid}")
    server.stop(signal.SIGTERM)  # its page writes for ever


def _established(server: int, port: int) -> bool:
    """Whether the server's end of this connection is open."""
    far = f":{port:04X}"
    rows = Path(f"/proc/{server}/net/tcp").read_text().splitlines()[1:]
    return any(row.split()[2].endswith(far) and row.split()[3] == "01" for row in rows)
