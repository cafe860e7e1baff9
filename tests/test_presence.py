"""Who is here: people, not pages; and who says goodbye is gone at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cowork.presence import PRESENT_SECONDS, RECOUNT_SECONDS, STALE_SECONDS, Presence


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield


def ago(presence: Presence, seconds: float) -> None:
    assert presence._mark
    then = time.time() - seconds
    os.utime(presence._mark, (then, then))


def counted() -> int:
    """As a page counts that has just come."""
    return Presence("record", "workshop").count()


def test_a_person_with_two_devices_counts_once_and_stays_when_one_of_them_goes() -> None:
    phone, laptop, other = (Presence("record", "workshop") for _ in range(3))
    phone.ping("ada")
    laptop.ping("ada")
    other.ping("bo")
    assert other.count() == 2
    phone.leave()
    assert other.count() == 2
    laptop.leave()
    assert other.count() == 1


def test_whoever_is_not_heard_of_is_counted_no_longer_and_forgotten_later() -> None:
    gone, here = Presence("record", "workshop"), Presence("record", "workshop")
    gone.ping("ada")
    here.ping("bo")
    ago(gone, PRESENT_SECONDS + 1)
    assert counted() == 1
    gone.ping("ada")
    assert counted() == 2
    ago(gone, STALE_SECONDS + 1)
    assert counted() == 1
    assert here.folder and len(list(here.folder.iterdir())) == 1
    gone.ping("ada")  # its computer had slept
    assert counted() == 2


def test_nothing_is_read_again_where_nobody_came_or_went(monkeypatch: pytest.MonkeyPatch) -> None:
    here, other = Presence("record", "workshop"), Presence("record", "workshop")
    here.ping("bo")
    other.ping("ada")
    assert here.folder and here._mark
    long_ago = time.time() - 3600
    os.utime(here.folder, (long_ago, long_ago))
    assert here.count() == 2
    ago(other, PRESENT_SECONDS + 1)
    assert here.count() == 2
    later = time.time() + RECOUNT_SECONDS
    os.utime(here._mark, (later, later))
    monkeypatch.setattr(time, "time", lambda: later)
    assert here.count() == 1, "somebody vanished without a word"
    other.leave()
    other.ping("ada")
    assert here.count() == 2


def test_two_who_come_within_one_tick_of_a_folder_s_time_are_both_counted() -> None:
    here, other = Presence("record", "workshop"), Presence("record", "workshop")
    here.ping("bo")
    assert here.folder
    tick = time.time()
    os.utime(here.folder, (tick, tick))
    assert here.count() == 1
    other.ping("ada")
    os.utime(here.folder, (tick, tick))
    assert here.count() == 2


def test_coming_and_going_is_told_once_and_staying_is_not() -> None:
    told: list[str] = []
    presence = Presence("record", "workshop", lambda: told.append("counts"))
    presence.ping("ada")
    presence.ping("ada")
    assert told == ["counts"]
    presence.ping("bo")  # another person at this page: one goes, one comes
    assert len(told) == 3
    presence.leave()
    presence.leave()
    assert len(told) == 4
    assert presence.folder and not presence.folder.exists()


def test_a_process_that_ends_takes_its_mark_along_and_its_fork_does_not() -> None:
    script = """
import os, sys
from cowork.presence import Presence
here = Presence("record", "workshop")
here.ping("ada")
if os.fork() == 0:
    sys.exit(0)
os.wait()
print(Presence("record", "workshop").count())
"""
    if not hasattr(os, "fork"):
        script = script.replace("os.fork() == 0", "False").replace("os.wait()", "")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": tempfile.gettempdir()}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**env, "TEMP": tempfile.gettempdir()}
    )
    assert done.stdout.strip() == "1", done.stderr
    assert Presence("record", "workshop").count() == 0


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes say nothing here")
def test_in_a_folder_that_others_may_write_to_nobody_is_counted() -> None:
    presence = Presence("record", "workshop")
    folder = Path(tempfile.gettempdir(), f"cowork-{os.getuid()}-here")
    folder.mkdir()
    folder.chmod(0o777)
    presence.ping("ada")
    assert presence.count() == 0
    assert list(folder.iterdir()) == []
    shutil.rmtree(folder)
    presence.ping("ada")
    assert presence.count() == 1


def test_a_move_to_another_page_is_seen_and_leaves_one_file_of_each_page() -> None:
    phone, other = Presence("record", "workshop"), Presence("record", "workshop")
    assert phone.ping("ada", "dialogue") and not phone.ping("ada", "dialogue")
    other.ping("bo", "assets")
    assert other.count_at("dialogue") == other.count_at("assets") == 1
    assert phone.ping("ada", "assets")
    other._counted = (0, 0.0, {})
    assert (other.count_at("dialogue"), other.count_at("assets"), other.count()) == (0, 2, 2)
    assert other.present(["ada", "bo", "cy"]) == ["ada", "bo"]
    assert phone.folder and len(list(phone.folder.iterdir())) == 2
    assert not any("ada" in file.name or "assets" in file.name for file in phone.folder.iterdir())
    phone.leave()
    assert other.folder and len(list(other.folder.iterdir())) == 1
