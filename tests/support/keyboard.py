"""Somebody with a keyboard and a screen reader: each stop is known by its role and name in the accessibility tree.

Nothing here points, clicks or sets the focus. The tree is the browser's own: a name is what a screen reader is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from support.accessibility import axe, stop
from support.browsers import Person, expect

#: As Chromium calls what ARIA has other words for, or none.
ROLES = {"DisclosureTriangle": "summary", "RootWebArea": "page", "none": "page", "searchbox": "textbox"}
#: So many stops are more than any page of this workshop has; who comes so far goes in circles.
MOST_STOPS = 300

#: Notes what had the focus when it went to nothing, frame by frame, and what is said by itself. A press of Tab may
#: leave the page at its end: then what was left still stands there. Anything else that loses the focus is a fault.
WATCH = """() => {
  const shown = e => e.isConnected && e.checkVisibility({visibilityProperty: true});
  const short = e => `${e.localName} ${(e.getAttribute('aria-label') || e.innerText || '').trim().slice(0, 60)}`;
  window.lostFocus = [];
  window.spoken = [];
  let held = null, what = '', key = '';
  addEventListener('keydown', event => { key = event.key; }, true);
  const look = () => {
    const at = document.activeElement;
    if (at && at !== document.body) [held, what] = [at, short(at)];
    else if (held) {
      if (key !== 'Tab' || !shown(held)) window.lostFocus.push(`after ${key}: ${what}`);
      held = null;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const say = node => {
    const live = (node.nodeType === 1 ? node : node.parentElement)?.closest('[role=status], [role=alert], [aria-live]');
    const words = live?.textContent.trim();
    if (words && window.spoken[window.spoken.length - 1] !== words) window.spoken.push(words);
  };
  const watch = new MutationObserver(changes => changes.forEach(change => say(change.target)));
  watch.observe(document, {subtree: true, childList: true, characterData: true});
}"""

FOCUS_ID = """() => {
  const e = document.activeElement;
  window.stopIds ??= new WeakMap();
  window.stopCount ??= 0;
  if (!window.stopIds.has(e)) window.stopIds.set(e, ++window.stopCount);
  return window.stopIds.get(e);
}"""


@dataclass(frozen=True)
class Stop:
    """What has the focus, as a screen reader is told it."""

    role: str
    name: str
    described: str
    states: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.role} “{self.name[:70]}”"


@dataclass
class Act:
    """One thing somebody did, and what it took: stops of Tab, and presses of any key that writes nothing."""

    title: str
    stops: int = 0
    presses: int = 0
    met: list[str] = field(default_factory=list)


class Keyboard:
    """The hands and the screen reader of one person."""

    def __init__(self, person: Person) -> None:
        self.page: Page = person.page
        self.page.add_init_script(f"({WATCH})()")
        self.tree = person.context.new_cdp_session(self.page)
        self.acts: list[Act] = []

    # What is there --------------------------------------------------------------------------------------------

    def here(self) -> Stop:
        return self._read("document.activeElement")

    def group(self) -> str:
        """The name of the question whose answer has the focus."""
        return self._read("document.activeElement.closest('fieldset, [role=radiogroup], [role=group]')").name

    def _read(self, expression: str) -> Stop:
        found = self.tree.send("Runtime.evaluate", {"expression": expression})["result"]
        if "objectId" not in found:
            return Stop("none", "", "", {})
        asked = {"objectId": found["objectId"], "fetchRelatives": False}
        node = self.tree.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
        role, name, described = (node.get(key, {}).get("value", "") for key in ("role", "name", "description"))
        states = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        return Stop(ROLES.get(role, role), " ".join(name.split()), " ".join(described.split()), states)

    def no_fault(self, where: str) -> None:
        """Nothing on the page breaks a rule as it stands, and the focus was never lost on the way here."""
        broken, lost = axe(self.page, where), self.page.evaluate("window.lostFocus")
        assert not broken, "\n".join(broken)
        assert not lost, f"{where}: the focus was lost {lost}"
        at = self.here()
        assert at.role != "page", f"{where}: nothing has the focus"

    # Keys -----------------------------------------------------------------------------------------------------

    @contextmanager
    def act(self, title: str) -> Iterator[Act]:
        """Count what is pressed for one act; where it ends, no rule is broken and the focus is somewhere."""
        self.acts.append(Act(title))
        self.page.evaluate("window.heardFrom = window.spoken?.length || 0")
        yield self.acts[-1]
        self.no_fault(title)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.acts[-1].presses += 1

    def type(self, words: str) -> None:
        assert self.here().role == "textbox", f"no box to write in: {self.here()}"
        self.page.keyboard.type(words)

    def until(self, right: Callable[[Stop], bool], wanted: str, key: str = "Tab") -> Stop:
        """Press a key until what is wanted has the focus; where one comes round without it, say what was met."""
        met: list[str] = []
        seen: set[int] = {self.page.evaluate(FOCUS_ID)}
        while len(met) < MOST_STOPS:
            self.press(key)
            at, number = self.here(), self.page.evaluate(FOCUS_ID)
            met.append(f"{at} of “{self.group()}”" if at.role == "radio" else str(at))
            if key.endswith("Tab"):
                self.acts[-1].stops += 1
                if at.role != "page":  # past its end; the next press comes in again at its beginning
                    stop(self.page)
                    assert at.name, f"a stop without a name: {at.role}, after {met}"
            if right(at):
                self.acts[-1].met += met
                return at
            if number in seen:
                break
            seen.add(number)
        raise AssertionError(f"{wanted} is no stop from here by {key}. Met:\n" + "\n".join(met))

    def reach(self, role: Any, name: str, *, of: str = "", back: bool = False) -> Stop:
        """Tab to the control of this role whose name begins so; `of` are the words of its card."""

        def right(at: Stop) -> bool:
            return at.role == role and at.name.startswith(name) and of in at.name

        if right(self.here()):
            return self.here()
        named = re.compile(f"^{re.escape(name)}.*{re.escape(of)}", re.DOTALL)
        if role in ("button", "link", "textbox"):  # it may come a moment after what one did before
            expect(self.page.get_by_role(role, name=named).locator("visible=true").first).to_be_visible()
        return self.until(right, f"{role} “{name}” {of}", "Shift+Tab" if back else "Tab")

    def press_on(self, role: str, name: str, *, of: str = "", back: bool = False, key: str = "Enter") -> None:
        self.reach(role, name, of=of, back=back)
        self.press(key)

    def write(self, label: str, words: str) -> None:
        self.reach("textbox", label)
        self.type(words)

    def choose(self, question: str, answer: str) -> None:
        """One of several answers: Tab to the question, arrows to the answer, Space where it is the first."""

        def right(at: Stop) -> bool:
            return at.role == "radio" and self.group().startswith(question)

        if not right(self.here()):
            self.until(right, f"an answer to “{question}”")
        if not self.here().name.startswith(answer):
            self.until(lambda at: at.role == "radio" and at.name.startswith(answer), answer, "ArrowDown")
        if self.here().states.get("checked") != "true":
            self.press("Space")
        assert self.here().states.get("checked") == "true", f"{answer} is not chosen"

    def go(self, part: str, question: str) -> None:
        """To another page by its link beside this one; one arrives at its question."""
        self.press_on("link", part, back=True)
        self.arrives(question)

    def arrives(self, question: str) -> None:
        expect(self.page.locator("h1:focus")).to_contain_text(question)
        assert self.here().role == "heading"

    def stands_at(self, words: str, *, told: str = "") -> None:
        """The focus is at these words; a screen reader is given them, and once what is told about them."""
        expect(self.page.locator("li:focus")).to_contain_text(words)
        at = self.here()
        assert (at.role, at.name, at.described) == ("listitem", words, told), at

    def hears(self, words: str) -> None:
        """It is said by itself since this act began, wherever the focus is."""
        heard = "words => window.spoken.slice(window.heardFrom).some(said => said.includes(words))"
        self.page.wait_for_function(heard, arg=words)

    def table(self) -> str:
        rows = [f"{act.title:<60} {act.stops:>5} {act.presses:>7}" for act in self.acts]
        return "\n".join([f"{'act':<60} {'stops':>5} {'presses':>7}", *rows])
