"""A visitor without a browser: gets the page and says to its kernel what the page's script would say.

It keeps cookies, says hello with its device's key, answers with a ping every beat, shares words, and says goodbye.
The front end's two ways of telling the kernel's id are both understood: a `<meta name="cw-kernel">` in the streamed
page, which opens the websocket at once, and the lab template's `jupyter-config-data`, which does so when the page has
come.
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
PATIENCE = 180.0
_CALM = re.search(r"CALM_MS = (\d+)", (ROOT / "src" / "cowork" / "widgets" / "beat.js").read_text("utf-8"))
#: Between two pings where our own front end hosts the page, as its script says.
CALM_MS = int(_CALM[1]) if _CALM else 2000

AsyncHTTPClient.configure(None, max_clients=400, max_body_size=200_000_000)


class Light:
    """One visit. `times` holds milliseconds since the visit began."""

    def __init__(self, server: Server, one: Person, page: str = "intention") -> None:
        self.server, self.one, self.page = server, one, page
        self.cookies: SimpleCookie = SimpleCookie()
        self.session = uuid.uuid4().hex
        self.kernel = ""
        self.hosted = False  # by our own front end
        self.times: dict[str, float] = {}
        self.shell: dict[str, Any] = {}
        self.shell_id = ""
        self.ask_id = ""
        self.socket: WebSocketClientConnection | None = None
        self.hearing: dict[str, Callable[[float], None]] = {}  # words -> what to do when they arrive
        self.broken = ""
        self._tasks: list[asyncio.Task[Any]] = []
        self._begun = 0.0

    # ---- coming in

    async def come(self, patience: float = PATIENCE) -> Light:
        """Come in and stay. Raises where the page does not become interactive in time."""
        self._begun = time.perf_counter()
        await asyncio.wait_for(self._come(), patience)
        self._tasks = [asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._beat())]
        return self

    def _at(self, what: str) -> None:
        self.times.setdefault(what, (time.perf_counter() - self._begun) * 1000)

    async def _come(self) -> None:
        opening: asyncio.Task[None] | None = None
        body = bytearray()

        def piece(data: bytes) -> None:
            nonlocal opening
            self._at("first byte")
            body.extend(data)
            if opening is None and (found := META.search(body)):
                self.kernel, self.hosted = found[1].decode(), True
                opening = asyncio.ensure_future(self._open())

        await self._page(piece)
        self._at("page")
        if opening is None:
            found = CONFIG.search(body)
            if not found:
                raise RuntimeError("the page names no kernel: " + body[-300:].decode("utf-8", "replace"))
            self.kernel = found[1].decode()
            await self._open()
        else:
            await opening
        await self._states()
        self._hello()
        await self._until_there()

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
        """One request with our cookies; what the answer sets is kept from its first header on."""

        def header(line: str) -> None:
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                self.cookies.load(value.strip())

        request = HTTPRequest(
            url, method, self._headers(), body, follow_redirects=False, streaming_callback=piece,
            header_callback=header, connect_timeout=PATIENCE, request_timeout=PATIENCE, decompress_response=True,
        )  # fmt: skip
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={one.coded_value}" for name, one in self.cookies.items())
        return {"Cookie": cookie, "Origin": self.server.url, "Accept-Language": "en"}

    async def _open(self) -> None:
        way = f"{self.server.base}api/kernels/{self.kernel}/channels?session_id={self.session}"
        way += "&only=comm" if self.hosted else ""
        url = self.server.url.replace("http", "ws", 1) + way
        request = HTTPRequest(url, headers=self._headers(), connect_timeout=PATIENCE)
        # Browsers offer compression, and the server pays for it.
        compressed = {"compression_level": 1}
        self.socket = await websocket_connect(
            request, max_message_size=200_000_000, compression_options=compressed, subprotocols=[PROTOCOL]
        )
        self._at("socket")

    def _send(self, kind: str, content: dict[str, Any], version: str = "2.1.0") -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self.session, "username": "",
                  "version": "5.3", "date": "2026-01-01T00:00:00Z"}  # fmt: skip
        parts = [json.dumps(one).encode() for one in (header, {}, {"version": version}, content)]
        if self.socket is not None and not self.broken:
            with contextlib.suppress(Exception):  # closed: the listener says so
                self.socket.write_message(serialize_msg_to_ws_v1(parts, "shell"), binary=True)

    def say(self, comm: str, content: dict[str, Any]) -> None:
        """A component's own message."""
        self._send("comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": content}})

    async def _states(self) -> None:
        """Ask for the widgets until the shell is among them, as a front end does that came before the cells ran."""
        for _ in range(600):
            control = uuid.uuid4().hex
            data = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
            self._send("comm_open", data, "1.0.0")
            self._send("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})
            while (answer := await self._hear())["data"].get("method") != "update_states":
                pass
            self._at("states")
            for ident, model in answer["data"]["states"].items():
                if {"beat_ms", "parts"} <= model["state"].keys():
                    self.shell_id, self.shell = ident, dict(model["state"])
                    return
            await asyncio.sleep(0.05)
        raise RuntimeError("there is no shell among the widgets")

    def _hello(self) -> None:
        hello = {"do": "hello", "lang": "en", "code": self.code, "page": self.page, "at": "", "key": self.one.key,
                 "origin": f"{self.server.url}{self.server.path}", "seen_invite": "", "mine": []}  # fmt: skip
        self.say(self.shell_id, hello)
        self._ping()

    @property
    def code(self) -> str:
        return dict(parse_qsl(self.server.query))["w"]

    def _ping(self) -> None:
        self.say(self.shell_id, {"do": "ping", "t": int(time.time() * 1000), "hidden": False})

    async def _until_there(self) -> None:
        while not (self.shell.get("ready") and (self.shell.get("place") or {}).get("key") == self.page):
            heard = await self._hear()
            data = heard["data"]
            if heard["comm_id"] == self.shell_id and data.get("method") == "update":
                self.shell.update(data["state"])
            elif heard["opened"] and data.get("state", {}).get("box") == self.page:
                self.ask_id = heard["comm_id"]
            elif heard["opened"] and "more_button" in data.get("state", {}):  # the wall of cards
                self.say(heard["comm_id"], {"do": "here", "again": False})  # as its script does once they are drawn
        self._at("interactive")

    async def _hear(self) -> dict[str, Any]:
        """The next message of a widget: {comm_id, data, opened}."""
        while True:
            message = _read(await self._raw())
            kind, content = message["header"]["msg_type"], message["content"]
            if kind in ("comm_msg", "comm_open"):
                return {"comm_id": content["comm_id"], "data": content["data"], "opened": kind == "comm_open"}

    async def _raw(self) -> str | bytes:
        assert self.socket
        message = await self.socket.read_message()
        if message is None:
            raise ConnectionError(f"the socket closed ({self.socket.close_code})")
        return message

    # ---- being there

    async def _listen(self) -> None:
        """Look for words that somebody waits for; reading every message whole would cost more than the server."""
        try:
            while True:
                message = await self._raw()
                if not self.hearing:
                    continue
                now, text = time.time(), message if isinstance(message, str) else message.decode("utf-8", "replace")
                for words in [w for w in self.hearing if w in text]:
                    self.hearing.pop(words)(now)
        except (ConnectionError, AssertionError) as error:
            self.broken = str(error) or "closed"

    async def _beat(self) -> None:
        every = CALM_MS if self.hosted else max(self.shell.get("beat_ms", 2000), 200)
        while not self.broken:
            await asyncio.sleep(every / 1000)
            self._ping()

    def share(self, text: str) -> float:
        """Share words on the page; returns when (seconds since 1970)."""
        item = {"id": uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10)), "box": self.page,
                "kind": "utterance", "about": [], "fields": {"text": text}, "choices": {"seen": "group"},
                "lang": "en", "at": int(time.time() * 1000)}  # fmt: skip
        now = time.time()
        self.say(self.ask_id, {"do": "share", "item": item})
        return now

    def hears(self, words: str) -> asyncio.Future[float]:
        """When these words arrive by the socket (seconds since 1970)."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.hearing[words] = lambda now: None if future.done() else future.set_result(now)
        return future

    async def leave(self) -> None:
        """As a page that is closed: the kernel is told, where the server hears it, and the socket closes."""
        for task in self._tasks:
            task.cancel()
        if self.kernel:
            xsrf = self.cookies["_xsrf"].value if "_xsrf" in self.cookies else ""
            with contextlib.suppress(OSError):
                url = f"{self.server.url}{self.server.base}voila/api/shutdown/{self.kernel}"
                await self.get(url, method="POST", body=f"_xsrf={quote(xsrf)}")
        if self.socket is not None:
            self.socket.close()


def _read(message: str | bytes) -> dict[str, Any]:
    """Header and content of a message of the kernel."""
    assert isinstance(message, bytes), f"the server does not speak {PROTOCOL}"
    _, parts = deserialize_msg_from_ws_v1(message)
    return {"header": json.loads(parts[0]), "content": json.loads(parts[3])}


async def arrive(visitors: list[Light], seconds: float) -> list[str]:
    """All come in, spread over these seconds. Returns what went wrong."""

    async def one(number: int, visitor: Light) -> None:
        await asyncio.sleep(seconds * number / len(visitors))
        await visitor.come()

    found = await asyncio.gather(*(one(n, v) for n, v in enumerate(visitors)), return_exceptions=True)
    return [repr(error) for error in found if isinstance(error, BaseException)]


async def gather_in(visitors: list[Light], at_once: int = 3, patience: float = 90.0) -> None:
    """All come in, a few at a time. Ends with the first who does not."""
    turn = asyncio.Semaphore(at_once)

    async def one(visitor: Light) -> None:
        async with turn:
            await visitor.come(patience)

    async with asyncio.TaskGroup() as group:
        for visitor in visitors:
            group.create_task(one(visitor))
