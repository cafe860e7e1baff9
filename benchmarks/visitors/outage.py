"""The network goes and comes back: how long until the page works again, and whether anything was lost or doubled."""

from __future__ import annotations

import asyncio
import time

from visitors.browsing import address
from visitors.chromium import Chromium, workbook
from visitors.group import Group
from visitors.light import Light
from visitors.servers import Server
from visitors.table import Table
from visitors.wire import Wire

KEYS = ["drop", "lost"]
AWAY = 5.0
PATIENCE = 90_000


async def drops(server: Server, group: Group, chromium: Chromium, table: Table, column: str, times: int) -> None:
    """Somebody writes while their line is cut, and so does another whose line is whole.

    The page works again when both texts stand in its list: what was written without a network has been shared, and
    what others wrote meanwhile has come.
    """
    other = await Light(server, group.people[1]).come()
    try:
        for number in range(times):
            async with Wire(server.port) as wire:
                context = await chromium.device(workbook(group, group.people[2 + number]), press=False)
                page = await context.new_page()
                await page.goto(address(server, wire.port), wait_until="commit")
                cards = page.locator(".cw-cards")
                await cards.locator("li").first.wait_for()
                await asyncio.sleep(3)
                wire.cut()
                texts = [f"Written in tunnel {number}.", f"Written meanwhile {number}."]
                await page.locator(".cw-ask textarea").first.fill(texts[0])
                await page.locator(".cw-ask form button[type=submit]").first.click()
                other.share(texts[1])
                await asyncio.sleep(AWAY)
                wire.mend()
                back = time.monotonic()
                for text in texts:
                    await cards.get_by_text(text).first.wait_for(timeout=PATIENCE)
                table.put("drop", column, time.monotonic() - back)
                await asyncio.sleep(6)  # long enough for a second attempt, if there is one
                kept = group.texts()
                shown = [await cards.get_by_text(text).count() for text in texts]
                table.put("lost", column, sum(abs(kept.count(t) - 1) for t in texts) + sum(abs(n - 1) for n in shown))
                await context.close()
    finally:
        await other.leave()
