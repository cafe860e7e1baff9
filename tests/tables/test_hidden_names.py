"""Names of people who asked not to be named, typed by others: pointed out or left out, wherever words stand."""

from __future__ import annotations

from typing import Any

import pytest
from tables.conftest import Room


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("action", {"text": "Ask", "more": {"who": "Bo", "when": "May"}}),
        ("reservation", {"text": "Too soon", "review": "when Bo is back"}),
        ("reservation", {"text": "Too soon", "owner": "Bo"}),
        ("view", {"text": "Nobody rings", "unwritten": "what Bo said"}),
        ("proposal", {"text": "At ten", "rule": {"code": "own", "name": "as usual", "text": "Bo decides"}}),
        ("utterance", {"text": "A tray"}),
    ],
)
def test_a_hidden_name_is_pointed_out_in_whatever_it_was_typed(room: Room, kind: str, body: dict[str, Any]) -> None:
    said = room.add("ada", kind, body)
    assert room.opened().contributions().attrs["hold_hidden_names"] == []
    room.consent("bo", "naming", "perspective")
    expected = [said] if kind != "utterance" else []
    assert room.opened().contributions().attrs["hold_hidden_names"] == expected


def test_a_worry_named_with_an_answer_is_looked_through_once_it_is_shown(room: Room) -> None:
    room.consent("bo", "naming", "perspective")
    version = room.propose()
    body = {"level": "worry", "more": {"worry": "Bo would not come"}}
    answer = room.add("ada", "position", body, ("answers", version), seen_by="group-from-reveal")
    assert room.opened().positions().attrs["hold_hidden_names"] == []
    room.reveal(version)
    assert room.opened().positions().attrs["hold_hidden_names"] == [answer]


def test_the_name_of_a_session_is_looked_through_and_its_times_hold_no_hidden_name(room: Room) -> None:
    room.consent("bo", "naming", "perspective")
    episode = room.add("fay", "episode", {"name": "Talk with Bo", "start": "when Bo came", "end": "16:00"})
    table = room.opened().episodes()
    assert table.attrs["hold_hidden_names"] == [episode]
    assert list(table["start"])[-1] == "…" and list(table["end"])[-1] == "16:00"


def test_what_somebody_is_here_as_tells_nobody_else_s_hidden_name(room: Room) -> None:
    for name in ("ada", "cy", "di", "eli", "fay"):
        room.add(name, "participant", {"perspectives": ["neighbour", "friend of Bo"]})
        room.consent(name, "naming", "perspective")
    room.consent("bo", "naming", "perspective")
    room.write("ada", "A tray", kind="view")
    workshop = room.opened()
    assert list(workshop.contributions()["by"]) == ["neighbour, …"]
    for name in ("contributions", "participants", "wordings"):
        assert "Bo" not in getattr(workshop, name)().to_csv(), name
