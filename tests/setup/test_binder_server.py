"""The workbook as Binder runs it: inside Jupyter's own server, under a path, behind Jupyter's token."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.browsers import free_port
from support.event_loop import run_alone
from support.jupyter_server import BASE, PAGE, ROOT, TOKEN, JupyterServer, cookies_of
from support.votes import UPGRADE, kernel_of
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

pytestmark = [
    pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="Binder's start script needs bash"),
    pytest.mark.skipif(not (ROOT / "notebooks/workbook.ipynb").is_file(), reason="there is no workbook yet"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    found = JupyterServer(tmp_path_factory.mktemp("home") / "binder.cowork")
    found.start()
    yield found
    found.kill()


def open_page(server: JupyterServer, token: str = TOKEN, cookies: str = "") -> tuple[str, str]:
    """A page's kernel, and the cookies of the browser that asked for it."""
    answer = server.ask(PAGE, token=token, cookies=cookies)
    assert answer.status == 200, answer.text[:500]
    return kernel_of(answer.text), "; ".join(part for part in (cookies, cookies_of(answer)) if part)


def test_the_page_is_ours_and_asks_only_this_server(server: JupyterServer) -> None:
    answer = server.ask(PAGE)
    assert answer.status == 200
    page = answer.text
    assert 'id="cw-opening"' in page, "made with our template"
    front = re.search(r'<script type="module" async src="(/user/abc/cowork/front/\w+\.js)"', page)
    assert front, "with the front end in one file, under Binder's path"
    assert server.ask(front[1].removeprefix(BASE)).status == 200
    assert not re.search(r'(?:src|href)="https?://', page)
    assert "plotly" not in page, "Binder has it, for analyse.ipynb; a participant's page does not ask for it"
    assert json.loads(server.ask(f"cowork/alive?kernel={kernel_of(page)}").text)["kernel"] is True


def test_only_a_page_is_opened_as_one_and_jupyter_opens_the_rest(server: JupyterServer) -> None:
    """Whoever has the token can run anything here; a link to a page still never leads to what is none."""
    assert server.ask("voila/render/notebooks/analyse.ipynb").status == 404
    assert server.ask("api/contents/notebooks/analyse.ipynb?content=0").status == 200


# ---- the invitation


@pytest.mark.parametrize("query", ["", "?w=OAK-1234", "?roomcode=lamp-river-4831", "?roomcode=", "?token=guessed"])
def test_without_token_or_invitation_there_are_words_and_no_page(server: JupyterServer, query: str) -> None:
    answer = server.ask(PAGE + query, token="")
    assert answer.status == 403
    assert "This page opens with its link" in answer.text and "Sidan öppnas med sin länk" in answer.text
    assert 'id="cw-opening"' not in answer.text and "password" in answer.text, "the way to Jupyter's own login"
    assert ("That link opens nothing now" in answer.text) == ("roomcode" in query)
    login = re.search(r'href="(/user/abc/login\?next=[^"]+)"', answer.text)
    assert login and "roomcode" not in login[1] and "guessed" not in login[1]


def test_an_invitation_becomes_a_cookie_and_leaves_the_address(server: JupyterServer) -> None:
    answer = server.ask(f"{PAGE}?{server.invitation()}&w=OAK-1234&page=start", token="")
    assert answer.status == 303
    assert answer.headers["Location"] == f"{BASE}{PAGE}?w=OAK-1234&page=start"
    room = next(one for one in answer.headers.get_all("Set-Cookie") or [] if one.startswith("cowork-room-"))
    assert "HttpOnly" in room and "SameSite=Lax" in room and "Path=/user/abc/;" in room and "Secure" not in room


def test_behind_a_proxy_that_speaks_https_the_cookies_are_secure(server: JupyterServer) -> None:
    address = f"{PAGE}?{server.invitation()}"
    answer = server.ask(address, token="", X_Forwarded_Proto="https", X_Forwarded_For="203.0.113.9")
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert cookies and all("Secure" in cookie for cookie in cookies if cookie.startswith("cowork-room"))


def test_a_wrong_code_shuts_nobody_out(server: JupyterServer) -> None:
    """Everybody comes from the proxy's address, so no count of that address may close the door."""
    for _ in range(40):
        assert server.ask(f"{PAGE}?roomcode=wrong", token="").status == 403
    assert server.guest()


def test_a_guest_has_the_page_and_its_kernel(server: JupyterServer) -> None:
    kernel, cookies = open_page(server, token="", cookies=server.guest())
    assert server.ask(f"api/kernels/{kernel}", token="", cookies=cookies).status == 200
    xsrf = re.search(r"_xsrf=([^;]+)", cookies)
    assert xsrf
    goodbye = server.ask(f"voila/api/shutdown/{kernel}", "POST", {}, "", cookies, X_XSRFToken=xsrf[1])
    assert goodbye.status == 204
    assert json.loads(server.ask(f"cowork/alive?kernel={kernel}", token="").text)["kernel"] is False


def test_a_guests_goodbye_from_another_site_is_refused(server: JupyterServer) -> None:
    kernel, cookies = open_page(server, token="", cookies=server.guest())
    assert server.ask(f"voila/api/shutdown/{kernel}", "POST", {}, "", cookies).status == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "api/contents"),
        ("GET", "api/contents/notebooks/workbook.ipynb"),
        ("GET", "api/kernels"),
        ("POST", "api/kernels"),
        ("GET", "api/kernelspecs"),
        ("GET", "api/sessions"),
        ("POST", "api/sessions"),
        ("GET", "api/terminals"),
        ("POST", "api/terminals"),
        ("GET", "api/status"),
        ("GET", "api/config/notebook"),
        ("GET", "files/README.md"),
        ("GET", "nbconvert/html/notebooks/workbook.ipynb"),
        ("POST", "api/shutdown"),
        ("GET", "view/README.md"),
        ("GET", "tree"),
        ("GET", "lab"),
    ],
)
def test_a_guest_finds_every_other_address_of_jupyters_closed(server: JupyterServer, method: str, path: str) -> None:
    _, cookies = open_page(server, token="", cookies=server.guest())
    xsrf = re.search(r"_xsrf=([^;]+)", cookies)
    assert xsrf
    answer = server.ask(path, method, {} if method == "POST" else None, "", cookies, X_XSRFToken=xsrf[1])
    assert answer.status in (302, 403, 404), answer.text[:200]
    if answer.status == 302:
        assert answer.headers["Location"].startswith("/user/abc/login")


def test_a_guest_cannot_reach_a_kernel_of_jupyterlab(server: JupyterServer) -> None:
    """Whoever speaks to one can run any code: it belongs to no browser, and so to no guest's either."""
    kernel = json.loads(server.ask("api/kernels", "POST", {}).text)["id"]
    cookies = server.guest()
    assert server.ask(f"api/kernels/{kernel}", token="", cookies=cookies).status == 403
    assert server.ask(f"api/kernels/{kernel}", "DELETE", token="", cookies=cookies).status == 403
    assert server.ask(f"api/kernels/{kernel}/channels", token="", cookies=cookies, **UPGRADE).status == 403
    assert server.ask(f"voila/api/shutdown/{kernel}", "POST", {}, "", cookies).status == 403
    assert server.ask(f"api/kernels/{kernel}/restart", "POST", {}, "", cookies).status == 403
    assert server.ask(f"api/kernels/{kernel}").status == 200, "Jupyter's own token opens it as ever"
    assert server.ask(f"api/kernels/{kernel}/channels", **UPGRADE).status == 101
    assert server.ask(f"api/kernels/{kernel}/restart", "POST", {}).status == 200
    assert server.ask(f"api/kernels/{kernel}", "DELETE").status == 204


V1 = "v1.kernel.websocket.jupyter.org"


@pytest.mark.parametrize(("protocol", "only"), [("", ""), (V1, ""), (V1, "&only=comm")], ids=["old", "new", "ours"])
def test_no_code_runs_in_a_pages_kernel(server: JupyterServer, protocol: str, only: str) -> None:
    """A guest may speak to their kernel as widgets do; a message that runs code gets no answer."""
    kernel, cookies = open_page(server, token="", cookies=server.guest())
    address = f"ws://127.0.0.1:{server.port}{BASE}api/kernels/{kernel}/channels?session_id=s{only}"
    made = server.record.parent / f"made-by-a-guest-{len(protocol)}{len(only)}"

    def message(kind: str, content: dict[str, Any]) -> bytes | str:
        header = {"msg_id": kind, "msg_type": kind, "session": "s", "username": "", "version": "5.3", "date": ""}
        if not protocol:
            whole = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
            return json.dumps(whole)
        parts = [b"shell", *(json.dumps(part).encode() for part in (header, {}, {}, content))]
        ends = [8 * (len(parts) + 2)]
        for part in parts:
            ends.append(ends[-1] + len(part))
        return b"".join(number.to_bytes(8, "little") for number in (len(ends), *ends)) + b"".join(parts)

    heard: list[str] = []

    async def try_it() -> None:
        line = await websocket_connect(
            HTTPRequest(address, headers={"Cookie": cookies}), subprotocols=[protocol] if protocol else None
        )
        assert line.selected_subprotocol == (protocol or None)
        code = {"code": f"open({str(made)!r}, 'w').close()", "silent": False, "user_expressions": {}}
        for kind in ("execute_request", "complete_request", "inspect_request", "history_request", "debug_request"):
            await line.write_message(message(kind, code), binary=bool(protocol))
        # A kernel closes a comm that nothing there is made for: it has read all that came before.
        opened = {"comm_id": "a1", "target_name": "nothing", "data": {}}
        await line.write_message(message("comm_open", opened), binary=bool(protocol))
        while "comm_close" not in "".join(heard):
            said = await asyncio.wait_for(line.read_message(), 30)
            assert said is not None
            heard.append(said if isinstance(said, str) else said.decode("utf-8", "replace"))
        line.close()

    run_alone(try_it())
    for refused in ("execute_reply", "execute_input", "complete_reply", "inspect_reply", "history_reply"):
        assert refused not in "".join(heard)
    assert not made.exists()


def test_no_secret_is_in_a_page_a_kernel_or_the_log(server: JupyterServer) -> None:
    code = server.invitation().removeprefix("roomcode=")
    page = server.ask(f"{PAGE}?w=OAK-1234", token="", cookies=server.guest())
    assert page.status == 200
    for text in (page.text, str(page.headers)):
        assert code not in text and TOKEN not in text
    kernel = next(pid for pid in server.kernels())
    environment = dict(
        part.split("=", 1) for part in Path(f"/proc/{kernel}/environ").read_bytes().decode().split("\0") if "=" in part
    )
    assert TOKEN not in str(environment) and "the-hubs-own-token" not in str(environment)
    server.ask(f"{PAGE}?roomcode={'0' * 32}", token="")
    log = server.log.read_text("utf-8")
    assert "roomcode=[secret]" in log, "Jupyter's log tells of each redirect"
    assert code not in log and "0" * 32 not in log


def test_an_invitation_holds_over_a_restart(server: JupyterServer) -> None:
    before = server.guest(), server.invitation()
    server.kill()
    server.port = free_port()  # as a hub does
    server.start()
    assert server.invitation() == before[1]
    assert server.ask(PAGE, token="", cookies=before[0]).status == 200


# ---- what our own server promises, here too


@pytest.mark.parametrize(
    "path",
    [PAGE, "cowork/alive", "cowork/front/none.js", "voila/static/voila.js", "voila/render/none.ipynb", "voila/"],
)
@pytest.mark.parametrize("token", [TOKEN, ""])
def test_our_answers_keep_a_browser_to_this_host(server: JupyterServer, path: str, token: str) -> None:
    headers = server.ask(path, token=token).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'; script-src 'self' blob:;" in policy and "frame-ancestors 'self'" in policy
    assert f"connect-src 'self' ws://127.0.0.1:{server.port}" in policy
    assert headers["Referrer-Policy"] == "same-origin" and headers["X-Content-Type-Options"] == "nosniff"


def test_jupyters_own_answers_keep_their_own_policy(server: JupyterServer) -> None:
    assert "script-src" not in server.ask("login", token="").headers["Content-Security-Policy"]


def test_a_page_with_other_widgets_gets_the_policy_of_their_front_end(server: JupyterServer) -> None:
    policy = server.ask(PAGE, cookies="cowork-front=lab").headers["Content-Security-Policy"]
    assert "'unsafe-eval'" in policy and "default-src 'self'" in policy


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "api/kernels/{}", None),
        ("DELETE", "api/kernels/{}", None),
        ("POST", "api/kernels/{}/interrupt", "{{}}"),
        ("POST", "api/kernels/{}/restart", "{{}}"),
        ("POST", "voila/api/shutdown/{}", "{{}}"),
        ("POST", "api/kernels", '{{"kernel_id": "{}"}}'),
        ("POST", "api/sessions", '{{"path": "x", "type": "notebook", "kernel": {{"id": "{}"}}}}'),
        ("PATCH", "api/sessions/SESSION", '{{"kernel": {{"id": "{}"}}}}'),
    ],
)
def test_jupyters_token_does_not_reach_a_page_of_another_browser(
    server: JupyterServer, method: str, path: str, body: str | None
) -> None:
    kernel, _ = open_page(server)
    if "SESSION" in path:
        session = server.ask("api/sessions", "POST", {"path": "a.ipynb", "type": "notebook", "kernel": {}})
        path = path.replace("SESSION", json.loads(session.text)["id"])
    told = None if body is None else json.loads(body.format(kernel))
    assert server.ask(path.format(kernel), method, told).status == 404
    assert server.ask(f"api/kernels/{kernel}/channels", **UPGRADE).status == 404, "and it is nobody else's now"
    assert kernel not in server.ask("api/kernels").text
    assert json.loads(server.ask(f"cowork/alive?kernel={kernel}").text)["kernel"] is True


def test_a_page_of_ones_own_is_neither_restarted_nor_interrupted(server: JupyterServer) -> None:
    """It would come back empty and look alive."""
    kernel, cookies = open_page(server)
    for action in ("restart", "interrupt"):
        assert server.ask(f"api/kernels/{kernel}/{action}", "POST", {}, cookies=cookies).status == 404
    assert server.ask(f"api/kernels/{kernel}", cookies=cookies).status == 200
