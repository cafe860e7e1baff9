"""Wake-ups: who has written wakes who follows. Lost, doubled or forged, a wake-up never does harm.

Followers are processes of their own. Where a test is about being woken, their own look comes once an hour.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.event_loop import run_alone
from support.follower_process import Stage
from support.strategies import Group

from cowork import feed as live
from cowork.feed import Feed
from cowork.store import Record, open_record
from cowork.store.notify import Notifier, is_private_folder, private_folder

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no unix sockets here: pages look by themselves")


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder with a short path: a socket's path has little room. pytest has made its own before."""
    place = Path(tempfile.mkdtemp(prefix="cw-", dir="/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    shutil.rmtree(place)


@pytest.fixture
def stage(short: Path, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path / "record.cowork")
    yield made
    for follower in made.followers:
        follower.process.kill()
        follower.end()
    made.group.record.close()


# ---- being woken


def test_another_process_learns_of_an_entry_without_looking_for_it(stage: Stage) -> None:
    one, other = stage.follower(), stage.follower()
    stage.group.write("ada", "first")
    for follower in (one, other):
        follower.hears("first")
    stage.group.write("bo", "second")
    for follower in (one, other):
        follower.hears("first", "second")


def test_a_merge_wakes_too(stage: Stage, tmp_path: Path) -> None:
    copy = stage.group.on(open_record(tmp_path / "copy.cowork"))
    copy.record.merge(stage.group.record)
    copy.write("ada", "written elsewhere")
    follower = stage.follower()
    stage.group.record.merge(copy.record)
    follower.hears("written elsewhere")


def test_whoever_follows_another_workshop_sleeps_on(stage: Stage) -> None:
    other = Group(stage.group.record, code="OAK-111")
    ears = [stage.group.record.notifier.subscribe(w) for w in (stage.group.workshop, other.workshop)]  # type: ignore[union-attr]
    assert ears[0] and ears[1]
    other.write("ada", "there")
    assert ears[1].socket.recv(16)
    with pytest.raises(BlockingIOError):
        ears[0].socket.recv(16)
    for ear in ears:
        ear.close()  # type: ignore[union-attr]


def test_two_ways_to_name_the_file_ring_the_same_bell(stage: Stage, tmp_path: Path, short: Path) -> None:
    (short / "link").symlink_to(tmp_path)
    follower = stage.follower()
    stage.group.on(open_record(short / "link" / "record.cowork")).write("ada", "by another name")
    follower.hears("by another name")


def test_a_burst_arrives_complete_and_in_order(stage: Stage) -> None:
    follower = stage.follower()
    texts = [f"{n}" for n in range(200)]
    for text in texts:
        stage.group.write("ada", text)
    follower.hears("199")
    assert follower.heard == texts


def test_a_wake_up_too_many_is_harmless(stage: Stage) -> None:
    follower = stage.follower()
    before = follower.told
    bell = stage.group.record.notifier
    assert bell
    for _ in range(50):
        bell.notify(stage.group.workshop)
    follower.wait(lambda line: line == ["turn"])
    stage.group.write("ada", "news")
    bell.notify(stage.group.workshop)
    follower.hears("news")
    follower.end()
    follower.wait(lambda line: line == ["ended"])
    assert follower.told == before + 1
    assert follower.heard == ["news"]


def test_a_lost_wake_up_is_made_good_by_looking(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    follower = stage.follower(every="0.01")
    monkeypatch.setattr(Notifier, "notify", lambda self, workshop: None)
    stage.group.write("ada", "unheard")
    follower.hears("unheard")


def counted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> tuple[Feed, list[bool]]:
    """A feed of this process, and what each of its looks found."""
    feed = Feed(stage.group.record, stage.group.workshop, every=3600)
    looks: list[bool] = []
    look = feed.poll
    monkeypatch.setattr(feed, "poll", lambda: looks.append(look()))
    return feed, looks


@pytest.mark.parametrize("since_start", [0.0, 1.0, 1e6], ids=["starting", "just started", "up for days"])
def test_woken_in_a_row_a_process_looks_at_once_and_then_waits(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, since_start: float
) -> None:
    """A monotonic clock counts from some start, often the machine's own: its first minutes are no different."""
    monkeypatch.setattr(live, "MIN_POLL_INTERVAL_SECONDS", 3600.0)
    monkeypatch.setattr(live, "time", SimpleNamespace(monotonic=lambda: since_start))
    feed, looks = counted(stage, monkeypatch)

    async def woken() -> None:
        feed._on_notify()
        feed._on_notify()
        feed._on_notify()
        assert looks == [True]
        assert feed._delayed_poll is not None
        feed.stop()

    run_alone(woken())


def test_each_of_many_is_told_how_many_come_before(stage: Stage) -> None:
    """All at once they would all be done at the end: one after the other most are done sooner."""
    bell = Notifier(os.path.realpath(stage.path))
    ears = [bell.subscribe(stage.group.workshop) for _ in range(5)]
    first = set()
    for _ in range(30):
        bell.notify(stage.group.workshop)
        turns = [ear.drain() for ear in ears if ear]
        assert sorted(turns) == [0, 1, 2, 3, 4]
        first.add(turns.index(0))
    assert len(first) > 1, "it is not always the same who comes first"
    bell.notify(stage.group.workshop)
    bell.notify(stage.group.workshop)
    assert max(ear.drain() for ear in ears if ear) < 5, "of several wake-ups the soonest counts"
    for ear in ears:
        assert ear is not None
        ear.close()


def test_whose_turn_comes_later_looks_later_and_looks(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_STAGGER_SECONDS", 0.001)
    feed, looks = counted(stage, monkeypatch)

    async def woken() -> None:
        feed.start()
        await asyncio.sleep(0)  # the first look of one's own
        looks.clear()
        feed._polled_at = -math.inf
        monkeypatch.setattr(feed._subscription, "drain", lambda: 7)
        feed._on_notify()
        assert looks == [] and feed._delayed_poll is not None
        while not looks:
            await asyncio.sleep(0.001)
        assert feed._delayed_poll is None
        feed._polled_at = -math.inf
        monkeypatch.setattr(feed._subscription, "drain", lambda: 0)
        feed._on_notify()
        assert len(looks) == 2, "whoever is first need not wait"
        feed.stop()

    run_alone(woken())


@pytest.mark.parametrize("said", [b"", b"\0", b"\xff" * 16, b"\xff\xfe", b"\0\x03"])
def test_whatever_a_wake_up_says_it_wakes(stage: Stage, said: bytes) -> None:
    follower = stage.follower()
    stage.group.record.notifier = None
    stage.group.write("ada", "unannounced")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        (name,) = stage.sockets()
        out.sendto(said, str(stage.folder / name))
    follower.hears("unannounced")


# ---- what goes wrong


def test_a_follower_s_error_at_a_wake_up_is_logged_and_shown(stage: Stage) -> None:
    follower = stage.follower()
    stage.group.write("ada", "bad")
    assert follower.wait(lambda line: line[0] == "error") == ["error", "the wall fell"]
    assert "ValueError: the wall fell" in follower.end()


def test_a_record_that_cannot_be_read_at_a_wake_up_is_logged_and_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    feed = Feed(stage.group.record, stage.group.workshop)
    errors: list[BaseException | None] = []
    feed.on_error(errors.append)

    def fails() -> bool:
        raise OSError("no disk")

    with monkeypatch.context() as patched:
        patched.setattr(feed, "poll", fails)
        feed._on_notify()
    assert [str(error) for error in errors] == ["no disk"]
    assert "no disk" in caplog.text
    feed._poll_in_background()
    assert errors[1:] == [None]


def test_an_error_beside_the_look_is_logged_and_shown(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    feed = Feed(stage.group.record, stage.group.workshop)
    errors: list[BaseException | None] = []
    feed.on_error(errors.append)

    def fails() -> None:
        raise ValueError("cannot count")

    feed.on_poll(fails)
    feed._on_notify()
    assert "cannot count" in caplog.text
    assert [str(error) for error in errors if error] == ["cannot count"]


def test_a_bell_that_fails_breaks_no_write(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(self: Notifier, workshop: str) -> None:
        raise ValueError("broken bell")

    monkeypatch.setattr(Notifier, "notify", fails)
    stage.group.write("ada", "kept")
    assert [str(e.data["text"]) for e in stage.group.entries() if e.kind == "intention"] == ["kept"]
    assert "broken bell" in caplog.text


def test_a_full_queue_holds_no_write_up(stage: Stage) -> None:
    ear = stage.group.record.notifier.subscribe(stage.group.workshop)  # type: ignore[union-attr]
    assert ear
    for _ in range(600):  # far more than a queue holds, and nobody reads
        stage.group.record.notify(stage.group.workshop)
    stage.group.write("ada", "kept")
    ear.drain()
    assert ear.is_bound()
    ear.close()


# ---- what is left behind


def test_a_process_that_ends_leaves_no_socket(stage: Stage) -> None:
    follower = stage.follower()
    assert len(stage.sockets()) == 1
    follower.end()
    assert stage.sockets() == []


def test_the_socket_of_a_killed_process_is_removed_by_the_next_who_writes(stage: Stage) -> None:
    dead, alive = stage.follower(), stage.follower()
    dead.process.kill()
    dead.end()
    assert len(stage.sockets()) == 2
    stage.group.write("ada", "news")
    alive.hears("news")
    assert len(stage.sockets()) == 1


def test_whoever_begins_to_listen_removes_what_killed_processes_left(stage: Stage) -> None:
    dead, alive = stage.follower(), stage.follower()
    dead.process.kill()
    dead.end()
    other = Notifier("another record").subscribe("another workshop")
    assert other
    assert len(stage.sockets()) == 2
    other.close()
    stage.group.write("ada", "news")
    alive.hears("news")


def test_a_feed_that_stops_takes_its_socket_away(stage: Stage) -> None:
    feed = Feed(stage.group.record, stage.group.workshop)

    async def run() -> None:
        feed.start()
        assert len(stage.sockets()) == 1
        feed.stop()
        assert stage.sockets() == []

    run_alone(run())


def test_a_socket_that_somebody_tidied_away_is_made_again(stage: Stage) -> None:
    follower = stage.follower(every="0.01")
    shutil.rmtree(stage.folder)
    follower.wait(lambda line: stage.folder.exists() and stage.sockets() != [])
    stage.group.write("ada", "news")
    follower.hears("news")


def test_a_forked_child_leaves_its_parent_s_socket_alone(stage: Stage) -> None:
    script = """
import os, sys
from cowork.store.notify import Notifier
ear = Notifier("record").subscribe("workshop")
if os.fork() == 0:
    sys.exit(0)
os.wait()
print(ear.is_bound())
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": tempfile.gettempdir()},
    )
    assert done.stdout.strip() == "True", done.stderr


# ---- strangers


def spoilt_by(how: str, folder: Path, short: Path) -> None:
    if how == "open to others":
        folder.mkdir()
        folder.chmod(0o755)
    elif how == "a link":
        (short / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(short / "elsewhere")
    elif how == "a file":
        folder.touch()
    elif how == "in a folder where others may rename":
        folder.mkdir(mode=0o700)
        short.chmod(0o777)


SPOILT = ("open to others", "a link", "a file", "in a folder where others may rename")


@pytest.mark.parametrize("how", SPOILT)
def test_a_folder_that_is_not_safe_is_refused_and_the_process_looks_by_itself(
    stage: Stage, short: Path, how: str
) -> None:
    spoilt_by(how, stage.folder, short)
    follower = stage.follower(every="")
    assert follower.process.poll() is None
    stage.group.write("ada", "news")
    follower.hears("news")
    assert follower.end().count("cannot be woken") == 1
    if stage.folder.is_dir():
        assert stage.sockets() == []


@pytest.mark.parametrize("how", SPOILT)
def test_nothing_is_sent_into_a_folder_that_is_not_safe(stage: Stage, short: Path, how: str) -> None:
    ear = stage.group.record.notifier.subscribe(stage.group.workshop)  # type: ignore[union-attr]
    assert ear
    planted = short / "planted"
    stage.folder.rename(planted)
    spoilt_by(how, stage.folder, short)
    if stage.folder.is_dir():
        (planted / Path(ear.path).name).rename(ear.path)
    stage.group.write("ada", "news")
    with pytest.raises(BlockingIOError):
        ear.socket.recv(16)
    ear.close()


def test_a_folder_of_somebody_else_is_refused(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_private_folder(str(short))
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    assert not is_private_folder(str(short))


def test_the_folder_is_made_for_this_user_alone(short: Path) -> None:
    before = os.umask(0)
    try:
        folder = private_folder("wake")
    finally:
        os.umask(before)
    assert folder and os.stat(folder).st_mode & 0o777 == 0o700


def test_a_path_without_room_for_a_socket_is_said_once_and_the_process_looks_by_itself(
    stage: Stage, short: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deep = short / ("long" * 25)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    record: Record = stage.group.record
    with caplog.at_level(logging.WARNING, "cowork.wake"):
        for _ in range(2):
            assert record.notifier and record.notifier.subscribe(stage.group.workshop) is None
    assert caplog.text.count("cannot be woken") == 1
    stage.group.write("ada", "written all the same")


def test_a_loop_that_watches_no_sockets_is_enough(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = Feed(stage.group.record, stage.group.workshop, every=0.001)

    async def run() -> None:
        def refuse(*what: object) -> None:
            raise NotImplementedError

        monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", refuse)
        heard: list[int] = []
        feed.follow(lambda state: heard.append(len(state.entries)))
        feed.start()
        assert stage.sockets() == []
        stage.group.write("ada", "news")
        while len(heard) < 2:
            await asyncio.sleep(0)
        feed.stop()

    run_alone(asyncio.wait_for(run(), 60))
