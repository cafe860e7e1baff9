"""Where we see it differently: both sides marked, standings only their holders set, and endings that keep it."""

from __future__ import annotations

from typing import Any

import pytest
from support.page_sessions import Guest
from support.provenance import Threads, sent_to

from cowork.core.entries import Actor, Draft
from cowork.text import translate
from cowork.widgets import CardList

Card = dict[str, Any]


@pytest.fixture
def group() -> Threads:
    return Threads()


def cards(guest: Guest, at: str = "") -> list[Card]:
    guest.session.go("differ", at)
    return list(guest.part(CardList).items)


def card(guest: Guest, root: str) -> Card:
    return next(c for c in cards(guest) if c["id"] == root)


def point(made: Card, label: str) -> dict[str, Any]:
    return next(p for p in made["points"] if p["label"] == label)


def act(made: Card, name: str) -> dict[str, Any] | None:
    return next((a for a in made["acts"] if isinstance(a, dict) and a["name"] == name), None)


def press(guest: Guest, made: Card, name: str, text: str = "", **choices: Any) -> dict[str, Any]:
    """As a browser does: what the act holds, and what was typed and chosen in its form."""
    own = act(made, name)
    assert own is not None, name
    return guest.send(
        guest.part(CardList), box=f"act:{made['id']}:{name}", kind=own["kind"], about=own["about"],
        fields={**own.get("fields", {}), "text": text}, choices={**own.get("choices", {}), **choices},
    )  # fmt: skip


def test_each_view_stands_beside_the_one_it_differs_from_and_both_are_marked(group: Threads) -> None:
    one, other = group.differing()
    group.write("cy", "view", "Noon is fine")
    found = cards(group.cy)
    assert [c["id"] for c in found] == [one, other]  # Noon differs from nothing
    assert [point(c, translate("differ.label.other"))["text"] for c in found] == [
        "Evenings are best",
        "Mornings are best",
    ]
    assert [c["by"] for c in found] == ["Ada", "Bo"] and [c["tag"] for c in found] == [
        translate("differ.label.view", name=name) for name in ("Ada", "Bo")
    ]


def test_views_that_differ_stand_together_and_the_one_asked_for_comes_first(group: Threads) -> None:
    one, other = group.differing()
    apart = group.write("cy", "view", "By telephone")
    third = group.add("ada", "view", {"text": "By letter"}, ("differs-from", apart))
    late = group.add("cy", "view", {"text": "At night"}, ("differs-from", one))
    assert [c["id"] for c in cards(group.bo)] == [one, other, late, apart, third]
    assert [c["id"] for c in cards(group.bo, third)][:2] == [third, apart]


def test_how_others_see_a_view_stands_on_its_card_and_each_group_of_views_begins_a_row(group: Threads) -> None:
    one, other = group.differing()
    apart = group.write("cy", "view", "By telephone")
    by_post = group.add("ada", "view", {"text": "By post", "holder": "me"}, ("differs-from", apart))
    group.add("cy", "stance", {"stance": "with", "text": "I am <b>tired</b> at night"}, ("answers", one))
    group.add("fay", "stance", {"stance": "with"}, ("answers", one))
    label, see = translate("documentation.stance.others"), translate("documentation.stance.with")
    found = {c["id"]: c for c in cards(group.bo)}
    assert found[one]["more"] == [{"label": label, "text": f"{see}: 2"}]
    (words,) = point(found[one], label)["list"]
    assert "I am <b>tired</b> at night" in str(words) and "Cy" in str(words)
    assert not found[other]["more"] and label not in [p["label"] for p in found[other]["points"]], "nobody answered it"
    assert [c["starts_row"] for c in found.values()] == [True, False, True, False]
    assert list(found) == [one, other, apart, by_post]


def test_the_exact_words_a_view_comes_from_stand_on_its_card(group: Threads) -> None:
    thread = group.agreed()
    group.add("cy", "view", {"text": "We do ask"}, ("differs-from", thread["view"]))
    quotes = card(group.cy, thread["view"])["quotes"]
    assert [(q["text"], q["by"]) for q in quotes] == [("Nobody asked my mot", "Ada")]


def test_not_said_stands_where_nothing_was_said_and_only_the_holder_is_asked(group: Threads) -> None:
    one, other = group.differing()
    assert act(card(group.ada, one), "stand") and not act(card(group.ada, other), "stand")
    for guest in (group.bo, group.cy, group.fay):
        made = card(guest, one)
        stands = point(made, translate("differ.stands", name="Ada"))
        assert stands["text"] == translate("differ.standing.not_said")
        assert translate("differ.for_others", name="Ada") in stands["list"]
        assert not act(made, "stand")


def test_a_holder_says_where_they_stand_and_why_and_says_it_anew_and_how_it_moved_stays(group: Threads) -> None:
    one, _ = group.differing()
    made = card(group.ada, one)
    box = act(made, "stand")["box"]  # type: ignore[index]
    assert [o["label"] for o in box["choices"][0]["options"]] == [
        translate(f"differ.standing.{code}") for code in ("still", "partly", "changed")
    ]
    assert translate("differ.seen") in box["seen"] and box["hint"] == translate("differ.standing.hint")
    assert press(group.ada, made, "stand")["done"] == "refused"
    assert press(group.ada, made, "stand", "My mother sleeps late", standing="still")["done"] == "shared"
    made = card(group.ada, one)
    box = act(made, "stand")["box"]  # type: ignore[index]
    assert box["choices"][0]["value"] == "still" and box["fields"][0]["value"] == "My mother sleeps late"
    assert press(group.ada, made, "stand", "Bo told me of his shifts", standing="partly")["done"] == "shared"
    for guest in (group.ada, group.bo):
        made = card(guest, one)
        stands = point(made, translate("differ.stands", name="Ada"))
        assert stands["text"] == translate("differ.standing.partly")
        assert translate("differ.why", words="Bo told me of his shifts") in stands["list"]
        (moved,) = point(made, translate("differ.history"))["list"]
        assert translate("differ.standing.still") in moved and "My mother sleeps late" in moved


def test_nobody_else_sets_it_whatever_a_browser_sends(group: Threads) -> None:
    one, _ = group.differing()
    for guest in (group.bo, group.fay):
        cards(guest)
        answer = guest.send(
            guest.part(CardList), box=f"act:{one}:stand", kind="standing", about=[["answers", one]],
            choices={"standing": "changed"},
        )  # fmt: skip
        assert answer["done"] == "refused" and answer["message"] == translate("error.not_holder")
    assert point(card(group.cy, one), translate("differ.stands", name="Ada"))["text"] == translate(
        "differ.standing.not_said"
    )


def enrolled(group: Threads, name: str) -> str:
    """Somebody without a device, whom the facilitator writes for."""
    person = group.record.new_id()
    for kind, body, entry_id in (
        ("participant", {"name": name}, person),
        ("consent", {"question": "part", "answer": "yes"}, group.record.new_id()),
    ):
        draft = Draft(entry_id, kind, person, body, how="scribe")
        group.record.append(group.workshop, draft, Actor(group.me("fay")))
    return person


def test_a_scribe_enters_it_for_a_holder_without_a_device_and_it_is_marked(group: Threads) -> None:
    anna = enrolled(group, "Anna")
    one, _ = group.differing()
    draft = Draft(group.record.new_id(), "view", anna, {"text": "Any time"}, (("differs-from", one),), how="scribe")
    view = group.record.append(group.workshop, draft, Actor(group.me("fay"))).id
    stands = point(card(group.fay, view), translate("differ.stands", name="Anna"))
    assert translate("differ.scribed", name="Anna") in stands["list"]
    assert translate("differ.scribed", name="Anna") not in str(card(group.bo, view))
    group.fay.session.write_for(anna)
    made = card(group.fay, view)
    assert act(made, "stand") and not act(card(group.fay, one), "stand")
    assert not act(made, "keep-difference")  # an ending is nobody's in particular
    assert press(group.fay, made, "stand", standing="still")["done"] == "shared"
    group.fay.session.write_for("")
    stands = point(card(group.bo, view), translate("differ.stands", name="Anna"))
    assert stands["text"] == translate("differ.standing.still")
    assert {translate("common.entered_for", name="Anna"), translate("common.written_down_by", name="Fay")} <= set(
        stands["list"]
    )


def test_a_scribe_does_not_set_it_for_somebody_who_speaks_for_themselves(group: Threads) -> None:
    one, _ = group.differing()
    group.fay.session.write_for(group.me("ada"))
    made = card(group.fay, one)
    answer = press(group.fay, made, "stand", standing="changed")
    assert answer["done"] == "refused" and answer["message"] == translate("error.not_holder")


def test_a_holder_who_wants_no_name_beside_the_view_is_named_nowhere_on_it(group: Threads) -> None:
    one, other = group.differing()
    body = {"text": "Never on Fridays", "shown": "none", "holders": [group.me("cy")]}
    view = group.add("cy", "view", body, ("differs-from", one))
    group.add("cy", "standing", {"standing": "still", "text": "It is the prayer"}, ("answers", view))
    made = card(group.bo, view)
    assert point(made, translate("differ.stands_unnamed"))["text"] == translate("differ.standing.still")
    assert translate("differ.for_unnamed") in str(made) and made["tag"] == ""
    assert "Cy" not in str(made) and "Cy" not in str(card(group.bo, other))
    group.bo.session.go("documentation")
    (there,) = [c for c in group.bo.part(CardList).items if c["id"] == view]
    assert point(there, translate("documentation.label.holder"))["text"] == translate(
        "common.no_name"
    ) and "Cy" not in str(there)


def test_words_nobody_can_be_asked_about_say_so(group: Threads) -> None:
    one, _ = group.differing()
    body = {"text": "So it was said", "holder": "unreached", "holders": []}
    view = group.add("fay", "view", body, ("differs-from", one))
    made = card(group.ada, view)
    assert point(made, translate("documentation.label.holder"))["text"] == translate("documentation.holder.unreached")
    assert not act(made, "stand")


def test_adding_how_i_see_it_writes_a_view_of_my_own_that_differs_and_marks_both(group: Threads) -> None:
    one, other = group.differing()
    made = card(group.cy, other)
    box = act(made, "differ")["box"]  # type: ignore[index]
    assert "seen" in [c["key"] for c in box["choices"]] and box["hint"] == translate("documentation.differs_hint")
    assert press(group.cy, made, "differ", "At noon", seen="group", shown="named")["done"] == "shared"
    mine = next(c for c in cards(group.cy) if c["text"] == "At noon")
    assert mine["by"] == "Cy" and act(mine, "stand") and not act(mine, "differ")
    assert point(mine, translate("differ.label.other"))["text"] == "Evenings are best"
    texts = [p["text"] for p in card(group.bo, other)["points"] if p["label"] == translate("differ.label.other")]
    assert texts == ["Mornings are best", "At noon"]
    assert card(group.cy, one)["id"] == one


def test_how_i_see_it_can_be_kept_to_myself_and_then_nobody_else_learns_of_it(group: Threads) -> None:
    _, other = group.differing()
    before = sent_to(group.bo, "differ"), sent_to(group.fay, "differ")
    made = card(group.cy, other)
    assert press(group.cy, made, "differ", "PRIVATE view", seen="only-me")["done"] == "shared"
    assert (sent_to(group.bo, "differ"), sent_to(group.fay, "differ")) == before
    mine = next(c for c in cards(group.cy) if c["text"] == "PRIVATE view")
    assert not act(mine, "stand") and not act(mine, "keep-difference")


def test_a_difference_is_kept_by_facilitator_or_scribe_with_the_views_it_rests_on(group: Threads) -> None:
    one, other = group.differing()
    assert not act(card(group.ada, one), "keep-difference")
    made = card(group.fay, one)
    assert act(made, "keep-difference")["about"] == [["rests-on", one], ["rests-on", other]]  # type: ignore[index]
    assert press(group.fay, made, "keep-difference")["done"] == "refused"
    assert press(group.fay, made, "keep-difference", "When we are awake")["done"] == "shared"
    (end,) = group.record.state(group.workshop).of_kind("outcome")
    assert end.data["outcome"] == "difference" and end.header.by == group.me("fay")
    assert end.header.about == (("rests-on", one), ("rests-on", other))
    for root in (one, other):
        made = card(group.cy, root)
        assert point(made, translate("ending.differ_by", name="Fay"))["text"] == "When we are awake"
        assert not act(card(group.fay, root), "keep-difference")  # kept already
    assert "standing" not in end.data  # and nobody's standing is set by it


def test_of_several_views_those_that_belong_to_the_difference_are_chosen(group: Threads) -> None:
    one, other = group.differing()
    third = group.add("cy", "view", {"text": "At noon"}, ("differs-from", one))
    made = card(group.fay, one)
    (which,) = act(made, "keep-difference")["box"]["choices"]  # type: ignore[index]
    assert which["value"] == [other, third] and which["many"]
    assert press(group.fay, made, "keep-difference", "When", views=[third])["done"] == "shared"
    (end,) = group.record.state(group.workshop).of_kind("outcome")
    assert end.header.about == (("rests-on", one), ("rests-on", third))


def test_a_difference_is_kept_by_nobody_else_and_rests_on_nothing_but_views_that_may_be_seen(group: Threads) -> None:
    one, other = group.differing()
    secret = group.write("fay", "view", "PRIVATE view", seen_by="only-me")
    said = group.write("ada", "utterance", "Words")

    def send(guest: Guest, *views: str) -> dict[str, Any]:
        cards(guest)
        return guest.send(
            guest.part(CardList), box=f"act:{one}:keep-difference", kind="outcome", fields={"text": "So"},
            about=[["rests-on", view] for view in views],
        )  # fmt: skip

    assert send(group.ada, one, other)["message"] == translate("error.may_not", who="facilitator_scribe")
    for wrong in (secret, said, group.record.new_id()):
        assert send(group.fay, one, wrong)["done"] == "refused"
    assert not group.record.state(group.workshop).of_kind("outcome")


def test_nothing_is_counted_against_anybody_and_no_number_stands_on_the_page(group: Threads) -> None:
    one, _ = group.differing()
    group.add("cy", "link", {}, ("holds", one))
    group.add("fay", "link", {}, ("holds", one))
    cards(group.bo)
    assert group.bo.part(CardList).heading == translate("differ.plain")
    labels = [p["label"] for p in card(group.bo, one)["points"]]
    assert [translate("differ.stands", name=name) in labels for name in ("Ada", "Cy", "Fay")] == [True] * 3


def test_an_empty_page_says_that_this_does_not_mean_everyone_sees_it_alike(group: Threads) -> None:
    assert cards(group.ada) == []
    assert group.ada.part(CardList).empty == translate("differ.empty")
    assert "page=documentation" in sent_to(group.ada, "differ")


def test_what_others_may_not_see_yet_or_any_more_is_on_no_card_of_theirs(group: Threads) -> None:
    _, other = group.differing()
    group.alone("documentation", True)
    about = (("answers", other),)
    group.add("bo", "standing", {"standing": "changed", "text": "NOT SHOWN yet"}, *about, seen_by="group-from-reveal")
    sent = sent_to(group.cy, "differ")
    assert "NOT SHOWN" not in sent and translate("differ.standing.changed") not in str(card(group.cy, other)["points"])
    assert "NOT SHOWN" in sent_to(group.bo, "differ")
    group.alone("documentation", False)
    assert "NOT SHOWN" in sent_to(group.cy, "differ")
    standing = group.record.state(group.workshop).of_kind("standing")[0].id
    group.hide(standing)
    assert "NOT SHOWN" not in sent_to(group.cy, "differ")
    group.take_back("bo", other)
    assert cards(group.cy) == [] and "Evenings" not in sent_to(group.cy, "differ")
    assert "Evenings" not in sent_to(group.fay, "differ", other)


def test_somebody_who_only_reads_is_offered_nothing_to_press_but_what_leads_on(group: Threads) -> None:
    one, _ = group.differing()
    group.add("fay", "role", {"role": "observer", "on": True}, ("grants", group.me("ada")))
    assert card(group.ada, one)["acts"] == []
    assert "page=documentation" not in str(
        [p.blocks for p in group.ada.session.shell.parts if hasattr(p, "blocks")][1:-1]
    )


# ---- what is kept is never told to be nothing, and stands in the name of whoever kept it


def kept_there(guest: Guest) -> tuple[str, list[Card]]:
    """What the page says where it shows no view, and the differences that stand by themselves."""
    guest.session.go("differ", "")
    guest.part(CardList)
    views, kept = (part for part in guest.session.shell.parts if isinstance(part, CardList))
    return views.empty, list(kept.items)


def test_a_difference_kept_without_its_views_stands_here_and_the_page_does_not_say_nothing(group: Threads) -> None:
    assert kept_there(group.bo) == (translate("differ.empty"), [])
    kept = group.add("cy", "outcome", {"text": "Evenings or mornings", "lang": "en", "outcome": "difference"})
    empty, found = kept_there(group.bo)
    assert (empty, [c["id"] for c in found]) == ("", [kept])


def test_a_kept_difference_stays_here_when_a_view_under_it_is_erased(group: Threads) -> None:
    one, other = group.differing()
    body = {"text": "Evenings or mornings", "lang": "en", "outcome": "difference"}
    kept = group.add("cy", "outcome", body, ("rests-on", one), ("rests-on", other))
    assert kept_there(group.bo)[1] == [], "its views lead to it"
    group.erase("ada", one)
    group.erase("bo", other)
    empty, (found,) = kept_there(group.bo)
    assert (empty, found["id"]) == ("", kept)
    assert found["mark"]["hint"] == translate("ending.changed_hint")
    assert "not lost" not in translate("ending.changed_hint") and "förlorat" not in translate(
        "ending.changed_hint", "sv"
    )


def test_what_one_person_keeps_is_not_said_in_the_name_of_the_others(group: Threads) -> None:
    one, other = group.differing()
    body = {"text": "Evenings or mornings", "lang": "en"}
    about = (("rests-on", one), ("rests-on", other))
    kept = group.add("cy", "outcome", {**body, "outcome": "difference"}, *about)
    left = group.add("cy", "outcome", {**body, "outcome": "open-question", "shown": "none"})
    group.bo.go("agreement")
    group.bo.part(CardList)
    made = {c["id"]: c for part in group.bo.session.shell.parts if isinstance(part, CardList) for c in part.items}
    assert made[kept]["tag"] == translate("ending.differ_by", name="Cy")
    assert point(made[kept], translate("ending.whose"))["text"] == "Ada, Bo"
    assert made[left]["tag"] == translate("ending.open_one")
    assert translate("ending.differ_label") not in str(made[kept])
