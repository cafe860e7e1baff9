"""A slow line: from one message of the kernel on, nothing more reaches the page until it is let go."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute


class HeldMessages:
    """While `holding`: holds the first message with `word` in it and all that follow. Made before the page opens."""

    def __init__(self, page: Page, word: str) -> None:
        self.word = word
        self.holding = False
        self.held: list[Callable[[], None]] = []
        page.route_web_socket(re.compile("/channels"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        behind = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            says = self.word.encode() in message if isinstance(message, bytes) else self.word in message
            if self.holding and (self.held or says):
                self.held.append(lambda: socket.send(message))
            else:
                socket.send(message)

        behind.on_message(pass_on)

    def release(self) -> None:
        """Let go what was held, in its order, and hold nothing more."""
        self.holding = False
        for send in self.held:
            send()
