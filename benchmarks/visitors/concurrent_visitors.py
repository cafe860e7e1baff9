"""Measures many visitors at once: memory as they arrive, processor time while they read, and delivery times."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from visitors.browsing import address
from visitors.chromium import Chromium, workbook
from visitors.group import Group
from visitors.headless_client import HeadlessClient, arrive, open_pages
from visitors.results import Table
from visitors.servers import Server

SIZES = (1, 5, 15, 30, 40)
CROWD_SIZE = 30
GROWING = [f"pss{size}" for size in SIZES]
TRAVELLING = ["idle", "socket", "dom"]
BURST = ["burst", "cpu"]

#: In the watcher's page: when each numbered text was first in the list, in milliseconds since 1970.
WATCH = """() => {
  const seen = (window.__seen = {});
  const look = () => {
    const now = Date.now();
    for (const list of document.querySelectorAll(".cw-cards"))
      for (const [, n] of list.textContent.matchAll(/Shared word (\\d+)\\./g)) seen[n] ||= now;
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@contextlib.asynccontextmanager
async def leaving_pages(visitors: list[HeadlessClient]) -> AsyncIterator[list[HeadlessClient]]:
    try:
        yield visitors
    finally:
        await asyncio.gather(*(one.leave() for one in visitors), return_exceptions=True)


async def fill(server: Server, group: Group, visitors: list[HeadlessClient], size: int) -> None:
    """Open pages until there are so many, a few at a time."""
    more = [HeadlessClient(server, group.people[n]) for n in range(len(visitors), size)]
    visitors += more
    try:
        await open_pages(more)
    except ExceptionGroup as wrong:
        there = sum("interactive" in one.times for one in visitors)
        raise RuntimeError(f"{there} came in, the next did not: {wrong.exceptions[0]!r}") from wrong


async def grow(
    server: Server, group: Group, chromium: Chromium, table: Table, column: str, shares: int, seconds: float
) -> None:
    """Open up to forty pages; at thirty, measure reading and then writing."""
    async with leaving_pages([]) as visitors:
        for size in SIZES:
            await fill(server, group, visitors, size)
            await asyncio.sleep(2)
            table.put(f"pss{size}", column, server.pss())
            if size == CROWD_SIZE:
                await idle(server, table, column, seconds)
                await travel(server, group, chromium, visitors, table, column, shares)


async def idle(server: Server, table: Table, column: str, seconds: float) -> None:
    """Measure processor time while nobody writes; each page sends its pings."""
    before, begun = server.cpu(), time.monotonic()
    await asyncio.sleep(seconds)
    table.put("idle", column, 100 * (server.cpu() - before) / (time.monotonic() - begun))


async def travel(
    server: Server,
    group: Group,
    chromium: Chromium,
    visitors: list[HeadlessClient],
    table: Table,
    column: str,
    shares: int,
) -> None:
    """Submit texts one after the other, and measure their arrival in a real browser and at all other websockets."""
    context = await chromium.device(workbook(group, group.people[-1]), press=False)
    try:
        page = await context.new_page()
        await page.goto(address(server, server.port), wait_until="commit")
        await page.locator(".cw-cards li").first.wait_for()
        await page.evaluate(WATCH)
        await asyncio.sleep(2)
        sent = {}
        for number in range(shares):
            author = visitors[number % len(visitors)]
            words = f"Shared word {number}."
            others = [one.when_received(words) for one in visitors if one is not author]
            sent[number] = author.share(words)
            heard = await asyncio.wait_for(asyncio.gather(*others), 30)
            table.put("socket", column, *((at - sent[number]) * 1000 for at in heard))
            await asyncio.sleep(0.3 + 0.05 * (number % 5))
        await asyncio.sleep(1)
        seen = await page.evaluate("() => window.__seen")
        table.put("dom", column, *(at - sent[int(number)] * 1000 for number, at in seen.items()))
        if len(seen) < shares:
            table.note(f"{column}: {shares - len(seen)} of {shares} shared words never stood in the watching browser.")
    finally:
        await context.close()


async def burst(
    server: Server, group: Group, table: Table, column: str, keys: tuple[str, str] = ("burst", "cpu")
) -> None:
    """Open thirty pages within ten seconds, at a server that has had one visitor."""
    first = await HeadlessClient(server, group.people[-1]).open_page()
    await first.leave()
    await asyncio.sleep(2)
    async with leaving_pages([HeadlessClient(server, group.people[n]) for n in range(CROWD_SIZE)]) as visitors:
        before = server.cpu()
        wrong = await arrive(visitors, seconds=10)
        if wrong:
            raise RuntimeError(f"{len(wrong)} of {CROWD_SIZE} did not come in: {wrong[0]}")
        table.put(keys[0], column, *(one.times["interactive"] for one in visitors))
        if keys[1]:
            table.put(keys[1], column, (server.cpu() - before) / CROWD_SIZE)
