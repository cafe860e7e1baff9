"""Real talk, live: a meeting is brought in while people look on; they find their way in it and nothing is lost.

With real transcripts where they stand beside the repository, and everywhere with a small one of our own.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.browsers import Person, Server, expect
from support.card_acts import press

import cowork
from cowork.core.entries import Actor, Draft
from cowork.store import open_record

WHY = "Why I am here"
FIRST, STEP = 30, 40  # turns that a page shows at first, and how many more come


@dataclass
class Talk:
    """A transcript, and what is known of it without reading it as we do."""

    path: Path
    turns: int
    names: list[str]
    word: str
    real: bool = False


def stamp(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def own_talk(folder: Path) -> Talk:
    """Ninety turns by three people, who also name each other and say things that look like markup."""
    names = ["Rosalind Quill", "Tomas Ek", "Ines Öberg"]
    said = [
        "We begin with the letter home.",
        "It is four pages long, Rosalind Quill.",
        "I could not read it &amp; I tried.",
    ]
    cues = ["WEBVTT", ""]
    for n in range(90):
        words = f"{said[n % 3]} Turn {n + 1}." + (" The lantern again." if n % 9 == 4 else "")
        cues += [str(n + 1), f"{stamp(10 * n)} --> {stamp(10 * n + 8)}", f"{names[n % 3]}: {words}", ""]
    path = folder / "meeting.vtt"
    path.write_text("\n".join(cues) + "\n", "utf-8")
    return Talk(path, 90, names, "lantern")


def zoom_talk(shared: Path) -> Talk:
    path = shared / "transcripts" / "zoom_acde_239" / "transcript.vtt"
    names = re.findall(r"^\d\d:\d\d:\S+ --> .*\n([^:\n]+): ", path.read_text("utf-8"), re.MULTILINE)
    return Talk(path, 447, sorted(set(names)), "fork", real=True)


class Group:
    """A facilitator and somebody else at desks, and somebody with a telephone."""

    def __init__(self, person: Callable[..., Person]) -> None:
        self.fay, self.bo, self.ali = person(), person(), person(phone=True)
        self.server: Server = self.fay.server
        self.code = ""

    def meet(self, title: str) -> None:
        self.code = self.fay.start_workshop(title, "To look at what was said.", "Fay")
        self.bo.join(self.code, "Bo", by_link=True)
        self.ali.join(self.code, "Ali", by_link=True)

    @property
    def all(self) -> tuple[Person, Person, Person]:
        return self.fay, self.bo, self.ali

    def table(self, path: Path | None = None) -> list[dict[str, Any]]:
        """Everything written and said, as those who study it get it."""
        found = cowork.open(path or self.server.record, self.code).contributions()
        return list(found[["id", "kind", "text", "by"]].to_dict("records"))

    def said(self, text: str) -> int:
        return sum(row["text"] == text for row in self.table())


@pytest.fixture(scope="module")
def group(person: Callable[..., Person]) -> Group:
    return Group(person)


@pytest.fixture(params=["a meeting of our own", "a real meeting"])
def talk(request: pytest.FixtureRequest, tmp_path: Path) -> Talk:
    if request.param == "a real meeting":
        return zoom_talk(request.getfixturevalue("shared"))
    return own_talk(tmp_path)


def test_a_meeting_is_brought_in_while_people_look_on_and_nothing_is_lost(
    group: Group, talk: Talk, tmp_path: Path
) -> None:
    group.meet(f"About {talk.path.parent.name}")
    for one in group.all:
        one.go("Dialogue")
        one.page.evaluate("window.notReloaded = true")
        expect(one.page.get_by_label("What I would like to say")).to_be_visible()
        expect(one.page.get_by_text("Talk brought in from elsewhere")).to_have_count(0)
        expect(one.page.get_by_label("Words to look for")).to_be_hidden()
    group.bo.page.get_by_label("What I would like to say").fill("Half a sentence")

    done = group.server.cowork("import", str(talk.path), "--workshop", group.code, "--yes")
    assert done.returncode == 0, done.stderr
    for one in group.all:
        expect(one.page.get_by_role("heading", name="Talk brought in from elsewhere")).to_be_visible()
        expect(cards(one)).to_have_count(FIRST)
        assert one.page.evaluate("window.notReloaded") is True
    assert group.bo.page.get_by_label("What I would like to say").input_value() == "Half a sentence"
    brought = [row for row in group.table() if row["kind"] == "utterance"]
    assert len(brought) == talk.turns
    assert [row["by"] for row in brought[:3]] == ["Voice 1", "Voice 2", "Voice 3"]

    find_ones_way_on_a_phone(group.ali, talk, brought)
    talk_about_a_turn(group, brought)
    use_words_of_several_turns(group.bo, brought)
    share_intentions(group)
    if talk.real:  # what a fall does to our own talk, test_outage.py asks everywhere
        the_server_falls_and_comes_back(group)
    names_stand_nowhere(group, talk)
    the_record_goes_two_ways_and_meets_again(group, tmp_path)
    assert len([row for row in group.table() if row["kind"] == "utterance" and row["by"]]) >= talk.turns
    for one in group.all:
        assert one.faults == [] and one.outside == []


def cards(one: Person) -> Any:
    """The turns that were brought in, answers to them left out."""
    return talk_of(one).locator(".cw-talk-turn")


def talk_of(one: Person) -> Any:
    return one.page.get_by_role("region", name="Talk brought in from elsewhere")


def shown(one: Person) -> list[str]:
    return [
        str(text) for text in cards(one).evaluate_all("all => all.map(c => c.querySelector('.cw-words').textContent)")
    ]


def find_ones_way_on_a_phone(ali: Person, talk: Talk, brought: list[dict[str, Any]]) -> None:
    page, texts = ali.page, [row["text"] for row in brought]
    places = page.get_by_text(re.compile(r"^\d+ places? in the talk$"))
    assert shown(ali) == texts[:FIRST]
    # Words, wherever they stand.
    hits = [n for n, text in enumerate(texts) if talk.word in text.casefold()]
    page.get_by_label("Words to look for").fill(talk.word.upper())
    page.get_by_role("button", name="Look", exact=True).tap()
    expect(places).to_have_text(f"{len(hits)} places in the talk")
    expect(cards(ali)).to_have_count(min(FIRST, len(hits)))
    assert shown(ali) == [texts[n] for n in hits][:FIRST]
    # One voice among them.
    voice = brought[hits[0]]["by"]
    page.get_by_label("Who said it").select_option(label=f"{voice} ({sum(row['by'] == voice for row in brought)})")
    of_voice = [n for n in hits if brought[n]["by"] == voice]
    expect(places).to_have_text(f"{len(of_voice)} place{'s' * (len(of_voice) != 1)} in the talk")
    # From what was found to its place, with what was said before and after; and the card stays where one stands.
    place = of_voice[-1]
    cards(ali).last.get_by_role("link", name="Show what was said before and after").tap()
    first = max(0, place - 3)
    expect(cards(ali)).to_have_count(len(texts[first : first + FIRST]))
    assert shown(ali) == texts[first : first + FIRST]
    standing = cards(ali).nth(place - first)
    expect(standing.locator(":focus").or_(page.locator(":focus").and_(standing))).to_have_count(1)
    expect(standing).to_be_in_viewport()
    expect(page).to_have_url(re.compile("page=dialogue&at="))
    # All of it again, and more of it.
    page.get_by_role("button", name="Show all of the talk").tap()
    expect(cards(ali)).to_have_count(FIRST)
    talk_there = page.get_by_role("region", name="Talk brought in from elsewhere")
    talk_there.get_by_role("button", name=re.compile(r"^Show \d+ more$")).tap()
    expect(cards(ali)).to_have_count(min(FIRST + STEP, len(texts)))
    assert shown(ali) == texts[: FIRST + STEP]
    expect(cards(ali).nth(FIRST).locator(":focus")).to_have_count(1)  # reading goes on where it stopped
    # Words that nobody said.
    page.get_by_label("Words to look for").fill("xyzzyx")
    expect(page.get_by_text("No words match")).to_be_visible()
    page.get_by_role("button", name="Show all of the talk").tap()
    expect(cards(ali)).to_have_count(FIRST)
    # The way back leads out of the place and out of the page, one step at a time.
    page.go_back()
    expect(page).to_have_url(re.compile(r"page=dialogue(?!.*at=)"))
    page.go_back()
    expect(page.get_by_label(WHY, exact=True)).to_be_visible()
    page.go_forward()
    expect(cards(ali)).to_have_count(FIRST)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def talk_about_a_turn(group: Group, brought: list[dict[str, Any]]) -> None:
    turn = cards(group.ali).nth(4)
    turn.locator(".cw-words").tap()
    turn.get_by_role("button", name="Talk about this").tap()
    turn.get_by_role("textbox").fill("What did you mean here?")
    turn.get_by_role("button", name="Answer here").tap()
    for one in group.all:
        expect(cards(one).nth(4).get_by_text("What did you mean here?", exact=True)).to_be_visible()
        expect(cards(one).nth(4)).to_contain_text("Ali")
    answer = cards(group.bo).nth(4).get_by_role("listitem").filter(has_text="What did you mean here?")
    press(answer, "Talk about this")
    answer.get_by_role("textbox").fill("The third page, I think.")
    answer.get_by_role("button", name="Answer here").click()
    expect(cards(group.ali).nth(4).get_by_text("The third page, I think.", exact=True)).to_be_visible()
    ours = group.fay.page.get_by_role("region", name="What we wrote here")
    about = ours.get_by_role("listitem").filter(has_text="What did you mean here?").first
    expect(about).to_contain_text(" ".join(brought[4]["text"].split())[:60])  # where talk is gathered: what it is about


def use_words_of_several_turns(bo: Person, brought: list[dict[str, Any]]) -> None:
    """Marked with a mouse from the second word of one turn to the second of the next but one; used in one step."""
    page, texts = bo.page, [row["text"] for row in brought[7:10]]
    page.evaluate(
        """([first, from, last, to]) => {
          const turns = document.querySelectorAll(".cw-talk-turn > .cw-turn-body > .cw-turn-face > .cw-words");
          const words = (n) => turns[n].firstChild;
          getSelection().setBaseAndExtent(words(first), from, words(last), to);
        }""",
        [7, texts[0].index(" ") + 1, 9, texts[2].index(" ") + 2],
    )
    page.get_by_role("region", name="Marked words").get_by_role("link", name="Use these words").click()
    wanted = [texts[0].split(" ", 1)[1], texts[1], " ".join(texts[2].split(" ")[:2])]
    expect(page.locator(".cw-picked blockquote")).to_have_text(wanted)
    page.get_by_label("A way of seeing it", exact=True).fill("It was said by several.")
    bo.button("Keep this way of seeing it").click()
    kept = page.locator("li.cw-card").filter(has_text="It was said by several.").last
    expect(kept.locator(".cw-quotes blockquote")).to_have_text(wanted)
    expect(page.locator(".cw-picked blockquote")).to_have_count(0)


def share_intentions(group: Group) -> None:
    for one in group.all:
        one.go("Intention")
    group.ali.share(WHY, "To be heard")
    group.bo.share(WHY, "To hear")
    for one in group.all:
        expect(one.card("To be heard")).to_contain_text("Ali")
        expect(one.card("To hear")).to_contain_text("Bo")


def the_server_falls_and_comes_back(group: Group) -> None:
    before = group.table()
    group.ali.page.get_by_label(WHY, exact=True).fill("Written while it fell")
    group.server.kill()
    group.ali.button("Share with the group").first.click()
    expect(group.ali.page.get_by_text("1 text is kept on this device").first).to_be_visible()
    group.server.start()
    for one in group.all:
        expect(one.card("Written while it fell")).to_be_visible(timeout=90_000)
        expect(one.page.get_by_text("Written while it fell", exact=True)).to_have_count(1)
    expect(group.ali.card("Written while it fell")).to_contain_text("Yours")
    after = group.table()
    assert [row for row in after if row["text"] != "Written while it fell"] == before
    assert len(after) == len(before) + 1


#: Every text on the page but speech, with what it is about and the words that name an act to a screen reader.
BESIDE_SPEECH = """() => {
  const all = document.documentElement.cloneNode(true);
  const speech = 'script, style, .cw-words, .cw-words-copy, .cw-about, .cw-acts';
  for (const node of all.querySelectorAll(speech)) node.remove();
  return document.title + location.href + all.outerHTML;
}"""


def names_stand_nowhere(group: Group, talk: Talk) -> None:
    for one in group.all:
        for part in ("Intention", "Journey", "Dialogue"):
            one.go(part)
            if part == "Dialogue":
                expect(cards(one)).to_have_count(FIRST)
            beside = one.page.evaluate(BESIDE_SPEECH)
            assert [name for name in talk.names if name in beside] == []
    expect(talk_of(group.fay).get_by_role("listitem").first).to_contain_text("Voice 1")


def the_record_goes_two_ways_and_meets_again(group: Group, folder: Path) -> None:
    server, copy, saved = group.server, folder / "copy.cowork", folder / "saved.cowork"
    for one in group.all:
        one.go("Intention")
    done = server.cowork("export", "--workshop", group.code, str(saved))
    assert done.returncode == 0, done.stderr
    assert group.table(saved) == group.table()
    with closing(sqlite3.connect(server.record)) as here, closing(sqlite3.connect(copy)) as there:
        here.backup(there)
    # In the copy Bo goes on alone, and a second meeting is brought in; here Ali and Fay go on.
    record = open_record(copy)
    workshop = record.find_workshop(group.code)
    state = record.state(workshop)
    bo = next(p for p in state.participants() if state.profile(p).get("name") == "Bo")
    record.append(workshop, Draft(record.new_id(), "intention", bo, {"text": "Written on the train"}), Actor(bo))
    record.close()
    second = folder / "second.vtt"
    second.write_text("WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v Una Rask>Said somewhere else.\n", "utf-8")
    done = server.cowork("--record", str(copy), "import", str(second), "--workshop", group.code, "--yes")
    assert done.returncode == 0, done.stderr
    group.ali.share(WHY, "Written meanwhile")
    ours, theirs = group.table(), group.table(copy)
    for came in ("came", "nothing came"):
        done = server.cowork("merge", str(server.record), str(copy))
        assert done.returncode == 0, (came, done.stdout, done.stderr)
        for one in group.all:
            for words, who in (("Written on the train", "Bo"), ("Written meanwhile", "Ali"), ("To be heard", "Ali")):
                expect(one.page.get_by_text(words, exact=True)).to_have_count(1)
                expect(one.card(words)).to_contain_text(who)
        union = {row["id"]: row for row in ours + theirs}
        held = group.table()
        assert len(held) == len(union) and {row["id"]: row for row in held} == union
    expect(group.bo.card("Written on the train")).to_contain_text("Yours")
    group.fay.go("Dialogue")
    group.fay.page.get_by_label("Words to look for").fill("somewhere else")
    expect(cards(group.fay)).to_have_count(1)
    expect(cards(group.fay)).to_contain_text("Said somewhere else.")
    assert "Una Rask" not in group.fay.page.content()


def test_talk_from_teams_is_brought_in_word_for_word(group: Group, shared: Path) -> None:
    rendered = shared / "transcripts" / "rendered"
    truth = json.loads((rendered / "ground_truth.json").read_text("utf-8"))
    group.code = group.fay.start_workshop("About Teams", "To look at what was said.", "Fay")
    group.fay.go("Dialogue")
    done = group.server.cowork("import", str(rendered / "teams.vtt"), "--workshop", group.code, "--yes")
    assert done.returncode == 0, done.stderr
    expect(cards(group.fay)).to_have_count(min(FIRST, len(truth)))
    rows = group.table()
    assert ["".join(row["text"].split()) for row in rows] == ["".join(turn["text"].split()) for turn in truth]
    voices = dict(zip(dict.fromkeys(t["speaker"] for t in truth), (f"Voice {n}" for n in range(1, 99)), strict=False))
    assert [row["by"] for row in rows] == [voices[turn["speaker"]] for turn in truth]
    counts = Counter(row["by"] for row in rows)
    options = group.fay.page.get_by_label("Who said it").locator("option").all_inner_texts()
    assert options == ["Everyone", *(f"{voice} ({counts[voice]})" for voice in voices.values())]
    beside = group.fay.page.evaluate(BESIDE_SPEECH)
    assert [name for name in voices if name in beside] == []
