"""The trace, both ways, over random threads: no link skipped, no word shown that this viewer may not read."""

from __future__ import annotations

from hypothesis import given
from support.random_workshops import WORD, Weave, ground_of, weaves, words_of
from support.strategies import Group, laws

from cowork.analysis import trace as tracing
from cowork.analysis.trace import GAP_NO_LINK, GAP_UNWRITTEN, Step, starting_points, trace
from cowork.analysis.uses import is_used, uses_of
from cowork.core.access.participant_view import ParticipantView
from cowork.core.provenance import FIRSTHAND_KINDS, PROVENANCE
from cowork.store import memory_record


@laws
@given(weaves())
def test_no_step_holds_a_word_that_its_reader_may_not_read(weave: Weave) -> None:
    for seen in weave.eyes():
        allowed = words_of(seen)
        for c in seen.contributions():
            start = trace(seen, c.id)
            assert start is not None
            told = set(WORD.findall(" ".join(_texts(start))))
            # Its author sees what they took back, and a facilitator what is hidden, as the start of nothing.
            assert told <= allowed, told - allowed


def _texts(start: Step) -> list[str]:
    return [words for step in start.walk() for words in (step.text, *(quote.text for quote in step.quotes))]


@laws
@given(weaves())
def test_a_trace_skips_no_link_and_ends_only_at_words_or_at_a_gap_that_says_why(weave: Weave) -> None:
    for seen in weave.eyes():
        for c in seen.contributions():
            if not c.is_active:
                continue
            start = trace(seen, c.id)
            assert start is not None
            for step in start.walk():
                if step.gap:
                    assert not step.text and not step.steps
                elif step.again:
                    assert not step.steps and any(s.id == step.id and not s.again for s in start.walk())
                else:
                    assert [s.id for s in step.steps if s.kind or (s.gap == "gone" and s.id)] == ground_of(
                        seen, step.id
                    )
                    assert step.steps or step.kind in FIRSTHAND_KINDS


@laws
@given(weaves())
def test_what_became_of_words_is_the_trace_read_the_other_way(weave: Weave) -> None:
    for seen in weave.eyes():
        here = [c for c in seen.contributions() if c.is_active]
        back = {c.id: {s.id for s in trace(seen, c.id).walk() if not s.gap} - {c.id} for c in here}  # type: ignore[union-attr]
        for c in here:
            on = {f.contribution.id for f in uses_of(seen, c.id) if f.key in MADE_OF}
            led = {d.id for d in here if c.id in back[d.id] and d.kind in BUILT}
            assert on == led, (c.kind, on ^ led)


#: Keys of a fate that come by the links of a trace, and the kinds they name.
MADE_OF = {"view", "theme", "reading", "understood", "proposal", "action", "agreed", "differ", "open"}
BUILT = {"view", "theme", "interpretation", "understanding", "proposal", "action", "outcome"}


@laws
@given(weaves())
def test_nobody_is_told_of_a_fate_in_something_they_may_not_see(weave: Weave) -> None:
    for seen in weave.eyes():
        for c in seen.contributions():
            for told in uses_of(seen, c.id):
                assert told.contribution.is_active and seen.of_id(told.contribution.id) is not None
                assert told.links > 0


# ---- one at a time


class Thread(Group):
    """Ada said something, and it was carried all the way to an agreement."""

    def __init__(self) -> None:
        super().__init__(memory_record())
        self.said = self.write("ada", "Nobody asked my mother", kind="utterance")
        quotes = [{"source": self.said, "version": self.said, "start": 7, "end": 12}]
        self.view = self.add("bo", "view", {"text": "We do not ask", "quotes": quotes}, ("documents", self.said))
        self.reading = self.write("bo", "Asking is left out", ("interprets", self.view), kind="interpretation")
        self.now = self.write("fay", "Asking costs little", ("rests-on", self.reading), kind="understanding")
        body = {"text": "We ask each time", "rule": {"code": "talk"}}
        self.proposal = self.add("fay", "proposal", body, ("rests-on", self.now))
        self.agreed = self.add(
            "fay", "outcome", {"text": "We ask each time", "outcome": "agreed"}, ("closes", self.proposal)
        )


def test_from_an_agreement_every_step_stands_in_its_order_down_to_the_exact_words() -> None:
    thread = Thread()
    start = trace(ParticipantView(thread.state, ""), thread.agreed)
    assert start is not None and start.depth() == 5
    line = list(start.walk())
    assert [s.kind for s in line] == [
        "outcome", "proposal", "understanding", "interpretation", "view", "utterance"
    ]  # fmt: skip
    assert [s.relation for s in line[1:]] == ["closes", "rests-on", "rests-on", "interprets", "documents"]
    assert set(r.relation for r in line[1:]) <= set(PROVENANCE)
    assert [q.text for q in line[-1].quotes] == ["asked"] and line[-1].text == "Nobody asked my mother"


def test_a_quotation_keeps_the_words_that_were_chosen_when_their_source_is_changed() -> None:
    thread = Thread()
    thread.edit("ada", "Somebody asked my mother", thread.said)
    start = trace(ParticipantView(thread.state, ""), thread.agreed)
    assert start is not None
    last = list(start.walk())[-1]
    assert last.text == "Nobody asked my mother" and last.quotes[0].text == "asked"
    assert last.contribution is not None and last.contribution.text == "Somebody asked my mother"
    assert [c.what for c in start.changed] == ["changed"]


def test_words_taken_back_leave_a_gap_on_the_way_and_no_way_through_it() -> None:
    thread = Thread()
    thread.withdraw("bo", thread.view)
    for viewer in ("", thread.ids["ada"], thread.ids["bo"]):
        seen = ParticipantView(thread.state, viewer)
        start = trace(seen, thread.agreed)
        assert start is not None
        assert [s.gap for s in start.walk()][-1] == "taken"
        assert "Nobody asked my mother" not in _texts(start)
        # Nor, read the other way, does a way lead through them: not even for who took them back.
        assert [f.key for f in uses_of(seen, thread.said)] == []


def test_talk_that_was_not_written_down_and_a_missing_link_are_told_apart() -> None:
    thread = Thread()
    loose = thread.write("bo", "Just so", kind="interpretation")
    spoken = thread.add("bo", "interpretation", {"text": "From the table", "unwritten": True})
    for root, gap in ((loose, GAP_NO_LINK), (spoken, GAP_UNWRITTEN)):
        start = trace(ParticipantView(thread.state, ""), root)
        assert start is not None and [s.gap for s in start.steps] == [gap]
    assert tracing.GAP_UNWRITTEN != tracing.GAP_NO_LINK


def test_links_in_a_ring_end() -> None:
    thread = Thread()
    thread.add("bo", "link", {}, ("from", thread.view), ("rests-on", thread.now))
    start = trace(ParticipantView(thread.state, ""), thread.agreed)
    assert start is not None
    assert sum(s.again for s in start.walk()) == 1


def test_each_fate_is_named_and_stands_nearest_first() -> None:
    thread = Thread()
    seen = ParticipantView(thread.state, "")
    assert [f.key for f in uses_of(seen, thread.said)] == ["view", "reading", "understood", "proposal", "agreed"]
    assert [f.links for f in uses_of(seen, thread.said)] == [1, 2, 3, 4, 5]
    talk = thread.write("bo", "Say more?", ("talks-about", thread.said), kind="utterance")
    assert [f.contribution.id for f in uses_of(ParticipantView(thread.state, ""), thread.said)][:2] == [
        thread.view,
        talk,
    ]
    assert uses_of(ParticipantView(thread.state, ""), talk) == []


def test_what_was_only_talked_about_or_stated_as_not_used_was_not_taken_up() -> None:
    thread = Thread()
    asset = thread.write("ada", "My van", kind="asset")
    assert not is_used(ParticipantView(thread.state, ""), asset)
    thread.write("bo", "A van?", ("talks-about", asset), kind="utterance")
    assert not is_used(ParticipantView(thread.state, ""), asset)
    thread.add("fay", "link", {}, ("from", asset), ("went-unused", thread.agreed))
    assert {f.key for f in uses_of(ParticipantView(thread.state, ""), asset)} == {"talked", "unused"}
    assert not is_used(ParticipantView(thread.state, ""), asset)
    thread.add("fay", "link", {}, ("from", asset), ("used-in", thread.agreed))
    assert is_used(ParticipantView(thread.state, ""), asset)


def test_a_trace_begins_at_any_ending_agreements_first_and_then_at_open_proposals() -> None:
    thread = Thread()
    difference = thread.add("fay", "outcome", {"text": "We differ", "outcome": "difference"}, ("rests-on", thread.view))
    open_ = thread.add("bo", "proposal", {"text": "Tea", "rule": {"code": "talk"}})
    question = thread.add("fay", "outcome", {"text": "Who pays?", "outcome": "open-question"})
    begin = [c.id for c in starting_points(ParticipantView(thread.state, ""))]
    assert begin == [thread.agreed, difference, question, open_]
    thread.add("fay", "outcome", {"outcome": "reopened"}, ("reopens", thread.agreed))
    assert [c.id for c in starting_points(ParticipantView(thread.state, ""))][:2] == [difference, question]
    assert thread.proposal in [c.id for c in starting_points(ParticipantView(thread.state, ""))]


@laws
@given(weaves())
def test_words_are_taken_up_where_one_of_their_fates_says_so(weave: Weave) -> None:
    for seen in weave.eyes():
        for c in seen.contributions():
            assert is_used(seen, c.id) is any(f.key not in ("talked", "unused") for f in uses_of(seen, c.id))
