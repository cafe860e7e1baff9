"""Measures the same small app in other frameworks: visits, transferred bytes, and memory of one and thirty sessions."""

from __future__ import annotations

import asyncio
from pathlib import Path

from visitors.browsing import address, visits, warm, weights
from visitors.chromium import App, Chromium
from visitors.peers.environments import Peer
from visitors.peers.environments import server as make
from visitors.results import Table
from visitors.servers import Server, running

KEYS = ["first", "shown", "second", "kB", "requests", "kB2", "requests2", "pss1", "pss30"]


async def peer(found: Peer, folder: Path, chromium: Chromium, table: Table, times: int, sessions: int) -> None:
    server = await asyncio.to_thread(make, found, folder)
    with running(server):
        await warm(chromium, server, found.app)
        await visits(chromium, server, found.app, table, found.name, times)
        await weights(chromium, server, found.app, table, found.name, 1)
    with running(server):  # memory of a fresh one, without what earlier visits left
        await memory(chromium, server, found.app, table, found.name, sessions)


async def memory(chromium: Chromium, server: Server, app: App, table: Table, column: str, sessions: int) -> None:
    """Measure memory. Each session is a tab of a real browser, since each framework has its own protocol."""
    context = await chromium.device(app, press=False)
    try:
        for number in range(1, sessions + 1):
            page = await context.new_page()
            await page.goto(address(server, server.port), wait_until="commit")
            await page.wait_for_function("() => window.__visit && window.__visit.shown")
            if number in (1, 30):
                await asyncio.sleep(2)
                table.put(f"pss{number}", column, server.pss())
    finally:
        await context.close()
