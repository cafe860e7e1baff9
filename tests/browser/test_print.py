"""On paper: everything that was written, nothing that can only be pressed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdf
import pytest
from playwright.sync_api import Page
from support.browsers import Person, Server, expect
from support.card_acts import open_every_more

PARTS = 60
LONG = " ".join(f"Sentence {n} of a long story about going home." for n in range(1, PARTS + 1))


@pytest.fixture(scope="module")
def writer(person: Callable[..., Person]) -> Person:
    """Somebody at a desk in the dark, with much on both pages."""
    ali = person(color_scheme="dark", reduced_motion="reduce")
    ali.start_workshop("Ward 7, on paper", "Going home goes wrong too often.", "Ali")
    for n in range(8):
        ali.share("Why I am here", f"Reason number {n}. " + "It matters to all of us. " * 12)
    ali.share("Why I am here", LONG)
    expect(ali.card("Sentence 1 of")).to_be_visible()
    return ali


def printed(page: Page) -> tuple[list[str], str]:
    """The pages as they come out of the printer, and all of them as one line."""
    pages = [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
    return pages, re.sub(r"\s+", " ", " ".join(pages))


def buttons(page: Page) -> list[str]:
    """What can be pressed on the page, as it stands on the screen."""
    words = page.evaluate("[...document.querySelectorAll('button, nav a')].map(e => e.innerText.trim())")
    return sorted({one.split("\n")[0] for one in words if one})


def test_all_that_was_written_is_printed_on_several_pages(writer: Person) -> None:
    pages, text = printed(writer.page)
    assert len(pages) > 2
    assert "Ward 7, on paper" in text and "Why are you here" in text
    missing = [n for n in range(8) if f"Reason number {n}." not in text]
    assert not missing
    # Folded on the screen, whole on paper.
    missing = [n for n in range(1, PARTS + 1) if f"Sentence {n} of a long story" not in text]
    assert not missing


def test_nothing_that_can_only_be_pressed_is_printed(writer: Person) -> None:
    open_every_more(writer.page)
    shown = buttons(writer.page)
    assert {"Share with the group", "Talk about this", "Take it back", "Svenska"} <= set(shown)
    _, text = printed(writer.page)
    for word in ("Share with the group", "Talk about this", "Take it back", "Show the rest", "Svenska", "My choices"):
        assert word not in text, text[max(0, text.find(word) - 200) :][:400]


def test_an_explanation_that_is_closed_on_the_screen_is_open_on_paper(writer: Person) -> None:
    expect(writer.page.get_by_text("Our reasons shape how we act")).to_be_hidden()
    _, text = printed(writer.page)
    assert "Our reasons shape how we act" in text


def test_paper_is_white_and_its_words_are_dark(writer: Person) -> None:
    page = writer.page
    page.emulate_media(media="print", color_scheme="dark")
    colours = """() => {
      const of = e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor];
      const places = ['body', '.cw-shell', 'h1', '.cw-card', '.cw-words', '.cw-by'];
      return places.map(place => [place, ...of(document.querySelector(place))]);
    }"""
    for where, ink, ground in page.evaluate(colours):
        assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), where
        assert max(int(n) for n in re.findall(r"\d+", ink)[:3]) < 90, f"{where} is printed in {ink}"
    page.emulate_media(media="null")  # as before: whatever is asked for


def test_the_talk_of_a_workshop_prints_to_its_last_turn(
    server: Server, writer: Person, tmp_path_factory: pytest.TempPathFactory
) -> None:
    turns = "\n\n".join(
        f"00:{n // 60:02}:{n % 60:02}.000 --> 00:{n // 60:02}:{n % 60:02}.900\n<v Kim>Turn number {n}, said aloud."
        for n in range(1, 36)
    )
    talk = tmp_path_factory.mktemp("talk") / "talk.vtt"
    talk.write_text(f"WEBVTT\n\n{turns}\n", "utf-8")
    code = re.search(r"w=([A-Z]+-\d+)", writer.page.url)
    assert code
    done = server.cowork("import", str(talk), "--workshop", code[1], "--yes")
    assert done.returncode == 0, done.stderr
    writer.go("Dialogue")
    writer.share("What I would like to say", "Written after the talk")
    writer.button("Show 5 more").click()
    expect(writer.card("Turn number 35, said")).to_be_visible()
    pages, text = printed(writer.page)
    assert len(pages) > 1
    assert "Written after the talk" in text
    assert not [n for n in range(1, 36) if f"Turn number {n}, said" not in text]
    for word in ("Talk about this", "Words to look for", "Look for"):
        assert word not in text, text[max(0, text.find(word) - 200) :][:400]


def test_a_form_leaves_no_heading_over_nothing_on_paper(writer: Person) -> None:
    writer.go("Agreement")
    asked = writer.page.get_by_role("heading", name="Put a proposal")
    expect(asked).to_be_visible()
    _, text = printed(writer.page)
    assert "Put a proposal" not in text


#: Sheets as columns, so that the browser itself can be asked what it breaks. A card that holds others may be broken,
#: its own words may not.
SHEETS = "main > .cw-part { column-width: 660px; column-gap: 40px; column-fill: auto; height: %dpx; }"
BROKEN = """height => [...document.querySelectorAll(
  '.cw-card, .cw-face, .cw-step-face, .cw-words, .cw-talk-turn')].filter(e => {
  if (e.matches('.cw-card') && e.querySelector('.cw-card') || e.closest('.cw-steps-top > li') && e.matches(
    '.cw-steps-top > .cw-step > .cw-step-face')) return false;
  const pieces = [...e.getClientRects()].filter(r => r.height > 0);
  const fits = pieces.reduce((sum, r) => sum + r.height, 0) < height * 0.85;  // with its heading above it
  return pieces.length > 1 && fits;
}).map(e => `${e.className}: ${e.textContent.slice(0, 60)}`)"""


@pytest.mark.parametrize(
    "name", ["Start", "Intention", "Dialogue", "Documentation", "Agreement", "How did we get here?"]
)
def test_a_card_that_fits_on_a_sheet_is_never_broken_between_two(reader: Person, name: str) -> None:
    page = reader.page
    reader.go(name)
    expect(page.locator("main .cw-card, main .cw-step-face, main .cw-talk-turn").first).to_be_visible()
    found = []
    page.emulate_media(media="print")
    try:
        rule = page.add_style_tag(content="/* sheets */")
        for height in range(560, 1010, 30):  # each breaks elsewhere
            rule.evaluate("(style, rule) => { style.textContent = rule; }", SHEETS % height)
            found += [f"{height}: {broken}" for broken in page.evaluate(BROKEN, height)]
        rule.evaluate("style => style.remove()")
    finally:
        page.emulate_media(media="null")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["Start", "Agreement", "Journey", "How did we get here?"])
def test_what_only_leads_elsewhere_is_not_printed_and_no_sheet_is_empty(reader: Person, name: str) -> None:
    reader.go(name)
    expect(reader.page.locator("main .cw-card, main .cw-step-face, main table").first).to_be_visible()
    pages, text = printed(reader.page)
    assert not [n for n, sheet in enumerate(pages, 1) if not sheet.strip()]
    if name == "How did we get here?":
        assert len(pages[0]) > 800, "what is followed back begins under the head of the page"
    for words in ("Where next?", "Show it on its page", "person online", "people online"):
        assert words not in text, text[max(0, text.find(words) - 200) :][:400]
