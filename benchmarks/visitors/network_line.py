"""A proxy between a browser and a server: it counts bytes, can be cut and restored, and can be slow.

It counts the bytes that cross the network, including websockets, in their compressed form. A slow line limits all its
connections together; a browser's own throttling excludes websockets.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

#: A line keeps no more than this in flight; beyond it the sender waits, as on a real one.
IN_FLIGHT = 0.25


@dataclass
class Direction:
    """One direction. `rate` in bytes a second, 0 for as fast as it goes."""

    rate: float = 0.0
    delay: float = 0.0
    bytes: int = 0
    free: float = 0.0  # when the line has carried all it was given

    def carry(self, size: int) -> float:
        """Accept a piece; returns its time of arrival."""
        now = asyncio.get_running_loop().time()
        self.bytes += size
        if self.rate:
            self.free = max(now, self.free) + size / self.rate
            return self.free + self.delay
        return now + self.delay

    def ahead(self) -> float:
        return max(0.0, self.free - asyncio.get_running_loop().time() - IN_FLIGHT) if self.rate else 0.0


@dataclass
class NetworkLine:
    """`async with NetworkLine(port) as line`: `line.port` leads to that port."""

    to: int
    down: Direction = field(default_factory=Direction)
    up: Direction = field(default_factory=Direction)
    port: int = 0
    whole: bool = True
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _server: asyncio.Server | None = None

    @classmethod
    def slow(cls, to: int, down_mbit: float, up_mbit: float, rtt: float) -> NetworkLine:
        return cls(to, Direction(down_mbit * 125_000, rtt / 2), Direction(up_mbit * 125_000, rtt / 2))

    async def __aenter__(self) -> NetworkLine:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        self._drop()

    def cut(self) -> None:
        """Every connection ends and no new one is made."""
        self.whole = False
        self._drop()

    def mend(self) -> None:
        self.whole = True

    def _drop(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()
        self._open.clear()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.transport.abort()
            return
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.sleep(self.up.delay + self.down.delay)  # the handshake's own way there and back
            there, onward = await asyncio.open_connection("127.0.0.1", self.to)
            self._open |= {writer, onward}
            await asyncio.gather(self._pass(reader, onward, self.up), self._pass(there, writer, self.down))
            self._open -= {writer, onward}
        writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: Direction) -> None:
        """Pieces wait in line until they have arrived; the line itself is shared by all connections."""
        line: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        clock = asyncio.get_running_loop().time

        async def deliver() -> None:
            while (piece := await line.get())[1]:
                if (wait := piece[0] - clock()) > 0:
                    await asyncio.sleep(wait)
                writer.write(piece[1])
                await writer.drain()
            writer.write_eof()

        delivering = asyncio.ensure_future(deliver())
        try:
            while data := await reader.read(4096 if direction.rate else 65_536):
                line.put_nowait((direction.carry(len(data)), data))
                if (wait := direction.ahead()) > 0:
                    await asyncio.sleep(wait)
        except OSError:
            pass
        line.put_nowait((0.0, b""))
        with contextlib.suppress(OSError):
            await delivering
