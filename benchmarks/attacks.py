"""What one browser can do to a server on this machine, in numbers: `python benchmarks/attacks.py`.

Starts a server of its own on loopback for each attack and ends it. All loops are bounded.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"


@contextmanager
def serving(**env: str) -> Iterator[tuple[int, psutil.Process, Path]]:
    """A server over a record of its own: its port, its process and what it logs."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with socket.create_server(("127.0.0.1", 0)) as free:
            number = free.getsockname()[1]
        command = [sys.executable, "-m", "cowork", "serve", "--no-browser", "--port", str(number)]
        with log.open("w") as errors:
            process = subprocess.Popen(
                [*command, "--record", f"{folder}/r.cowork"],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, **env},
            )
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found, log.read_text()
        try:
            yield int(found[1]), psutil.Process(process.pid), log
        finally:
            process.terminate()
            process.wait(30)


def ask(port: int, path: str, **headers: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get("Set-Cookie", "")
    finally:
        connection.close()


def alive_ms(port: int) -> int:
    begun = time.perf_counter()
    ask(port, "/cowork/alive")
    return round(1000 * (time.perf_counter() - begun))


def megabytes(server: psutil.Process) -> int:
    return server.memory_info().rss // 1_000_000


async def connect(port: int) -> WebSocketClientConnection:
    """The websocket of a new page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/")
    answer = connection.getresponse()
    page, cookies = answer.read().decode(), " ".join(answer.headers.get_all("Set-Cookie") or [])
    kernel = re.search(r'cw-kernel" content="([^"]+)', page)
    visitor = re.search(r"cowork-visitor=\w+", cookies)
    assert kernel and visitor
    url = f"ws://127.0.0.1:{port}/api/kernels/{kernel[1]}/channels?session_id=a&only=comm"
    return await websocket_connect(HTTPRequest(url, headers={"Cookie": visitor[0]}), subprotocols=[PROTOCOL])


def malformed_frames() -> None:
    with serving() as (port, server, log):
        before = megabytes(server)
        for name, frame in {
            "hello": b"hello",
            "1.2e8 parts": struct.pack("<Q", 120_000_000),
            "9e18 parts": struct.pack("<Q", 9 * 10**18),
        }.items():

            async def send(frame: bytes = frame) -> int | None:
                line = await connect(port)
                await line.write_message(frame, binary=True)
                while await line.read_message() is not None:
                    pass
                return line.close_code

            code = asyncio.run(send())
            print(f"  {name}: closed {code}, alive in {alive_ms(port)} ms, server {before} -> {megabytes(server)} MB")
        print(f"  log: {len(log.read_text().splitlines())} lines")


def all_at_once() -> None:
    with serving(COWORK_MOST_VISITORS="5") as (port, _, _), ThreadPoolExecutor(30) as people:
        print("  30 at once on 5 places:", dict(Counter(people.map(lambda _: ask(port, "/")[0], range(30)))))
    with serving() as (port, server, _):
        kernels = len(server.children(recursive=True))
        seen = Counter(ask(port, "/", Sec_Fetch_Dest="image", Sec_Fetch_Site="cross-site")[0] for _ in range(45))
        print(f"  45 pictures in another site: {dict(seen)}, {len(server.children(recursive=True)) - kernels} kernels")


def large_frames() -> None:
    with serving() as (port, server, _):
        before, begun = megabytes(server), time.perf_counter()

        async def flood() -> int:
            """Send until the connection is cut."""
            line, sent = await connect(port), 0
            try:
                for _ in range(84):
                    await line.write_message(b"\0" * 9_000_000, binary=True)
                    sent += 1
            except Exception as error:
                print(f"  cut: {type(error).__name__}")
            while await line.read_message() is not None:
                pass
            return sent

        sent = asyncio.run(flood())
        took = time.perf_counter() - begun
        print(f"  {sent} of 84 frames of 9 MB written in {took:.1f} s, alive in {alive_ms(port)} ms")
        print(f"  server {before} -> {megabytes(server)} MB")


def half_sent_requests() -> None:
    with serving() as (port, server, log):
        held = []
        for _ in range(1010):
            one = socket.create_connection(("127.0.0.1", port), timeout=30)
            one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            held.append(one)
        print(
            f"  1010 half-sent: alive in {alive_ms(port)} ms, {server.num_fds()} files, log {log.stat().st_size} bytes"
        )
        for one in held:
            one.close()


if __name__ == "__main__":
    for attack in (malformed_frames, all_at_once, large_frames, half_sent_requests):
        print(attack.__name__.replace("_", " "))
        attack()
