"""How far the report can be trusted: how words came to be written, what is not in it, how it can be checked."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from golden.make_report import Making
from support.spreadsheets import Sheet, sheet, workshop

from cowork.core.access.disclosure import DisclosedView
from cowork.reports import report
from cowork.reports.caveats import entry_origin, gap_counts, hidden_counts, integrity_line, withheld_sentences
from cowork.reports.reader import DisclosedState, Reader
from cowork.text import translate


def test_texts_are_counted_once_by_how_they_were_written_down() -> None:
    made = Making()
    said = made.say("ada", "Jag väntar", fidelity="own-typing", lang="sv")
    made.say("ada", "I wait", ("renders", said), fidelity="translated")
    made.say("ada", "Nobody stated how")
    made.group.ids["dee"] = made.record.new_id()
    made.scribed("participant", {"name": "Dee"})
    made.scribed("consent", {"question": "part", "answer": "yes"})
    for close, back in (("exact-words", True), ("in-short", False), ("in-short", None)):
        body = {"text": "Dee says", "lang": "en", "fidelity": close}
        made.scribed("utterance", body if back is None else {**body, "read_back": back})
    found = entry_origin(Reader(made.state, "en"))
    assert dict(found.rows) == {
        translate("scribe.fidelity.own"): 1, translate("scribe.fidelity.exact"): 1,
        translate("scribe.fidelity.short"): 2,
        translate("report.not_stated"): 1,
    }  # fmt: skip
    assert dict(found.read_back) == {translate("report.was_read_back"): 1, translate("report.not_read_back"): 2}


def test_what_is_kept_back_is_counted_and_never_said() -> None:
    lines = withheld_sentences(Reader(workshop(), "en"))
    assert lines == (
        translate("report.gap", n=DisclosedView(workshop()).withheld_counts()["naming"]),
        translate("hide.report", n=1, m=1),
    )
    assert withheld_sentences(Reader(Making().state, "en")) == (translate("report.nothing_kept"),)


def test_hidden_words_are_counted_with_and_without_a_reason_and_no_longer_when_shown() -> None:
    made = Making()
    one, two, taken = (made.say("ada", text) for text in ("one", "two", "three"))
    first = made.fay("hide", {}, ("hides", one))
    made.fay("hide", {"text": "a name"}, ("hides", two))
    made.fay("hide", {}, ("hides", taken))
    made.add("ada", "withdrawal", {}, ("withdraws", taken))
    assert hidden_counts(made.state) == (2, 1)
    made.fay("edit", {"text": "it may hurt"}, ("replaces", first))
    assert hidden_counts(made.state) == (2, 2)
    made.fay("show", {}, ("shows", one), ("replaces", first))
    assert hidden_counts(made.state) == (1, 1)


def test_places_without_words_are_counted_by_the_sentence_that_stands_there() -> None:
    reader = Reader(workshop(), "sv")
    rows = gap_counts(reader, Counter({"taken": 2, "kept": 1, "erased": 0}))
    assert rows == ((translate("trace.taken_back", "sv"), 2), (translate("trace.kept_back", "sv"), 1))
    part = sheet(workshop(), "sv").parts["gaps"]
    for why in ("taken_back", "erased", "hidden", "kept_back"):
        sentence = translate(f"trace.{why}", "sv")
        shown = sum(p.count(sentence) for key, p in sheet(workshop(), "sv").parts.items() if key != "gaps")
        assert f"{sentence} {shown}" in part, "as many as stand in the report"


def test_the_mark_is_that_of_the_record_and_the_last_entry_is_told_in_the_zone_that_was_asked_for() -> None:
    found = integrity_line(Reader(workshop(), "en"))
    assert (found.anchor, found.entries) == (workshop().anchor(), len(workshop().entries))
    assert found.last.startswith("9 October 2025") and found.made.startswith("cowork ")
    assert translate("report.zone", zone="UTC") in sheet(workshop()).parts["check"]
    late = int(datetime(2025, 10, 9, 23, 30, tzinfo=UTC).timestamp() * 1000)
    for zone, told, when in (
        ("", "UTC", "9 October 2025, 23:30"),
        ("Europe/Stockholm", "Europe/Stockholm", "10 October 2025, 01:30"),
        ("Nowhere/Atall", "UTC", "9 October 2025, 23:30"),
        ("../../etc/passwd", "UTC", "9 October 2025, 23:30"),
    ):
        assert Reader(workshop(), "en", zone=zone).when(late) == when
        assert translate("report.zone", zone=told) in Sheet(report(workshop(), zone=zone)).parts["check"]


def test_a_time_that_no_calendar_has_is_no_error() -> None:
    reader = Reader(workshop(), "en")
    assert reader.when(10**18) == reader.when(0)


def test_nothing_of_the_group_at_large_is_counted_that_it_may_not_see() -> None:
    state = workshop()
    told = sum(n for _, n in entry_origin(Reader(state, "en")).rows)
    assert told == len([c for c in DisclosedState(state).contributions() if c.has_text and c.is_active])
