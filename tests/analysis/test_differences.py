"""Where we see it differently: both sides marked, standings only their holders set, nothing shown before its time."""

from __future__ import annotations

from hypothesis import given
from support.random_workshops import WORD, Weave, weaves, words_of
from support.strategies import Group, laws

from cowork.analysis.differences import (
    confirmations,
    differing_views,
    holder_standing,
    latest_checks,
    stances,
    view_difference,
    view_differences,
)
from cowork.core.access.participant_view import ParticipantView
from cowork.core.provenance import holders_of
from cowork.store import memory_record


@laws
@given(weaves())
def test_a_difference_stands_on_both_views_and_on_no_other(weave: Weave) -> None:
    for seen in weave.eyes():
        views = [c.id for c in seen.of_kind("view") if c.is_active]
        pairs = {(a, b) for a in views for b in differing_views(seen, a)}
        assert pairs == {(b, a) for a, b in pairs}
        assert all(a != b for a, b in pairs)
        told = view_differences(seen)
        assert {r.view.id for r in told} >= {a for a, _ in pairs}
        assert [r.view.first_version.header.order for r in told] == sorted(
            r.view.first_version.header.order for r in told
        )
        assert all(set(r.differs_from) <= set(views) for r in told)


@laws
@given(weaves())
def test_each_holder_stands_where_they_said_and_nobody_else_stands_anywhere(weave: Weave) -> None:
    for seen in weave.eyes():
        allowed = words_of(seen)
        for view in seen.of_kind("view"):
            told = view_difference(seen, view)
            assert [s.person for s in told.standings] == list(told.holders) == holders_of(seen.state, view.id)
            for stands in told.standings:
                said = [stands.entry, *stands.history] if stands.entry else []
                assert bool(said) == bool(stands.code)
                for entry in said:
                    assert entry is not None and entry.header.by == stands.person and seen.can_see_version(entry)
                    assert set(WORD.findall(str(entry.data))) <= allowed or seen.state.hides(seen.state.root(entry.id))
                assert set(WORD.findall(stands.why)) <= allowed


class Two(Group):
    """Ada and Bo see it differently; Cy sees it as Ada does."""

    def __init__(self) -> None:
        super().__init__(memory_record(), "fay ada bo cy")
        self.one = self.add("ada", "view", {"text": "Mornings", "holder": "me", "holders": [self.ids["ada"]]})
        self.other = self.add("bo", "view", {"text": "Evenings"}, ("differs-from", self.one))

    def stand(self, name: str, view: str, code: str, why: str = "", **more: str) -> str:
        return self.add(name, "standing", {"standing": code, "text": why}, ("answers", view), **more)

    def at(self, name: str, view: str, viewer: str = "") -> tuple[str, str]:
        said = holder_standing(ParticipantView(self.state, self.ids.get(viewer, "")), view, self.ids[name])
        return said.code, said.why


def test_a_holder_who_has_said_nothing_is_not_said_and_nobody_waits() -> None:
    two = Two()
    (first, second) = view_differences(ParticipantView(two.state, ""))
    assert (first.view.id, first.differs_from) == (two.one, (two.other,))
    assert (second.view.id, second.differs_from) == (two.other, (two.one,))
    assert [s.code for r in (first, second) for s in r.standings] == ["", ""]


def test_the_last_word_of_a_holder_stands_and_the_ones_before_are_its_history() -> None:
    two = Two()
    first = two.stand("ada", two.one, "still", "As I said")
    two.add("ada", "edit", {"standing": "partly", "text": "Bo told me of his shifts"}, ("replaces", first))
    said = holder_standing(ParticipantView(two.state, ""), two.one, two.ids["ada"])
    assert (said.code, said.why) == ("partly", "Bo told me of his shifts")
    assert [e.data["standing"] for e in said.history] == ["still"]
    two.edit("ada", "Early mornings", two.one)  # a new wording of the view leaves it standing
    assert two.at("ada", two.one) == ("partly", "Bo told me of his shifts")


def test_a_standing_the_group_may_not_see_yet_is_not_in_the_ledger_nor_is_that_there_is_one() -> None:
    two = Two()
    two.add("fay", "setting", {"element": "documentation", "alone": True})
    two.stand("ada", two.one, "changed", "Kept until we show them", seen_by="group-from-reveal")
    for viewer in ("bo", "fay", ""):
        assert two.at("ada", two.one, viewer) == ("", "")
    assert two.at("ada", two.one, "ada") == ("changed", "Kept until we show them")
    two.add("fay", "setting", {"element": "documentation", "alone": False})
    assert two.at("ada", two.one, "bo") == ("changed", "Kept until we show them")


def test_hidden_words_of_a_standing_are_gone_and_where_the_holder_stands_is_still_theirs_to_say() -> None:
    two = Two()
    said = two.stand("ada", two.one, "changed", "Because of Bo's illness")
    two.hide("fay", said)
    assert two.at("ada", two.one, "bo") == ("changed", "")
    two.withdraw("ada", said)
    assert two.at("ada", two.one, "bo") == ("", "")


def test_who_ties_themselves_to_a_view_becomes_a_holder_and_stands_for_themselves() -> None:
    two = Two()
    two.add("cy", "link", {}, ("holds", two.one))
    two.stand("cy", two.one, "still")
    told = view_differences(ParticipantView(two.state, ""))[0]
    assert [(s.person, s.code) for s in told.standings] == [(two.ids["ada"], ""), (two.ids["cy"], "still")]


def test_a_kept_difference_keeps_its_views_in_the_ledger_also_where_no_link_says_that_they_differ() -> None:
    two = Two()
    alone = two.add("cy", "view", {"text": "Never"})
    assert alone not in [r.view.id for r in view_differences(ParticipantView(two.state, ""))]
    two.add("fay", "outcome", {"text": "When, if at all", "outcome": "difference"}, ("rests-on", alone))
    assert alone in [r.view.id for r in view_differences(ParticipantView(two.state, ""))]


def test_a_view_taken_back_leaves_no_difference_behind_on_the_other() -> None:
    two = Two()
    two.withdraw("bo", two.other)
    assert view_differences(ParticipantView(two.state, "")) == []
    assert differing_views(ParticipantView(two.state, two.ids["bo"]), two.one) == ()


def test_answers_to_a_view_or_to_a_check_count_only_once_the_group_may_see_them() -> None:
    two = Two()
    two.add("fay", "setting", {"element": "documentation", "alone": True})
    two.add("fay", "setting", {"element": "understanding", "alone": True})
    now = two.write("fay", "It is the shifts", ("rests-on", two.one), kind="understanding")
    two.add("cy", "stance", {"stance": "with"}, ("answers", two.one), seen_by="group-from-reveal")
    answer = {"result": "same", "of": "all"}
    two.add("cy", "check", answer, ("checks", now), seen_by="group-from-reveal")
    written = two.add("fay", "view", {"text": "Nights", "holder": "other", "holders": [two.ids["cy"]]})
    two.add("cy", "check", {"result": "no"}, ("checks", written), seen_by="group-from-reveal")
    for viewer, count in (("", 0), ("bo", 0), ("cy", 1)):
        seen = ParticipantView(two.state, two.ids.get(viewer, ""))
        assert len(stances(seen, two.one)) == count
        assert len(latest_checks(seen, now, "all")) == count
        assert sum(bool(c.code) for c in confirmations(seen, written)) == count
