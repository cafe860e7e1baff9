"""JupyterLab itself as `python run.py lab` starts it, and people who run the notebooks in it."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog

from support.browsers import PATIENCE, Person, Server, expect
from support.notebook_kernels import BY_SOCKETS, short_folder

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "of-the-test"


def lab_command(*arguments: str) -> tuple[list[str], dict[str, str]]:
    """The command and the environment with which run.py hands over to JupyterLab."""
    spec = importlib.util.spec_from_file_location("cowork_run", ROOT / "run.py")
    assert spec and spec.loader
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    found: list[tuple[list[str], dict[str, str]]] = []
    run.PYTHON = sys.executable
    run.hand_over = lambda command, environment: found.append((command, environment))
    run.lab(list(arguments))
    return found[0]


class Lab(Server):
    """A JupyterLab with a copy of the notebooks: it saves what is run in it."""

    def __init__(self, home: Path) -> None:
        super().__init__(home / "lab.cowork")
        self.home = home
        self.notebooks = home / "notebooks"
        shutil.copytree(ROOT / "notebooks", self.notebooks, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))

    def start(self, **env: str) -> None:
        command, environment = lab_command(
            "--record", str(self.record), "--no-browser", "--ServerApp.allow_root=True", "--ServerApp.port_retries=0",
            f"--ServerApp.port={self.port}", f"--IdentityProvider.token={TOKEN}",
        )  # fmt: skip
        command[command.index(str(ROOT / "notebooks"))] = str(self.notebooks)
        # The settings, kernels and workspaces of the person who runs the tests are none of ours.
        own = {name: value for name, value in environment.items() if not name.startswith("JUPYTER")}
        path = os.pathsep.join(p for p in (str(ROOT / "src"), os.environ.get("PYTHONPATH", "")) if p)
        if BY_SOCKETS:
            command += ["--KernelManager.transport=ipc"]
            own["JUPYTER_RUNTIME_DIR"] = short_folder()
        self.begin(command, {**own, "HOME": str(self.home), "PYTHONPATH": path, **env})

    def ask(self, address: str, method: str = "GET") -> Any:
        asked = urllib.request.Request(self.url + address, method=method, headers={"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def alive(self) -> dict[str, Any]:
        return dict(self.ask("api/status"))

    def end_kernels(self) -> None:
        """As "Shut Down All Kernels" does: each notebook that was run has one."""
        for session in self.ask("api/sessions"):
            self.ask(f"api/sessions/{session['id']}", "DELETE")


class Researcher(Person):
    """Somebody in JupyterLab, with a browser of their own."""

    def __init__(self, chrome: Browser, lab: Lab, name: str, **options: Any) -> None:
        super().__init__(chrome.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB", **options), lab)
        self.name = name
        self.page.on("dialog", _leave)

    def open_notebook(self, name: str) -> None:
        """Open a notebook in a workspace of one's own; returns when its kernel is there."""
        self.page.goto(f"{self.server.url}lab/workspaces/{self.name}/tree/{name}.ipynb?token={TOKEN}&reset")
        self.wait_for_kernel()

    def open_another(self, name: str) -> None:
        """Open one more notebook, from the list of files; JupyterLab and what is open in it stay."""
        self.page.locator(".jp-DirListing-item", has_text=f"{name}.ipynb").dblclick()
        expect(self.page.get_by_role("tab", name=f"{name}.ipynb", selected=True)).to_be_visible()
        self.wait_for_kernel()

    def in_front(self) -> Any:
        """The notebook that is in front; those behind it stand in the same document."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def wait_for_kernel(self) -> None:
        expect(self.page.locator("#jp-main-statusbar").get_by_text(re.compile(r"\| Idle$"))).to_be_visible()

    def run_all(self) -> None:
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def save(self) -> None:
        """Save the notebook with what it shows; returns when that is on the disk."""
        with self.page.expect_response(
            lambda answer: answer.request.method == "PUT" and "/api/contents/" in answer.url, timeout=PATIENCE
        ):
            self.page.get_by_role("menuitem", name="File", exact=True).click()
            self.page.get_by_role("menuitem", name=re.compile("^Save Notebook(?! As)")).click()

    def heading(self, words: str) -> Any:
        """A page's question; the notebook's own prose has headings too."""
        return self.page.locator(".cw-shell").get_by_role("heading", level=1, name=words)

    def begin_workshop(self, title: str, name: str) -> str:
        """From the front door: open a workshop; returns the code that stands over the page."""
        self.button("Start a workshop").click()
        self.page.get_by_label("Name of the workshop").fill(title)
        self.page.get_by_label("Why we hold this").fill("To find out together.")
        self.page.get_by_label("What shall we call you?").fill(name)
        self.button("Open the workshop").click()
        return self.code()

    def code(self) -> str:
        shown = self.page.locator(".cw-shell-code strong")
        expect(shown).to_have_text(re.compile(r"^[A-Z]+-\d+$"))
        return str(shown.inner_text())

    def come_in(self, code: str, name: str = "") -> None:
        """From the front door: join with the code."""
        self.page.get_by_label("The code you were given").fill(code)
        self.button("Join").click()
        self.page.get_by_role("radio", name="Yes, I would like to take part").check()
        if name:
            self.page.get_by_label("Name for this workshop").fill(name)
        self.button("Go to the group").click()


def _leave(dialog: Dialog) -> None:
    """ "Leave this page? Changes may not be saved": yes."""
    dialog.accept()


@contextmanager
def opened_lab(home: Path) -> Iterator[Lab]:
    lab = Lab(home)
    lab.start()
    try:
        yield lab
    finally:
        lab.end_kernels()
        lab.kill()
