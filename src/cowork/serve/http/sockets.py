"""The websocket between a browser and the kernel of its page."""

from __future__ import annotations

from typing import Any, ClassVar

from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.iostream import StreamBufferFullError
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from cowork.serve.http.comm_connection import CommOnlyConnection
from cowork.serve.http.kernel_requests import OwnedKernelHandler
from cowork.serve.http.logs import RateLimit
from cowork.serve.http.websocket_frames import KINDS, MAX_FRAME_BYTES, MalformedFrame, read_frame

MAX_WAITING_BYTES = 16_000_000
"""Bytes that may wait for a browser that does not take them; the largest report is a fraction of it."""

PAGE_KINDS = frozenset({"comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"})
"""The kinds of message that a page may send to its kernel: no code to run among them. Jupyter's own list of allowed
kinds holds for all kernels of a server, and inside somebody else's Jupyter server JupyterLab's must run code."""
MAY_REMARK = RateLimit(60)
"""What connections give reason to say, in all: each new one might, and one browser can open many."""
MAX_CONNECTIONS = 8
"""Websockets to one page's kernel. A browser that connects anew leaves old ones behind, which are found dead later."""


class OwnedKernelSocket(OwnedKernelHandler, KernelWebsocketHandler):
    """A kernel's websocket: for the browser whose page it is, and with an end to what may wait for it."""

    refused = False
    remarked = False
    connected: ClassVar[dict[str, dict[OwnedKernelSocket, None]]] = {}
    """Open websockets of each page's kernel, the oldest first."""

    @property
    def kernel_websocket_connection_class(self) -> type:
        """What a page's front end wants to hear: `only=comm`, and the rest is not sent to it."""
        if self.get_query_argument("only", "") == "comm":
            return CommOnlyConnection
        chosen: type = super().kernel_websocket_connection_class
        return chosen

    @property
    def wire(self) -> Any:
        assert self.ws_connection is not None, "the websocket is not open"
        return self.ws_connection.stream

    async def open(self, *args: Any, **kwargs: Any) -> None:
        self.wire.max_write_buffer_size = MAX_WAITING_BYTES
        if self.settings["kernel_manager"].is_page(self.kernel_id):
            theirs = self.connected.setdefault(self.kernel_id, {})
            theirs[self] = None
            if len(theirs) > MAX_CONNECTIONS:
                next(iter(theirs)).wire.close()
        await super().open(*args, **kwargs)

    def on_close(self) -> None:
        theirs = self.connected.get(self.kernel_id, {})
        theirs.pop(self, None)
        if not theirs:
            self.connected.pop(self.kernel_id, None)
        if self.connection is not None:
            super().on_close()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A refused websocket is told the status. Jupyter's page for it would ask who it is, and log two tracebacks."""
        self.set_header("Cache-Control", "no-store")
        self.finish()

    @property
    def max_message_size(self) -> int:
        """Bytes of one frame: few for a page. A notebook in JupyterLab beside the pages may send tornado's ten MiB."""
        is_page: bool = self.settings["kernel_manager"].is_page(self.kernel_id)
        return MAX_FRAME_BYTES if is_page else super().max_message_size

    async def on_message(self, frame: str | bytes) -> None:
        """Pass a frame on to the kernel, or close this connection where the frame is none of Jupyter's.

        Jupyter's own reader believes what a frame says of itself, see `frames`.
        """
        if self.refused or self.connection is None:
            return
        try:
            read = read_frame(frame, bool(self.selected_subprotocol))
            is_page = self.settings["kernel_manager"].is_page(self.kernel_id)
            kinds = PAGE_KINDS if is_page else frozenset(self.kernel_manager.allowed_message_types)
            if kinds and read.kind not in KINDS:
                raise MalformedFrame("a kind of message that Jupyter does not have")
            if read.channel not in self.connection.channels or (kinds and read.kind not in kinds):
                self.remark("A message that a page may not send was left aside (%s, %s).", read.channel, read.kind)
                return
            if inflow := self.settings["kernel_manager"].inflow(self.kernel_id):
                await inflow.wait_for_room()  # tornado reads no further from this websocket meanwhile
                if self.connection is None:
                    return
                inflow.add(read)
            self.connection.handle_incoming_message(frame)
        except MalformedFrame as fault:
            self.refuse(str(fault))
        except TimeoutError:
            self.refuse("more than its kernel took", 1013)
        except Exception as error:  # what else Jupyter cannot read: its texts hold words, so only the kind is said
            self.refuse(f"what raised {type(error).__name__}")

    def refuse(self, why: str, code: int = 1002) -> None:
        """Close this connection, and only this one. What it still sends until it is closed is not read."""
        self.refused = True
        self.remark("A connection was closed: it sent %s.", why)
        self.close(code)

    def remark(self, words: str, *values: str) -> None:
        """One line in the log for one connection, however often it gives reason to."""
        if not self.remarked and MAY_REMARK():
            self.remarked = True
            self.log.warning(words, *values)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        try:
            return self.write_whole(message, binary)
        except StreamBufferFullError:
            # A phone that fell asleep takes nothing and says nothing. Coming back, it asks for what there is.
            self.wire.close()
            raise WebSocketClosedError from None

    def write_whole(self, message: Any, binary: bool) -> Any:
        return super().write_message(message, binary)


class VoilaKernelSocket(OwnedKernelSocket, VoilaKernelWebsocketHandler):
    """The same for a server that is only ours: Voilà's handler shows nobody what a cell holds."""

    def write_whole(self, message: Any, binary: bool) -> Any:
        if isinstance(self.connection, CommOnlyConnection):
            return KernelWebsocketHandler.write_message(self, message, binary)  # no cell is told there
        if isinstance(message, bytes) and not self.selected_subprotocol:
            # Voilà's handler takes every binary message for the newer protocol's. From one of the older it reads the
            # number of its parts wrongly, some thousand billions: the server would never come back.
            return KernelWebsocketHandler.write_message(self, message, binary)
        return super().write_whole(message, binary)
