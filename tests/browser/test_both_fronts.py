"""The core of the work where not everything is as usual: on JupyterLab's front end, and with kernels started plainly.

Join, share, lose the connection and come back, agree. Everything else is tried on the usual way alone.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from support.browsers import Person, Server, expect
from support.whole_cycle import act, give_answer, go, open_form


class Two:
    """A facilitator and somebody with a telephone, at a server of their own."""

    def __init__(self, chrome: Browser, record: Path, *, lab: bool, plain: bool) -> None:
        self.lab = lab
        self.server = Server(record)
        self.server.start(**({"COWORK_WARM": "0"} if plain else {}))
        self.fay, self.bo = (self.person(chrome, width) for width in (1280, 390))

    def person(self, chrome: Browser, width: int) -> Person:
        context = chrome.new_context(viewport={"width": width, "height": 844}, has_touch=width < 500, locale="en-GB")
        if self.lab:
            context.add_cookies([{"name": "cowork-front", "value": "lab", "url": self.server.url}])
        return Person(context, self.server)

    def close(self) -> None:
        for one in (self.fay, self.bo):
            one.close()
        self.server.kill()


@pytest.fixture(scope="module", params=["JupyterLab's front end", "plain kernels"])
def two(request: pytest.FixtureRequest, chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    lab = request.param == "JupyterLab's front end"
    made = Two(chrome, tmp_path_factory.mktemp("record") / "workshop.cowork", lab=lab, plain=not lab)
    yield made
    made.close()


def test_two_people_join_share_lose_each_other_and_agree(two: Two) -> None:
    fay, bo = two.fay, two.bo
    code = fay.start_workshop("The letter", name="Fay")
    bo.join(code, "Bo", by_link=True)
    hosted = fay.page.evaluate("'cwHost' in document.documentElement.dataset")
    assert hosted is not two.lab, "it is the front end that is meant"

    go(bo, "Dialogue", "What do we want to talk about")
    go(fay, "Dialogue", "What do we want to talk about")
    bo.share("What I would like to say", "Nobody told me when")
    expect(fay.card("Nobody told me when")).to_be_visible()

    # Bo's kernel ends: the page comes back by itself, with the words that were being written.
    bo.page.get_by_label("What I would like to say", exact=True).fill("Half a sen")
    with bo.page.expect_event("load", timeout=90_000):
        for pid in two.server.kernels():
            os.kill(pid, signal.SIGKILL)
    box = bo.page.get_by_label("What I would like to say", exact=True)
    expect(box).to_have_value("Half a sen", timeout=90_000)
    box.fill("Half a sentence, and the rest of it")
    bo.button("Share with the group").click()
    expect(bo.card("Half a sentence, and the rest of it")).to_contain_text("Yours")
    expect(fay.card("Half a sentence, and the rest of it")).to_be_visible(timeout=90_000)

    # Without a network, and back.
    bo.context.set_offline(True)
    bo.page.get_by_label("What I would like to say", exact=True).fill("From the tunnel")
    bo.button("Share with the group").click()
    bo.context.set_offline(False)
    expect(fay.card("From the tunnel")).to_have_count(1, timeout=90_000)
    agree(fay, bo)
    assert not fay.faults and not bo.faults
    assert not fay.outside and not bo.outside


PROPOSAL = "Whoever goes home gets a time the day before"


def agree(fay: Person, bo: Person) -> None:
    for one in (fay, bo):
        go(one, "Agreement", "What could we all go along")
    open_form(fay, "Put a proposal")
    fay.page.get_by_label("Our proposal", exact=True).fill(PROPOSAL)
    fay.button("Put forward this proposal").click()
    for one, level in ((fay, "I want this"), (bo, "I can go along, with some doubt")):
        give_answer(one, PROPOSAL, level)
    act(fay, PROPOSAL, "Show answers together")
    expect(bo.page.get_by_text("One dot is one person.").first).to_be_visible()
    found = act(fay, PROPOSAL, "How would you like to end this")
    found.get_by_role("radio", name="We agree on this").check()
    found.get_by_role("button", name="Keep this ending").click()
    for one in (fay, bo):
        agreed = one.page.get_by_role("listitem").filter(has_text="We agreed").first
        expect(agreed).to_contain_text(PROPOSAL)
