"""The acts of a card in a browser: some stand beside its words, the others behind its More."""

from __future__ import annotations

import re
from typing import Any


def find_act(card: Any, name: str, role: str = "button") -> Any:
    """The act of this name, as it can be pressed now: where it stands behind More, that is opened first.

    What is behind More is made when that is opened, and an act may come a moment later, with an answer of the kernel.
    """
    act = card.get_by_role(role, name=re.compile(f"^{re.escape(name)}"), include_hidden=True).first
    if not act.count():
        card.page.wait_for_function(LOOK, arg={"card": card.element_handle(), "name": name}, polling=100)
    act.wait_for(state="attached")
    if not act.is_visible():
        act.locator("xpath=ancestor::*[contains(@class, 'cw-acts-more')][1]").evaluate(OPEN)
    return act


def press(card: Any, name: str, role: str = "button") -> Any:
    act = find_act(card, name, role)
    act.click()
    return act


def open_every_more(page: Any) -> None:
    """Open what is behind each More of a page at once: a press changes which of them are closed."""
    page.evaluate(
        "document.querySelectorAll('main .cw-more-button[aria-expanded=false]').forEach(more => more.click())"
    )


#: Whether the act is there, in sight or behind one of the card's More; what was opened in vain is closed again.
LOOK = """({ card, name }) => {
  const isIt = (word) => word.startsWith(name) || name.startsWith(`${word}:`);
  const has = (part) => [...part.querySelectorAll("a, button")].some((one) => isIt(one.textContent.trim()));
  if (has(card)) return true;
  const closed = [...card.querySelectorAll('.cw-more-button[aria-expanded="false"]')];
  for (const more of closed) {
    more.click();
    if (has(document.getElementById(more.getAttribute("aria-controls")))) return true;
    more.click();
  }
  return false;
}"""
OPEN = 'box => box.hidden && document.querySelector(`[aria-controls="${box.id}"]`).click()'
