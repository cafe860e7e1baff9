"""Recorded talk reads like talk: passages of one voice, acts at the turn one is at, words marked across turns."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.component_harness import Stage, theatre

from cowork.widgets import Transcript

Show = Callable[..., Stage]
WORDS = [
    ("Voice 1", "We begin with the letter 🙂 home."),
    ("Voice 1", "It is four pages long."),
    ("Voice 2", "I could not read it."),
    ("Voice 1", "Nobody could."),
    ("Voice 2", "Then <b>shorter</b> letters."),
]


def ident(n: int) -> str:
    return str(uuid.UUID(int=(0x0190A5B17C0070008000 << 48) + n))


def turn(n: int, **more: Any) -> dict[str, Any]:
    by, text = WORDS[n % len(WORDS)]
    return {
        "id": ident(n),
        "current": [ident(n)],
        "kind": "utterance",
        "text": text,
        "by": by,
        "voice": by,
        "source": "one talk",
        "said": f"0:00:{n:02}",
        "lang": "en",
        "talk_rel": "answers",
        "acts": [
            "talk",
            {"name": "use", "label": "Use these words", "href": f"?w=A-1&page=documentation&at={ident(n)}"},
        ],
        **more,
    }


def talk(n: int = len(WORDS), **traits: Any) -> Transcript:
    made = Transcript(heading="Talk brought in from elsewhere", scope="A-1", me="ali", **traits)
    made.items = [turn(i) for i in range(n)]
    made.on_submit(lambda sent: None)
    return made


@pytest.fixture
def show(chrome: Browser) -> Iterator[Show]:
    with theatre(chrome) as begin:
        yield begin


def passages(stage: Stage) -> Locator:
    return stage.page.locator("ol.cw-talk > li")


def time_of(stage: Stage, n: int) -> Locator:
    return stage.page.get_by_role("button", name=re.compile(f"^0:00:{n:02} "))


def words_of(stage: Stage, n: int) -> Locator:
    return stage.page.locator(f'[data-id="{ident(n)}"] .cw-words')


def acts(stage: Stage) -> Locator:
    return stage.page.get_by_role("group", name="What you can do with these words")


#: What the form on Documentation will find as its draft.
DRAFTS = """() => Object.entries(localStorage)
  .filter(([key]) => key.startsWith('cowork:draft:A-1:ali:documentation@')).map(([, draft]) => JSON.parse(draft))"""
#: Counts turns that are drawn from now on.
COUNT_DRAWN = """() => {
  window.drawn = 0;
  const count = (node) => (node.matches('.cw-talk-turn') ? 1 : node.querySelectorAll('.cw-talk-turn').length);
  const added = (changes) => changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.nodeType === 1);
  new MutationObserver((changes) => added(changes).forEach((node) => (window.drawn += count(node))))
    .observe(document.querySelector('.cw-talk'), { childList: true, subtree: true });
}"""


def drafts(stage: Stage) -> list[str]:
    found = stage.page.evaluate(DRAFTS)
    return found[0]["choices"]["words"] if found else []


def slices(chosen: list[str]) -> list[str]:
    made = []
    for one in chosen:
        ident_, _, places = one.partition(":")
        text = next(WORDS[n][1] for n in range(len(WORDS)) if ident(n) == ident_)
        made.append(text[slice(*map(int, places.split(":")))] if places else text)
    return made


def select(stage: Stage, first: int, start: int, last: int, end: int) -> None:
    """Select words with a mouse: from a place in one turn to a place in another."""
    stage.page.evaluate(
        """([one, start, other, end]) => {
          const text = (id) => document.querySelector(`[data-id="${id}"] .cw-words`).firstChild;
          getSelection().setBaseAndExtent(text(one), start, text(other), end);
        }""",
        [ident(first), start, ident(last), end],
    )


def test_turns_of_one_voice_flow_together_under_one_name(show: Show) -> None:
    stage = show(talk())
    expect(passages(stage)).to_have_count(4)
    expect(passages(stage).first.locator("strong")).to_have_text("Voice 1")
    expect(passages(stage).first.locator(".cw-words")).to_have_text([WORDS[0][1], WORDS[1][1]])
    expect(passages(stage).first.locator("time")).to_have_text(["0:00:00", "0:00:01"])
    expect(passages(stage).first.locator("time").nth(1)).to_have_attribute("datetime", "PT0H0M1S")
    assert stage.page.locator("[data-id]").count() == 5  # each turn is its own text with its own id
    assert not stage.faults


def test_places_that_were_found_stand_apart_with_their_words_marked(show: Show) -> None:
    made = talk()
    made.items = [turn(0, apart=True, found=[(18, 24)]), turn(1, apart=True, found=[])]
    stage = show(made)
    expect(passages(stage)).to_have_count(2)
    expect(stage.page.locator("mark")).to_have_text(["letter"])
    expect(words_of(stage, 0)).to_have_text(WORDS[0][1])


def test_whoever_goes_from_a_place_that_was_found_to_what_was_said_round_it_stays_at_it(show: Show) -> None:
    made = talk()
    href = f"?w=A-1&page=dialogue&at={ident(1)}"
    made.items = [turn(1, apart=True, href=href, href_text="Show what was said before and after")]
    stage = show(made)
    stage.page.get_by_role("link", name="Show what was said before and after: It is four pages long.").click()
    assert stage.page.evaluate("window.went") == [["dialogue", href]]
    made.items = [turn(i) for i in range(5)]
    expect(passages(stage)).to_have_count(4)
    expect(time_of(stage, 1)).to_be_focused()
    expect(passages(stage).first.locator(".cw-words")).to_have_text([WORDS[0][1], WORDS[1][1]])


def test_acts_are_shown_at_one_turn_at_a_time_and_named_by_its_words(show: Show) -> None:
    stage = show(talk())
    expect(acts(stage)).to_have_count(0)
    words_of(stage, 1).click()
    expect(stage.page.get_by_role("button", name="Talk about this: It is four pages long.")).to_be_visible()
    time_of(stage, 2).click()
    expect(acts(stage)).to_have_count(1)
    expect(stage.page.get_by_role("link", name="Use these words: I could not read it.")).to_be_visible()
    time_of(stage, 2).click()
    expect(acts(stage)).to_have_count(0)
    words_of(stage, 3).hover()
    expect(stage.page.get_by_role("button", name="Talk about this: Nobody could.")).to_be_visible()
    words_of(stage, 4).hover()
    expect(acts(stage)).to_have_count(1)
    expect(stage.page.get_by_role("button", name="Talk about this: Then <b>shorter</b> letters.")).to_be_visible()


def test_keys_go_from_turn_to_turn_into_the_acts_and_out_again(show: Show) -> None:
    stage = show(talk())
    keys = stage.page.keyboard
    keys.press("Tab")
    expect(time_of(stage, 0)).to_be_focused()
    expect(time_of(stage, 0)).to_have_attribute("aria-expanded", "true")
    expect(time_of(stage, 0)).to_have_accessible_name("0:00:00 Voice 1 We begin with the letter 🙂 home.")
    for key, n in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("End", 4), ("ArrowDown", 4), ("Home", 0)):
        keys.press(key)
        expect(time_of(stage, n)).to_be_focused()
        expect(acts(stage)).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Tab")
    expect(stage.page.get_by_role("button", name="Talk about this: It is four pages long.")).to_be_focused()
    keys.press("Enter")
    box = stage.page.get_by_role("textbox")
    expect(box).to_be_focused()
    box.fill("Which four?")
    keys.press("Control+Enter")
    expect(box).to_have_count(0)
    stage.until(lambda: bool(stage.shared()), "the answer was sent")
    (sent,) = stage.shared()
    assert sent["about"] == [["answers", ident(1)]] and sent["fields"] == {"text": "Which four?"}
    keys.press("Escape")
    expect(time_of(stage, 1)).to_be_focused()
    keys.press("Escape")
    expect(acts(stage)).to_have_count(0)
    keys.press("Tab")  # one stop for the whole talk
    expect(stage.page.locator(".cw-talk :focus")).to_have_count(0)


def test_words_selected_over_several_turns_are_used_in_one_step(show: Show) -> None:
    stage = show(talk())
    select(stage, 0, 21, 2, 9)  # from inside "letter" to inside "not"
    expect(stage.page.get_by_role("region", name="Marked words")).to_contain_text("11 words are marked")
    stage.page.get_by_role("link", name="Use these words").click()
    assert slices(drafts(stage)) == ["letter 🙂 home.", "It is four pages long.", "I could not"]
    assert stage.page.evaluate("window.went") == [["documentation", f"?w=A-1&page=documentation&at={ident(0)}"]]


def test_words_are_marked_by_keys_from_one_turn_into_another(show: Show) -> None:
    stage = show(talk())
    keys = stage.page.keyboard
    words_of(stage, 1).click()
    stage.page.get_by_role("button", name=re.compile("^Mark words")).click()
    expect(stage.page.get_by_role("button", name="It", exact=True)).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "Enter", "ArrowDown", "ArrowRight", "Enter"):
        keys.press(key)
    link = stage.page.get_by_role("link", name="Use these words")
    expect(link).to_be_focused()
    expect(stage.page.locator('.cw-mark-word[aria-pressed="true"]')).to_have_text(
        ["four", "pages", "long.", "I", "could"]
    )
    keys.press("Enter")
    assert slices(drafts(stage)) == ["four pages long.", "I could"]


def test_marked_words_are_let_go_and_nothing_of_them_is_kept(show: Show) -> None:
    stage = show(talk())
    select(stage, 1, 0, 2, 5)
    bar = stage.page.get_by_role("region", name="Marked words")
    bar.get_by_role("button", name="Let go of them").click()
    expect(bar).to_be_hidden()
    assert drafts(stage) == []
    expect(acts(stage)).to_have_count(1)  # one stands at the first of them
    stage.page.get_by_role("button", name=re.compile("^Mark words")).click()
    stage.page.keyboard.press("Escape")
    expect(stage.page.locator(".cw-mark-word")).to_have_count(0)
    expect(time_of(stage, 1)).to_be_focused()
    expect(words_of(stage, 1)).to_have_text(WORDS[1][1])


def test_a_whole_turn_is_chosen_beside_what_was_chosen_before(show: Show) -> None:
    stage = show(talk())
    for n in (1, 3):
        words_of(stage, n).click()
        stage.page.get_by_role("link", name=re.compile("^Use these words")).click()
    assert slices(drafts(stage)) == [WORDS[1][1], WORDS[3][1]]


def test_more_turns_come_without_drawing_the_others_anew(show: Show) -> None:
    made = talk(200)
    stage = show(made)
    stage.page.evaluate(COUNT_DRAWN)
    made.items = [turn(i) for i in range(240)]
    expect(stage.page.locator(".cw-talk-turn")).to_have_count(240)
    assert stage.page.evaluate("window.drawn") == 40


def test_what_is_left_out_is_said_kept_on_the_device_and_shown_again(show: Show) -> None:
    made = talk(left={"begin": "", "short": False, "lines": [], "short_button": "Leave out 3 short turns"})
    heard: list[dict[str, Any]] = []
    made.on_message("leave", heard.append)
    stage = show(made)
    stage.page.get_by_role("button", name="Leave out 3 short turns").click()
    line = {"key": "short", "text": "3 short turns are left out for you.", "button": "Show them"}
    made.left = {"begin": "", "short": True, "lines": [line], "short_button": ""}
    expect(stage.page.get_by_role("status").filter(has_text="3 short turns are left out for you.")).to_be_visible()
    words_of(stage, 2).click()
    stage.page.get_by_role("button", name=re.compile("^Begin at 0:00:02")).click()
    expect(stage.page.locator(".cw-talk")).to_be_visible()
    stage.open()  # as when they come back
    expect(stage.page.locator(".cw-talk")).to_be_visible()
    stage.page.get_by_role("button", name="Show them").click()
    expect(stage.page.locator(".cw-talk")).to_be_visible()
    stage.until(lambda: len(heard) == 4, "four presses")
    told = [(one["begin"], one["short"]) for one in heard]
    assert told == [("", True), (ident(2), True), (ident(2), True), ("", False)]


def test_a_talk_is_taken_out_only_after_its_question(show: Show) -> None:
    ask = {"h": "Take talk.vtt out again?", "lines": ["5 turns go."], "yes": "Take it out", "no": "Keep it here"}
    item = {
        "id": "one talk",
        "text": "talk.vtt: 5 turns",
        "act": "take_out",
        "button": "Take this talk out",
        "ask": ask,
    }
    made = talk(talks=[item])
    heard: list[dict[str, Any]] = []
    made.on_message("take_out", heard.append)
    stage = show(made)
    opener = stage.page.get_by_role("button", name="Take this talk out talk.vtt: 5 turns")
    opener.click()
    dialog = stage.page.get_by_role("dialog", name="Take talk.vtt out again?")
    expect(dialog.get_by_role("button", name="Keep it here")).to_be_focused()
    stage.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    assert heard == []
    opener.click()
    dialog.get_by_role("button", name="Take it out").click()
    expect(dialog).to_have_count(0)
    stage.until(lambda: bool(heard), "it was asked for")
    assert [one["source"] for one in heard] == ["one talk"]


def test_it_breaks_no_rule_of_access_while_it_is_read_used_and_marked(show: Show) -> None:
    stage = show(talk())
    assert stage.breaks() == []
    words_of(stage, 1).click()
    assert stage.breaks() == []
    stage.page.get_by_role("button", name=re.compile("^Mark words")).click()
    assert stage.breaks() == []
