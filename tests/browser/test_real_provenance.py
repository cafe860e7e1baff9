"""The thread on real talk: documented from exact words, agreed with one reservation, one difference kept, and traced.

A genuine call of nineteen people who decide among themselves, and a committee on a bill that divided it. The browser,
the report and `w.trace` say the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.browsers import Person, Server, expect
from support.card_acts import press
from support.whole_cycle import act, card, give_answer, go, open_form, open_texts, show_answers, take_whole

import cowork

Talk = tuple[Path, str, str]


def plain(shared: Path, folder: Path) -> Path:
    """The turns of the divided committee as plain text with speakers, as a clerk would type them."""
    data = json.loads((shared / "transcripts" / "qmsum_education_14.json").read_text("utf-8"))
    made = folder / "committee.txt"
    made.write_text("\n".join(f"{t['speaker']}: {t['content']}" for t in data["meeting_transcripts"]), "utf-8")
    return made


@pytest.fixture(scope="module", params=["zoom", "committee"])
def talk(request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """(file, words to look for in it, what they are about)."""
    if request.param == "zoom":
        return shared / "transcripts" / "zoom_acde_239" / "transcript.vtt", "strong opinion against", "strong opinion"
    return plain(shared, tmp_path_factory.mktemp("talk")), "reasonable punishment", "punishment"


def quote(one: Person, words: str) -> tuple[str, str]:
    """Look for words among what can be chosen, and choose three of them exactly: (the whole turn, the words)."""
    box = (
        one.page.get_by_role("searchbox").or_(one.page.get_by_role("textbox", name=re.compile("Look|Find|words"))).first
    )
    box.fill(words)
    first = one.page.locator(".cw-pick").filter(has_text=re.compile(re.escape(words), re.IGNORECASE)).first
    first.wait_for()
    whole = first.locator(".cw-pick-text").inner_text()
    first.get_by_role("button", name=re.compile("^Choose words")).click()
    options = one.page.get_by_role("listbox").last.get_by_role("option")
    spoken = [option.inner_text() for option in options.all()]
    at = next(i for i in range(len(spoken)) if " ".join(spoken[i:]).casefold().startswith(words.casefold()))
    options.nth(at).click()
    options.nth(at + len(words.split()) - 1).click()
    one.button("Use these words").click()
    return whole, " ".join(spoken[at : at + len(words.split())])


def test_an_agreement_made_of_real_talk_leads_back_to_the_verbatim_words(
    talk: Talk, server: Server, person: Callable[..., Person], tmp_path: Path
) -> None:
    file, wanted, mark = talk
    fay, bo = person(), person(phone=True)
    code = fay.start_workshop(f"Real talk of {file.stem}", "To see where they ended.", "Fay")
    bo.join(code, "Bo", by_link=True)
    brought = server.cowork("import", str(file), "--workshop", code, "--yes")
    assert brought.returncode == 0, brought.stderr
    go(fay, "Documentation", "What did we hear")
    open_form(fay, "Write a way of seeing it")
    open_texts(fay)
    whole, exact = quote(fay, wanted)
    fay.page.get_by_label("A way of seeing it", exact=True).fill(f"It was asked aloud: {mark}.")
    fay.page.get_by_role("radio", name="It was said, and no one is named").check()
    fay.button("Keep this way of seeing it").click()
    view = card(fay, "It was asked aloud")
    expect(view.locator("blockquote").first).to_contain_text(exact)
    go(bo, "Documentation", "What did we hear")
    found = act(bo, "It was asked aloud", "I see it differently")
    found.get_by_role("textbox").first.fill("Asking aloud is not being answered.")
    found.get_by_role("button", name="Keep this way of seeing it").click()
    go(bo, "Interpretation", "What do you make of")
    bo.page.get_by_label("What I make of it", exact=True).fill("Silence was taken for a yes.")
    take_whole(bo, "It was asked aloud")
    bo.button("Share what I make of it").click()
    expect(card(bo, "Silence was taken")).to_be_visible()
    go(fay, "Understanding", "What do we now see")
    fay.page.get_by_label("What we now see", exact=True).first.fill("We ask, and wait for the answer.")
    take_whole(fay, "Silence was taken")
    take_whole(fay, "It was asked aloud")
    fay.button("Share what we now see").click()
    # The voices of a recording cannot be asked: it is said, and nobody answers for them.
    expect(card(fay, "We ask, and wait")).to_contain_text("1 of those who said it could not be asked.")
    go(fay, "Agreement", "What could we all go along")
    open_form(fay, "Put a proposal")
    fay.page.get_by_label("Our proposal", exact=True).fill("Each question gets an answer before we go on.")
    take_whole(fay, "We ask, and wait")
    fay.button("Put forward this proposal").click()
    go(bo, "Agreement", "What could we all go along")
    give_answer(bo, "Each question gets an answer", "I can go along, with some doubt")
    found = act(bo, "Each question gets an answer", "Add my worry or condition")
    found.get_by_label("My worry or condition, in my own words").fill("It takes longer.")
    found.get_by_role("button", name="Add my worry or condition").last.click()
    found = act(fay, "It takes longer.", "Answer this worry")
    found.get_by_label("Our answer to the worry").fill("Then we take up fewer questions.")
    found.get_by_role("button", name="Answer this worry").last.click()
    expect(bo.page.get_by_text("Then we take up fewer questions.").first).to_be_visible()
    show_answers(fay, "Each question gets an answer")
    expect(bo.page.get_by_text("One dot is one person.").first).to_be_visible()
    found = act(fay, "Each question gets an answer", "How would you like to end this")
    found.get_by_role("radio", name="We agree on this").check()
    found.get_by_role("button", name="Keep this ending").click()
    open_form(fay, "Keep a difference or a question")
    fay.page.get_by_label("Where we differ, or what stays open").fill("Whether silence can ever be an answer.")
    fay.button("Keep this ending").last.click()
    expect(bo.page.get_by_text("A difference, kept by Fay").first).to_be_visible()

    # In the browser: one press to the way back, one to the words where they stand.
    agreed = bo.page.get_by_role("listitem").filter(has_text="We agreed").first
    press(agreed, "How did we get here", "link")
    node = bo.page.locator(".cw-tree li").filter(has_text=exact).last
    expect(node).to_contain_text(re.compile(r"Voice \d+"))
    node.get_by_role("link").last.click()
    expect(bo.page.get_by_role("heading", level=1)).to_contain_text("What do we want to talk about")
    turn = bo.page.locator(".cw-talk-turn").filter(has_text=whole[:80])
    expect(turn).to_be_visible()
    expect(turn.get_by_role("group", name="What you can do with these words")).to_be_visible()  # one stands at it

    # In the table door and the report: the same words, the same worry, the same way.
    workshop = cowork.open(server.record, code)
    ending = workshop.outcomes().query("how == 'agreed'").iloc[0]
    assert [worry["text"] for worry in ending["reservations"]] == ["It takes longer."]
    steps = list(walk(workshop.trace(ending["id"])))
    assert exact in [q["text"] for step in steps for q in step["quotes"]]
    assert steps[-1]["kind"] == "utterance" and exact.casefold() in whole.casefold()
    made = tmp_path / "report.html"
    asked = server.cowork("report", "--workshop", code, str(made), "--yes")
    assert asked.returncode == 0, asked.stderr
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", made.read_text("utf-8")))
    for words in (
        exact,
        "It takes longer.",
        "Then we take up fewer questions.",
        "Whether silence can ever be an answer.",
    ):
        assert words in said, words
    for one in (fay, bo):
        assert one.faults == [] and one.outside == []


def walk(step: dict[str, Any]) -> Any:
    yield step
    for below in step["steps"]:
        yield from walk(below)
