"""Checks whether killed processes lose or double anything: `python benchmarks/kills.py [--seconds 240] [--people 10]
[--seed 1]`.

People share words at the real server, over its websocket, as the page's script does: each keeps what was not answered
and sends it again, with the same id, to whatever kernel it gets next. Meanwhile kernels, warm processes and servers are
killed (SIGKILL). In the end every text that was answered with "shared" must stand in the record: once, in the name of
its author, with its very words. Prints what was found, and ends with 1 where anything is not so. Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import secrets
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketError
from visitors.group import Group, Person, create_group
from visitors.headless_client import HeadlessClient, parse_message
from visitors.servers import Server, own_server, temporary_folder

from cowork.core.errors import CoworkError
from cowork.core.ids import uuid7
from cowork.store import open_record
from cowork.store.check import check_record

#: Seconds: between two kills, until an unanswered text is sent again, and for the last answers once no more is killed.
KILL_INTERVAL, RESEND_AFTER, LAST_WAIT = 2.6, 4.0, 60.0
#: Seconds without an answer after which a page is taken for dead, as its script finds by asking.
DEAD_AFTER = 9.0
#: How often each is killed, out of a hundred.
KILL_PERCENT = {"kernel": 80, "warm process": 9, "server": 11}


@dataclass
class Device:
    """One person's device over the whole run: its outbox, and what it was answered."""

    person: Person
    number: int
    outbox: dict[str, dict[str, Any]] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)  # id -> words
    refused: list[str] = field(default_factory=list)
    turned_away: Counter[str] = field(default_factory=Counter)
    tries: int = 0
    visits: int = 0
    submitted: int = 0

    def item(self) -> dict[str, Any]:
        """Make a new submission. It is resent unchanged, with its time, because the record compares all of it."""
        self.submitted += 1
        words = f"Person {self.number} says number {self.submitted}, {secrets.token_hex(6)}."
        item = {"id": uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10)), "box": "intention",
                "kind": "utterance", "about": [], "fields": {"text": words}, "choices": {"seen": "group"},
                "lang": "en", "at": int(time.time() * 1000)}  # fmt: skip
        self.outbox[item["id"]] = item
        return item

    def answered(self, message: dict[str, Any]) -> None:
        item = self.outbox.pop(str(message.get("id", "")), None) if message["done"] != "failed" else None
        if item is None:
            return
        if message["done"] == "shared":
            self.acknowledged[item["id"]] = item["fields"]["text"]
        else:
            self.refused.append(str(message.get("message", "")))


class Visit(HeadlessClient):
    """A visit that passes the answers to its device."""

    def __init__(self, server: Server, device: Device) -> None:
        super().__init__(server, device.person)
        self.device = device

    async def _listen(self) -> None:
        try:
            while True:
                raw = await self._next_frame()
                if b'"done"' not in (raw if isinstance(raw, bytes) else raw.encode()):
                    continue
                content = parse_message(raw)["content"].get("data", {}).get("content")
                if isinstance(content, dict) and "done" in content:
                    self.device.answered(content)
        except (ConnectionError, AssertionError) as error:
            self.broken = str(error) or "closed"


async def participate(server: Server, device: Device, until: float, chance: random.Random) -> None:
    """Open the page, submit, resend, and reopen it after a disconnect, until the time is over and the outbox empty."""
    while time.monotonic() < until or (device.outbox and time.monotonic() < until + LAST_WAIT):
        visit = Visit(server, device)
        device.tries += 1
        try:
            await visit.open_page(40)
            device.visits += 1
            await share(visit, device, until, chance)
        except (OSError, RuntimeError, AssertionError, HTTPClientError, WebSocketError) as error:
            device.turned_away[f"{type(error).__name__} {error}"[:100]] += 1  # killed while the page opened
        finally:
            for task in visit._tasks:
                task.cancel()
            if visit.socket is not None:
                visit.socket.close()
        await asyncio.sleep(chance.uniform(0.2, 1.0))


async def share(visit: Visit, device: Device, until: float, chance: random.Random) -> None:
    sent: dict[str, float] = {}
    first: dict[str, float] = {}
    while not visit.broken:
        now = time.monotonic()
        if any(now - first.get(ident, now) > DEAD_AFTER for ident in device.outbox):
            return  # its kernel was killed: the server's end of the line is still there
        if now < until:
            device.item()
        elif not device.outbox or now > until + LAST_WAIT:
            await visit.leave()
            return
        for ident, item in device.outbox.items():
            if now - sent.get(ident, 0.0) >= RESEND_AFTER:
                sent[ident] = now
                first.setdefault(ident, now)
                visit.send_message(visit.form_id, {"do": "share", "item": item})
        await asyncio.sleep(chance.uniform(0.3, 1.2))


def processes_by_role(server: Server) -> dict[str, list[int]]:
    """The processes of a server by what they are."""
    found: dict[str, list[int]] = {"server": [server.process.pid] if server.process else []}
    for pid in server.pids():
        with contextlib.suppress(OSError):
            name = Path(f"/proc/{pid}/comm").read_text().strip()
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
            if (
                name == "cowork-kernel"
                or b"cowork.serve.kernels.launcher\0" in line
                or b"serve/kernels/launcher.py" in line
            ):
                found.setdefault("kernel", []).append(pid)
            elif b"cowork.serve.kernels.forkserver" in line:
                found.setdefault("warm process", []).append(pid)
    return found


async def kill(server: Server, until: float, chance: random.Random, killed: Counter[str]) -> None:
    while time.monotonic() < until:
        await asyncio.sleep(KILL_INTERVAL * chance.uniform(0.5, 1.5))
        what = chance.choices(list(KILL_PERCENT), list(KILL_PERCENT.values()))[0]
        there = processes_by_role(server).get(what, [])
        if not there:
            continue
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(there), signal.SIGKILL)
            killed[what] += 1
        if what == "server":
            await asyncio.to_thread(server.stop)  # what is left of its processes; those that live end by themselves
            await asyncio.to_thread(server.start)


def compare(group: Group, devices: list[Device]) -> dict[str, list[str]]:
    """List what in the record differs from what was acknowledged."""
    record = open_record(group.record, create=False)
    try:
        entries = {entry.id: entry for _, entry in record.read_entries(group.workshop)}
        faults = [f"{fault.key} {fault.values}" for fault in check_record(record)]
    finally:
        record.close(whole=True)
    times = Counter(str(e.data.get("text", "")) for e in entries.values())
    found: dict[str, list[str]] = {"lost": [], "doubled": [], "wrong author": [], "changed": [], "check": faults}
    found["beside the file"] = [name for name in os.listdir(group.record.parent) if name.endswith(("-wal", "-shm"))]
    for device in devices:
        for ident, words in device.acknowledged.items():
            entry = entries.get(ident)
            if entry is None:
                found["lost"].append(words)
                continue
            if times[words] != 1:
                found["doubled"].append(words)
            if entry.header.by != device.person.participant:
                found["wrong author"].append(words)
            if entry.data.get("text") != words:
                found["changed"].append(words)
        found["doubled"] += [i["fields"]["text"] for i in device.outbox.values() if times[i["fields"]["text"]] > 1]
    found["refused"] = [words for device in devices for words in device.refused]
    return found


def ignore_disconnects(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Print no traceback for a connection that is lost while a page opens: this run causes them."""
    if not isinstance(context.get("exception"), (OSError, HTTPClientError, WebSocketError)):
        loop.default_exception_handler(context)


async def main(asked: argparse.Namespace) -> int:
    asyncio.get_running_loop().set_exception_handler(ignore_disconnects)
    chance, killed = random.Random(asked.seed), Counter[str]()
    with temporary_folder() as folder:
        group = create_group(folder / "group.cowork", people=asked.people, contributions=5)
        devices = [Device(one, number) for number, one in enumerate(group.people, 1)]
        server = own_server(group)
        await asyncio.to_thread(server.start)
        try:
            until = time.monotonic() + asked.seconds
            async with asyncio.TaskGroup() as together:
                together.create_task(kill(server, until, chance, killed))
                for device in devices:
                    own = random.Random(f"{asked.seed} {device.number}")
                    together.create_task(participate(server, device, until, own))
        finally:
            await asyncio.to_thread(server.stop)
        found = await asyncio.to_thread(compare, group, devices)
    acknowledged = sum(len(device.acknowledged) for device in devices)
    visits, tries = (sum(getattr(device, name) for device in devices) for name in ("visits", "tries"))
    print(f"{asked.people} people, {asked.seconds:g} s, {visits} visits of {tries} tried")
    for why, count in sum((device.turned_away for device in devices), Counter[str]()).most_common(5):
        print(f"  {count} × {why}")
    print("killed:", ", ".join(f"{count} × {what}" for what, count in sorted(killed.items())) or "nothing")
    print(f"acknowledged: {acknowledged}; found: {acknowledged - len(found['lost'])}")
    print(f"still on a device when it ended: {sum(len(device.outbox) for device in devices)}")
    for what, which in found.items():
        print(f"{what}: {len(which)}", *which[:5], sep="\n  " if which else "")
    return 1 if not acknowledged or not killed or any(found.values()) else 0


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=240.0)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="of what is killed and when")
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main(arguments(sys.argv[1:]))))
    except CoworkError as error:
        sys.exit(f"the record: {error}")
