"""The workbook as Binder runs it: inside Jupyter's own server, under a path, behind Jupyter's token."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = "voila/render/notebooks/workbook.ipynb"

pytestmark = [
    pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="Binder's start script needs bash"),
    pytest.mark.skipif(not (ROOT / "notebooks/workbook.ipynb").is_file(), reason="there is no workbook yet"),
]


def fetch(address: str, token: str = "S") -> tuple[int, str]:
    asked = Request(address, headers={"Authorization": f"token {token}"} if token else {})
    try:
        with urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, ""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Jupyter's server, started as the image starts it; the address under which it stands."""
    home = tmp_path_factory.mktemp("home")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")},
        "HOME": str(home),
        "REPO_DIR": str(ROOT),
        "COWORK_RECORD": str(home / "binder.cowork"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    options = ["--ServerApp.base_url=/user/abc/", "--IdentityProvider.token=S", f"--ServerApp.port={port}"]
    options += ["--ServerApp.allow_root=True", "--ServerApp.port_retries=0", "--no-browser"]
    said = home / "server.log"
    with said.open("wb") as log:
        server = subprocess.Popen(
            ["bash", str(ROOT / "binder/start"), sys.executable, "-m", "jupyter_server", *options],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}/user/abc/"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                fetch(address + "api")
                break
            except URLError:
                assert server.poll() is None and time.monotonic() < until, said.read_text("utf-8")
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def test_the_page_is_ours_and_asks_only_this_server(base: str) -> None:
    status, page = fetch(base + PAGE)
    assert status == 200
    assert 'id="cw-opening"' in page, "made with our template"
    front = re.search(r'<script type="module" async src="(/user/abc/cowork/front/\w+\.js)"', page)
    assert front, "with the front end in one file, under Binder's path"
    assert fetch(base.removesuffix("/user/abc/") + front[1])[0] == 200
    assert not re.search(r'(?:src|href)="https?://', page)
    assert "plotly" not in page, "Binder has it, for analyse.ipynb; a participant's page does not ask for it"
    kernel = re.search(r'<meta name="cw-kernel" content="([^"]+)">', page)[1]  # type: ignore[index]
    assert json.loads(fetch(f"{base}cowork/alive?kernel={kernel}")[1])["kernel"] is True


def test_only_a_page_is_opened_as_one_and_jupyter_opens_the_rest(base: str) -> None:
    """Whoever has the token can run anything here; a link to a page still never leads to what is none."""
    assert fetch(base + "voila/render/notebooks/analyse.ipynb")[0] == 404
    assert fetch(base + "api/contents/notebooks/analyse.ipynb?content=0")[0] == 200


def test_without_jupyters_token_there_is_no_page(base: str) -> None:
    status, page = fetch(base + PAGE, token="")
    assert 'id="cw-opening"' not in page
    assert status in (200, 401, 403)  # 200: the form that asks for the token
