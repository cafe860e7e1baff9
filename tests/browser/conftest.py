"""One server and one record a file, and people at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from support.browsers import Person, Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = Server(tmp_path_factory.mktemp("record") / "workshop.cowork")
    found.start()
    yield found
    found.kill()


@pytest.fixture(scope="module")
def person(chrome: Browser, server: Server) -> Iterator[Callable[..., Person]]:
    """Make a person: `person()` at a desk, `person(phone=True)` with a telephone."""
    made: list[Person] = []

    def make(phone: bool = False, **options: Any) -> Person:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = chrome.new_context(viewport=options.pop("viewport", size), has_touch=phone, locale="en-GB", **options)
        made.append(Person(context, server))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def trio(person: Callable[..., Person]) -> tuple[Person, Person, Person]:
    """A facilitator at a desk, a participant with a telephone, and one at another desk."""
    fay, ada, bo = person(), person(phone=True), person()
    code = fay.start_workshop("Ward 7, together", "Going home goes wrong too often.", "Fay")
    ada.join(code, "Ada", by_link=True)
    bo.join(code, "Bo", by_link=True)
    return fay, ada, bo


@pytest.fixture(scope="module")
def reader(person: Callable[..., Person]) -> Person:
    """Somebody in the practice workshop, where something stands on every page and cards are of every size."""
    one = person(reduced_motion="reduce")
    one.open()
    one.button("Open the example").click()
    one.page.get_by_role("radio", name="Yes, I would like to take part").check()
    one.button("Go to the group").click()
    one.parts().wait_for()
    return one


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in str(item.fspath):
            item.add_marker(pytest.mark.browser)
