"""Where the browser's storage is forbidden or full: nothing is promised that is not so, and nothing goes in silence."""

from __future__ import annotations

import itertools
import os
import re
import signal
from collections.abc import Callable, Iterator

import pytest
from people import Person, Server, expect, pause

FORBIDDEN = """for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {
  get() { throw new DOMException('The operation is insecure.', 'SecurityError'); } });"""
#: As much as a browser takes, in pieces that get smaller until not one letter more goes in.
FILL = """() => {
  for (let size = 1 << 22, n = 0; size >= 1; ) {
    try { localStorage.setItem(`other:${n}`, 'x'.repeat(size)); n += 1; } catch { size = size >> 1; }
  }
}"""
EMPTY = "() => Object.keys(localStorage).forEach((k) => k.startsWith('other') && localStorage.removeItem(k))"
#: When the page asks for a live connection, and whether the server is there; `flights` are the answers still to come.
ASKED = """window.tries = []; window.looks = []; window.flights = [];
const over = (socket) => new Promise((done) => {
  for (const name of ["open", "close"]) socket.addEventListener(name, done);
});
window.WebSocket = class extends WebSocket {
  constructor(...a) { super(...a); window.tries.push(Date.now()); window.flights.push(over(this)); }
};
const ask = window.fetch;
window.fetch = (url, ...a) => {
  const answer = ask(url, ...a);
  if (`${url}`.includes("/alive")) { window.looks.push(Date.now()); window.flights.push(answer.catch(() => null)); }
  return answer;
};"""
#: The page's own clock may not outrun the network: a handshake of seconds would look like one of half a minute, and
#: Chromium holds a socket back for up to five seconds where those before it were refused.
LANDED = "() => Promise.all(window.flights.splice(0)).then(() => null)"
PROMISES = re.compile("kept on this device|stay on this device|safe on this device", re.IGNORECASE)
UNTIL = "Kept until you close this page"
NOTHING = "This browser keeps nothing. Do not close or reload this page."


@pytest.fixture
def blocked(person: Callable[..., Person]) -> Iterator[Person]:
    one = person()
    one.context.add_init_script(FORBIDDEN)
    one.page.on("dialog", lambda dialog: dialog.accept())
    yield one
    one.close()


def type_in(one: Person, words: str) -> None:
    one.page.get_by_label("Why I am here", exact=True).fill(words)


def test_a_browser_that_keeps_nothing_says_so_on_joining_and_shows_the_way_to_a_return_code(
    person: Callable[..., Person], blocked: Person
) -> None:
    code = person().start_workshop("Nothing kept")
    blocked.open(f"?w={code}")
    expect(blocked.page.get_by_role("radio", name="Yes, I would like to take part")).to_be_visible()
    expect(blocked.page.get_by_text(NOTHING)).to_have_count(0)  # nobody has given anything yet
    blocked.join(code, "Ali", by_link=True)
    told = blocked.page.get_by_role("status").filter(has_text=NOTHING)
    expect(told).to_be_visible()
    expect(told).to_contain_text("make a return code under My choices")
    blocked.page.locator(".cw-shell-bans").get_by_role("link", name="My choices").click()
    expect(blocked.page.get_by_role("button", name="Make a return code")).to_be_visible()


def test_a_draft_that_only_the_page_has_is_told_as_kept_until_the_page_is_closed(
    person: Callable[..., Person], blocked: Person
) -> None:
    blocked.join(person().start_workshop("Only here"), "Ali", by_link=True)
    type_in(blocked, "Words that no device keeps")
    expect(blocked.page.get_by_text(UNTIL)).to_be_visible()
    expect(blocked.page.get_by_text(PROMISES)).to_have_count(0)
    blocked.button("Svenska").click()
    expect(blocked.page.get_by_text("Finns kvar tills du stänger sidan")).to_be_visible()
    expect(blocked.page.get_by_text("Webbläsaren sparar ingenting.")).to_be_visible()


def test_without_a_network_no_device_is_said_to_keep_what_only_the_page_has(
    person: Callable[..., Person], blocked: Person
) -> None:
    fay = person()
    blocked.join(fay.start_workshop("Off"), "Ali", by_link=True)
    blocked.context.set_offline(True)
    type_in(blocked, "Written in a tunnel")
    blocked.button("Share with the group").click()
    expect(blocked.page.get_by_text("1 text waits on this page.").first).to_be_visible()
    expect(blocked.page.get_by_text("Keep writing, and keep this page open.").first).to_be_visible()
    expect(blocked.page.get_by_text(PROMISES)).to_have_count(0)
    blocked.context.set_offline(False)
    expect(fay.card("Written in a tunnel")).to_be_visible(timeout=90_000)
    expect(blocked.page.get_by_text("waits on this page")).to_have_count(0)


def test_the_browser_asks_before_words_go_that_only_the_page_has(person: Callable[..., Person]) -> None:
    asked_again: list[str] = []
    code = person().start_workshop("Asked")
    one = person()
    one.context.add_init_script(FORBIDDEN)
    one.join(code, "Ali", by_link=True)
    type_in(one, "Not yet shared")
    expect(one.page.get_by_text(UNTIL)).to_be_visible()
    with one.page.expect_event("dialog") as asked:
        one.page.on("dialog", lambda dialog: dialog.dismiss())
        one.page.evaluate("() => void setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    expect(one.page.get_by_label("Why I am here", exact=True)).to_have_value("Not yet shared")
    one.button("Share with the group").click()
    expect(one.page.get_by_text("Shared", exact=True)).to_be_visible()
    one.page.on("dialog", lambda dialog: asked_again.append(dialog.type))
    one.page.reload()
    assert asked_again == [], "what is shared does not go with the page"


def test_a_full_storage_promises_nothing_and_takes_the_words_as_soon_as_it_has_room(
    person: Callable[..., Person], server: Server
) -> None:
    ali = person()
    ali.start_workshop("Full", name="Ali")
    ali.page.evaluate(FILL)
    type_in(ali, "More than fits")
    expect(ali.page.get_by_text(UNTIL)).to_be_visible()
    expect(ali.page.get_by_text(NOTHING)).to_be_visible()
    ali.page.evaluate(EMPTY)
    type_in(ali, "More than fitted")
    expect(ali.page.get_by_text("Draft kept on this device")).to_be_visible()
    ali.page.reload()
    expect(ali.page.get_by_label("Why I am here", exact=True)).to_have_value("More than fitted")
    expect(ali.page.get_by_text(NOTHING)).to_have_count(0)


def test_words_go_from_draft_to_outbox_in_a_full_storage_and_still_outlive_a_reload(
    person: Callable[..., Person], server: Server
) -> None:
    ali = person()
    ali.start_workshop("Moved", name="Ali")
    words = "A long and careful text. " * 40
    type_in(ali, words)
    expect(ali.page.get_by_text("Draft kept on this device")).to_be_visible()
    ali.page.evaluate(FILL)
    ali.page.evaluate("() => localStorage.setItem('other:0', localStorage.getItem('other:0').slice(600))")
    ali.context.set_offline(True)
    ali.button("Share with the group").click()
    kept = "() => Object.keys(localStorage).some((key) => key.startsWith('cowork:out:'))"
    ali.page.wait_for_function(kept)
    ali.context.set_offline(False)
    expect(ali.card(words.strip()[:60])).to_contain_text("Yours", timeout=90_000)


def test_a_page_that_cannot_come_back_by_itself_asks_for_its_kernel_less_and_less(
    person: Callable[..., Person], server: Server, blocked: Person
) -> None:
    blocked.context.add_init_script(ASKED)
    blocked.page.clock.install()
    blocked.join(person().start_workshop("Gone for good"), "Ali", by_link=True)
    type_in(blocked, "Words that only the page has")  # so it is not opened anew under them
    expect(blocked.page.get_by_text(UNTIL)).to_be_visible()
    kernel = blocked.page.locator("meta[name=cw-kernel]").get_attribute("content")
    for pid in server.kernels():
        os.kill(pid, signal.SIGKILL)
    server.until_gone(kernel or "")
    for _ in range(900):  # a socket of before may still be open for a moment, and the page's clock would run on in it
        if not blocked.page.evaluate("() => coworkHost.connected()"):
            break
        pause(0.1)
    cut = blocked.page.evaluate("Date.now()")
    blocked.page.clock.pause_at(cut / 1000 + 1)  # from here on it goes by hand alone
    for _ in range(100):  # three minutes of the page's own time, and a third
        blocked.page.clock.run_for(2_000)
        blocked.page.evaluate(LANDED)
    tries, looks = blocked.page.evaluate("[window.tries, window.looks]")
    for times in (tries, looks):
        late = [at - cut for at in times if at > cut + 20_000]
        assert len(late) > 5, "it still asks"
        # A tenth of the time it has been gone, give or take a quarter so that a room does not ask as one.
        early = [(a, b) for a, b in itertools.pairwise(late) if b - a < 0.07 * a]
        assert early == [], " ".join(str(at) for at in late)
    with blocked.page.expect_event("websocket"):  # who shares something does not wait for the next try
        blocked.button("Share with the group").click()
        blocked.page.clock.run_for(5_000)
