"""People in a real browser at a real server: one Chromium for the whole run, one server and one record a file.

Nothing here waits on time: every wait is for something a person would see, or for the server's own answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import select
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

FLAGS = [
    "--no-sandbox",  # CI is root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Slow machines are slow; what is right still appears. A timeout here is a failure and never a way to wait. Thirty
#: seconds were too few on a machine that did five things at once.
PATIENCE = 90_000

#: Links whose page has another name in its address.
PAGE = {
    "My choices": "choices",
    "How we meet": "setting",
    "How did we get here?": "trace",
    "Where we see it differently": "differ",
    "Write for someone": "people",
}

expect.set_options(timeout=PATIENCE)


def free_port() -> int:
    """A port that a server is told to take. Between this answer and that, somebody else may take it: so it is none of
    those that the system gives to connections, and each process of a run asks in a part of its own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16
    first = 20_000 + 750 * worker
    while True:
        port = first + secrets.randbelow(750)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


class Server:
    """`cowork serve` as a process of its own, that can be killed and come back at the same address."""

    def __init__(self, record: Path) -> None:
        self.record = record
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = record.with_suffix(".log")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self, **env: str) -> None:
        command = [sys.executable, "-m", "cowork", "--record", str(self.record), "serve", "--no-browser"]
        self.begin([*command, "--port", str(self.port)], {**os.environ, **env} if env else None)

    def begin(self, command: list[str], env: dict[str, str] | None = None) -> None:
        """Start this process as the server, and return when it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=env)
        for _ in range(1200):  # each turn asks once; a refused connection answers at once, so this bounds the tries
            try:
                self.alive()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise AssertionError(self.log.read_text("utf-8")) from None
                pause(0.1)
        raise AssertionError("the server did not answer: " + self.log.read_text("utf-8"))

    def alive(self, kernel: str = "") -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}cowork/alive?kernel={kernel}", timeout=5) as answer:
            return dict(json.load(answer))

    def kill(self) -> None:
        """As when the laptop's battery is pulled: the server and every kernel at once."""
        if self.process is not None:
            kernels = self.kernels()
            os.killpg(self.process.pid, signal.SIGKILL)
            for pid in kernels:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def kernels(self) -> list[int]:
        """Process ids of the kernels, one for each open page."""
        assert self.process is not None
        found = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
        return [pid for pid in found if _is_kernel(pid) and _descends(pid, self.process.pid)]

    def until_gone(self, kernel: str) -> None:
        """Wait until the server knows that this kernel has ended: until then it may still open a socket to it."""
        for _ in range(900):
            if not self.alive(kernel)["kernel"]:
                return
            pause(0.1)
        raise AssertionError("the server takes a kernel that was killed to be alive")

    def cowork(self, *args: str) -> subprocess.CompletedProcess[str]:
        """A command at the same record, while the server is running."""
        command = [sys.executable, "-m", "cowork", "--record", str(self.record), *args]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def _is_kernel(pid: int) -> bool:
    """A plain one has its own command; a forked one has that of the warm process that made it."""
    if b"cowork.serve.kernels.launcher" in _command(pid):
        return True
    return b"cowork.serve.kernels.forkserver" in _command(pid) and b"cowork.serve.kernels.forkserver" in _command(
        _parent(pid)
    )


def _parent(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rsplit(")", 1)[1].split()[1])


def _descends(pid: int, ancestor: int) -> bool:
    while pid > 1 and pid != ancestor:
        pid = _parent(pid)
    return pid == ancestor


def pause(seconds: float) -> None:
    """Between two questions to a server that is starting; never in place of a condition."""
    select.select([], [], [], seconds)


class Person:
    """Somebody with a device: their own storage, their own window, and a note of what the page asked for."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context = context
        self.server = server
        self.outside: list[str] = []
        self.faults: list[str] = []
        context.on("request", self._asked)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.server.url, "data:", "blob:", "about:")):
            self.outside.append(request.url)

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=True)

    def open(self, query: str = "") -> None:
        self.page.goto(self.server.url + query)

    def start_workshop(self, title: str, why: str = "To find out together.", name: str = "") -> str:
        """Open a workshop as its facilitator does; returns the code."""
        self.open()
        self.button("Start a workshop").click()
        self.page.get_by_label("Name of the workshop").fill(title)
        self.page.get_by_label("Why we hold this").fill(why)
        if name:
            self.page.get_by_label("What shall we call you?").fill(name)
        self.button("Open the workshop").click()
        self.parts().wait_for()
        found = re.search(r"[?&]w=([A-Z]+-\d+)", self.page.url)
        assert found, self.page.url
        return found[1]

    def join(self, code: str, name: str = "", *, by_link: bool = False) -> None:
        """Come in with the code, typed or by its link, and say yes."""
        if by_link:
            self.open(f"?w={code}")
        else:
            self.open()
            self.page.get_by_label("The code you were given").fill(code)
            self.button("Join").click()
        self.page.get_by_role("radio", name="Yes, I would like to take part").check()
        if name:
            self.page.get_by_label("Name for this workshop").fill(name)
        self.button("Go to the group").click()
        self.parts().wait_for()

    def parts(self) -> Any:
        return self.page.get_by_role("navigation", name="Six parts, in any order")

    def go(self, part: str) -> None:
        """Press a link in the list of parts; on a phone the list is opened first. Returns when the page has come."""
        page = self.page
        self.parts().wait_for()
        # The list folds or unfolds in the first frame of a new width: looked at before, a link is seen that then goes.
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        # Only beside the page: what stands on it goes while it is being left.
        side = page.locator(".cw-shell-side")
        link = side.get_by_role("link", name=re.compile(f"^{re.escape(part)}"))
        visible = [one for one in link.all() if one.is_visible()]
        if not visible:
            side.get_by_text("Show all six parts").click()
            visible = [one for one in link.all() if one.is_visible()]
        visible[0].click()
        key = PAGE.get(part, part.lower())
        expect(page).to_have_url(re.compile(f"page={key}"))
        expect(side.locator(f"a[aria-current='page'][href*='page={key}']")).to_have_count(1)

    def share(self, label: str, words: str) -> None:
        """Write in a box and share; returns when the page says "Shared"."""
        self.page.get_by_label(label, exact=True).first.fill(words)
        self.button("Share with the group").first.click()
        expect(self.page.get_by_text("Shared", exact=True).first).to_be_visible()

    def card(self, words: str) -> Any:
        """The card that holds these words."""
        return self.page.get_by_role("listitem").filter(has_text=words).last

    def close(self) -> None:
        self.context.close()
