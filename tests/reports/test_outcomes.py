"""Endings in the report: every worry inside, the answers as dots, counts and words, who moved, what changed since."""

from __future__ import annotations

from collections import Counter

from golden.make_report import Making
from support.spreadsheets import Sheet, sheet, workshop

from cowork.reports import report
from cowork.reports.outcomes import open_proposal_views, outcome_views
from cowork.reports.reader import Reader, Words
from cowork.reports.votes import votes_in
from cowork.text import translate


def reader(made: Making, lang: str = "en", *, research: bool = False) -> Reader:
    return Reader(made.state, lang, research=research)


def proposed(made: Making, *about: tuple[str, str], rule: str = "consent", by: str = "fay") -> str:
    return made.say(by, "We begin at nine", *about, kind="proposal", rule={"code": rule}, levels="five", round=1)


def answer(made: Making, name: str, version: str, level: str, **body: str) -> str:
    return made.add(name, "position", {"level": level, **body}, ("answers", version), seen_by="group-from-reveal")


def close(made: Making, version: str, how: str = "agreed", by: str = "fay", **body: str) -> str:
    return made.say(by, "We begin at nine", ("closes", version), kind="outcome", outcome=how, **body)


def test_every_worry_stands_inside_the_agreement_with_its_answer_owner_and_review() -> None:
    part = sheet(workshop()).parts["agreement"]
    agreed = part.index("We say how long it takes, each time")
    places = [
        part.index(words)
        for words in (
            "What if the time is wrong?", "Then it is worse", "Then we say that too", "The desk", "In May",
            "I can go along if it is in Swedish too", translate("reservation.no_answer"), translate("trace.kept_back"),
        )
    ]  # fmt: skip
    assert places == sorted(places) and places[0] > agreed
    # All before anything else that belongs to it: whoever reads the agreement has read them.
    assert places[-1] < part.index(translate("ending.changed")) < part.index(translate("report.answers"))
    assert part.count(translate("reservation.label.worry")) == 2 and translate("reservation.enough.partly") in part


def test_a_worry_that_a_new_wording_answers_says_so_and_does_not_print_the_wording_again() -> None:
    made = Making()
    first = proposed(made)
    worry = made.say("ada", "Nine is early", ("talks-about", first), kind="reservation", sort="worry")
    second = made.add(
        "fay",
        "edit",
        {"text": "We begin at ten", "lang": "en", "rule": {"code": "consent"}, "levels": "five", "round": 2},
        ("replaces", first),
        ("answers-reservation", worry),
    )
    answer(made, "ada", second, "want")
    made.fay("setting", {}, ("reveals", second))
    made.say("fay", "We begin at ten", ("closes", second), kind="outcome", outcome="agreed")
    (view,) = outcome_views(reader(made), "agreed", Counter())
    (found,) = view.worries
    assert found.reworded and found.answers == ()
    assert translate("report.reworded") in sheet(made.state).parts["agreement"]


def test_one_dot_is_one_person_and_what_is_beside_the_scale_is_counted_apart() -> None:
    (view,) = outcome_views(Reader(workshop(), "en"), "agreed", Counter())
    assert view.round is not None
    assert [(bar.label, bar.n) for bar in view.round.bars if bar.n] == [
        (translate("position.1"), 1), (translate("position.2"), 1), (translate("position.3"), 1)
    ]  # fmt: skip
    assert [(bar.label, bar.n) for bar in view.round.apart] == [(translate("position.abstain"), 1)]
    assert view.round.silent == 1
    data = report(workshop()).decode()
    table = data[data.index('class="answers"') :].split("</table>")[0]
    assert table.count('class="dot"') == 4


def test_who_moved_stands_once_with_why_and_without_a_name() -> None:
    part = sheet(workshop()).parts["agreement"]
    assert part.count("It says each time now") == 1 and part.count("I read, I do not say") == 1
    line = translate("position.moved_line", before=translate("position.4"), after=translate("position.2"))
    after = part.split(line, 1)[1]
    assert after.strip().startswith("It says each time now")
    assert (
        "Ada" not in after.split(translate("position.moved_line", before=translate("position.2"), after=""), 1)[0][:60]
    )


def test_a_name_stands_beside_an_answer_only_where_it_was_chosen_for_these_words() -> None:
    made = Making()
    made.group.consent("ada", "naming", "named")
    version = proposed(made)
    answer(made, "ada", version, "want", text="Because of the bus")
    answer(made, "cem", version, "fine", text="Because of the stairs", shown="perspective")
    made.fay("setting", {}, ("reveals", version))
    close(made, version)
    (view,) = outcome_views(reader(made), "agreed", Counter())
    assert view.round is not None
    said = {s.words.text: s.who and s.who.text for bar in view.round.bars for s in bar.said}
    assert said == {"Because of the bus": None, "Because of the stairs": translate("common.no_name")}


def test_answers_that_were_not_shown_together_are_neither_counted_nor_told() -> None:
    made = Making()
    version = proposed(made, rule="talk")
    answer(made, "ada", version, "cannot", text="No and no again")
    (view,) = open_proposal_views(reader(made), Counter())
    assert (view.rounds[0].bars, view.rounds[0].silent, view.rounds[0].moved) == ((), 0, ())
    words = sheet(made.state).words
    assert "No and no again" not in words and translate("report.no_answers") in words


def test_a_study_counts_no_answer_without_a_yes_and_says_how_many() -> None:
    made = Making()
    for name in ("fay", "ada"):
        made.group.consent(name, "research", "yes")
    made.group.consent("bo", "naming", "not")
    version = proposed(made)
    for name, level in (("fay", "want"), ("ada", "want"), ("bo", "want"), ("cem", "fine")):
        answer(made, name, version, level)
    made.fay("setting", {}, ("reveals", version))
    close(made, version)
    (view,) = outcome_views(reader(made, research=True), "agreed", Counter())
    assert view.round is not None and [bar.n for bar in view.round.bars] == [2, 0, 0, 0, 0]
    assert translate("report.answers_kept", n=2) in view.round.lines
    (whole,) = outcome_views(reader(made), "agreed", Counter())
    assert whole.round is not None and [bar.n for bar in whole.round.bars] == [3, 1, 0, 0, 0]


def test_of_a_wording_that_stays_inside_no_typed_word_of_its_rule_leaves() -> None:
    made = Making()
    made.group.consent("bo", "naming", "not")
    own = {"code": "own", "text": "as Bo likes it"}
    version = made.say("bo", "Bo's own proposal", kind="proposal", rule=own, levels="five", round=1)
    answer(made, "ada", version, "want")
    made.fay("setting", {}, ("reveals", version))
    close(made, version)
    (view,) = outcome_views(reader(made), "agreed", Counter())
    assert view.round is not None and view.round.words is None and view.round.gap == translate("trace.kept_back")
    words = sheet(made.state).words
    assert "as Bo likes it" not in words and "own proposal" not in words and translate("rule.own") in words


def test_a_rule_is_told_in_the_group_s_own_words_where_they_wrote_it() -> None:
    made = Making()
    rules = (
        {"code": "count", "n": 3},
        {"code": "advice", "name": "The board"},
        {"code": "own", "text": "Till the sun"},
    )
    for rule in rules:
        made.say("fay", "Something", kind="proposal", rule=rule, levels="five", round=1)
    lines = [
        (v.rounds[0].rule, v.rounds[0].rule_words.text, v.rounds[0].rule_name.text)
        for v in open_proposal_views(reader(made), Counter())
    ]
    assert lines == [
        (translate("rule.count", n=3, N=4), "", ""),
        (translate("rule.advice", name="The board"), "", "The board"),
        ("", "Till the sun", ""),
    ]


def test_what_changed_under_an_agreement_is_told_with_the_words_before_and_now() -> None:
    (view,) = outcome_views(Reader(workshop(), "en"), "agreed", Counter())
    told = [(c.line.split(" 9 ")[0], c.before.text, c.now.text) for c in view.changed]
    assert told == [
        ("Words were changed", "Jag väntar hellre hemma", "Jag väntar helst hemma, tack"),
        ("Words were taken back", "", ""),
        ("Words were erased", "", ""),
        ("Words were hidden", "", ""),
    ]


def test_looked_at_again_and_opened_again_are_told_with_the_reason_given() -> None:
    made = Making()
    said = made.say("ada", "Nine suits me")
    version = proposed(made, ("rests-on", said))
    answer(made, "ada", version, "want")
    made.fay("setting", {}, ("reveals", version))
    agreed = close(made, version)
    made.add("ada", "edit", {"text": "Ten suits me", "lang": "en"}, ("replaces", said))
    made.add("fay", "outcome", {"outcome": "renewed", "text": "We looked: it holds", "lang": "en"}, ("renews", agreed))
    part = sheet(made.state).parts["agreement"]
    assert "We looked: it holds" in part and translate("ending.changed_hint") not in part
    made.add("fay", "outcome", {"outcome": "reopened", "text": "Ada moves away", "lang": "en"}, ("reopens", agreed))
    found = sheet(made.state)
    assert found.parts["agreement"].endswith(translate("report.nothing"))
    assert "Ada moves away" in found.parts["open"] and translate("report.open_proposals") in found.parts["open"]
    assert "We begin at nine" in found.parts["open"]


def test_an_ending_whose_words_stay_inside_does_not_make_its_proposal_look_open() -> None:
    made = Making()
    version = proposed(made)
    made.say("cem", "Too early for me", ("talks-about", version), kind="reservation", sort="worry")
    answer(made, "ada", version, "want")
    made.fay("setting", {}, ("reveals", version))
    made.group.role("fay", "bo", "scribe")
    close(made, version, by="bo")
    made.group.consent("bo", "naming", "not")
    part = sheet(made.state).parts["open"]
    assert translate("report.ending_kept") in part and "Too early for me" in part


def test_who_decides_answers_under_the_agreement_and_nothing_written_is_said() -> None:
    found = sheet(workshop())
    part = found.parts["agreement"]
    assert "the head of the clinic" in part and translate("response.did") in part
    assert translate("response.none") in found.parts["kept"]


def test_a_workshop_s_own_answers_keep_their_own_words_and_are_escaped() -> None:
    made = Making()
    own = {"id": "ours", "levels": [{"code": "a", "label": "Ja <b>tack</b>"}, {"code": "b", "label": "Nej"}]}
    made.fay("setting", {"level_sets": [own]})
    version = made.say("fay", "Något", kind="proposal", rule={"code": "consent"}, levels="ours", round=1)
    answer(made, "ada", version, "a")
    made.fay("setting", {}, ("reveals", version))
    (view,) = open_proposal_views(reader(made), Counter())
    assert view.rounds[0].bars[0].label == Words("Ja <b>tack</b>")
    found = Sheet(report(made.state))
    assert "Ja <b>tack</b>" in found.words and "b" not in {tag for tag, _ in found.tags}


def test_the_words_of_a_round_are_not_printed_a_second_time_under_the_same_ending() -> None:
    made = Making()
    version = proposed(made)
    (proposal,) = open_proposal_views(reader(made), Counter())
    assert proposal.rounds[0].words is None
    from cowork.analysis.proposals import proposals

    (found,) = proposals(reader(made).view)
    told = votes_in(reader(made), found.rounds[0], True, (), "Other words")
    assert told.words == Words("We begin at nine", "en-GB") and version
