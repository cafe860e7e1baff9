"""Components on a stage: a real browser, the real Python widgets, and nothing between them but this file.

A kernel takes seconds to start and a server more; what a component does needs neither. The stage hands each message of
the browser to its widget at once, and each message and trait of the widget to the browser, as anywidget does.
Whatever depends on the wire itself is tried on a real server.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route

from cowork.widgets import Component, Shell
from support.accessibility import axe

TEMPLATE = Path(__file__).parents[2] / "src/cowork/serve/share/jupyter/voila/templates/cowork"
SHEET = (TEMPLATE / "page.css").read_text("utf-8") + Shell.sheet()
ADDRESS = "http://stage.test/"
HTML = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>A stage</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>%s</style></head>
<body><div class="cw"><div class="cw-shell cw-own-page"><header><p class="cw-shell-title">A stage</p></header>
<div class="cw-shell-body"><div></div><main id="stage"><h1>A stage</h1></main></div></div></div>
<script type="module" src="/stage.js"></script></body></html>"""
SCRIPT = """
const models = [];
class Model {
  constructor(at, state) { Object.assign(this, { at, state, heard: {} }); }
  get(name) { return this.state[name]; }
  set(name, value) { this.state[name] = value; this.owed = { ...this.owed, [name]: value }; }
  save_changes() { const owed = this.owed || {}; this.owed = {}; this.tell("update", owed); }
  on(event, call) { (this.heard[event] ??= new Set()).add(call); }
  off(event, call) { this.heard[event]?.delete(call); }
  send(content) { this.tell("custom", content); }
  async tell(method, content) { this.take(await window.kernel(this.at, method, JSON.stringify(content))); }
  emit(event, ...with_) { for (const call of this.heard[event] || []) call(...with_); }
  take(told) {
    for (const [what, value, buffers] of told) {
      if (what === "state") {
        Object.assign(this.state, value);
        for (const name of Object.keys(value)) this.emit(`change:${name}`);
      } else {
        const raw = buffers.map((b) => new DataView(Uint8Array.from(atob(b), (c) => c.charCodeAt(0)).buffer));
        this.emit("msg:custom", value, raw);
      }
    }
  }
}
window.went = [];
window.coworkGo = (page, href) => window.went.push([page, href]);
window.take = (at, told) => models[at].take(told);
window.stop = new AbortController();
const { states, sheets } = await (await fetch("/state.json")).json();
for (const [at, state] of states.entries()) {
  const el = Object.assign(document.createElement("div"), { className: "cw-part" });
  document.querySelector("#stage").append(el);
  document.head.append(Object.assign(document.createElement("style"), { textContent: sheets[at] }));
  models.push(new Model(at, state));
  const { default: widget } = await import(`/part-${at}.js`);
  widget.render({ model: models[at], el, signal: window.stop.signal });
}
document.documentElement.dataset.ready = "yes";
"""

TOO_WIDE_OR_SMALL = """() => {
  const seen = (e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('.cw-vh, svg');
  const cut = (e) => e.outerHTML.slice(0, 140);
  const all = (targets) => [...document.body.querySelectorAll(targets)].filter(seen);
  const box = (e) => e.getBoundingClientRect();
  const wide = all('*').filter(e => box(e).width > 0 && box(e).right > document.documentElement.clientWidth + 1);
  const targets = 'a[href], button, summary, select, textarea, input:not([type=radio], [type=checkbox]), [role=option]';
  const small = all(targets).filter(e => box(e).height < 44);
  const said = (id) => document.getElementById(id)?.textContent || '';
  const named = (e) => (e.getAttribute('aria-labelledby') || '').split(' ').map(said).join('').trim();
  const legend = (e) => e.querySelector(':scope > legend:not([hidden])')?.textContent;
  const name = (e) => e.labels?.[0]?.textContent || e.getAttribute('aria-label') || legend(e) || named(e);
  const unnamed = all('input, textarea, select, fieldset').filter(e => !name(e));
  const over = document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['the page scrolls'] : [];
  return [...over, ...wide.slice(0, 3).map(e => 'too wide: ' + cut(e)), ...small.map(e => 'too small: ' + cut(e)),
          ...unnamed.map(e => 'no name: ' + cut(e))];
}"""


class Stage:
    """Widgets on a page. Setting a trait shows at once; `silent()` is a kernel that hears and does not answer."""

    def __init__(self, context: BrowserContext, *parts: Component) -> None:
        self.parts = parts
        self.faults: list[str] = []
        self.outside: list[str] = []
        self.heard: list[dict[str, Any]] = []  # custom messages, in the order they came
        self._deaf = False
        self._told: list[list[Any]] | None = None  # what is answered to the message being heard
        for at, part in enumerate(parts):
            # type: ignore[method-assign]
            part.send = lambda content, buffers=None, at=at: self._tell(at, "message", content, buffers or [])
            names = [
                name for name in part.keys if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")
            ]
            part.observe(lambda change, at=at: self._tell(at, "state", {change["name"]: change["new"]}, []), names)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.expose_function("kernel", self._hear)
        self.page.route("**/*", self._serve)
        self.open()

    def open(self) -> None:
        """Open the page, or open it again as after a reload."""
        self.page.goto(ADDRESS)
        try:
            self.page.locator("html[data-ready]").wait_for()
        except Exception as error:
            raise AssertionError(f"nothing was drawn: {self.faults}") from error

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if not route.request.url.startswith(ADDRESS):
            self.outside.append(route.request.url)
            route.abort()
        elif path == "":
            route.fulfill(body=HTML % SHEET, content_type="text/html")
        elif path == "stage.js":
            route.fulfill(body=SCRIPT, content_type="text/javascript")
        elif path == "state.json":
            states = [self._state(part) for part in self.parts]
            whole = {"states": states, "sheets": [str(part._css) for part in self.parts]}
            route.fulfill(body=json.dumps(whole), content_type="application/json")
        elif path.startswith("part-"):
            at = int(path.removeprefix("part-").removesuffix(".js"))
            route.fulfill(body=str(self.parts[at]._esm), content_type="text/javascript")
        else:
            route.fulfill(status=404)

    def _state(self, part: Component) -> dict[str, Any]:
        return {name: value for name, value in part.get_state().items() if not name.startswith("_")}

    def _hear(self, at: int, method: str, content: str) -> list[list[Any]]:
        said = json.loads(content)
        if method == "custom":
            self.heard.append(said)
        if self._deaf:
            return []
        self._told = told = []
        try:
            data = {"method": method, ("content" if method == "custom" else "state"): said}
            self.parts[at]._handle_msg({"content": {"data": data}, "buffers": []})
        finally:
            self._told = None
        return told

    def _tell(self, at: int, what: str, value: Any, buffers: list[bytes]) -> None:
        told = [what, value, [base64.b64encode(b).decode() for b in buffers]]
        if self._told is not None:
            self._told.append(told)
        else:
            self.page.evaluate("([at, told]) => window.take(at, told)", [at, [told]])

    def close(self) -> None:
        self.page.context.close()

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for something only Python sees; the page runs on meanwhile."""
        for _ in range(400):
            if is_so():
                return
            self.page.evaluate("new Promise(requestAnimationFrame)")
        raise AssertionError(f"never: {what}")

    @contextmanager
    def silent(self) -> Iterator[None]:
        """As when the connection is lost: what the browser sends reaches nobody."""
        self._deaf = True
        yield
        self._deaf = False

    def breaks(self) -> list[str]:
        """What breaks a rule of access on the page as it stands: at a desk and on a phone, by day and by night."""
        found = []
        before = self.page.viewport_size
        for width in (1280, 390):
            self.page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                found += axe(self.page, f"{width}, {scheme}")
            found += [f"{width}: {fault}" for fault in self.page.evaluate(TOO_WIDE_OR_SMALL)]
        self.page.emulate_media(color_scheme="light")
        if before:
            self.page.set_viewport_size(before)
        return found

    def messages(self, name: str) -> list[dict[str, Any]]:
        return [message for message in self.heard if message.get("do") == name]

    def shared(self) -> list[dict[str, Any]]:
        """The items that were sent, each once."""
        return list({message["item"]["id"]: message["item"] for message in self.messages("share")}.values())


@contextmanager
def theatre(chrome: Browser) -> Iterator[Callable[..., Stage]]:
    """`show(*parts, phone=False, **options)` puts them on a stage of their own; at the end none may have failed."""
    shown: list[Stage] = []

    def show(*parts: Component, phone: bool = False, **options: Any) -> Stage:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = chrome.new_context(viewport=size, has_touch=phone, locale="en-GB", reduced_motion="reduce", **options)
        shown.append(Stage(context, *parts))
        return shown[-1]

    yield show
    failed = [fault for stage in shown for fault in (*stage.faults, *stage.outside)]
    for stage in shown:
        stage.close()
    assert not failed, "\n".join(failed)
