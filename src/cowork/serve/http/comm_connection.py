"""A websocket connection that carries widget messages only, for pages of our own front end.

Jupyter's own connection sends every message of a kernel to every client: two status messages follow each message, each
one is parsed and counted, and a connection begins with two requests to the kernel. When thirty pages receive one new
text, that costs more than the text. Our front end (`widget_manager.js`) reads widget messages only, and requests that
with `only=comm` when it connects.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado import web

COMM_TOPIC = b"comm"
"""The prefix of the topics of widget messages in ipykernel: `comm-ID`."""

WELCOME_TIMEOUT_SECONDS = 1.0
"""Seconds to wait for the kernel's welcome message. ipykernel before version 7 never sends one."""


class CommOnlyConnection(ZMQChannelsWebsocketConnection):
    """The connection of one page. No message is lost at its beginning: a connected page requests all widget states."""

    limit_rate = False  # `sockets` limits what waits for a browser

    async def prepare(self) -> None:
        """Register the session. The kernel has answered before its page knows its id, so no request tests it again."""
        await self._register_session()
        if not await ensure_async(self.kernel_manager.is_alive()):
            raise web.HTTPError(404)
        self.session.key = self.kernel_manager.session.key

    def create_stream(self) -> None:
        """Open two of the four channels: a page neither answers `input()` nor shuts down its kernel through a
        channel."""
        for channel in ("iopub", "shell"):
            connect = getattr(self.kernel_manager, f"connect_{channel}")
            self.channels[channel] = stream = connect(identity=self.session.bsession)
            stream.channel = channel
        iopub = self.channels["iopub"].socket
        iopub.unsubscribe(b"")
        iopub.subscribe(COMM_TOPIC)

    def nudge(self) -> asyncio.Future[None]:
        """Return a future that is done when the kernel knows our subscription: later messages arrive.

        The kernel acknowledges a new topic, in a thread that does not wait for cells. Topics are subscribed in order,
        so it knows the topic of widgets by then.
        """
        return asyncio.ensure_future(self._wait_for_welcome())

    async def _wait_for_welcome(self) -> None:
        stream = self.channels["iopub"]
        welcomed = asyncio.Event()
        stream.on_recv(lambda _: welcomed.set())
        private_topic = b"welcome-" + secrets.token_hex(8).encode()
        stream.socket.subscribe(private_topic)
        try:
            await asyncio.wait_for(welcomed.wait(), WELCOME_TIMEOUT_SECONDS)
        except TimeoutError:
            if not stream.closed():
                stream.socket.subscribe(b"")
                await super().nudge()
        finally:
            if not stream.closed():
                stream.stop_on_recv()
                stream.socket.unsubscribe(private_topic)

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """Forward a widget's message to the page unchanged, without its signature."""
        topics, parts = self.session.feed_identities(outgoing_msg)
        if topics and topics[0].startswith(COMM_TOPIC):
            self._on_zmq_reply(stream, parts[1:])
