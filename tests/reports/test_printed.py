"""The report in a real browser: on paper, on a telephone, in the dark, and without asking anybody for anything."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from golden.make_report import LANGS, MAKERS, Making, written
from playwright.sync_api import Browser, Page
from support.spreadsheets import workshop
from support.transcript_cases import DEMO_NAMES, WARD, told

from cowork.analysis.proposals import outcomes
from cowork.core.access.disclosure import DisclosedView
from cowork.core.fold import State
from cowork.reports import one_page, report
from cowork.text import translate

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Reader:
    """Somebody who opens a file that was sent to them; `asked` is what the file asked other hosts for."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=True)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda said: self.faults.append(said.text))
        self.file = folder / "report.html"

    def open(self, data: bytes) -> Page:
        self.file.write_bytes(data)
        self.page.goto(self.file.as_uri())
        return self.page

    def printed(self, data: bytes) -> list[str]:
        """The pages as they come out of the printer, without the breaks between words."""
        paper = self.open(data).pdf(prefer_css_page_size=True)
        return [bare(one.extract_text()) for one in pypdf.PdfReader(io.BytesIO(paper)).pages]


def bare(text: str) -> str:
    """Letters and figures alone: a printer breaks lines, joins letters and leaves out what a font does not have."""
    return re.sub(r"[\W_]+", "", text.replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff").replace("ﬃ", "ffi"))


@pytest.fixture(scope="module")
def reader(chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    made = Reader(chrome, tmp_path_factory.mktemp("sent"))
    yield made
    made.context.close()


def inside(state: State) -> list[str]:
    """Every ending's words and the words of each worry, condition and answer in it."""
    found = []
    for e in outcomes(DisclosedView(state)):
        found.append(e.contribution.text)
        found += [w.contribution.text for w in e.worries if w.contribution is not None]
        found += [a.text for w in e.worries for a in w.answers if a.kind != "proposal"]
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_prints_on_several_pages_and_loses_no_worry(reader: Reader, lang: str) -> None:
    state, _ = told(WARD)
    pages = reader.printed(report(state, lang))
    assert len(pages) > 5
    text = "".join(pages)
    assert [words for words in inside(state) if bare(words) not in text] == []


def test_each_printed_page_says_which_workshop_which_day_which_mark_and_which_page(reader: Reader) -> None:
    state, _ = told(WARD)
    pages = reader.printed(report(state))
    for number, page in enumerate(pages, 1):
        assert bare("The letter you go home with") in page
        assert state.anchor()[:12] in page, number
        assert f"{number}{len(pages)}" in page


def test_an_agreement_is_on_one_page_with_its_worries_where_a_page_holds_them(reader: Reader) -> None:
    pages = reader.printed(report(workshop()))
    held = [
        bare(words)[:40] for words in ("What if the time is wrong?", "Then we say that too", "I can go along if it is")
    ]
    (at,) = [n for n, page in enumerate(pages) if bare("What if the time is wrong") in page and n < len(pages) / 2]
    assert all(words in pages[at] for words in held)
    assert bare("We say how long it takes, each time") in pages[at]


@pytest.mark.parametrize("before", range(0, 60, 12))
def test_an_agreement_and_its_worries_are_not_torn_apart(reader: Reader, before: int) -> None:
    made = Making()
    made.fay("context", {"field": "ground", "text": "A line of its own\n" * before, "lang": "en"})
    agreed = written(made, 0, 2)
    pages = reader.printed(report(made.state))
    (at,) = [n for n, page in enumerate(pages) if bare(translate("report.worries")) in page]
    for words in (agreed, "Worry 0", "Answer 0", "Review 0", "Worry 1", "Answer 1", "Review 1"):
        assert bare(words) in pages[at], words


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", ["the golden workshop", *DEMO_NAMES])
def test_the_summary_of_a_workshop_is_one_page(reader: Reader, case: str, lang: str) -> None:
    state = workshop() if case == "the golden workshop" else told(case)[0]
    pages = reader.printed(one_page(state, lang))
    assert len(pages) == 1
    assert [words for words in inside(state) if bare(words) not in pages[0]] == []


@pytest.mark.parametrize(("texts", "worries"), [(0, 1), (3, 2), (30, 3), (30, 7)])
def test_the_summary_is_one_page_however_much_was_written(reader: Reader, texts: int, worries: int) -> None:
    made = Making()
    written(made, texts, worries)
    for lang in LANGS:
        pages = reader.printed(one_page(made.state, lang))
        assert len(pages) == 1
        assert [words for words in inside(made.state) if bare(words) not in pages[0]] == []


def test_should_worries_alone_need_a_second_page_they_get_it(reader: Reader) -> None:
    made = Making()
    written(made, 30, 40)
    pages = reader.printed(one_page(made.state))
    assert len(pages) > 1
    assert [words for words in inside(made.state) if bare(words) not in "".join(pages)] == []


@pytest.mark.parametrize("name", MAKERS)
def test_paper_is_white_and_its_words_are_dark_also_at_night(reader: Reader, name: str) -> None:
    page = reader.open(MAKERS[name](workshop(), "en"))
    page.emulate_media(media="print", color_scheme="dark")
    colours = """() => [...document.querySelectorAll('body, body *')].map(e => {
      const s = getComputedStyle(e); return [e.tagName + '.' + e.className, s.color, s.backgroundColor];
    })"""
    for where, ink, ground in page.evaluate(colours):
        assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), (where, ground)
        assert max(int(n) for n in re.findall(r"\d+", ink)[:3]) < 90, (where, ink)
    page.emulate_media(media="null", color_scheme="light")


@pytest.mark.parametrize("name", MAKERS)
def test_nothing_is_asked_for_and_nothing_is_run(reader: Reader, name: str) -> None:
    reader.asked.clear()
    page = reader.open(MAKERS[name](workshop(), "en"))
    page.wait_for_load_state("networkidle")
    assert reader.asked == [reader.file.as_uri()]
    assert page.evaluate("document.scripts.length") == 0
    assert reader.faults == []


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_it_is_read_without_scrolling_sideways(reader: Reader, name: str, width: int) -> None:
    page = reader.open(MAKERS[name](workshop(), "sv"))
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("name", MAKERS)
def test_a_word_without_an_end_does_not_push_the_page_aside(reader: Reader, name: str) -> None:
    made, long = Making(), "Väntrumsfördröjning" * 30
    for kind in ("intention", "view", "gratitude"):
        made.say("ada", long, kind=kind, more={"hope": long, "who": long})
    proposal = made.say("fay", long, kind="proposal", rule={"code": "own", "text": long}, levels="five", round=1)
    worry = made.say("ada", long, ("talks-about", proposal), kind="reservation", more={"reason": long})
    made.say("ada", long, ("answers-reservation", worry), more={"owner": long, "review": long})
    made.say("ada", long, kind="outcome", outcome="open-question", more={"next": long})
    made.fay("episode", {"name": long, "tool": long, "absent": long})
    made.add("fay", "participant", {"name": long})
    made.group.consent("fay", "naming", "named")
    page = reader.open(MAKERS[name](made.state, "sv"))
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", MAKERS)
def test_axe_finds_nothing_light_or_dark_on_a_desk_or_a_telephone(reader: Reader, name: str, lang: str) -> None:
    page = reader.open(MAKERS[name](workshop(), lang))
    page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            told_ = page.evaluate("o => axe.run(document, o).then(r => r.violations)", options)
            found += [f"{width} {scheme} {v['id']}: {node['html'][:160]}" for v in told_ for node in v["nodes"]]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not found, "\n".join(found)
