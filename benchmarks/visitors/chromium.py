"""Visits with a real browser. The page itself notes the times (`submit_probe.js`), so that driving it costs nothing."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

from visitors.group import Group, Person

SUBMIT_PROBE = Path(__file__).with_name("submit_probe.js").read_text("utf-8")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
TIMEOUT = 120_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass(frozen=True)
class App:
    """Where a framework's page has its box, its button and its list, as selectors.

    `deep` looks into shadow roots too; `storage` is what the device remembers.
    """

    box: str
    button: str
    name: str = ""
    list: str = ""
    deep: bool = False
    storage: dict[str, str] = field(default_factory=dict)

    def script(self, press: bool) -> str:
        return SUBMIT_PROBE.replace("= SPEC", f"= {json.dumps({**self.__dict__, 'press': press})}")


def workbook(group: Group, person: Person) -> App:
    """The Intention page, on a device that has joined."""
    storage = {f"cowork:key:{group.code}": json.dumps(person.key)}
    return App(".cw-ask textarea", ".cw-ask form button[type=submit]", list=".cw-cards", storage=storage)


@dataclass
class Visit:
    """One visit: milliseconds since the navigation began, and what crossed the network."""

    shown: float
    answered: float
    presses: int
    requests: int = 0
    sockets: int = 0
    outside: list[str] = field(default_factory=list)


def find_browser() -> str:
    named = [os.environ.get("COWORK_BROWSER") or "", *(f"/usr/bin/{name}" for name in BROWSERS), *BROWSERS]
    found = next((place for name in named if name and (place := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("no Chromium, Chrome or Edge found (install one, or name it in COWORK_BROWSER)")
    return found


class Chromium:
    """The one browser of a run: `async with Chromium() as chromium`."""

    def __init__(self) -> None:
        self._play: Playwright | None = None
        self.browser: Browser | None = None

    async def __aenter__(self) -> Chromium:
        flags = [*FLAGS, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else FLAGS
        self._play = await async_playwright().start()
        self.browser = await self._play.chromium.launch(executable_path=find_browser(), args=flags)
        return self

    async def __aexit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.browser:
            await self.browser.close()
        if self._play:
            await self._play.stop()

    async def device(self, app: App, press: bool = True, **options: Any) -> BrowserContext:
        """A device with nothing in its cache. Without `press`, its pages are only looked at."""
        assert self.browser
        context = await self.browser.new_context(locale="en-GB", **options)
        context.set_default_timeout(TIMEOUT)
        await context.add_init_script(app.script(press))
        return context


async def visit(context: BrowserContext, url: str, *, slow: float = 0, keep: bool = False) -> tuple[Visit, Page]:
    """Open the page and stay until a press has been answered. `slow` divides the device's processor."""
    page = await context.new_page()
    asked: list[str] = []
    sockets: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: sockets.append(socket.url))
    if slow:
        session = await context.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": slow})
    await page.goto(url, wait_until="commit")
    await page.wait_for_function("() => window.__visit && window.__visit.answered", timeout=TIMEOUT)
    if keep:
        await page.wait_for_timeout(1500)  # what the page fetches after it can be used is weight too
    note = await page.evaluate("() => window.__visit")
    host = "/".join(url.split("/")[:3])
    asked = [one for one in asked if one.startswith("http")]
    outside = [one for one in asked if not one.startswith(host)]
    found = Visit(note["shown"], note["answered"], note["presses"], len(asked), len(sockets), outside)
    if not keep:
        await page.close(run_before_unload=False)
    return found, page
