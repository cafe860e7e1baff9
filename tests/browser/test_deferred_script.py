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


def test_whoever_writes_while_it_is_on_its_way_goes_on_writing(person: Callable[..., Person]) -> None:
    fay = person()
    fay.start_workshop("A slow line")
    held: list[Route] = []
    fay.context.route(DEFERRED, lambda route: held.append(route))
    fay.go("Dialogue")  # where a facilitator can bring a file in
    expect(fay.page.get_by_role("heading", level=1)).to_be_focused()
    box = fay.page.get_by_label("What I would like to say", exact=True)
    box.fill("Nobody told me")
    box.focus()
    assert held
    held[0].continue_()
    expect(fay.page.locator(".cw-upload")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("Nobody told me")


def test_whoever_came_for_certain_words_and_writes_meanwhile_is_not_brought_to_them(
    person: Callable[..., Person],
) -> None:
    fay = person()
    fay.start_workshop("A link to words")
    fay.go("Dialogue")
    fay.page.get_by_label("What I would like to say", exact=True).fill("Nobody told me")
    fay.button("Share with the group").click()
    card = fay.card("Nobody told me")
    expect(card).to_be_visible()
    found = card.get_attribute("data-id")
    held: list[Route] = []
    fay.context.route(DEFERRED, lambda route: held.append(route))
    fay.page.goto(f"{fay.page.url.split('&at=')[0]}&at={found}")
    box = fay.page.get_by_label("What I would like to say", exact=True)
    box.fill("Then I waited")
    held[0].continue_()
    expect(fay.page.locator(".cw-upload")).to_be_visible()
    fay.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(box).to_be_focused()
    expect(box).to_have_value("Then I waited")
