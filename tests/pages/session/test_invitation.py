"""An invitation of everyone to a page: from any page, ended by any facilitator, and shown to whoever is elsewhere."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from support.page_sessions import Guest, opened

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft
from cowork.pages.session import navigation
from cowork.text import translate
from cowork.widgets import Form


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is online is noted in a folder of this machine."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def invite(guest: Guest, page: str) -> None:
    guest.session.shell.receive({"do": "invite", "page": page, "ends": ""})


def stop(guest: Guest) -> None:
    guest.session.shell.receive({"do": "invite", "page": "", "ends": guest.session.shell.invite["id"]})


def shown(guest: Guest) -> dict[str, Any]:
    """The invitation as this person's page shows it, after a look at what is new."""
    assert guest.session.feed
    guest.session.feed.poll()
    return dict(guest.session.shell.invite)


@pytest.mark.parametrize("page", ["start", "setting", "journey", "differ", "trace", "report", "choices", "agreement"])
def test_everyone_can_be_invited_to_any_page(page: str) -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    fay.go(page)
    invite(fay, page)
    assert shown(bo)["page"] == page and not shown(bo)["here"]
    assert shown(bo)["text"].startswith("Fay invites everyone to ")
    assert fay.with_guest("Cy").session.page == page


@pytest.mark.parametrize("page", ["", "people", "join", "front", "opening", "nothing-of-ours"])
def test_nobody_is_invited_to_a_page_that_is_not_for_everyone(page: str) -> None:
    fay = opened()
    invite(fay, page)
    fay.go("start")
    assert fay.send(fay.part(Form, "invite-all"), choices={"other": page})["done"] == "refused"
    assert not fay.record.state(fay.session.workshop).of_kind("invite")


def test_start_offers_the_other_pages_too() -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    fay.go("start")
    assert fay.send(fay.part(Form, "invite-all"), choices={"page": "", "other": "differ"})["done"] == "shared"
    assert shown(bo)["page"] == "differ"


def test_whoever_is_there_already_is_told_so_and_a_facilitator_how_many_came() -> None:
    fay = opened()
    bo, cy = fay.with_guest("Bo"), fay.with_guest("Cy")
    fay.go("assets")
    bo.go("assets")
    cy.go("intention")
    invite(fay, "assets")
    assert shown(bo)["here"] and not shown(bo)["stop"] and not shown(cy)["here"]
    assert shown(fay)["came"] == translate("invite.came", n=2, N=3)
    cy.go("assets")
    fay.session.shell.receive({"do": "ping", "t": 1, "hidden": False})
    fay.session.frame._presence.__dict__["_counted"] = (0, 0.0, {})  # type: ignore[union-attr]  # ten seconds later
    fay.session.shell.receive({"do": "ping", "t": 2, "hidden": False})
    assert fay.session.shell.invite["came"] == translate("invite.came", n=3, N=3)
    assert shown(cy)["came"] == ""


def test_an_ended_invitation_goes_from_all_screens_and_greets_nobody_who_joins_later() -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    invite(fay, "assets")
    assert shown(bo)
    stop(fay)
    assert shown(bo) == shown(fay) == {}
    cy = fay.with_guest("Cy")
    assert cy.session.page == "intention" and cy.session.shell.welcome == translate("welcome.led", name="Fay")


def test_of_two_facilitators_the_newest_invitation_holds_and_either_ends_it() -> None:
    fay = opened()
    gil = fay.with_guest("Gil")
    draft = Draft(
        fay.record.new_id(),
        "role",
        fay.session.me,
        {"role": "facilitator", "on": True},
        (("grants", gil.session.me),),
        how="facilitator",
    )
    fay.record.append(fay.session.workshop, draft, Actor(fay.session.me))
    invite(fay, "assets")
    first = shown(gil)
    assert first["stop"]
    invite(gil, "dialogue")
    # Fay ends what she sees, and has not heard of Gil's yet: his holds, and the one before it does not come back.
    fay.session.shell.receive({"do": "invite", "page": "", "ends": first["id"]})
    assert shown(fay)["page"] == shown(gil)["page"] == "dialogue"
    stop(fay)
    assert shown(fay) == shown(gil) == {}


def test_only_a_facilitator_invites_and_ends() -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    invite(bo, "assets")
    assert not fay.record.state(fay.session.workshop).of_kind("invite")
    assert bo.session.shell.note == translate("error.not_yours")
    assert fay.session.shell.may_invite and not bo.session.shell.may_invite
    invite(fay, "assets")
    bo.session.shell.receive({"do": "invite", "page": "", "ends": shown(bo)["id"]})
    assert shown(fay)["page"] == "assets"


def test_an_invitation_written_before_there_were_endings_opens_as_before_and_lapses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fay = opened()
    bo = fay.with_guest("Bo")
    old = Draft(fay.record.new_id(), "invite", fay.session.me, {"page": "dialogue"}, how="facilitator")
    fay.record.append(fay.session.workshop, old, Actor(fay.session.me))
    assert shown(bo)["page"] == "dialogue"
    view = ParticipantView(fay.record.state(fay.session.workshop), bo.session.me)
    monkeypatch.setattr(navigation, "INVITE_MS", -1)
    assert view.current_invite() and bo.session.nav().invitation(view) is None


def test_whoever_joins_is_greeted_once_with_who_leads_and_where_the_group_is() -> None:
    fay = opened()
    invite(fay, "assets")
    bo = fay.with_guest("Bo")
    where = translate("welcome.where", page=translate("assets.link"))
    assert bo.session.page == "assets"
    assert bo.session.shell.welcome == f"{translate('welcome.led', name='Fay')} {where}"
    bo.go("dialogue")
    assert bo.session.shell.welcome == ""
    assert fay.session.shell.welcome == ""
