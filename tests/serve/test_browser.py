"""What a browser sees: no other host, little to load, nothing that a screen reader stumbles over, paper.

`front.txt` lists the scripts that a page loads. When Voilà, anywidget or ipywidgets change, the first test fails and
prints the list as it should be: put it into `src/cowork/serve/front.txt`, sorted.
"""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser
MOST_BYTES = 1_500_000
MOST_REQUESTS = 12


def ping(page: Any) -> None:
    page.get_by_role("button", name="Ping").click()
    page.get_by_text("pong.").first.wait_for()


def kernel_of(page: Any) -> str:
    kernel: str = page.evaluate("document.querySelector('meta[name=cw-kernel]').content")
    return kernel


def test_a_first_visit_is_small_and_asks_nobody_else(visit: Any, server: Any) -> None:
    page = visit()
    page.goto(server.url)
    ping(page)
    page.wait_for_load_state("networkidle")
    asked = [(url, size) for url, size in page.asked.values() if not url.startswith(("data:", "blob:"))]
    assert {urlsplit(url).netloc for url, _ in asked} == {f"127.0.0.1:{server.port}"}
    chunks = re.findall(r"/voila/((?:static|labextensions)/[^?\s]+\.js)", "\n".join(url for url, _ in asked))
    left = sorted(name.replace("/./", "/") for name in chunks if "remoteEntry" not in name)
    assert not left, "these belong into front.txt as well:\n" + "\n".join(left)
    size = sum(size for _, size in asked)
    print(f"\nfirst visit: {len(asked)} requests, {size / 1e6:.2f} MB compressed")
    assert size <= MOST_BYTES and len(asked) <= MOST_REQUESTS


def test_leaving_ends_the_kernel_and_only_leaving_does(visit: Any, server: Any, wait_until: Any) -> None:
    page = visit()
    page.goto(server.url)
    ping(page)
    kernel = kernel_of(page)
    page.evaluate("window.dispatchEvent(new Event('beforeunload'))")  # as a download or a mail link does
    page.locator("output").evaluate("e => { e.textContent = ''; }")
    ping(page)
    assert server.alive(kernel)
    page.goto("about:blank")
    wait_until(lambda: not server.alive(kernel), "the kernel of the page that was left is gone", 60)


def test_a_reload_leaves_one_kernel(visit: Any, server: Any, wait_until: Any) -> None:
    page = visit()
    page.goto(server.url)
    ping(page)
    first = kernel_of(page)
    page.reload()
    ping(page)
    assert kernel_of(page) != first and server.alive(kernel_of(page))
    wait_until(lambda: not server.alive(first), "the kernel of the earlier load is gone", 60)


@pytest.mark.parametrize(("scheme", "width"), [("dark", 390), ("light", 1280)])
def test_nothing_that_a_screen_reader_stumbles_over(visit: Any, server: Any, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in ("/", "/voila/render/prose.ipynb", "/voila/render/broken.ipynb", "/no-such-page"):
        page.goto(server.url + path)
        page.locator("#cw-opening").wait_for(state="detached")
        found = axe.run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.locator("main:visible").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} scrolls sideways"


def test_the_login_page_works_by_keyboard_alone(visit: Any, start: Any) -> None:
    room = start(host="0.0.0.0", token="lamp-river-4831")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(viewport={"width": 390, "height": 800})
    page.goto(f"{room.url}/?w=ABC")
    assert axe.run(page).violations_count == 0
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("This is not the room code.").wait_for()
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_label("Room code").fill("Lamp River 4831")
    page.keyboard.press("Enter")
    ping(page)
    assert page.url == f"{room.url}/?w=ABC"


def test_the_page_scrolls_and_prints_to_its_end(visit: Any, server: Any) -> None:
    pypdf = pytest.importorskip("pypdf")
    page = visit(viewport={"width": 1280, "height": 800})
    page.goto(f"{server.url}/voila/render/long.ipynb")
    page.get_by_text("Paragraph 40.").wait_for()
    assert page.evaluate("getComputedStyle(document.body).overflowY") == "visible"
    assert page.evaluate("document.documentElement.scrollHeight") > 4000
    pages = pypdf.PdfReader(io.BytesIO(page.pdf())).pages
    assert len(pages) > 3
    printed = " ".join(one.extract_text() for one in pages)
    for words in ("Paragraph 1.", "Paragraph 20.", "Paragraph 40.", "the last line"):
        assert words in printed


def test_without_script_the_page_says_so(visit: Any, server: Any) -> None:
    page = visit(java_script_enabled=False)
    page.goto(server.url)
    assert page.locator("noscript main").is_visible()  # Playwright finds no text inside a noscript
    assert not page.locator("#cw-opening").is_visible()
