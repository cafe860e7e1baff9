"""The notebooks in JupyterLab itself: a page there has no address of its own, and the way in and back works.

Everything a group does is tried on the usual way; here it is what differs: where somebody stands is kept by the device,
one notebook is one Python for every browser that opens it, and several notebooks share a document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser
from support.browsers import expect
from support.jupyterlab import ROOT, Lab, Researcher, opened_lab

from cowork.text import translate

HEADING = {"setting": "setting.h_we"}  # only the facilitator is asked to choose
BOTH = ("workbook", "intention")
OTHERS = sorted({path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} - {*BOTH, "analyse"})
WHY = "Why I am here"

People = Callable[[str], Researcher]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with opened_lab(tmp_path_factory.mktemp("lab")) as found:
        yield found


@pytest.fixture(scope="module")
def people(chrome: Browser, lab: Lab) -> Iterator[People]:
    made: dict[str, Researcher] = {}

    def one(name: str) -> Researcher:
        if name not in made:
            made[name] = Researcher(chrome, lab, name)
        return made[name]

    yield one
    for each in made.values():
        each.close()


def codes(lab: Lab) -> list[str]:
    """The codes of all workshops in the record: a try that failed would leave one more."""
    return [row.split("\t")[0] for row in lab.cowork("list").stdout.splitlines()[1:]]


@pytest.mark.parametrize("name", BOTH)
def test_two_browsers_start_join_share_and_are_themselves_after_a_reload(lab: Lab, people: People, name: str) -> None:
    before = codes(lab)
    fay, bo = people(f"fay-{name}"), people(f"bo-{name}")
    fay.open_notebook(name)
    fay.run_all()
    code = fay.begin_workshop(f"Seen from {name}", "Fay")
    expect(fay.heading("Why are you here")).to_be_visible()
    fay.save()

    # One notebook, one Python: the other browser is shown nothing of hers, and its own once it has run the cell.
    bo.open_notebook(name)
    expect(bo.page.get_by_text(translate("shell.elsewhere"))).to_be_visible()
    expect(bo.page.locator(".cw-shell").get_by_text(code)).to_have_count(0)
    bo.run_all()
    bo.page.get_by_label("The code you were given").fill("NOBODY-123")
    bo.button("Join").click()
    expect(bo.page.locator(".cw-shell").get_by_text(translate("error.code"))).to_be_visible()
    bo.come_in(code, "Bo")
    expect(bo.heading("Why are you here")).to_be_visible()
    fay.share(WHY, "To hear when I go home")
    expect(bo.card("To hear when I go home")).to_contain_text("Fay")
    bo.share(WHY, "To be asked first")
    expect(fay.card("To be asked first")).to_contain_text("Bo")

    # What the notebook keeps shows itself again, and a cell that is run anew too.
    fay.page.reload()
    expect(fay.card("To hear when I go home")).to_contain_text("Yours")
    fay.run_all()
    expect(fay.page.locator(".cw-shell")).to_have_count(1)
    expect(fay.card("To hear when I go home")).to_contain_text("Yours")
    fay.share(WHY, "And to sleep at home")
    expect(bo.card("And to sleep at home")).to_contain_text("Fay")
    # With a new Python: nothing but the device knows who she is.
    lab.end_kernels()
    fay.open_notebook(name)
    fay.run_all()
    expect(fay.card("And to sleep at home")).to_contain_text("Yours")
    assert fay.code() == code
    assert codes(lab) == [*before, code], "each press opened one workshop, and none was left behind"
    assert fay.faults == bo.faults == []
    assert fay.outside == bo.outside == []


def test_pages_language_keys_and_the_way_back_to_the_front_door(lab: Lab, people: People) -> None:
    fay = people("fay-workbook")
    lab.end_kernels()
    fay.open_notebook("workbook")
    fay.run_all()
    mine = fay.code()
    side = fay.page.locator(".cw-shell-side")
    side.get_by_role("link", name=re.compile("^Dialogue")).click()
    expect(fay.heading(translate("dialogue.h"))).to_be_visible()
    fay.run_all()  # the page that was open is open again
    expect(fay.heading(translate("dialogue.h"))).to_be_visible()
    fay.button("Svenska").click()
    expect(fay.heading(translate("dialogue.h", "sv"))).to_be_visible()
    fay.button("English").click()
    expect(fay.heading(translate("dialogue.h"))).to_be_visible()

    # A key on a button of ours is no command of JupyterLab's: D twice would delete the cell.
    expect(fay.heading(translate("dialogue.h"))).to_be_focused()
    fay.button(translate("shell.in_front")).focus()
    fay.page.keyboard.press("d")
    fay.page.keyboard.press("d")
    expect(fay.page.locator(".jp-Cell")).to_have_count(2)
    fay.page.keyboard.press("Enter")
    fay.button("Open the example").click()
    fay.page.get_by_role("radio", name="Yes, I would like to take part").check()
    fay.button("Go to the group").click()
    fay.parts().wait_for()
    assert fay.code() != mine
    assert len(codes(lab)) == len({*codes(lab)}) == 3, "two that were started, and one example"

    # Back to the first workshop by the list on the front door; JupyterLab itself stays where it is.
    address = fay.page.url
    fay.button(translate("shell.in_front")).click()
    fay.page.locator(".cw-shell").get_by_role("link", name="Seen from workbook").click()
    expect(fay.page.locator(".cw-shell-code strong")).to_have_text(mine)
    assert fay.page.url == address
    assert fay.faults == [] and fay.outside == []


@pytest.mark.parametrize("name", OTHERS)
def test_each_page_s_notebook_shows_its_page_to_whoever_joins(lab: Lab, people: People, name: str) -> None:
    one = people("una")
    code = codes(lab)[0]
    lab.end_kernels()
    if name == OTHERS[0]:
        one.open_notebook(name)
    else:
        one.open_another(name)
    one.run_all()
    shown = one.in_front()
    shown.get_by_label("The code you were given").fill(code)
    shown.get_by_role("button", name="Join", exact=True).click()
    if name == OTHERS[0]:  # from then on this device is known, in every notebook
        shown.get_by_role("radio", name="Yes, I would like to take part").check()
        shown.get_by_role("button", name="Go to the group", exact=True).click()
    page = shown.locator(".cw-shell").get_by_role("heading", level=1, name=translate(HEADING.get(name, f"{name}.h")))
    expect(page).to_be_visible()
    assert one.faults == [] and one.outside == []
