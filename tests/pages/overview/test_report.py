"""The report: read here before anything leaves, made only when asked for, and with what is kept back told first."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from support.page_sessions import Guest
from support.provenance import Threads, sent_to

from cowork.text import translate
from cowork.widgets import Choice, DocumentPreview, Form, Prose


@pytest.fixture
def group() -> Threads:
    return Threads()


def paper(guest: Guest) -> DocumentPreview:
    guest.session.go("report")
    return guest.part(DocumentPreview)


def choose(guest: Guest, value: str) -> None:
    """As a browser does: a choice is a trait of the device's, among those offered."""
    for part in guest.session.shell.parts:
        if isinstance(part, Choice) and any(option["value"] == value for option in part.options):
            part.set_state({"value": value})


def read(guest: Guest) -> str:
    """Press "Read it first"; what comes is the paper, in a message of its own."""
    part = guest.part(DocumentPreview)
    guest._listen(part)
    part.receive({"do": "read"})
    return (part._document or b"").decode()


def before(guest: Guest) -> list[dict[str, Any]]:
    guest.part(DocumentPreview)
    found = [p.blocks for p in guest.session.shell.parts if isinstance(p, Prose)]
    return next((list(b) for b in found if any(one.get("h") == translate("report.before_h") for one in b)), [])


def consent(guest: Guest, **choices: str) -> None:
    guest.session.go("choices")
    form = guest.part(Form, "my-choices")
    name = guest.session.context.view.name_of(guest.session.me)  # type: ignore[union-attr]
    assert guest.send(form, fields={"name": name}, choices=choices)["done"] == "shared"


def test_it_is_made_only_when_asked_for_and_stands_in_no_trait(group: Threads) -> None:
    group.agreed()
    part = paper(group.fay)
    assert not part.made and part._document is None
    document = read(group.fay)
    assert document.startswith("<!") and "We ask each time" in document
    assert translate("report.always") in document
    assert part.made and "We ask each time" not in str(part.get_state())


def test_the_whole_or_one_page_in_the_language_that_was_chosen(group: Threads) -> None:
    group.agreed()
    part = paper(group.fay)
    whole = read(group.fay)
    assert part.file.startswith("the-waiting-room-") and part.file.endswith("-en.html")
    assert translate("report.h.agreement") in whole
    choose(group.fay, "one")
    choose(group.fay, "sv")
    one = read(group.fay)
    assert translate("onepage.h.agreed", "sv") in one and translate("report.h.agreement") not in one
    assert part.file.endswith("-one-page-sv.html") and len(one) < len(whole)
    choose(group.fay, "nonsense")
    assert read(group.fay) == one


def test_headings_come_in_the_reader_s_own_language_unless_they_choose(group: Threads) -> None:
    group.cy.hello(lang="sv", page="report")
    paper(group.cy)
    assert translate("report.h.why", "sv") in read(group.cy)


def test_the_code_that_opens_the_workshop_is_in_no_name_of_a_file(group: Threads) -> None:
    part = paper(group.fay)
    read(group.fay)
    assert group.fay.code.lower() not in part.file.lower()


def test_everyone_reads_it_and_the_facilitator_saves_it(group: Threads) -> None:
    group.agreed()
    for guest, leaves in ((group.ada, False), (group.fay, True)):
        part = paper(guest)
        assert part.leaves is leaves and translate("report.who_saves") in part.hint
        assert "We ask each time" in read(guest)
    paper(group.ada)
    assert translate("report.ask_copy", name="Fay") in group.ada.part(DocumentPreview).hint
    group.add("fay", "role", {"role": "observer", "on": True}, ("grants", group.me("cy")))
    paper(group.cy)
    assert "We ask each time" in read(group.cy)


def test_what_is_kept_back_and_which_names_still_stand_is_told_to_the_facilitator_before_it_leaves(
    group: Threads,
) -> None:
    consent(group.ada, naming="not")
    consent(group.bo, naming="perspective")
    group.write("ada", "utterance", "Kept inside the group")
    said = group.write("cy", "utterance", "Bo said it best")
    paper(group.fay)
    assert before(group.fay) == [
        {"h": translate("report.before_h"), "level": 2}, {"hint": translate("report.before_hint")}
    ]  # fmt: skip
    document = read(group.fay)
    assert "Kept inside the group" not in document and "Bo said it best" in document
    told = before(group.fay)
    assert translate("report.gap", n=1) in str(told)
    (links,) = [block["links"] for block in told if "links" in block]
    assert [(link["text"], link["note"]) for link in links] == [("Bo", "Bo said it best")]
    assert f"page=dialogue&at={said}" in links[0]["href"]
    # How somebody chose to be named is for nobody else to read.
    for guest in (group.ada, group.cy):
        paper(guest)
        read(guest)
        assert before(guest) == []


def test_a_name_in_words_given_with_an_answer_is_found_on_the_card_of_what_it_answers(group: Threads) -> None:
    consent(group.bo, naming="perspective")
    one, _ = group.differing()
    group.add("ada", "standing", {"standing": "still", "text": "Bo knows why"}, ("answers", one))
    paper(group.fay)
    read(group.fay)
    (links,) = [block["links"] for block in before(group.fay) if "links" in block]
    assert [(link["note"], f"page=differ&at={one}" in link["href"]) for link in links] == [("Bo knows why", True)]


def test_a_name_in_words_of_another_language_is_found_and_the_page_goes_on(group: Threads) -> None:
    consent(group.bo, naming="perspective")
    group.add("cy", "utterance", {"text": "Bo sa det bäst", "lang": "sv"})
    group.agreed()
    paper(group.fay)
    read(group.fay)
    (links,) = [block["links"] for block in before(group.fay) if "links" in block]
    assert [link["note"] for link in links] == [{"text": "Bo sa det bäst", "lang": "sv"}]


def test_where_nothing_is_kept_back_and_no_name_stands_it_says_so(group: Threads) -> None:
    group.write("cy", "utterance", "Just words")
    paper(group.fay)
    read(group.fay)
    assert {"p": translate("report.names_none")} in before(group.fay)


@pytest.mark.parametrize("act", ["taken", "hidden", "erased", "changed", "consent"])
def test_a_paper_goes_from_the_screen_when_words_in_it_are_taken_away(group: Threads, act: str) -> None:
    said = group.write("ada", "utterance", "WORDS in it")
    for guest in (group.cy, group.fay):
        paper(guest)
        assert "WORDS in it" in read(guest)
    {
        "taken": lambda: group.take_back("ada", said),
        "hidden": lambda: group.hide(said),
        "erased": lambda: group.erase("ada", said),
        "changed": lambda: group.edit("ada", "Others in it", said),
        "consent": lambda: consent(group.ada, naming="not"),
    }[act]()
    for guest in (group.cy, group.fay):
        part = guest.part(DocumentPreview)
        assert not part.made and part._document is None and part.hint == translate("report.again")
        assert "WORDS in it" not in read(guest)
        assert part.hint != translate("report.again")


def test_new_words_leave_the_paper_and_say_that_it_can_be_read_again(group: Threads) -> None:
    paper(group.fay)
    document = read(group.fay)
    group.write("ada", "utterance", "One more thing")
    part = group.fay.part(DocumentPreview)
    assert part.made and part.hint == translate("report.stale") and part._document == document.encode()
    assert "One more thing" in read(group.fay) and part.hint == translate("report.who_saves")


def test_no_paper_holds_what_the_group_may_not_see_whoever_reads_it(group: Threads) -> None:
    group.write("ada", "intention", "PRIVATE", seen_by="only-me")
    group.alone("assets", True)
    group.write("bo", "asset", "NOT SHOWN", seen_by="group-from-reveal")
    group.take_back("ada", group.write("ada", "utterance", "TAKEN"))
    group.hide(group.write("bo", "utterance", "HIDDEN"))
    for guest in (group.ada, group.bo, group.fay):
        for what in ("whole", "one"):
            paper(guest)
            choose(guest, what)
            document = read(guest)
            assert document
            for words in ("PRIVATE", "NOT SHOWN", "TAKEN", "HIDDEN"):
                assert words not in document, (words, what)
            assert not any(words in str(before(guest)) for words in ("PRIVATE", "NOT SHOWN", "TAKEN", "HIDDEN"))
        assert "PRIVATE" not in sent_to(guest, "report")


def test_a_report_that_cannot_be_made_is_said_in_words(group: Threads, monkeypatch: pytest.MonkeyPatch) -> None:
    import cowork.reports.full_report

    def fault(*args: Any, **more: Any) -> bytes:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(cowork.reports.full_report, "report", fault)
    part = paper(group.fay)
    assert read(group.fay) == ""
    answer = next(m for m in reversed(group.fay.said) if m.get("done"))
    assert answer["message"] == translate("report.not_made") and not part.made


def test_a_page_that_is_only_opened_loads_no_report() -> None:
    code = (
        "import sys; from cowork.pages.registry import pages; pages();"
        "print('jinja2' in sys.modules, 'cowork.reports.full_report' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_its_times_are_those_of_the_device_that_reads_it(group: Threads) -> None:
    group.agreed()
    group.fay.session.zone = "Europe/Stockholm"  # as its browser says in hello
    paper(group.fay)
    assert translate("report.zone", zone="Europe/Stockholm") in read(group.fay)
