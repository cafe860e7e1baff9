"""Measures a long session: people write, read, leave and return for half an hour."""

from __future__ import annotations

import asyncio
import random
import sys
import time

from visitors.cgroup_limit import MachineLimit
from visitors.concurrent_visitors import fill, leaving_pages
from visitors.group import Group
from visitors.headless_client import HeadlessClient
from visitors.processes import pss
from visitors.results import Table
from visitors.servers import Server

KEYS = ["soak-growth", "soak-total", "soak-arrive", "soak-socket", "soak-lost"]
SHARE_EVERY = 10.0  # seconds between two texts, from anyone
RELOAD_EVERY = 30.0  # seconds between two people who close their page and come back
TIMEOUT = 30.0


async def soak(
    server: Server, group: Group, table: Table, column: str, many: int, minutes: float, limit: MachineLimit
) -> None:
    """So many visitors for so many minutes.

    The server's growth is from the first tenth, when everybody has come, to the last tenth of the time.
    """
    chance = random.Random(4)
    held: list[tuple[float, float]] = []
    lost = 0
    async with leaving_pages([]) as visitors:
        await fill(server, group, visitors, many)
        begun = time.monotonic()
        turn = 0
        while (gone := time.monotonic() - begun) < minutes * 60:
            turn += 1
            if turn % round(RELOAD_EVERY / SHARE_EVERY) == 0:
                place = chance.randrange(many)
                await visitors[place].leave()
                visitors[place] = await HeadlessClient(server, visitors[place].person).open_page()
                table.put("soak-arrive", column, visitors[place].times["interactive"])
            lost += await _share(chance.choice(visitors), visitors, f"Said in turn {turn}.", table, column)
            assert server.process
            held.append((pss([server.process.pid]), server.pss()))
            if turn % 6 == 0:
                print(f"  {gone / 60:.0f} min: server {held[-1][0]:.0f} MB, all {held[-1][1]:.0f} MB", file=sys.stderr)
            await asyncio.sleep(max(0.0, SHARE_EVERY * turn - (time.monotonic() - begun)))
        lost += sum(bool(one.broken) for one in visitors)
    tenth = max(1, len(held) // 10)
    grown = sum(one for one, _ in held[-tenth:]) / tenth - sum(one for one, _ in held[:tenth]) / tenth
    table.put("soak-growth", column, grown)
    table.put("soak-total", column, held[-1][1])
    table.put("soak-lost", column, lost)
    if (peak := limit.peak_mb()) is not None:
        table.put("soak-peak", column, peak)
    if killed := limit.killed():
        table.note(f"{column}: the memory cap ended {killed} processes.")


async def _share(author: HeadlessClient, visitors: list[HeadlessClient], words: str, table: Table, column: str) -> int:
    """Submit one text; returns how many others did not receive it."""
    others = [one.when_received(words) for one in visitors if one is not author]
    sent = author.share(words)
    heard, missing = await asyncio.wait(others, timeout=TIMEOUT)
    table.put("soak-socket", column, *((one.result() - sent) * 1000 for one in heard))
    return len(missing)
