"""What people made of it, and both checks: n of N, and silence told as silence."""

from __future__ import annotations

from collections import Counter

from golden.make_report import Making
from support.spreadsheets import sheet, workshop

from cowork.reports.interpretations import interpretations, understandings
from cowork.reports.reader import Reader
from cowork.text import translate


def test_both_checks_stand_with_n_of_N_and_with_those_who_have_not_said() -> None:
    (found,) = understandings(Reader(workshop(), "en"), Counter())
    said, everyone = found.checks
    assert said.answered == translate("report.answered_of", n=1, N=5)
    assert said.counts == translate("check.result_said", yes=0, nearly=1, no=0, none=3)
    assert translate("check.unreached", n=1) in said.lines  # the voice in talk brought in
    assert [i.versions[0].text[:6] for i in said.items] == ["Nearly"]
    assert everyone.counts == translate("check.result_all", same=1, differ=0, unsure=0, none=4)
    assert everyone.answered == translate("report.answered_of", n=1, N=5)


def test_who_would_rather_not_answer_is_not_among_the_silent() -> None:
    made = Making()
    words = made.say("ada", "My words")
    seen = made.say("fay", "We see", ("rests-on", words), kind="understanding", who="we")
    made.add("ada", "check", {"result": "rather-not", "of": "said"}, ("checks", seen))
    ((said, everyone),) = [u.checks for u in understandings(Reader(made.state, "en"), Counter())]
    assert said.counts == translate("check.result_said", yes=0, nearly=0, no=0, none=0)
    assert said.lines == (translate("report.rather_not", n=1),)
    assert everyone.counts == translate("check.result_all", same=0, differ=0, unsure=0, none=4)


def test_what_rests_on_nobody_s_words_asked_nobody() -> None:
    made = Making()
    made.say("fay", "We see", kind="understanding", who="we")
    ((said, _),) = [u.checks for u in understandings(Reader(made.state, "en"), Counter())]
    assert (said.answered, said.counts) == (translate("report.not_asked"), "")


def test_a_study_counts_no_check_without_a_yes() -> None:
    made = Making()
    made.group.consent("fay", "research", "yes")
    seen = made.say("fay", "We see", kind="understanding", who="we")
    made.add("fay", "check", {"result": "same", "of": "all"}, ("checks", seen))
    made.add("cem", "check", {"result": "differ", "of": "all"}, ("checks", seen))
    ((_, everyone),) = [u.checks for u in understandings(Reader(made.state, "en", research=True), Counter())]
    assert everyone.counts == translate("check.result_all", same=1, differ=0, unsure=0, none=2)
    assert everyone.lines == (translate("report.answers_kept", n=1),)


def test_a_reading_says_who_made_it_and_when_it_was_talked_about() -> None:
    (found,) = interpretations(Reader(workshop(), "en"), Counter())
    assert found.made_by.startswith("Some of us: Fay and ") and found.mark == translate("interpretation.mark")
    made = Making()
    reading = made.say("ada", "It is about the stairs", kind="interpretation", who="me")
    made.say("cem", "Or the bus", ("talks-about", reading))
    (told,) = interpretations(Reader(made.state, "en"), Counter())
    assert told.made_by == translate("interpretation.who.me")
    assert told.mark == translate("interpretation.mark_back", date="9 October 2025")


def test_readings_and_what_we_now_see_stand_in_parts_of_their_own() -> None:
    found = sheet(workshop(), "sv")
    assert "It is about being told" in found.parts["interpretation"]
    assert "Not knowing is the hard part" in found.parts["understanding"]
