"""Whose words they are, in the language they are in: each text a screen reader comes to is read by the right voice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.browsers import Person, Server, expect
from support.card_acts import open_every_more
from support.held_messages import HeldMessages

from cowork import text
from cowork.imports import demo
from cowork.pages.registry import pages
from cowork.text.language import language_of

INSIDE = [key for key, page in pages().items() if not page.front and key != "join"]
ARABIC = "أريد أن أفهم الرسالة"
BODIES = [entry.get("body", {}) for entry in demo.read_demo_case("ward-letter").entries]
SAID = {body["text"]: body["lang"] for body in BODIES if body.get("text")}
SWEDISH = [words for words, lang in SAID.items() if lang == "sv" and len(words) > 9]

#: Text on the page that is Swedish and does not say so; and names that hold a copy of such words.
READ_WRONG = """(said) => {
  const plain = (text) => text.replace(/[“”…]/g, '').replace(/\\s+/g, ' ').trim();
  const alike = (one, text) => one.includes(text) || text.includes(one.slice(0, 16));
  const swedish = (text) => text.length > 7 && said.some((one) => alike(one, text));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const wrong = [];
  let right = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!swedish(plain(node.data))) continue;
    const lang = node.parentElement.closest('[lang]').lang;
    if (lang === 'sv') right += 1;
    else wrong.push(`${lang}: ${node.parentElement.outerHTML.slice(0, 160)}`);
  }
  for (const one of document.querySelectorAll('[aria-label]'))
    if (swedish(plain(one.getAttribute('aria-label')))) wrong.push(`name: ${one.outerHTML.slice(0, 160)}`);
  return [right, wrong];
}"""


PRESS = "(at) => document.querySelectorAll('main .cw-acts button[aria-expanded]:not(.cw-more-button)')[at].click()"


@pytest.fixture(scope="module")
def fay(server: Server, person: Callable[..., Person]) -> tuple[Person, str]:
    """The facilitator of the practice workshop, on pages in English."""
    made = server.cowork("example", "ward-letter").stdout
    returning = re.search(r"[A-Z]+-[A-Z]+-\d+", made)
    assert returning, made
    fay = person()
    fay.open()
    fay.page.get_by_label("My return code").fill(returning[0])
    fay.button("Come back in").click()
    fay.parts().wait_for()
    return fay, made.split()[0]


def test_swedish_words_on_english_pages_are_read_as_swedish_wherever_they_stand(fay: tuple[Person, str]) -> None:
    one, code = fay
    found, places = [], 0
    for key in INSIDE:
        one.open(f"?w={code}&page={key}")
        one.parts().wait_for()
        expect(one.page.get_by_role("heading", level=1)).to_have_count(1)
        one.page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        open_every_more(one.page)
        acts = one.page.locator("main .cw-acts button[aria-expanded]:not(.cw-more-button)").count()
        for at in range(min(acts, 20)):  # what an act asks with holds words of others too
            one.page.evaluate(PRESS, at)
            right, wrong = one.page.evaluate(READ_WRONG, SWEDISH)
            found += [f"{key}, an act: {place}" for place in wrong]
        right, wrong = one.page.evaluate(READ_WRONG, SWEDISH)
        places += right
        found += [f"{key}: {place}" for place in wrong]
    assert not found, "\n".join(dict.fromkeys(found))
    assert places > 12


def test_words_that_are_mostly_not_latin_claim_no_language_on_an_english_page(fay: tuple[Person, str]) -> None:
    one, code = fay
    one.open(f"?w={code}&page=dialogue")
    one.page.get_by_label("What I would like to say").fill(ARABIC)
    one.button("Share with the group").click()
    words = one.page.locator("main .cw-words", has_text=ARABIC).first
    words.wait_for()
    assert words.get_attribute("lang") == "" and words.get_attribute("dir") == "auto"
    one.page.get_by_role("button", name=f"Change my words: {ARABIC}").wait_for()  # named by the very words
    one.go("Intention")  # there words of two languages stand in one card
    one.page.get_by_label("What I hope for").fill(ARABIC)
    one.share("Why I am here", "To read the letter")
    card = one.card("To read the letter")
    expect(card.locator(".cw-words", has_text="To read the letter")).to_have_attribute("lang", "en")
    expect(card.locator(".cw-words", has_text=ARABIC)).to_have_attribute("lang", "")


@pytest.mark.parametrize(
    "words, lang, found",
    [
        ("Fråga först", "sv", "sv"),
        ("Ask first", "en", "en"),
        (ARABIC, "en", ""),
        (f"{ARABIC} OK", "sv", ""),
        ("My name is Ωmega", "en", "en"),
        ("🙂🙂 2026", "sv", "sv"),
        (ARABIC, "ar", "ar"),
        ("Tiếng Việt ở đây", "en", "en"),
        ("Ask first", None, ""),
    ],
)
def test_the_language_of_words_is_what_was_stated_unless_their_letters_say_otherwise(
    words: str, lang: str | None, found: str
) -> None:
    assert language_of(words, lang) == found


def test_after_a_change_of_language_one_stands_at_the_question_though_the_kernel_says_late_where_one_is(
    server: Server, person: Callable[..., Person]
) -> None:
    """The page comes first, and then where one is. Between the two a fast browser has drawn the page to its end."""
    ali = person()
    line = HeldMessages(ali.page, '"gone"')
    ali.page.clock.install()
    ali.start_workshop("Where one stands", "To read on.", "Ali")
    ali.page.clock.fast_forward("01:00")  # longer than a page waits for the end of the move before
    line.holding = True
    ali.button("Svenska").click()
    question = ali.page.get_by_role("heading", level=1, name=text.translate("intention.h", "sv"))
    question.wait_for()
    expect(ali.page.get_by_role("button", name=text.translate("common.share_group", "sv"))).to_be_visible()
    ali.page.wait_for_function("() => !document.querySelector('main [aria-busy=true]')")
    assert line.held, "the kernel has said where one is"
    line.release()
    expect(question).to_be_focused()
