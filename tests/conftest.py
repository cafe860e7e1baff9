"""What the tests find on this machine, and how loudly they say what they did not find.

- `shared`: the folder of real transcripts and other data beside the repository; absent on most machines.
- `chromium`: a browser that is installed. Nothing is ever downloaded. Where COWORK_REQUIRE_BROWSER=1 (as in
  .ci/run) a missing browser is a failure: a suite that skips all its browser tests must not look green there.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from support.notebook_kernels import give_notebooks_sockets

ROOT = Path(__file__).resolve().parent.parent
#: The same engine without windows of its own: a page opens in a fifth of the time.
SHELL = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)
#: What starts processes, builds environments, or plays whole workshops many times over.
SLOW_PLACES = (
    "notebooks/",
    "tests/browser/",
    "tests/serve/",
    "tests/setup/",
    "tests/core/test_fold_cost.py",
    "tests/imports/test_demo_withheld.py",
    "tests/store/test_crash.py",
    "tests/store/test_damaged_bytes.py",
    "tests/store/test_replaced_file.py",
    "tests/store/test_checkpoint.py",
    "tests/store/test_erased_bytes.py",
    "tests/test_feed.py",
    "tests/test_outputs.py",
    "tests/test_presence.py",
    "tests/test_notify.py",
)
SLOW_TESTS = frozenset(
    {
        "test_importing_cowork_and_opening_a_record_load_nothing_heavy",
        "test_no_hash_seed_and_no_time_zone_changes_a_byte",
        "test_the_fold_is_the_same_under_any_hash_seed_and_time_zone",
    }
)
#: The longest files of tests, longest first: begun last, one of them would keep a whole run waiting for one process.
LONGEST = (
    "tests/browser/test_jupyterlab.py",
    "tests/browser/test_real_talk.py",
    "tests/browser/test_access.py",
    "tests/browser/test_transcript_upload.py",
    "tests/browser/test_other_browsers.py",
    "tests/browser/test_both_fronts.py",
    "tests/browser/test_real_provenance.py",
    "tests/browser/test_access_pages.py",
    "tests/browser/",
    "tests/serve/",
    "tests/setup/",
    "tests/store/",
)
SLOW_FIXTURES = frozenset({"chrome", "chromium", "shared"})
WITHOUT_BROWSER = (
    "no Chromium, Chrome or Edge found, so nothing of what people see is tested "
    "(install one, or name it in COWORK_BROWSER)"
)


def pytest_configure(config: pytest.Config) -> None:
    """Keep tests and notebooks away from the record of the person who runs them, even without run.py.

    And let no property fail because the machine was busy: neither a deadline nor how long data takes to be drawn says
    anything about the law. It is the default, so it holds for properties that name no settings too.
    """
    settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("busy")
    if "COWORK_RECORD" not in os.environ:
        os.environ["COWORK_RECORD"] = str(Path(tempfile.mkdtemp(prefix="cowork-test-")) / "tests.cowork")
    give_notebooks_sockets()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs no browser, server or other process and plays one case: `-m fast` answers while one works.

    Properties, which play a hundred made-up workshops each, are left to the whole run.
    """
    for item in items:
        place = item.path.relative_to(ROOT).as_posix()
        needs = set(getattr(item, "fixturenames", ()))
        function = getattr(item, "function", None)
        is_property = getattr(function, "is_hypothesis_test", False)
        named = getattr(function, "__name__", "") in SLOW_TESTS
        if not (place.startswith(SLOW_PLACES) or needs & SLOW_FIXTURES or is_property or named):
            item.add_marker(pytest.mark.fast)
    if hasattr(config, "workerinput"):  # several processes (run.py test): with one, what is quick comes first
        items.sort(key=lambda item: _turn(item.path.relative_to(ROOT).as_posix()))


def _turn(place: str) -> int:
    return next((n for n, begin in enumerate(LONGEST) if place.startswith(begin)), len(LONGEST))


def pytest_collection_finish() -> None:
    """Take what collecting has made out of the collector's rounds: each whole one would walk 400,000 objects."""
    gc.collect()
    gc.freeze()


def find_chromium(*, windows: bool = False) -> str | None:
    """The path of an installed browser that Playwright can drive, COWORK_BROWSER first; or None.

    `windows`: the whole browser, as people have it, and not the shell.
    """
    named = os.environ.get("COWORK_BROWSER")
    if named:
        return shutil.which(named)
    names = BROWSERS if windows else (SHELL, *BROWSERS)
    places: list[str | None] = [f"/usr/bin/{name}" for name in names] if os.name != "nt" else []
    places += [shutil.which(name) for name in names]
    if sys.platform == "darwin":
        places += MAC
    if os.name == "nt":
        roots = [os.environ.get(key) for key in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        places += [str(Path(root) / tail) for root in roots if root for tail in WINDOWS]
    return next((place for place in places if place and Path(place).is_file()), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; skips, or fails where COWORK_REQUIRE_BROWSER=1, if there is none."""
    found = find_chromium()
    if found:
        return found
    if os.environ.get("COWORK_REQUIRE_BROWSER") == "1":
        pytest.fail(f"COWORK_REQUIRE_BROWSER=1, but {WITHOUT_BROWSER}", pytrace=False)
    pytest.skip(WITHOUT_BROWSER)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data folder beside the repository; skips with a reason where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the data folder ../shared/data is not beside this repository")
    return folder


@pytest.fixture(scope="session")
def playing() -> Iterator[Any]:
    """Playwright, once for the whole run: its synchronous side can be started once in a process."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as play:
        yield play


@pytest.fixture(scope="session")
def chrome_of_the_run(chromium: str, playing: Any) -> Iterator[Any]:
    """One browser for the whole run, without windows of its own where such a one is installed."""
    from support.browsers import FLAGS

    browser = playing.chromium.launch(executable_path=chromium, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def chrome(chrome_of_the_run: Any) -> Any:
    """The browser that people are given; a file of tests may give another."""
    return chrome_of_the_run


@pytest.fixture(scope="session")
def windowed_chrome(chrome_of_the_run: Any, chromium: str, playing: Any) -> Iterator[Any]:
    """The whole browser, as people have it: the same one again where no other is installed."""
    from support.browsers import FLAGS

    whole = find_chromium(windows=True) or chromium
    if whole == chromium:
        yield chrome_of_the_run
        return
    browser = playing.chromium.launch(executable_path=whole, args=FLAGS)
    yield browser
    browser.close()
