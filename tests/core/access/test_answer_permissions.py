"""Nobody answers for somebody else: checks, standings and what is seen in a person, and ties that decide something."""

from __future__ import annotations

import pytest
from support.strategies import Group, dice

from cowork.analysis.checks import check_by_contributors, check_by_everyone
from cowork.analysis.differences import confirmations, holder_standing, stances, view_differences
from cowork.core.access.disclosure import DisclosedView
from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.core.errors import CoworkError, InvalidEntry, NotAllowed, NotFound
from cowork.store import memory_record


@pytest.fixture
def group() -> Group:
    return Group(memory_record(random_bytes=dice("answers")), "fay ada bo cy")


def check(here: Group, name: str, version: str, result: str, **more: object) -> str:
    return here.add(name, "check", {"result": result, **more}, ("checks", version))


def no(why: str, kind: type[CoworkError] = NotAllowed) -> object:
    return pytest.raises(kind, match=why)


def view_for(here: Group, holder: str, *, by: str = "fay", said: str = "") -> str:
    about = (("documents", said),) if said else ()
    return here.add(by, "view", {"text": "as we wrote it", "holder": "other", "holders": [here.ids[holder]]}, *about)


def test_only_the_holder_confirms_a_view_or_somebody_it_quotes(group: Group) -> None:
    said = group.write("bo", "what Bo said", kind="utterance")
    view = view_for(group, "ada", said=said)
    for name in ("cy", "fay"):
        with no("error.not_holder"):
            check(group, name, view, "yes")
    check(group, "ada", view, "yes")
    check(group, "bo", view, "no")
    with no("error.no_choice", InvalidEntry):
        check(group, "ada", view, "same")


def test_a_note_that_nobody_holds_may_be_checked_by_everybody(group: Group) -> None:
    note = group.add("fay", "view", {"text": "the group thought", "holders": []})
    check(group, "cy", note, "no")


def test_a_new_wording_asks_its_holder_again(group: Group) -> None:
    view = view_for(group, "ada")
    check(group, "ada", view, "yes")
    group.edit("ada", "as I would put it", view)
    (said,) = confirmations(ParticipantView(group.state, ""), view)
    assert (said.code, said.entry.kind if said.entry else "") == ("yes", "edit"), "her own words need no confirming"


def test_the_holder_may_change_the_words_and_a_change_by_their_writer_asks_the_holder_anew(group: Group) -> None:
    view = view_for(group, "ada")
    with no("error.not_yours"):
        group.edit("bo", "better", view)
    mine = group.edit("ada", "mine", view)
    group.edit("fay", "tidied", mine)
    assert [said.code for said in confirmations(ParticipantView(group.state, ""), view)] == [""]


def test_only_the_holder_sets_where_they_stand(group: Group) -> None:
    mine = group.write("ada", "Ada's", kind="view")
    other = group.write("bo", "Bo's", ("differs-from", mine), kind="view")
    for name in ("fay", "bo", "cy"):
        with no("error.not_holder"):
            group.add(name, "standing", {"standing": "changed"}, ("answers", mine))
    group.add("ada", "standing", {"standing": "partly", "text": "since the tray"}, ("answers", mine))
    group.add("ada", "standing", {"standing": "changed"}, ("answers", mine))
    rows = view_differences(ParticipantView(group.state, ""))
    assert [(row.view.id, row.differs_from) for row in rows] == [(mine, (other,)), (other, (mine,))]
    stand = holder_standing(ParticipantView(group.state, ""), mine, group.ids["ada"])
    assert (stand.code, [e.data["standing"] for e in stand.history]) == ("changed", ["partly"])
    assert holder_standing(ParticipantView(group.state, ""), other, group.ids["bo"]).code == ""
    with no("error.no_choice", InvalidEntry):
        group.add("ada", "standing", {"standing": "won over"}, ("answers", mine))


def test_the_two_checks_count_each_their_own_people(group: Group) -> None:
    said = group.write("ada", "said", kind="utterance")
    also = group.write("bo", "also", kind="utterance")
    seen = group.write("fay", "we see", ("rests-on", said), ("rests-on", also), kind="understanding")
    with no("error.not_holder"):
        check(group, "cy", seen, "yes", of="said")
    check(group, "ada", seen, "nearly", of="said", text="nearly")
    check(group, "cy", seen, "differ", of="all")
    check(group, "ada", seen, "same", of="all")
    with no("error.no_choice", InvalidEntry):
        check(group, "cy", seen, "yes", of="all")
    those, everyone = (
        check_by_contributors(ParticipantView(group.state, ""), seen),
        check_by_everyone(ParticipantView(group.state, ""), seen),
    )
    assert (len(those.asked), those.counts["nearly"], those.unanswered) == (2, 1, 1)
    assert (len(everyone.asked), everyone.counts["differ"], everyone.counts["same"], everyone.unanswered) == (
        4,
        1,
        1,
        2,
    )
    group.edit("fay", "we see better", seen)
    assert check_by_contributors(ParticipantView(group.state, ""), seen).answered == 0, "a new wording asks again"


def test_a_person_who_left_cannot_be_asked_and_is_counted_apart(group: Group) -> None:
    said = group.write("ada", "said", kind="utterance")
    seen = group.write("fay", "we see", ("rests-on", said), kind="understanding")
    group.consent("ada", "part", "no")
    found = check_by_contributors(ParticipantView(group.state, ""), seen)
    assert (len(found.asked), found.unreached, found.unanswered) == (1, 1, 0)


def test_a_stance_is_anybody_s_and_stands_for_the_wording_it_answers(group: Group) -> None:
    view = group.write("ada", "Ada's", kind="view")
    group.add("bo", "stance", {"stance": "with"}, ("answers", view))
    group.add("cy", "stance", {"stance": "differ", "text": "not at night"}, ("answers", view))
    assert [c.entry.data["stance"] for c in stances(ParticipantView(group.state, ""), view)] == ["with", "differ"]
    group.edit("ada", "otherwise", view)
    assert stances(ParticipantView(group.state, ""), view) == []


def test_only_its_author_says_if_a_worry_has_been_answered(group: Group) -> None:
    worry = group.write("bo", "at night?", kind="reservation")
    with no("error.not_holder"):
        check(group, "fay", worry, "yes")
    check(group, "bo", worry, "partly")
    with no("error.no_choice", InvalidEntry):
        check(group, "bo", worry, "nearly")


def sees_in(here: Group, by: str, whom: str) -> str:
    person = here.state.of_person(here.ids[whom], "participant")[0].id
    return here.add(by, "asset", {"text": f"a strength of {whom}", "for": here.ids[whom]}, ("sees-in", person))


def test_what_is_seen_in_somebody_reaches_nobody_before_their_yes(group: Group) -> None:
    asset = sees_in(group, "ada", "bo")

    def who() -> set[str]:
        return {
            n for n in ("fay", "ada", "bo", "cy", "") if ParticipantView(group.state, group.ids.get(n, "")).of_id(asset)
        }

    assert who() == {"ada", "bo"}
    assert DisclosedView(group.state).of_kind("asset") == []
    for name in ("fay", "ada", "cy"):
        with pytest.raises(CoworkError):
            check(group, name, asset, "yes")
    check(group, "bo", asset, "yes")
    assert who() == {"fay", "ada", "bo", "cy", ""}
    check(group, "bo", asset, "no")
    assert who() == {"ada", "bo"}


@pytest.mark.parametrize(
    ("kind", "relation"),
    [("utterance", "closes"), ("view", "renews"), ("utterance", "checks"), ("intention", "from"), ("asset", "holds"),
     ("utterance", "sees-in"), ("outcome", "reveals")],
)  # fmt: skip
def test_a_tie_that_decides_something_is_carried_by_its_own_kind_alone(group: Group, kind: str, relation: str) -> None:
    one = group.write("ada", "one", kind="proposal")
    with pytest.raises(CoworkError):
        group.add("bo", kind, {"text": "x", "outcome": "difference"}, (relation, one))


def test_nothing_is_tied_to_words_that_are_not_there_to_be_seen(group: Group) -> None:
    private = group.write("ada", "only mine", kind="utterance", seen_by="only-me")
    taken = group.write("ada", "taken back", kind="utterance")
    group.withdraw("ada", taken)
    for target in (private, taken):
        with no("error.gone", NotFound):
            group.add("bo", "view", {"text": "v"}, ("documents", target))


def test_a_scribe_enters_somebody_without_a_device_and_speaks_for_nobody_else(group: Group) -> None:
    group.role("fay", "cy", "scribe")
    una = group.record.new_id()
    scribe = Actor(group.ids["cy"])

    def write(kind: str, body: dict, *about: tuple[str, str], by: str = una, entry: str = "", **more: str) -> str:
        draft = Draft(entry or group.record.new_id(), kind, by, body, about, how="scribe", **more)
        return group.record.append(group.workshop, draft, scribe).id

    with no("error.not_yours"):
        write("consent", {"question": "part", "answer": "yes"})  # nobody has entered her yet
    write("participant", {"name": "Una"}, entry=una)
    write("consent", {"question": "part", "answer": "yes"})
    said = write("utterance", {"text": "too small letters", "written_by": group.ids["cy"]})
    view = group.add("fay", "view", {"text": "large letters", "holder": "other", "holders": [una]}, ("documents", said))
    write("check", {"result": "yes"}, ("checks", view))
    write("standing", {"standing": "still"}, ("answers", view))
    assert ParticipantView(group.state, "").participant_count() == 5
    assert [c.code for c in confirmations(ParticipantView(group.state, ""), view)] == ["yes"]
    mine = group.write("bo", "Bo's", kind="view")
    with no("error.not_holder"):
        write("standing", {"standing": "changed"}, ("answers", mine), by=group.ids["bo"])
    with no("error.not_yours"):
        write("consent", {"question": "naming", "answer": "named"}, by=group.ids["bo"])
    with no("error.not_yours"):
        draft = Draft(group.record.new_id(), "participant", group.record.new_id(), {"name": "X"}, how="scribe")
        group.record.append(group.workshop, draft, Actor(group.ids["bo"]))
