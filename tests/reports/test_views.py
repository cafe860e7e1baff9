"""Views in the report: in their holders' words, with where each stands, and "Not said" where nothing was said."""

from __future__ import annotations

from collections import Counter

from golden.make_report import SECRETS, Making
from support.spreadsheets import Sheet, sheet, workshop

from cowork.reports import one_page
from cowork.reports.reader import Reader
from cowork.reports.views import View, differing_views, other_views
from cowork.text import translate


def ledger(made: Making) -> list[View]:
    return list(differing_views(Reader(made.state, "en"), Counter()))


def test_each_view_that_differs_stands_beside_the_other_with_where_its_holders_stand() -> None:
    one, two = differing_views(Reader(workshop(), "en"), Counter())
    assert [v.item.versions[0].text[:6] for v in (one, two)] == ["Tell p", "Better"]
    assert one.differs[0][0] == two.item.root and two.differs[0][0] == one.item.root
    assert [h.standing for h in one.holdings] == [translate("report.not_said")]
    mine, kept = two.holdings
    assert (mine.standing, mine.why.text) == (translate("differ.standing.partly"), "I see why")
    assert (
        kept.gap == translate("trace.kept_back")
        and not kept.standing
        and kept.who.text == translate("common.other_person")
    )
    part = sheet(workshop()).parts["differ"]
    assert SECRETS["standing"] not in part and translate("differ.standing.still") not in part


def test_where_a_holder_stood_before_is_told_too() -> None:
    made = Making()
    view = made.say("ada", "The bus", kind="view", holder="me")
    made.say("cem", "The tram", ("differs-from", view), kind="view", holder="me")
    first = made.add("ada", "standing", {"standing": "still", "text": "I take it daily"}, ("answers", view))
    made.add("ada", "edit", {"standing": "changed", "text": "It was cancelled"}, ("replaces", first))
    bus = ledger(made)[0]
    assert (
        bus.holdings[0].standing == translate("differ.standing.changed")
        and bus.holdings[0].why.text == "It was cancelled"
    )
    assert [(line.split(" · ")[0], words.text) for line, words in bus.holdings[0].earlier] == [
        (translate("differ.standing.still"), "I take it daily")
    ]


def test_words_written_for_somebody_say_if_that_person_has_confirmed_them() -> None:
    made = Making()
    held = {"kind": "view", "holder": "other", "holders": [made.group.ids["cem"]]}
    view = made.say("ada", "Cem wants the stairs", **held)  # type: ignore[arg-type]
    made.say("ada", "I want the lift", ("differs-from", view), kind="view", holder="me")
    assert ledger(made)[0].holdings[0].confirmed == translate("documentation.confirm.not_said")
    made.add("cem", "check", {"result": "no", "text": "The ramp", "lang": "en"}, ("checks", view))
    (said,) = ledger(made)[0].holdings
    assert (said.confirmed, said.confirmed_words.text) == (translate("documentation.confirm.no"), "The ramp")
    assert ledger(made)[1].holdings[0].confirmed == "", "whose own words stand there has nothing to confirm"


def test_how_others_see_it_is_counted_and_never_averaged() -> None:
    made = Making()
    view = made.say("ada", "The bus", kind="view", holder="me")
    for name, stance in (("fay", "with"), ("bo", "with"), ("cem", "differ")):
        made.add(name, "stance", {"stance": stance}, ("answers", view))
    (found,) = other_views(Reader(made.state, "en"), Counter(), built_on=False)
    assert found.stances == ((translate("documentation.stance.with"), 2), (translate("documentation.stance.differ"), 1))


def test_a_view_that_nobody_holds_or_could_be_asked_says_so() -> None:
    made = Making()
    made.say("ada", "Somebody said it", kind="view", holder="open", holders=[])
    made.say("ada", "They said it on the wall", kind="view", holder="unreached", holders=[])
    found = other_views(Reader(made.state, "en"), Counter(), built_on=False)
    assert [v.nobody for v in found] == [
        translate("documentation.holder.open"),
        translate("documentation.holder.unreached"),
    ]


def test_a_view_that_somebody_built_on_stands_under_how_people_see_it_and_another_where_nothing_was() -> None:
    made = Making()
    used = made.say("ada", "The used view", kind="view", holder="me")
    made.say("ada", "The other view", kind="view", holder="me")
    made.say("fay", "So we see", ("rests-on", used), kind="understanding", who="we")
    found = sheet(made.state)
    assert "The used view" in found.parts["documentation"] and "The other view" in found.parts["left"]
    assert "The other view" not in found.parts["documentation"]


def test_where_no_view_stands_under_its_heading_it_says_where_they_stand_or_that_there_is_only_talk() -> None:
    made = Making()
    assert translate("report.nothing") in sheet(made.state).parts["documentation"]
    made.say("ada", "We talked", kind="utterance")
    line = translate("report.talk_only", n=1)
    assert sheet(made.state).parts["documentation"].endswith(line) and line in Sheet(one_page(made.state)).words
    first = made.say("ada", "It is late", kind="view", holder="me")
    made.say("cem", "It is not", ("differs-from", first), kind="view", holder="me")
    found = sheet(made.state)
    assert translate("report.views_under", h=translate("report.h.differ")) in found.parts["documentation"]
    assert translate("report.nothing") not in found.parts["documentation"]
    assert translate("report.views_under", h=translate("onepage.h.differ")) in Sheet(one_page(made.state)).words


def test_a_name_that_was_taken_off_a_text_stands_beside_no_wording_of_it() -> None:
    made = Making()
    made.group.consent("ada", "naming", "named")
    first = made.say("ada", "The tray at ten", kind="view", shown="named")
    made.say("fay", "We see a tray", ("rests-on", first), kind="understanding")
    assert "Ada" in sheet(made.state).parts["understanding"]
    made.add("ada", "edit", {"text": "The tray at eleven", "shown": "none"}, ("replaces", first))
    part = sheet(made.state).parts["understanding"]
    assert "The tray at ten" in part and "Ada" not in part
