"""A long session: people write, read, go and come back for half an hour."""

from __future__ import annotations

import asyncio
import random
import sys
import time

from visitors.cage import Cage
from visitors.crowd import fill, leaving
from visitors.group import Group
from visitors.light import Light
from visitors.processes import pss
from visitors.servers import Server
from visitors.table import Table

KEYS = ["soak-growth", "soak-total", "soak-arrive", "soak-socket", "soak-lost"]
SHARE_EVERY = 10.0  # seconds between two texts, from anyone
RELOAD_EVERY = 30.0  # seconds between two people who close their page and come back
PATIENCE = 30.0


async def soak(server: Server, group: Group, table: Table, column: str, many: int, minutes: float, cage: Cage) -> None:
    """So many visitors for so many minutes.

    The server's growth is from the first tenth, when everybody has come, to the last tenth of the time.
    """
    chance = random.Random(4)
    held: list[tuple[float, float]] = []
    lost = 0
    async with leaving([]) as visitors:
        await fill(server, group, visitors, many)
        begun = time.monotonic()
        turn = 0
        while (gone := time.monotonic() - begun) < minutes * 60:
            turn += 1
            if turn % round(RELOAD_EVERY / SHARE_EVERY) == 0:
                place = chance.randrange(many)
                await visitors[place].leave()
                visitors[place] = await Light(server, visitors[place].one).come()
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
    if (peak := cage.peak_mb()) is not None:
        table.put("soak-peak", column, peak)
    if killed := cage.killed():
        table.note(f"{column}: the memory cap ended {killed} processes.")


async def _share(author: Light, visitors: list[Light], words: str, table: Table, column: str) -> int:
    """One text to all the others; returns how many did not hear it."""
    others = [one.hears(words) for one in visitors if one is not author]
    sent = author.share(words)
    heard, missing = await asyncio.wait(others, timeout=PATIENCE)
    table.put("soak-socket", column, *((one.result() - sent) * 1000 for one in heard))
    return len(missing)
