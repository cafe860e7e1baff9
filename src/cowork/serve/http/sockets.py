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
from cowork.serve.http.websocket_frames import MAX_FRAME_BYTES, MESSAGE_KINDS, MalformedFrame, read_frame

MAX_WAITING_BYTES = 16_000_000
"""Bytes that may wait for a browser that does not read; the largest report is a fraction of it."""

PAGE_KINDS = frozenset({"comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"})
"""The kinds of message that a page may send to its kernel; none of them runs code. Jupyter's own setting applies to all
kernels of a server, and inside somebody else's Jupyter server those of JupyterLab must run code."""
LOG_LIMIT = RateLimit(60)
"""A limit for all connections together: each new one may log a line, and one browser can open many."""
MAX_CONNECTIONS = 8
"""Websockets to one page's kernel. A browser that reconnects leaves old ones open, which are detected as dead later."""


class OwnedKernelSocket(OwnedKernelHandler, KernelWebsocketHandler):
    """The websocket of a kernel, for the browser of its page alone. It limits what waits in both directions."""

    rejected = False
    has_logged = False
    connected: ClassVar[dict[str, dict[OwnedKernelSocket, None]]] = {}
    """Open websockets of each page's kernel, the oldest first."""

    @property
    def kernel_websocket_connection_class(self) -> type:
        """The connection that the front end requests: with `only=comm` it is sent widget messages only."""
        if self.get_query_argument("only", "") == "comm":
            return CommOnlyConnection
        chosen: type = super().kernel_websocket_connection_class
        return chosen

    @property
    def tcp_stream(self) -> Any:
        assert self.ws_connection is not None, "the websocket is not open"
        return self.ws_connection.stream

    async def open(self, *args: Any, **kwargs: Any) -> None:
        self.tcp_stream.max_write_buffer_size = MAX_WAITING_BYTES
        if self.settings["kernel_manager"].is_page(self.kernel_id):
            sockets = self.connected.setdefault(self.kernel_id, {})
            sockets[self] = None
            if len(sockets) > MAX_CONNECTIONS:
                next(iter(sockets)).tcp_stream.close()
        await super().open(*args, **kwargs)

    def on_close(self) -> None:
        sockets = self.connected.get(self.kernel_id, {})
        sockets.pop(self, None)
        if not sockets:
            self.connected.pop(self.kernel_id, None)
        if self.connection is not None:
            super().on_close()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer a rejected websocket with the status alone. Jupyter's error page would log two tracebacks."""
        self.set_header("Cache-Control", "no-store")
        self.finish()

    @property
    def max_message_size(self) -> int:
        """Bytes of one frame: few for a page. A notebook in JupyterLab may send tornado's ten MiB."""
        is_page: bool = self.settings["kernel_manager"].is_page(self.kernel_id)
        return MAX_FRAME_BYTES if is_page else super().max_message_size

    async def on_message(self, frame: str | bytes) -> None:
        """Forward a frame to the kernel, or close this connection where the frame is malformed.

        Jupyter's own reader trusts the numbers in a frame, see `websocket_frames`.
        """
        if self.rejected or self.connection is None:
            return
        try:
            parsed = read_frame(frame, bool(self.selected_subprotocol))
            is_page = self.settings["kernel_manager"].is_page(self.kernel_id)
            kinds = PAGE_KINDS if is_page else frozenset(self.kernel_manager.allowed_message_types)
            if kinds and parsed.kind not in MESSAGE_KINDS:
                raise MalformedFrame("a kind of message that Jupyter does not have")
            if parsed.channel not in self.connection.channels or (kinds and parsed.kind not in kinds):
                self.log_once(
                    "A message that a page may not send was left aside (%s, %s).", parsed.channel, parsed.kind
                )
                return
            if backpressure := self.settings["kernel_manager"].backpressure_of(self.kernel_id):
                await backpressure.wait_for_room()  # meanwhile tornado reads no further from this websocket
                if self.connection is None:
                    return
                backpressure.add(parsed)
            self.connection.handle_incoming_message(frame)
        except MalformedFrame as fault:
            self.reject(str(fault))
        except TimeoutError:
            self.reject("more than its kernel took", 1013)
        except (
            Exception
        ) as error:  # anything else Jupyter cannot read; its text may hold people's words, so only the type is logged
            self.reject(f"what raised {type(error).__name__}")

    def reject(self, why: str, code: int = 1002) -> None:
        """Close this connection, and only this one. Frames that still arrive are not read."""
        self.rejected = True
        self.log_once("A connection was closed: it sent %s.", why)
        self.close(code)

    def log_once(self, message: str, *values: str) -> None:
        """Log a warning, at most one for each connection."""
        if not self.has_logged and LOG_LIMIT():
            self.has_logged = True
            self.log.warning(message, *values)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        try:
            return self.write_frame(message, binary)
        except StreamBufferFullError:
            # A sleeping phone reads nothing and does not close. When it wakes, it requests the current state.
            self.tcp_stream.close()
            raise WebSocketClosedError from None

    def write_frame(self, message: Any, binary: bool) -> Any:
        return super().write_message(message, binary)


class VoilaKernelSocket(OwnedKernelSocket, VoilaKernelWebsocketHandler):
    """The same for our own server: Voilà's handler also hides the source of cells from browsers."""

    def write_frame(self, message: Any, binary: bool) -> Any:
        if isinstance(self.connection, CommOnlyConnection):
            return KernelWebsocketHandler.write_message(self, message, binary)  # it carries no cell source
        if isinstance(message, bytes) and not self.selected_subprotocol:
            # Voilà's handler reads every binary message as one of the newer protocol. In one of the older it finds a
            # wrong number of parts, some thousand billions, and the server would loop for ever.
            return KernelWebsocketHandler.write_message(self, message, binary)
        return super().write_frame(message, binary)
