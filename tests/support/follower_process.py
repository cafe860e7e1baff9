"""Processes that follow a workshop, for tests of how they learn of what is new."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cowork.store import open_record
from support.strategies import Group

HOUR = "3600"

FOLLOWER = """
import asyncio, logging, sys
from cowork.feed import Feed
from cowork.store import open_record

logging.basicConfig()
path, workshop, every = sys.argv[1:]
heard = []

def tell(state):
    texts = [str(e.data.get("text", "")) for e in state.of_kind("intention")]
    if "bad" in texts:
        raise ValueError("the wall fell")
    new, heard[:] = texts[len(heard):], texts
    print("told", *new, sep="|", flush=True)

def failed(error):
    print("error", error, sep="|", flush=True)

async def main():
    feed = Feed(open_record(path), workshop, every=float(every) if every else None)
    feed.on_error(failed)
    feed.on_poll(lambda: print("turn", flush=True))
    feed.follow(tell)
    feed.start()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

asyncio.run(main())
"""


class Follower:
    """Another process that follows the workshop. Comes to hear when it has bound its socket and looked once."""

    def __init__(self, path: Path, workshop: str, every: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", FOLLOWER, str(path), workshop, every],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": tempfile.gettempdir()},
        )
        self.lines: queue.Queue[list[str]] = queue.Queue()
        self.log: list[str] = []
        self.heard: list[str] = []
        self.told = 0
        self.readers = [threading.Thread(target=do) for do in (self._read, self._read_log)]
        for reader in self.readers:
            reader.start()
        self.wait(lambda line: line == ["turn"])

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line.rstrip("\n").split("|"))
        self.lines.put(["ended"])

    def _read_log(self) -> None:
        self.log += self.process.stderr or ()

    def wait(self, until: Callable[[list[str]], bool]) -> list[str]:
        """Read what it says until a line is so; a minute is for ever."""
        end = time.monotonic() + 60
        while True:
            line = self.lines.get(timeout=max(end - time.monotonic(), 0.001))
            if line[0] == "told":
                self.told += 1
                self.heard += line[1:]
            if until(line):
                return line
            assert line != ["ended"], self.log

    def hears(self, *texts: str) -> None:
        self.wait(lambda line: self.heard[-len(texts) :] == list(texts))

    def end(self) -> str:
        """End it in order; what it wrote into its log."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(60)
        for reader in self.readers:
            reader.join(60)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        return "".join(self.log)


class Stage:
    """A workshop in a file, a temporary folder of its own, and processes that follow."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.group = Group(open_record(path))
        self.followers: list[Follower] = []
        self.folder = Path(tempfile.gettempdir(), f"cowork-{os.getuid()}-wake")

    def follower(self, every: str = HOUR) -> Follower:
        self.followers.append(Follower(self.path, self.group.workshop, every))
        return self.followers[-1]

    def sockets(self) -> list[str]:
        return sorted(os.listdir(self.folder))
