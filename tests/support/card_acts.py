"""The acts of a card in a browser: some stand beside its words, the others behind its More."""

from __future__ import annotations

import re
from typing import Any


def find_act(card: Any, name: str, role: str = "button") -> Any:
    """The act of this name, as it can be pressed now: where it stands behind More, that is opened first."""
    act = card.get_by_role(role, name=re.compile(f"^{re.escape(name)}"), include_hidden=True).first
    act.wait_for(state="attached")
    if not act.is_visible():
        act.locator("xpath=ancestor::*[contains(@class, 'cw-acts-more')][1]").evaluate(OPEN)
    return act


def press(card: Any, name: str, role: str = "button") -> Any:
    act = find_act(card, name, role)
    act.click()
    return act


OPEN = 'box => box.hidden && document.querySelector(`[aria-controls="${box.id}"]`).click()'
