"""A page's websocket without a page, and a server whose page counts what it is told."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from support.votes import kernel_of, notebook, visitor_of

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


def serve_talking(start: Any, folders: Any, more: dict[str, str] | None = None, **told: Any) -> Any:
    """Start a server over the page that counts, and over `more` notebooks by their names."""
    folder = folders.mktemp("talking")
    for name, source in {"workbook": TALKING, **(more or {})}.items():
        (folder / f"{name}.ipynb").write_text(notebook(("code", source), cowork={"serve": True}), "utf-8")
    return start(notebooks=str(folder), **told)


class Line:
    """A page's websocket without a page. `told` holds the kinds of all messages that came.

    With `kernel` and `visitor` it is a second one to a page that is there; with `headers`, of a visitor who was here.
    """

    def __init__(
        self, server: Any, path: str = "/", headers: dict[str, str] | None = None, kernel: str = "", visitor: str = ""
    ) -> None:
        self.model = ""
        if not kernel:
            page = server.ask(path, headers=headers)
            kernel = kernel_of(page.text)
            found = re.search(r'data-model="([0-9a-f]{32})"', page.text)
            assert found, page.text[-500:]
            self.model = found[1]
        self.headers = headers or {"Cookie": f"cowork-visitor={visitor or visitor_of(page)}"}
        self.url = f"ws://127.0.0.1:{server.port}/api/kernels/{kernel}/channels"
        self.told: list[str] = []
        self.socket: WebSocketClientConnection | None = None

    async def open(self, only: str = "&only=comm", newer: bool = True) -> Line:
        """Connect, and speak Jupyter's newer protocol or the older one of texts."""
        request = HTTPRequest(f"{self.url}?session_id={uuid.uuid4().hex}{only}", headers=self.headers)
        self.socket = await websocket_connect(request, subprotocols=[PROTOCOL] if newer else None)
        return self

    def say(self, kind: str, content: dict[str, Any], channel: str = "shell", version: str = "2.1.0") -> Any:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3",
                  "date": "2026-01-01T00:00:00Z"}  # fmt: skip
        parts = [json.dumps(one).encode() for one in (header, {}, {"version": version}, content)]
        assert self.socket
        return self.socket.write_message(serialize_msg_to_ws_v1(parts, channel), binary=True)

    def press(self, words: str = "") -> Any:
        """Send the widget a message; what is returned can be awaited until it has left."""
        return self.say("comm_msg", {"comm_id": self.model, "data": {"method": "custom", "content": {"words": words}}})

    def ask(self) -> None:
        control = uuid.uuid4().hex
        opening = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
        self.say("comm_open", opening, version="1.0.0")
        self.say("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})

    async def next(self, seconds: float = 90) -> dict[str, Any]:
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
