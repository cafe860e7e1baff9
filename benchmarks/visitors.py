"""What visitors wait for and what they cost, beside stock Voilà and four other frameworks: one Markdown table.

    python benchmarks/visitors.py                     everything but the long runs, about twenty minutes
    python benchmarks/visitors.py --quick             the same with few repetitions
    python benchmarks/visitors.py --only browser,drop some groups of figures
    python benchmarks/visitors.py --columns cowork    one column
    python benchmarks/visitors.py --soak 30           thirty visitors (--visitors) for thirty minutes in 2 GB, instead
    python benchmarks/visitors.py --binder-soak 30    the same in Jupyter's own server with our extension, as on Binder

The table goes to standard output and what happens meanwhile to standard error; --json FILE keeps every single value.
Needs Linux, the test environment and an installed Chromium. The environments of the other frameworks are made in this
person's cache folder. What the words mean stands in `visitors/__init__.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from visitors import browsing, concurrent_visitors, folding, outage, peer_frameworks, single_core, soak
from visitors.cgroup_limit import LIMIT_MB, limited_machine
from visitors.chromium import App, Chromium, workbook
from visitors.group import Group, create_group
from visitors.peers.environments import PEERS, SOLARA, Peer
from visitors.processes import OtherLoad
from visitors.results import OURS, STOCK, Table
from visitors.servers import Server, binder_server, own_server, running, stock_voila, temporary_folder

GROUPS = ("browser", "phone", "burst", "crowd", "drop", "small", "fold", "peers")
MAKERS = {OURS: own_server, STOCK: stock_voila}


class Run:
    """One run: what to measure, how often, and where it goes. A group that fails leaves the others alone."""

    def __init__(self, asked: argparse.Namespace, table: Table, chromium: Chromium) -> None:
        self.asked, self.table, self.chromium = asked, table, chromium
        self.quick: bool = asked.quick

    async def group(self, name: str, column: str, keys: list[str], work: Callable[[], Awaitable[None]]) -> None:
        if name not in self.asked.only or column not in self.table.columns:
            return
        begun, others = time.monotonic(), OtherLoad()
        print(f"{name}, {column} ...", file=sys.stderr, flush=True)
        try:
            await work()
        except Exception as error:
            traceback.print_exc()
            words = " ".join(str(error).split())[:60] or type(error).__name__
            self.table.fail(keys, column, f"failed: {words}".replace("|", "/"))
        self.table.others.setdefault(column, {})[name] = others.share()
        print(f"{name}, {column}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)

    async def side(self, column: str) -> None:
        """Everything about one way of serving our notebook, each group at a server of its own."""

        @contextmanager
        def place() -> Iterator[tuple[Server, Group, App]]:
            """A server of its own over a new record, the people in it, and the page of one of them."""
            with temporary_folder() as folder:
                group = create_group(folder / "group.cowork")
                with running(MAKERS[column](group)) as server:
                    yield server, group, workbook(group, group.people[0])

        async def browser() -> None:
            with place() as (server, _, app):
                await browsing.warm(self.chromium, server, app)
                await browsing.visits(self.chromium, server, app, self.table, column, 3 if self.quick else 9)
                await browsing.weights(self.chromium, server, app, self.table, column, 1 if self.quick else 3)

        async def phone() -> None:
            with place() as (server, _, app):
                await browsing.warm(self.chromium, server, app)
                await browsing.phone(self.chromium, server, app, self.table, column, 1 if self.quick else 3)

        async def burst() -> None:
            for _ in range(1 if self.quick else 2):
                with place() as (server, group, _app):
                    await concurrent_visitors.burst(server, group, self.table, column)

        async def grow() -> None:
            with place() as (server, group, _):
                shares, seconds = (12, 8.0) if self.quick else (40, 20.0)
                await concurrent_visitors.grow(server, group, self.chromium, self.table, column, shares, seconds)

        async def drop() -> None:
            with place() as (server, group, _):
                await outage.outages(server, group, self.chromium, self.table, column, 1 if self.quick else 3)

        async def capped() -> None:
            times = 1 if self.quick else 3
            await single_core.single_core_visits(MAKERS[column], self.chromium, self.table, column, times)

        await self.group("browser", column, browsing.WIRED, browser)
        await self.group("phone", column, ["phone"], phone)
        await self.group("burst", column, concurrent_visitors.BURST, burst)
        await self.group("crowd", column, [*concurrent_visitors.GROWING, *concurrent_visitors.TRAVELLING], grow)
        await self.group("drop", column, outage.KEYS, drop)
        await self.group("small", column, single_core.KEYS, capped)

    async def everything(self) -> None:
        for column in MAKERS:
            await self.side(column)

        async def folds() -> None:
            with temporary_folder() as folder:
                largest, times = (10_000, 3) if self.quick else (100_000, 5)
                await asyncio.to_thread(folding.folds, folder, self.table, largest, times)

        await self.group("fold", OURS, [f"fold{n}" for n in folding.SIZES], folds)
        for found in PEERS:

            async def one(found: Peer = found) -> None:
                with temporary_folder() as folder:
                    times, sessions = (2, 1) if self.quick else (5, 30)
                    await peer_frameworks.peer(found, folder, self.chromium, self.table, times, sessions)

            await self.group("peers", found.name, peer_frameworks.KEYS, one)
        if "peers" in self.asked.only and any(found.name in self.table.columns for found in PEERS):
            self.table.note(SOLARA)


async def short(asked: argparse.Namespace, table: Table) -> None:
    async with Chromium() as chromium:
        await Run(asked, table, chromium).everything()


async def long(asked: argparse.Namespace, table: Table) -> None:
    """The long runs, with a cap of 2 GB: our own server, or Jupyter's with our extension."""
    minutes, make = (asked.soak, own_server) if asked.soak else (asked.binder_soak, binder_server)
    others = OtherLoad()
    with limited_machine(one_core=False) as limit, temporary_folder() as folder:
        group = create_group(folder / "group.cowork", people=asked.visitors + 1)
        with running(make(group, limit)) as server:
            await soak.soak(server, group, table, OURS, asked.visitors, minutes, limit)
    table.others[OURS] = {"soak": others.share()}
    for words in limit.notes or [f"Memory was capped at {LIMIT_MB} MB."]:
        table.note(words)


def arguments(words: list[str]) -> argparse.Namespace:
    columns = [OURS, STOCK, *(peer.name for peer in PEERS)]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few repetitions")
    parser.add_argument("--only", type=_list(GROUPS), default=GROUPS, metavar=",".join(GROUPS))
    parser.add_argument("--columns", type=_list(columns), default=columns, metavar=",".join(columns))
    parser.add_argument("--json", type=Path, metavar="FILE", help="every single value")
    parser.add_argument("--soak", type=float, nargs="?", const=30.0, metavar="MINUTES")
    parser.add_argument("--binder-soak", type=float, nargs="?", const=30.0, metavar="MINUTES")
    parser.add_argument("--visitors", type=int, default=concurrent_visitors.CROWD_SIZE, help="in the long runs")
    return parser.parse_args(words)


def _list(known: tuple[str, ...] | list[str]) -> Callable[[str], list[str]]:
    def read(words: str) -> list[str]:
        found = [one.strip() for one in words.split(",")]
        if unknown := sorted(set(found) - set(known)):
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not among {', '.join(known)}")
        return [one for one in known if one in found]

    return read


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    system = f"Linux {platform.release()}, Python {platform.python_version()}"
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{now}; {os.cpu_count()} cores, {memory:.0f} GiB, loopback; {system}; load {os.getloadavg()[0]:.1f}"


async def main(asked: argparse.Namespace) -> int:
    """Ended by a signal, it still ends its servers and shows what it has found so far."""
    task = asyncio.current_task()
    assert task
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    if asked.soak or asked.binder_soak:
        table = Table([OURS])
        where = "our own server" if asked.soak else "Jupyter's server with our extension, as on Binder"
        table.note(
            f"{asked.visitors} visitors for {asked.soak or asked.binder_soak:g} minutes at {where}. {machine()}."
        )
        work = long(asked, table)
    else:
        table = Table(asked.columns)
        table.note(f"Median / p95 (n). Begun {machine()}.")
        work = short(asked, table)
    try:
        await work
    except asyncio.CancelledError:
        table.note("Ended before its time: what stands here is what had been found.")
    print(table.markdown())
    if asked.json:
        asked.json.write_text(json.dumps(table.raw(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(arguments(sys.argv[1:]))))
