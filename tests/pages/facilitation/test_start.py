"""The way in on Start: a link and its picture where another device can open it, and words where none can."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cowork.pages.facilitation.start import invitation, is_this_computer
from cowork.text import translate

PAGE = "https://hub.example.org/user/abc/voila/render/notebooks/workbook.ipynb"


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COWORK_ADDRESS", "COWORK_INVITATION"):
        monkeypatch.delenv(name, raising=False)


def way(origin: str, base: str = "/", lang: str = "en") -> tuple[dict[str, Any], list[str]]:
    """The block that invites, and all words in sentences."""
    visit = SimpleNamespace(origin=origin, code="OAK-1234", served=bool(base))
    here: Any = SimpleNamespace(t=lambda key, **values: translate(key, lang, **values), session=visit)
    blocks = invitation(here).blocks
    inviting = next(block for block in blocks if "code" in block)
    return inviting, [line for block in blocks for line in block.get("inset", [])]


@pytest.mark.parametrize("lang", ["en", "sv"])
@pytest.mark.parametrize(
    "origin",
    ["http://127.0.0.1:8866/", "http://localhost:8866/", "http://[::1]:8866/", "http://cowork.localhost/"],
)
def test_an_address_of_this_computer_alone_says_so_in_place_of_a_picture(origin: str, lang: str) -> None:
    block, words = way(origin, lang=lang)
    assert "qr" not in block and block["link"] == f"{origin}?w=OAK-1234"
    how = translate("start.let_in_how", lang, command="python run.py --host 0.0.0.0")
    assert words == [translate("start.only_here", lang), how]


def test_an_address_of_the_network_is_shown_as_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWORK_ADDRESS", "http://192.168.1.7:8866")
    block, words = way("http://127.0.0.1:8866/")
    assert block["link"] == "http://192.168.1.7:8866/?w=OAK-1234" and block["qr"]["size"] > 20 and not words


def test_a_server_for_all_on_a_computer_without_a_network_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWORK_ADDRESS", "http://127.0.0.1:8866")
    block, words = way("http://127.0.0.1:8866/")
    assert "qr" not in block and words == [translate("start.only_here"), translate("start.no_network")]


def test_jupyterlabs_own_address_invites_nobody() -> None:
    block, words = way("http://localhost:8888/lab/tree/workbook.ipynb", base="")
    assert block == {"code": "OAK-1234"} and words[0] == translate("start.in_lab")


def test_an_invitation_stands_in_the_link_and_words_say_what_it_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWORK_INVITATION", "roomcode=00ff")
    block, words = way(PAGE, base="/user/abc/")
    assert block["link"] == f"{PAGE}?roomcode=00ff&w=OAK-1234" and block["qr"]
    assert words == [translate(f"start.{name}") for name in ("link_opens", "link_joins", "bar_opens", "token_opens")]


@pytest.mark.parametrize("address", ["http://192.168.1.7/", "https://hub.example.org/", "http://[fd00::2]:8866/"])
def test_other_addresses_are_for_others(address: str) -> None:
    assert not is_this_computer(address)
