"""Starts the measured servers, each a process with its own environment and folders."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from visitors import processes
from visitors.cgroup_limit import MachineLimit
from visitors.group import Group

ROOT = Path(__file__).resolve().parents[2]
PROCESS_MARK = "COWORK_BENCHMARK"
TOKEN = "benchmark-token"
BINDER_BASE = "/user/abc/"


@dataclass
class Server:
    """A running server. `path` is where its page stands, with a query to come."""

    command: list[str]
    port: int
    path: str = "/"
    query: str = ""
    base: str = "/"
    env: dict[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    limit: MachineLimit | None = None
    log: Path = Path()
    mark: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pids(self) -> list[int]:
        return processes.family(self.process.pid, self.mark) if self.process else []

    def pss(self) -> float:
        return processes.pss(self.pids())

    def cpu(self) -> float:
        return processes.cpu(self.pids())

    def start(self, patience: float = 120.0) -> None:
        self.mark = f"{PROCESS_MARK}={uuid.uuid4().hex}"
        env = {**clean(), **self.env, PROCESS_MARK: self.mark.split("=")[1]}
        enter_limit = self.limit.enter if self.limit else None
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                env=env,
                cwd=self.cwd,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=enter_limit,
            )
        until = time.monotonic() + patience
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                said = self.log.read_text("utf-8", "replace")[-2000:]
                self.stop()
                raise RuntimeError(f"the server did not start: {' '.join(self.command[:4])}\n{said}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        """Whether the server answers at all. It requests an unknown path, since a page would start a kernel."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", f"{self.base}cowork/alive")
            return connection.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Ask the server to end, then every process of its that is left."""
        if self.process is None:
            return
        left = self.pids()
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self.process.poll() is None:
                self.process.terminate()
            self.process.wait(20)
        processes.end(sorted({pid for pid in left if pid in self.pids()} | set(self.pids())))
        if self.process.poll() is None:
            self.process.wait(5)
        self.process = None


def clean() -> dict[str, str]:
    """Our environment without what would make a server load somebody's settings."""
    dropped = ("JUPYTER", "COWORK", "VOILA", "STREAMLIT", "BOKEH", "PANEL", "MARIMO", "NICEGUI")
    env = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    env["PYTHONPATH"] = str(ROOT / "src")
    return env


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _jupyter_folders(folder: Path) -> dict[str, str]:
    """Folders of this server alone, so that nothing of this machine's Jupyter is read or written."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "XDG_STATE_HOME")
    return {name: str(folder / name.lower()) for name in names}


def query(group: Group) -> str:
    return f"w={group.code}&page=intention"


def own_server(group: Group, limit: MachineLimit | None = None) -> Server:
    folder, port = group.record.parent, free_port()
    command = [sys.executable, "-m", "cowork", "--record", str(group.record), "serve", "--no-browser"]
    return Server(
        [*command, "--port", str(port)], port, "/", query(group), env=_jupyter_folders(folder), cwd=folder, limit=limit,
        log=folder / "server.log",
    )  # fmt: skip


def stock_voila(group: Group, limit: MachineLimit | None = None) -> Server:
    """Voilà as its documentation starts it: the lab template, the default kernel, the debugger with it.

    The same notebook; its kernel is called by the name every installation has.
    """
    folder, port = group.record.parent, free_port()
    notebook = json.loads((ROOT / "notebooks" / "workbook.ipynb").read_text("utf-8"))
    notebook["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (folder / "workbook.ipynb").write_text(json.dumps(notebook), "utf-8")
    command = [sys.executable, "-m", "voila", str(folder / "workbook.ipynb"), "--no-browser", f"--port={port}"]
    env = {**_jupyter_folders(folder), "COWORK_RECORD": str(group.record)}
    return Server(command, port, "/", query(group), env=env, cwd=folder, limit=limit, log=folder / "server.log")


def binder_server(group: Group, limit: MachineLimit | None = None) -> Server:
    """Jupyter's own server with our extension, as Binder's image starts it: a path of its own, a token."""
    folder, port = group.record.parent, free_port()
    options = [f"--ServerApp.base_url={BINDER_BASE}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.port={port}"]
    options += ["--ServerApp.allow_root=True", "--ServerApp.port_retries=0", "--no-browser"]
    env = {**_jupyter_folders(folder), "HOME": str(folder), "REPO_DIR": str(ROOT), "COWORK_RECORD": str(group.record)}
    return Server(
        ["bash", str(ROOT / "binder" / "start"), sys.executable, "-m", "jupyter_server", *options],
        port, f"{BINDER_BASE}voila/render/notebooks/workbook.ipynb", f"{query(group)}&token={TOKEN}", BINDER_BASE,
        env=env, cwd=ROOT, limit=limit, log=folder / "server.log",
    )  # fmt: skip


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for one server and its record, with a short path, because it contains sockets."""
    with tempfile.TemporaryDirectory(prefix="cwb-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
