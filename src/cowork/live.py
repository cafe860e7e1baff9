"""The feed: any process that shows a workshop learns of an entry from any other process.

Here by looking every 250 ms for entries behind the last position; faster ways can stand behind the same interface.
Entries come in commit order and without gaps, and one's own come back this way like everyone else's. Between two
looks no transaction is open. An error in the background is logged and handed on, never swallowed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from cowork.core.fold import State
from cowork.store import Record

log = logging.getLogger("cowork.live")

Tell = Callable[[State], None]


class Feed:
    """One process's eye on one workshop."""

    def __init__(self, record: Record, workshop: str, *, every: float = 0.25) -> None:
        self.record = record
        self.workshop = workshop
        self.every = every
        self._followers: list[Tell] = []
        self._told = -1
        self._shown: State | None = None
        self._wrong: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._on_error: Callable[[BaseException | None], None] = lambda error: None

    def follow(self, tell: Tell) -> Callable[[], None]:
        """Call `tell` with the state now and after every change, until the function returned here is called."""
        self._followers.append(tell)
        tell(self.record.state(self.workshop))

        def stop() -> None:
            if tell in self._followers:
                self._followers.remove(tell)

        return stop

    def look(self) -> bool:
        """Look once; tell everybody if there is news. The author calls this after an append: it need not wait."""
        state = self.record.state(self.workshop)
        position = self.record.position(self.workshop)
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
            self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._followers.clear()

    async def _run(self) -> None:
        failed = False
        turn = 0
        while True:
            turn += 1
            try:
                self.look()
                if turn % 8 == 0:  # an erasure that somebody's reading held up is finished here
                    self.record.keeper.scrub()
                self._say("record", None)
                failed = False
            except Exception as error:
                if not failed:
                    log.exception("the record could not be read; looking again")
                    self._say("record", error)
                failed = True
            await asyncio.sleep(self.every if not failed else 1.0)
