"""Names that still stand in what is about to leave are told to its maker, with the place, and only to its maker."""

from __future__ import annotations

from golden.make_report import LANGS, Making
from support.spreadsheets import sheet, workshop
from support.transcript_cases import DEMO_NAMES, told

from cowork.core.access.disclosure import names_in_disclosed
from cowork.reports import find_names, remaining_names, withheld_lines
from cowork.reports.full_report import HEADINGS
from cowork.text import translate


def test_the_maker_is_told_which_names_stand_and_where() -> None:
    for lang in LANGS:
        head, line = remaining_names(workshop(), lang)
        assert head == translate("report.names.h", lang)
        h = translate(HEADINGS["left"], lang)
        assert line == translate("report.names.line", lang, name="Cem", h=h, words="Thank you, Cem")
        assert head not in sheet(workshop(), lang).words


def test_every_place_where_a_person_can_type_is_looked_through() -> None:
    made = Making()
    made.group.consent("ada", "naming", "named")
    made.fay("context", {"field": "why", "text": "For Cem", "lang": "en"})
    made.fay("episode", {"name": "At Cem's", "tool": "Cem's table", "absent": "Cem, who was ill"})
    made.say("ada", "Reasons", kind="intention", more={"hope": "That Cem is well"})
    proposal = made.say("ada", "We visit", kind="proposal", rule={"code": "advice", "name": "Cem"}, round=1)
    worry = made.say("ada", "Too far", ("talks-about", proposal), kind="reservation", sort="worry")
    made.say("ada", "By bus", ("answers-reservation", worry), more={"owner": "Cem", "review": "when Cem says"})
    made.say("ada", "It is near", kind="interpretation", who="some", names=["Cem and Ada"])
    _, *lines = remaining_names(made.state)
    found = " ".join(lines)
    for words in ("For Cem", "At Cem's", "Cem's table", "Cem, who was ill", "That Cem is well", "when Cem says",
                  "Cem and Ada", f"under “{translate('report.h.open')}”: Cem"):  # fmt: skip
        assert words in found, words
    assert all(line.startswith("Cem is named under ") for line in lines)


def test_a_name_that_its_owner_lets_out_is_no_finding() -> None:
    made = Making()
    made.say("ada", "Thank you, Cem", kind="gratitude")
    assert len(remaining_names(made.state)) == 2
    made.group.consent("cem", "naming", "named")
    assert remaining_names(made.state) == []


def test_in_the_practice_cases_every_name_that_the_core_finds_is_found() -> None:
    for case in DEMO_NAMES:
        state, _ = told(case)
        called = {str(state.profile(who).get("name")) for who, _ in names_in_disclosed(state)}
        assert {line.split(" is named under ")[0] for line in remaining_names(state)[1:]} >= called
        assert called, case


def test_what_is_kept_back_is_told_to_the_maker_as_it_stands_in_the_report() -> None:
    for research in (False, True):
        part = sheet(workshop(), "sv", research=research).parts["gaps"]
        lines = withheld_lines(workshop(), "sv", research=research)
        assert len(lines) == 3 if research else 2
        assert all(line in part for line in lines)


def test_recorded_talk_that_stands_in_it_is_pointed_out_since_its_names_are_not_known() -> None:
    made = Making()
    voice = made.record.new_id()
    made.brought_in("participant", voice, {"voice": 1})
    turns = [
        made.brought_in("utterance", voice, {"text": "David knows", "source": {"id": "t", "name": "t", "position": n}})
        for n in range(3)
    ]
    assert find_names(made.state) == ([], [])  # none of it leaves
    made.say("ada", "Somebody knows", ("documents", turns[1]), kind="view", holder="me")
    assert find_names(made.state) == ([], [translate("report.talk_names", n=1)])
