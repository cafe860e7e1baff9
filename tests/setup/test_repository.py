"""What may stand in the repository: no address of an index, no path of somebody's machine, no long file."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {".git", ".venv", "__pycache__", "dist", "build", "node_modules", "htmlcov"}
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb")) if (ROOT / "notebooks").is_dir() else []

# Written in halves, so that this file does not contain what it looks for.
INDEX_HOSTS = ("pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "anaconda" + ".org", "dev" + "pi")
INDEX_OPTIONS = ("--" + "index-url", "--extra-" + "index-url", "--find-" + "links", "--trusted-" + "host")
SOMEBODYS_PATH = re.compile(
    r"(?<![\w.~$}/-])(?:/(?:root|work|private)/|/home/(?!jovyan\b)\w+/|/Users/\w+/|/tm[p]/w/|[A-Z]:\\+Users\\)"
)


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or could be in the repository; without git, every file that no tool has made."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if listed.returncode == 0:
            names = listed.stdout.decode().split("\0")
            return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())
    inside = (path for path in ROOT.rglob("*") if path.is_file())
    return tuple(
        path
        for path in inside
        if not any(
            part in OUTSIDE or part.endswith(("_cache", ".egg-info")) or part == ".hypothesis"
            for part in path.relative_to(ROOT).parts
        )
    )


@cache
def texts() -> dict[str, str]:
    """The files that hold text, by their path in the repository."""
    found = {}
    for path in files():
        data = path.read_bytes()
        if b"\0" not in data:
            found[path.relative_to(ROOT).as_posix()] = data.decode("utf-8", "replace")
    return found


def test_there_are_files_to_look_at() -> None:
    assert {"run.py", "pyproject.toml", "binder/start", ".ci/run", "src/cowork/__init__.py"} <= set(texts())


@pytest.mark.parametrize("word", INDEX_HOSTS + INDEX_OPTIONS)
def test_no_file_names_a_package_index(word: str) -> None:
    """Which index is asked is the business of the machine: a name here breaks set-up behind a mirror."""
    assert [name for name, text in texts().items() if word in text.lower()] == []


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    found = {name: hits for name, text in texts().items() if (hits := SOMEBODYS_PATH.findall(text))}
    assert found == {}


@pytest.mark.parametrize("line", ["see |root|x", "'|home|anna|notes'", "|Users|anna|x", "cd |work|main"])
def test_the_search_for_machine_paths_finds_them(line: str) -> None:
    assert SOMEBODYS_PATH.search(line.replace("|", "/"))


WORK, ROOT_HOME = "work", "root"  # apart, or this file would be found by a search like the one it tests


@pytest.mark.parametrize(
    "line", [f"https://example.net/{WORK}/1", f"../{WORK}/x", "/home/jovyan/x", f"team/{ROOT_HOME}/x"]
)
def test_the_search_for_machine_paths_leaves_the_rest_alone(line: str) -> None:
    assert not SOMEBODYS_PATH.search(line)


def test_no_source_or_test_is_over_500_lines() -> None:
    ends = (".py", ".js", ".css", ".j2", ".html")
    made = "tests/golden/report-"  # written by a program and never by hand
    long = {
        name: lines
        for name, text in texts().items()
        if name.endswith(ends) and not name.startswith(made) and (lines := text.count("\n") + 1) > 500
    }
    assert long == {}, "split it while it is easy"


def test_readme_says_on_its_first_screen_how_to_run_and_how_to_test() -> None:
    screen = "\n".join(texts()["README.md"].splitlines()[:45])
    assert re.search(r"^ *python run\.py\b(?! test)", screen, re.M)
    assert re.search(r"^ *python run\.py test\b", screen, re.M)


def test_ci_runs_the_test_command_of_readme_with_a_browser_required() -> None:
    lines = texts()[".ci/run"].splitlines()
    commands = [line for line in lines if "run.py" in line and not line.startswith("#")]
    assert commands == ["python run.py test"]
    assert any(line.startswith("export COWORK_REQUIRE_BROWSER=1") for line in lines)
    assert "set -eu" in lines


def test_the_binder_link_opens_the_workbook_itself() -> None:
    link = "?urlpath=voila%2Frender%2Fnotebooks%2Fworkbook.ipynb"
    assert link in texts()["README.md"]


def test_citation_names_the_synthesis_the_elements_come_from() -> None:
    citation = yaml.safe_load(texts()["CITATION.cff"])
    assert [reference["doi"] for reference in citation["references"]] == ["10.1186/s40900-024-00638-3"]


@pytest.mark.skipif(not NOTEBOOKS, reason="there are no notebooks yet")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
class TestNotebooks:
    """A notebook is prose: it defines nothing, and what it once showed is not kept."""

    def cells(self, path: Path) -> list[dict]:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        return [cell | {"source": "".join(cell["source"])} for cell in cells if cell["cell_type"] == "code"]

    def test_holds_no_outputs(self, path: Path) -> None:
        for cell in self.cells(path):
            assert cell["outputs"] == [] and cell["execution_count"] is None, "run nbstripout on it"

    def test_has_at_most_three_lines_of_code_a_cell_and_defines_nothing(self, path: Path) -> None:
        for cell in self.cells(path):
            lines = [line for line in cell["source"].splitlines() if line.strip()]
            assert len(lines) <= 3, cell["source"]
            kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
            assert not any(isinstance(node, kinds) for node in ast.walk(ast.parse(cell["source"])))

    def test_asks_for_the_kernel_every_python_has(self, path: Path) -> None:
        metadata = json.loads(path.read_text("utf-8"))["metadata"]
        assert metadata["kernelspec"]["name"] == "python3"
        assert metadata.get("title"), "the title of the page, shown by the browser"
