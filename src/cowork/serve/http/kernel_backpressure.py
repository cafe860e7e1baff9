"""Bounds what waits between the server and one kernel.

A kernel that is busy takes nothing. What its page goes on sending then waits in this process, in ZeroMQ's queues and
in the kernel's own memory, and none of them has an end in bytes. A kernel says of each message when it has finished
with it, so the bytes that wait anywhere can be counted: where they are too many, the server reads no further from
that page's websocket, and TCP keeps the rest with the browser.
"""

from __future__ import annotations

import asyncio
from collections import deque

from cowork.serve.http.websocket_frames import Frame

MAX_WAITING_BYTES = 16_000_000
"""As much as may wait the other way, for a browser (`handlers.MOST_WAITING`)."""

MESSAGE_COST = 1_000
"""What a small message takes beside its bytes, in queues and in lists."""

PATIENCE = 60.0
"""Seconds until a page that sends more than its kernel takes is cut. Its browser connects anew and sends again."""


class KernelBackpressure:
    """The messages that one kernel has been sent and has not finished with."""

    def __init__(self) -> None:
        self.waiting_bytes = 0
        self._waiting: dict[str, deque[tuple[str, int]]] = {}
        self._channel_of: dict[str, str] = {}
        self._finished = asyncio.Event()

    async def wait_for_room(self, seconds: float = PATIENCE) -> None:
        """Come back when one more message may be sent. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.waiting_bytes >= MAX_WAITING_BYTES:
                self._finished.clear()
                await self._finished.wait()

    def add(self, frame: Frame) -> None:
        """This one is on its way."""
        cost = frame.size + MESSAGE_COST
        self._waiting.setdefault(frame.channel, deque()).append((frame.message_id, cost))
        self._channel_of[frame.message_id] = frame.channel
        self.waiting_bytes += cost

    def finish(self, message_id: str) -> None:
        """The kernel has finished with this message, and with all before it on its channel: it takes them in order."""
        channel = self._channel_of.get(message_id)
        queue = self._waiting.get(channel or "", deque())
        while queue and channel:
            first, cost = queue.popleft()
            self._channel_of.pop(first, None)
            self.waiting_bytes -= cost
            if first == message_id:
                break
        self._finished.set()
