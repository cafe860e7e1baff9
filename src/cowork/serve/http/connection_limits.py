"""Bounds the connections of people who are not inside, so that nobody holds the door shut.

Whoever opens a connection and sends half a request, or nothing, holds a file handle. A thousand of them are all that
many systems give a process, and then nobody is answered. So a connection counts as outside until a request on it has
passed the door (`door.Building`). One address, and all together, may hold few of those; the oldest makes way. The
newest is served, so a group behind one router comes in all the same.
"""

from __future__ import annotations

from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

MAX_CONNECTIONS_OF_ADDRESS = 50
MAX_CONNECTIONS_OUTSIDE = 200
IDLE_SECONDS = 30.0
"""For the headers of a request, and between two requests. A browser opens a new connection by itself."""
BODY_SECONDS = 15.0
"""For a body: a login form and a goodbye are all that comes."""
MAX_BODY_BYTES = 1_000_000


class BoundedServer(HTTPServer):
    """tornado's server, with an end to what may be held open before the door."""

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        bounds = {"idle_connection_timeout": IDLE_SECONDS, "body_timeout": BODY_SECONDS}
        super().initialize(*args, **{**bounds, "max_body_size": MAX_BODY_BYTES, **kwargs})
        self._leave: dict[str, dict[IOStream, None]] = {}

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        theirs = self._leave.setdefault(str(address[0]) if address else "", {})
        theirs[stream] = None
        if len(theirs) > MAX_CONNECTIONS_OF_ADDRESS:
            self._close_oldest(theirs)
        elif sum(map(len, self._leave.values())) > MAX_CONNECTIONS_OUTSIDE:
            self._close_oldest(max(self._leave.values(), key=len))
        super().handle_stream(stream, address)

    def let_in(self, stream: IOStream | None) -> None:
        """A request on this connection has passed the door, or the connection is closed."""
        for address, theirs in self._leave.items():
            if stream in theirs:
                del theirs[stream]
                if not theirs:
                    del self._leave[address]
                return

    def on_close(self, server_conn: Any) -> None:
        self.let_in(server_conn.stream)
        super().on_close(server_conn)

    def _close_oldest(self, streams: dict[IOStream, None]) -> None:
        oldest = next(iter(streams))
        del streams[oldest]
        oldest.close()
