"""What stands beside what we now see: for whoever is asked something, that first; then a proposal made from it."""

from __future__ import annotations

from typing import Any

from support.page_sessions import Guest, opened

from cowork.widgets import CardList, Form

SEEN = "We now see that nobody tells people"


def card(guest: Guest) -> Any:
    return next(item for item in guest.part(CardList).items if item["text"] == SEEN)


def test_a_proposal_can_be_made_from_it_by_whoever_sees_it() -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    for one in (fay, bo):
        one.go("understanding")
    fay.share(fay.part(Form), SEEN, kind="understanding", choices={"who": "we", "shown": "named", "seen": "group"})
    assert card(fay)["near"] == ["change", "propose"]
    assert card(bo)["near"] == ["check-all", "propose"]
    link = next(act for act in card(bo)["acts"] if act != "talk" and act["name"] == "propose")
    assert link["href"] == f"?w={fay.code}&page=agreement&at={card(bo)['id']}"


def test_from_what_was_taken_back_no_proposal_is_made_and_putting_it_back_stays_at_hand() -> None:
    fay = opened()
    fay.go("understanding")
    fay.share(fay.part(Form), SEEN, kind="understanding", choices={"who": "we", "shown": "named", "seen": "group"})
    fay.press(fay.part(CardList), "withdrawal", [["withdraws", card(fay)["id"]]])
    assert card(fay)["near"] == ["put"]
    assert "propose" not in [act if isinstance(act, str) else act["name"] for act in card(fay)["acts"]]


def test_what_one_keeps_to_oneself_is_no_ground_of_a_proposal() -> None:
    fay = opened()
    fay.go("understanding")
    fay.share(fay.part(Form), SEEN, kind="understanding", choices={"who": "me", "shown": "named", "seen": "only-me"})
    assert "propose" not in [act if isinstance(act, str) else act["name"] for act in card(fay)["acts"]]
