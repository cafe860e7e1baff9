"""Measures an outage of the network: how long until the page works again, and whether a text was lost or doubled."""

from __future__ import annotations

import asyncio
import time

from visitors.browsing import address
from visitors.chromium import Chromium, workbook
from visitors.group import Group
from visitors.headless_client import HeadlessClient
from visitors.network_line import NetworkLine
from visitors.results import Table
from visitors.servers import Server

KEYS = ["drop", "lost"]
OUTAGE_SECONDS = 5.0
TIMEOUT = 90_000


async def outages(server: Server, group: Group, chromium: Chromium, table: Table, column: str, times: int) -> None:
    """Submit one text on a cut line, and another one elsewhere.

    The page works again when its list shows both: the text written without a network was shared, and the text that
    somebody else wrote meanwhile has arrived.
    """
    other = await HeadlessClient(server, group.people[1]).open_page()
    try:
        for number in range(times):
            async with NetworkLine(server.port) as line:
                context = await chromium.device(workbook(group, group.people[2 + number]), press=False)
                page = await context.new_page()
                await page.goto(address(server, line.port), wait_until="commit")
                cards = page.locator(".cw-cards")
                await cards.locator("li").first.wait_for()
                await asyncio.sleep(3)
                line.cut()
                texts = [f"Written in tunnel {number}.", f"Written meanwhile {number}."]
                await page.locator(".cw-ask textarea").first.fill(texts[0])
                await page.locator(".cw-ask form button[type=submit]").first.click()
                other.share(texts[1])
                await asyncio.sleep(OUTAGE_SECONDS)
                line.mend()
                back = time.monotonic()
                for text in texts:
                    await cards.get_by_text(text).first.wait_for(timeout=TIMEOUT)
                table.put("drop", column, time.monotonic() - back)
                await asyncio.sleep(6)  # long enough for a second attempt, if there is one
                kept = group.texts()
                shown = [await cards.get_by_text(text).count() for text in texts]
                table.put("lost", column, sum(abs(kept.count(t) - 1) for t in texts) + sum(abs(n - 1) for n in shown))
                await context.close()
    finally:
        await other.leave()
