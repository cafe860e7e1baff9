"""The feed: what one process writes, every other one shows; errors behind a page are heard of, and so is their end."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.event_loop import run_alone
from support.strategies import Group, Time, dice

from cowork.core.entries import Actor
from cowork.core.errors import CoworkError, RecordError
from cowork.core.fold import State
from cowork.feed import Feed
from cowork.store import Record, open_record


class Pages:
    """Two processes' worth of one workshop: a record each on one file, with a feed each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.time = Time()
        self.group = Group(self.record(0))
        self.is_bound = self.group.on(self.record(1))
        self.here_feed = Feed(self.group.record, self.group.workshop)
        self.there_feed = Feed(self.is_bound.record, self.group.workshop)

    def record(self, n: int) -> Record:
        return open_record(self.path, now_ms=self.time, random_bytes=dice(("live", n)))


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    made = Pages(tmp_path / "record.cowork")
    yield made
    made.group.record.close()
    made.is_bound.record.close()


def texts(state: State) -> list[str]:
    return [str(e.data.get("text", "")) for e in state.of_kind("intention")]


def test_who_follows_is_told_at_once_and_then_of_each_change(pages: Pages) -> None:
    heard: list[list[str]] = []
    pages.group.write("ada", "before")
    stop = pages.there_feed.follow(lambda state: heard.append(texts(state)))
    assert heard == [["before"]]
    pages.there_feed.poll()
    pages.group.write("ada", "after")
    assert pages.there_feed.poll() is True
    assert heard[-1] == ["before", "after"]
    told = len(heard)
    assert pages.there_feed.poll() is False
    stop()
    pages.group.write("ada", "not heard")
    assert pages.there_feed.poll() is True
    assert len(heard) == told
    stop()  # twice does no harm


def test_one_s_own_entry_comes_by_the_feed_like_everyone_else_s(pages: Pages) -> None:
    heard: list[list[str]] = []
    pages.here_feed.follow(lambda state: heard.append(texts(state)))
    pages.here_feed.poll()
    heard.clear()
    pages.group.write("ada", "mine")
    assert heard == []  # writing tells nobody; looking does
    assert pages.here_feed.poll() is True
    assert heard == [["mine"]]


def test_both_hear_the_same_in_commit_order_and_without_gaps(pages: Pages) -> None:
    seen: dict[str, list[str]] = {"here": [], "there": []}

    def listen(name: str) -> Callable[[State], None]:
        def tell(state: State) -> None:
            seen[name] += [entry for entry in state.entries if entry not in seen[name]]

        return tell

    pages.here_feed.follow(listen("here"))
    pages.there_feed.follow(listen("there"))
    for n in range(12):
        (pages.group, pages.is_bound)[n % 3 == 0].write("ada", f"{n}")
        if n % 4 == 0:
            pages.here_feed.poll()
        if n % 5 == 0:
            pages.there_feed.poll()
    pages.here_feed.poll()
    pages.there_feed.poll()
    committed = [entry.id for entry in pages.group.entries()]
    assert seen == {"here": committed, "there": committed}


def test_an_erasure_a_merge_and_a_body_that_arrives_are_news_too(pages: Pages, tmp_path: Path) -> None:
    root = pages.group.write("ada", "to be erased")
    heard: list[State] = []
    pages.there_feed.follow(heard.append)
    pages.there_feed.poll()
    pages.group.erase("ada", root)
    assert pages.there_feed.poll() is True
    assert heard[-1].entries[root].body is None
    copy = pages.group.on(open_record(tmp_path / "copy.cowork", now_ms=pages.time, random_bytes=dice("copy")))
    copy.record.merge(pages.group.record)
    copy.write("bo", "elsewhere")
    pages.group.record.merge(copy.record)
    assert pages.here_feed.poll() is True
    assert pages.there_feed.poll() is True
    assert texts(heard[-1]) == ["", "elsewhere"]


def test_a_follower_s_error_is_heard_and_logged_and_the_others_are_told(
    pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[int] = []
    errors: list[BaseException | None] = []
    broken = [False]

    def fails(state: State) -> None:
        if broken[0]:
            raise ValueError("the wall fell")

    pages.here_feed.on_error(errors.append)
    pages.here_feed.follow(fails)
    pages.here_feed.follow(lambda state: heard.append(len(state.entries)))
    pages.here_feed.poll()
    before = len(heard)
    broken[0] = True
    pages.group.write("ada", "news")
    with caplog.at_level(logging.ERROR, "cowork.feed"):
        pages.here_feed.poll()
    assert len(heard) == before + 1
    assert [str(error) for error in errors] == ["the wall fell"]
    assert "the wall fell" in caplog.text
    broken[0] = False
    pages.group.write("ada", "more news")
    pages.here_feed.poll()
    assert errors[1:] == [None]
    pages.group.write("ada", "and more")
    pages.here_feed.poll()
    assert errors[1:] == [None]  # its end is told once


def test_an_error_when_one_begins_to_follow_reaches_the_one_who_follows(pages: Pages) -> None:
    def fails(state: State) -> None:
        raise ValueError("at once")

    with pytest.raises(ValueError, match="at once"):
        pages.here_feed.follow(fails)


def run(feed: Feed, until: Callable[[], bool]) -> None:
    """The feed on its own, as behind a page, until something holds; a minute is for ever."""

    async def wait() -> None:
        feed.start()
        while not until():
            await asyncio.sleep(0)
        feed.stop()

    run_alone(asyncio.wait_for(wait(), 60))


def test_an_error_of_the_record_is_heard_once_and_so_is_its_end(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[BaseException | None] = []
    state, failing, tries = pages.is_bound.record.state, [True], [0]

    def record_state(workshop: str) -> State:
        tries[0] += 1
        if failing[0]:
            raise RecordError("error.record_busy", path="x")
        return state(workshop)

    monkeypatch.setattr(pages.is_bound.record, "state", record_state)
    monkeypatch.setattr("cowork.feed.asyncio.sleep", lambda seconds, sleep=asyncio.sleep: sleep(0))
    feed = pages.there_feed
    feed.on_error(errors.append)
    with caplog.at_level(logging.ERROR, "cowork.feed"):
        run(feed, lambda: tries[0] > 3)
    assert [type(error) for error in errors] == [RecordError]
    assert "the record could not be read" in caplog.text
    failing[0] = False
    run(feed, lambda: errors[-1] is None)
    assert len(errors) == 2


def test_the_page_s_error_is_not_over_because_the_record_can_be_read(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[BaseException | None] = []
    monkeypatch.setattr("cowork.feed.asyncio.sleep", lambda seconds, sleep=asyncio.sleep: sleep(0))
    feed = pages.here_feed
    feed.follow(lambda state: None)
    feed.poll()
    feed.on_error(errors.append)
    feed.report_error(ValueError("a page's own"))
    looks, look = [0], feed.poll

    def counting() -> bool:
        looks[0] += 1
        return look()

    monkeypatch.setattr(feed, "poll", counting)
    run(feed, lambda: looks[0] > 20)
    assert [str(error) for error in errors] == ["a page's own"]
    feed.follow(lambda state: None)  # stopping had let everybody go
    pages.group.write("ada", "news")
    feed.poll()
    assert errors[1:] == [None]


def test_an_error_in_showing_an_error_does_not_end_the_feed(pages: Pages, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[int] = []

    def fails(state: State) -> None:
        if heard:
            raise ValueError("the wall fell")

    def cannot_show(error: BaseException | None) -> None:
        raise RuntimeError("nor can it be shown")

    pages.here_feed.on_error(cannot_show)
    pages.here_feed.follow(fails)
    pages.here_feed.follow(lambda state: heard.append(len(state.entries)))
    pages.group.write("ada", "news")
    with caplog.at_level(logging.ERROR, "cowork.feed"):
        pages.here_feed.poll()
    assert len(heard) == 2
    assert "nor can it be shown" in caplog.text


def test_words_that_could_not_be_kept_leave_the_page_again(pages: Pages) -> None:
    """A write that fails at its end was in the state for a moment; whoever was shown that state gets the true one."""
    shown: list[list[str]] = []
    feed = pages.here_feed
    feed.follow(lambda state: shown.append(texts(state)))
    pages.group.write("ada", "kept")
    feed.poll()
    held = pages.group.state
    drafts = [
        pages.group.draft("ada", "intention", {"text": "lost"}),
        pages.group.draft("bo", "intention", {"text": "x"}),
    ]
    with pytest.raises(CoworkError):
        pages.group.record.append_many(pages.group.workshop, drafts, Actor(pages.group.ids["ada"]))
    assert texts(held) != texts(pages.group.state) == ["kept"]
    assert feed.poll() is True
    assert shown[-1] == ["kept"]
    assert feed.poll() is False


def test_between_two_looks_no_transaction_is_open(pages: Pages) -> None:
    for feed in (pages.here_feed, pages.there_feed):
        feed.follow(lambda state: None)
    for n in range(3):
        pages.group.write("ada", f"{n}")
        pages.here_feed.poll()
        pages.there_feed.poll()
        checkpoint = sqlite3.connect(pages.path, isolation_level=None)
        busy, in_log, _ = checkpoint.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        checkpoint.close()
        assert (busy, in_log) == (0, 0)
        assert os.path.getsize(f"{pages.path}-wal") == 0


def test_a_feed_that_stopped_tells_nobody_and_can_start_again(pages: Pages) -> None:
    heard: list[int] = []
    pages.here_feed.follow(lambda state: heard.append(len(state.entries)))
    run(pages.here_feed, lambda: len(heard) > 1)
    told = len(heard)
    pages.group.write("ada", "news")
    pages.here_feed.poll()
    assert len(heard) == told
    pages.here_feed.follow(lambda state: heard.append(len(state.entries)))
    pages.group.write("ada", "more news")
    run(pages.here_feed, lambda: len(heard) > told + 1)


NO_ORM = """
import sys
sys.path[:0] = [{tests!r}]
from pathlib import Path
from cowork.feed import Feed
from cowork.store import credentials, open_record
from cowork.store.check import check_record
from cowork.store.export import export_workshop
from support.strategies import Group
folder = Path(sys.argv[1])
group = Group(open_record(folder / "record.cowork"))
root = group.write("ada", "said")
group.erase("ada", root)
credentials.register_device(group.record, group.workshop, group.ids["ada"], "secret")
export_workshop(group.record, group.workshop, folder / "copy.cowork")
other = open_record(folder / "other.cowork")
other.merge(group.record)
assert list(check_record(other)) == []
Feed(other, group.workshop).poll()
loaded = [name for name in sys.modules if name == "sqlalchemy.orm" or name.startswith("sqlalchemy.orm.")]
print("sqlalchemy" in sys.modules, loaded)
"""


def test_the_orm_is_never_loaded(tmp_path: Path) -> None:
    script = NO_ORM.format(tests=str(Path(__file__).parent))
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "True []"
