"""A page takes its place before its kernel is there, and nobody takes the places of the others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from support.event_loop import run_alone
from support.kernel_messages import Line, serve_talking
from support.votes import kernel_of, visitor_of
from tornado import web

from cowork.serve.http.visitors import is_visit
from cowork.serve.kernels.manager import MAX_PAGES_OF_VISITOR, VisitorKernels


def test_when_all_come_at_once_as_many_are_let_in_as_there_are_places(start: Any, tmp_path_factory: Any) -> None:
    server = serve_talking(start, tmp_path_factory, env={"COWORK_MOST_VISITORS": "3"})
    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda _: server.ask("/"), range(20)))
    inside = [answer for answer in answers if answer.status == 200]
    assert len(inside) == 3 and all(server.alive(kernel_of(answer.text)) for answer in inside)
    assert [answer.status for answer in answers if answer not in inside] == [503] * 17


def test_a_place_is_given_back_where_no_page_could_be_made(start: Any, tmp_path_factory: Any, tmp_path: Any) -> None:
    """The kernel of this page ends itself while the page is made."""
    fatal = {"fatal": "import os\nos._exit(1)"}
    server = serve_talking(start, tmp_path_factory, fatal, env={"COWORK_MOST_VISITORS": "1"})
    page = server.ask("/voila/render/fatal.ipynb")
    assert page.status == 200 and "This page cannot be opened" in page.text
    if "cw-kernel" in page.text:
        assert not server.alive(kernel_of(page.text))
    assert server.ask("/").status == 200


@pytest.mark.parametrize(
    ("headers", "is_one"),
    [
        ({}, True),
        ({"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Dest": "script"}, False),
        ({"Sec-Fetch-Dest": "empty"}, False),
        ({"Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch;prerender"}, False),
        ({"Purpose": "prefetch"}, False),
        ({"X-Moz": "prefetch"}, False),
        ({"X-Purpose": "preview"}, False),
    ],
)
def test_what_a_browser_fetches_for_something_else_is_no_visit(headers: dict[str, str], is_one: bool) -> None:
    assert is_visit(headers) is is_one  # type: ignore[arg-type]


def test_a_picture_in_another_web_site_starts_no_kernel(start: Any, tmp_path_factory: Any) -> None:
    server = serve_talking(start, tmp_path_factory, env={"COWORK_MOST_VISITORS": "1"})
    for asked in (
        {"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch"},
        {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"},
    ):
        refused = server.ask("/", headers=asked)
        assert (refused.status, refused.headers["Cache-Control"]) == (403, "no-store"), asked
    assert server.ask("/", headers={"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}).status == 200


def test_one_visitor_takes_few_places_and_loses_the_page_that_nobody_looks_at(
    start: Any, tmp_path_factory: Any, wait_until: Any
) -> None:
    server = serve_talking(start, tmp_path_factory, env={"COWORK_MOST_VISITORS": str(2 * MAX_PAGES_OF_VISITOR)})
    first = server.ask("/")
    headers = {"Cookie": f"cowork-visitor={visitor_of(first)}"}
    kernels = [kernel_of(first.text)]
    while len(kernels) < MAX_PAGES_OF_VISITOR:
        kernels.append(kernel_of(server.ask("/", headers=headers).text))

    async def look_and_come_again() -> None:
        line = Line(server, kernel=kernels[0], visitor=visitor_of(first))
        await line.open()
        kernels.append(kernel_of(server.ask("/", headers=headers).text))
        wait_until(lambda: not server.alive(kernels[1]), "the oldest page that nobody looks at has ended")
        assert all(server.alive(kernel) for kernel in (kernels[0], *kernels[2:]))
        line.close()

    run_alone(look_and_come_again())
    assert server.ask("/").status == 200, "there is room for others"


def test_who_looks_at_as_many_pages_as_one_may_have_is_told_so_in_words(
    start: Any, tmp_path_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve_talking(start, tmp_path_factory, env={"COWORK_MOST_VISITORS": str(2 * MAX_PAGES_OF_VISITOR)})

    async def look_at_all() -> None:
        lines = [await Line(server).open()]
        visitor = lines[0].headers
        while len(lines) < MAX_PAGES_OF_VISITOR:
            lines.append(await Line(server, headers=visitor).open())
        answer = server.ask("/", headers=visitor)
        assert answer.status == 429 and "You have many pages open" in answer.text
        assert "Du har många sidor öppna" in answer.text and answer.headers["Retry-After"]
        assert server.ask("/").status == 200, "there is room for others"
        for line in lines:
            line.close()

    run_alone(look_at_all())


def test_a_reserved_place_counts_until_it_is_given_back() -> None:
    kernels = VisitorKernels(max_pages=2)
    first = kernels.reserve("somebody")
    kernels.reserve("somebody else")
    with pytest.raises(web.HTTPError) as full:
        kernels.reserve("one more")
    assert full.value.status_code == 503
    kernels.release(first)
    kernels.reserve("one more")
