"""The script of the widgets that few pages have: it comes when one of them is first shown, and the line may be away."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Route
from support.browsers import Person, expect

from cowork.serve.http import assets

DEFERRED = f"**/cowork/front/{assets.build_deferred_script().name}*"


def test_it_comes_with_the_first_page_that_needs_it_and_once(person: Callable[..., Person]) -> None:
    fay = person()
    asked: list[str] = []
    fay.context.route(DEFERRED, lambda route: (asked.append(route.request.url), route.continue_()))
    fay.start_workshop("The second script")
    fay.share("Why I am here", "Before the fall")
    assert asked == []
    fay.go("Journey")
    expect(fay.page.get_by_role("table").first).to_be_visible()
    assert len(asked) == 1
    fay.go("How did we get here?")
    expect(fay.page.get_by_text("Before the fall").first).to_be_visible()
    assert len(asked) == 1


def test_a_page_stands_there_where_the_line_was_away_for_a_moment(person: Callable[..., Person]) -> None:
    fay = person()
    fay.start_workshop("The line")
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) < 3:
            route.abort("connectionfailed")
        else:
            route.continue_()

    fay.context.route(DEFERRED, answer)
    fay.go("Journey")
    expect(fay.page.get_by_role("table").first).to_be_visible()
    assert len(asked) == len(set(asked)) == 3, asked
