"""The open door of one's own machine: what is answered, with which headers, and what becomes of kernels."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from support.votes import UPGRADE, cookies_of, kernel_of, visitor_of, xsrf_of

from cowork.serve import app

NO_KERNEL = "00000000-0000-4000-8000-000000000000"


def test_it_says_where_it_is_open_and_nothing_else(server: Any) -> None:
    assert server.said == [f"cowork is open at {server.url}/  (Ctrl+C closes it)\n"]


def test_the_workbook_is_the_front_page(server: Any) -> None:
    page = server.ask("/")
    assert page.status == 200
    assert '<html lang="en" data-cw-host>' in page.text
    assert "<title>A page</title>" in page.text
    assert 'id="cw-skip" href="#cw-main"' in page.text
    assert "Opening the workshop." in page.text and "Öppnar workshopen." in page.text
    assert page.headers["Cache-Control"].endswith("must-revalidate")


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/cowork/alive", "/voila/static/voila.js"])
def test_every_answer_keeps_a_browser_to_this_host(server: Any, path: str) -> None:
    headers = server.ask(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'self'" in policy and "http" not in policy
    assert f"ws://127.0.0.1:{server.port}" in policy
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in headers


#: As a page does that holds what our own front end does not host.
LAB = {"Cookie": "cowork-front=lab"}


@pytest.mark.parametrize(
    ("cookie", "kind", "packed", "whole"),
    [({}, "js", 80_000, 150_000), ({}, "css", 20_000, 40_000), (LAB, "js", 1_200_000, 1_200_000)],
    ids=["ours", "its style", "JupyterLab's"],
)
def test_a_front_end_is_one_packed_file_to_be_kept(
    server: Any, cookie: dict[str, str], kind: str, packed: int, whole: int
) -> None:
    found = re.findall(r'(?:src|href)="(/cowork/front/[0-9a-f]+\.(?:js|css))"', server.ask("/", headers=cookie).text)
    front = [name for name in found if name.endswith(kind)][-1]  # the script that watches over the opening comes first
    answer = server.ask(front, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    script = gzip.decompress(answer.body)
    assert len(answer.body) < packed and len(script) > whole
    assert server.ask(front).body == script
    assert server.ask("/cowork/front/0000.js").status == 404


def test_no_script_stands_in_our_page_and_none_made_of_text_runs_there(server: Any) -> None:
    page = server.ask("/")
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|javascript:", page.text)
    policy = page.headers["Content-Security-Policy"]
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts and scripts[1].split() == ["'self'", "blob:"]
    assert "'unsafe-eval'" in server.ask("/", headers=LAB).headers["Content-Security-Policy"]


def test_pages_and_files_come_packed_and_files_are_asked_about_once(server: Any) -> None:
    packed = {"Accept-Encoding": "gzip"}
    assert server.ask("/", headers=packed).headers["Content-Encoding"] == "gzip"
    first = server.ask("/voila/static/voila.js", headers=packed)
    assert first.headers["Content-Encoding"] == "gzip" and first.headers["Cache-Control"] == "no-cache"
    again = server.ask("/voila/static/voila.js", headers={**packed, "If-None-Match": first.headers["Etag"]})
    assert (again.status, again.body) == (304, b"")
    assert server.ask("/voila/static/voila.js").body == gzip.decompress(first.body)
    font = server.ask("/voila/templates/cowork/static/fonts/atkinson-hyperlegible-next-latin-400-normal.woff2")
    assert font.status == 200 and font.body.startswith(b"wOF2")


@pytest.mark.parametrize(
    "path",
    [
        "/no-such-page",
        "/voila/render/none.ipynb",
        "/voila/render/../../x.ipynb",
        "/voila/tree",
        "/voila/files/told.ipynb",
        "/api/contents",
        "/api/kernels",
        "/login",
    ],
)
def test_what_is_not_there_is_said_in_both_languages(server: Any, path: str) -> None:
    answer = server.ask(path)
    assert answer.status == 404
    for words in ("There is no such page here", "Go to Start", "Det finns ingen sådan sida här", "Gå till Start"):
        assert words in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/voila/templates/x",
        "/voila/templates/lab/static/../../x",
        "/voila/templates/cowork/static/..",
        "/voila/templates/cowork/static/../../../x",
        "/voila/templates/cowork/static/",
        "/voila/static/../app.py",
        "/voila/static/..",
        "/voila/labextensions/..",
        "/cowork/front/..",
    ],
)
def test_files_outside_the_folders_are_not_served_and_nothing_is_logged(server: Any, path: str) -> None:
    before = server.errors.read_text()
    assert server.ask(path).status in (403, 404)
    assert server.errors.read_text() == before


def test_a_page_that_fails_says_so_without_a_traceback(server: Any) -> None:
    page = server.ask("/voila/render/broken.ipynb").text
    assert "This page cannot be opened" in page and "Sidan kan inte öppnas" in page
    assert "ZeroDivisionError" not in page
    assert "ZeroDivisionError" in server.errors.read_text(), "the person at the keyboard must learn of it"


def test_a_visitor_cannot_choose_another_template(server: Any) -> None:
    assert "cw-skip" in server.ask("/?template=lab&theme=dark").text


def test_prose_stands_in_a_landmark_below_the_first_heading(server: Any) -> None:
    page = server.ask("/voila/render/prose.ipynb").text
    assert re.search(r'<aside class="page-prose" lang="en" aria-label="About this page">\s*<h2 id="About">About', page)
    shown = re.sub(r"<template.*?</template>", "", page, flags=re.S)
    assert "</h2>" in shown and "<h3" in shown and "<h1" not in shown
    sheet = re.search(r'href="(/cowork/front/\w+\.css)"', page)
    assert sheet
    style = server.ask(sheet[1]).text
    assert ".anchor-link{display:none}" in style, "nbconvert puts a paragraph sign behind each heading"


def test_alive_knows_this_run_and_this_kernel(server: Any) -> None:
    first = server.ask("/cowork/alive")
    assert first.headers["Cache-Control"] == "no-store"
    assert json.loads(first.body) == {"server": json.loads(first.body)["server"], "kernel": False}
    kernel = kernel_of(server.ask("/").text)
    assert server.alive(kernel)
    assert not server.alive(NO_KERNEL)
    bad = server.ask("/cowork/alive?kernel=" + quote("../x'"))
    assert bad.status == 400 and json.loads(bad.body)["kernel"] is False


def test_a_kernel_is_this_python_with_our_facts_and_no_debugger(server: Any) -> None:
    told = server.told("?w=ABC")
    assert told["python"] == sys.executable
    assert told["env"]["COWORK_RECORD"].endswith("group.cowork") and os.path.isabs(told["env"]["COWORK_RECORD"])
    assert told["env"]["COWORK_ADDRESS"] == ""
    assert told["env"]["QUERY_STRING"] == "w=ABC"
    assert told["debugpy"] is False


def test_a_token_that_means_nothing_here_does_not_reach_a_kernel_either(server: Any) -> None:
    answer = server.ask("/voila/render/told.ipynb?w=ABC&token=lamp-river-4831")
    assert (answer.status, answer.headers["Location"]) == (302, "/voila/render/told.ipynb?w=ABC")


def test_leaving_a_page_ends_its_kernel_and_only_with_the_cookies(server: Any) -> None:
    page = server.ask("/")
    kernel, xsrf = kernel_of(page.text), xsrf_of(page)
    leave = f"/voila/api/shutdown/{kernel}"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"_xsrf={xsrf}"}
    assert server.ask(leave, "POST", f"_xsrf={quote(xsrf)}", form).status == 404, "it is not this browser's kernel"
    form["Cookie"] += f"; cowork-visitor={visitor_of(page)}"
    assert server.ask(leave, "POST", "", {}).status in (403, 404)
    assert (
        server.ask(leave, "POST", f"_xsrf={quote(xsrf)}", {**form, "Origin": "http://elsewhere.example"}).status != 204
    )
    assert server.alive(kernel)
    assert server.ask(leave, "POST", f"_xsrf={quote(xsrf)}", form).status == 204
    assert not server.alive(kernel)
    assert server.ask(leave, "POST", f"_xsrf={quote(xsrf)}", form).status == 204, "a goodbye may be said twice"


def test_another_site_cannot_talk_to_a_kernel(server: Any) -> None:
    page = server.ask("/")
    kernel = kernel_of(page.text)
    cookie = {"Cookie": f"cowork-visitor={visitor_of(page)}"}
    path = f"/api/kernels/{kernel}/channels"
    assert server.ask(path, headers={**UPGRADE, **cookie, "Origin": "http://elsewhere.example"}).status == 403
    assert server.ask(f"/api/kernels/{kernel}", "DELETE", headers=cookie).status in (403, 405)
    assert server.alive(kernel)


def test_who_knows_the_id_of_somebody_s_kernel_gains_nothing(server: Any) -> None:
    page = server.ask("/")
    other = visitor_of(server.ask("/"))
    kernel, mine = kernel_of(page.text), visitor_of(page)
    assert mine != other
    for path, more in ((f"/api/kernels/{kernel}", {}), (f"/api/kernels/{kernel}/channels", UPGRADE)):
        for cookie in ("", f"cowork-visitor={other}", "cowork-visitor=", f"cowork-visitor={mine[:-1]}"):
            assert server.ask(path, headers={**more, "Cookie": cookie}).status == 404, (path, cookie)
    assert server.ask(f"/api/kernels/{kernel}", headers={"Cookie": f"cowork-visitor={mine}"}).status == 200
    assert speaks(server, kernel, mine)


def speaks(server: Any, kernel: str, visitor: str) -> bool:
    """Whether a websocket opens; closed at once."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=90) as to:
        head = {**UPGRADE, "Host": f"127.0.0.1:{server.port}", "Cookie": f"cowork-visitor={visitor}"}
        lines = [f"GET /api/kernels/{kernel}/channels HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        to.sendall("\r\n".join([*lines, "", ""]).encode())
        return to.recv(12) == b"HTTP/1.1 101"


def test_a_browser_keeps_the_name_it_has(server: Any) -> None:
    mine = visitor_of(server.ask("/"))
    again = server.ask("/", headers={"Cookie": f"cowork-visitor={mine}"})
    assert not [cookie for cookie in cookies_of(again) if "cowork-visitor" in cookie]
    assert visitor_of(server.ask("/", headers={"Cookie": "cowork-visitor=of-my-own-making"})) != "of-my-own-making"


def test_a_name_that_is_not_this_machine_gets_no_answer(server: Any) -> None:
    assert server.ask("/cowork/alive", headers={"Host": "rebound.example"}).status == 403
    assert server.ask("/cowork/alive", headers={"Host": f"localhost:{server.port}"}).status == 200


def test_a_kernel_that_died_is_not_called_alive_again(server: Any, wait_until: Any) -> None:
    page = server.ask("/voila/render/told.ipynb").text
    kernel = kernel_of(page)
    found = re.search(r'pid(?:&#34;|"): (\d+)', page)
    assert found and server.alive(kernel)
    os.kill(int(found[1]), signal.SIGKILL)
    wait_until(lambda: not server.alive(kernel), "the dead kernel is called dead")
    assert not server.alive(kernel)


def test_a_dead_kernel_is_not_started_again_empty(tmp_path: Path) -> None:
    """Jupyter would do so after three seconds, under the old id, and nobody would notice but the people."""
    assert app.configuration(tmp_path, {}).KernelManager.autorestart is False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_closing_ends_every_kernel_and_is_no_error(start: Any, how: signal.Signals) -> None:
    server = start()
    pid = int(server.told()["pid"])
    assert server.stop(how) == 0
    with pytest.raises(ProcessLookupError):  # at once, not when it notices by itself that nobody is there
        os.kill(pid, 0)
    assert server.errors.read_text() == ""


def test_two_servers_may_show_one_record(start: Any, tmp_path: Any) -> None:
    record = str(tmp_path / "one.cowork")
    first, second = start(record=record), start(record=record)
    assert first.told()["env"]["COWORK_RECORD"] == second.told()["env"]["COWORK_RECORD"] == record
    assert json.loads(first.ask("/cowork/alive").body) != json.loads(second.ask("/cowork/alive").body)


def test_a_connection_that_answers_is_not_cut() -> None:
    """Jupyter looks at each ping when the last answer came, which is one whole interval ago when all is well."""
    assert app.PING_TIMEOUT_MS >= 2 * app.PING_MS
