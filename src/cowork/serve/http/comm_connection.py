"""Between a kernel and a page that our own front end shows: what widgets say, and nothing else.

Jupyter's own connection carries everything a kernel tells the world to everybody who listens: each message is followed
by two that say the kernel was busy and is idle again, each is taken apart to see what it is and how often it comes, and
before a page may speak the kernel is asked twice whether it is there. Thirty pages that are told of one new text spend
more on that than on the text. Our front end (`host.js`) reads only what widgets say, and says so when it connects.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado import web

TOPIC = b"comm"
"""How ipykernel begins the topic of what a widget says: `comm-ID`."""

PATIENCE = 1.0
"""Seconds for the kernel to welcome us. A kernel whose ipykernel is older than 7 never does."""


class CommOnlyConnection(ZMQChannelsWebsocketConnection):
    """One page's connection. Nothing is lost where it begins: a page asks for all there is when it is connected."""

    limit_rate = False  # what waits for a browser has an end of its own (`handlers.Line`)

    async def prepare(self) -> None:
        """The kernel has answered before its page could know of it, so it is not asked again."""
        await self._register_session()
        if not await ensure_async(self.kernel_manager.is_alive()):
            raise web.HTTPError(404)
        self.session.key = self.kernel_manager.session.key

    def create_stream(self) -> None:
        """Two channels of four: a page neither answers questions of `input()` nor ends its kernel by this way."""
        for channel in ("iopub", "shell"):
            connect = getattr(self.kernel_manager, f"connect_{channel}")
            self.channels[channel] = stream = connect(identity=self.session.bsession)
            stream.channel = channel
        heard = self.channels["iopub"].socket
        heard.unsubscribe(b"")
        heard.subscribe(TOPIC)

    def nudge(self) -> asyncio.Future[None]:
        """Done when the kernel knows that we listen: what it says from then on arrives.

        A new topic is welcomed by the kernel, by a thread that waits for no cell; and since topics are told in order,
        it knows the one before by then.
        """
        return asyncio.ensure_future(self._welcome())

    async def _welcome(self) -> None:
        stream = self.channels["iopub"]
        welcomed = asyncio.Event()
        stream.on_recv(lambda _: welcomed.set())
        mine = b"welcome-" + secrets.token_hex(8).encode()
        stream.socket.subscribe(mine)
        try:
            await asyncio.wait_for(welcomed.wait(), PATIENCE)
        except TimeoutError:
            if not stream.closed():
                stream.socket.subscribe(b"")
                await super().nudge()
        finally:
            if not stream.closed():
                stream.stop_on_recv()
                stream.socket.unsubscribe(mine)

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """On to the page as it is, without its signature, if a widget says it."""
        topics, parts = self.session.feed_identities(outgoing_msg)
        if topics and topics[0].startswith(TOPIC):
            self._on_zmq_reply(stream, parts[1:])
