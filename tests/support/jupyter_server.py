"""Jupyter's own server with our pages, started as BinderHub starts it: under a path, behind a token and a proxy."""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.browsers import Server

ROOT = Path(__file__).resolve().parents[2]
BASE = "/user/abc/"
PAGE = "voila/render/notebooks/workbook.ipynb"
TOKEN = "jupyters-own-token-2f9c"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


class JupyterServer(Server):
    """`url` is the address that whoever started it has in the browser; `ask` is a browser without a page."""

    host = "127.0.0.1"
    """What browsers call this machine."""

    @property
    def root(self) -> str:
        return f"http://{self.host}:{self.port}{BASE}"

    @property
    def url(self) -> str:
        return self.root + PAGE

    def start(self, **env: str) -> None:
        home = self.record.parent
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")},
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "REPO_DIR": str(ROOT),
            "COWORK_RECORD": str(self.record),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
            "JUPYTERHUB_API_TOKEN": "the-hubs-own-token",
            **env,
        }
        # As in BinderHub's BinderSpawner, with the origins that mybinder.org allows.
        options = [f"--ServerApp.base_url={BASE}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.port={self.port}"]
        options += ["--ServerApp.ip=0.0.0.0"]
        options += ["--ServerApp.trust_xheaders=True", "--ServerApp.allow_origin=*", "--ServerApp.allow_origin_pat=.*"]
        options += ["--ServerApp.allow_root=True", "--ServerApp.port_retries=0", "--no-browser"]
        options += [f"--ServerApp.root_dir={ROOT}"]
        command = ["bash", str(ROOT / "binder/start"), sys.executable, "-m", "jupyter_server", *options]
        self.begin(command, environment)

    def alive(self) -> dict[str, Any]:
        with urllib.request.urlopen(self.root + "cowork/alive", timeout=5) as answer:
            return dict(json.load(answer))

    def ask(
        self, path: str, method: str = "GET", body: Any = None, token: str = TOKEN, cookies: str = "", **headers: str
    ) -> Answer:
        """One request, no redirect followed; `path` is below the base."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        said |= {"Authorization": f"token {token}"} if token else {}
        said |= {"Cookie": cookies} if cookies else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, BASE + path, None if body is None else json.dumps(body), said)
            answer = connection.getresponse()
            text = "" if answer.status == 101 else answer.read().decode("utf-8", "replace")
            return Answer(answer.status, answer.headers, text)
        finally:
            connection.close()

    def invitation(self) -> str:
        """The query that a link to pass on carries, from where the server keeps it over a restart."""
        kept = next((self.record.parent / "state/cowork/rooms").glob("*-invited.json"))
        return "roomcode=" + str(json.loads(kept.read_text("utf-8"))["code"])

    def guest(self) -> str:
        """The cookies of a browser that opened the invitation once."""
        answer = self.ask(f"{PAGE}?{self.invitation()}", token="")
        assert answer.status == 303, answer.text
        return cookies_of(answer)


def cookies_of(answer: Answer) -> str:
    """What a browser would send back."""
    return "; ".join(re.sub(";.*", "", cookie) for cookie in answer.headers.get_all("Set-Cookie") or [])
