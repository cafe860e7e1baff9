"""Limits the bytes that wait between the server and one kernel.

A busy kernel reads nothing. Messages that its page sends meanwhile wait in this process, in ZeroMQ's queues and in the
kernel's own memory, none of which has a limit in bytes. A kernel reports when it has finished with a message, so the
waiting bytes can be counted. Where they are too many, the server reads no further from that page's websocket, and TCP
holds the rest in the browser.
"""

from __future__ import annotations

import asyncio
from collections import deque

from cowork.serve.http.websocket_frames import Frame

MAX_WAITING_BYTES = 16_000_000
"""As many as may wait in the other direction, for a browser (`sockets.MAX_WAITING_BYTES`)."""

MESSAGE_COST = 1_000
"""Bytes that a message takes in queues and lists, beside its own."""

MAX_WAIT_SECONDS = 60.0
"""Seconds until a page is disconnected that sends more than its kernel reads. Its browser reconnects and resends."""


class KernelBackpressure:
    """Counts the messages that one kernel was sent and has not finished."""

    def __init__(self) -> None:
        self.waiting_bytes = 0
        self._waiting: dict[str, deque[tuple[str, int]]] = {}
        self._channel_of: dict[str, str] = {}
        self._finished = asyncio.Event()

    async def wait_for_room(self, seconds: float = MAX_WAIT_SECONDS) -> None:
        """Wait until one more message may be sent. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.waiting_bytes >= MAX_WAITING_BYTES:
                self._finished.clear()
                await self._finished.wait()

    def add(self, frame: Frame) -> None:
        """Count a message that is being sent."""
        cost = frame.size + MESSAGE_COST
        self._waiting.setdefault(frame.channel, deque()).append((frame.message_id, cost))
        self._channel_of[frame.message_id] = frame.channel
        self.waiting_bytes += cost

    def finish(self, message_id: str) -> None:
        """Count this message no longer, nor those before it on its channel: a kernel handles them in order."""
        channel = self._channel_of.get(message_id)
        queue = self._waiting.get(channel or "", deque())
        while queue and channel:
            first, cost = queue.popleft()
            self._channel_of.pop(first, None)
            self.waiting_bytes -= cost
            if first == message_id:
                break
        self._finished.set()
