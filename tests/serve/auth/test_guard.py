"""The room code: nothing is served without it, it goes nowhere it should not, and it survives a restart."""

from __future__ import annotations

import json
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowork.core.ids import CODE_WORDS
from cowork.serve import app, network
from cowork.serve.auth import room_store
from cowork.serve.auth.guard import (
    FREE_ATTEMPTS,
    MAX_WAIT_SECONDS,
    SECONDS_PER_ATTEMPT,
    RoomAccess,
    local_path,
    new_code,
    normalise_code,
)
from cowork.serve.kernels.manager import without_token

CODE = "lamp-river-4831"
KERNEL = "00000000-0000-4000-8000-000000000000"
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
}


@pytest.fixture(scope="module")
def room(start: Any) -> Any:
    return start(host="0.0.0.0", token=CODE)


def cookie_from(answer: Any) -> str:
    found = re.search(r"(cowork-room-\d+=[^;]+)", " ".join(answer.headers.get_all("Set-Cookie") or []))
    assert found
    return found[1]


def test_the_address_and_the_code_are_said_once(room: Any, wait_until: Any) -> None:
    wait_until(lambda: len(room.said) == 2, "both lines")
    assert re.fullmatch(
        rf"cowork is open at http://[\d.]+:{room.port}/\?token={CODE}  \(Ctrl\+C closes it\)\n", room.said[0]
    )
    assert CODE in room.said[1]


@pytest.mark.parametrize("path", ["/", "/?w=ABC", "/voila/render/told.ipynb"])
def test_a_page_asks_for_the_code_first(room: Any, path: str) -> None:
    answer = room.ask(path)
    assert answer.status == 302 and answer.body == b""
    assert answer.headers["Location"] == "/login?next=" + quote(path, safe="")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cowork/alive"),
        ("GET", f"/cowork/alive?kernel={KERNEL}"),
        ("GET", "/cowork/front/x.js"),
        ("GET", "/voila/static/voila.js"),
        ("GET", "/voila/labextensions/anywidget/package.json"),
        ("GET", "/voila/templates/lab/static/voila.js"),
        ("GET", f"/api/kernels/{KERNEL}"),
        ("DELETE", f"/api/kernels/{KERNEL}"),
        ("GET", "/no-such-page"),
        ("POST", "/"),
        ("POST", f"/voila/api/shutdown/{KERNEL}"),
        ("POST", f"/?token={CODE}"),
    ],
)
def test_without_the_code_nothing_is_served(room: Any, method: str, path: str) -> None:
    answer = room.ask(path, method)
    assert answer.status == 403 and len(answer.body) < 200


def test_without_the_code_no_socket_is_opened(room: Any) -> None:
    assert room.ask(f"/api/kernels/{KERNEL}/channels", headers=UPGRADE).status == 403
    assert room.ask("/voila/render/told.ipynb", headers=UPGRADE).status == 403


def test_a_cookie_of_ones_own_making_does_not_open(room: Any) -> None:
    made = {"Cookie": f"cowork-room-{room.port}=2|1:0|10:1795445303|6:cowork|4:aW4=|0000; username=x; _xsrf=y"}
    assert room.ask("/cowork/alive", headers=made).status == 403
    assert room.ask("/cowork/alive", headers={"Authorization": f"token {CODE}"}).status == 403


def test_the_login_page_has_a_named_field_and_asks_no_other_host(room: Any) -> None:
    page = room.ask("/login?next=/").text
    assert re.search(r'<label for="code">Room code <span lang="sv">/ Rumskod</span></label>', page)
    assert '<input id="code"' in page and "Come in" in page and "Kom in" in page
    assert "http" not in page
    for path in re.findall(r'(?:href|url\()="?(/voila/[^")]+)', page):
        assert room.ask(path).status == 200, "what the login page shows must be open too"


def test_the_typed_code_opens_and_leads_back(room: Any) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    wrong = room.ask("/login?next=%2F", "POST", "code=lamp-river-0000", form)
    assert wrong.status == 403
    assert "This is not the room code." in wrong.text and "Det är inte rumskoden." in wrong.text
    assert 'role="alert"' in wrong.text and 'aria-invalid="true"' in wrong.text
    right = room.ask("/login?next=%2F%3Fw%3DABC", "POST", "code=" + quote(" Lamp River 4831 "), form)
    assert (right.status, right.headers["Location"]) == (303, "/?w=ABC")
    cookie = {"Cookie": cookie_from(right)}
    assert "HttpOnly" in str(right.headers["Set-Cookie"]) and "SameSite=Lax" in str(right.headers["Set-Cookie"])
    assert room.ask("/cowork/alive", headers=cookie).status == 200
    assert "cw-skip" in room.ask("/?w=ABC", headers=cookie).text


def test_the_code_in_an_address_becomes_a_cookie_and_is_gone(room: Any) -> None:
    answer = room.ask(f"/voila/render/told.ipynb?w=ABC&token={CODE}&page=intention")
    assert (answer.status, answer.headers["Location"]) == (303, "/voila/render/told.ipynb?w=ABC&page=intention")
    told = room.told("?w=ABC&page=intention", Cookie=cookie_from(answer))
    assert told["env"]["QUERY_STRING"] == "w=ABC&page=intention"
    assert told["env"]["COWORK_ADDRESS"].startswith("http://") and told["env"]["COWORK_ADDRESS"].endswith(
        str(room.port)
    )
    assert re.fullmatch("[0-9a-f]{32}", told["env"]["COWORK_SOURCE"]), "a tag, and nobody's address"
    assert CODE not in json.dumps(told), "no kernel learns the room code"
    assert CODE not in room.errors.read_text()


def test_a_wrong_code_in_an_address_is_asked_again_without_it(room: Any) -> None:
    answer = room.ask("/?token=wrong-wrong-0000&w=ABC")
    assert answer.status == 403 and "wrong-wrong" not in answer.text and "Come in" in answer.text


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/?w=A", "/?w=A"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_a_login_leads_to_this_server_only(asked: str, given: str) -> None:
    assert local_path(asked) == given


def test_guessing_is_slowed_down_and_does_not_slow_others() -> None:
    room = RoomAccess(CODE, b"seed")
    waits = [room.reserve_attempt("10.0.0.1", now=5.0) for _ in range(1_000)]
    assert waits[:FREE_ATTEMPTS] == [0.0] * FREE_ATTEMPTS
    slowed = [wait for wait in waits if wait is not None][FREE_ATTEMPTS:]
    assert slowed == pytest.approx([SECONDS_PER_ATTEMPT * n for n in range(1, len(slowed) + 1)])
    assert slowed[-1] <= MAX_WAIT_SECONDS + SECONDS_PER_ATTEMPT and waits[-1] is None
    assert room.reserve_attempt("10.0.0.2", now=5.0) == 0.0
    assert room.reserve_attempt("10.0.0.1", now=5.0 + MAX_WAIT_SECONDS + 10) == 0.0


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.floats(0, 2)), max_size=200))
def test_however_tries_come_no_address_has_more_than_its_pace(tries: list[tuple[str, float]]) -> None:
    room, now, at = RoomAccess(CODE, b"seed"), 0.0, dict[str, list[float]](a=[], b=[])
    for who, later in tries:
        now += later
        wait = room.reserve_attempt(who, now)
        if wait is not None:
            at[who].append(now + wait)
    for times in at.values():
        for first, time in enumerate(times):
            most = FREE_ATTEMPTS + (times[-1] - time) / SECONDS_PER_ATTEMPT + 1.001
            assert len(times) - first <= most


def test_a_right_code_comes_in_among_wrong_ones_from_the_same_address(room: Any) -> None:
    """Everybody behind a router has one address: one person's wrong codes keep nobody out who has the right one."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with ThreadPoolExecutor(30) as guessers:
        wrong = guessers.map(lambda n: room.ask("/login", "POST", f"code=wrong-{n}", form).status, range(30))
        assert room.ask(f"/?token={CODE}").status == 303
        assert room.ask("/login", "POST", f"code={CODE}", form).status == 303
        assert set(wrong) == {403}


def test_codes_are_easy_to_type_and_hard_to_guess() -> None:
    assert len(set(CODE_WORDS)) ** 2 * 10_000 > 2**26
    made = [new_code() for _ in range(200)]
    # Two of 200 are alike once in some thousand runs, ten of them never: then something is not drawn by chance.
    assert len(set(made)) > 190
    assert all(re.fullmatch(r"[a-z]+-[a-z]+-\d{4}", code) for code in made)
    assert normalise_code(" LAMP – river_4831") == CODE
    assert "LAMP" not in CODE_WORDS, "no code is made of it any longer, and a room that has it keeps it"
    assert RoomAccess(CODE, b"").matches("Lamp River 4831") and not RoomAccess(CODE, b"").matches("lamp-river-483")


def test_a_restart_keeps_the_code_and_a_new_code_ends_old_visits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(room_store.platformdirs, "user_state_dir", lambda *_, **__: str(tmp_path))
    record = tmp_path / "group.cowork"
    first = room_store.load_room(record)
    again = room_store.load_room(record)
    assert (again.code, again.secret) == (first.code, first.secret)
    other = room_store.load_room(record, "another-code-1234")
    assert other.secret != first.secret
    kept = next((tmp_path / "rooms").iterdir())
    assert kept.stat().st_mode & 0o077 == 0, "only its owner may read the code"
    assert room_store.load_room(tmp_path / "elsewhere.cowork").code != other.code


def test_a_state_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(room_store.platformdirs, "user_state_dir", lambda *_, **__: str(tmp_path / "file"))
    assert room_store.load_room(tmp_path / "group.cowork").code


def test_the_code_is_taken_out_of_a_query() -> None:
    assert without_token(f"w=A%20B&token={CODE}&x=") == "w=A+B&x="
    assert without_token(f"token={CODE}") == ""


#: Tornado leaves the socket that it could not bind to the collector of garbage.
left_by_tornado = pytest.mark.filterwarnings("ignore:.*unclosed <socket")


@pytest.fixture
def taken() -> Any:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@left_by_tornado
def test_a_taken_port_is_said_in_words(taken: int, notebooks: Path, tmp_path: Path, capsys: Any) -> None:
    assert app.serve(tmp_path / "r.cowork", port=taken, browser=False, notebooks=notebooks) == 1
    assert f"Port {taken} is taken by another program" in capsys.readouterr().err


@left_by_tornado
def test_beside_the_usual_port_the_next_free_one_will_do(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "DEFAULT_PORT", taken)
    place = network.bind("127.0.0.1", taken)
    for held in place.sockets:
        held.close()
    assert place.moved and taken < place.port <= taken + network.NEXT_PORTS


@left_by_tornado
def test_an_address_that_is_not_ours_is_said_in_words(notebooks: Path, tmp_path: Path, capsys: Any) -> None:
    assert app.serve(tmp_path / "r.cowork", port=0, host="203.0.113.9", browser=False, notebooks=notebooks) == 1
    assert "203.0.113.9 is not an address of this computer" in capsys.readouterr().err


def test_a_code_that_is_too_short_is_refused(notebooks: Path, tmp_path: Path, capsys: Any) -> None:
    assert app.serve(tmp_path / "r.cowork", host="0.0.0.0", browser=False, token="abc", notebooks=notebooks) == 1
    assert "too short" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("", False), ("::", False)],
)
def test_only_loopback_is_this_machine_alone(host: str, alone: bool) -> None:
    assert network.is_loopback(host) is alone
