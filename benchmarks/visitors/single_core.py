"""The same on a small machine, such as Binder gives: two gigabytes and one core for the server and all its kernels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from visitors import browsing
from visitors.cage import cage
from visitors.chromium import Chromium, workbook
from visitors.crowd import burst, fill, leaving
from visitors.group import gather
from visitors.servers import Server, running, workplace
from visitors.table import Table

KEYS = ["small-first", "small-burst", "small-pss40", "small-killed"]


async def small(make: Callable[..., Server], chromium: Chromium, table: Table, column: str, times: int) -> None:
    """First visits, a burst of thirty, and forty who stay."""
    with cage() as made, workplace() as folder:
        for words in made.notes:
            table.note(f"2 GB, one core: {words}.")
        group = gather(folder / "group.cowork")
        app = workbook(group, group.people[0])
        try:
            with running(make(group, made)) as server:
                await browsing.warm(chromium, server, app)
                for _ in range(times):
                    context = await chromium.device(app)
                    found, _page = await browsing.session(context, browsing.address(server, server.port))
                    await context.close()
                    table.put("small-first", column, found.answered)
            with running(make(group, made)) as server:
                await burst(server, group, table, column, ("small-burst", ""))
            with running(make(group, made)) as server:
                async with leaving([]) as visitors:
                    await fill(server, group, visitors, 40)
                    await asyncio.sleep(2)
                    table.put("small-pss40", column, server.pss())
        finally:
            if (killed := made.killed()) is not None:
                table.put("small-killed", column, killed)
