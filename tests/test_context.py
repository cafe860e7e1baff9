"""What a page holds in its hand: it is told of the first change at once, whenever its machine was started."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from support.event_loop import run_alone
from support.page_sessions import opened

from cowork import context


@pytest.mark.parametrize("since_start", [0.0, 1.0, 1e6], ids=["starting", "just started", "up for days"])
def test_the_first_state_is_told_at_once(monkeypatch: pytest.MonkeyPatch, since_start: float) -> None:
    guest = opened()
    here = guest.session.context
    assert here is not None
    monkeypatch.setattr(context, "MIN_REFRESH_SECONDS", 3600.0)
    monkeypatch.setattr(context, "time", SimpleNamespace(monotonic=lambda: since_start))
    told: list[Any] = []

    async def followed() -> None:
        here.follow(told.append)
        assert len(told) == 1
        here.dispose()

    run_alone(followed())
