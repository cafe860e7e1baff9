"""Talk that was recorded, brought in from the Dialogue page: by key, on a phone, with real files and with bad ones.

Real transcripts are used where they stand beside the repository, and everywhere a small talk of our own.
"""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, WebSocketRoute
from support.accessibility import axe
from support.browsers import Person, Server, expect
from support.component_harness import TOO_WIDE_OR_SMALL, Stage, theatre

import cowork
from cowork.widgets import Form, Upload

OPEN, FILE = "Bring in talk that was recorded", "File with the talk"
FOUND = re.compile("^What we found in")
NAMES = ["Rosalind Quill", "Tomas Ek", "Ines Öberg"]
SAID = ["We begin with the letter home.", "It is four pages long.", "I could not read it &amp; I tried."]


def own_talk(folder: Path) -> Path:
    path = folder / "meeting.txt"
    turns = [f"{NAMES[n % 3]}: {SAID[n % 3]} Turn {n + 1}.\n\n" for n in range(12)]
    path.write_text("".join(turns), "utf-8")
    return path


class Group:
    """A facilitator at a desk and somebody with a telephone, both at the Dialogue page of a workshop of their own."""

    def __init__(self, person: Callable[..., Person], title: str, **options: Any) -> None:
        self.fay, self.ali = person(reduced_motion="reduce"), person(phone=True, reduced_motion="reduce")
        if "route" in options:
            self.fay.page.route_web_socket(re.compile("/channels"), options["route"])
        self.code = self.fay.start_workshop(title, "To look at what was said.", "Fay")
        self.ali.join(self.code, "Ali", by_link=True)
        for one in self.all:
            one.go("Dialogue")
        self.page = self.fay.page
        self.open()

    @property
    def all(self) -> tuple[Person, Person]:
        return self.fay, self.ali

    def open(self) -> None:
        expect(self.page.get_by_label(FILE)).to_be_hidden()
        self.page.get_by_text(OPEN).click()

    def choose(self, path: Path) -> None:
        self.page.get_by_label(FILE).set_input_files(path)

    def shown(self) -> None:
        expect(self.page.get_by_role("heading", name=FOUND)).to_be_visible()
        assert self.turns == []

    @property
    def turns(self) -> list[str]:
        """What was said in the record, in its order, whoever may see it."""
        found = cowork.open(self.fay.server.record, self.code).contributions()
        return [row["text"] for row in found.to_dict("records") if row["kind"] == "utterance"]

    def brought(self, turns: int) -> None:
        self.fay.button("Bring it in").click()
        expect(self.page.get_by_text(f"{turns} turns are brought in. You find them below.")).to_be_visible()
        expect(self.page.get_by_role("heading", name=FOUND)).to_have_count(0)
        assert len(self.turns) == turns
        for one in self.all:  # by the feed, and not because they looked again
            expect(one.page.get_by_role("heading", name="Talk brought in from elsewhere")).to_be_visible()
            expect(cards(one)).to_have_count(min(30, turns))
            assert one.faults == [] and one.outside == []


Meet = Callable[..., Group]


@pytest.fixture
def meet(person: Callable[..., Person]) -> Iterator[Meet]:
    """`meet(title)` brings two people together; at the end their pages are closed, and no more of them wake up."""
    met: list[Group] = []

    def begin(title: str, **options: Any) -> Group:
        met.append(Group(person, title, **options))
        return met[-1]

    yield begin
    for one in (one for found in met for one in found.all):
        one.close()


@pytest.fixture
def group(meet: Meet) -> Group:
    return meet("What was recorded")


def cards(one: Person) -> Any:
    """The turns that were brought in."""
    return one.page.get_by_role("region", name="Talk brought in from elsewhere").locator(".cw-talk-turn")


def voice_of_first(one: Person) -> Any:
    return one.page.get_by_role("region", name="Talk brought in from elsewhere").locator(".cw-voice").first


def broken(one: Person) -> list[str]:
    """What breaks a rule of access on the page as it stands: at a desk and on a phone, by day and by night."""
    page, found, before = one.page, [], one.page.viewport_size
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += axe(page, f"{width}, {scheme}")
        # What stands round every page is tried where the shell is; here the question and what was found.
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{width}: {wide} px too wide"] * (wide > 0)
        found += [f"{width}: {fault}" for fault in page.evaluate(TOO_WIDE_OR_SMALL) if "cw-nav" not in fault]
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)
    return found


def real(shared: Path, folder: Path, name: str) -> tuple[Path, int, int]:
    """A real file, its turns and its people."""
    if name == "a video meeting":
        return shared / "transcripts/zoom_acde_239/transcript.vtt", 447, 18
    turns = json.loads((shared / "transcripts/qmsum_education_14.json").read_text("utf-8"))["meeting_transcripts"]
    path = folder / "committee.txt"
    path.write_text("".join(f"{t['speaker']}: {' '.join(t['content'].split())}\n\n" for t in turns), "utf-8")
    return path, 130, 9


@pytest.mark.parametrize("kind", ["our own", "a video meeting", "a committee"])
def test_a_talk_is_shown_then_brought_in_and_everyone_sees_it(
    group: Group, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    own = kind == "our own"
    path, turns, people = (
        (own_talk(tmp_path), 12, 3) if own else real(request.getfixturevalue("shared"), tmp_path, kind)
    )
    page = group.page
    page.get_by_label("What I would like to say").fill("Half a sentence")
    page.evaluate("window.notReloaded = true")
    group.choose(path)
    group.shown()
    expect(page.get_by_text(f"{path.name} has been read: {turns} turns at talk.")).to_be_visible()
    rows = page.get_by_role("listitem").filter(has_text=re.compile(r"^Voice \d+: .* \(\d+\)$"))
    expect(rows).to_have_count(people)
    names = [str(row).split(": ", 1)[1].rsplit(" (", 1)[0] for row in rows.all_inner_texts()]
    group.brought(turns)
    assert page.get_by_label("What I would like to say").input_value() == "Half a sentence"
    for one in group.all:
        beside = one.page.evaluate("""() => { const all = document.documentElement.cloneNode(true);
          const words = 'script, style, .cw-words, .cw-acts, .cw-words-copy'; // the last names an act
          for (const node of all.querySelectorAll(words)) node.remove();
          return all.outerHTML; }""")
        assert [name for name in names if len(name) > 8 and name in beside] == []
        expect(voice_of_first(one)).to_contain_text("Voice 1")
    assert page.evaluate("window.notReloaded") is True
    use_a_turn(group.ali, group.turns[1])


def use_a_turn(ali: Person, text: str) -> None:
    """From a turn on a telephone to Documentation, where these words are chosen and stand first among the others."""
    cards(ali).nth(1).locator(".cw-words").tap()
    cards(ali).nth(1).get_by_role("link", name="Use these words").tap()
    expect(ali.page).to_have_url(re.compile("page=documentation&at="))
    expect(ali.page.get_by_role("heading", level=1)).to_be_visible()
    expect(ali.page.locator(".cw-pick").first).to_contain_text(" ".join(text.split())[:60])
    expect(ali.page.get_by_role("group").get_by_role("blockquote").first).to_contain_text(" ".join(text.split())[:60])


def test_with_nothing_but_a_keyboard_letters_are_chosen_and_talk_is_brought_in(group: Group, tmp_path: Path) -> None:
    path, page = tmp_path / "talk.txt", group.page
    path.write_bytes("Zoë Ström: Vi börjar.\n\nBo Ek: Ja.\n\nZoë Ström: Då så.\n".encode("cp1252"))
    summary = page.get_by_text(OPEN)
    # Asked for before the first key: the browser must have heard of it by the time a file is wanted.
    with page.expect_file_chooser() as chooser:
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label(FILE)).to_be_hidden()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_label(FILE)).to_be_focused()
        page.keyboard.press("Space")
    chooser.value.set_files(path)
    expect(page.get_by_role("group", name="Which of these reads right?")).to_be_visible()
    expect(page.get_by_text("does not say how its letters are written")).to_be_visible()
    expect(page.get_by_role("heading", name=FOUND)).to_have_count(0)  # nothing is guessed
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Windows, western Europe")).to_be_checked()
    expect(page.get_by_role("listitem").filter(has_text="Voice 1: Zoë Ström (2)")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listitem").filter(has_text="Voice 1: Zoë Ström (2)")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("listitem").filter(has_text="Voice 1: Zoë Ström (2)")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_label("What was agreed with the people?")).to_be_focused()
    page.keyboard.type("They said yes on 3 May.")
    page.keyboard.press("Tab")
    expect(group.fay.button("Bring it in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 turns are brought in. You find them below.")).to_be_visible()
    # One stands where that is said, and goes on from there.
    assert page.evaluate("document.activeElement.innerText") == "3 turns are brought in. You find them below."
    expect(voice_of_first(group.ali)).to_contain_text("Zoë Ström")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Words to look for")).to_be_focused()


def test_real_letters_of_another_kind_are_asked_for_and_chosen(group: Group, shared: Path) -> None:
    page = group.page
    group.choose(shared / "transcripts/rendered/plain_cp1252.txt")
    page.get_by_role("radio", name="Mac, older files").check()
    group.shown()
    page.get_by_role("radio", name="Windows, western Europe").check()
    expect(page.get_by_text("Letters read as: cp1252")).to_be_visible()
    group.brought(97)
    words = " ".join(group.turns)
    assert "Siân Gwenllian" in words and "\ufffd" not in words


def bad_files(folder: Path, talk: Path) -> Iterator[tuple[Path, str]]:
    """Files that people take for talk, each with what is said to it."""
    whole = talk.read_bytes()
    for name, data, words in (
        ("empty.txt", b"", "The file is empty"),
        ("film.vtt", b"\0\0\0\x20ftypisom" + bytes(range(256)) * 40, "The file is not text"),
        ("talk.docx", b"PK\x03\x04\x14\0\x06\0[Content_Types].xml\0\0word/document.xml", "a Word or PDF file"),
        ("talk.pdf", b"%PDF-1.7\n1 0 obj\n<</Type /Catalog>>\nendobj\n", "a Word or PDF file"),
        ("half.txt", whole + "Tomas Ek: då".encode()[:-1], "stops in the middle of something"),
        (
            "cut.vtt",
            b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nBo: Yes\n\n2\n00:00:02.000 --> 00:00:03.000\n<v Bo",
            "stops in the middle of something",
        ),
        ("poll.csv", b"id,agrees,text\n1,3,Buses run\n2,4,Lamps\n", "This is a table, not talk."),
        ("line.txt", b"Anna: " + b"a" * 200_000 + b"\n", "has more than 100000 characters"),
        ("large.vtt", b"", "The file is 50 MB. We take at most 10 MB."),
    ):
        path = folder / name
        path.write_bytes(data)
        if name == "large.vtt":
            os.truncate(path, 50 * 1024 * 1024)
        yield path, words


def test_what_is_no_talk_is_answered_in_words_and_the_next_file_is_taken(meet: Meet, tmp_path: Path) -> None:
    sent: list[int] = []

    def watch(ws: WebSocketRoute) -> None:
        server = ws.connect_to_server()
        ws.on_message(lambda message: (sent.append(len(message)), server.send(message)))
        server.on_message(lambda message: ws.send(message))

    group, talk = meet("Bad files", route=watch), own_talk(tmp_path)
    alert = group.page.get_by_role("alert").filter(has_text=re.compile("."))
    for path, words in bad_files(tmp_path, talk):
        group.choose(talk)  # the good one stands there, and gives way
        group.shown()
        before = len(sent)
        group.choose(path)
        expect(alert).to_contain_text(words)
        if path.name == "large.vtt":
            assert sum(sent[before:]) < 10_000  # it never left the device
        else:
            expect(group.page.get_by_role("heading", name=FOUND)).to_have_count(0)
        if path.name == "line.txt":
            assert (found := broken(group.fay)) == [], "\n".join(found)
    group.choose(talk)
    group.shown()
    expect(alert).to_have_count(0)
    group.brought(12)
    group.choose(talk)
    expect(alert).to_contain_text("This file is already here")


def test_talk_that_is_left_leaves_nothing_and_what_nobody_signed_is_said(group: Group, tmp_path: Path) -> None:
    page, path = group.page, tmp_path / "whisper.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n\n00:02.000 --> 00:03.000\nyou\n", "utf-8")
    group.choose(path)
    group.shown()
    expect(page.get_by_text("The file does not say who spoke. All of it becomes Voice 1.")).to_be_visible()
    expect(page.get_by_label("What was agreed with the people?")).to_have_count(0)
    assert (found := broken(group.fay)) == [], "\n".join(found)
    group.fay.button("Leave it").click()
    expect(page.get_by_text("Nothing was brought in.", exact=True)).to_be_visible()
    assert page.evaluate("document.activeElement.innerText") == "Nothing was brought in."
    expect(page.get_by_role("heading", name=FOUND)).to_have_count(0)
    expect(group.fay.button("Bring it in")).to_be_hidden()
    assert group.turns == []
    group.choose(own_talk(tmp_path))
    group.shown()
    expect(page.get_by_text("Nothing was brought in.", exact=True)).to_have_count(0)  # that was about the other one


def test_what_is_shown_and_asked_breaks_no_rule_in_either_language(group: Group, tmp_path: Path) -> None:
    page, path = group.page, tmp_path / "talk.txt"
    path.write_bytes("Zoë Ström: Vi börjar.\n\nBo Ek: Ja.\n\nZoë Ström: Då så.\n".encode("cp1252"))
    found = broken(group.fay)
    for english in (True, False):
        group.choose(path) if english else page.get_by_label("Fil med samtalet").set_input_files(path)
        page.get_by_role("radio", name="Windows, western Europe" if english else "Windows, Västeuropa").check()
        expect(page.get_by_role("listitem").filter(has_text=re.compile("^(Voice|Röst) 1: Zoë Ström"))).to_be_visible()
        found += broken(group.fay)
        if english:
            group.fay.button("Svenska").click()
            page.get_by_text("Hämta in samtal som spelats in").click()
    filled = """() => [...document.querySelectorAll('main button')].filter(
      e => e.checkVisibility() && getComputedStyle(e).backgroundColor !== 'rgba(0, 0, 0, 0)').map(e => e.innerText)"""
    page.mouse.move(0, 0)
    assert page.evaluate(filled) == ["Dela med gruppen"]
    assert not found, "\n".join(found)


def test_an_answer_that_is_lost_on_its_way_brings_it_in_once(meet: Meet, tmp_path: Path) -> None:
    lost: list[str] = []

    def lose(ws: WebSocketRoute) -> None:
        server = ws.connect_to_server()

        def told(message: str | bytes) -> None:
            words = message if isinstance(message, str) else message.decode("utf-8", "replace")
            if not lost and "are brought in. You find them below" in words:
                lost.append(words)
            else:
                ws.send(message)

        ws.on_message(server.send)
        server.on_message(told)

    group = meet("Lost", route=lose)
    group.choose(own_talk(tmp_path))
    group.shown()
    group.brought(12)
    assert len(lost) == 1


def test_what_was_agreed_is_still_in_the_box_when_the_server_fell_and_the_file_is_chosen_again(
    server: Server, group: Group, tmp_path: Path
) -> None:
    page, talk = group.page, own_talk(tmp_path)
    agreed = page.get_by_label("What was agreed with the people?")
    group.choose(talk)
    group.shown()
    agreed.fill("All three said yes")
    expect(page.get_by_text("Draft kept on this device")).to_be_visible()
    with page.expect_event("load", timeout=90_000):
        for pid in server.kernels():
            os.kill(pid, signal.SIGKILL)
    group.open()
    expect(page.get_by_role("heading", name=FOUND)).to_have_count(0)
    other = tmp_path / "other.txt"
    other.write_text("Una: One.\n\nRask: Two.\n\nUna: Three.\n", "utf-8")
    group.choose(other)
    group.shown()
    expect(agreed).to_have_value("")  # it was said of another talk
    group.choose(talk)
    expect(agreed).to_have_value("All three said yes")
    group.brought(12)
    expect(voice_of_first(group.ali)).to_contain_text(NAMES[0])


# The components, on a stage -----------------------------------------------------------------------------------------


@pytest.fixture
def show(chrome: Browser) -> Iterator[Callable[..., Stage]]:
    with theatre(chrome) as begin:
        yield begin


def test_a_quick_form_with_nothing_to_ask_is_not_there_and_takes_no_focus_with_it(show: Callable[..., Stage]) -> None:
    ask = Form(quick=True, done="It is done.")
    ask.on_submit(lambda sent: setattr(ask, "button", ""))
    stage = show(ask)
    button = stage.page.get_by_role("button")
    expect(button).to_have_count(0)
    ask.button = "Do it"
    button.focus()
    stage.page.keyboard.press("Enter")
    expect(stage.page.get_by_role("status").filter(has_text="It is done.")).to_be_visible()
    expect(button).to_have_count(0)
    assert stage.page.evaluate("document.activeElement.innerText") == "It is done."
    ask.button = "Do the next thing"
    expect(button).to_be_visible()
    expect(stage.page.get_by_text("It is done.")).to_have_count(0)
    assert not stage.breaks()


def test_an_upload_may_be_folded_and_opens_by_key(show: Callable[..., Stage]) -> None:
    stage = show(Upload(label="File", hint="Any file.", fold="Bring a file"), Upload(label="Picture"))
    expect(stage.page.get_by_label("Picture")).to_be_visible()
    expect(stage.page.get_by_label("File")).to_be_hidden()
    stage.page.get_by_text("Bring a file").focus()
    stage.page.keyboard.press("Enter")
    expect(stage.page.get_by_label("File")).to_be_visible()
    assert not stage.breaks()
