"""Firefox and WebKit, driven by what they speak themselves: WebDriver BiDi, and WebDriver over HTTP.

Chromium is driven by Playwright, which downloads its own builds of the others. These are the ones people have: Debian's
Firefox ESR, and WebKitGTK's MiniBrowser, the engine of Safari. One small interface, `Device`, for both.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from support.browsers import free_port, pause

#: Finds what a person sees and can name: the nth element of this kind by this name, in this part of the page.
FIND = """(kind, name, within, nth) => {
  const clean = (text) => (text || '').replace(/\\s+/g, ' ').trim();
  const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible';
  const starts = (e) => clean(e.innerText).startsWith(name);
  const says = (e) => clean(e.innerText).includes(name);
  const is_ = (e) => clean(e.innerText) === name;
  const named = (e) => is_(e) || clean(e.innerText).startsWith(name + ' ');
  const label = (e) => [...(e.labels || [])].some(starts);
  const kinds = {
    button: ['button', named],
    side: ['.cw-shell-side a[href]', starts],
    box: ['textarea, input:not([type=radio], [type=checkbox])', label],
    radio: ['input[type=radio]', label],
    word: ['[role=option]', is_],
    heading: ['h1', says],
    text: ['p, li, span, output, blockquote, div', says],
  };
  const [which, is] = kinds[kind];
  const parts = [...document.querySelectorAll('li')].filter((e) => seen(e) && clean(e.innerText).includes(within));
  const part = within ? parts[parts.length - 1] : document;
  const found = part ? [...part.querySelectorAll(which)].filter((e) => is(e) && (kind === 'radio' || seen(e))) : [];
  return found[nth < 0 ? found.length + nth : nth] || null;
}"""
#: Before a press: the element in view, and a note whether it is what the press then meets. A page that moves in
#: between, because somebody else's words come in, takes it from under the pointer.
AIM = """(e) => {
  e.scrollIntoView({ block: 'center' });
  const own = [e, ...(e.labels || [])];
  window.wasMet = false;
  const note = (event) => { window.wasMet = own.some((one) => one.contains(event.target)); };
  document.addEventListener('pointerdown', note, { capture: true, once: true });
}"""
MET = "() => window.wasMet !== false"  # a page that was left for another one has no such note: it was met


class Device:
    """A person's browser. What differs between the drivers is in the methods that only raise here."""

    def open(self, url: str) -> None:
        raise NotImplementedError

    def ask(self, function: str, *args: Any) -> Any:
        """The value of this function in the page."""
        raise NotImplementedError

    def press(self, element: Any) -> None:
        raise NotImplementedError

    def keys(self, element: Any, words: str) -> None:
        raise NotImplementedError

    def found(self, kind: str, name: str, within: str, nth: int) -> Any:
        raise NotImplementedError

    def picture(self) -> bytes:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def until(self, is_so: Callable[[], Any], what: str) -> Any:
        for _ in range(1800):  # each turn asks once; nothing is waited for that has come
            with contextlib.suppress(Unready):
                if value := is_so():
                    return value
            pause(0.05)
        raise AssertionError(f"never: {what}\n{self.ask('() => document.body.innerText')[-3000:]}")

    def see(self, kind: str, name: str, within: str = "", nth: int = 0) -> Any:
        return self.until(lambda: self.found(kind, name, within, nth), f"{kind} {name!r} {within}")

    def click(self, kind: str, name: str, within: str = "", nth: int = 0) -> None:
        self.until(lambda: self.tried(kind, name, within, nth), f"a press on {kind} {name!r} {within}")

    def tried(self, kind: str, name: str, within: str, nth: int) -> bool:
        element = self.found(kind, name, within, nth)
        if element:
            self.press(element)
        return bool(element) and bool(self.until_drawn(MET))

    def until_drawn(self, function: str) -> Any:
        """The value of this function once the page can be asked: a press may just be taking it to another one."""
        for _ in range(600):
            with contextlib.suppress(Unready):
                return self.ask(function)
            pause(0.05)
        raise AssertionError("the page cannot be asked")

    def write(self, label: str, words: str) -> None:
        """Press on a box, empty it and type."""
        self.click("box", label)
        self.keys(self.see("box", label), words)
        self.until(lambda: self.ask("() => document.activeElement.value") == words, f"{words!r} in {label!r}")

    def go(self, part: str, heading: str) -> None:
        self.click("side", part)
        self.see("heading", heading)


class Unready(Exception):
    """The page was just being drawn or left: ask again."""


class Firefox(Device):
    """A Firefox of its own, spoken to by WebDriver BiDi on its own port."""

    def __init__(self, command: str, **settings: Any) -> None:
        self.profile = Path(tempfile.mkdtemp(prefix="firefox-"))
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
        (self.profile / "user.js").write_text("".join(lines), "utf-8")
        port = free_port()
        args = [command, "--headless", "--no-remote", f"--remote-debugging-port={port}", "--profile", str(self.profile)]
        env = {**os.environ, "HOME": str(self.profile), "MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "900"}
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen([*args, "about:blank"], stdout=quiet, stderr=quiet, env=env)
        self.faults: list[str] = []
        self.sent = 0
        self.line = self.connected(f"ws://127.0.0.1:{port}/session")
        self.wire = self.line.__enter__()
        self.say("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": False}})
        self.say("session.subscribe", events=["log.entryAdded"])
        self.tab = self.say("browsingContext.getTree")["contexts"][0]["context"]

    def connected(self, address: str) -> Any:
        for _ in range(1200):
            try:
                return connect(address, max_size=None, open_timeout=60)
            except OSError:
                assert self.process.poll() is None, "Firefox ended before it could be spoken to"
                pause(0.1)
        raise AssertionError("Firefox does not answer")

    def say(self, method: str, **params: Any) -> Any:
        self.sent += 1
        self.wire.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            answer = json.loads(self.wire.recv(timeout=120))
            if answer.get("type") == "event":
                self.note(answer["params"])
            elif answer.get("id") == self.sent:
                break
        if answer["type"] == "error":
            raise Unready(f"{method}: {answer['error']}: {answer.get('message')}")
        return answer["result"]

    def note(self, entry: dict[str, Any]) -> None:
        if entry.get("type") == "javascript" and entry.get("level") == "error":
            self.faults.append(str(entry.get("text")))

    def open(self, url: str) -> None:
        self.say("browsingContext.navigate", context=self.tab, url=url, wait="interactive")

    def call(self, function: str, *args: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = self.say(
            "script.callFunction",
            functionDeclaration=function,
            arguments=list(args),
            target={"context": self.tab},
            awaitPromise=True,
        )
        if told["type"] != "success":
            raise Unready(str(told.get("exceptionDetails", {}).get("text")))
        return dict(told["result"])

    def ask(self, function: str, *args: Any) -> Any:
        given = {"type": "string", "value": json.dumps(args)}
        told = self.call(f"async (given) => JSON.stringify(await ({function})(...JSON.parse(given)) ?? null)", given)
        return json.loads(told["value"])

    def found(self, kind: str, name: str, within: str, nth: int) -> Any:
        given = {"type": "string", "value": json.dumps([kind, name, within, nth])}
        told = self.call(f"(given) => ({FIND})(...JSON.parse(given))", given)
        return {"sharedId": told["sharedId"]} if told["type"] == "node" else None

    def press(self, element: Any) -> None:
        self.call(AIM, element)
        there = {"type": "element", "element": element}
        steps = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": there},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self.say("input.performActions", context=self.tab, actions=[mouse])

    def keys(self, element: Any, words: str) -> None:
        self.call("(e) => e.select()", element)
        steps = [{"type": kind, "value": sign} for sign in words for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keys", "actions": steps}]
        self.say("input.performActions", context=self.tab, actions=actions)

    def resize(self, width: int, height: int) -> None:
        self.say("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})

    def picture(self) -> bytes:
        return base64.b64decode(self.say("browsingContext.captureScreenshot", context=self.tab)["data"])

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.say("browser.close")
        self.line.__exit__(None, None, None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(90)
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


class WebKit(Device):
    """WebKitGTK's MiniBrowser on a screen that nobody sees, spoken to by WebDriver over HTTP."""

    ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # how WebDriver names an element

    def __init__(self, driver: str, browser: str, xvfb: str) -> None:
        read, write = os.pipe()
        quiet = subprocess.DEVNULL
        screen = [xvfb, "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
        self.screen = subprocess.Popen(screen, pass_fds=[write], stdout=quiet, stderr=quiet)
        os.close(write)
        with os.fdopen(read) as told:
            display = told.readline().strip()
        port = free_port()
        self.home = tempfile.mkdtemp(prefix="webkit-")
        env = {**os.environ, "DISPLAY": f":{display}", "HOME": self.home, "GDK_BACKEND": "x11"}
        self.driver = subprocess.Popen([driver, f"--port={port}"], stdout=quiet, stderr=quiet, env=env)
        self.address = f"http://127.0.0.1:{port}"
        self.session = ""
        options = {"binary": browser, "args": ["--automation"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.session = self.begun(capabilities)

    def begun(self, capabilities: dict[str, Any]) -> str:
        for _ in range(600):
            try:
                return str(self.say("POST", "/session", capabilities=capabilities)["sessionId"])
            except urllib.error.URLError:
                assert self.driver.poll() is None, "the driver ended before it could be spoken to"
                pause(0.1)
        raise AssertionError("the driver does not answer")

    def say(self, method: str, path: str, **body: Any) -> Any:
        there = f"{self.address}/session/{self.session}{path}" if self.session else f"{self.address}{path}"
        data = json.dumps(body).encode() if method == "POST" else None
        asked = urllib.request.Request(there, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Unready(error.read().decode()) from None

    def open(self, url: str) -> None:
        self.say("POST", "/url", url=url)

    def run(self, script: str, *args: Any) -> Any:
        return self.say("POST", "/execute/sync", script=script, args=list(args))

    def ask(self, function: str, *args: Any) -> Any:
        return self.run(f"return ({function})(...arguments)", *args)

    def found(self, kind: str, name: str, within: str, nth: int) -> Any:
        return self.run(f"return ({FIND})(...arguments)", kind, name, within, nth)

    def press(self, element: Any) -> None:
        self.run(f"({AIM})(arguments[0])", element)
        self.say("POST", f"/element/{element[self.ELEMENT]}/click")

    def keys(self, element: Any, words: str) -> None:
        self.run("arguments[0].select()", element)
        self.say("POST", f"/element/{element[self.ELEMENT]}/value", text=words)

    def picture(self) -> bytes:
        return base64.b64decode(self.say("GET", "/screenshot"))

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.say("DELETE", "")
        for process in (self.driver, self.screen):
            process.terminate()
            process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def find_firefox() -> list[str] | None:
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    return [found] if found else None


def find_webkit() -> list[str] | None:
    browsers: Iterator[Path] = Path("/usr").glob("lib*/**/webkit2gtk-4*/MiniBrowser")
    found = (shutil.which("WebKitWebDriver"), str(next(browsers, "")), shutil.which("Xvfb"))
    return [str(one) for one in found] if all(found) else None
