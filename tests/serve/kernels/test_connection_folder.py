"""The folder with the kernels' keys goes with its server, also with one that was killed."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest

from cowork.serve.kernels import connection_folder
from cowork.serve.kernels.connection_folder import MIN_AGE_SECONDS, PREFIX, ConnectionFolder, remove_abandoned

pytestmark = pytest.mark.skipif(connection_folder.fcntl is None, reason="there are no such locks here")


def _folders(place: Path) -> list[Path]:
    return sorted(place.glob(f"{PREFIX}*"))


def test_the_next_server_removes_what_one_that_was_killed_left_behind(start: Any, tmp_path: Path) -> None:
    env = {"TMPDIR": str(tmp_path)}
    killed = start(env=env)
    killed.ask("/")
    (left,) = _folders(tmp_path)
    assert list(left.glob("*.json")), "connection files, with the keys of kernels"
    killed.stop(signal.SIGKILL)
    assert left.exists()
    long_ago = left.stat().st_mtime - 2 * MIN_AGE_SECONDS
    os.utime(left, (long_ago, long_ago))
    server = start(env=env)
    assert left not in _folders(tmp_path) and len(_folders(tmp_path)) == 1
    server.stop()
    assert _folders(tmp_path) == []


def test_only_a_folder_that_nobody_holds_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    held, abandoned = ConnectionFolder(), ConnectionFolder()
    abandoned._lock.close()
    somebodys = tmp_path / f"{PREFIX}notes"
    somebodys.mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(abandoned.path)
    later = held.path.stat().st_mtime + 2 * MIN_AGE_SECONDS
    assert remove_abandoned(now=later - 1.5 * MIN_AGE_SECONDS) == 0, "it may have been made just now"
    assert remove_abandoned(now=later) == 1
    assert held.path.exists() and somebodys.exists() and not abandoned.path.exists()
    held.remove()
    assert not held.path.exists()
