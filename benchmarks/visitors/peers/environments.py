"""An environment for each framework, made once in this person's cache folder and kept for the next run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from visitors.chromium import App
from visitors.servers import Server, free_port

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Peer:
    """One framework: what is installed, how its documentation starts an app, and where its page has what we press."""

    name: str
    packages: str
    command: Callable[[str, int], list[str]]  # (folder of the environment's scripts, port)
    app: App


PEERS = (
    Peer(
        "Panel",
        "panel==1.9.4",
        lambda bin, port: [f"{bin}/panel", "serve", "panel_app.py", f"--port={port}", "--address=127.0.0.1",
                           "--allow-websocket-origin=*", "--warm"],
        App("input[type=text]", "button", "Share", deep=True),
    ),
    Peer(
        "Streamlit",
        "streamlit==1.67.0",
        lambda bin, port: [f"{bin}/streamlit", "run", "streamlit_app.py", f"--server.port={port}",
                           "--server.address=127.0.0.1", "--server.headless=true",
                           "--browser.gatherUsageStats=false"],
        App("[data-testid=stTextInput] input", "[data-testid=stFormSubmitButton] button"),
    ),
    Peer(
        "marimo",
        "marimo==0.25.2",
        lambda bin, port: [f"{bin}/marimo", "run", "marimo_app.py", f"--port={port}", "--host=127.0.0.1",
                           "--headless", "--no-token"],
        App("input[type=text]", "button", "Share", deep=True),
    ),
    Peer(
        "NiceGUI",
        "nicegui==3.18.0",
        lambda bin, port: [f"{bin}/python", "nicegui_app.py"],
        App("input", "button", "Share"),
    ),
)  # fmt: skip

#: Said under the table: it is measured nowhere.
SOLARA = "Solara is left out: at run time it asks a host outside for its front end, with `solara-assets` too."


def environment(peer: Peer) -> Path:
    """The folder of its scripts. Raises RuntimeError, with the end of what pip said, where it cannot be installed."""
    folder = user_cache_path("cowork", appauthor=False) / "benchmarks" / peer.packages.replace("==", "-")
    scripts = folder / "bin"
    done = folder / "installed"
    if not done.is_file():
        python = str(scripts / "python")
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [python, "-m", "pip", "install", "--quiet", *peer.packages.split()],
        ):
            made = subprocess.run(command, capture_output=True, text=True, check=False)
            if made.returncode:
                raise RuntimeError((made.stderr or made.stdout).strip().splitlines()[-1])
        done.touch()
    return scripts


def server(peer: Peer, folder: Path) -> Server:
    """Its app as a server. The environment's Python never sees our packages."""
    port, scripts = free_port(), environment(peer)
    env = {"PORT": str(port), "PYTHONPATH": str(HERE), "HOME": str(folder), "PATH": f"{scripts}:/usr/bin:/bin"}
    return Server(peer.command(str(scripts), port), port, "/", env=env, cwd=HERE, log=folder / "server.log")
