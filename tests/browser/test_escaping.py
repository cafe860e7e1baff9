"""Words that break careless programs: each stands on others' screens exactly as written, or is refused in a sentence.

Also the way in under guessing, and browsers that have been changed: what they send may ask and never decide.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from support.browsers import Person, Server, expect
from support.card_acts import press

WHY = "Why I am here"
WIDER = "()=>document.documentElement.scrollWidth - document.documentElement.clientWidth"

AS_WRITTEN = {
    "emoji": "👩‍👩‍👧 🏳️‍🌈 🙂 and 🇸🇪",
    "right to left": "שלום לכולם, مرحبا بكم 12 to 3",
    "overriding direction": "before \u202egnp.exe\u202c after",
    "combining": "Z\u0351\u036b\u0343a\u0321l\u0322g\u0315o e\u0301 a\u030a",
    "html": "<b>bold</b> & <i>tags</i> &lt;b&gt; <!-- gone? -->",
    "script": "<script>alert('heard')</script>",
    "picture": "<img src=x onerror=alert('seen')>\"'><svg onload=alert(1)>",
    "formula": "=1+1",
    "formula with a command": "@SUM(1+9)*cmd|' /C calc'!A0",
    "braces": "{name} {n} {} {{0}} %s %(n)d ${name} {text.__class__}",
    "markdown": "# not a heading\n\n[a link](javascript:alert(1)) `code` $x^2$",
    "lines": "one\n\n  two, set in\n\tthree",
    "a very long word": "W" * 4000,
    "other spaces": "a\u00a0b\u2003c\u200bd",
    "control signs": "bell\u0007 and escape\u001b[31m",
}


class Room:
    """A facilitator, somebody who writes and somebody with a telephone who reads."""

    def __init__(self, person: Callable[..., Person]) -> None:
        self.fay, self.bo, self.ali = person(), person(), person(phone=True)
        self.dialogs: list[str] = []
        for one in (self.fay, self.bo, self.ali):
            one.page.on("dialog", self._heard)
        self.code = self.fay.start_workshop("Odd words", "To see what happens.", "Fay")
        self.bo.join(self.code, "Bo", by_link=True)
        self.ali.join(self.code, "Ali", by_link=True)

    def _heard(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def quiet(self) -> None:
        """Nothing ran, nothing broke, nothing stands wider than the screen."""
        assert self.dialogs == []
        for one in (self.fay, self.bo, self.ali):
            assert one.faults == []
            assert one.page.evaluate(WIDER) <= 0


@pytest.fixture(scope="module")
def room(person: Callable[..., Person]) -> Room:
    return Room(person)


def text_of(one: Person, words: str) -> str:
    """The words of the newest card as its reader has them, sign by sign."""
    # Only an element that holds nothing but text: had markup been made of it, this would find none.
    card = one.page.locator(".cw-words").filter(has_text=words)
    assert card.first.evaluate("node => node.childElementCount") == 0
    return str(card.first.evaluate("node => node.textContent"))


def put(box: Any, words: str) -> None:
    """Words no keyboard types: straight into the box, and the page is told as if somebody had typed."""
    script = "(box, points) => { box.value = points.map(p => String.fromCharCode(p)).join('');"
    units = words.encode("utf-16-le", "surrogatepass")
    points = [int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2)]
    box.evaluate(script + " box.dispatchEvent(new Event('input', {bubbles: true})); }", points)


def test_what_is_written_stands_on_the_other_screen_sign_by_sign(room: Room) -> None:
    for name, words in AS_WRITTEN.items():
        put(room.bo.page.get_by_label(WHY, exact=True), f"{name}: {words}")
        room.bo.button("Share with the group").first.click()
        for one in (room.ali, room.fay):
            expect(one.page.locator(".cw-words").filter(has_text=f"{name}: ").first).to_be_visible()
            assert text_of(one, f"{name}: ") == f"{name}: {words}"
    room.quiet()


def test_a_hundred_thousand_signs_are_shown_whole_and_one_more_is_refused_with_the_words_in_the_box(
    room: Room,
) -> None:
    box = room.bo.page.get_by_label(WHY, exact=True)
    words = "Wide 🙂 " + "å" * 99_992 + "!"
    assert len(words) == 100_000
    box.fill(words + "x")
    room.bo.button("Share with the group").first.click()
    expect(room.bo.page.get_by_text("This is 1 characters too long")).to_be_visible()
    expect(box).to_be_focused()
    assert box.input_value() == words + "x"
    box.fill(words)
    room.bo.button("Share with the group").first.click()
    card = room.ali.page.locator(".cw-words").filter(has_text="Wide 🙂")
    expect(card).to_be_visible()
    assert card.evaluate("node => node.textContent") == words
    room.quiet()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "This is empty"),
        (" \n\t ", "This is empty"),
        ("half\ud83d a pair", "Take out U+D83D"),
        ("nothing\x00after", "Take out U+0000"),
    ],
    ids=["empty", "spaces", "lone surrogate", "nul"],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence_and_stays_in_the_box(room: Room, words: str, said: str) -> None:
    box = room.bo.page.get_by_label(WHY, exact=True)
    before = room.ali.page.locator(".cw-words").count()
    put(box, words)
    room.bo.button("Share with the group").first.click()
    expect(room.bo.page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    expect(box).to_be_focused()
    assert box.evaluate("box => box.value.length") == len(words.encode("utf-16-le", "surrogatepass")) // 2
    sign = f"A sign that news arrives after {len(words)} signs"
    room.fay.share(WHY, sign)
    expect(room.ali.card(sign)).to_be_visible()
    assert room.ali.page.locator(".cw-words").count() == before + 1
    put(box, "")
    room.quiet()


def test_every_other_box_takes_odd_words_as_they_are(room: Room, person: Callable[..., Person]) -> None:
    """Title, reason for meeting, name, own perspective, answer, reason for hiding; in one workshop of its own."""
    odd = "<script>alert(1)</script>{name}=1+1 שלום e\u0301👩‍👧"
    gus, ida = person(), person(phone=True)
    for one in (gus, ida):
        one.page.on("dialog", room._heard)
    code = gus.start_workshop(f"T {odd}", f"Y {odd}\n" + "W" * 3000, f"G {odd}")
    ida.open(f"?w={code}")
    expect(ida.page.get_by_text(f"Y {odd}", exact=False).first).to_be_visible()  # before anybody says yes
    ida.page.get_by_role("radio", name="Yes, I would like to take part").check()
    ida.page.get_by_label("Name for this workshop").fill(f"I {odd}")
    ida.page.get_by_text("All my choices").click()
    ida.page.get_by_label("In my own words").fill(f"O {odd}")
    ida.button("Go to the group").click()
    ida.parts().wait_for()
    assert ida.page.locator(".cw-shell-title").evaluate("node => node.textContent") == f"T {odd}"
    assert ida.page.title().endswith(f"T {odd}")
    ida.share(WHY, "Who writes here?")
    by = gus.card("Who writes here?").locator(".cw-name")
    expect(by).to_have_text(f"I {odd} · O {odd}")
    press(gus.card("Who writes here?"), "Talk about this")
    gus.card("Who writes here?").get_by_role("textbox").fill(f"A {odd}")
    gus.button("Answer here").click()
    expect(ida.page.locator(".cw-words").filter(has_text=f"A {odd}").first).to_be_visible()
    press(gus.card("Who writes here?"), "Hide now: Who writes here?")
    gus.page.get_by_role("textbox", name="Why I hid this").fill(f"R {odd}")
    gus.card("Who writes here?").get_by_role("button", name="Keep these words").click()
    expect(ida.page.get_by_text(f"R {odd}")).to_be_visible()
    assert room.dialogs == [] and gus.faults == [] and ida.faults == []
    for one in (gus, ida):
        assert one.page.evaluate(WIDER) <= 0
        assert one.page.locator("main script, main b, header script").count() == 0


def test_a_wrong_code_is_said_where_it_was_typed_and_by_its_link(room: Room, person: Callable[..., Person]) -> None:
    kim = person()
    kim.open()
    box = kim.page.get_by_label("The code you were given")
    box.fill("  wrong 222 ")
    kim.button("Join").click()
    expect(kim.page.get_by_text("We do not know this code")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    assert box.input_value() == "  wrong 222 "
    kim.open("?w=WRONG-222")
    expect(kim.page.get_by_role("alert").filter(has_text="We do not know this code")).to_be_visible()
    expect(kim.page).to_have_url(kim.server.url)
    kim.page.get_by_label("The code you were given").fill(room.code)
    kim.button("Join").click()
    expect(kim.button("Go to the group")).to_be_visible()
    expect(kim.page.get_by_text("We do not know this code")).to_have_count(0)


def test_whoever_came_by_a_wrong_link_can_still_open_a_workshop_of_their_own(person: Callable[..., Person]) -> None:
    lea = person()
    lea.open("?w=WRONG-222")
    expect(lea.page.get_by_role("alert").filter(has_text="We do not know this code")).to_be_visible()
    expect(lea.page).to_have_url(lea.server.url)
    lea.button("Start a workshop").click()
    lea.page.get_by_label("Name of the workshop").fill("After a wrong link")
    lea.page.get_by_label("Why we hold this").fill("It must be mine.")
    lea.button("Open the workshop").click()
    lea.parts().wait_for()
    lea.go("Start")
    expect(lea.button("Invite everyone")).to_be_visible()  # a facilitator's


def test_two_people_begin_the_groups_own_words_at_once_and_a_person_settles_it(room: Room) -> None:
    label = "How we want to be with each other"
    for one in (room.fay, room.bo, room.ali):
        one.go("Start")
    room.ali.page.get_by_label(label).fill("One at a time")
    room.bo.page.get_by_label(label).fill("Phones away")
    room.bo.button("Keep these words").first.click()
    expect(room.ali.page.locator(".cw-words").filter(has_text="Phones away")).to_be_visible()
    assert room.ali.page.get_by_label(label).input_value() == "One at a time"  # nobody takes a pen from a hand
    room.ali.button("Keep these words").first.click()
    for one in (room.fay, room.bo, room.ali):
        both = one.page.get_by_role("listitem").filter(has_text="Two people changed this at once").first
        expect(both).to_contain_text("Phones away")
        expect(both).to_contain_text("One at a time")
    room.fay.page.get_by_role("button", name="Keep this one: One at a time").click()
    for one in (room.fay, room.bo, room.ali):
        expect(one.page.get_by_text("Two people changed this at once")).to_have_count(0)
        expect(one.page.locator(".cw-words").filter(has_text="One at a time")).to_be_visible()
    room.bo.page.get_by_text("Show earlier words").click()
    expect(room.bo.page.get_by_text("Phones away")).to_be_visible()


def test_two_people_change_the_groups_words_at_once_and_both_stand(room: Room) -> None:
    for one in (room.bo, room.ali):
        one.go("Start")
        one.page.get_by_role("button", name=re.compile("^Change my words")).first.click()
    for one, words in ((room.bo, "First Bo, then the rest"), (room.ali, "First Ali, then the rest")):
        one.page.locator(".cw-act-place textarea").fill(words)
    for one in (room.bo, room.ali):
        one.page.locator(".cw-act-place").get_by_role("button", name="Keep these words").click()
    for one in (room.bo, room.ali):
        both = one.page.get_by_role("listitem").filter(has_text="Two people changed this at once").first
        expect(both).to_contain_text("First Bo, then the rest")
        expect(both).to_contain_text("First Ali, then the rest")
    room.ali.page.get_by_role("button", name="Keep this one: First Bo").click()
    expect(room.bo.page.get_by_text("Two people changed this at once")).to_have_count(0)


def test_two_devices_of_one_person_change_take_back_and_erase_the_same_words(
    room: Room, person: Callable[..., Person]
) -> None:
    room.ali.go("My choices")
    room.ali.button("Make a return code").click()
    shown = room.ali.page.get_by_role("dialog").locator("output").first
    expect(shown).to_have_text(re.compile("^[A-Z]+-[A-Z]+-[0-9]+$"))
    desk = person()
    desk.open()
    desk.page.get_by_label("My return code").fill(shown.inner_text())
    desk.button("Come back in").click()
    for one in (desk, room.bo):
        one.go("Intention")
    room.ali.button("Close").click()
    room.ali.go("Intention")
    room.ali.share(WHY, "On both my devices")
    for one in (room.ali, desk):
        press(one.card("On both my devices"), "Change my words")
        where = "here" if one is desk else "there"
        one.card("On both my devices").get_by_role("textbox").first.fill(f"Changed {where}")
    for one in (room.ali, desk):
        one.page.locator(".cw-act-place").get_by_role("button", name="Keep these words").click()
    for one in (room.ali, desk, room.bo):
        both = one.page.get_by_role("listitem").filter(has_text="Two people changed this at once").first
        expect(both).to_contain_text("Changed here")
        expect(both).to_contain_text("Changed there")
    desk.page.get_by_role("button", name="Keep this one: Changed here").click()
    expect(room.bo.page.get_by_text("Two people changed this at once")).to_have_count(0)
    # One device takes them back while the other has the question about erasing open: the later one also holds.
    press(desk.card("Changed here"), "Erase my words")
    press(room.ali.card("Changed here"), "Take it back")
    expect(room.bo.page.get_by_text("Changed here")).to_have_count(0)
    desk.button("Erase for good").click()
    for one in (room.ali, desk):
        expect(one.page.locator(".cw-words").filter(has_text="Changed here")).to_have_count(0)
    room.quiet()
    assert desk.faults == []


def test_guessing_is_slowed_and_a_known_device_still_comes_in(room: Room, person: Callable[..., Person]) -> None:
    guesser = person()
    guesser.open()
    box = guesser.page.get_by_label("The code you were given")
    for n in range(9):
        box.fill(f"NOSUCH-{222 + n}")
        guesser.button("Join").click()
        said = "Too many tries. Wait 10 minutes" if n == 8 else "We do not know this code"
        expect(guesser.page.get_by_text(said)).to_be_visible()
        expect(box).to_have_attribute("aria-invalid", "true")
    box.fill(room.code)  # even the right one: else a guess would still be answered
    guesser.button("Join").click()
    expect(guesser.page.get_by_text("Too many tries")).to_be_visible()
    # Sixty wrong ones in all, from anywhere: who has not been wrong has one try, and whoever has been here comes in.
    _many_wrong_codes(room.fay.server, 60)
    room.ali.open()
    for said in ("We do not know this code", "Too many tries. Wait 10 minutes"):
        room.ali.page.get_by_label("The code you were given").fill("never-222")
        room.ali.button("Join").click()
        expect(room.ali.page.get_by_text(said)).to_be_visible()
    room.ali.page.get_by_label("The code you were given").fill(room.code.lower())
    room.ali.button("Join").click()
    room.ali.parts().wait_for()
    room.ali.open(f"?w={room.code}")
    room.ali.parts().wait_for()


def _many_wrong_codes(server: Server, count: int) -> None:
    """As if so many codes had been tried from other devices meanwhile."""
    from cowork.store import open_record

    record = open_record(server.record)
    with record.backend.writing() as rows:
        for _ in range(count):
            rows.add_wrong_code(int(time.time() * 1000))
    record.close()
