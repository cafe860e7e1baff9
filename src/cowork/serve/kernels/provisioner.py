"""The server's side of the warm process (`nursery`): starts it, asks it for kernels, and does without it.

`WarmProvisioner` is how Jupyter comes here: our kernelspecs name it (`kernels.spec`). Wherever a kernel cannot be
forked, it starts a plain one: on Windows and macOS, where COWORK_WARM=0 says so, and when the warm process could
not begin, was lost, or could not make this one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from cowork.serve.kernels.launcher import ARGUMENTS

log = logging.getLogger("cowork.serve")

NAME = "cowork-warm"
"""The provisioner's name, as it stands in `pyproject.toml` and in our kernelspecs."""

MAX_STARTS = 4
"""How often the warm process is begun in the life of a server: what ends each time will not stay."""

PATIENCE = 20.0
"""Seconds until a warm process or a kernel that has said nothing is given up. None has been seen to take three."""

PASSED_ENVIRONMENT = ("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
PASSED_PREFIXES = ("LC_", "PYTHON")
"""The only variables the warm process is given: with these Python finds its modules and its letters."""

ADDED = {
    # numpy's libraries would each begin threads, and threads are lost in a fork.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # One heap a kernel instead of one for each of its threads; and what is free at its end is given back, always.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}


def command(connection_file: str) -> list[str]:
    """What starts a page's kernel plainly; a kernel with any other command is none of ours and is never forked."""
    return [sys.executable, "-m", "cowork.serve.kernels.launcher", "-f", connection_file, *ARGUMENTS]


class ForkedProcess:
    """A kernel that is not our child, with the methods of `subprocess.Popen` that Jupyter uses.

    `line` goes to the warm process, which tells how the kernel ended. The process is held by `pidfd`, so a number
    that is given to somebody else afterwards is never signalled.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int, line: socket.socket) -> None:
        self.pid, self._pidfd, self._line = pid, pidfd, line
        self.returncode: int | None = None

    def _over(self, milliseconds: float | None) -> bool:
        waiting = select.poll()  # not `select`, which ends at file number 1024
        waiting.register(self._pidfd, select.POLLIN)
        return bool(waiting.poll(milliseconds))

    def poll(self) -> int | None:
        if self.returncode is None and self._over(0):
            try:
                self._line.settimeout(0.1)  # told within microseconds, unless the warm process is gone or stopped
                said = self._line.recv(4096)
            except OSError:
                said = b""
            self.returncode = int(json.loads(said).get("ended", 1)) if said else 1
            self._line.close()
            os.close(self._pidfd)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        if self.returncode is None and not self._over(None if timeout is None else timeout * 1000):
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self.poll()

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            try:
                signal.pidfd_send_signal(self._pidfd, signum)
            except ProcessLookupError:
                pass  # it ended meanwhile

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkServerClient:
    """The warm process of this server. It is begun in the background; whoever comes too early waits for it.

    Waiting is never slower than a plain kernel: that would import the same modules, and begin later.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._asks: socket.socket | None = None
        self._answer: asyncio.Task[socket.socket | None] | None = None
        self._since = 0.0
        self._begun = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def forks(self) -> bool:
        """Whether the next kernel will share its memory with others, as far as is known now."""
        return self._process is not None or self._begun < MAX_STARTS

    def begin(self) -> None:
        """Start it, unless it runs already. Returns at once."""
        if self._process is not None or self._begun >= MAX_STARTS:
            return
        self._begun += 1
        if why := why_unavailable():
            self._begun = MAX_STARTS
            log.info("Each page starts a Python of its own: %s.", why)
            return
        self._since = time.monotonic()
        self._asks, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "cowork.serve.kernels.forkserver", str(theirs.fileno()), str(os.getpid())],
                    env=environment(os.environ),
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl+C in the terminal is for the server; this ends with it
                )
            except OSError as error:
                self._lost(self._asks, str(error))

    def end(self) -> None:
        """End it. Kernels that were forked go on until they are told to end, or the server is gone."""
        if self._asks is not None:
            self._asks.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._asks = self._answer = None

    def _lost(self, asks: socket.socket, why: str, again: bool = True) -> None:
        """It cannot be used. One line says so; another is begun, if that makes sense, for those who come next."""
        if asks is not self._asks:
            return  # somebody else has noticed
        again = again and self._begun < MAX_STARTS
        log.warning("Pages start more slowly%s: the warm process is lost (%s).", "" if again else " from now on", why)
        self.end()
        if again:
            self.begin()
        else:
            self._begun = MAX_STARTS

    async def kernel(self, connection_file: str, env: dict[str, str], cwd: str) -> ForkedProcess | None:
        """A kernel that has bound its ports, or None where a plain one has to be started."""
        self.begin()
        asks = await self._ready()
        if asks is None:
            return None
        asked = {"connection_file": connection_file, "env": env, "cwd": cwd}
        line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                socket.send_fds(asks, [json.dumps(asked).encode()], [theirs.fileno()])
            except OSError as error:
                line.close()
                self._lost(asks, str(error))
                return None
        forked, why = await _born(line)
        if forked is None and why:
            log.warning("A page starts more slowly: its kernel could not be forked (%s).", why)
        elif forked is None:
            self._lost(asks, "it gave no answer")
        return forked

    async def _ready(self) -> socket.socket | None:
        """Where it is asked, once it can be. All who come while it begins wait for one answer."""
        if self._asks is None:
            return None
        if self._answer is None:
            self._answer = asyncio.ensure_future(self._first_word(self._asks))
        return await asyncio.shield(self._answer)

    async def _first_word(self, asks: socket.socket) -> socket.socket | None:
        said, _ = await receive(asks, self._since + PATIENCE - time.monotonic())
        if said.get("ready"):
            return asks
        self._lost(asks, said.get("refused", "it did not begin"), again="refused" not in said)
        return None


async def _born(line: socket.socket) -> tuple[ForkedProcess | None, str]:
    """The kernel at the other end of `line`: first it says which process it is, then that it can be spoken to.

    Or None, and why; "" where nobody said why, which the warm process would have.
    """
    said, held = await receive(line)
    forked = ForkedProcess(said["pid"], held[0], line) if held else None
    if forked is not None:
        said, _ = await receive(line)
        if said.get("ready"):
            return forked, ""
    if forked is not None:
        forked.kill()
        forked.wait()
    line.close()
    return None, str(said.get("failed") or (f"it ended with {said['ended']}" if said else ""))


async def receive(line: socket.socket, seconds: float = PATIENCE) -> tuple[dict[str, Any], list[int]]:
    """The next message on `line`, and the files that came along; {} where it is closed or stays silent."""
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_reader(line, arrived.set)
    try:
        # A moment even where the time is over: what has arrived meanwhile is only heard of by waiting.
        await asyncio.wait_for(arrived.wait(), max(seconds, 1.0))
        message, held, _, _ = socket.recv_fds(line, 65536, 1, socket.MSG_CMSG_CLOEXEC)
    except (TimeoutError, OSError):
        return {}, []
    finally:
        loop.remove_reader(line)
    return (json.loads(message) if message else {}), held


def why_unavailable() -> str:
    """Why no kernel can be forked here, or "" where one can."""
    if os.environ.get("COWORK_WARM") == "0":
        return "COWORK_WARM=0 says so"
    if not sys.platform.startswith("linux"):
        return f"forking is not safe on {sys.platform}"
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError) as error:
        return f"this Linux has no handles for processes ({error})"
    return ""


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The warm process's own environment. Everything in it could be read in every kernel, so nothing else is in it."""
    return {
        name: value for name, value in given.items() if name in PASSED_ENVIRONMENT or name.startswith(PASSED_PREFIXES)
    } | ADDED


fork_server = ForkServerClient()
"""The one of this server."""


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel where that can be, and starts a plain one elsewhere. Both end, restart and answer alike."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        cwd = str(kwargs.get("cwd") or os.getcwd())
        file = cmd[4] if len(cmd) > 4 else ""
        forked = (
            await fork_server.kernel(file, kwargs.get("env") or dict(os.environ), cwd) if cmd == command(file) else None
        )
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid  # it leads a group of its own
        self.cwd = cwd
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        if self.process and self.process.poll() is None:
            await super().send_signal(signum)
