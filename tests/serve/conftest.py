"""A real server in a process of its own, over notebooks made for the tests, and a browser where there is one."""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from support.command_line import english
from support.votes import notebook

ROOT = Path(__file__).parents[2]
RUN = """
import json, sys
from pathlib import Path
from cowork.serve.app import serve
told = json.loads(sys.argv[1])
raise SystemExit(serve(Path(told.pop("record")), notebooks=Path(told.pop("notebooks")), browser=False, **told))
"""
PING = '''
import anywidget
class Ping(anywidget.AnyWidget):
    _esm = """export default { render({ model, el }) {
      el.innerHTML = `<header><p>A workshop</p></header><nav aria-label="Six parts"><a href="#a">Intention</a></nav>
        <main id="cw-main" tabindex="-1"><h1>Why are we here?</h1><button>Ping</button><output></output></main>`;
      el.querySelector("button").onclick = () => model.send({ do: "ping" });
      model.on("msg:custom", (message) => { el.querySelector("output").textContent += message.pong; });
    } }"""
ping = Ping()
ping.on_msg(lambda _, content, buffers: ping.send({"pong": "pong."}))
ping
'''
#: A researcher's own page, of ipywidgets' own controls.
CORE = """
import ipywidgets as w
button, said = w.Button(description="Ping"), w.Label("")
button.on_click(lambda _: setattr(said, "value", said.value + "pong."))
w.VBox([button, said])
"""
FAULTY = """
import anywidget
class Faulty(anywidget.AnyWidget):
    _esm = "export default { render() { throw new Error('as if it were broken'); } }"
Faulty()
"""
#: A researcher's figure, far below.
PLOT = """
from cowork.widgets import Plot, Shell
rows = [["ward 7", 3], ["ward 8", 5]]
bar = {"type": "bar", "x": [one[0] for one in rows], "y": [one[1] for one in rows]}
plot = Plot(heading="Texts", alt="Ward 8 wrote more than ward 7.", columns=["ward", "texts"], rows=rows)
plot.figure = {"data": [bar], "layout": {"height": 360}}
plot
"""
#: A number that grows by itself in the kernel, and a list of what the browser sent.
AWAY = '''
import asyncio, anywidget, traitlets as t
class Away(anywidget.AnyWidget):
    _esm = """export default { render({ model, el }) {
      el.innerHTML = `<main id="cw-main"><h1>Away</h1>
        <p class="n"></p><p class="heard"></p><button>Press</button></main>`;
      const put = (name) => { el.querySelector("." + name).textContent = model.get(name); };
      const draw = () => ["n", "heard"].forEach(put);
      model.on("change", draw);
      draw();
      let presses = 0;
      el.querySelector("button").onclick = () => model.send({ press: (presses += 1) });
    } }"""
    n = t.Int(0).tag(sync=True)
    heard = t.Unicode("").tag(sync=True)
away = Away()
away.on_msg(lambda _, content, buffers: setattr(away, "heard", away.heard + f"{content['press']}."))
async def grow():
    while True:
        await asyncio.sleep(0.05)
        away.n += 1
task = asyncio.get_running_loop().create_task(grow())
away
'''
TOLD = """
import json, os, sys
print(json.dumps({"env": dict(os.environ), "pid": os.getpid(), "python": sys.executable,
                  "debugpy": sys.modules.get("debugpy") is not None}))
"""
#: What a notebook may say of itself and yet be no page.
NO_PAGES: tuple[Any, ...] = (None, {}, {"serve": False}, {"serve": "true"}, {"serve": 1}, True, "serve", ["serve"])
LONG = "# A long text\n\n" + "\n\n".join(f"Paragraph {n}. " + "Words upon words. " * 40 for n in range(1, 41))


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    for name, cells in {
        "workbook": [("code", PING)],
        "prose": [("markdown", "# About\n\nSome *prose*.\n\n## More\n\n- one\n- two"), ("code", PING)],
        "told": [("code", TOLD)],
        "broken": [("code", "1 / 0")],
        "core": [("code", CORE)],
        "faulty": [("code", FAULTY)],
        "away": [("code", AWAY)],
        "plot": [("markdown", LONG), ("code", PLOT)],
        "long": [("markdown", LONG), ("code", "print('the last line')")],
    }.items():
        (folder / f"{name}.ipynb").write_text(notebook(*cells, cowork={"serve": True}), "utf-8")
    for number, said in enumerate(NO_PAGES):
        (folder / f"study-{number}.ipynb").write_text(notebook(("code", TOLD), cowork=said), "utf-8")
    return folder


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class Server:
    """A running server. `ask` is a browser without a page: one request, no redirect followed, cookies given by hand."""

    process: subprocess.Popen[str]
    port: int
    said: list[str] = field(default_factory=list)
    errors: Path = Path()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def alive(self, kernel: str, **headers: str) -> bool:
        return bool(json.loads(self.ask(f"/cowork/alive?kernel={kernel}", headers=headers).body)["kernel"])

    def told(self, query: str = "", **headers: str) -> dict[str, Any]:
        """What a kernel knows: the page `told` prints its own environment."""
        page = self.ask(f"/voila/render/told.ipynb{query}", headers=headers).text
        found = re.search(r"<pre>(\{.*?\})\s*</pre>", page, re.DOTALL)
        assert found, page[-2000:]
        facts: dict[str, Any] = json.loads(html.unescape(found[1]))
        return facts

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(90)


def until(is_so: Callable[[], Any], what: str, seconds: float = 90) -> Any:
    """Wait for a condition, not for a time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := is_so():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., Any]:
    return until


@pytest.fixture(scope="module")
def start(notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start a server with these words to `serve`; all of them end with the file.

    Kept for longer, thirty servers and their kernels would wait beside the rest of the run, and those that a test
    keeps busy would slow every test after it.
    """
    running: list[Server] = []
    state = tmp_path_factory.mktemp("state")

    def begin(**told: Any) -> Server:
        folder = tmp_path_factory.mktemp("server")
        more = told.pop("env", {})
        told = {"port": 0, "record": str(folder / "group.cowork"), "notebooks": str(notebooks), **told}
        path = os.pathsep.join(p for p in (str(ROOT / "src"), os.environ.get("PYTHONPATH", "")) if p)
        env = {**os.environ, "PYTHONPATH": path, "XDG_STATE_HOME": str(state), **more}
        errors = folder / "stderr"
        with errors.open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-c", RUN, json.dumps(told)], stdout=subprocess.PIPE, stderr=stderr, text=True, env=env
            )
        server = Server(process, 0, errors=errors)
        running.append(server)
        assert process.stdout is not None
        output = process.stdout
        threading.Thread(target=lambda: server.said.extend(iter(output.readline, "")), daemon=True).start()
        until(lambda: server.said or process.poll() is not None, "the server says that it is open", 120)
        assert process.poll() is None, errors.read_text()
        found = re.search(r":(\d+)/", server.said[0])
        assert found, server.said
        server.port = int(found[1])
        return server

    yield begin
    for server in running:
        if server.process.poll() is None:
            server.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def server(start: Callable[..., Server]) -> Server:
    return start()


@pytest.fixture(scope="session")
def browser(chrome: Any) -> Any:
    """The one browser of the run."""
    return chrome


@pytest.fixture
def visit(browser: Any) -> Any:
    """A page in a browser that was never here, which remembers what it asked for."""
    contexts = []

    def open_page(**how: Any) -> Any:
        context = browser.new_context(**how)
        contexts.append(context)
        page = context.new_page()
        page.asked = {}
        tools = context.new_cdp_session(page)
        tools.send("Network.enable")
        tools.on("Network.requestWillBeSent", lambda e: page.asked.setdefault(e["requestId"], [e["request"]["url"], 0]))

        def loaded(event: Any) -> None:
            if event["requestId"] in page.asked:
                page.asked[event["requestId"]][1] = event["encodedDataLength"]

        tools.on("Network.loadingFinished", loaded)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def prepared() -> Callable[[str], Any]:
    """What a script says in a process that is as the warm process is before it forks."""

    def ask(script: str) -> Any:
        code = (
            f"import gc, json, sys\nfrom cowork.serve.kernels import forkserver\nforkserver.prepare_imports()\n{script}"
        )
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}
        return json.loads(subprocess.check_output([sys.executable, "-c", code], env=env, text=True).splitlines()[-1])

    return ask


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """For commands: what they say is compared in English."""
    english(monkeypatch, tmp_path)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """Where a command is to keep its record."""
    return tmp_path / "a.cowork"
