"""Who was asked, which worries stand inside an ending, and who was away: told as it was said, and not guessed."""

from __future__ import annotations

from support.strategies import Group

from cowork.analysis.participation import ways_in
from cowork.analysis.proposals import outcomes, proposals
from cowork.core.access.disclosure import DisclosedView
from cowork.core.access.participant_view import ParticipantView
from cowork.store import memory_record


class Asking(Group):
    """Fay leads and stays out of it; the others answer a proposal of Ada's, and say with which rule before."""

    def __init__(self, **body: object) -> None:
        super().__init__(memory_record(), "fay ada bo cy")
        self.rule = {"rule": {"code": "answered"}}
        self.proposal = self.add("ada", "proposal", {"text": "Everyone is asked", **self.rule, **body})

    def answer(self, name: str, level: str, version: str = "") -> str:
        about = ("answers", version or self.proposal)
        body = {"level": level, "text": f"Why {name}"}
        return self.add(name, "position", body, about, seen_by="group-from-reveal")

    def reveal(self, version: str = "") -> None:
        self.add("fay", "setting", {}, ("reveals", version or self.proposal))


def test_only_those_a_wording_names_are_asked_and_whoever_answers_all_the_same() -> None:
    everyone = Asking()
    named = Asking()
    body = {"text": "Everyone is asked", **named.rule, "answering": [named.ids["ada"], named.ids["bo"]]}
    named.proposal = named.add("ada", "proposal", body)
    for group, asked, silent in ((everyone, 4, 3), (named, 2, 1)):
        group.answer("ada", "fine")
        group.reveal()
        last = proposals(ParticipantView(group.state, ""))[0].last
        assert (last.asked, last.silent) == (asked, silent)
    named.answer("cy", "fine")
    assert proposals(ParticipantView(named.state, ""))[0].last.asked == 3
    named.consent("bo", "part", "no")
    assert proposals(ParticipantView(named.state, ""))[0].last.silent == 0


def test_a_worry_that_a_new_wording_met_is_told_beside_the_agreement_and_the_others_inside_it() -> None:
    group = Asking()
    worry = group.write("bo", "Not on Fridays", ("talks-about", group.proposal), kind="reservation")
    other = group.write("cy", "Who pays?", ("talks-about", group.proposal), kind="reservation")
    group.write("fay", "The ward", ("answers-reservation", other), kind="utterance")
    about = [("replaces", group.proposal), ("answers-reservation", worry)]
    anew = group.add("ada", "edit", {"text": "Most are asked", "round": 2, **group.rule}, *about)
    group.answer("bo", "fine", anew)
    group.reveal(anew)
    group.add("fay", "outcome", {"text": "Most are asked", "outcome": "agreed"}, ("closes", anew))
    (ending,) = outcomes(ParticipantView(group.state, ""))
    assert [w.root for w in ending.worries] == [worry, other]
    assert [w.root for w in ending.carried_worries] == [other]
    # Whose worry it is says if that was enough: nobody else can write it away.
    group.add("bo", "check", {"result": "no"}, ("checks", worry))
    (ending,) = outcomes(ParticipantView(group.state, ""))
    assert [w.root for w in ending.carried_worries] == [worry, other]


def test_the_words_of_an_answer_stay_with_those_who_may_read_them_and_the_answer_counts() -> None:
    group = Asking()
    group.consent("ada", "naming", "not")
    group.consent("bo", "naming", "named")
    group.answer("ada", "fine")
    group.answer("bo", "fine")
    group.answer("cy", "fine")
    group.reveal()
    inside, outside = (proposals(seen) for seen in (ParticipantView(group.state, ""), DisclosedView(group.state)))
    assert inside and not outside  # a proposal of one who keeps their words inside goes nowhere
    group.consent("ada", "naming", "named")
    group.consent("bo", "naming", "not")
    last = proposals(DisclosedView(group.state))[0].last
    rows = {row.level.code: row for row in last.rows}
    assert rows["fine"].n == 3
    assert {p.person: p.entry.data.get("text", "") for p in rows["fine"].positions} == {
        group.ids["ada"]: "Why ada",
        group.ids["bo"]: "",
        group.ids["cy"]: "Why cy",
    }


def test_who_looks_after_a_worry_is_named_as_they_agreed_to() -> None:
    group = Asking()
    about = ("talks-about", group.proposal)
    group.add("bo", "reservation", {"text": "Who counts?", "owner": group.ids["cy"]}, about)
    group.add("cy", "participant", {"perspectives": ["ward clerk"]})
    for naming, outside in (("named", "Cy"), ("perspective", "ward clerk"), ("not", "")):
        group.consent("cy", "naming", naming)
        (inside,) = proposals(ParticipantView(group.state, ""))[0].worries
        (told,) = proposals(DisclosedView(group.state))[0].worries
        assert (inside.owner, told.owner) == ("Cy", outside)


def test_whom_an_episode_tells_of_as_away_took_no_part_in_it() -> None:
    group = Group(memory_record())
    first = group.add("fay", "episode", {"name": "At the table"})
    for name in ("fay", "ada", "bo"):
        group.add(name, "attendance", {"way": "room"})
    away = [group.ids["ada"], group.ids["bo"]]
    later = group.add("fay", "episode", {"name": "The weeks after", "away": away})
    group.add("bo", "attendance", {"way": "later"})  # came after all
    assert set(ways_in(group.state, first).values()) == {"room"} and len(ways_in(group.state, first)) == 3
    assert ways_in(group.state, later) == {group.ids["fay"]: "room", group.ids["bo"]: "later"}
