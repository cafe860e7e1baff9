"""Measures visits on a small machine, as on Binder: two gigabytes and one core for the server and all its kernels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from visitors import browsing
from visitors.cgroup_limit import limited_machine
from visitors.chromium import Chromium, workbook
from visitors.concurrent_visitors import burst, fill, leaving_pages
from visitors.group import create_group
from visitors.results import Table
from visitors.servers import Server, running, temporary_folder

KEYS = ["small-first", "small-burst", "small-pss40", "small-killed"]


async def single_core_visits(
    make: Callable[..., Server], chromium: Chromium, table: Table, column: str, times: int
) -> None:
    """Measure first visits, a burst of thirty, and forty open pages."""
    with limited_machine() as limit, temporary_folder() as folder:
        for words in limit.notes:
            table.note(f"2 GB, one core: {words}.")
        group = create_group(folder / "group.cowork")
        app = workbook(group, group.people[0])
        try:
            with running(make(group, limit)) as server:
                await browsing.warm(chromium, server, app)
                for _ in range(times):
                    context = await chromium.device(app)
                    found, _page = await browsing.visit(context, browsing.address(server, server.port))
                    await context.close()
                    table.put("small-first", column, found.answered)
            with running(make(group, limit)) as server:
                await burst(server, group, table, column, ("small-burst", ""))
            with running(make(group, limit)) as server:
                async with leaving_pages([]) as visitors:
                    await fill(server, group, visitors, 40)
                    await asyncio.sleep(2)
                    table.put("small-pss40", column, server.pss())
        finally:
            if (killed := limit.killed()) is not None:
                table.put("small-killed", column, killed)
