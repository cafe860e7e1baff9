"""The journey: the list and its picture say the same, what came of it stands apart, and nothing is ever done."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from support.page_sessions import Guest
from support.provenance import Threads, sent_to

from cowork.core.elements import WHEELS
from cowork.core.entries import Actor, Draft
from cowork.pages.overview import suggestions
from cowork.store import memory_record
from cowork.text import keys, translate
from cowork.widgets import CardList, Prose, Wheels

DAY = 86_400_000


@pytest.fixture
def group() -> Threads:
    return Threads()


def wheels(guest: Guest) -> Wheels:
    guest.session.go("journey")
    return guest.part(Wheels)


def rows(guest: Guest) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in wheels(guest).rows}


def asked(guest: Guest) -> list[str]:
    return [one["key"] for one in wheels(guest).nudges]


def ended(guest: Guest) -> list[dict[str, Any]]:
    wheels(guest)
    prose = [p for p in guest.session.shell.parts if isinstance(p, Prose)]
    return next(list(p.blocks) for p in prose if any(b.get("h") == translate("journey.ended_h") for b in p.blocks))


def look(guest: Guest) -> list[dict[str, Any]]:
    """The cards of the closing look."""
    guest.session.go("journey")
    return list(guest.part(CardList).items)


# ---- the list and the picture


def test_the_picture_and_the_list_hold_the_same_parts_and_the_same_truth(group: Threads) -> None:
    group.agreed()
    group.write("ada", "intention", "To be asked")
    for guest in (group.ada, group.fay):
        shown = wheels(guest)
        listed = {row["key"]: row for row in shown.rows}
        drawn = {part["key"]: part for wheel in shown.wheels for part in wheel["parts"]}
        assert list(listed) == list(drawn) == [part for pair in WHEELS.values() for part in pair]
        for key, part in drawn.items():
            row = listed[key]
            assert (part["name"], part["plain"], part["href"]) == (row["part"], row["plain"], row["href"])
            assert part["written"] == row["written"] == (row["wrote"] != translate("journey.nothing"))
        # No count stands in the picture, and in neither is anything called done.
        assert not re.search(r"\d", str([{**part, "href": ""} for part in drawn.values()]))


def test_agreement_is_no_seventh_part_and_is_met_by_its_name(group: Threads) -> None:
    group.agreed()
    listed = rows(group.bo)
    assert "agreement" not in listed
    assert translate("agreement.link") in listed["understanding"]["met"]
    meets = wheels(group.bo).meetings
    assert translate("journey.met_row", a=translate("agreement.link"), b=translate("understanding.link"), n=1) in meets


def test_answers_that_were_only_chosen_are_no_writing(group: Threads) -> None:
    one, _ = group.differing()
    before = rows(group.bo)["documentation"]["wrote"]
    group.add("ada", "standing", {"standing": "still"}, ("answers", one))
    group.add("cy", "stance", {"stance": "with"}, ("answers", one))
    assert rows(group.bo)["documentation"]["wrote"] == before == translate("common.wrote", n=2)
    note = next(p["note"] for w in group.bo.session.shell.nav for p in w["parts"] if p["key"] == "documentation")
    assert note == before


def test_it_counts_what_the_list_of_all_pages_counts_and_no_talk_that_was_brought_in(group: Threads) -> None:
    group.agreed()
    group.write("ada", "utterance", "Said here")
    voice = group.record.new_id()
    person = Draft(voice, "participant", voice, {"name": "", "voice": 1}, how="import")
    words = {
        "text": "Hey.",
        "lang": "en",
        "fidelity": "imported",
        "source": {"id": group.record.new_id(), "position": 1},
    }
    said = Draft(group.record.new_id(), "utterance", voice, words, how="import")
    group.record.append_many(group.workshop, [person, said], Actor("", operator=True))
    listed = {key: row["wrote"] if row["written"] else "" for key, row in rows(group.bo).items()}
    assert listed["dialogue"] == translate("common.wrote", n=2)
    notes = {part["key"]: part["note"] for wheel in group.bo.session.shell.nav for part in wheel["parts"]}
    assert {key: notes[key] for key in listed} == listed


# ---- what came of it


def test_what_came_of_it_stands_apart_in_words_and_each_ending_counts_alike(group: Threads) -> None:
    assert {"p": translate("journey.ended_none")} in ended(group.bo)
    group.agreed()
    one, other = group.differing()
    for _ in range(2):
        end = {"text": "When", "outcome": "difference"}
        group.add("fay", "outcome", end, ("rests-on", one), ("rests-on", other))
    question = group.add("fay", "outcome", {"text": "Who pays?", "outcome": "open-question"})
    (lines,) = [block["list"] for block in ended(group.bo) if "list" in block]
    assert lines == ["1 agreement", "2 kept differences", "1 open question"]
    group.add("fay", "outcome", {"outcome": "reopened"}, ("reopens", question))
    (lines,) = [block["list"] for block in ended(group.bo) if "list" in block]
    assert lines == ["1 agreement", "2 kept differences"]


# ---- the closing look


def test_everything_people_came_with_stands_beside_what_became_of_it(group: Threads) -> None:
    thread = group.agreed()
    why = group.write("ada", "intention", "To be asked")
    van = group.write("bo", "asset", "My van")
    need = group.write("cy", "need", "A ride home")
    group.add("cy", "understanding", {"text": "Asking matters"}, ("rests-on", why))
    group.add("fay", "link", {}, ("from", van), ("meets-need", need))
    found = {card["id"]: card for card in look(group.bo)}
    assert list(found) == [why, van, need]
    assert [(p["label"], p["text"]) for p in found[why]["points"]] == [(translate("fate.understood"), "Asking matters")]
    assert [(p["label"], p["text"]) for p in found[van]["points"]] == [(translate("fate.meets"), "A ride home")]
    assert [(p["label"], p["text"]) for p in found[need]["points"]] == [(translate("assets.met_by"), "My van")]
    assert all(p["href"] for card in found.values() for p in card["points"])
    assert thread["agreed"] not in found


def test_what_was_not_used_stands_in_its_place_with_the_same_dignity(group: Threads) -> None:
    why, van = group.write("ada", "intention", "To be asked"), group.write("bo", "asset", "My van")
    need = group.write("cy", "need", "A ride home")
    group.write("cy", "utterance", "Which van?", ("talks-about", van))
    found = {card["id"]: [(p["label"], p["text"]) for p in card["points"]] for card in look(group.bo)}
    assert found[why] == [(translate("closing.became"), translate("fate.not_yet"))]
    assert found[van] == [
        (translate("fate.talked"), "Which van?"),
        (translate("closing.became"), translate("assets.unused")),
    ]
    assert found[need] == [(translate("closing.became"), translate("fate.not_yet"))]


def test_the_closing_look_names_nobody_and_shows_only_what_may_be_seen(group: Threads) -> None:
    group.write("ada", "intention", "To be asked")
    group.write("ada", "intention", "PRIVATE hope", seen_by="only-me")
    group.alone("assets", True)
    group.write("bo", "asset", "NOT SHOWN van", seen_by="group-from-reveal")
    taken, hidden = group.write("bo", "need", "TAKEN need"), group.write("cy", "need", "HIDDEN need")
    group.take_back("bo", taken)
    group.hide(hidden)
    for guest in (group.ada, group.bo, group.cy, group.fay):
        cards = str(look(guest))
        for name in ("Ada", "Bo", "Cy", "Fay"):
            assert name not in cards
        for words in ("PRIVATE", "TAKEN", "HIDDEN"):
            assert words not in cards
    assert "NOT SHOWN" not in sent_to(group.cy, "journey")


def state_it(guest: Guest, root: str, **choices: str) -> dict[str, Any]:
    look(guest)
    return guest.send(
        guest.part(CardList), box=f"act:{root}:closing", kind="link", about=[["from", root]], choices=choices
    )  # fmt: skip


def test_facilitator_or_scribe_state_what_became_of_it_and_can_take_that_back(group: Threads) -> None:
    van = group.write("bo", "asset", "My van")
    assert not [a for a in look(group.fay)[0]["acts"] if a["name"] == "closing"]  # there is no ending yet
    agreed = group.agreed()["agreed"]
    assert not [a for a in look(group.ada)[0]["acts"] if a["name"] == "closing"]
    (act,) = [a for a in look(group.fay)[0]["acts"] if a["name"] == "closing"]
    ending, how = act["box"]["choices"]
    assert [o["value"] for o in ending["options"]] == [agreed] and act["about"] == [["from", van]]
    assert [o["value"] for o in how["options"]] == ["used-in", "went-unused"]
    assert state_it(group.fay, van)["done"] == "refused"
    assert state_it(group.fay, van, ending=agreed, how="went-unused")["done"] == "shared"
    points = [(p["label"], p["text"]) for p in look(group.cy)[0]["points"]]
    assert (translate("fate.unused"), "We ask each time") in points
    assert (translate("closing.became"), translate("assets.unused")) in points  # said of an ending, it is still offered
    assert not [a for a in look(group.cy)[0]["acts"] if a["name"].startswith("undo-")]
    (undo,) = [a for a in look(group.fay)[0]["acts"] if a["name"].startswith("undo-")]
    assert group.fay.press(group.fay.part(CardList), undo["kind"], undo["about"])["done"] == "shared"
    assert [p["text"] for p in look(group.cy)[0]["points"]] == [translate("assets.unused")]
    assert state_it(group.fay, van, ending=agreed, how="used-in")["done"] == "shared"
    assert [p["label"] for p in look(group.cy)[0]["points"]] == [translate("fate.used")]


def test_nobody_else_states_it_and_nothing_is_tied_to_what_is_no_ending(group: Threads) -> None:
    van, thread = group.write("bo", "asset", "My van"), group.agreed()
    refused = state_it(group.ada, van, ending=thread["agreed"], how="used-in")
    assert refused["message"] == translate("error.may_not", who="facilitator_scribe")
    for wrong in ({"ending": thread["view"], "how": "used-in"}, {"ending": thread["agreed"], "how": "rests-on"}):
        assert state_it(group.fay, van, **wrong)["done"] == "refused"
    assert state_it(group.fay, thread["view"], ending=thread["agreed"], how="used-in")["done"] == "refused"
    assert not group.record.state(group.workshop).of_kind("link")


def test_many_things_come_in_parts_and_the_rest_when_asked_for(group: Threads) -> None:
    for n in range(45):
        group.write("ada", "asset", f"Thing {n}")
    group.bo.session.go("journey")
    wall = group.bo.part(CardList)
    assert (len(wall.items), wall.total) == (40, 45) and wall.more_button
    wall.receive({"do": "more"})
    assert len(wall.items) == 45 and not wall.more_button


# ---- something to ask yourselves


def test_every_question_the_words_hold_can_be_asked_and_no_other() -> None:
    worded = {key.rpartition(".")[2] for key in keys() if key.startswith("journey.nudge.")} - {"h", "leave", "hint"}
    source = Path(suggestions.__file__).read_text("utf-8")
    assert {key for key in worded if f'"{key}"' in source} == worded


def test_nothing_is_asked_before_anything_is_written_and_empty_parts_are_asked_about_last(group: Threads) -> None:
    assert asked(group.ada) == []
    group.write("ada", "intention", "To be asked")
    found = wheels(group.ada).nudges
    assert [one["key"] for one in found][:1] == ["intention"]
    assert found[0]["text"] == translate("journey.nudge.intention")
    assert "page=intention" in found[0]["href"] and found[0]["href_text"] == translate(
        "journey.button.go", part="Intention"
    )
    last = found[-1]
    assert last["text"] == translate("journey.nudge.empty", part=translate("understanding.link"))
    group.add("fay", "talked", {}, ("talks-about", group.record.state(group.workshop).of_kind("intention")[0].id))
    assert "intention" not in asked(group.ada)


def test_a_question_is_asked_only_while_it_is_true(group: Threads) -> None:
    need = group.write("cy", "need", "A ride")
    assert "assets" in asked(group.ada)
    van = group.write("bo", "asset", "My van")
    group.add("bo", "link", {}, ("from", van), ("meets-need", need))
    assert "assets" not in asked(group.ada)

    one, other = group.differing()
    assert "differ" in asked(group.ada)
    for root in (one, other):
        group.write("cy", "utterance", "Say more", ("talks-about", root))
    assert "differ" not in asked(group.ada)

    reading = group.write("bo", "interpretation", "It is the shifts")
    assert "reading" in asked(group.ada)
    group.add("fay", "talked", {}, ("talks-about", reading))
    assert "reading" not in asked(group.ada)

    for_cy = group.add("fay", "view", {"text": "At noon", "holder": "other", "holders": [group.me("cy")]})
    assert "holder" in asked(group.ada)
    group.add("cy", "check", {"result": "yes"}, ("checks", for_cy))
    assert "holder" not in asked(group.ada)


def test_a_worry_without_an_answer_and_changed_ground_are_asked_about_first(group: Threads) -> None:
    thread = group.agreed()
    open_ = group.add("bo", "proposal", {"text": "Tea", "rule": {"code": "talk"}})
    worry = group.write("ada", "reservation", "Who makes it?", ("talks-about", open_))
    assert asked(group.cy)[0] == "worry"
    group.edit("ada", "Somebody asked once", thread["said"])
    assert asked(group.cy)[:2] == ["ground", "worry"]
    group.write("fay", "utterance", "Fay does", ("answers-reservation", worry))
    group.add("fay", "outcome", {"outcome": "renewed"}, ("renews", thread["agreed"]))
    assert not {"ground", "worry"} & set(asked(group.cy))


def test_much_talk_of_which_nothing_is_kept_is_asked_about(group: Threads) -> None:
    for n in range(suggestions.LOT):
        assert "written" not in asked(group.ada)
        group.write("ada", "utterance", f"Turn {n}")
    assert "written" in asked(group.ada)
    group.write("bo", "view", "It is the waiting")
    assert "written" not in asked(group.ada)


def test_why_we_are_here_is_asked_about_again_after_a_while() -> None:
    now = 1_760_000_000_000
    group = Threads(memory_record(now_ms=lambda: now))
    group.write("ada", "intention", "To be asked")
    group.write("ada", "utterance", "A word")
    assert "back" not in asked(group.bo)
    now += suggestions.WHILE_MS + DAY
    assert "back" not in asked(group.bo)  # nothing has happened since: nobody is reminded of a rest
    group.write("bo", "utterance", "Here again")
    assert "back" in asked(group.bo)


def test_how_people_take_part_is_asked_of_the_facilitator_alone_in_counts_and_without_names(group: Threads) -> None:
    group.write("ada", "utterance", "A word")
    (one,) = [n for n in wheels(group.fay).nudges if n["key"] == "voices"]
    assert one["text"] == translate("journey.nudge.voices", n=1, N=4) and one["note"] == translate(
        "journey.seen_voices"
    )
    for guest in (group.ada, group.bo, group.cy):
        assert not set(suggestions.PRIVATE) & set(asked(guest))
        assert translate("journey.nudge.voices", n=1, N=4) not in sent_to(guest, "journey")
    for name in ("bo", "cy"):
        group.write(name, "utterance", "Another word")
    assert "voices" not in asked(group.fay)


def test_those_elsewhere_are_asked_about_only_where_no_way_points_somebody_out(group: Threads) -> None:
    def way(person: str, name: str) -> None:
        group.add(person, "attendance", {"way": name})

    for name in ("ada", "bo", "cy", "fay"):
        way(name, "room")
    for n in range(7):
        group.write("ada", "utterance", f"From the room {n}")
    for n in range(5):
        setattr(group, f"guest{n}", group.fay.with_guest(f"Una {n}"))
        way(f"guest{n}", "remote")
        assert "remote" not in asked(group.fay)
    group.guest5 = group.fay.with_guest("Zoe")
    way("guest5", "room")
    assert "remote" in asked(group.fay) and "remote" not in asked(group.ada)


def test_questions_say_nothing_of_what_somebody_keeps_to_themselves(group: Threads) -> None:
    before = sent_to(group.bo, "journey"), sent_to(group.fay, "journey")
    group.write("ada", "intention", "PRIVATE", seen_by="only-me")
    need = group.write("ada", "need", "PRIVATE need", seen_by="only-me")
    van = group.write("ada", "asset", "PRIVATE van", seen_by="only-me")
    group.add("ada", "link", {}, ("from", van), ("meets-need", need))
    assert (sent_to(group.bo, "journey"), sent_to(group.fay, "journey")) == before
    open_need = group.write("cy", "need", "A ride")
    assert "assets" in asked(group.bo)
    group.add("ada", "link", {}, ("from", van), ("meets-need", open_need))
    assert "assets" in asked(group.bo)


def test_the_page_opens_for_words_of_a_kind_it_does_not_know(group: Threads) -> None:
    thanks = group.write("ada", "gratitude", "For the tea")
    group.add("fay", "talked", {}, ("talks-about", thanks))
    assert "This page is not working" not in sent_to(group.bo, "journey")
