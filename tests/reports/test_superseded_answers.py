"""Answers to earlier words stand with the text they answered, and are not told as words that nobody took up."""

from __future__ import annotations

from collections import Counter

from golden.make_report import Making
from support.spreadsheets import sheet

from cowork.reports.interpretations import understandings
from cowork.reports.reader import Reader
from cowork.text import translate


def test_a_check_of_earlier_words_stands_under_the_text_and_counts_for_nothing() -> None:
    made = Making()
    said = made.say("ada", "The bus was full")
    seen = made.say("fay", "We see the bus", ("rests-on", said), kind="understanding", who="we")
    made.add(
        "ada", "check", {"result": "nearly", "of": "said", "text": "Only on Fridays", "lang": "en"}, ("checks", seen)
    )
    made.add("fay", "edit", {"text": "We see the bus on Fridays", "lang": "en"}, ("replaces", seen))
    (found,) = understandings(Reader(made.state, "en"), Counter())
    assert found.checks[0].counts == translate("check.result_said", yes=0, nearly=0, no=0, none=1)
    assert [(i.label, i.versions[0].text) for i in found.earlier] == [
        (translate("check.said.nearly"), "Only on Fridays")
    ]
    parts = sheet(made.state).parts
    assert translate("report.earlier_words") in parts["understanding"] and "Only on Fridays" in parts["understanding"]
    assert "Only on Fridays" not in parts["left"]


def test_a_stance_and_a_confirmation_of_earlier_words_stand_under_the_view() -> None:
    made = Making()
    held = {"kind": "view", "holder": "several", "holders": [made.group.ids["cem"], made.group.ids["ada"]]}
    view = made.say("ada", "The bus", **held)  # type: ignore[arg-type]
    made.add("bo", "stance", {"stance": "differ", "text": "The tram", "lang": "en"}, ("answers", view))
    made.add("cem", "check", {"result": "no", "text": "Not quite", "lang": "en"}, ("checks", view))
    made.add("ada", "edit", {"text": "The early bus", "lang": "en"}, ("replaces", view))
    part = sheet(made.state).parts["left"]  # nobody has built on the view
    assert part.index(translate("report.earlier_words")) < part.index("The tram") < part.index("Not quite")
    assert translate("documentation.stance.differ") in part and translate("documentation.confirm.no") in part


def test_what_its_author_wrote_about_the_answer_stands_inside_the_worry() -> None:
    made = Making()
    proposal = made.say("fay", "We begin at nine", kind="proposal", rule={"code": "talk"}, levels="five", round=1)
    worry = made.say("ada", "Nine is early", ("talks-about", proposal), kind="reservation", sort="worry")
    made.say("fay", "There is coffee", ("answers-reservation", worry))
    made.add("ada", "check", {"result": "partly", "text": "If it is hot", "lang": "en"}, ("checks", worry))
    part = sheet(made.state).parts["open"]
    assert part.index("Nine is early") < part.index("There is coffee") < part.index("If it is hot")
