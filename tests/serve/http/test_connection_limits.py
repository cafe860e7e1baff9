"""Connections before the door are few, refused ones are quiet, and the log stays readable."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import select
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.event_loop import run_alone
from support.kernel_messages import Line, serve_talking
from support.votes import UPGRADE, kernel_of
from tornado import web
from tornado.netutil import bind_sockets
from tornado.websocket import WebSocketClientConnection

from cowork.serve import app
from cowork.serve.http import connection_limits, logs, sockets
from cowork.serve.http.connection_limits import MAX_CONNECTIONS_OF_ADDRESS
from cowork.serve.http.sockets import MAX_CONNECTIONS
from cowork.serve.kernels import capacity

CODE = "lamp-river-4831"
HALF = 4 * MAX_CONNECTIONS_OF_ADDRESS


@pytest.fixture(scope="module")
def server(start: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return serve_talking(start, tmp_path_factory)


@pytest.mark.parametrize("token", [CODE, None])
def test_half_sent_requests_make_way_for_whoever_comes(start: Any, wait_until: Any, token: str | None) -> None:
    """With a room code and without one: half a request has passed no door."""
    server = start(token=token)
    inside = socket.create_connection(("127.0.0.1", server.port), timeout=90)
    held = [inside]
    try:
        head = f"GET /cowork/alive HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        if token is None:  # an honest connection, kept between two requests
            inside.sendall(f"{head}\r\n".encode())
            assert b"200 OK" in inside.recv(65536)
        for _ in range(HALF):
            one = socket.create_connection(("127.0.0.1", server.port), timeout=90)
            held.append(one)
            one.sendall(head.encode())
        assert server.ask("/login" if token else "/cowork/alive").status == 200

        def closed() -> int:
            waiting = select.poll()  # not `select`, which ends at file number 1024
            for one in held:
                waiting.register(one, select.POLLIN | select.POLLHUP)
            return len(waiting.poll(0))

        wait_until(lambda: closed() >= HALF - MAX_CONNECTIONS_OF_ADDRESS, "the oldest half-sent requests are let go")
        if token is None:
            inside.sendall(f"{head}\r\n".encode())
            assert b"200 OK" in inside.recv(65536), "whoever was inside is not among those that make way"
    finally:
        for one in held:
            one.close()


class Takes(web.RequestHandler):
    def post(self) -> None:
        self.finish()


@pytest.mark.parametrize(
    ("bound", "half"),
    [
        ("IDLE_SECONDS", b"GET / HTTP/1.1\r\n"),
        ("BODY_SECONDS", b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\n"),
        ("MAX_BODY_BYTES", b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1000001\r\n\r\n"),
    ],
)
def test_half_a_request_is_not_waited_for_without_an_end(monkeypatch: Any, bound: str, half: bytes) -> None:
    if bound != "MAX_BODY_BYTES":
        monkeypatch.setattr(connection_limits, bound, 0.1)

    async def send_half() -> None:
        sockets = bind_sockets(0, "127.0.0.1")
        server = connection_limits.BoundedServer(web.Application([("/", Takes)]))
        server.add_sockets(sockets)
        reader, writer = await asyncio.open_connection("127.0.0.1", sockets[0].getsockname()[1])
        writer.write(half)
        await asyncio.wait_for(reader.read(), 10)  # the server closes it
        writer.close()
        server.stop()
        await server.close_all_connections()

    run_alone(send_half())


def test_a_refused_websocket_is_told_so_without_a_line_in_the_log(server: Any) -> None:
    kernel = kernel_of(server.ask("/").text)
    before = server.errors.read_text()
    for path in (kernel, "00000000-0000-4000-8000-000000000000"):
        for headers in (UPGRADE, {**UPGRADE, "Cookie": f"cowork-visitor={'0' * 32}"}):
            assert server.ask(f"/api/kernels/{path}/channels", headers=headers).status == 404
    assert server.errors.read_text() == before


def test_a_page_has_few_websockets_and_the_newest_stay(server: Any) -> None:
    async def connect_again_and_again() -> None:
        line = Line(server)
        sockets: list[WebSocketClientConnection] = []
        for _ in range(MAX_CONNECTIONS + 1):
            await line.open()
            assert line.socket is not None
            sockets.append(line.socket)
        assert await asyncio.wait_for(sockets[0].read_message(), 30) is None, "the oldest made way"
        line.press()
        assert await line.until("n") == 1
        for one in sockets[1:]:
            one.close()

    run_alone(connect_again_and_again())


def test_no_sign_that_steers_a_terminal_reaches_the_log(server: Any) -> None:
    """Neither by a kind of message that the server does not know, nor by a comm that a kernel does not know."""
    hostile = "\x1b[2J\x1b]0;owned\x07\nERROR forged line \u202e" + "x" * 5_000

    async def send() -> None:
        line = await Line(server).open()
        line.say("comm_open", {"comm_id": "1" * 32, "target_name": hostile, "data": {}})
        line.press()
        assert await line.until("n") == 1
        line.say(hostile, {})
        while await asyncio.wait_for(line.socket.read_message(), 30) is not None:
            pass

    run_alone(send())
    said = server.errors.read_text()
    assert "a kind of message that Jupyter does not have" in said
    assert "\x1b" not in said and "\x07" not in said and "\u202e" not in said
    assert "\nERROR forged" not in said and "x" * 2_500 not in said


@given(st.text(max_size=3_000))
def test_whatever_is_logged_is_one_printable_line(words: str) -> None:
    record = logs.SafeRecord("cowork", logging.ERROR, "", 1, "it said %s", (words,), None)
    said = record.getMessage()
    assert len(said) <= logs.MAX_MESSAGE_CHARACTERS + 1
    assert said.splitlines() == [said] and all(sign.isprintable() or not sign.isascii() for sign in said)


def test_a_traceback_keeps_its_lines_and_steers_no_terminal() -> None:
    try:
        raise ValueError("\x1b[2J\x9bowned")
    except ValueError as error:
        record = logs.SafeRecord("cowork", logging.ERROR, "", 1, "failed", (), (ValueError, error, error.__traceback__))
    said = logging.Formatter().format(record)
    assert said.count("\n") >= 3 and "\\x1b[2J" in said and "\x1b" not in said and "\x9b" not in said


def test_every_log_record_of_a_server_is_a_safe_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)
    try:
        assert app.serve(tmp_path / "never.cowork", token="short") == 1
        made = logging.getLogger("of.any.library").makeRecord("x", logging.ERROR, "", 1, "\x1b[2J%s", ("\n",), None)
    finally:
        logging.setLogRecordFactory(before)
    assert made.getMessage() == "\\x1b[2J\\n"


def test_many_connections_together_fill_no_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sockets, "LOG_LIMIT", logs.RateLimit(3))
    for _ in range(50):
        line: Any = SimpleNamespace(has_logged=False, log=logging.getLogger("cowork.serve"))
        for _ in range(5):
            sockets.OwnedKernelSocket.log_once(line, "A connection was closed: it sent %s.", "nothing")
    assert [one.getMessage() for one in caplog.records] == ["A connection was closed: it sent nothing."] * 3


def test_no_file_handle_left_is_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    try:
        for _ in range(1_000):
            app.ignore_closed_sockets(loop, {"exception": OSError(errno.EMFILE, "Too many open files")})
    finally:
        loop.close()
    assert [one.getMessage() for one in caplog.records if "No file handle" in one.getMessage()] == [
        "No file handle is left: nobody new is answered ([Errno 24] Too many open files)."
    ]


def test_at_most_so_many_lines_are_said_in_so_many_seconds() -> None:
    may = logs.RateLimit(2, 60.0)
    assert [may(now) for now in (0.0, 1.0, 2.0, 59.0, 60.5, 60.6, 61.5)] == [
        True,
        True,
        False,
        False,
        True,
        False,
        True,
    ]


def test_there_is_room_for_as_many_as_there_are_file_handles_for(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1_024, 4_096))
    assert capacity.max_visitors_by_files() == 77
    asked: list[Any] = []
    monkeypatch.setattr(resource, "setrlimit", lambda which, limit: asked.append(limit))
    capacity.raise_file_limit()
    assert asked == [(4_096, 4_096)]


def test_a_server_asks_for_all_file_handles_that_it_may_have(server: Any) -> None:
    psutil = pytest.importorskip("psutil")
    soft, hard = psutil.Process(server.process.pid).rlimit(psutil.RLIMIT_NOFILE)
    assert soft == min(hard, capacity.MAX_FILES)
    assert json.loads(server.ask("/cowork/alive").body)["server"]
