"""The feed: delivers the entries of a workshop that any process has appended to the followers in this process.

A process that appends notifies the others (`store.notify`). The feed also polls slowly, in case a notification is lost,
and quickly where notifications are not available. A notification has no content: the feed reads the entries after its
last position, so they come in commit order and without gaps, however often it is notified. A process receives its own
entries in the same way. No transaction is open between two polls. An error in the background is logged and passed on,
never swallowed.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import time
from collections.abc import Callable

from cowork.core.fold import State
from cowork.store import Record
from cowork.store.notify import Subscription

log = logging.getLogger("cowork.feed")

Follower = Callable[[State], None]

#: Seconds between two polls: with notifications, and without.
POLL_NOTIFIED_SECONDS, POLL_ALONE_SECONDS = 5.0, 0.25

#: Seconds between two polls at least, however often the process is notified. A page holds its changes back for longer
#: (`context.MIN_REFRESH_SECONDS`), counted from its last change, so the two do not add up.
MIN_POLL_INTERVAL_SECONDS = 0.05

#: Processor time of a page's poll, in seconds. When thirty pages poll at once on two cores, all are done at the end;
#: one after the other, most are done much sooner and none later.
POLL_COST_SECONDS = 0.004
_STAGGER_SECONDS = POLL_COST_SECONDS / (os.cpu_count() or 1)


class Feed:
    """Reads new entries of one workshop, and calls the followers with its state."""

    def __init__(self, record: Record, workshop: str, *, every: float | None = None) -> None:
        self.record = record
        self.workshop = workshop
        self._interval = every
        self._followers: list[Follower] = []
        self._position = -1
        self._state: State | None = None
        self._version: object = None
        self._scrubbed = False  # whether, as far as this process knows, no erasure waits to be completed
        self._errors: set[str] = set()
        self._failed = False
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._subscription: Subscription | None = None
        self._delayed_poll: asyncio.TimerHandle | None = None
        self._polled_at = -math.inf  # never: a monotonic clock may begin at 0 when the machine starts
        self._on_poll: Callable[[], None] = lambda: None
        self._on_error: Callable[[BaseException | None], None] = lambda error: None

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Call `follower` with the state now and after every change, until the returned function is called."""
        self._followers.append(follower)
        follower(self.record.state(self.workshop))

        def stop() -> None:
            if follower in self._followers:
                self._followers.remove(follower)

        return stop

    def poll(self) -> bool:
        """Read new entries, and call the followers if there are any. An author calls it after an append."""
        version = (
            self.record.backend.version()
        )  # read before the entries: what is committed in between counts at the next poll
        is_current = (
            self.record.cached_state(self.workshop) is self._state
            and self.record.read_position(self.workshop) == self._position
        )
        if is_current and version == self._version:
            return False
        self._scrubbed = False
        self.record.backend.note_commit()
        state = self.record.state(self.workshop)
        position = self.record.read_position(self.workshop)
        self._version = version
        # A failed write leaves a new state at the old position: the former state may contain what was never committed.
        if position == self._position and state is self._state:
            return False
        self._position, self._state = position, state
        succeeded = True
        for follower in list(self._followers):
            try:
                follower(state)
            except Exception as error:  # an error of one follower must not affect the others
                succeeded = False
                self.report_error(error)
        if succeeded:
            self._set_error("page", None)
        return True

    def on_error(self, handler: Callable[[BaseException | None], None]) -> None:
        """Call `handler` with an error in the background, and with None when it is over."""
        self._on_error = handler

    def on_poll(self, action: Callable[[], None]) -> None:
        """Call `action` after each poll in the background, whether there were new entries or not."""
        self._on_poll = action

    def call_later(self, seconds: float, action: Callable[[], object]) -> asyncio.TimerHandle | None:
        """Call `action` after so many seconds; the returned handle cancels it. An error in it is reported.

        Without a delay, or without an event loop (in a script), it is called at once and None is returned.
        """
        try:
            loop = asyncio.get_running_loop() if seconds > 0 else None
        except RuntimeError:
            loop = None
        if loop is not None:
            return loop.call_later(seconds, self._call_safely, action)
        action()
        return None

    def _call_safely(self, action: Callable[[], object]) -> None:
        try:
            action()
        except Exception as error:  # an error on the event loop would be lost
            self.report_error(error)

    def report_error(self, error: BaseException) -> None:
        """Log an error in the background, and pass it to the error handler."""
        log.error("a page could not show what is new", exc_info=error)
        self._set_error("page", error)

    def _set_error(self, source: str, error: BaseException | None) -> None:
        """Pass an error on, and its end only when no other source has one."""
        had_errors = bool(self._errors)
        if error is None:
            self._errors.discard(source)
        else:
            self._errors.add(source)
        if error is None and not (had_errors and not self._errors):
            return
        try:
            self._on_error(error)
        except Exception:  # an error in the error handler must not end the feed
            log.exception("an error could not be shown")

    def start(self) -> None:
        """Poll in the background, on the running event loop."""
        if self._task is None:
            loop = asyncio.get_running_loop()
            self._subscribe()
            self._task = loop.create_task(self._run())

    def stop(self) -> None:
        """End polling, and forget the followers."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._delayed_poll is not None:
            self._delayed_poll.cancel()
            self._delayed_poll = None
        self._unsubscribe()
        self._followers.clear()

    # ---- notifications

    def _subscribe(self) -> None:
        subscription = self.record.notifier.subscribe(self.workshop) if self.record.notifier else None
        if subscription is None:
            return
        loop = asyncio.get_running_loop()
        try:
            loop.add_reader(subscription.socket, self._on_notify)
        except NotImplementedError:  # a loop that cannot watch sockets: the feed polls
            subscription.close()
            return
        self._subscription, self._loop = subscription, loop

    def _unsubscribe(self) -> None:
        if self._subscription is not None and self._loop is not None:
            if not self._loop.is_closed():
                self._loop.remove_reader(self._subscription.socket)
            self._subscription.close()
        self._subscription = self._loop = None

    def _on_notify(self) -> None:
        """Poll after a notification. The loop calls it, so a raised error would be lost."""
        place = 0
        try:
            if self._subscription is not None:
                place = self._subscription.drain()
        except OSError as error:  # the loop would call this for ever
            log.warning("this process can be woken no longer and looks by itself instead: %s", error)
            self._unsubscribe()
        if self._delayed_poll is not None:
            return
        delay = max(
            self._polled_at + MIN_POLL_INTERVAL_SECONDS - time.monotonic(),
            min(place * _STAGGER_SECONDS, POLL_ALONE_SECONDS),
        )
        if delay > 0:
            self._delayed_poll = asyncio.get_running_loop().call_later(delay, self._poll_delayed)
        else:
            self._poll_in_background()

    def _poll_delayed(self) -> None:
        self._delayed_poll = None
        self._poll_in_background()

    def _poll_in_background(self, scrub: bool = False) -> None:
        """Poll once, report an error, and complete an erasure if `scrub` is set."""
        try:
            self.poll()
            if scrub and not self._scrubbed:  # complete an erasure that a reader has delayed
                self._scrubbed = self.record.backend.scrub()
            self.record.backend.checkpoint_if_due()
            self._set_error("record", None)
            self._failed = False
        except Exception as error:
            if not self._failed:
                log.exception("the record could not be read; looking again")
                self._set_error("record", error)
            self._failed = True
        self._polled_at = time.monotonic()
        try:
            self._on_poll()
        except Exception as error:
            self.report_error(error)

    async def _run(self) -> None:
        polls = 0
        while True:
            if self._subscription is not None and not self._subscription.is_bound():
                self._unsubscribe()
                self._subscribe()  # before polling: every later entry sends a notification
            interval = self._interval or (
                POLL_NOTIFIED_SECONDS if self._subscription is not None else POLL_ALONE_SECONDS
            )
            polls += 1
            self._poll_in_background(
                scrub=polls % 8 == 0 or interval >= 1
            )  # not at each quick poll: it waits for readers
            await asyncio.sleep(interval if not self._failed else 1.0)
