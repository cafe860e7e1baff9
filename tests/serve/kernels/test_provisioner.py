"""Kernels that are forked from a warm process: what a fork could get wrong, and doing without it.

All with real processes. Each test names one thing that a fork would break if nobody cared for it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from support.event_loop import run_alone
from support.forked_kernels import FACTS, ended, gone, notebook, nurseries
from tornado.web import HTTPError

from cowork.serve.kernels import manager as kernels
from cowork.serve.kernels import provisioner
from cowork.serve.settings import prepare_page

ROOT = Path(__file__).resolve().parents[3]
SERVE = ROOT / "src/cowork/serve"
pytestmark = pytest.mark.skipif(
    bool(provisioner.why_unavailable()), reason=f"nothing can be forked: {provisioner.why_unavailable()}"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Notebooks whose page `told` says what its kernel knows of itself."""
    folder = tmp_path_factory.mktemp("facts")
    for name in ("workbook", "told"):
        (folder / f"{name}.ipynb").write_text(notebook(FACTS), "utf-8")
    return folder


@pytest.fixture
def begin(start: Callable[..., Any], folder: Path, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """A server of this test's own, which ends with the test."""
    begun: list[Any] = []

    def begin() -> Any:
        from cowork.store import open_record

        record = tmp_path / "group.cowork"
        open_record(record, create=True).close()
        begun.append(start(notebooks=str(folder), record=str(record)))
        return begun[-1]

    yield begin
    for server in begun:
        server.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def server(start: Callable[..., Any], folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from cowork.store import open_record

    record = tmp_path_factory.mktemp("record") / "group.cowork"
    open_record(record, create=True).close()
    return start(notebooks=str(folder), record=str(record))


def nursery(server: Any) -> psutil.Process:
    (found,) = nurseries(server.process.pid)
    return found


def said(server: Any) -> list[str]:
    return [line for line in server.errors.read_text().splitlines() if line]


# ---- what a kernel must have, and must not


def test_a_page_gets_a_forked_kernel_of_its_own(server: Any) -> None:
    one, two = server.told(), server.told()
    assert one["parent"] == two["parent"] == nursery(server).pid
    assert one["pid"] != two["pid"]
    assert (one["group"], one["cwd"]) == (one["pid"], two["cwd"])
    assert not one["debugpy"] and not one["history"]
    assert one["path"] != str(Path.cwd()), "a file beside the server would stand in for a module"


def test_a_browser_can_ask_for_the_widgets(server: Any) -> None:
    """ipywidgets was imported before there was an IPython to register with."""
    assert server.told()["targets"] == ["jupyter.widget", "jupyter.widget.control"]


def test_what_must_differ_between_two_kernels_does(server: Any) -> None:
    one, two = server.told(), server.told()
    for fact in ("boot", "random", "uuid", "session"):
        assert one[fact] != two[fact], fact


SECRET = "lamp-river-4831"


@pytest.fixture(scope="module")
def secretive(start: Callable[..., Any], folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server whose own environment holds secrets, on a machine where every Python loads numpy."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("COWORK_TOKEN", "JUPYTER_TOKEN", "DATABASE_PASSWORD"):
            monkeypatch.setenv(name, SECRET)
        everywhere(tmp_path_factory.mktemp("numpy"), monkeypatch, "import numpy; numpy.random.random()")
        return start(notebooks=str(folder))


def test_numpy_s_numbers_differ_too_where_it_was_loaded_before(secretive: Any) -> None:
    one, two = secretive.told(), secretive.told()
    assert one["parent"] == two["parent"] == nursery(secretive).pid, "its libraries begin no threads"
    assert one["numpy"] != two["numpy"]


def test_a_kernel_has_its_visitor_s_environment_and_the_warm_process_none(secretive: Any) -> None:
    one, two = secretive.told("?w=ABC"), secretive.told("?w=DEF")
    assert (one["env"]["QUERY_STRING"], two["env"]["QUERY_STRING"]) == ("w=ABC", "w=DEF")
    assert one["env"]["COWORK_RECORD"].endswith("group.cowork")
    assert not {"JPY_PARENT_PID", "COWORK_TOKEN", "JUPYTER_TOKEN", "MALLOC_ARENA_MAX"} & set(one["env"])
    held = nursery(secretive).environ()
    assert SECRET not in str(held) and not any(name.startswith(("COWORK", "JUPYTER", "JPY", "VOILA")) for name in held)


# ---- what the warm process must not have


def test_the_warm_process_has_one_thread_and_no_file_of_anybody(server: Any) -> None:
    record = server.told()["env"]["COWORK_RECORD"]
    assert Path(record).is_file()
    process = nursery(server)
    assert process.num_threads() == 1
    held = [os.readlink(f"/proc/{process.pid}/fd/{number}") for number in os.listdir(f"/proc/{process.pid}/fd")]
    files = [name for name in held if name.startswith("/") and name not in ("/dev/null", str(server.errors))]
    assert files == []
    assert record not in Path(f"/proc/{process.pid}/maps").read_text()


def test_a_kernel_loads_nothing_that_was_not_loaded_before(server: Any, prepared: Any) -> None:
    """Whatever is missing in the warm process, each visitor pays for, in time and in memory that nobody shares."""
    tour = """
before = set(sys.modules)
from support.page_sessions import opened
from cowork.pages.registry import pages
guest = opened()
for key in [page.key for page in pages().values() if not page.front and page.key != "join"]:
    guest.go(key)
print(json.dumps([sorted(before), sorted(set(sys.modules) - before - {"support", "support.page_sessions"})]))
"""
    loaded, later = prepared(tour)
    assert later == []
    # `-m` stands in the warm process's own command.
    assert set(server.told()["modules"]) - set(loaded) == {"runpy"}


# ---- beginning and ending


async def first_reply(
    manager: Any, kernel_id: str, code: str = "print(6 * 7)", begun: asyncio.Event | None = None
) -> str:
    """What a cell prints, asked as Voilà asks; `begun` is set when it prints."""
    client = manager.get_kernel(kernel_id).client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        asked = client.execute(code)
        printed = ""
        while True:
            message = await client.get_iopub_msg(timeout=90)
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "stream":
                printed += message["content"]["text"]
                if begun:
                    begun.set()
            elif message["msg_type"] == "error":
                printed += message["content"]["ename"]
            elif message["content"].get("execution_state") == "idle":
                return printed.strip()
    finally:
        client.stop_channels()


@contextmanager
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[provisioner.ForkServerClient]:
    here = provisioner.ForkServerClient()
    monkeypatch.setattr(provisioner, "fork_server", here)
    yield here
    here.stop()


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a short name: that of a socket may have a hundred letters."""
    with tempfile.TemporaryDirectory(prefix="cw-") as made:
        yield Path(made)


def manager_in(place: Path) -> kernels.VisitorKernels:
    from traitlets.config import Config

    # Long: on a busy machine a kernel ends when it gets its turn, and is told to end by a signal if not by then.
    config = Config(KernelManager={"transport": "ipc", "shutdown_wait_time": 60.0})
    return kernels.VisitorKernels(
        config=config, connection_dir=str(place), root_dir=str(place), kernel_spec_manager=kernels.PageKernelSpecs()
    )


def test_a_kernel_is_there_when_its_start_is_over(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who connects before the ports are bound waits a tenth of a second each time."""

    async def run() -> None:
        manager = manager_in(place)
        ids = await asyncio.gather(*(manager.start_kernel(kernel_name=kernels.PAGE_KERNEL_NAME) for _ in range(6)))
        for kernel_id in ids:
            kernel = manager.get_kernel(kernel_id)
            assert isinstance(kernel.provisioner.process, provisioner.ForkedProcess), "who comes too early waits for it"
            for port in kernel.ports:
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                    line.connect(f"{kernel.ip}-{port}")
            assert await first_reply(manager, kernel_id) == "42"
        processes = [manager.get_kernel(kernel_id).provisioner.process for kernel_id in ids]
        await manager.shutdown_all()
        assert [process.returncode for process in processes] == [0] * 6, "each ended when it was asked to"
        assert gone(*(process.pid for process in processes))

    with in_this_process(monkeypatch):
        run_alone(run())


def test_a_forked_kernel_is_interrupted_restarted_and_killed_like_any_other(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeping = "print('sleeps', flush=True)\nimport time\nwhile True: time.sleep(1)"

    async def run() -> None:
        manager = manager_in(place)
        kernel_id = await manager.start_kernel(kernel_name=kernels.PAGE_KERNEL_NAME)
        kernel = manager.get_kernel(kernel_id)
        first = kernel.provisioner.process
        begun = asyncio.Event()
        reply = asyncio.ensure_future(first_reply(manager, kernel_id, sleeping, begun))
        await begun.wait()
        await manager.interrupt_kernel(kernel_id)
        await reply
        assert "KeyboardInterrupt" in reply.result()
        await kernel.restart_kernel(now=True)
        assert first.poll() == -signal.SIGKILL and kernel.provisioner.process is not first
        assert await first_reply(manager, kernel_id) == "42"
        second = kernel.provisioner.process
        os.kill(second.pid, signal.SIGSTOP)  # deaf to every request
        await manager.shutdown_kernel(kernel_id)
        assert second.returncode == -signal.SIGKILL and gone(first.pid, second.pid)

    with in_this_process(monkeypatch):
        run_alone(run())


def test_a_kernel_that_crashes_leaves_the_others_and_is_spoken_of(server: Any, wait_until: Any) -> None:
    page = server.ask("/voila/render/told.ipynb").text
    kernel = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", page)
    crashing = json.loads(re.search(r"<pre>(\{.*?\})\s*</pre>", page, re.DOTALL)[1].replace("&#34;", '"'))  # type: ignore[index]
    other = server.told()
    assert kernel and server.alive(kernel[0])
    os.kill(crashing["pid"], signal.SIGSEGV)
    wait_until(lambda: gone(crashing["pid"]), "the dead kernel is counted")
    assert not server.alive(kernel[0])
    assert psutil.pid_exists(other["pid"])
    assert server.told()["parent"] == other["parent"]
    assert [line for line in said(server) if "ended by itself (-11)" in line], said(server)


def test_everything_ends_with_the_server_even_when_it_is_killed(begin: Callable[[], Any], wait_until: Any) -> None:
    server = begin()
    assert nursery(server), "it is there before anybody asks for a page"
    pids = [server.told()["pid"], server.told()["pid"], nursery(server).pid]
    server.process.kill()
    wait_until(lambda: ended(*pids), "the warm process and both kernels have ended")


# ---- doing without


def everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Something that the warm process does first, as a machine's administrator could have it."""
    place = tmp_path / "everywhere"
    place.mkdir()
    indented = "\n    ".join(code.splitlines())
    (place / "sitecustomize.py").write_text(
        f"import sys\nif 'cowork.serve.kernels.forkserver' in sys.orig_argv:\n    {indented}\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(place))


def is_plain(server: Any) -> bool:
    told = server.told()
    return bool(told["parent"] == server.process.pid and told["debugpy"] is False)


def test_a_forked_kernel_is_to_its_cells_what_a_plain_one_is(
    server: Any, begin: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cells run in was made before the fork, for nobody yet."""
    monkeypatch.setenv("COWORK_WARM", "0")
    forked, plain = server.told(), begin().told()
    for fact in ("whose", "been", "names", "hidden", "hooks", "compiler", "cwd", "path", "targets", "history"):
        assert forked[fact] == plain[fact], fact
    assert forked["whose"] == [True, True]
    left_out = {"COWORK_WARM", "JPY_PARENT_PID"}  # ipykernel would take the server for its parent
    assert set(forked["env"]) - left_out == set(plain["env"]) - left_out


def test_it_can_be_switched_off(begin: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWORK_WARM", "0")
    server = begin()
    assert is_plain(server)
    assert nurseries(server.process.pid) == [] and said(server) == []


def test_a_lost_warm_process_costs_one_visitor_time_and_nobody_a_page(begin: Callable[[], Any]) -> None:
    server = begin()
    before = server.told()
    lost = nursery(server)
    lost.kill()
    assert is_plain(server)
    assert psutil.Process(before["pid"]).status() != psutil.STATUS_ZOMBIE, "a page that was open goes on"
    assert server.told()["parent"] == nursery(server).pid != lost.pid
    assert len(said(server)) == 1 and "Pages start more slowly: " in said(server)[0]


def test_a_warm_process_that_finds_fault_with_itself_is_done_without(
    begin: Callable[[], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere(
        tmp_path, monkeypatch, "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    server = begin()
    assert is_plain(server) and is_plain(server)
    assert len(said(server)) == 1 and "from now on: the warm process is lost (2 threads)" in said(server)[0]


def test_a_warm_process_is_not_lost_because_the_first_visitor_comes_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with in_this_process(monkeypatch) as here:
        here.start()
        asks = here._requests
        assert asks is not None
        ready = select.poll()
        ready.register(asks, select.POLLIN)
        wait_until(lambda: ready.poll(0), "the warm process has said that it is ready", 60)
        here._started_at -= 2 * provisioner.ANSWER_TIMEOUT_SECONDS  # as if the first visitor came only now

        async def come() -> None:
            assert await here._wait_until_ready() is asks

        run_alone(come())
    assert [record.getMessage() for record in caplog.records if "lost" in record.getMessage()] == []


def test_fewer_are_let_in_from_the_moment_when_pages_share_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COWORK_MOST_VISITORS", raising=False)
    monkeypatch.setattr("cowork.serve.kernels.capacity.available_memory", lambda: 430_000_000)
    with in_this_process(monkeypatch) as here:
        manager = kernels.VisitorKernels(max_pages=6)
        for n in range(4):
            manager.reserve(f"visitor {n}")
        here._starts = provisioner.MAX_STARTS
        with pytest.raises(HTTPError):
            manager.reserve("somebody")
        here._starts = 0
        manager.reserve("somebody")


def test_a_warm_process_that_never_begins_is_not_tried_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    everywhere(tmp_path, monkeypatch, "import os; os._exit(3)")

    async def run() -> None:
        for _ in range(provisioner.MAX_STARTS + 3):
            assert await here.fork_kernel(str(tmp_path / "none.json"), {}, str(tmp_path)) is None

    with in_this_process(monkeypatch) as here:
        here.start()
        run_alone(run())
    lost = [record.getMessage() for record in caplog.records]
    assert len(lost) == provisioner.MAX_STARTS and "from now on: the warm process is lost" in lost[-1]


def test_a_kernel_that_cannot_be_forked_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its folder is gone when the fork comes there; a plain kernel is started where the server says."""

    async def run() -> None:
        gone_away = str(tmp_path / "gone")
        assert await provisioner.fork_server.fork_kernel(str(tmp_path / "none.json"), {}, gone_away) is None
        assert await provisioner.fork_server._wait_until_ready() is not None, "the warm process itself is well"

    with in_this_process(monkeypatch) as here:
        here.start()
        run_alone(run())
    (line,) = [record.getMessage() for record in caplog.records]
    assert "could not be forked (FileNotFoundError" in line


# ---- inside a Jupyter server


def test_a_page_on_binder_is_forked_and_a_notebook_there_is_an_ordinary_one(
    folder: Path, tmp_path: Path, wait_until: Any
) -> None:
    from urllib.request import Request, urlopen

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")} | {
        "HOME": str(tmp_path),
        "JUPYTER_PATH": str(SERVE / "share/jupyter"),
        "JUPYTER_CONFIG_PATH": str(SERVE / "etc/jupyter"),
        "COWORK_RECORD": str(tmp_path / "binder.cowork"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    options = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.allow_root=True", "--no-browser"]
    command = [sys.executable, "-m", "jupyter_server", "--IdentityProvider.token=S", *options]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)

    def ask(path: str, body: str | None = None) -> str:
        headers = {"Authorization": "token S", "Content-Type": "application/json"}
        asked = Request(f"http://127.0.0.1:{port}/{path}", body.encode() if body else None, headers)
        with urlopen(asked, timeout=60) as answer:
            text: str = answer.read().decode()
        return text

    def answers() -> bool:
        assert process.poll() is None, (tmp_path / "log").read_text()
        try:
            return bool(ask("api"))
        except OSError:
            return False

    try:
        wait_until(answers, "Jupyter's server answers", 60)
        (warm_process,) = nurseries(process.pid)
        found = re.search(r"<pre>(\{.*?\})\s*</pre>", ask("voila/render/told.ipynb"), re.DOTALL)
        assert found, (tmp_path / "log").read_text()
        told = json.loads(found[1].replace("&#34;", '"').replace("&quot;", '"'))
        assert told["parent"] == warm_process.pid and told["targets"]
        assert kernels.PAGE_KERNEL_NAME not in json.loads(ask("api/kernelspecs"))["kernelspecs"]
        ask("api/kernels", json.dumps({"name": "python3"}))
        commands = [child.cmdline() for child in psutil.Process(process.pid).children()]
        assert any("ipykernel_launcher" in command for command in commands), commands
        assert len(psutil.Process(warm_process.pid).children()) == 1
    finally:
        process.terminate()
        process.wait(30)
    wait_until(lambda: ended(warm_process.pid, told["pid"]), "its warm process has ended")


def test_somebody_else_s_choice_of_kernels_is_left_alone() -> None:
    """Where Jupyter finds its kernels in a way of its own, a page takes the kernel that its notebook names."""
    from types import SimpleNamespace

    from nbformat.v4 import new_notebook

    for specs, name in (
        (kernels.PageAndOtherKernelSpecs(), kernels.PAGE_KERNEL_NAME),
        (kernels.PageKernelSpecs(), kernels.PAGE_KERNEL_NAME),
        (object(), "python3"),
    ):
        page = new_notebook(
            metadata={"cowork": {"serve": True}, "kernelspec": {"name": "python3", "display_name": "P"}}
        )
        handler = SimpleNamespace(
            request=SimpleNamespace(query=""),
            settings={"kernel_spec_manager": specs},
            reserve_kernel=lambda: None,
            xsrf_token=b"",
            send_head=lambda notebook: None,
        )
        prepare_page(handler, notebook=page)  # type: ignore[arg-type]
        assert page.metadata.kernelspec.name == name
