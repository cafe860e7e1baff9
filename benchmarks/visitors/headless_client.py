"""A visitor without a browser: requests the page, and sends its kernel the messages that the page's script would send.

It stores cookies, sends `hello` with its device's credentials and a ping at each interval, submits texts, and leaves
the page. It reads the kernel's id in both forms: `<meta name="cw-kernel">` in the streamed page, after which it opens
the websocket at once, and the lab template's `jupyter-config-data`, for which it waits until the page is complete.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
import time
import uuid
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

from cowork.core.ids import uuid7
from visitors.group import Person
from visitors.servers import ROOT, Server

META = re.compile(rb'<meta name="cw-kernel" content="([0-9a-f-]{36})"')
CONFIG = re.compile(rb'"kernelId": ?"([0-9a-f-]{36})"')
PROTOCOL = "v1.kernel.websocket.jupyter.org"
TIMEOUT = 180.0
_CALM = re.search(
    r"CALM_MS = (\d+)", (ROOT / "src" / "cowork" / "widgets" / "shell" / "connection_monitor.js").read_text("utf-8")
)
#: Milliseconds between two pings of our own front end, read from its script.
CALM_MS = int(_CALM[1]) if _CALM else 2000

AsyncHTTPClient.configure(None, max_clients=400, max_body_size=200_000_000)


class HeadlessClient:
    """One visit. `times` holds milliseconds since its start."""

    def __init__(self, server: Server, person: Person, page: str = "intention") -> None:
        self.server, self.person, self.page = server, person, page
        self.cookies: SimpleCookie = SimpleCookie()
        self.session = uuid.uuid4().hex
        self.kernel = ""
        self.own_frontend = False
        self.times: dict[str, float] = {}
        self.shell: dict[str, Any] = {}
        self.shell_id = ""
        self.form_id = ""
        self.socket: WebSocketClientConnection | None = None
        self.waiting_for: dict[str, Callable[[float], None]] = {}  # text -> callback for its arrival
        self.broken = ""
        self._tasks: list[asyncio.Task[Any]] = []
        self._started_at = 0.0

    # ---- opening the page

    async def open_page(self, patience: float = TIMEOUT) -> HeadlessClient:
        """Open the page and keep it open. Raises if it does not become interactive in time."""
        self._started_at = time.perf_counter()
        await asyncio.wait_for(self._open_page(), patience)
        self._tasks = [asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._send_pings())]
        return self

    def _note_time(self, what: str) -> None:
        self.times.setdefault(what, (time.perf_counter() - self._started_at) * 1000)

    async def _open_page(self) -> None:
        opening: asyncio.Task[None] | None = None
        body = bytearray()

        def piece(data: bytes) -> None:
            nonlocal opening
            self._note_time("first byte")
            body.extend(data)
            if opening is None and (found := META.search(body)):
                self.kernel, self.own_frontend = found[1].decode(), True
                opening = asyncio.ensure_future(self._open())

        await self._page(piece)
        self._note_time("page")
        if opening is None:
            found = CONFIG.search(body)
            if not found:
                raise RuntimeError("the page names no kernel: " + body[-300:].decode("utf-8", "replace"))
            self.kernel = found[1].decode()
            await self._open()
        else:
            await opening
        await self._request_states()
        self._send_hello()
        await self._wait_for_page()

    async def _page(self, piece: Callable[[bytes], None]) -> None:
        url = f"{self.server.url}{self.server.path}?{self.server.query}"
        for _ in range(5):
            answer = await self.get(url, piece)
            if answer.code not in (301, 302, 303, 307):
                break
            url = urljoin(url, answer.headers["Location"])
        if answer.code != 200:
            raise RuntimeError(f"the page answered {answer.code}")

    async def get(
        self, url: str, piece: Callable[[bytes], None] | None = None, method: str = "GET", body: str | None = None
    ) -> HTTPResponse:
        """Send one request with our cookies; cookies of the response are stored as its headers arrive."""

        def header(line: str) -> None:
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                self.cookies.load(value.strip())

        request = HTTPRequest(
            url, method, self._headers(), body, follow_redirects=False, streaming_callback=piece,
            header_callback=header, connect_timeout=TIMEOUT, request_timeout=TIMEOUT, decompress_response=True,
        )  # fmt: skip
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={one.coded_value}" for name, one in self.cookies.items())
        return {"Cookie": cookie, "Origin": self.server.url, "Accept-Language": "en"}

    async def _open(self) -> None:
        way = f"{self.server.base}api/kernels/{self.kernel}/channels?session_id={self.session}"
        way += "&only=comm" if self.own_frontend else ""
        url = self.server.url.replace("http", "ws", 1) + way
        request = HTTPRequest(url, headers=self._headers(), connect_timeout=TIMEOUT)
        # Browsers offer compression, and the server pays for it.
        compressed = {"compression_level": 1}
        self.socket = await websocket_connect(
            request, max_message_size=200_000_000, compression_options=compressed, subprotocols=[PROTOCOL]
        )
        self._note_time("socket")

    def _send(self, kind: str, content: dict[str, Any], version: str = "2.1.0") -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self.session, "username": "",
                  "version": "5.3", "date": "2026-01-01T00:00:00Z"}  # fmt: skip
        parts = [json.dumps(one).encode() for one in (header, {}, {"version": version}, content)]
        if self.socket is not None and not self.broken:
            with contextlib.suppress(Exception):  # closed: the listener says so
                self.socket.write_message(serialize_msg_to_ws_v1(parts, "shell"), binary=True)

    def send_message(self, comm: str, content: dict[str, Any]) -> None:
        """Send a custom message to a component."""
        self._send("comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": content}})

    async def _request_states(self) -> None:
        """Request the widget states until they include the shell, as a front end does that connects before the cells
        run."""
        for _ in range(600):
            control = uuid.uuid4().hex
            data = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
            self._send("comm_open", data, "1.0.0")
            self._send("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})
            while (answer := await self._next_message())["data"].get("method") != "update_states":
                pass
            self._note_time("states")
            for ident, model in answer["data"]["states"].items():
                if {"beat_ms", "parts"} <= model["state"].keys():
                    self.shell_id, self.shell = ident, dict(model["state"])
                    return
            await asyncio.sleep(0.05)
        raise RuntimeError("there is no shell among the widgets")

    def _send_hello(self) -> None:
        hello = {"do": "hello", "lang": "en", "code": self.code, "page": self.page, "at": "", "key": self.person.key,
                 "origin": f"{self.server.url}{self.server.path}", "seen_invite": "", "mine": []}  # fmt: skip
        self.send_message(self.shell_id, hello)
        self._ping()

    @property
    def code(self) -> str:
        return dict(parse_qsl(self.server.query))["w"]

    def _ping(self) -> None:
        self.send_message(self.shell_id, {"do": "ping", "t": int(time.time() * 1000), "hidden": False})

    async def _wait_for_page(self) -> None:
        while not (self.shell.get("ready") and (self.shell.get("place") or {}).get("key") == self.page):
            heard = await self._next_message()
            data = heard["data"]
            if heard["comm_id"] == self.shell_id and data.get("method") == "update":
                self.shell.update(data["state"])
            elif heard["opened"] and data.get("state", {}).get("box") == self.page:
                self.form_id = heard["comm_id"]
            elif heard["opened"] and "more_button" in data.get("state", {}):  # the card list
                # as its script does when they are drawn
                self.send_message(heard["comm_id"], {"do": "here", "again": False})
        self._note_time("interactive")

    async def _next_message(self) -> dict[str, Any]:
        """The next widget message: {comm_id, data, opened}."""
        while True:
            message = parse_message(await self._next_frame())
            kind, content = message["header"]["msg_type"], message["content"]
            if kind in ("comm_msg", "comm_open"):
                return {"comm_id": content["comm_id"], "data": content["data"], "opened": kind == "comm_open"}

    async def _next_frame(self) -> str | bytes:
        assert self.socket
        message = await self.socket.read_message()
        if message is None:
            raise ConnectionError(f"the socket closed ({self.socket.close_code})")
        return message

    # ---- with the page open

    async def _listen(self) -> None:
        """Search messages for the texts that are waited for; parsing each would cost more time than the server
        takes."""
        try:
            while True:
                message = await self._next_frame()
                if not self.waiting_for:
                    continue
                now, text = time.time(), message if isinstance(message, str) else message.decode("utf-8", "replace")
                for words in [w for w in self.waiting_for if w in text]:
                    self.waiting_for.pop(words)(now)
        except (ConnectionError, AssertionError) as error:
            self.broken = str(error) or "closed"

    async def _send_pings(self) -> None:
        every = CALM_MS if self.own_frontend else max(self.shell.get("beat_ms", 2000), 200)
        while not self.broken:
            await asyncio.sleep(every / 1000)
            self._ping()

    def share(self, text: str) -> float:
        """Submit a text; returns the time (seconds since 1970)."""
        item = {"id": uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10)), "box": self.page,
                "kind": "utterance", "about": [], "fields": {"text": text}, "choices": {"seen": "group"},
                "lang": "en", "at": int(time.time() * 1000)}  # fmt: skip
        now = time.time()
        self.send_message(self.form_id, {"do": "share", "item": item})
        return now

    def when_received(self, words: str) -> asyncio.Future[float]:
        """A future with the time at which this text arrives by the websocket (seconds since 1970)."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.waiting_for[words] = lambda now: None if future.done() else future.set_result(now)
        return future

    async def leave(self) -> None:
        """Leave as a closing page does: notify the server, and close the websocket."""
        for task in self._tasks:
            task.cancel()
        if self.kernel:
            xsrf = self.cookies["_xsrf"].value if "_xsrf" in self.cookies else ""
            with contextlib.suppress(OSError):
                url = f"{self.server.url}{self.server.base}voila/api/shutdown/{self.kernel}"
                await self.get(url, method="POST", body=f"_xsrf={quote(xsrf)}")
        if self.socket is not None:
            self.socket.close()


def parse_message(message: str | bytes) -> dict[str, Any]:
    """Read header and content of a kernel's message."""
    assert isinstance(message, bytes), f"the server does not speak {PROTOCOL}"
    _, parts = deserialize_msg_from_ws_v1(message)
    return {"header": json.loads(parts[0]), "content": json.loads(parts[3])}


async def arrive(visitors: list[HeadlessClient], seconds: float) -> list[str]:
    """Open all pages, spread over these seconds. Returns the errors."""

    async def one(number: int, visitor: HeadlessClient) -> None:
        await asyncio.sleep(seconds * number / len(visitors))
        await visitor.open_page()

    found = await asyncio.gather(*(one(n, v) for n, v in enumerate(visitors)), return_exceptions=True)
    return [repr(error) for error in found if isinstance(error, BaseException)]


async def open_pages(visitors: list[HeadlessClient], at_once: int = 3, patience: float = 90.0) -> None:
    """Open all pages, a few at a time. The first error ends it."""
    turn = asyncio.Semaphore(at_once)

    async def one(visitor: HeadlessClient) -> None:
        async with turn:
            await visitor.open_page(patience)

    async with asyncio.TaskGroup() as group:
        for visitor in visitors:
            group.create_task(one(visitor))
