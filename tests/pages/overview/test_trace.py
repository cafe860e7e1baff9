"""How did we get here: from an agreement to the very words, and from any words on to what became of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.page_sessions import Guest
from support.provenance import Threads, sent_to

from cowork.core.entries import Actor, Draft
from cowork.text import translate
from cowork.widgets import CardList, Prose, Tree

Node = dict[str, Any]


@pytest.fixture
def group() -> Threads:
    return Threads()


def at(guest: Guest, root: str = "") -> Tree:
    guest.go("trace", root)
    return guest.part(Tree)


def walk(steps: list[Node]) -> list[Node]:
    return [node for step in steps for node in (step, *walk(step["steps"]))]


def blocks(guest: Guest) -> list[dict[str, Any]]:
    """What stands beneath the steps."""
    guest.part(Tree)
    return list([p for p in guest.session.shell.parts if isinstance(p, Prose)][-1].blocks)


def links(guest: Guest, heading: str) -> list[dict[str, Any]]:
    found = blocks(guest)
    place = next(i for i, block in enumerate(found) if block.get("h") == heading)
    return list(found[place + 1].get("links", []))


def follow(guest: Guest, href: str) -> None:
    """Press a link."""
    page, root = re.search(r"page=([a-z]+)", href), re.search(r"at=([0-9a-f-]+)", href)
    assert page, href
    guest.go(page[1], root[1] if root else "")


def test_from_an_agreement_three_presses_lead_to_the_very_words_and_skip_no_link(group: Threads) -> None:
    thread = group.agreed()
    group.cy.go("agreement")
    card = next(c for wall in group.cy.session.shell.parts if isinstance(wall, CardList) for c in wall.items)
    assert card["id"] == thread["agreed"]
    press = next(a for a in card["acts"] if isinstance(a, dict) and a["name"] == "trace")
    presses = 1
    follow(group.cy, press["href"])
    steps = walk(group.cy.part(Tree).steps)
    # Nothing is folded in a trace of this length: the words stand on the page that one press led to.
    assert len(steps) <= 40
    assert [s["id"] for s in steps] == [thread[k] for k in ("agreed", "proposal", "now", "reading", "view", "said")]
    said = steps[-1]
    assert [q["text"] for q in said["quotes"]] == ["Nobody asked my mot"]
    presses += 1
    follow(group.cy, said["href"])
    assert group.cy.session.page == "dialogue" and "Nobody asked my mother what a good day is" in sent_to(
        group.cy, "dialogue", thread["said"]
    )
    assert presses <= 3


def test_each_step_says_what_it_is_whose_and_when_and_where_it_stands(group: Threads) -> None:
    thread = group.agreed()
    steps = walk(at(group.cy, thread["agreed"]).steps)
    labels = ["agreed", "proposal", "understood", "reading", "view", "said"]
    assert [s["label"] for s in steps] == [translate(f"trace.step.{label}") for label in labels]
    assert [s["by"] for s in steps] == ["Fay", "Fay", "Cy", "Bo", "Bo", "Ada"]
    assert all(s["when_text"] and s["href"] and s["state"] == "here" for s in steps)
    assert [s["wheel"] for s in steps] == ["agreement"] * 4 + ["alignment"] * 2
    assert steps[0]["lead"] and not any(s["lead"] for s in steps[1:])


def test_names_stand_as_people_show_themselves_in_the_group(group: Threads) -> None:
    said = group.add("ada", "utterance", {"text": "Quietly said", "shown": "none"})
    view = group.write("bo", "view", "A view", ("documents", said))
    steps = walk(at(group.cy, view).steps)
    assert steps[-1]["by"] == translate("common.no_name")
    assert "Ada" not in str(steps)


def test_without_a_place_the_first_agreement_stands_open_and_every_ending_is_offered(group: Threads) -> None:
    assert at(group.bo).empty == translate("trace.empty")
    thread = group.agreed()
    open_ = group.add("bo", "proposal", {"text": "Tea for all", "rule": {"code": "talk"}})
    worry = group.write("ada", "reservation", "Who makes it?", ("talks-about", open_))
    tree = at(group.bo)
    assert [(b["href"].split("at=")[1], b["here"]) for b in tree.begin] == [(thread["agreed"], True), (open_, False)]
    assert not {b["id"] for b in tree.begin} & {s["id"] for s in walk(tree.steps)}
    assert tree.begin[1]["label"].endswith(translate("trace.worries", n=1))
    assert tree.steps[0]["id"] == thread["agreed"] and tree.empty == ""
    follow(group.bo, tree.begin[1]["href"])
    tree = group.bo.part(Tree)
    assert tree.steps[0]["id"] == open_ and tree.begin[1]["here"]
    assert tree.steps[0]["note"] == [
        f"{translate('trace.step.worry')}: Who makes it? – Ada",
        translate("reservation.no_answer"),
    ]
    group.write("fay", "utterance", "Fay does", ("answers-reservation", worry))
    note = group.bo.part(Tree).steps[0]["note"]
    assert note[1] == f"{translate('reservation.label.answer')}: Fay does – Fay"
    assert note[2] == f"{translate('reservation.enough_h')} {translate('reservation.enough.not_said')}"


def test_a_worry_stands_inside_its_agreement_here_too_also_when_its_words_are_hidden(group: Threads) -> None:
    thread = group.agreed()
    proposal = group.add("bo", "proposal", {"text": "Tea", "rule": {"code": "own", "text": "We hum"}})
    worry = group.write("ada", "reservation", "Who makes it?", ("talks-about", proposal))
    end = group.add("fay", "outcome", {"text": "Tea", "outcome": "agreed"}, ("closes", proposal))
    note = at(group.cy, end).steps[0]["note"]
    assert any("Who makes it?" in line for line in note)
    assert at(group.cy, thread["agreed"]).steps[0]["note"] == []
    group.hide(worry)
    note = at(group.cy, end).steps[0]["note"]
    assert any(translate("trace.hidden") in line for line in note) and "Who makes it?" not in str(note)


def test_an_agreement_that_rests_on_its_proposal_and_on_the_same_ground_tells_that_ground_once_and_above(
    group: Threads,
) -> None:
    thread = group.agreed()
    rule = {"rule": {"code": "talk"}, "levels": "five", "round": 1}
    proposal = group.add("fay", "proposal", {"text": "We ask", **rule}, ("rests-on", thread["now"]))
    about = (("closes", proposal), ("rests-on", thread["now"]))
    end = group.add("fay", "outcome", {"text": "We ask", "outcome": "agreed"}, *about)
    steps = walk(at(group.cy, end).steps)
    ids = [thread[k] for k in ("now", "reading", "view", "said")]
    assert [s["id"] for s in steps] == [end, *ids, proposal, thread["now"]]


def test_one_may_go_one_step_back_and_on_to_what_became_of_the_words_and_meet_where_one_began(group: Threads) -> None:
    thread = group.agreed()
    at(group.cy, thread["agreed"])
    for below in ("proposal", "now", "reading", "view", "said"):
        (back,) = links(group.cy, translate("trace.button.back"))
        follow(group.cy, back["href"])
        assert group.cy.part(Tree).steps[0]["id"] == thread[below]
    became = links(group.cy, translate("fate.h"))
    assert [f["text"] for f in became] == [
        translate(f"fate.{key}") for key in ("view", "reading", "understood", "proposal", "agreed")
    ]
    follow(group.cy, became[-1]["href"])
    assert group.cy.part(Tree).steps[0]["id"] == thread["agreed"]


def test_words_that_nobody_took_up_have_that_as_their_fate_and_talk_about_them_is_told(group: Threads) -> None:
    why = group.write("ada", "intention", "To be asked")
    at(group.bo, why)
    assert {"p": translate("fate.not_yet")} in blocks(group.bo)
    group.write("bo", "utterance", "Asked what?", ("talks-about", why))
    group.add("fay", "talked", {}, ("talks-about", why))
    found = links(group.bo, translate("fate.h"))
    assert [f["text"] for f in found] == [translate("fate.talked")] * 2
    assert found[0]["note"] == "Asked what?" and "dialogue" in found[0]["href"]
    assert found[1]["note"].startswith("Talked about")


def test_used_and_not_used_in_an_ending_are_told_with_the_way_there(group: Threads) -> None:
    thread = group.agreed()
    van, need = group.write("ada", "asset", "My van"), group.write("bo", "need", "A ride")
    group.add("fay", "link", {}, ("from", van), ("used-in", thread["agreed"]))
    group.add("fay", "link", {}, ("from", van), ("meets-need", need))
    at(group.cy, van)
    assert [f["text"] for f in links(group.cy, translate("fate.h"))] == [
        translate("fate.used"),
        translate("fate.meets"),
    ]
    at(group.cy, need)
    assert [f["text"] for f in links(group.cy, translate("fate.h"))] == [translate("assets.met_by")]


def test_one_s_own_words_are_offered_to_begin_with_and_private_ones_are_not(group: Threads) -> None:
    mine = group.write("ada", "utterance", "What I said")
    group.write("ada", "utterance", "PRIVATE", seen_by="only-me")
    at(group.ada)
    assert [link["note"] for link in links(group.ada, translate("trace.mine_h"))] == ["What I said"]
    follow(group.ada, links(group.ada, translate("trace.mine_h"))[0]["href"])
    assert group.ada.part(Tree).steps[0]["id"] == mine
    assert translate("trace.mine_h") not in str(blocks(group.bo) if at(group.bo) else "")


@pytest.mark.parametrize(("act", "gap"), [("taken", "taken_back"), ("hidden", "hidden"), ("erased", "erased")])
def test_the_page_follows_and_words_that_go_leave_a_gap_that_says_why(group: Threads, act: str, gap: str) -> None:
    thread = group.agreed()
    tree = at(group.cy, thread["agreed"])
    assert "Nobody asked" in str(tree.steps)
    {
        "taken": lambda: group.take_back("ada", thread["said"]),
        "hidden": lambda: group.hide(thread["said"]),
        "erased": lambda: group.erase("ada", thread["said"]),
    }[act]()
    steps = walk(group.cy.part(Tree).steps)
    assert "Nobody asked" not in str(group.cy.part(Tree).get_state())
    assert (steps[-1]["state"], steps[-1]["text"]) == ("gap", translate(f"trace.{gap}"))
    assert steps[-1].get("by", "") == "" and not steps[-1].get("quotes")
    assert all(s["mark"] == translate("ending.changed") for s in steps[:-1])
    assert any(line.startswith("Words") for line in steps[0]["note"])  # what it was, and when


def test_an_agreement_on_changed_ground_shows_the_new_words_and_keeps_those_it_rested_on(group: Threads) -> None:
    thread = group.agreed()
    group.edit("ada", "Somebody asked my mother once", thread["said"])
    steps = walk(at(group.cy, thread["agreed"]).steps)
    assert steps[-1]["quotes"][0]["text"] == "Nobody asked my mot"
    assert any(line.startswith("These are the words as they were then") for line in steps[-1]["note"])
    assert any("Somebody asked my mother once" in line for line in steps[0]["note"])


def test_talk_that_was_not_written_down_and_links_that_nobody_made_are_said_plainly(group: Threads) -> None:
    spoken = group.add("bo", "understanding", {"text": "From the table", "unwritten": True})
    loose = group.write("bo", "interpretation", "Just so")
    both = group.write("cy", "understanding", "Both", ("rests-on", spoken), ("rests-on", loose))
    steps = walk(at(group.ada, both).steps)
    texts = {s["text"]: s["state"] for s in steps}
    assert texts[translate("trace.unwritten")] == "unwritten" and texts[translate("trace.not_written")] == "gap"
    assert len({s["id"] for s in steps}) == len(steps)  # each gap is a step of its own


def test_the_same_words_quoted_by_two_views_stand_under_both_with_what_each_chose(group: Threads) -> None:
    said = group.write("ada", "utterance", "Quiet mornings and warm hands")
    quote = {"source": said, "version": said}
    one = group.add("bo", "view", {"text": "Quiet", "quotes": [{**quote, "start": 0, "end": 14}]}, ("documents", said))
    two = group.add("cy", "view", {"text": "Warm", "quotes": [{**quote, "start": 19, "end": 29}]}, ("documents", said))
    now = group.write("fay", "understanding", "Both", ("rests-on", one), ("rests-on", two))
    ends = [s for s in walk(at(group.ada, now).steps) if not s["steps"]]
    assert [q["text"] for s in ends for q in s["quotes"]] == ["Quiet mornings", "warm hands"]
    assert len({s["id"] for s in ends}) == 2 and all(said in s["href"] for s in ends)


def test_views_that_differ_are_drawn_apart_both_of_them(group: Threads) -> None:
    one, other = group.differing()
    loose = group.write("cy", "view", "Noon")
    about = tuple(("rests-on", view) for view in (one, other, loose))
    end = group.add("fay", "outcome", {"text": "When we meet", "outcome": "difference"}, *about)
    steps = {s["id"]: s for s in walk(at(group.cy, end).steps)}
    assert [steps[i]["dashed"] for i in (end, one, other, loose)] == [True, True, True, False]


def test_how_words_came_is_told_with_them(group: Threads) -> None:
    anna = group.record.new_id()
    scribe = {"written_by": group.me("fay"), "fidelity": "exact-words", "read_back": True}

    def enter(kind: str, body: dict[str, Any], entry_id: str = "") -> str:
        draft = Draft(entry_id or group.record.new_id(), kind, anna, {**body, **scribe}, how="scribe")
        return group.record.append(group.workshop, draft, Actor(group.me("fay"))).id

    enter("participant", {"name": "Anna"}, anna)
    enter("consent", {"question": "part", "answer": "yes"})
    said = enter("utterance", {"text": "I say it aloud", "lang": "en"})
    view = group.write("bo", "view", "She says it", ("documents", said))
    (note,) = walk(at(group.cy, view).steps)[-1]["note"]
    for line in (
        translate("common.entered_for", name="Anna"),
        translate("common.written_down_by", name="Fay"),
        translate("scribe.fidelity.exact"),
        "Read back",
    ):
        assert line in note


def test_a_rendering_in_another_language_says_from_which_and_by_whom(group: Threads) -> None:
    said = group.add("ada", "utterance", {"text": "Ingen frågade", "lang": "sv"})
    body = {"text": "Nobody asked", "lang": "en", "fidelity": "translated", "written_by": group.me("bo")}
    english = group.add("ada", "utterance", body, ("renders", said))
    steps = walk(at(group.cy, english).steps)
    assert [s["text"] for s in steps] == ["Nobody asked", "Ingen frågade"]
    assert translate("scribe.fidelity.translated", language=translate("language.sv"), name="Bo") in steps[0]["note"]


def test_words_that_are_not_for_this_reader_reach_the_page_by_no_way(group: Threads) -> None:
    said = group.write("ada", "utterance", "PRIVATE one", seen_by="only-me")
    view = group.write("ada", "view", "Of my own", ("documents", said))
    group.alone("interpretation", True)
    wait = group.write("bo", "interpretation", "NOT SHOWN yet", ("interprets", view), seen_by="group-from-reveal")
    now = group.write("bo", "understanding", "Seen", ("rests-on", wait))
    gone = group.write("bo", "utterance", "TAKEN words")
    group.take_back("bo", gone)
    before = sent_to(group.cy, "trace", group.record.new_id())
    for root in (said, wait, gone):
        sent = sent_to(group.cy, "trace", root)
        # Asked for by its id, it is as if it had never been: not even why it is not there.
        assert translate("trace.gone") in sent and translate("trace.gone") in before
        for key in ("taken_back", "erased", "hidden", "kept_back"):
            assert translate(f"trace.{key}") not in sent
    for root in (view, now, said, wait, gone):
        sent = sent_to(group.cy, "trace", root)
        assert not any(words in sent for words in ("PRIVATE one", "NOT SHOWN", "TAKEN"))
    # Where a link would break, a gap stands; and nobody is told that their words were taken up where they may not look.
    assert walk(at(group.cy, view).steps)[-1]["text"] == translate("trace.kept_back")
    at(group.cy, view)
    assert {"p": translate("fate.not_yet")} in blocks(group.cy)
    group.alone("interpretation", False)
    assert [f["text"] for f in links(group.cy, translate("fate.h"))] == [
        translate("fate.reading"),
        translate("fate.understood"),
    ]


def test_the_page_reads_the_same_in_swedish(group: Threads) -> None:
    thread = group.agreed()
    group.cy.hello(lang="sv", page="trace")
    steps = walk(at(group.cy, thread["agreed"]).steps)
    assert [s["label"] for s in steps][:2] == [
        translate("trace.step.agreed", "sv"),
        translate("trace.step.proposal", "sv"),
    ]


def test_every_kind_of_step_has_a_name_and_an_unknown_kind_does_not_stop_the_page(group: Threads) -> None:
    thanks = group.write("ada", "gratitude", "For the tea")
    group.add("bo", "link", {}, ("from", thanks), ("rests-on", group.write("bo", "theme", "Tea")))
    tree = at(group.cy, thanks)
    assert [s["label"] for s in walk(tree.steps)][:2] == [translate("trace.step.other"), translate("trace.step.theme")]
    assert "This page is not working" not in sent_to(group.cy, "trace", thanks)
