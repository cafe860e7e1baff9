"""The thread in the report: down to the exact words with who and when, and a sentence where words are gone."""

from __future__ import annotations

from collections import Counter

from golden.make_report import SECRETS, Making
from hypothesis import given, settings
from support.random_workshops import Weave, weaves
from support.spreadsheets import Sheet, sheet, workshop
from support.strategies import laws
from support.transcript_cases import WARD, told

from cowork.analysis.proposals import outcomes
from cowork.analysis.trace import trace
from cowork.core.access.participant_view import ParticipantView
from cowork.reports import report
from cowork.reports.full_report import HEADINGS
from cowork.reports.provenance import Node, provenance_nodes
from cowork.reports.reader import DisclosedState, Reader
from cowork.text import translate

few = settings(laws, max_examples=60)


def nodes(reader: Reader, root: str, gaps: Counter[str] | None = None, *, whole: bool = True) -> list[Node]:
    found = provenance_nodes(reader, root, Counter() if gaps is None else gaps, whole=whole)
    return [node for top in found for node in top.walk()]


def test_an_agreement_leads_down_to_the_exact_words_with_who_and_when() -> None:
    reader = Reader(workshop(), "en")
    (agreed,) = [e for e in outcomes(reader.view) if e.result == "agreed"]
    found = nodes(reader, agreed.contribution.id)
    said = {q.text: n for n in found for q, _ in n.quotes}
    assert set(said) == {"nobody says how long", "rang"}
    for words, by, when in (
        ("nobody says how long", "Ada", "9 October 2025"),
        ("rang", translate("join.voice", n=3), translate("dialogue.said_at", time="0:04:34")),
    ):
        item = said[words].item
        assert item is not None and item.by.text.startswith(by) and item.when.startswith(when)
    dee = next(n.item for n in found if n.item and n.item.versions[0].text == "Say it in words I use")
    assert dee.by.text == "Dee"
    assert dee.notes[:2] == (translate("common.written_down_by", name="Fay"), translate("scribe.fidelity.exact"))


def test_where_words_are_gone_a_sentence_says_why_and_each_is_counted() -> None:
    reader, gaps = Reader(workshop(), "en"), Counter[str]()
    (agreed,) = [e for e in outcomes(reader.view) if e.result == "agreed"]
    found = nodes(reader, agreed.contribution.id, gaps)
    sentences = {translate(f"trace.{key}") for key in ("kept_back", "taken_back", "erased", "hidden")}
    assert {n.gap for n in found if n.gap} == sentences
    assert gaps == {"kept": 1, "taken": 1, "erased": 1, "hidden": 1}
    part = sheet(workshop()).parts["agreement"]
    assert all(sentence in part for sentence in sentences) and not any(words in part for words in SECRETS.values())


@few
@given(weaves())
def test_no_link_of_any_thread_is_left_out(weave: Weave) -> None:
    reader = Reader(weave.state, "en")
    for ending in outcomes(reader.view):
        top = trace(reader.view, ending.contribution.id)
        assert top is not None
        steps = list(top.walk())[1:]
        found = nodes(reader, ending.contribution.id)
        assert len(found) == len(steps)
        assert Counter(bool(n.gap) for n in found) == Counter(bool(s.gap) for s in steps)


@few
@given(weaves())
def test_every_link_inside_the_file_leads_to_words_that_stand_there(weave: Weave) -> None:
    found = Sheet(report(weave.state))
    assert {href[1:] for href in found.hrefs} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


def test_what_stands_in_full_elsewhere_is_led_to() -> None:
    reader = Reader(workshop(), "en")
    (agreed,) = [e for e in outcomes(reader.view) if e.result == "agreed"]
    nodes(reader, agreed.contribution.id)
    (understanding,) = reader.view.of_kind("understanding")
    led = [n for n in nodes(reader, understanding.id, whole=False) if n.again]
    assert len(led) == 3 and all(reader.href(n.again) and not n.nodes for n in led)


def test_a_link_leads_to_where_the_thread_stands_also_when_that_comes_later() -> None:
    made = Making()
    said = made.say("ada", "The bus was full")
    view = made.say("ada", "The bus is too small", ("documents", said), kind="view", holder="me")
    seen = made.say("fay", "We see the bus", ("rests-on", view), kind="understanding", who="we")
    made.say(
        "fay", "We differ about the bus", ("rests-on", seen), ("rests-on", view), kind="outcome", outcome="difference"
    )
    found = Sheet(report(made.state))
    words = [attrs for tag, attrs in found.tags if tag == "div" and "item" in attrs.get("class", "").split()]
    ids = {attrs["id"] for attrs in words if "id" in attrs}
    led = {href[1:] for href in found.hrefs} - set(HEADINGS)
    assert led and led <= ids


def test_an_agreement_is_never_read_without_its_words_because_another_has_them() -> None:
    reader = Reader(workshop(), "en")
    (agreed,) = [e for e in outcomes(reader.view) if e.result == "agreed"]
    first, second = (nodes(reader, agreed.contribution.id) for _ in range(2))
    assert [n.again for n in first] == [n.again for n in second] and len(first) == len(second)


def test_the_words_that_were_meant_stand_beside_those_that_stand_now() -> None:
    reader = Reader(workshop(), "sv")
    (agreed,) = [e for e in outcomes(reader.view) if e.result == "agreed"]
    (node,) = [n for n in nodes(reader, agreed.contribution.id) if n.now]
    assert node.item is not None and node.item.versions[0].text == "Jag väntar hellre hemma"
    assert [w.text for w in node.now] == ["Jag väntar helst hemma, tack"] and node.since


def test_a_rendering_stands_under_its_source_and_nowhere_by_itself() -> None:
    state = workshop()
    (rendering,) = [e for e in state.entries.values() if e.targets("renders")]
    assert DisclosedState(state).of_id(rendering.id) is not None
    assert rendering.id not in {c.id for c in DisclosedState(state).contributions()}
    words = sheet(state).words
    line = translate("scribe.fidelity.translated", language="Swedish", name="Fay")
    assert f"I would rather wait at home {line}" in words
    assert words.count("I would rather wait at home") == words.count(line)


def test_the_same_words_are_not_printed_twice_in_one_thread_nor_the_link_left_out() -> None:
    state, entries = told(WARD)
    reader = Reader(state, "en")
    ending = next(e for e in outcomes(reader.view) if e.result == "agreed")
    (same,) = [n for n in nodes(reader, ending.contribution.id) if n.same]
    assert same.label == translate("agreement.label.proposal") and same.nodes
    assert translate("report.same_words") in sheet(state).parts["agreement"] and entries


def test_talk_that_was_not_written_down_is_told_as_that() -> None:
    part = sheet(workshop()).parts["open"]
    assert translate("trace.unwritten") in part and "Who reads it at night?" in part


def test_a_picture_is_in_the_file_itself_with_its_words() -> None:
    made = Making()
    shown = made.say(
        "ada", "The wall, with yellow notes", kind="image", type="image/png", data=["iVBORw0K", "GgoAAAAN"]
    )
    other = made.say("ada", "Not a picture", kind="image", type="text/html", data=["PGI+"])
    broken = made.say("ada", "Broken", kind="image", type="image/png", data=["$$$"])
    made.say("cem", "People want the window", *(("documents", one) for one in (shown, other, broken)), kind="view")
    images = [attrs for tag, attrs in Sheet(report(made.state)).tags if tag == "img"]
    assert images == [{"src": "data:image/png;base64,iVBORw0KGgoAAAAN", "alt": "The wall, with yellow notes"}]


def test_every_step_is_called_by_what_it_is() -> None:
    found = sheet(workshop()).parts["agreement"]
    for key in ("trace.step.understood", "trace.step.reading", "trace.step.view", "trace.step.said",
                "agreement.label.proposal"):  # fmt: skip
        assert translate(key) in found
    assert ParticipantView(workshop(), "").of_kind("understanding")
