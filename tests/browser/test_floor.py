"""The floor: Safari 15, Chrome 90, Firefox 91. What is newer is really taken from the browser, and the work goes on.

Old browsers themselves are not to be had on a test machine. Style sheets are read by eye for what is newer (`:has`,
container queries, `dvh`): a browser that does not know a rule leaves it out, and none of those hides or holds words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.browsers import Person, expect
from support.card_acts import find_act
from support.whole_cycle import card, go, open_form, take_words

from cowork.serve.http import assets

#: Newer than the floor in at least one of the three, by MDN's data.
NEWER = """
Object.hasOwn Object.groupBy Map.groupBy Array.fromAsync Promise.withResolvers Promise.try structuredClone reportError
Array.prototype.at Array.prototype.findLast Array.prototype.findLastIndex Array.prototype.toSorted
Array.prototype.toReversed Array.prototype.toSpliced Array.prototype.with
String.prototype.at String.prototype.isWellFormed String.prototype.toWellFormed
Uint8Array.prototype.toHex Uint8Array.prototype.toBase64 Uint8Array.fromHex Uint8Array.fromBase64
Set.prototype.union Set.prototype.intersection Set.prototype.difference Set.prototype.isSubsetOf
Iterator.prototype.map Iterator.prototype.filter Iterator.prototype.toArray Iterator.prototype.some Iterator.from
crypto.randomUUID URL.canParse URL.parse Blob.prototype.bytes Response.json
HTMLDialogElement.prototype.showModal HTMLDialogElement.prototype.show HTMLDialogElement.prototype.close
HTMLDialogElement.prototype.open HTMLDialogElement.prototype.requestClose
HTMLFormElement.prototype.requestSubmit HTMLInputElement.prototype.showPicker HTMLElement.prototype.inert
HTMLElement.prototype.showPopover HTMLElement.prototype.hidePopover HTMLElement.prototype.togglePopover
Element.prototype.checkVisibility Element.prototype.setHTML Element.prototype.moveBefore
AbortSignal.timeout AbortSignal.any AbortSignal.abort AbortSignal.prototype.throwIfAborted
Document.prototype.adoptedStyleSheets CSSStyleSheet.prototype.replaceSync CSSStyleSheet.prototype.replace
Document.prototype.startViewTransition Document.parseHTMLUnsafe CSS.registerProperty
requestIdleCallback scheduler navigation BroadcastChannel CompressionStream DecompressionStream
Intl.Segmenter Intl.DurationFormat Intl.supportedValuesOf
Navigator.prototype.locks Navigator.prototype.share Navigator.prototype.clipboard Navigator.prototype.userActivation
"""
TAKE = """(() => {
  const left = [];
  for (const path of %s) {
    const names = path.split('.'), name = names.pop();
    const of = names.reduce((at, key) => at?.[key], window);
    if (of && name in of) { delete of[name]; if (Object.getOwnPropertyDescriptor(of, name)) left.push(path); }
  }
  window.notTaken = left;
})()"""
#: Words that a browser of the floor cannot even read: `static {}`, `#a in b`, lookbehind.
UNREADABLE = re.compile(r"\bstatic\s*\{|#\w+ in |\(\?<[=!]|\bawait using\b|\bimport defer\b")

SAID = "Nobody told me when I could go home. Then I waited until four."


@pytest.fixture(scope="module")
def older(person: Callable[..., Person]) -> Callable[..., Person]:
    def make(**options: Any) -> Person:
        one = person(**options)
        one.context.add_init_script(TAKE % NEWER.split())
        return one

    return make


def test_what_is_newer_is_really_gone(older: Callable[..., Person]) -> None:
    one = older()
    one.open()
    assert one.page.evaluate("window.notTaken") == []
    assert one.page.evaluate("[Object.hasOwn, [].at, HTMLDialogElement.prototype.showModal]") == [None, None, None]


def test_people_with_old_browsers_join_share_document_and_erase(older: Callable[..., Person]) -> None:
    fay, ali = older(), older(phone=True)
    code = fay.start_workshop("Old telephones", name="Fay")
    ali.join(code, "Ali")  # by the code, typed
    expect(ali.page).to_have_url(re.compile("page="))
    go(ali, "Dialogue", "What do we want to talk about")
    box = ali.page.get_by_label("What I would like to say", exact=True)
    box.fill(SAID)
    box.press("Control+Enter")
    expect(ali.card(SAID)).to_contain_text("Yours")
    go(fay, "Documentation", "What did we hear")
    open_form(fay, "Write a way of seeing it")
    take_words(fay, "Nobody told me", "when", "home.", keys=True)
    fay.page.get_by_label("A way of seeing it", exact=True).fill("We want to know the time.")
    fay.button("Keep this way of seeing it").click()
    expect(card(fay, "We want to know the time.").locator("blockquote")).to_contain_text("when I could go home.")
    erase(ali)
    assert not fay.faults and not ali.faults
    fay.go("How did we get here?")
    expect(fay.page.get_by_role("heading", level=1)).to_contain_text("How did we get here")
    assert not fay.faults


def erase(one: Person) -> None:
    """By keyboard: the question holds the focus, Escape gives it back, and the second time it is answered."""
    ask = find_act(card(one, SAID), "Erase")
    ask.click()
    dialog = one.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    first = one.page.evaluate("document.activeElement.textContent")
    stops = dialog.get_by_role("button").count()
    for _ in range(stops):
        one.page.keyboard.press("Tab")
        assert one.page.evaluate("!!document.activeElement.closest('dialog')")
    assert one.page.evaluate("document.activeElement.textContent") == first, "round, and back to the first"
    expect(one.page.get_by_role("heading", level=1)).to_have_count(0)  # the page behind it is shut off
    one.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(ask).to_be_focused()
    expect(one.page.get_by_role("heading", level=1)).to_have_count(1)
    ask.click()
    dialog.get_by_role("button", name="Erase").last.click()
    expect(one.page.get_by_text(SAID)).to_have_count(0)


def test_a_return_code_is_shown_in_a_browser_without_dialogs(older: Callable[..., Person]) -> None:
    one = older()
    one.start_workshop("Come back", name="Fay")
    one.go("My choices")
    one.button("Make a return code").click()
    dialog = one.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("output")).not_to_be_empty()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    assert not one.faults


def test_no_script_is_written_in_words_that_a_browser_of_the_floor_cannot_read() -> None:
    deferred = assets.build_deferred_script()
    for script in (assets.build_script(deferred), deferred):
        assert not [line for line in script.raw.decode().splitlines() if UNREADABLE.search(line)]


def without_containers(route: Any) -> None:
    """The sheet as a browser reads it that knows no container queries."""
    sheet = route.fetch().text()
    assert "@container" in sheet and "@supports not (container-type: inline-size)" in sheet
    sheet = sheet.replace("@container", "@unknown").replace("@supports not (container-type: inline-size)", "@media all")
    route.fulfill(body=sheet, content_type="text/css")


def test_a_telephone_without_container_queries_gets_each_part_of_the_journey_as_a_block(
    older: Callable[..., Person],
) -> None:
    one = older(phone=True)
    sheets: list[str] = []
    one.page.route(re.compile(r"\.css"), lambda route: (sheets.append(route.request.url), without_containers(route)))
    one.start_workshop("Old telephone", name="Fay")
    one.share("Why I am here", "So that we need not ask twice")
    one.go("Journey")
    row = one.page.get_by_role("row").filter(has_text="Intention")
    expect(row.get_by_text("1 written")).to_be_visible()
    assert sheets, "the sheet was really taken"
    looks = "e => [getComputedStyle(e).display, getComputedStyle(e, '::before').content.includes('wrote')]"
    assert row.get_by_role("cell").first.evaluate(looks) == ["grid", True], "each value stands beside its column's name"
    assert one.page.locator(".cw-wheels thead").evaluate("e => e.getBoundingClientRect().height") <= 1
    expect(one.page.locator(".cw-pic-plain").first).to_be_hidden()


def test_the_two_narrow_forms_of_the_journey_are_one() -> None:
    sheet = (Path(assets.__file__).parents[2] / "widgets" / "wheels" / "wheels.css").read_text("utf-8")
    by_container = sheet.split("@container (max-width: 35rem) {\n")[1].split("\n}\n")[0]
    by_window = sheet.split("@media (max-width: 640px) {\n")[1].split("\n} }\n")[0]
    assert by_container == by_window
