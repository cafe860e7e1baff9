"""Measures one visitor in a real browser: first and second visit, transferred bytes, and a phone on a slow line."""

from __future__ import annotations

from visitors.chromium import PHONE, App, Chromium, visit
from visitors.network_line import NetworkLine
from visitors.results import Table
from visitors.servers import Server

WIRED = ["first", "shown", "second", "kB", "requests", "kB2", "requests2"]


def address(server: Server, port: int) -> str:
    query = f"?{server.query}" if server.query else ""
    return f"http://127.0.0.1:{port}{server.path}{query}"


async def warm(chromium: Chromium, server: Server, app: App) -> None:
    """Make one visit that is not measured: the first at a server."""
    context = await chromium.device(app)
    await visit(context, address(server, server.port))
    await context.close()


async def visits(chromium: Chromium, server: Server, app: App, table: Table, column: str, times: int) -> None:
    """Measure first and second visits; each pair has a new device with an empty cache."""
    for _ in range(times):
        context = await chromium.device(app)
        first, _page = await visit(context, address(server, server.port))
        second, _page = await visit(context, address(server, server.port))
        await context.close()
        table.put("first", column, first.answered)
        table.put("shown", column, first.shown)
        table.put("second", column, second.answered)


async def weights(chromium: Chromium, server: Server, app: App, table: Table, column: str, times: int) -> None:
    """Measure the bytes on the network until a moment after a submission was answered."""
    for _ in range(times):
        async with NetworkLine(server.port) as line:
            context = await chromium.device(app)
            for kilobytes, requests in (("kB", "requests"), ("kB2", "requests2")):
                before = line.down.bytes + line.up.bytes
                found, page = await visit(context, address(server, line.port), keep=True)
                table.put(kilobytes, column, (line.down.bytes + line.up.bytes - before) / 1000)
                table.put(requests, column, found.requests)
                if found.outside:
                    hosts = sorted({one.split("/")[2] for one in found.outside})
                    table.note(
                        f"{column} asks other hosts ({len(hosts)}); here they cannot be reached, so nothing waits."
                    )
                await page.close()
            await context.close()


async def phone(chromium: Chromium, server: Server, app: App, table: Table, column: str, times: int) -> None:
    for _ in range(times):
        async with NetworkLine.slow(server.port, down_mbit=1.6, up_mbit=0.75, rtt=0.15) as line:
            context = await chromium.device(app, **PHONE)
            found, _page = await visit(context, address(server, line.port), slow=4)
            await context.close()
            table.put("phone", column, found.answered / 1000)
