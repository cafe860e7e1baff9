"""run.py: what it says when something is missing, what it passes on, and that old Pythons can read it."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "run.py").read_text("utf-8")


@pytest.fixture
def run(tmp_path: Path) -> ModuleType:
    """run.py as a module whose .venv is in a folder of its own."""
    spec = importlib.util.spec_from_file_location("cowork_run", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ENV = str(tmp_path / ".venv")
    module.SCRIPTS = str(tmp_path / ".venv" / "bin")
    module.PYTHON = str(tmp_path / ".venv" / "bin" / "python")
    module.STAMP = str(tmp_path / ".venv" / "cowork.stamp")
    return module


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 0), (3, 10, 13)])
def test_an_old_python_is_told_what_is_needed(run: ModuleType, version: tuple[int, ...]) -> None:
    with pytest.raises(run.Trouble) as trouble:
        run.check_python(version)
    assert "Python 3.11 or newer is needed" in str(trouble.value)
    assert ".".join(map(str, version)) in str(trouble.value)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_a_new_enough_python_is_not_bothered(run: ModuleType, version: tuple[int, ...]) -> None:
    run.check_python(version)


def test_an_old_python_can_read_the_file() -> None:
    """Else it shows a SyntaxError instead of words. Python 2 knows no f-strings and no annotations."""
    assert SOURCE.isascii()
    tree = ast.parse(SOURCE, feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal, ast.AsyncFunctionDef, ast.YieldFrom)
    for node in ast.walk(tree):
        assert not isinstance(node, newer), ast.unparse(node)
        if isinstance(node, ast.FunctionDef):
            parameters = node.args.args + node.args.kwonlyargs + node.args.posonlyargs
            assert not node.returns and not any(a.annotation for a in parameters), node.name
            assert not node.args.kwonlyargs and not node.args.posonlyargs, node.name
        if isinstance(node, ast.Raise):
            assert node.cause is None
        if isinstance(node, (ast.List, ast.Tuple)):
            assert not any(isinstance(part, ast.Starred) for part in node.elts)
    top = {name.name for node in tree.body if isinstance(node, ast.Import) for name in node.names}
    assert top == {"hashlib", "os", "subprocess", "sys"}, "other modules are imported inside functions"


def test_it_uses_the_standard_library_alone() -> None:
    nodes = list(ast.walk(ast.parse(SOURCE)))
    names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) for node in nodes)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM ...", "not the one that was tested"),
        ("error: Hash mismatch for `voila==0.5.13`", "not the one that was tested"),
        ("Temporary failure in name resolution\nNo matching distribution found", "Is this computer online"),
        ("error: Request failed\n Caused by: error sending request", "Is this computer online"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("PermissionError: [Errno 13] Permission denied", "may not be written to"),
        ("ERROR: No matching distribution found for numpy", "not made for this Python"),
    ],
)
def test_what_went_wrong_is_said_in_words_first(run: ModuleType, output: str, words: str) -> None:
    fail = f"import sys; print({output!r}); sys.exit(1)"
    with pytest.raises(run.Trouble) as trouble:
        run.quietly([sys.executable, "-c", fail], "Installing the packages")
    first, second = str(trouble.value).split("\n")[:2]
    assert first == "Installing the packages did not succeed."
    assert words in second
    assert output.splitlines()[-1] in str(trouble.value)


def test_a_missing_venv_names_the_package_of_debian(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(run.Trouble, match="sudo apt install python3-venv"):
        run.make_environment(None)


class TestSetUp:
    """Installing is replaced by notes of what would be installed: order and stamp are looked at."""

    @pytest.fixture
    def done(self, run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        done: list[str] = []

        def make(uv: str | None) -> None:
            done.append("environment")
            scripts = Path(run.SCRIPTS)
            scripts.mkdir(parents=True, exist_ok=True)
            Path(run.PYTHON).unlink(missing_ok=True)
            Path(run.PYTHON).symlink_to(sys.executable)
            (scripts.parent / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n")

        def note(command: list[str], what: str) -> None:
            if "uninstall" in command:
                done.append("without " + " ".join(command[command.index("--yes") + 1 :]))
                return
            assert "--require-hashes" in command or "--no-deps" in command, "nothing unlocked is installed"
            done.append(next((Path(part).name for part in command if part.endswith(".lock")), "cowork"))

        monkeypatch.setattr(run, "make_environment", make)
        monkeypatch.setattr(run, "quietly", note)
        monkeypatch.setattr(run, "has_pip", lambda: True)
        monkeypatch.setattr(run, "find_uv", lambda: "uv")  # which seeds nothing; what pip leaves is tested below
        return done

    def test_the_second_time_nothing_is_done(self, run: ModuleType, done: list[str]) -> None:
        run.set_up("run")
        assert done == ["environment", "requirements.lock", "cowork"]
        run.set_up("run")
        assert len(done) == 3

    def test_tests_add_to_the_same_environment_and_the_workbook_needs_no_other(
        self, run: ModuleType, done: list[str]
    ) -> None:
        run.set_up("run")
        run.set_up("test")
        assert done[3:] == ["requirements-test.lock", "cowork"], "added, not made anew"
        run.set_up("run")
        run.set_up("test")
        assert len(done) == 5

    def test_jupyterlab_is_added_too_and_comes_with_the_tests(self, run: ModuleType, done: list[str]) -> None:
        for kind in ("run", "lab", "run"):
            run.set_up(kind)
        assert done[3:] == ["requirements-lab.lock", "cowork"]
        run.set_up("test")
        run.set_up("lab")
        assert done[5:] == ["requirements-test.lock", "cowork"]

    @pytest.mark.parametrize("kind", ["run", "lab", "test"])
    def test_what_an_old_python_seeds_and_no_lock_holds_is_left_out(
        self, run: ModuleType, done: list[str], monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        monkeypatch.setattr(run, "find_uv", lambda: None)
        monkeypatch.setattr(run, "locked", lambda kind: {"pip", "wheel"})
        run.set_up(kind)
        assert done[-1] == "without setuptools"

    def test_a_set_up_broken_off_is_gone_on_with(
        self, run: ModuleType, done: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        note = run.quietly

        def refuse(command: list[str], what: str) -> None:
            raise run.Trouble("no network")

        monkeypatch.setattr(run, "quietly", refuse)
        with pytest.raises(run.Trouble):
            run.set_up("run")
        monkeypatch.setattr(run, "quietly", note)
        run.set_up("run")
        assert done == ["environment", "requirements.lock", "cowork"]

    def test_an_environment_of_uv_is_made_anew_when_uv_is_gone(
        self, run: ModuleType, done: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """There is no pip in it, so nothing could be added."""
        run.set_up("run")
        monkeypatch.setattr(run, "has_pip", lambda: False)
        monkeypatch.setattr(run, "find_uv", lambda: None)
        run.set_up("test")
        assert done[3:6] == ["environment", "requirements-test.lock", "cowork"]

    def test_a_changed_lock_is_installed(
        self, run: ModuleType, done: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run.set_up("run")
        monkeypatch.setattr(run, "digest", lambda kind: "another")
        run.set_up("run")
        assert done[3:] == ["requirements.lock", "cowork"]

    def test_an_environment_that_was_moved_or_lost_its_python_is_made_anew(
        self, run: ModuleType, done: list[str]
    ) -> None:
        run.set_up("run")
        Path(run.ENV, "pyvenv.cfg").write_text("home = /nowhere/bin\n")
        run.set_up("run")
        assert done.count("environment") == 2


@pytest.mark.parametrize("kind", ["run", "lab", "test"])
def test_the_names_in_a_lock_are_read_as_they_stand_there(run: ModuleType, kind: str) -> None:
    names = run.locked(kind)
    assert {"voila", "pip", "hatchling"} <= names and ("jupyterlab" in names) is (kind != "run")
    assert all(name and name == name.strip("# \\") for name in names)


class TestLab:
    """`python run.py lab` becomes JupyterLab; what follows goes to it, but `--record`."""

    @pytest.fixture
    def became(self, run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
        became: list[tuple[list[str], dict[str, str]]] = []
        monkeypatch.setattr(run, "hand_over", lambda command, environment: became.append((command, environment)))
        monkeypatch.setattr(run, "set_up", lambda kind: became.append(([kind], {})))
        return became

    def test_it_opens_the_notebooks_and_asks_no_other_host(self, run: ModuleType, became: list[Any]) -> None:
        run.main(["lab", "--no-browser", "--port=9000"])
        [(kind, _), (command, environment)] = became
        assert kind == ["lab"]
        assert command[:4] == [run.PYTHON, "-m", "jupyterlab", str(ROOT / "notebooks")]
        assert "--LabApp.news_url=None" in command and command[-2:] == ["--no-browser", "--port=9000"]
        assert environment.get("COWORK_RECORD") == os.environ.get("COWORK_RECORD")

    @pytest.mark.parametrize("given", [["--record", "x.cowork"], ["--record=x.cowork"]])
    def test_its_notebooks_open_the_record_that_is_named(
        self, run: ModuleType, became: list[Any], given: list[str]
    ) -> None:
        run.main(["lab", *given, "--no-browser"])
        command, environment = became[-1]
        assert environment["COWORK_RECORD"] == str(Path.cwd() / "x.cowork")
        assert command[-1] == "--no-browser" and not any("record" in part for part in command[4:])

    def test_a_record_without_a_file_is_said(self, run: ModuleType, became: list[Any]) -> None:
        assert run.main(["lab", "--record"]) == run.NOT_SET_UP


class TestTest:
    """`python run.py test` runs ruff, mypy, lint-imports, what checks the scripts, and pytest, each once."""

    @pytest.fixture
    def called(self, run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        called: list[list[str]] = []

        def call(command: list[str], cwd: str, env: dict[str, str]) -> int:
            assert cwd == str(ROOT)
            assert Path(env["COWORK_RECORD"]).parent.is_dir(), "never the record of the person who tests"
            assert Path(env["COWORK_RECORD"]).parent != Path.home()
            called.append(command)
            return int("mypy" in command)

        monkeypatch.setattr(run.subprocess, "call", call)
        monkeypatch.setattr(run, "javascript", lambda environment: ({}, ""))
        return called

    def test_one_failure_is_not_the_end_but_is_told(
        self, run: ModuleType, called: list[list[str]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run.test([]) == 1
        for name, command in zip(("ruff", "mypy", "lint-imports", "pytest"), called, strict=True):
            assert any(part.endswith(name) for part in command)
        assert "FAILED: mypy (of ruff, mypy, lint-imports, pytest)" in capsys.readouterr().err

    def test_what_follows_goes_to_pytest(self, run: ModuleType, called: list[list[str]]) -> None:
        run.test(["-k", "setup"])
        run.test(["-n", "0", "-x"])
        assert called[3][-7:] == ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-k", "setup"]
        assert called[7][-4:] == ["pytest", "-n", "0", "-x"]

    def test_the_scripts_are_checked_before_the_long_tests(
        self,
        run: ModuleType,
        called: list[list[str]],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(run, "javascript", lambda environment: ({"tsc": ["T"], "javascript": ["J"]}, ""))
        run.test([])
        assert called[3:5] == [["J"], ["T"]]
        assert "(of ruff, mypy, lint-imports, javascript, tsc, pytest)" in capsys.readouterr().err

    @pytest.mark.parametrize("required", [False, True])
    def test_scripts_that_were_not_checked_are_told_at_the_end_and_fail_where_node_is_required(
        self,
        run: ModuleType,
        called: list[list[str]],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        required: bool,
    ) -> None:
        monkeypatch.setattr(run.subprocess, "call", lambda *_, **__: 0)
        monkeypatch.setattr(run, "javascript", lambda environment: ({}, "Node is not installed"))
        monkeypatch.delenv("COWORK_REQUIRE_NODE", raising=False)
        if required:
            monkeypatch.setenv("COWORK_REQUIRE_NODE", "1")
        assert run.test([]) == int(required)
        told = capsys.readouterr().err.splitlines()
        assert told[-2] == "cowork: NOT RUN: javascript (Node is not installed)"
        assert ("FAILED: javascript" in told[-1]) is required


class TestJavascript:
    """Node and npm are stand-ins that note how they were called."""

    @pytest.fixture
    def tools(self, run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
        found: dict[str, str | None] = {"node": "/x/node", "npm": "/x/npm"}
        monkeypatch.setattr(shutil, "which", lambda name: found[name])
        monkeypatch.setattr(
            run.subprocess, "check_output", lambda command, env: found.get("version", "v18.0.0").encode()
        )
        run.NODE_STAMP = str(tmp_path / "stamp")
        return found

    @pytest.fixture
    def installed(self, run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        installed: list[list[str]] = []
        monkeypatch.setattr(run, "quietly", lambda command, what: installed.append(command))
        return installed

    def test_it_installs_what_the_lock_holds_once_and_runs_nothing_of_it(
        self, run: ModuleType, tools: dict[str, str | None], installed: list[list[str]]
    ) -> None:
        for _ in range(2):
            checks, missing = run.javascript({})
            assert sorted(checks) == ["javascript", "tsc"] and missing == ""
        assert installed == [["/x/npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]]
        assert {Path(part).name for part in checks["javascript"][2:]} == {
            path.name for path in (ROOT / "tests" / "javascript").glob("*.test.js")
        }
        assert checks["tsc"][1].startswith(str(ROOT))

    def test_a_changed_lock_is_installed_anew(
        self, run: ModuleType, tools: dict[str, str | None], installed: list[list[str]]
    ) -> None:
        run.javascript({})
        Path(run.NODE_STAMP).write_text("another")
        run.javascript({})
        assert len(installed) == 2

    @pytest.mark.parametrize(
        ("found", "checks", "why"),
        [
            ({"node": None}, [], "Node is not installed"),
            ({"version": "v16.20.2"}, [], "Node 18 or newer is needed, this is v16.20.2"),
            ({"version": "?"}, [], "Node does not say its version"),
            ({"npm": None}, ["javascript"], "npm is not installed, so types are not checked"),
        ],
    )
    def test_what_is_missing_is_said(
        self,
        run: ModuleType,
        tools: dict[str, str | None],
        installed: list[list[str]],
        found: dict[str, str | None],
        checks: list[str],
        why: str,
    ) -> None:
        tools.update(found)
        able, missing = run.javascript({})
        assert sorted(able) == checks and missing == why

    def test_without_a_network_the_tests_of_the_scripts_run_all_the_same(
        self, run: ModuleType, tools: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(command: list[str], what: str) -> None:
            raise run.Trouble("no network")

        monkeypatch.setattr(run, "quietly", fail)
        checks, missing = run.javascript({})
        assert list(checks) == ["javascript"] and missing == "types are not checked: no network"
        assert not Path(run.NODE_STAMP).exists()


def test_the_lock_of_what_checks_types_names_no_index_and_the_package_is_private() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert package["private"] is True and set(package["devDependencies"]) == {"typescript"}
    assert "dependencies" not in package
    found = lock["packages"]["node_modules/typescript"]
    assert found["integrity"].startswith("sha512-") and "resolved" not in found


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ([], ["serve"]),
        (["--no-browser"], ["serve", "--no-browser"]),
        (["--record", "x.cowork", "--port", "9000"], ["serve", "--record", "x.cowork", "--port", "9000"]),
        (["list"], ["list"]),
        (["--record", "x.cowork", "list"], ["--record", "x.cowork", "list"]),
        (["--help"], ["--help"]),
        (["new", "A day by the lake"], ["new", "A day by the lake"]),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has no exec; there the same list goes to Popen")
def test_other_words_go_to_the_command_line(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, given: list[str], passed: list[str]
) -> None:
    seen: list[list[str]] = []

    class Gone(Exception):
        """What follows an exec never runs; the stand-in makes sure of it."""

    def execve(path: str, command: list[str], environment: dict[str, str]) -> None:
        seen.append(command[1:])
        raise Gone

    monkeypatch.setattr(run.os, "execve", execve)
    with pytest.raises(Gone):
        run.cowork(given)
    assert seen == [["-m", "cowork", *passed]]
