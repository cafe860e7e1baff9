"""What the import contracts in pyproject.toml cannot say: who may import what alone, and what an import may load.

The contracts themselves run in `python run.py test` as lint-imports, once, not here a second time.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "cowork"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# Packages that belong to a declared one and are used through it; the name of the module differs from the name
# of the package for pillow.
COMES_WITH = {
    "PIL": "pillow",
    "jupyter_client": "voila",
    "jupyter_core": "voila",
    "jupyter_server": "voila",
    "nbclient": "voila",
    "nbconvert": "voila",
    "nbformat": "voila",
    "tornado": "voila",
    "IPython": "ipykernel",
    "comm": "ipykernel",
}
# Of use to few and slow to load: each is imported where it is used, in the moment it is used.
SELDOM = ["jinja2", "PIL", "plotly", "pandas", "numpy", "openpyxl"]
# What comes with an extra, used in one place: figures for researchers.
TOOLS = {"src/cowork/tables/figures.py": "plotly"}


def imported(path: Path) -> Iterator[str]:
    """The modules a file imports anywhere in it, relative imports left out."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def test_the_core_stands_on_the_standard_library_alone() -> None:
    seen = 0
    for path in sorted((SOURCE / "core").rglob("*.py")):
        for name in imported(path):
            seen += 1
            ours = name == "cowork.core" or name.startswith("cowork.core.")
            assert ours or name.split(".")[0] in sys.stdlib_module_names, f"{path.name} imports {name}"
    assert seen, "the core was not found: this test looked at nothing"


@pytest.mark.parametrize(
    ("floor", "below", "others"),
    [
        ("analysis", {"core"}, False),
        ("reports", {"core", "text", "analysis"}, True),
    ],
)
def test_what_reads_a_workshop_knows_only_what_it_is_given(floor: str, below: set[str], others: bool) -> None:
    """A list of what is forbidden would let the next package in; this is the list of what is allowed."""
    files = sorted((SOURCE / floor).rglob("*.py"))
    assert files, f"{floor} was not found: this test looked at nothing"
    for path in files:
        for name in imported(path):
            top, _, rest = name.partition(".")
            if top == "cowork":
                assert rest.split(".")[0] in below | {floor}, f"{path.name} imports {name}"
            else:
                assert others or top in sys.stdlib_module_names, f"{path.name} imports {name}"


@pytest.mark.parametrize("floor", ["core", "analysis"])
def test_the_core_and_analysis_read_no_clock_no_environment_and_no_file(floor: str) -> None:
    """Time and ids come in as arguments: the same entries fold to the same state anywhere, at any time."""
    outside = {
        "os", "time", "socket", "random", "uuid", "secrets", "pathlib", "io", "subprocess", "threading",
        "asyncio", "sqlite3", "tempfile", "shutil", "logging", "platform", "locale", "urllib",
    }  # fmt: skip
    calls = {"open", "input", "print"}
    now = {"now", "today", "utcnow"}
    for path in sorted((SOURCE / floor).rglob("*.py")):
        assert not {name.split(".")[0] for name in imported(path)} & outside, path.name
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                function = node.func
                place = f"{path.name}:{node.lineno}"
                assert not (isinstance(function, ast.Name) and function.id in calls), place
                assert not (isinstance(function, ast.Attribute) and function.attr in now), place


def test_whatever_the_package_imports_is_declared() -> None:
    declared = {Requirement(line).name.replace("-", "_") for line in PROJECT["project"]["dependencies"]}
    assert "plotly" not in declared, "figures are drawn for analyse.ipynb alone"
    missing = set()
    for path in SOURCE.rglob("*.py"):
        place = path.relative_to(ROOT).as_posix()
        for name in imported(path):
            top = name.split(".")[0]
            known = top in sys.stdlib_module_names or top in ("cowork", TOOLS.get(place))
            if not known and COMES_WITH.get(top, top) not in declared:
                missing.add(f"{place}: {name}")
    assert missing == set()


def test_every_floor_stands_in_the_contract() -> None:
    """`exhaustive` holds this too, but only for floors that exist; here the list itself is held."""
    (floors,) = [c for c in PROJECT["tool"]["importlinter"]["contracts"] if c["id"] == "floors"]
    assert floors["exhaustive"] and floors["containers"] == ["cowork"]
    names = [layer.replace("(", "").replace(")", "") for layer in floors["layers"]]
    assert names == [
        "serve",
        "pages",
        "context | tables",
        "feed | imports | presence | reports",
        "store | widgets | analysis",
        "text",
        "core",
    ]


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("cowork", ["sqlalchemy.orm", "tornado"]),
        ("cowork.core", ["sqlalchemy", "tornado", "cowork.store", "cowork.widgets"]),
        ("cowork.store", ["sqlalchemy.orm", "tornado", "cowork.widgets"]),
    ],
)
def test_importing_loads_only_what_it_needs(module: str, heavy: list[str]) -> None:
    """In a fresh process: on Binder each page is a process, and 2 GB are shared by all of them."""
    assert loaded(f"import {module}", [*heavy, *SELDOM, "ipywidgets", "anywidget", "IPython", "voila"]) == []


def test_a_visitor_s_process_loads_nothing_that_few_have_use_for() -> None:
    """As a kernel does it: a visit is shown, a workshop is opened, and each of its pages is gone to."""
    walk = """
import ipykernel.kernelapp
from cowork.pages.registry import pages
from support.page_sessions import opened
fay = opened()
inside = [key for key, page in pages().items() if not page.front and key != "join"]
for key in inside:
    fay.go(key)
assert len(inside) > 4
"""
    assert loaded(walk, [*SELDOM, "sqlalchemy.orm", "voila"]) == []


def loaded(code: str, names: list[str]) -> list[str]:
    """Which of `names` a fresh process has loaded after `code`."""
    say = f"{code}\nimport sys; print(*[name for name in {names!r} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests")))}
    done = subprocess.run([sys.executable, "-c", say], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
