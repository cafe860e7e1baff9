"""The feed: any process that shows a workshop learns of an entry from any other process.

Whoever writes wakes the others (`store.wake`); a slow look makes good what gets lost, and where nobody can be woken a
quick one stands in. A wake-up says only "look": entries are read from behind the last position, so they come in
commit order and without gaps, however often one is woken, and one's own come back this way like everyone else's.
Between two looks no transaction is open. An error in the background is logged and handed on, never swallowed.
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

#: Seconds between two looks of one's own: where others wake this process, and where nobody can.
POLL_NOTIFIED, POLL_ALONE = 5.0, 0.25

#: Woken in a row, a process looks at once and then at most this often. A page holds its changes back for longer
#: (`workbook.EVERY`), counted from when it last told of one, so the two do not add up.
MIN_INTERVAL = 0.05

#: Seconds of a processor that a page's look takes. Thirty that look at once on two cores are all done at the end of it;
#: one after the other most are done much sooner, and nobody later.
POLL_COST = 0.004
_STAGGER = POLL_COST / (os.cpu_count() or 1)


class Feed:
    """One process's eye on one workshop."""

    def __init__(self, record: Record, workshop: str, *, every: float | None = None) -> None:
        self.record = record
        self.workshop = workshop
        self._every = every
        self._followers: list[Follower] = []
        self._told = -1
        self._shown: State | None = None
        self._version: object = None
        self._tidy = False  # no erasure waits to be finished, as far as this process knows
        self._wrong: set[str] = set()
        self._failed = False
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._subscription: Subscription | None = None
        self._later: asyncio.TimerHandle | None = None
        self._looked = -math.inf  # never: a monotonic clock may begin at 0 when the machine does
        self._on_turn: Callable[[], None] = lambda: None
        self._on_error: Callable[[BaseException | None], None] = lambda error: None

    def follow(self, tell: Follower) -> Callable[[], None]:
        """Call `tell` with the state now and after every change, until the function returned here is called."""
        self._followers.append(tell)
        tell(self.record.state(self.workshop))

        def stop() -> None:
            if tell in self._followers:
                self._followers.remove(tell)

        return stop

    def look(self) -> bool:
        """Look once; tell everybody if there is news. The author calls this after an append: it need not wait."""
        version = self.record.backend.version()  # asked before reading: what is committed in between counts next time
        held = self.record.held(self.workshop) is self._shown and self.record.position(self.workshop) == self._told
        if held and version == self._version:
            return False
        self._tidy = False
        self.record.backend.noticed()
        state = self.record.state(self.workshop)
        position = self.record.position(self.workshop)
        self._version = version
        # A write that failed leaves a new state at the old position: the one shown may hold what never happened.
        if position == self._told and state is self._shown:
            return False
        self._told, self._shown = position, state
        well = True
        for tell in list(self._followers):
            try:
                tell(state)
            except Exception as error:  # one follower's fault must not keep the news from the others
                well = False
                self.fault(error)
        if well:
            self._say("page", None)
        return True

    def on_error(self, handler: Callable[[BaseException | None], None]) -> None:
        """Hear of an error behind the page, and of its end (None)."""
        self._on_error = handler

    def on_turn(self, do: Callable[[], None]) -> None:
        """Do this whenever the process was woken or looked of its own accord, news or not."""
        self._on_turn = do

    def later(self, seconds: float, do: Callable[[], object]) -> asyncio.TimerHandle | None:
        """Do this in so many seconds, a fault in it being one behind the page; what waits can be cancelled.

        At once, and None, where there is nothing to wait for or no event loop to wait on: a script, not a page.
        """
        try:
            loop = asyncio.get_running_loop() if seconds > 0 else None
        except RuntimeError:
            loop = None
        if loop is not None:
            return loop.call_later(seconds, self._do, do)
        do()
        return None

    def _do(self, do: Callable[[], object]) -> None:
        try:
            do()
        except Exception as error:  # an error on the event loop would be lost
            self.fault(error)

    def fault(self, error: BaseException) -> None:
        """Something went wrong behind the page: into the log, and on to whoever shows it."""
        log.error("a page could not show what is new", exc_info=error)
        self._say("page", error)

    def _say(self, where: str, error: BaseException | None) -> None:
        """Hand an error on, and its end only when nothing else is wrong."""
        had = bool(self._wrong)
        if error is None:
            self._wrong.discard(where)
        else:
            self._wrong.add(where)
        if error is None and not (had and not self._wrong):
            return
        try:
            self._on_error(error)
        except Exception:  # whoever shows errors must not end the feed by one
            log.exception("an error could not be shown")

    def start(self) -> None:
        """Look from now on, on the running event loop."""
        if self._task is None:
            loop = asyncio.get_running_loop()
            self._listen()
            self._task = loop.create_task(self._run())

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._later is not None:
            self._later.cancel()
            self._later = None
        self._unsubscribe()
        self._followers.clear()

    # ---- being woken

    def _listen(self) -> None:
        ear = self.record.notifier.listen(self.workshop) if self.record.notifier else None
        if ear is None:
            return
        loop = asyncio.get_running_loop()
        try:
            loop.add_reader(ear.socket, self._on_notify)
        except NotImplementedError:  # a loop that cannot watch sockets: it looks by itself
            ear.close()
            return
        self._subscription, self._loop = ear, loop

    def _unsubscribe(self) -> None:
        if self._subscription is not None and self._loop is not None:
            if not self._loop.is_closed():
                self._loop.remove_reader(self._subscription.socket)
            self._subscription.close()
        self._subscription = self._loop = None

    def _on_notify(self) -> None:
        """Called by the loop: nothing may be raised here, it would be lost."""
        turn = 0
        try:
            if self._subscription is not None:
                turn = self._subscription.drain()
        except OSError as error:  # a socket that cannot be read would call for ever
            log.warning("this process can be woken no longer and looks by itself instead: %s", error)
            self._unsubscribe()
        if self._later is not None:
            return
        rest = max(self._looked + MIN_INTERVAL - time.monotonic(), min(turn * _STAGGER, POLL_ALONE))
        if rest > 0:
            self._later = asyncio.get_running_loop().call_later(rest, self._late)
        else:
            self._turn()

    def _late(self) -> None:
        self._later = None
        self._turn()

    def _turn(self, scrub: bool = False) -> None:
        """One look in the background, woken or not."""
        try:
            self.look()
            if scrub and not self._tidy:  # an erasure that somebody's reading held up is finished here
                self._tidy = self.record.backend.scrub()
            self.record.backend.settle()
            self._say("record", None)
            self._failed = False
        except Exception as error:
            if not self._failed:
                log.exception("the record could not be read; looking again")
                self._say("record", error)
            self._failed = True
        self._looked = time.monotonic()
        try:
            self._on_turn()
        except Exception as error:
            self.fault(error)

    async def _run(self) -> None:
        turn = 0
        while True:
            if self._subscription is not None and not self._subscription.is_bound():
                self._unsubscribe()
                self._listen()  # before looking: what is written from here on wakes us
            every = self._every or (POLL_NOTIFIED if self._subscription is not None else POLL_ALONE)
            turn += 1
            self._turn(scrub=turn % 8 == 0 or every >= 1)  # scrubbing waits for readers: not at each quick turn
            await asyncio.sleep(every if not self._failed else 1.0)
