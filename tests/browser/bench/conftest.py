"""A bench for components on their own: one server, one person at a desk, and how a test moves between its pages.

`bench.py` beside this file is the kernel's side: what is shown, and a line for each thing that arrived.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from support.accessibility import DESK, PHONE, axe, fits
from support.browsers import Person, Server, expect

HERE = Path(__file__).parent
RUN = """
import sys
from pathlib import Path
from typing import Any
from cowork.serve.app import serve
raise SystemExit(serve(Path(sys.argv[1]), port=int(sys.argv[2]), browser=False, notebooks=Path(sys.argv[3])))
"""
TOPS = {"trace": "How did we get here?", "report": "The report", "file": "A file", "picture": "A picture"}
COUNTING = """
window.watched = new Set();
const Real = ResizeObserver;
window.ResizeObserver = class extends Real {
  observe(e) { if (e.className?.includes?.('cw-tree')) watched.add(this); super.observe(e); }
  disconnect() { watched.delete(this); super.disconnect(); }
};
"""
FILLED = """() => [...document.querySelectorAll('main button')].filter(e => e.checkVisibility()
  && getComputedStyle(e).backgroundColor !== 'rgba(0, 0, 0, 0)').map(e => e.innerText)"""


class BenchServer(Server):
    """The server over one notebook, whose kernels find `bench.py`."""

    def start(self) -> None:
        folder = self.record.with_name("notebooks")
        folder.mkdir()
        cell = {"cell_type": "code", "id": "0", "metadata": {}, "execution_count": None, "outputs": []}
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = {
            "cells": [cell | {"source": "import bench\nbench.show()"}],
            "metadata": {"kernelspec": spec, "title": "A bench", "cowork": {"serve": True}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (folder / "workbook.ipynb").write_text(json.dumps(notebook), "utf-8")
        paths = [str(HERE), str(HERE.parents[2] / "src"), os.environ.get("PYTHONPATH", "")]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
        command = [sys.executable, "-c", RUN, str(self.record), str(self.port), str(folder)]
        self.begin(command, env)


class Bench:
    """Somebody at the bench: their page, and what is asked of it again and again."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page
        self.button = person.button
        self.sent = 0  # bytes that left this device by the page's own connection
        self.page.on("websocket", lambda socket: socket.on("framesent", self.count))

    def count(self, frame: Any) -> None:
        self.sent += len(frame)

    def go(self, name: str, at: str = "") -> None:
        """To a page of the bench, made anew."""
        self.page.evaluate("document.activeElement.blur(); coworkGo('front', '?page=front')")
        # With the focus on the heading one has arrived: a test that moved it sooner would lose it again.
        expect(self.page.locator("h1:focus")).to_have_text("The bench")
        self.page.evaluate("to => coworkGo(to[0], to[1])", [name, f"?page={name}&at={at}"])
        expect(self.page.locator("h1:focus")).to_have_text(TOPS[name])
        self.page.locator(".cw-tree, .cw-paper, .cw-upload").wait_for()

    def change(self, at: str) -> None:
        """What the kernel knows changes while somebody reads: the same component gets other steps."""
        self.page.evaluate("to => coworkGo('trace', to)", f"?page=trace&at={at}")

    def axe(self, where: str) -> list[str]:
        """What breaks a rule, at the width of a phone and of a desk, light and dark."""
        found, page = [], self.page
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found += axe(page, f"{where}, {size['width']}, {scheme}")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)
        return found

    def looks(self, where: str) -> list[str]:
        """What is wider than the screen, also with larger text, or too small for a finger."""
        return fits(self.page, where)

    def filled(self) -> list[str]:
        """The buttons that stand out."""
        self.page.mouse.move(0, 0)
        return list(self.page.evaluate(FILLED))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = BenchServer(tmp_path_factory.mktemp("bench") / "bench.cowork")
    found.start()
    yield found
    found.kill()


@pytest.fixture(scope="module")
def at_bench(person: Callable[..., Person]) -> Bench:
    """Somebody at a desk, whose page counts what its components leave behind."""
    one = person(reduced_motion="reduce", accept_downloads=True)
    one.page.add_init_script(COUNTING)
    made = Bench(one)
    one.open()
    expect(one.page.get_by_role("heading", level=1)).to_have_text("The bench")
    return made


@pytest.fixture
def bench(at_bench: Bench) -> Iterator[Bench]:
    """The bench as a test would find it, whatever the one before has left; nothing was asked of another host."""
    page = at_bench.page
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light", media="null")
    page.evaluate("localStorage.clear(); document.documentElement.style.fontSize = ''")
    yield at_bench
    assert page.evaluate("window.ran") is None, "words were taken for a script"
    assert at_bench.person.outside == [] and at_bench.person.faults == []


@pytest.fixture
def page(bench: Bench) -> Page:
    """The page of the one at the bench."""
    return bench.page
