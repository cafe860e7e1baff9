"""The network between a browser and a server, as bad as a test needs it."""

from __future__ import annotations

import asyncio
import threading


class Road:
    """The network between a browser and the server: it can be cut, or go silent without a word."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.open = True
        self.dead: set[asyncio.StreamWriter] = set()
        self.wires: set[asyncio.StreamWriter] = set()
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        assert self.ready.wait(30)

    def _run(self) -> None:
        async def begin() -> None:
            self.server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
            self.port = self.server.sockets[0].getsockname()[1]
            self.ready.set()

        self.loop.run_until_complete(begin())
        self.loop.run_forever()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.open:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
        self.wires |= {writer, far_writer}
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer), return_exceptions=True)
        for one in (writer, far_writer):
            self.wires.discard(one)
            one.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if writer not in self.dead:  # what is lost on a dead line is lost, and neither side is told
                writer.write(data)
                await writer.drain()
        writer.close()

    def cut(self) -> None:
        self.open = False
        self.loop.call_soon_threadsafe(lambda: [wire.transport.abort() for wire in list(self.wires)])

    def mend(self) -> None:
        self.open = True

    def die(self) -> None:
        """Every line there is carries nothing from now on; new ones do."""
        self.dead |= self.wires

    def close(self) -> None:
        self.cut()
        self.loop.call_soon_threadsafe(self.loop.stop)


class Gate(Road):
    """A network on which pages come and a kernel's live connection does not: it is refused, or waits at the gate."""

    def __init__(self, port: int, *, refuses: bool = False) -> None:
        self.refuses = refuses
        self.asked = 0
        self.opened = asyncio.Event()
        super().__init__(port)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(65536)
        if b"/channels?" in first.split(b"\r\n")[0]:
            self.asked += 1
            if self.refuses:
                first = b""
            else:
                await self.opened.wait()
        if first:
            writer.write(first)
            await super()._carry(reader, writer)
        writer.close()

    def lift(self) -> None:
        self.loop.call_soon_threadsafe(self.opened.set)
