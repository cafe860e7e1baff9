"""The one file of the record while a server serves it, and after it has stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cowork.serve.record_file import RecordFile
from cowork.store import open_record

#: Opens a workshop, says its id and is killed: a kernel that wrote and can do no more.
WRITER = """
import os, sys
from cowork.core.entries import Actor, Draft
from cowork.store import open_record
record = open_record(sys.argv[1], create=False)
who, workshop = record.new_id(), record.new_id()
body = {"title": "Kept", "code": "KIND-742", "languages": ["en"], "research": False, "practice": False}
record.open_workshop(Draft(workshop, "workshop", who, body), Actor(who))
print(workshop, flush=True)
os.kill(os.getpid(), 9)
"""


def written(path: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", WRITER, str(path)], capture_output=True, text=True, env=environment)
    assert done.stdout.strip(), done.stderr
    return done.stdout.strip()


def copied(path: Path, folder: Path) -> list[str]:
    """The workshops in a copy of the one file."""
    copy = folder / "copy.cowork"
    copy.write_bytes(path.read_bytes())  # nothing in this process has it open
    record = open_record(copy)
    found = [state.workshop for state in record.workshops()]
    record.close(whole=True)
    return found


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this platform has no kill -9")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_server_leaves_one_whole_file(start: Callable[..., Any], tmp_path: Path, how: signal.Signals) -> None:
    path = tmp_path / "served" / "group.cowork"
    server = start(record=str(path))
    workshop = written(path)
    assert server.stop(how) == 0
    assert os.listdir(path.parent) == ["group.cowork"]
    assert copied(path, tmp_path) == [workshop]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this platform has no kill -9")
def test_a_copy_taken_in_use_holds_what_a_kernel_wrote_that_has_ended(
    start: Callable[..., Any], wait_until: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "group.cowork"
    start(record=str(path))
    holder = open_record(path)  # somebody else is inside: the log is nobody's to take away
    workshop = written(path)
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}; from serve.test_record_file import copied; from pathlib import Path"
    )
    ask = [sys.executable, "-c", f"{script}; print(copied(Path(sys.argv[1]), Path(sys.argv[2])))", path, tmp_path]
    wait_until(lambda: workshop in subprocess.check_output(ask, text=True), "the file holds the words", 90)
    holder.close()


def test_kernels_are_told_which_file_it_is(start: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "group.cowork"
    server = start(record=str(path))
    assert server.told()["env"]["COWORK_RECORD_FILE"] == RecordFile(path).identity


def test_a_server_whose_record_is_gone_stops_in_good_order_and_makes_no_other(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "served" / "group.cowork"
    server = start(record=str(path))
    written(path)
    path.rename(tmp_path / "moved.cowork")
    assert server.stop(signal.SIGTERM) == 0
    assert not path.exists()
    assert "error.record_moved" in server.errors.read_text()


def test_at_rest_a_look_is_one_question_to_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = RecordFile(tmp_path / "group.cowork")
    asked: list[object] = []
    monkeypatch.setattr(file, "_checkpoint", lambda **how: asked.append(how) or True)
    holder = open_record(file.path)
    holder.new_id()
    for _ in range(5):
        file.check_log()
        with file._lock:
            pass
    assert len(asked) <= 1
    holder.close()
