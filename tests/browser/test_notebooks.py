"""Each notebook opens as an app: the page it shows, with prose for those who facilitate and study, and no more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.browsers import Person, expect

from cowork.text import translate

PROSE = {
    "intention": ("Intention: why are we here?", "What goes wrong", "Why are you here", "Why I am here"),
    "dialogue": ("Dialogue", "What goes wrong", "What do we want to talk about", "What I would like to say"),
}

OTHERS = (
    "assets", "documentation", "interpretation", "understanding", "differ", "agreement", "journey", "trace", "setting",
    "report",
)  # fmt: skip
HEADING = {"setting": "setting.h_we"}  # only the facilitator is asked to choose


@pytest.fixture(scope="module")
def fay(person: Callable[..., Person]) -> tuple[Person, str]:
    """A facilitator in the whole workbook."""
    one = person()
    return one, one.start_workshop("Seen from notebooks", "To try single pages.", "Fay")


def landmarks(one: Person) -> dict[str, int]:
    """How often each landmark stands on the page, for a screen reader's list."""
    count = {role: one.page.get_by_role(role).count() for role in ("main", "banner", "navigation")}  # type: ignore[arg-type]
    count["h1"] = one.page.locator("h1").filter(visible=True).count()
    return count


@pytest.mark.parametrize("name", ["intention", "dialogue"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_notebook_of_one_page_shows_that_page_and_its_prose(
    fay: tuple[Person, str], person: Callable[..., Person], name: str, phone: bool
) -> None:
    facilitator, code = fay
    prose, section, question, label = PROSE[name]
    one = person(phone=phone)
    one.open(f"voila/render/{name}.ipynb?w={code}")
    expect(one.page.get_by_role("heading", name=re.compile(f"^{re.escape(prose)}")).first).to_be_visible()
    expect(one.page.get_by_role("heading", name=section)).to_be_visible()
    expect(one.page.get_by_text("Masterson", exact=False).first).to_be_visible()
    expect(one.page.locator("pre, .jp-InputArea, .highlight").filter(visible=True)).to_have_count(0)
    one.page.get_by_role("radio", name="Yes, I would like to take part").check()
    who = f"Una at a {'phone' if phone else 'desk'}, {name}"
    one.page.get_by_label("Name for this workshop").fill(who)
    one.button("Go to the group").click()
    box = one.page.get_by_label(label, exact=True)
    expect(box).to_be_visible()
    expect(one.page.get_by_role("heading", name=re.compile(f"^{re.escape(question)}"))).to_be_visible()
    # Only this page: no list of parts, no way to one that is not here, no second h1 or main.
    expect(one.parts()).to_have_count(0)
    expect(one.page.get_by_role("link", name=re.compile("^(Assets|Journey|Start|My choices)"))).to_have_count(0)
    expect(one.page.get_by_text("All parts and pages").filter(visible=True)).to_have_count(0)
    assert landmarks(one)["main"] == 1
    assert landmarks(one)["h1"] == 1
    facilitator.go(name.capitalize())
    one.share(label, f"From the notebook of {who}")
    expect(facilitator.card(f"From the notebook of {who}")).to_contain_text(who)
    one.page.reload()
    expect(one.card(f"From the notebook of {who}")).to_contain_text("Yours")
    expect(one.page).to_have_url(re.compile(rf"/voila/render/{name}\.ipynb\?w={code}"))
    assert one.outside == [] and one.faults == []
    assert one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("name", OTHERS)
def test_the_notebook_of_each_other_page_opens_on_a_phone_with_prose_and_page(
    fay: tuple[Person, str], person: Callable[..., Person], name: str
) -> None:
    one = person(phone=True)
    one.open(f"voila/render/{name}.ipynb?w={fay[1]}")
    expect(one.page.get_by_role("heading", name="Signs that it has become a tick-box")).to_be_visible()
    one.page.get_by_role("radio", name="Yes, I would like to take part").check()
    one.button("Go to the group").click()
    expect(one.page.get_by_role("heading", level=1, name=translate(HEADING.get(name, f"{name}.h")))).to_be_visible()
    expect(one.parts()).to_have_count(0)
    assert landmarks(one) == {"main": 1, "banner": 1, "navigation": 0, "h1": 1}
    assert one.outside == [] and one.faults == []
    assert one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_notebook_of_one_page_without_a_code_asks_for_one(
    fay: tuple[Person, str], person: Callable[..., Person]
) -> None:
    one = person()
    one.open("voila/render/intention.ipynb")
    one.page.get_by_label("The code you were given").fill(fay[1])
    one.button("Join").click()
    one.page.get_by_role("radio", name="Yes, I would like to take part").check()
    one.button("Go to the group").click()
    expect(one.page.get_by_label("Why I am here", exact=True)).to_be_visible()
    expect(one.page).to_have_url(re.compile(r"/voila/render/intention\.ipynb\?w="))
    assert one.outside == [] and one.faults == []


def test_the_whole_workbook_is_also_a_notebook(fay: tuple[Person, str], person: Callable[..., Person]) -> None:
    one = person()
    one.open(f"voila/render/workbook.ipynb?w={fay[1]}")
    one.page.get_by_role("radio", name="Yes, I would like to take part").check()
    one.button("Go to the group").click()
    one.parts().wait_for()
    for part in ("Dialogue", "Journey", "Intention"):
        one.go(part)
        expect(one.page.get_by_role("heading", level=1)).to_have_count(1)
    one.share("Why I am here", "From the whole workbook")
    fay[0].go("Intention")
    expect(fay[0].card("From the whole workbook")).to_be_visible()
    assert landmarks(one)["main"] == 1 and landmarks(one)["navigation"] >= 1
    assert one.outside == [] and one.faults == []
