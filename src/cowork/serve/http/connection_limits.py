"""Limits the connections without an admitted request, so that nobody can block the server.

A connection on which half a request or nothing is sent holds a file handle. Many systems give a process a thousand of
them; without a limit nobody else is answered then. A connection counts as unadmitted until a request on it has passed
`GuardedApplication`. One address, and all together, may hold few of those; the oldest is closed. The newest is served,
so a group behind one router can connect all the same.
"""

from __future__ import annotations

from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

MAX_CONNECTIONS_OF_ADDRESS = 50
MAX_UNADMITTED_CONNECTIONS = 200
IDLE_SECONDS = 30.0
"""Time limit for the headers of a request, and between two requests. A browser opens a new connection by itself."""
BODY_SECONDS = 15.0
"""Time limit for a body. The only bodies are a login form and the notice that a page was left."""
MAX_BODY_BYTES = 1_000_000


class BoundedServer(HTTPServer):
    """tornado's server, with a limit for unadmitted connections."""

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        bounds = {"idle_connection_timeout": IDLE_SECONDS, "body_timeout": BODY_SECONDS}
        super().initialize(*args, **{**bounds, "max_body_size": MAX_BODY_BYTES, **kwargs})
        self._unadmitted: dict[str, dict[IOStream, None]] = {}

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        streams = self._unadmitted.setdefault(str(address[0]) if address else "", {})
        streams[stream] = None
        if len(streams) > MAX_CONNECTIONS_OF_ADDRESS:
            self._close_oldest(streams)
        elif sum(map(len, self._unadmitted.values())) > MAX_UNADMITTED_CONNECTIONS:
            self._close_oldest(max(self._unadmitted.values(), key=len))
        super().handle_stream(stream, address)

    def mark_admitted(self, stream: IOStream | None) -> None:
        """Count this connection no longer: a request on it was admitted, or it is closed."""
        for address, streams in self._unadmitted.items():
            if stream in streams:
                del streams[stream]
                if not streams:
                    del self._unadmitted[address]
                return

    def on_close(self, server_conn: Any) -> None:
        self.mark_admitted(server_conn.stream)
        super().on_close(server_conn)

    def _close_oldest(self, streams: dict[IOStream, None]) -> None:
        oldest = next(iter(streams))
        del streams[oldest]
        oldest.close()
