"""On Binder: one person starts with Jupyter's token, and others come by the link on Start, with nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser
from support.browsers import Person, expect
from support.jupyter_server import BASE, ROOT, TOKEN, JupyterServer
from support.whole_cycle import go

from cowork.pages.facilitation.start import is_this_computer
from cowork.serve.network import lan_address

pytestmark = [
    pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="Binder's start script needs bash"),
    pytest.mark.skipif(not (ROOT / "notebooks/workbook.ipynb").is_file(), reason="there is no workbook yet"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    found = JupyterServer(tmp_path_factory.mktemp("home") / "binder.cowork")
    found.host = lan_address()
    found.start()
    yield found
    found.kill()


@dataclass
class Room:
    """Fay, who started the server; and the link that her page shows."""

    fay: Person
    link: str


@pytest.fixture(scope="module")
def new(chrome: Browser, server: JupyterServer) -> Iterator[Callable[..., Person]]:
    """Somebody with a browser of their own, that knows nothing of this server."""
    made: list[Person] = []

    def make(width: int = 390) -> Person:
        context = chrome.new_context(viewport={"width": width, "height": 844}, has_touch=width < 500, locale="en-GB")
        made.append(Person(context, server))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def room(new: Callable[..., Person], server: JupyterServer) -> Room:
    fay = new(1280)
    fay.open(f"?token={TOKEN}")  # as Binder sends whoever pressed its link
    fay.button("Start a workshop").wait_for()
    assert "token" not in fay.page.url
    fay.start_workshop("The waiting room")
    go(fay, "Start", "Why are we meeting")
    link = fay.page.locator(".cw-address").inner_text()
    return Room(fay, link)


def come_in(one: Person, link: str, name: str) -> None:
    one.page.goto(link)
    one.page.get_by_role("radio", name="Yes, I would like to take part").check()
    one.page.get_by_label("Name for this workshop").fill(name)
    one.button("Go to the group").click()
    one.parts().wait_for()


def test_start_shows_the_link_to_pass_on_and_says_what_it_gives_away(room: Room, server: JupyterServer) -> None:
    parts = urlsplit(room.link)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == server.url
    assert set(parse_qs(parts.query)) == {"roomcode", "w"} and TOKEN not in room.link
    page = room.fay.page
    for words in (
        "This link opens the pages of this workbook, and nothing else on its server.",
        "Whoever has the link can join, and can open a workshop of their own.",
        "The address at the top of the browser opens nothing for others.",
        "Jupyter's own token opens every file and every word here. Keep it to yourself.",
    ):
        expect(page.get_by_text(words)).to_be_visible()
    picture = page.get_by_role("img", name="Square code with the link to this workshop")
    here_alone = page.get_by_text("No other device can open this address. It belongs to this computer alone.")
    expect(here_alone if is_this_computer(server.url) else picture).to_be_visible()
    room.fay.button("Svenska").click()
    expect(page.get_by_text("Länken öppnar arbetsbokens sidor, och inget annat på servern.")).to_be_visible()
    room.fay.button("English").click()
    expect(page.get_by_text("This link opens the pages of this workbook")).to_be_visible()


def test_two_others_with_only_the_link_work_with_whoever_started(room: Room, new: Callable[..., Person]) -> None:
    bo, ali = new(), new(1280)
    come_in(bo, room.link, "Bo")
    come_in(ali, room.link, "Ali")
    for one in (room.fay, bo, ali):
        go(one, "Dialogue", "What do we want to talk about")
    bo.share("What I would like to say", "Nobody told me when")
    for one in (room.fay, ali):
        expect(one.card("Nobody told me when")).to_be_visible()
    ali.share("What I would like to say", "The chairs are hard")
    room.fay.share("What I would like to say", "We can move the chairs")
    for words in ("The chairs are hard", "We can move the chairs"):
        expect(bo.card(words)).to_be_visible()
    for one in (bo, ali):
        assert "roomcode" not in one.page.url
        assert "roomcode" not in one.page.evaluate("document.referrer + document.cookie")
        one.page.reload()
        expect(one.card("We can move the chairs")).to_be_visible()
        assert not one.faults


def test_a_guest_who_leaves_frees_the_seat(room: Room, new: Callable[..., Person], server: JupyterServer) -> None:
    eva = new()
    come_in(eva, room.link, "Eva")
    kernel = eva.page.locator('meta[name="cw-kernel"]').get_attribute("content")
    asked = f"fetch('{BASE}cowork/alive?kernel={kernel}').then((answer) => answer.json()).then((said) => said.kernel)"
    assert room.fay.page.evaluate(asked) is True
    eva.page.goto("about:blank")
    room.fay.page.wait_for_function(f"async () => !(await {asked})")


def test_a_guest_gets_the_pages_and_nothing_else(room: Room, new: Callable[..., Person], server: JupyterServer) -> None:
    mia = new()
    come_in(mia, room.link, "Mia")
    theirs = room.fay.page.locator('meta[name="cw-kernel"]').get_attribute("content")
    for path in ("api/contents", "api/kernels", "api/sessions", "api/terminals", f"api/kernels/{theirs}"):
        status = mia.page.evaluate(f"fetch('{BASE}{path}').then((answer) => answer.status)")
        assert status in (403, 404), path
    for path in ("tree", "files/README.md", "lab", "nbconvert/html/notebooks/workbook.ipynb"):
        answer = mia.page.goto(server.root + path)
        assert answer, path
        assert "/login?next=" in mia.page.url or answer.status in (403, 404), path


def test_the_address_in_the_bar_opens_words_and_no_page(room: Room, new: Callable[..., Person]) -> None:
    una = new()
    una.page.goto(room.fay.page.url)
    expect(una.page.get_by_role("heading", name="This page opens with its link")).to_be_visible()
    expect(una.page.get_by_role("link", name="I have Jupyter's token or password")).to_be_visible()
    assert una.page.locator("input").count() == 0
    # Jupyter's own way in still leads back to the page.
    una.page.get_by_role("link", name="I have Jupyter's token or password").click()
    una.page.locator("input[type=password]").first.fill(TOKEN)
    una.page.locator("button[type=submit], #login_submit").first.click()
    expect(una.page.get_by_role("heading", level=1).first).to_be_visible()
    assert "/voila/render/" in una.page.url
