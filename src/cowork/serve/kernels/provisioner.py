"""The client of the fork server (`forkserver`): starts it, requests kernels from it, and replaces it where it fails.

Our kernelspecs name `WarmProvisioner` as their provisioner (`manager.page_kernel_spec`). Where no kernel can be forked,
it starts an ordinary one: on Windows and macOS, with COWORK_WARM=0, and when the fork server could not start, was lost,
or could not fork this kernel.
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

PROVISIONER_NAME = "cowork-warm"
"""The provisioner's name in `pyproject.toml` and in our kernelspecs."""

MAX_STARTS = 4
"""How often a server starts its fork server: one that has ended so often would end again."""

ANSWER_TIMEOUT_SECONDS = 20.0
"""Seconds without a message after which a fork server or a kernel is given up. None was ever seen to take three."""

PASSED_ENVIRONMENT = ("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
PASSED_PREFIXES = ("LC_", "PYTHON")
"""The only variables the fork server inherits: Python needs them to find its modules and its character encoding."""

ADDED_ENVIRONMENT = {
    # numpy's libraries would each start threads, and a fork loses threads.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # One heap for each kernel instead of one for each of its threads; and free memory at its end is always returned.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}


def kernel_command(connection_file: str) -> list[str]:
    """The command of an ordinary kernel of a page. A kernel with any other command is not ours and is never forked."""
    return [sys.executable, "-m", "cowork.serve.kernels.launcher", "-f", connection_file, *ARGUMENTS]


class ForkedProcess:
    """A forked kernel, with the methods of `subprocess.Popen` that Jupyter uses. It is not a child of this process.

    `channel` leads to the fork server, which reports the exit code. Signals go to a `pidfd`, so a process that later
    gets the same number never receives them.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int, channel: socket.socket) -> None:
        self.pid, self._pidfd, self._channel = pid, pidfd, channel
        self.returncode: int | None = None

    def _has_ended(self, timeout_ms: float | None) -> bool:
        poller = select.poll()  # not `select`, which fails above file number 1023
        poller.register(self._pidfd, select.POLLIN)
        return bool(poller.poll(timeout_ms))

    def poll(self) -> int | None:
        if self.returncode is None and self._has_ended(0):
            try:
                self._channel.settimeout(0.1)  # it comes in microseconds, unless the fork server is gone or stopped
                message = self._channel.recv(4096)
            except OSError:
                message = b""
            self.returncode = int(json.loads(message).get("ended", 1)) if message else 1
            self._channel.close()
            os.close(self._pidfd)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        if self.returncode is None and not self._has_ended(None if timeout is None else timeout * 1000):
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self.poll()

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            try:
                signal.pidfd_send_signal(self._pidfd, signum)
            except ProcessLookupError:
                pass  # it has ended in the meantime

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkServerClient:
    """Starts the fork server of this server in the background, and requests kernels from it.

    A request that comes too early waits for it. That is never slower than an ordinary kernel, which would import the
    same modules and start later.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None
        self._readiness: asyncio.Task[socket.socket | None] | None = None
        self._started_at = 0.0
        self._starts = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def forks(self) -> bool:
        """Whether the next kernel will be forked, as far as is known now."""
        return self._process is not None or self._starts < MAX_STARTS

    def start(self) -> None:
        """Start the fork server, unless it runs. Returns at once."""
        if self._process is not None or self._starts >= MAX_STARTS:
            return
        self._starts += 1
        if why := why_unavailable():
            self._starts = MAX_STARTS
            log.info("Each page starts a Python of its own: %s.", why)
            return
        self._started_at = time.monotonic()
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "cowork.serve.kernels.forkserver", str(theirs.fileno()), str(os.getpid())],
                    env=fork_server_environment(os.environ),
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl+C in the terminal is meant for the server alone
                )
            except OSError as error:
                self._on_loss(self._requests, str(error))

    def stop(self) -> None:
        """Kill the fork server. Forked kernels run on until they are shut down, or the server has ended."""
        if self._requests is not None:
            self._requests.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._requests = self._readiness = None

    def _on_loss(self, requests: socket.socket, why: str, restart: bool = True) -> None:
        """Log that the fork server is lost, and start another one for later requests, if that makes sense."""
        if requests is not self._requests:
            return  # another request has noticed it before
        restart = restart and self._starts < MAX_STARTS
        log.warning("Pages start more slowly%s: the warm process is lost (%s).", "" if restart else " from now on", why)
        self.stop()
        if restart:
            self.start()
        else:
            self._starts = MAX_STARTS

    async def fork_kernel(self, connection_file: str, env: dict[str, str], cwd: str) -> ForkedProcess | None:
        """Fork a kernel and wait until it has bound its ports; None where an ordinary one has to be started."""
        self.start()
        requests = await self._wait_until_ready()
        if requests is None:
            return None
        request = {"connection_file": connection_file, "env": env, "cwd": cwd}
        channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                socket.send_fds(requests, [json.dumps(request).encode()], [theirs.fileno()])
            except OSError as error:
                channel.close()
                self._on_loss(requests, str(error))
                return None
        forked, why = await _wait_for_kernel(channel)
        if forked is None and why:
            log.warning("A page starts more slowly: its kernel could not be forked (%s).", why)
        elif forked is None:
            self._on_loss(requests, "it gave no answer")
        return forked

    async def _wait_until_ready(self) -> socket.socket | None:
        """The socket for requests, once the fork server is ready. All early requests wait for the same message."""
        if self._requests is None:
            return None
        if self._readiness is None:
            self._readiness = asyncio.ensure_future(self._receive_readiness(self._requests))
        return await asyncio.shield(self._readiness)

    async def _receive_readiness(self, requests: socket.socket) -> socket.socket | None:
        message, _ = await receive(requests, self._started_at + ANSWER_TIMEOUT_SECONDS - time.monotonic())
        if message.get("ready"):
            return requests
        self._on_loss(requests, message.get("refused", "it did not begin"), restart="refused" not in message)
        return None


async def _wait_for_kernel(channel: socket.socket) -> tuple[ForkedProcess | None, str]:
    """The kernel at the other end of `channel`, which first sends its process id and then that it is ready.

    Where it failed, None and the reason. The reason is "" where none was sent: then the fork server itself is lost.
    """
    message, files = await receive(channel)
    forked = ForkedProcess(message["pid"], files[0], channel) if files else None
    if forked is not None:
        message, _ = await receive(channel)
        if message.get("ready"):
            return forked, ""
    if forked is not None:
        forked.kill()
        forked.wait()
    channel.close()
    return None, str(message.get("failed") or (f"it ended with {message['ended']}" if message else ""))


async def receive(channel: socket.socket, seconds: float = ANSWER_TIMEOUT_SECONDS) -> tuple[dict[str, Any], list[int]]:
    """The next message on `channel` and its file descriptors; {} where it is closed, or none comes in time."""
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_reader(channel, arrived.set)
    try:
        # At least a second, even where the time is over: a message that has arrived is only noticed by waiting.
        await asyncio.wait_for(arrived.wait(), max(seconds, 1.0))
        message, files, _, _ = socket.recv_fds(channel, 65536, 1, socket.MSG_CMSG_CLOEXEC)
    except (TimeoutError, OSError):
        return {}, []
    finally:
        loop.remove_reader(channel)
    return (json.loads(message) if message else {}), files


def why_unavailable() -> str:
    """Why no kernel can be forked on this machine, or "" where one can."""
    if os.environ.get("COWORK_WARM") == "0":
        return "COWORK_WARM=0 says so"
    if not sys.platform.startswith("linux"):
        return f"forking is not safe on {sys.platform}"
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError) as error:
        return f"this Linux has no handles for processes ({error})"
    return ""


def fork_server_environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment of the fork server. Every kernel could read it, so it holds nothing but these variables."""
    return {
        name: value for name, value in given.items() if name in PASSED_ENVIRONMENT or name.startswith(PASSED_PREFIXES)
    } | ADDED_ENVIRONMENT


fork_server = ForkServerClient()
"""The fork server of this server."""


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel where that is possible, and starts an ordinary one elsewhere. Jupyter handles both alike."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        cwd = str(kwargs.get("cwd") or os.getcwd())
        file = cmd[4] if len(cmd) > 4 else ""
        forked = None
        if cmd == kernel_command(file):
            forked = await fork_server.fork_kernel(file, kwargs.get("env") or dict(os.environ), cwd)
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid  # it leads a process group
        self.cwd = cwd
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        if self.process and self.process.poll() is None:
            await super().send_signal(signum)
