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
        self.meetings: set[asyncio.Task[None]] = set()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=asyncio.run, args=(self._stand(),), daemon=True)
        self.thread.start()
        assert self.ready.wait(30)

    async def _stand(self) -> None:
        """Until it is closed. What is still on its way then ends with the loop, and leaves no task behind."""
        self.loop, self.closed = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._arrive, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await self.closed.wait()
        server.close()
        self._abort()
        for meeting in self.meetings:
            meeting.cancel()
        await asyncio.gather(*self.meetings, return_exceptions=True)

    def _arrive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A task of our own: asyncio's for a coroutine given to it calls it a fault that one was cancelled.
        meeting = self.loop.create_task(self._meet(reader, writer))
        self.meetings.add(meeting)
        meeting.add_done_callback(self.meetings.discard)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.open:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
        except BaseException as error:
            writer.transport.abort()
            if isinstance(error, OSError):  # nobody is there, as when a server has fallen
                return
            raise
        self.wires |= {writer, far_writer}
        try:
            both = (self._carry(reader, far_writer), self._carry(far_reader, writer))
            await asyncio.gather(*both, return_exceptions=True)
        finally:
            for one in (writer, far_writer):
                self.wires.discard(one)
                one.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if writer not in self.dead:  # what is lost on a dead line is lost, and neither side is told
                writer.write(data)
                await writer.drain()
        writer.close()

    def _abort(self) -> None:
        for wire in list(self.wires):
            wire.transport.abort()

    def cut(self) -> None:
        self.open = False
        self.loop.call_soon_threadsafe(self._abort)

    def mend(self) -> None:
        self.open = True

    def die(self) -> None:
        """Every line there is carries nothing from now on; new ones do."""
        self.dead |= self.wires

    def close(self) -> None:
        """Cut it for good. The thread ends, and with it the loop and all that ran on it."""
        if self.thread.is_alive():
            self.open = False
            self.loop.call_soon_threadsafe(self.closed.set)
            self.thread.join(30)
        assert not self.thread.is_alive(), "the road did not end"


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
