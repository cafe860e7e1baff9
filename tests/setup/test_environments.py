"""pyproject.toml, the locks, environment.yml and binder/ say the same; checked without the internet."""

from __future__ import annotations

import re
import subprocess
import tomllib
from contextlib import chdir
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUN, LAB, TEST = "requirements.lock", "requirements-lab.lock", "requirements-test.lock"
BINDER = "binder/requirements.txt"
PIN = re.compile(r"^(?P<pin>[a-z0-9][\w.-]*==[^\s;]+(?: ; [^\\]+?)?) ?(?:\\|$)")


def pins(name: str) -> list[Requirement]:
    """Every pin of a lock, with its marker: one package may be pinned twice, for older and newer Pythons."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [Requirement(found["pin"]) for line in lines if (found := PIN.match(line))]


def wanted(*extras: str) -> list[Requirement]:
    """The requirements of pyproject.toml with the named extras; an extra may name another, as `cowork[analysis]`."""
    found = [Requirement(line) for line in PROJECT["dependencies"]]
    ahead = list(extras)
    while ahead:
        for need in map(Requirement, PROJECT["optional-dependencies"][ahead.pop()]):
            if need.name == PROJECT["name"]:
                ahead.extend(need.extras)
            else:
                found.append(need)
    return found


@pytest.mark.parametrize(("lock", "extras"), [(RUN, ("setup",)), (LAB, ("setup", "lab")), (TEST, ("setup", "test"))])
def test_every_dependency_has_a_pin_that_satisfies_it(lock: str, extras: tuple[str, ...]) -> None:
    held = pins(lock)
    assert len(held) > 50
    for need in wanted(*extras):
        mine = [pin for pin in held if canonicalize_name(pin.name) == canonicalize_name(need.name)]
        assert mine, f"{need} is in pyproject.toml but not in {lock}: run `python run.py lock`"
        for pin in mine:
            version = str(pin.specifier).removeprefix("==")
            assert need.specifier.contains(version, prereleases=True), f"{lock} pins {pin}, not {need}"


@pytest.mark.parametrize("python", ["3.11.0", "3.11.2", "3.12.0", "3.13.0", "3.14.0"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_on_each_python_and_system_no_package_is_pinned_twice(python: str, system: str) -> None:
    here = default_environment() | {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": system,
        "os_name": "nt" if system == "win32" else "posix",
    }
    chosen = [pin.name for pin in pins(TEST) if pin.marker is None or pin.marker.evaluate(here)]
    assert len(chosen) == len(set(chosen))
    assert {canonicalize_name(need.name) for need in wanted("setup", "test")} <= set(chosen)


@pytest.mark.parametrize(("less", "more"), [(RUN, LAB), (LAB, TEST)])
def test_a_longer_lock_takes_nothing_away_from_a_shorter(less: str, more: str) -> None:
    short, long = ({str(pin) for pin in pins(name)} for name in (less, more))
    assert short <= long, f"pinned otherwise in {more}: {sorted(short - long)}; run `python run.py lock`"


@pytest.mark.parametrize("lock", [RUN, LAB, TEST, BINDER])
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    options = re.findall(r"^\s*(-.*?)(?: \\)?$", text, re.M)
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", option) for option in options)
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, f"no hash for {block.splitlines()[0]}"


def test_the_lock_for_binder_is_the_lock() -> None:
    """A copy, not `-r ../requirements.lock`: with a copy Binder keeps the packages in a layer of its own."""
    assert (ROOT / BINDER).read_bytes() == (ROOT / RUN).read_bytes(), "run `python run.py lock`"


def test_the_figures_come_with_binder_and_the_tests_and_are_no_need_of_the_workbook() -> None:
    figures = {"plotly", "openpyxl"}
    assert {need.name for need in wanted("analysis")} - {need.name for need in wanted()} == figures
    for name in (RUN, TEST, BINDER):
        assert figures <= {pin.name for pin in pins(name)}, f"analyse.ipynb would draw nothing with {name}"


#: What each kind of user must find in an environment, by the name under which it is installed.
NEEDS = {
    "workbook": {"voila", "ipykernel", "anywidget", "sqlalchemy"},
    "notebooks": {"jupyterlab", "plotly", "pandas"},
    "tests": {"pytest", "nbval", "playwright", "jupyter-repo2docker", "jupyterlab", "plotly"},
}


@pytest.mark.parametrize("extra", ["lab", "test"])
def test_an_extra_brings_what_every_notebook_needs(extra: str) -> None:
    """`pip install -e ".[lab]"` is what a researcher types who has an environment of their own."""
    assert NEEDS["notebooks"] <= {need.name for need in wanted(extra)}


def test_jupyterlab_is_for_those_who_open_it_and_makes_no_other_start_slower() -> None:
    for name, there in ((RUN, False), (BINDER, False), (LAB, True), (TEST, True)):
        assert ("jupyterlab" in {pin.name for pin in pins(name)}) is there, name


@pytest.mark.parametrize("user", NEEDS)
def test_the_one_conda_environment_serves_every_kind_of_user(user: str) -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    [itself] = environment["dependencies"][-1]["pip"]
    extras = re.fullmatch(r"-e \.\[([\w,]+)\]", itself)
    assert extras, itself
    assert NEEDS[user] <= {need.name for need in wanted(*extras[1].split(","))}


@pytest.mark.parametrize("user", NEEDS)
def test_what_each_kind_of_user_needs_is_installed_where_the_tests_run(user: str) -> None:
    for name in NEEDS[user]:
        assert metadata.version(name)


def test_pip_is_brought_up_to_date_by_every_lock() -> None:
    """A new .venv comes with the pip of its Python's day: 3.11 brings one of 2023."""
    for name in (RUN, LAB, TEST, BINDER):
        [pin] = [pin for pin in pins(name) if pin.name == "pip"]
        assert SpecifierSet(">=25.3").contains(str(pin.specifier).removeprefix("==")), name


def test_every_dependency_says_what_it_is_for() -> None:
    extras = "|".join(PROJECT["optional-dependencies"])
    inside, seen = False, 0
    for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines():
        if re.match(rf"^(dependencies|{extras}) = \[$", line):
            inside = True
        elif line == "]":
            inside = False
        elif inside:
            seen += 1
            assert re.match(r'^  "[^"]+", +# \S.{9,}$', line), f"no reason beside {line.strip()}"
    assert seen == len(PROJECT["dependencies"]) + sum(map(len, PROJECT["optional-dependencies"].values()))


def test_conda_and_binder_mean_the_same_python_and_the_package_accepts_it() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert environment["channels"] == ["conda-forge"]
    python, *others = environment["dependencies"]
    # One equals sign and two numbers: what Binder would read from this file, were binder/ not there.
    assert re.fullmatch(r"python=3\.\d+", python)
    assert others == ["pip", {"pip": ["-e .[lab,test]"]}], "the list of dependencies stands in pyproject.toml alone"
    version = python.removeprefix("python=")
    assert (ROOT / "binder/runtime.txt").read_text("utf-8").strip() == f"python-{version}"
    assert SpecifierSet(PROJECT["requires-python"]).contains(version)


def test_one_version_of_cowork_is_told_everywhere() -> None:
    import cowork

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cowork.__version__ == PROJECT["version"] == citation["version"]
    assert citation["license"] == PROJECT["license"]
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("BSD 3-Clause License")


@pytest.fixture(scope="module")
def dockerfile() -> str:
    """What Binder would build, rendered by repo2docker without docker."""
    repo2docker = pytest.importorskip("repo2docker.app")
    with chdir(ROOT):
        for kind in repo2docker.Repo2Docker().buildpacks:
            pack = kind(base_image="base")
            if pack.detect():
                assert type(pack).__name__ == "PythonBuildPack"
                assert pack.python_version == "3.12"
                pack.platform = "linux/amd64"
                return str(pack.render({}))
    raise AssertionError("Binder would not know what to do with this repository")


class TestBinder:
    def test_the_lock_is_installed_before_the_repository_is_copied(self, dockerfile: str) -> None:
        """So a change of words in a notebook does not make Binder install a hundred packages again."""
        lock = dockerfile.index('pip install --no-cache-dir -r "binder/requirements.txt"')
        assert lock < dockerfile.index("RUN ./binder/postBuild")
        assert lock < dockerfile.rindex("COPY --chown=1000:1000 src/ ${REPO_DIR}")

    def test_the_start_script_is_the_entry_point(self, dockerfile: str) -> None:
        assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile

    @pytest.mark.parametrize("name", ["postBuild", "start", "runtime.txt", "requirements.txt"])
    def test_line_ends_are_those_bash_understands(self, name: str) -> None:
        assert b"\r" not in (ROOT / "binder" / name).read_bytes()

    def test_post_build_installs_the_package_and_asks_no_index(self) -> None:
        text = (ROOT / "binder/postBuild").read_text("utf-8")
        assert "pip install --no-deps --no-build-isolation --no-cache-dir -e ." in text

    def test_start_tells_jupyter_where_template_and_settings_are_and_hands_over(self, tmp_path: Path) -> None:
        show = 'printf "%s\\n%s\\n%s" "$JUPYTER_PATH" "$JUPYTER_CONFIG_PATH" "$1"'
        done = subprocess.run(
            ["bash", str(ROOT / "binder/start"), "bash", "-c", show, "bash", "a word"],
            env={"PATH": "/usr/bin:/bin", "REPO_DIR": str(ROOT), "JUPYTER_PATH": str(tmp_path)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        data, config, word = done.stdout.splitlines()
        assert data.split(":")[1:] == [str(tmp_path)], "what Binder itself has set stays"
        assert (Path(data.split(":")[0]) / "voila/templates/cowork/conf.json").is_file()
        assert (Path(config) / "jupyter_server_config.json").is_file()
        assert word == "a word"
